"""How long after the treatment a follow-up really took place, from the dates of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lib.analysis.analysis import Analysis
from lib.cohort.cohort import Cohort, Dates
from lib.cohort.due import DAYS_PER_MONTH
from lib.stats.results import Floats, NotComputed
from lib.stats.table_one import summarise_numeric

Until = Literal["questionnaire", "last contact"]
TREATED, QUESTIONNAIRE, LAST_CONTACT = "surgery_date", "follow_up_date", "last_contact_date"


@dataclass(frozen=True, slots=True)
class FollowUpTime:
    """Months from treatment (a month is 30.4375 days); quartiles type 7, R `quantile`.

    Attributes:
        until: "questionnaire", of the patients with a pair; or "last contact", of all selected, where questionnaires
            have no date.
        without: patients who lack one of both dates, or whose second lies before the first.
    """

    until: Until
    n: int
    without: int
    median: float
    q1: float
    q3: float
    shortest: float
    longest: float


def days_followed(cohort: Cohort, time_point: str) -> tuple[Until, Floats] | NotComputed:
    """Days from treatment per patient of the cohort, NaN without both dates or where the second lies before."""
    start = cohort.columns.get(TREATED)
    dated, last = cohort.columns.get(f"{QUESTIONNAIRE}_{time_point}"), cohort.columns.get(LAST_CONTACT)
    end = dated if isinstance(dated, Dates) else last
    if not isinstance(start, Dates) or not isinstance(end, Dates):
        return NotComputed("the file has no date of treatment and of the follow-up", 0)
    days = (end.days - start.days).astype("timedelta64[D]")
    found = np.where(np.isnat(days), np.nan, days.astype(np.float64))
    return ("questionnaire" if end is dated else "last contact"), np.where(found < 0, np.nan, found)


def follow_up_time(analysis: Analysis, measure: str, time_point: str) -> FollowUpTime | NotComputed:
    """Achieved follow-up at a time point. Not computed without a date of treatment and one of both others."""
    dated = days_followed(analysis.cohort, time_point)
    if isinstance(dated, NotComputed):
        return dated
    until, days = dated
    people = analysis.selected
    if until == "questionnaire":
        people = np.zeros(analysis.cohort.n, dtype=bool)
        people[analysis.pairs(measure, time_point).rows] = True
    found = summarise_numeric(days[people]).values
    if (
        isinstance(found, NotComputed)
        or isinstance(found.minimum, NotComputed)
        or isinstance(found.maximum, NotComputed)
    ):
        return NotComputed("nobody here has both dates", 0)
    months = (d / DAYS_PER_MONTH for d in (found.median, found.q1, found.q3, found.minimum, found.maximum))
    return FollowUpTime(until, found.n, int(people.sum()) - found.n, *months)
