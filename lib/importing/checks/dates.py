"""Checks of dates: two readings, impossible order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE
from lib.cohort.due import half_window, window_days
from lib.importing.checks.base import Recognised, cells, decimal_text, finding, in_rows, used_columns
from lib.importing.columns.dates import NUMERIC, order_of
from lib.importing.columns.patient_values import births_of, days_of
from lib.importing.columns.roles import AT_TIME_POINT, Role
from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.findings import Finding, Repair, Severity, quoted_list
from lib.importing.long_format import FROM_ROW, patient_indices, row_time_points


def unclear_dates(table: Recognised) -> Iterator[Finding]:
    """Dates that are none, and 03/04/2020 where nothing tells the day from the month."""
    for guess, p in used_columns(table, Role.DATE):
        if p.numeric > 0.5:
            continue
        mask = p.rows_with(p.days.not_dates)
        if mask.any():
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


def births(table: Recognised) -> Iterator[Finding]:
    """Dates of birth that are none, or lie after the surgery: these patients have no age. No date is shown."""
    surgery = operated_on(table)
    for guess, p in used_columns(table, Role.BIRTH_DATE):
        if p.days.two_digit_years:
            words = "years of two digits; one that lies after the surgery is of the century before"
            yield finding(table, "two_digit_years", Severity.NOTE, f"{guess.name}: {words}.", guess.name)
        wrong = p.rows_with(p.days.not_dates) if p.numeric <= 0.5 else np.zeros(table.sheet.n, dtype=bool)
        later = births_of(p, surgery) > surgery if surgery is not None else np.zeros(table.sheet.n, dtype=bool)
        no_date = "no date of birth, or one that only stands for none (1900)"
        for mask, what in ((wrong, no_date), (later, "born after the surgery")):
            if mask.any():
                yield finding(
                    table,
                    "not_a_date",
                    Severity.WARNING,
                    f"{guess.name}: {what} in {in_rows(table, mask)}. These patients count without an age.",
                    guess.name,
                    mask,
                )


def order_of_dates(table: Recognised) -> Iterator[Finding]:
    """A follow-up before the operation, or before the baseline questionnaire."""
    surgery = next(((g, p) for g, p in used_columns(table, Role.DATE) if g.target == "surgery_date"), None)
    baseline = next(
        (
            (g, p)
            for g, p in used_columns(table, Role.DATE)
            if g.target == "follow_up_date" and g.time_point == BASELINE
        ),
        None,
    )
    for guess, p in used_columns(table, Role.DATE):
        if guess.target != "follow_up_date" or guess.time_point in ("", BASELINE):
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


# Questionnaires filled in long before or after the time point they stand for ("12 months ± 2").

Days = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, eq=False)
class DatedRows:
    """The dates of one time point: name of their column, key of the time point, (rows,) the date or not-a-time."""

    column: str
    time_point: str
    days: Days
    from_row: bool


def dated_follow_ups(table: Recognised) -> tuple[DatedRows, ...]:
    """Dates of questionnaires: a column per time point or, in long files, the rows of each. Undated ones left out."""
    found: list[DatedRows] = []
    for guess, p in used_columns(table, Role.DATE):
        if guess.target != "follow_up_date":
            continue
        days = days_of(p)
        if guess.time_point not in ("", FROM_ROW):
            found.append(DatedRows(guess.name, guess.time_point, days, from_row=False))
            continue
        time = next((c for c in table.columns if c.role is Role.TIME_POINT), None)
        if time is None:
            continue
        place, keys = row_time_points(table.sheet.column(time.name), time)
        for number, key in enumerate(keys):
            own = np.where(place == number, days, np.datetime64("NaT", "D"))
            found.append(DatedRows(guess.name, key, own, from_row=True))
    return tuple(d for d in found if time_point_of_key(d.time_point).months)


def operated_on(table: Recognised) -> Days | None:
    """(rows,) the date of surgery, in a long file that of the patient's first row with one; None without a column."""
    surgery = next((p for g, p in used_columns(table, Role.DATE) if g.target == "surgery_date"), None)
    if surgery is None:
        return None
    days: Days = days_of(surgery)
    if not any(c.role is Role.TIME_POINT for c in table.columns):
        return days
    patient, n = patient_indices(table.sheet, table.columns)
    first = np.full(n, np.datetime64("NaT", "D"))
    known = np.flatnonzero(~np.isnat(days) & (patient >= 0))[::-1]
    first[patient[known]] = days[known]
    return np.where(patient >= 0, first[patient], np.datetime64("NaT", "D")) if n else days


def half_width(table: Recognised, key: str) -> float:
    """Months on either side of a time point: as told, else the usual share."""
    return dict(table.windows).get(key) or half_window(time_point_of_key(key).months or 0.0)


def outside_the_window(table: Recognised) -> Iterator[Finding]:
    """One warning per time point with a date outside its window; the repair leaves those questionnaires out."""
    operated = operated_on(table)
    if operated is None:
        return
    for dated in dated_follow_ups(table):
        time_point = time_point_of_key(dated.time_point)
        half = half_width(table, dated.time_point)
        low, high = window_days(time_point.months or 0.0, half)
        days = (dated.days - operated).astype("timedelta64[D]").astype(np.float64)
        known = ~np.isnat(dated.days) & ~np.isnat(operated)
        out = known & ((days < low) | (days > high)) & (days >= 0)
        if out.any():
            yield finding(
                table,
                "outside_window",
                Severity.WARNING,
                f"{dated.column}: {int(out.sum())} of {int(known.sum())} questionnaires are more than "
                f"{decimal_text(float(f'{half:.2g}'))} months away from {time_point.label} ({in_rows(table, out)}). "
                f"They count as {time_point.label}.",
                dated.column,
                out,
                repair=_excluded(table, dated, time_point.label, out),
            )


def _excluded(table: Recognised, dated: DatedRows, label: str, out: NDArray[np.bool_]) -> Repair | None:
    """Everything these patients answered at the time point becomes blank; None where no column is of it."""
    theirs = ("", FROM_ROW) if dated.from_row else (dated.time_point,)
    names = tuple(g.name for g in table.columns if g.role in AT_TIME_POINT and g.time_point in theirs)
    if not names:
        return None
    n = int(out.sum())
    sentence = f"Leave out {n:,} questionnaire{'' if n == 1 else 's'} outside the window of {label}"
    sentence += f" ({len(names)} column{'' if len(names) == 1 else 's'})"
    return Repair("blank", names, sentence, rows=tuple(int(r) for r in table.sheet.row_numbers[out]))
