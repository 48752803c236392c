"""A click on a mark, a bar or a cell opens the list of its patients: row numbers and their data, never an id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.analysis.attrition import STATES, Completeness, in_state
from lib.analysis.groups.comparison import Comparison
from lib.analysis.safety import in_row, outcome_counts, with_outcome, with_pairs
from lib.cohort.measure import Measure
from lib.cohort.selection import Mask
from lib.present.tables.attrition import STATE_WORDS
from lib.present.tables.patients_list import patients_table
from lib.present.wording import for_markdown, plural
from lib.stats.responders import Rule
from lib.ui import cards
from lib.ui.chart import ChartEvent

if TYPE_CHECKING:
    from lib.ui.view import View

_LAST_CELL = "_last_cell"
GROUP = "Group"
NAME_WIDTH, COUNT_WIDTH = 118, 83
"""In px: the names of the groups and three columns of counts fit the card."""


def from_forest(event: ChartEvent | None, view: View, comparison: Comparison, measure: Measure) -> None:
    """A dot is one patient, a square or the diamond everybody of its row; `customdata` is [row, row number or 0]."""
    place, source_row = _customdata(event)
    if source_row:
        show(view, measure, in_row(view.cohort, source_row), f"Row {source_row}")
    elif place is not None and place < len(comparison.rows):
        label, group = comparison.rows[place]
        show(view, measure, with_pairs(group, measure.key, view.time), label)


def from_bars(event: ChartEvent | None, view: View, comparison: Comparison, measure: Measure, rule: Rule) -> None:
    """A segment of a bar: the patients of one group with one outcome."""
    if event is None:
        return
    point = event.points[0]
    names = ("Improved", "Unchanged", "Worsened")
    if point.index is None or not (0 <= point.curve < len(names) and 0 <= point.index < len(comparison.rows)):
        return
    _outcome(view, comparison, measure, rule, point.index, names[point.curve])


def from_dots(event: ChartEvent | None, view: View, measure: Measure) -> None:
    """A dot or a line that is one patient."""
    _, source_row = _customdata(event)
    if source_row:
        show(view, measure, in_row(view.cohort, source_row), f"Row {source_row}")


def from_states(
    event: ChartEvent | None,
    view: View,
    measure: Measure,
    occurring: Sequence[int],
    rows: Sequence[Completeness],
    mask_of: Callable[[int], Mask],
) -> None:
    """A part of a bar of who is missing: the patients of one center or period who lack one thing.

    Args:
        event: the click. view, measure: what the page shows.
        occurring: which of `STATES` each part of a bar is.
        rows: the bars.
        mask_of: the patients of the bar at a place.
    """
    if event is None:
        return
    point = event.points[0]
    if point.index is None or not (0 <= point.curve < len(occurring) and 0 <= point.index < len(rows)):
        return
    state = occurring[point.curve]
    found = in_state(view.analysis, measure.key, view.time, state, mask_of(point.index))
    show(view, measure, found, f"{rows[point.index].label}: {STATE_WORDS[STATES[state]]}")


def outcome_cells(view: View, comparison: Comparison, measure: Measure, rule: Rule) -> None:
    """Groups × outcomes as counts; a click on a cell lists its patients."""
    found = outcome_counts(comparison.rows, measure.key, view.time, rule)
    names = list(found[0][1])
    cells: dict[str, list[Any]] = {GROUP: [label for label, _ in found]}
    cells |= {name: [tally[name] for _, tally in found] for name in names}
    chosen = st.dataframe(
        cells,
        hide_index=True,
        height="content",
        key="outcome_cells",
        on_select="rerun",
        selection_mode="single-cell",
        column_config={GROUP: st.column_config.TextColumn(width=NAME_WIDTH)}
        | {name: st.column_config.NumberColumn(width=COUNT_WIDTH) for name in names},
    )
    picked = chosen.selection.get("cells") or []
    last = st.session_state.get(_LAST_CELL)
    cell = tuple(picked[0]) if picked else None
    st.session_state[_LAST_CELL] = cell
    if cell is not None and cell != last and cell[1] in names:
        _outcome(view, comparison, measure, rule, int(cell[0]), str(cell[1]))


def _outcome(view: View, comparison: Comparison, measure: Measure, rule: Rule, place: int, outcome: str) -> None:
    label, group = comparison.rows[place]
    rows = with_outcome(group, measure.key, view.time, rule, outcome)
    show(view, measure, rows, f"{label}: {outcome.lower()}")


def _customdata(event: ChartEvent | None) -> tuple[int | None, int]:
    data = event.points[0].customdata if event is not None else None
    if isinstance(data, list) and len(data) >= 2 and all(isinstance(v, int | float) for v in data[:2]):
        return int(data[0]), int(data[1])
    return None, 0


@st.dialog("Patients", width="large")
def show(view: View, measure: Measure, rows: NDArray[np.int64], title: str) -> None:
    """The dialog with the list."""
    st.markdown(f"**{for_markdown(title)}** :gray[{plural(len(rows), 'patient')}]")
    cards.show(patients_table(view.cohort, rows, measure, (view.time,), title=title))
