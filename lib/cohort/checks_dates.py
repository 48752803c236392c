"""Checks of dates: two readings, impossible order, questionnaires far from their time point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lib.cohort.build_columns import days_of
from lib.cohort.check_words import cells, finding, in_rows, used_columns
from lib.cohort.cohort import BASELINE
from lib.cohort.columns import AT_OCCASION, Role
from lib.cohort.dates import NUMERIC, order_of
from lib.cohort.findings import Finding, Repair, Severity, quoted_list
from lib.cohort.not_due import window_days
from lib.cohort.occasions import occasion_of_key
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
                f"{guess.name}: {cells(int(mask.sum()))} hold no date ({quoted_list(p.days.not_dates, 4)}; "
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


def outside_the_window(table: Recognised) -> Iterator[Finding]:
    """Questionnaires filled in long before or after the time point they stand for ("12 months ± 2")."""
    surgery = next((p for g, p in used_columns(table, Role.DATE) if g.target == "surgery_date"), None)
    if surgery is None:
        return
    operated = days_of(surgery)
    for guess, p in used_columns(table, Role.DATE):
        occasion = occasion_of_key(guess.occasion) if guess.occasion else None
        if guess.target != "follow_up_date" or occasion is None or not occasion.months or guess.occasion == "*":
            continue
        low, high = window_days(occasion.months)
        days = (days_of(p) - operated).astype("timedelta64[D]").astype(np.float64)
        known = ~np.isnat(days_of(p)) & ~np.isnat(operated)
        out = known & ((days < low) | (days > high)) & (days >= 0)
        if out.any():
            half = occasion.months / 6
            yield finding(
                table,
                "outside_window",
                Severity.WARNING,
                f"{guess.name}: {int(out.sum())} of {int(known.sum())} questionnaires are more than {half:.2g} "
                "months away "
                f"from {occasion.label} ({in_rows(table, out)}). They count as {occasion.label}.",
                guess.name,
                out,
                repair=_excluded(table, guess.occasion, occasion.label, out),
            )


def _excluded(table: Recognised, key: str, label: str, out: NDArray[np.bool_]) -> Repair | None:
    """Everything these patients answered at the time point becomes blank; None where no column is of it."""
    names = tuple(g.name for g in table.columns if g.role in AT_OCCASION and g.occasion == key)
    if not names:
        return None
    n = int(out.sum())
    told = f"Leave out {n:,} questionnaire{'' if n == 1 else 's'} outside the window of {label} ({len(names)} columns)"
    return Repair("blank", names, told, rows=tuple(int(r) for r in table.sheet.row_numbers[out]))
