"""All checks of a table, in one list. A check is a function from a recognised table to findings; add it to `CHECKS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lib.cohort import (
    checks_agreement,
    checks_columns,
    checks_dates,
    checks_events,
    checks_labels,
    checks_missing,
    checks_patients,
    checks_rows,
    checks_scales,
    checks_values,
    checks_windows,
)
from lib.cohort.findings import Finding
from lib.cohort.recognised_table import Recognised

CHECKS: tuple[Callable[[Recognised], Iterable[Finding]], ...] = (
    checks_columns.nothing_to_compare,
    checks_columns.unsure_columns,
    checks_columns.assumed_direction,
    checks_columns.possible_series,
    checks_columns.identifiers,
    checks_columns.own_index_differs,
    checks_patients.ids,
    checks_patients.duplicates,
    checks_agreement.differs_between_rows,
    checks_rows.summary_rows,
    checks_rows.remark_rows,
    checks_rows.second_table,
    checks_rows.filled_once,
    checks_values.not_numbers,
    checks_values.open_to_two_readings,
    checks_values.missing_codes,
    checks_values.outside_the_scale,
    checks_values.implausible,
    checks_scales.mixed_scales,
    checks_scales.too_small,
    checks_scales.percent_cells,
    checks_values.five_levels,
    checks_events.unnamed_events,
    checks_columns.sheets_alike,
    checks_columns.on_its_side,
    checks_dates.unclear_dates,
    checks_dates.order_of_dates,
    checks_windows.outside_the_window,
    checks_labels.alike,
    checks_labels.damaged_letters,
    checks_labels.missing_words,
    checks_labels.unknown_answers,
    checks_missing.zeros_for_missing,
    checks_missing.empty_and_constant,
    checks_missing.share_missing,
)


def check(table: Recognised) -> tuple[Finding, ...]:
    """Every finding of every check, with the name of the sheet."""
    found: list[Finding] = []
    for one in CHECKS:
        found += one(table)
    return tuple(found)
