"""Who could not have answered: the window of a time point still open when the data were extracted, or death before.

`Cohort.due` puts them together; every denominator of a time point asks there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Dates, PatientColumn, TimePoint

DAYS_PER_MONTH = 30.4375
WINDOW_SHARE = 1 / 6
"""Half the width of the window around a time point, as a share of it: 12 months ± 2, 24 months ± 4, 6 weeks ± 1."""


def half_window(months: float) -> float:
    """Months on either side of a time point within which a questionnaire counts for it, where nobody said."""
    return max(months * WINDOW_SHARE, 0.25)


def window_days(months: float, half_width: float | None = None) -> tuple[float, float]:
    """First and last day after surgery on which a questionnaire counts for a time point: 12 months ± 2.

    `half_width`: months on either side as the user says, None: `half_window`.
    """
    half = (half_window(months) if half_width is None else half_width) * DAYS_PER_MONTH
    return months * DAYS_PER_MONTH - half, months * DAYS_PER_MONTH + half


def not_due(
    columns: Mapping[str, PatientColumn],
    time_points: Sequence[TimePoint],
    extraction_date: str,
    windows: Mapping[str, float] | None = None,
) -> dict[str, NDArray[np.bool_]]:
    """Per follow-up, True for patients whose window had not closed when the data were extracted.

    Needs the date of surgery and the date of extraction (given, or a column of the file); without them nobody is
    "not yet due". A patient without a date of surgery is due. `windows`: time point → half width in months as told.
    """
    extracted = _extraction(columns, extraction_date)
    if extracted is None:
        return {}
    closed = _closings(columns, time_points, windows)
    return {key: mask for key, days in closed.items() if (mask := np.asarray(days > extracted, dtype=bool)).any()}


def died_before_due(
    columns: Mapping[str, PatientColumn], time_points: Sequence[TimePoint], windows: Mapping[str, float] | None = None
) -> dict[str, NDArray[np.bool_]]:
    """Per follow-up, True for patients who died on or before the last day of its window; {} without the two dates."""
    death = columns.get("death_date")
    if not isinstance(death, Dates):
        return {}
    closed = _closings(columns, time_points, windows)
    return {key: mask for key, days in closed.items() if (mask := np.asarray(death.days <= days, dtype=bool)).any()}


def _closings(
    columns: Mapping[str, PatientColumn], time_points: Sequence[TimePoint], windows: Mapping[str, float] | None
) -> dict[str, NDArray[np.datetime64]]:
    """Per follow-up the last day of its window for every patient, NaT without a date of surgery."""
    surgery = columns.get("surgery_date")
    if not isinstance(surgery, Dates):
        return {}
    return {
        o.key: surgery.days + np.timedelta64(round(window_days(o.months, (windows or {}).get(o.key))[1]), "D")
        for o in time_points
        if o.key != BASELINE and o.months
    }


def _extraction(columns: Mapping[str, PatientColumn], stated: str) -> np.datetime64 | None:
    if stated:
        return np.datetime64(stated, "D")
    column = columns.get("extraction_date")
    if isinstance(column, Dates) and (~np.isnat(column.days)).any():
        return np.datetime64(column.days[~np.isnat(column.days)].max(), "D")
    return None
