"""Trends, response and surveillance on the sample registry."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.centers import center_codes
from lib.analysis.groups.surveillance import Surveillance, surveillance
from lib.analysis.trends import Response, Trend, Unit, response, trend
from lib.cohort.grouping import ByColumn
from lib.cohort.pairs import MISSING
from lib.present.charts.trend import trend_data, trend_figure
from lib.present.charts.watch import watch_data, watch_figure
from lib.present.sentences import over_time as words
from lib.present.table import chart_table
from lib.present.tables.over_time import response_table, to_contact_table, watched_table
from lib.stats.proportions import Proportion
from lib.stats.responders import Rule
from lib.stats.results import Estimate, Interval, NotComputed
from tests.cohorts import cohort
from tests.sample import sample

REGISTRY = sample("registry.csv")
CENTER = ByColumn("center")
RULE = Rule("absolute", threshold=Decimal(15))


@pytest.mark.parametrize("unit", ["month", "quarter", "year"])
@pytest.mark.parametrize("rule", [None, RULE])
def test_a_trend_counts_everybody_once(unit: Unit, rule: Rule | None) -> None:
    analysis = Analysis(REGISTRY)
    found = trend(analysis, "odi", "12m", unit, rule)
    assert isinstance(found, Trend)
    assert sum(p.treated for p in found.periods) == 2000
    assert sum(p.n for p in found.periods) == analysis.pairs("odi", "12m").n
    due = REGISTRY.due("12m", REGISTRY.counts("odi", "12m") != MISSING)
    assert sum(p.due for p in found.periods) == int(due.sum())
    assert sum(p.answered for p in found.periods) == int((REGISTRY.counts("odi", "12m") != MISSING).sum())
    data = trend_data(found, None, ("All centers", ""), REGISTRY.measure("odi"), "finding", rate=rule is not None)
    figure = trend_figure(data)
    assert len(figure["layout"]["shapes"]) == 2, "60% and not yet due"
    assert chart_table(data).rows


def test_a_period_is_the_result_of_its_patients() -> None:
    analysis = Analysis(REGISTRY)
    found = trend(analysis, "odi", "12m", "year")
    assert isinstance(found, Trend)
    year = next(p for p in found.periods if p.label == "2022")
    own = Analysis(
        REGISTRY, within=REGISTRY.columns["surgery_date"].days.astype("datetime64[Y]") == np.datetime64("2022")
    )
    paired = own.paired("odi", "12m")
    assert not isinstance(paired, NotComputed)
    assert isinstance(year.value, Estimate)
    assert isinstance(year.value.interval, Interval)
    assert year.value.value == pytest.approx(-paired.mean_change.value)
    assert year.value.interval.low == pytest.approx(-paired.mean_change.interval.high)
    rate = trend(analysis, "odi", "12m", "year", RULE)
    assert isinstance(rate, Trend)
    share = next(p.value for p in rate.periods if p.label == "2022")
    assert isinstance(share, Proportion)
    assert share.count == own.responders("odi", "12m", RULE).rate.count


def test_my_center_against_the_others_in_words() -> None:
    codes, names = center_codes(REGISTRY, CENTER)
    inside = codes == names.index("Alderwick")
    own, others = (trend(Analysis(REGISTRY), "odi", "12m", "quarter", None, m) for m in (inside, ~inside))
    assert isinstance(own, Trend)
    assert isinstance(others, Trend)
    measure = REGISTRY.measure("odi")
    title = words.trend_title(own, others, measure, "Alderwick", rate=False)
    assert title.startswith("ODI at Alderwick: improved by 18.4")
    assert "17.0" in title
    assert "From year to year" in words.trend_words(own, measure, "Alderwick", rate=False)


def test_response_names_the_rows_of_those_who_did_not_answer() -> None:
    found = response(Analysis(REGISTRY), CENTER)
    assert isinstance(found, Response)
    assert [p.time_point for p in found.time_points] == ["3m", "12m", "24m"]
    for point in found.time_points:
        assert [len(r) for r in point.rows] == [sum(m) for m in point.missing]
        waiting = {int(r) for r in REGISTRY.source_rows[REGISTRY.not_due[point.time_point]]}
        assert not waiting & {r for rows in point.rows for r in rows}
        assert response_table(found, point, "Dunmoor").rows[0][0].text == "Dunmoor"
    assert {row[1].text for row in to_contact_table(found, "Dunmoor").rows} == {"Dunmoor"}


def test_patient_by_patient() -> None:
    found = surveillance(
        Analysis(REGISTRY), CENTER, "odi", "12m", RULE, ("baseline", "age", "sex", "etiology"), "Dunmoor"
    )
    assert isinstance(found, Surveillance)
    own = found.chosen
    assert list(own.days) == sorted(own.days)
    assert own.sums.sums[-1] == pytest.approx(own.improved - own.expected)
    assert sum(off for _, _, off, _ in found.others) == pytest.approx(0, abs=1e-6)
    assert not isinstance(own.fewer, NotComputed)
    assert words.watch_title(found).startswith("Dunmoor: ")
    data = watch_data(found, "finding")
    assert len([s for s in data.series if s.role == "other"]) == len(found.others) - 1
    watch_figure(data)
    assert len(watched_table(found).rows) == len(found.others)
    forbidden = ("outlier", "alarm", "worst", "league", "poor")
    assert not any(w in " ".join((words.watch_title(found), *words.watch_words(found))).lower() for w in forbidden)


def test_a_file_without_dates_says_so() -> None:
    of = cohort(30)
    if "surgery_date" in of.columns:
        pytest.skip("this cohort has dates")
    assert isinstance(trend(Analysis(of), "vas_pain", "12m", "year"), NotComputed)
    assert isinstance(response(Analysis(of), None), NotComputed)
