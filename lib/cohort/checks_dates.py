"""Checks of dates: two readings, impossible order."""

from __future__ import annotations

from collections.abc import Iterator

from lib.cohort.build_columns import days_of
from lib.cohort.check_words import cells, finding, in_rows, used_columns
from lib.cohort.cohort import BASELINE
from lib.cohort.columns import Role
from lib.cohort.dates import NUMERIC, order_of
from lib.cohort.findings import Finding, Severity, quoted_list
from lib.cohort.recognised_table import Recognised


def unclear_dates(table: Recognised) -> Iterator[Finding]:
    """Dates that are none, and 03/04/2020 where nothing tells the day from the month."""
    for guess, p in used_columns(table, Role.DATE):
        if p.numeric > 0.5:
            continue
        if p.days.not_dates:
            mask = p.rows_with(p.days.not_dates)
            yield finding(
                table,
                "not_a_date",
                Severity.WARNING,
                f"{guess.name}: {cells(int(mask.sum()))} with no date ({quoted_list(p.days.not_dates, 4)}; "
                f"{in_rows(table, mask)}). They count as missing.",
                guess.name,
                mask,
            )
        slashed = [t for t in p.levels if NUMERIC.match(t.strip())]
        if slashed and p.day_first is None and order_of(slashed) is None:
            yield finding(
                table,
                "day_or_month",
                Severity.WARNING,
                f'{guess.name}: dates such as "{slashed[0]}" were read with the day first; nothing in the '
                "column tells. "
                "Choose month first if that is wrong.",
                guess.name,
                p.rows_with(slashed),
            )
        if p.days.two_digit_years:
            yield finding(
                table,
                "two_digit_years",
                Severity.NOTE,
                f"{guess.name}: years of two digits; 00 to 30 were read as 2000 to 2030, the others as 1931 to 1999.",
                guess.name,
            )


def order_of_dates(table: Recognised) -> Iterator[Finding]:
    """A follow-up before the operation, or before the baseline questionnaire."""
    surgery = next(((g, p) for g, p in used_columns(table, Role.DATE) if g.target == "surgery_date"), None)
    baseline = next(
        ((g, p) for g, p in used_columns(table, Role.DATE) if g.target == "follow_up_date" and g.occasion == BASELINE),
        None,
    )
    for guess, p in used_columns(table, Role.DATE):
        if guess.target != "follow_up_date" or guess.occasion in ("", BASELINE):
            continue
        for reference in (surgery, baseline):
            if reference is None:
                continue
            early = days_of(p) < days_of(reference[1])
            if early.any():
                yield finding(
                    table,
                    "follow_up_before_baseline",
                    Severity.ERROR,
                    f"{guess.name} lies before {reference[0].name} in {in_rows(table, early)}. Correct the "
                    "dates in the file.",
                    guess.name,
                    early,
                )
                break
