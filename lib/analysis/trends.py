"""Any outcome by period of treatment, completeness under it, and who has not answered what was due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.analysis.groups.centers import center_codes, members_of
from lib.cohort.cohort import Cohort, Dates
from lib.cohort.due import DAYS_PER_MONTH
from lib.cohort.grouping import ByColumn
from lib.cohort.pairs import MISSING
from lib.cohort.selection import Mask
from lib.settings import DEFAULTS, FEWEST_TO_DESCRIBE, FEWEST_TO_SCALE, FEWEST_TO_TEST
from lib.stats.proportions import Proportion, rate
from lib.stats.responders import NOT_EVALUABLE, Rule
from lib.stats.results import Estimate, Floats, Ints, NotComputed, t_estimate

Unit = Literal["month", "quarter", "year"]
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
TARGET = 0.6
"""The share answered of those due that registries ask for."""
_BANDWIDTH = 1.5
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Period:
    """One period of treatment.

    Attributes:
        label: "2023 Q2"; treated, due, answered: patients; n: complete pairs (evaluable ones for a rate).
        value: mean improvement or share improved, with its interval.
    """

    label: str
    treated: int
    due: int
    answered: int
    n: int
    value: Estimate | Proportion | NotComputed


@dataclass(frozen=True, slots=True)
class Trend:
    """Periods in order, the smooth line over them, and the slope per year of single patients.

    Attributes:
        smooth: local linear over periods, weighted by n; None where there is nothing near.
        undated: treated patients without a date of treatment.
    """

    unit: Unit
    periods: tuple[Period, ...]
    smooth: tuple[float | None, ...]
    slope: Estimate | NotComputed
    undated: int


def period_labels(cohort: Cohort, unit: Unit) -> tuple[Ints, tuple[str, ...]] | NotComputed:
    """The period of treatment of every patient (−1: no date) and the name of each, in order; of the whole cohort."""
    column = cohort.columns.get("surgery_date")
    if not isinstance(column, Dates) or np.isnat(column.days).all():
        return NotComputed("the file has no date of treatment", cohort.n)
    known = ~np.isnat(column.days)
    months = column.days.astype("datetime64[M]").astype(np.int64) // MONTHS[unit]
    first, last = int(months[known].min()), int(months[known].max())
    names = tuple(_words((first + k) * MONTHS[unit], unit) for k in range(last - first + 1))
    return np.where(known, months - first, -1), names


def _words(month: int, unit: Unit) -> str:
    year, of_year = 1970 + month // 12, month % 12
    if unit == "year":
        return f"{year}"
    return f"{year} Q{of_year // 3 + 1}" if unit == "quarter" else f"{year}-{of_year + 1:02d}"


def trend(
    analysis: Analysis,
    measure: str,
    follow_up: str,
    unit: Unit,
    rule: Rule | None = None,
    within: Mask | None = None,
    *,
    confidence: float = DEFAULTS.confidence,
) -> Trend | NotComputed:
    """The mean improvement, with `rule` the share improved enough, by period of treatment of the patients of `within`.

    One pass of sums by period: mean with Student's interval, rate with Wilson's.
    """
    found = period_labels(analysis.cohort, unit)
    if isinstance(found, NotComputed):
        return found
    place, names = found
    cohort = analysis.cohort
    selected = analysis.selected if within is None else analysis.selected & within
    inside = selected & (place >= 0)
    came = cohort.counts(measure, follow_up) != MISSING
    due = inside & cohort.due(follow_up, came)
    answered = due & came
    pairs = analysis.pairs(measure, follow_up)
    use = inside[pairs.rows]
    y = pairs.improvement
    if rule is not None:
        use = use & (analysis.outcomes(measure, follow_up, rule) != NOT_EVALUABLE)
        y = analysis.responds(measure, follow_up, rule).astype(np.float64)
    at, y = place[pairs.rows][use], y[use]
    size = len(names)
    treated, of_due, of_answered = (np.bincount(place[m], minlength=size).tolist() for m in (inside, due, answered))
    n = np.bincount(at, minlength=size)
    sums = np.bincount(at, weights=y, minlength=size)
    means = np.divide(sums, n, out=np.zeros(size), where=n > 0)
    squares = np.bincount(at, weights=(y - means[at]) ** 2, minlength=size)
    periods = []
    for k, name in enumerate(names):
        value = _value(int(n[k]), float(means[k]), float(squares[k]), float(sums[k]), rule, confidence)
        periods.append(Period(name, treated[k], of_due[k], of_answered[k], int(n[k]), value))
    column = cohort.columns["surgery_date"]
    assert isinstance(column, Dates)
    years = column.days[pairs.rows][use].astype("datetime64[D]").astype(np.float64) / 365.25
    undated = int(np.count_nonzero(selected & (place < 0)))
    return Trend(unit, tuple(periods), _smooth(means, n), _slope(years, y, confidence), undated)


def _value(
    n: int, mean: float, squares: float, total: float, rule: Rule | None, confidence: float
) -> Estimate | Proportion | NotComputed:
    if n == 0:
        return NotComputed("no pair", 0)
    if rule is not None:
        return rate(round(total), n, confidence=confidence)
    if n < 2 or squares <= 0:
        return Estimate("mean improvement", mean, NotComputed("fewer than 2 different values", n))
    error = float(np.sqrt(squares / (n - 1) / n))
    return t_estimate("mean improvement", mean, error, n - 1, confidence, "Student's t")


def _smooth(means: Floats, n: Ints) -> tuple[float | None, ...]:
    """Local linear regression over the number of the period, normal kernel of 1.5 periods, weighted by n."""
    x = np.arange(means.size, dtype=np.float64)
    filled = np.flatnonzero(n)
    found: list[float | None] = []
    for k in range(means.size):
        if not filled.size or not filled[0] <= k <= filled[-1]:
            found.append(None)
            continue
        off = x - k
        w = n * np.exp(-0.5 * (off / _BANDWIDTH) ** 2)
        s0, s1, s2 = w.sum(), w @ off, w @ off**2
        bend = s0 * s2 - s1**2
        level = (s2 * (w @ means) - s1 * (w @ (off * means))) / bend if bend > 1e-9 * s0**2 else (w @ means) / s0
        found.append(float(level))
    return tuple(found)


def _slope(years: Floats, y: Floats, confidence: float) -> Estimate | NotComputed:
    n = int(y.size)
    if n < FEWEST_TO_DESCRIBE or years.min() == years.max():
        return NotComputed("fewer than 3 pairs, or one day of treatment", n)
    x = years - years.mean()
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    error = float(np.sqrt(rest @ rest / (n - 2) / (x @ x)))
    return t_estimate("change per year of treatment", slope, error, n - 2, confidence, "least squares")


# Who has not answered: per time point, center and month in which it fell due.


@dataclass(frozen=True, slots=True)
class Due:
    """One time point: per center and month how many fell due and did not come back; rows of those who did not.

    `due`, `missing`: (centers, months); `rows`: per center the row numbers of all not answered in these months; `now`:
    those whose questionnaire fell due at least 14 days ago while its window is still open.
    """

    time_point: str
    label: str
    months: tuple[str, ...]
    due: tuple[tuple[int, ...], ...]
    missing: tuple[tuple[int, ...], ...]
    rows: tuple[tuple[int, ...], ...]
    now: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """Every time point over the last 12 months in which something fell due; `centers` name the rows."""

    centers: tuple[str, ...]
    time_points: tuple[Due, ...]


def response(analysis: Analysis, grouping: ByColumn | None) -> Response | NotComputed:
    """What fell due and did not come back. Answered: any score of the time point; counted are closed windows only.

    Without a grouping all patients are one row. Months are those of surgery plus the time point.
    """
    cohort = analysis.cohort
    column = cohort.columns.get("surgery_date")
    if not isinstance(column, Dates) or np.isnat(column.days).all():
        return NotComputed("the file has no date of treatment", cohort.n)
    codes: Ints = np.zeros(cohort.n, dtype=np.int64)
    names: tuple[str, ...] = ("All",)
    if grouping is not None:
        codes, names = center_codes(cohort, grouping)
    who = analysis.selected & ~np.isnat(column.days) & (codes >= 0)
    found = []
    for point in cohort.follow_ups:
        measures = [m.key for m in cohort.measures_at(point.key)]
        if not point.months or not measures:
            continue
        waiting = cohort.waiting(point.key)
        answered = np.any([cohort.counts(m, point.key) != MISSING for m in measures], axis=0)
        # whose window is open is in no month: counting only those who answered early would look as if all had
        due = who & ~waiting & cohort.due(point.key, answered)
        of = _due(cohort, column.days, point.key, point.label, point.months, due, answered, codes, len(names))
        late = who & waiting & ~answered & _fell_due_before(cohort, column.days, point.months)
        found.append(replace(of, now=_rows(cohort, late, codes, len(names))))
    if not found:
        return NotComputed("no follow-up has a number of months", cohort.n)
    return Response(names, tuple(found))


def _due(
    cohort: Cohort,
    days: NDArray[np.datetime64],
    key: str,
    label: str,
    months: float,
    due: Mask,
    answered: Mask,
    codes: Ints,
    centers: int,
) -> Due:
    fell = (days + np.timedelta64(round(months * DAYS_PER_MONTH), "D")).astype("datetime64[M]").astype(np.int64)
    last = int(fell[due].max()) if due.any() else 0
    place = fell - (last - MONTHS_SHOWN + 1)
    shown = due & (place >= 0)
    gone = shown & ~answered
    grid = [
        np.bincount(codes[m] * MONTHS_SHOWN + place[m], minlength=centers * MONTHS_SHOWN).reshape(centers, MONTHS_SHOWN)
        for m in (shown, gone)
    ]
    names = tuple(_words(last - MONTHS_SHOWN + 1 + k, "month") for k in range(MONTHS_SHOWN))
    whole = [tuple(tuple(r) for r in g.tolist()) for g in grid]
    return Due(key, label, names, whole[0], whole[1], _rows(cohort, gone, codes, centers))


def _rows(cohort: Cohort, who: Mask, codes: Ints, centers: int) -> tuple[tuple[int, ...], ...]:
    """Row numbers of these patients, per center."""
    order = np.flatnonzero(who)
    rows: list[list[int]] = [[] for _ in range(centers)]
    for k, row in zip(codes[order].tolist(), cohort.source_rows[order].tolist(), strict=True):
        rows[k].append(row)
    return tuple(tuple(r) for r in rows)


DAYS_OF_GRACE = 14
"""A questionnaire is called for from so many days after it fell due."""


def _fell_due_before(cohort: Cohort, days: NDArray[np.datetime64], months: float) -> Mask:
    """Whether it fell due at least 14 days before the data were extracted; nobody's where that day is not known."""
    column = cohort.columns.get("extraction_date")
    if not isinstance(column, Dates) or np.isnat(column.days).all():
        return np.zeros(cohort.n, dtype=bool)
    today = column.days[~np.isnat(column.days)].max()
    due = days + np.timedelta64(round(months * DAYS_PER_MONTH) + DAYS_OF_GRACE, "D")
    return np.asarray(due <= today, dtype=bool)


# One small trend per center, for a table.


@dataclass(frozen=True, slots=True)
class CenterTrends:
    """Mean improvement per center and period of treatment; None with fewer than `fewest` pairs.

    `labels` and rows of `means` are those of `members_of`; `average` is of all pairs.
    """

    labels: tuple[str, ...]
    unit: str
    periods: tuple[str, ...]
    means: tuple[tuple[float | None, ...], ...]
    average: float
    fewest: int = FEWEST_TO_SCALE


_SHORTEST_FIRST = ((3, "quarter"), (6, "half-year"), (12, "year"))
_FILLED = 2 / 3
"""The period is the shortest in which this share of the cells of judged centers has enough pairs."""


def center_trends(analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str) -> CenterTrends | NotComputed:
    """Means by center and quarter, half-year or year of treatment, whichever is the shortest that is mostly filled."""
    return analysis.keep(
        ("center trends", grouping, measure, follow_up), lambda: _center_trends(analysis, grouping, measure, follow_up)
    )


def _center_trends(analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str) -> CenterTrends | NotComputed:
    column = analysis.cohort.columns.get("surgery_date")
    members, pairs = members_of(analysis, grouping, measure, follow_up), analysis.pairs(measure, follow_up)
    if not isinstance(column, Dates) or not members.place.size:
        return NotComputed("the file has no date of treatment", analysis.cohort.n)
    days = column.days[pairs.rows[members.place]]
    dated = ~np.isnat(days)
    if not dated.any():
        return NotComputed("no pair has a date of treatment", int(days.size))
    months = days[dated].astype("datetime64[M]").astype(np.int64)
    gain, code = pairs.improvement[members.place], members.code[dated]
    centers = len(members.labels)
    enough = np.bincount(members.code, minlength=centers) >= FEWEST_TO_TEST
    for length, unit in _SHORTEST_FIRST:
        first = int(months.min()) // length
        width = int(months.max()) // length - first + 1
        cell = code * width + months // length - first
        n = np.bincount(cell, minlength=centers * width).reshape(centers, width)
        if unit == "year" or (n[enough] >= FEWEST_TO_SCALE).mean() >= _FILLED:
            break
    sums = np.bincount(cell, weights=gain[dated], minlength=centers * width).reshape(centers, width)
    means = tuple(
        tuple(s / k if k >= FEWEST_TO_SCALE else None for s, k in zip(*row, strict=True))
        for row in zip(sums.tolist(), n.tolist(), strict=True)
    )
    names = tuple(_period(first + k, length) for k in range(width))
    return CenterTrends(members.labels, unit, names, means, float(gain.mean()))


def _period(number: int, length: int) -> str:
    year, part = divmod(number * length, 12)
    if length == 12:
        return f"{1970 + year}"
    return f"{1970 + year} {'Q' if length == 3 else 'H'}{part // length + 1}"
