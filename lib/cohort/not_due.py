"""Follow-up that could not have happened yet: surgery so recent that the time point lies after the extraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Occasion
from lib.cohort.patient_columns import Dates, PatientColumn

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
    occasions: Sequence[Occasion],
    extraction_date: str,
    windows: Mapping[str, float] | None = None,
) -> dict[str, NDArray[np.bool_]]:
    """Per follow-up, True for patients whose window had not closed when the data were extracted.

    Needs the date of surgery and the date of extraction (given, or a column of the file); without them nobody is
    "not yet due". A patient without a date of surgery is due. `windows`: time point → half width in months as told.
    """
    surgery = columns.get("surgery_date")
    extracted = _extraction(columns, extraction_date)
    if not isinstance(surgery, Dates) or extracted is None:
        return {}
    found = {}
    for occasion in occasions:
        if occasion.key == BASELINE or not occasion.months:
            continue
        last = np.timedelta64(round(window_days(occasion.months, (windows or {}).get(occasion.key))[1]), "D")
        waiting = np.asarray(surgery.days + last > extracted, dtype=bool)
        waiting &= ~np.isnat(surgery.days)
        if waiting.any():
            found[occasion.key] = waiting
    return found


def _extraction(columns: Mapping[str, PatientColumn], told: str) -> np.datetime64 | None:
    if told:
        return np.datetime64(told, "D")
    column = columns.get("extraction_date")
    if isinstance(column, Dates) and (~np.isnat(column.days)).any():
        return np.datetime64(column.days[~np.isnat(column.days)].max(), "D")
    return None
