"""All checks of a table, in one list. A check is a function from a recognised table to findings; add it to `CHECKS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lib.importing.checks import (
    columns,
    dates,
    labels,
    missing,
    patients,
    rows,
    scales,
    sizes,
    totals,
    values,
    vanishing,
)
from lib.importing.checks.base import Recognised
from lib.importing.findings import Finding, ParseCancelled, refuse

CHECKS: tuple[Callable[[Recognised], Iterable[Finding]], ...] = (
    columns.too_many_time_points,
    columns.scattered_time_points,
    columns.nothing_to_compare,
    columns.unsure_columns,
    columns.assumed_direction,
    columns.possible_series,
    columns.identifiers,
    columns.own_index_differs,
    totals.totals_differ,
    patients.ids,
    patients.duplicates,
    patients.numbers_alike,
    patients.differs_between_rows,
    rows.summary_rows,
    rows.remark_rows,
    rows.second_table,
    rows.filled_once,
    values.not_numbers,
    values.open_to_two_readings,
    values.missing_codes,
    values.outside_the_scale,
    values.implausible,
    scales.mixed_scales,
    scales.too_small,
    scales.percent_cells,
    values.five_levels,
    labels.unnamed_events,
    labels.unknown_events,
    labels.events_in_doubt,
    labels.turned_yes,
    vanishing.one_time_point,
    vanishing.third_word,
    vanishing.many_levels,
    vanishing.zero_age,
    vanishing.two_units,
    sizes.far_apart,
    sizes.zeros_apart,
    columns.sheets_alike,
    columns.on_its_side,
    dates.unclear_dates,
    dates.births,
    dates.order_of_dates,
    dates.outside_the_window,
    labels.alike,
    labels.damaged_letters,
    labels.missing_words,
    labels.unknown_answers,
    labels.worded_otherwise,
    missing.zeros_for_missing,
    missing.empty_and_constant,
    missing.share_missing,
)


def check(table: Recognised, stopped: Callable[[], bool] = lambda: False) -> tuple[Finding, ...]:
    """Every finding of every check, with the name of the sheet.

    Raises ParseCancelled as soon as `stopped` says so: between one check and the next, each of which is linear.
    """
    found: list[Finding] = []
    for one in CHECKS:
        if stopped():
            raise ParseCancelled(refuse("cancelled", "Checking the file was stopped.").findings)
        found += one(table)
    return tuple(found)
