"""The patients behind one cell of a cross-table: row and scores before and after, for readers inside only."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.cross_table import CellPatient
from lib.cohort.measure import Measure
from lib.present.table import Cell, Column, Table
from lib.present.wording import number

MOST = 30


def cell_table(patients: Sequence[CellPatient], measures: Sequence[Measure], occasions: tuple[str, str]) -> Table:
    """One row per patient, at most 30; the row number is that of the file as Excel shows it."""
    heads = (Column(f"{m.label}: {o}", "right") for m in measures for o in occasions)
    columns = (Column("Row in the file"), *heads)
    rows = []
    for patient in patients[:MOST]:
        cells = [Cell(str(patient.row), patient.row)]
        for measure, pair in zip(measures, patient.scores, strict=True):
            cells += [_score(value, measure) for value in pair]
        rows.append(tuple(cells))
    more = len(patients) - MOST
    return Table("Patients with these answers", columns, tuple(rows), (f"{more} more.",) if more > 0 else ())


def _score(value: float | None, measure: Measure) -> Cell:
    if value is None:
        return Cell("missing")
    digits = max(0, -int(measure.resolution.normalize().as_tuple().exponent))
    return Cell(number(value, min(digits, 3)), value)
