"""Single patients: the row number in the file and their data, after a click on a mark or a cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Category, Cohort, Dates, Number, PatientColumn
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.present.table import Cell, Column, Table
from lib.present.wording import compact, plural

MOST_PATIENTS = 100
MOST_COLUMNS = 10


def patients_table(
    cohort: Cohort, rows: NDArray[np.int64], measure: Measure, time_points: Sequence[str], *, title: str
) -> Table:
    """One row per patient (`rows` are places in the cohort): row number, the measure at each time point, the columns.

    Never an id. At most 100 patients and 10 columns, and a note says how many more there are.
    """
    shown = [int(r) for r in rows[:MOST_PATIENTS]]
    columns = [c for c in cohort.columns.values() if not isinstance(c, Dates)][:MOST_COLUMNS]
    times = [o for o in (BASELINE, *time_points) if cohort.has_scores(measure.key, o)]
    scores = [cohort.counts(measure.key, o) for o in times]
    labels = [cohort.time_point(o).label for o in times]
    heads = (
        Column("Row", "right"),
        *(Column(label, "right") for label in labels),
        *(Column("Improvement", "right") for _ in times[1:2] if len(times) == 2),
        *(Column(c.label, "right" if isinstance(c, Number) else "left") for c in columns),
    )
    body = []
    for i in shown:
        values = [None if s[i] == MISSING else int(s[i]) * measure.resolution for s in scores]
        cells = [Cell("" if v is None else compact(v), None if v is None else float(v)) for v in values]
        if len(times) == 2:
            before, after = values
            gain = None if before is None or after is None else measure.sign * (after - before)
            cells.append(Cell("" if gain is None else compact(gain), None if gain is None else float(gain)))
        row = int(cohort.source_rows[i])
        body.append((Cell(str(row), row), *cells, *(_value(c, i) for c in columns)))
    notes = [f"{measure.label}; the row number is that of the file, as Excel shows it."]
    if len(rows) > len(shown):
        notes.append(f"The first {MOST_PATIENTS} of {plural(len(rows), 'patient')}.")
    return Table(title, heads, tuple(body), tuple(notes))


def _value(column: PatientColumn, i: int) -> Cell:
    if isinstance(column, Category):
        return Cell(column.labels[column.codes[i]] if column.codes[i] >= 0 else "")
    if isinstance(column, Number):
        value = float(column.values[i])
        return Cell("") if np.isnan(value) else Cell(compact(round(value, 6)), value)
    return Cell("")
