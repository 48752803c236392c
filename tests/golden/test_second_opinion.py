"""The numbers of the sample's pages once more, from its file with pandas, scipy and statsmodels alone, to 1e-9.

Not recomputed here, since neither library has them (each has its golden from R): Wilcoxon exact with ties,
Hodges–Lehmann, the rank-biserial's interval, Newcombe's interval for pairs, Cliff's delta with its interval, EQ-5D.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.scores import between_scores
from lib.cohort.grouping import ByColumn
from lib.stats.responders import Rule
from lib.stats.results import Estimate, NotComputed, to_record
from tests.sample import sample

FILE = Path(__file__).parents[2] / "sample_data" / "misjf.csv"
ANSWERS = ["Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree"]
STATEMENTS = {
    "complaints_reduced": "complaints_reduced",
    "complaint_free": "free_of_complaints",
    "health_improved": "health_improved",
    "quality_of_life_improved": "qol_improved",
    "same_surgery_again": "same_surgery_again",
    "would_recommend": "recommend_surgery",
    "satisfied_with_results": "satisfied",
}
CLOSE = {"rel": 1e-9, "abs": 1e-12}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(FILE)


def _interval(found: Estimate) -> tuple[float, float]:
    assert not isinstance(found.interval, NotComputed)
    return found.interval.low, found.interval.high


def _scores() -> Iterator[tuple[str, str, str, int]]:
    yield "pain", "vas_pain_pre", "vas_pain_12m", -1
    yield "eq_vas", "eqvas_pre", "eqvas_12m", 1


@pytest.mark.parametrize(("key", "first", "then", "sign"), list(_scores()))
def test_before_and_after(table: pd.DataFrame, key: str, first: str, then: str, sign: int) -> None:
    pairs = table[[first, then]].dropna()
    change = (pairs[then] - pairs[first]).round(6)
    ours = Analysis(sample()).paired(key, "12m")
    assert not isinstance(ours, NotComputed)
    assert ours.n == len(pairs)
    for summary, column in ((ours.baseline, pairs[first]), (ours.follow_up, pairs[then]), (ours.change, change)):
        found = (summary.mean, summary.sd, summary.median, summary.q1, summary.q3)
        theirs = (column.mean(), column.std(), column.median(), column.quantile(0.25), column.quantile(0.75))
        assert found == pytest.approx(theirs, **CLOSE)
    t = stats.ttest_rel(pairs[then], pairs[first])
    low_high = tuple(t.confidence_interval(0.95))
    assert (ours.t_test.statistic, ours.t_test.p) == pytest.approx((t.statistic, t.pvalue), **CLOSE)
    assert _interval(ours.mean_change) == pytest.approx(low_high, **CLOSE)
    shapiro = stats.shapiro(change)
    assert ours.shapiro.statistic == pytest.approx(shapiro.statistic, rel=1e-8)
    assert ours.shapiro.p == pytest.approx(shapiro.pvalue, rel=1e-6)
    d_z = change.mean() / change.std()
    assert ours.effects[0].value == pytest.approx(d_z, **CLOSE)
    pooled = np.sqrt((pairs[first].var() + pairs[then].var()) / 2)
    assert ours.effects[1].value == pytest.approx(change.mean() / pooled, **CLOSE)
    assert ours.effects[2].value == pytest.approx(change.mean() / pairs[first].std(), **CLOSE)
    rose, fell = int((change > 0).sum()), int((change < 0).sum())
    assert (ours.counts.rose, ours.counts.fell) == (rose, fell)
    exact = stats.binomtest(rose, rose + fell)
    assert ours.counts.test.p == pytest.approx(exact.pvalue, **CLOSE)
    limits = exact.proportion_ci(0.95, "exact")
    assert _interval(ours.counts.share_risen) == pytest.approx((limits.low, limits.high), **CLOSE)
    threshold = 2.0 if key == "pain" else 7.0
    responders = Analysis(sample()).responders(key, "12m", Rule("absolute", threshold=Decimal(str(threshold))))
    improved = int((sign * change >= threshold - 1e-9).sum())
    wilson = stats.binomtest(improved, len(change)).proportion_ci(0.95, "wilson")
    assert responders.responders == improved
    assert _interval(responders.rate) == pytest.approx((wilson.low, wilson.high), **CLOSE)


@pytest.mark.parametrize("key", STATEMENTS)
def test_statements(table: pd.DataFrame, key: str) -> None:
    paired = table.dropna(subset=["vas_pain_pre", "vas_pain_12m"])
    answers = paired[f"{STATEMENTS[key]}_12m"].dropna()
    ours = Analysis(sample()).statement(key, "12m")
    assert not isinstance(ours, NotComputed)
    assert ours.n == len(answers)
    best = int(answers.isin(ANSWERS[3:]).sum())
    low, high = proportion_confint(best, len(answers), method="wilson")
    assert (ours.top_two.count, ours.top_two.share) == (best, pytest.approx(best / len(answers), **CLOSE))
    assert _interval(ours.top_two) == pytest.approx((low, high), **CLOSE)


def test_opioids(table: pd.DataFrame) -> None:
    paired = table.dropna(subset=["vas_pain_pre", "vas_pain_12m"])
    crossed = pd.crosstab(paired["opioids_pre"], paired["opioids_12m"]).loc[["Yes", "No"], ["Yes", "No"]].to_numpy()
    ours = Analysis(sample()).yes_no("opioids", "12m")
    assert not isinstance(ours, NotComputed)
    assert (ours.both, ours.stopped, ours.started, ours.neither) == tuple(crossed.ravel().tolist())
    exact = mcnemar(crossed, exact=True).pvalue
    assert ours.exact.p == pytest.approx(exact, **CLOSE)
    changed = int(crossed[0, 1] + crossed[1, 0])
    mid = exact - stats.binom.pmf(crossed[0, 1], changed, 0.5)
    assert ours.mid_p.p == pytest.approx(mid, **CLOSE)
    assert ours.fisher_association.p == pytest.approx(stats.fisher_exact(crossed).pvalue, **CLOSE)


def test_adverse_events(table: pd.DataFrame) -> None:
    ours = Analysis(sample()).safety("12m")
    assert not isinstance(ours, NotComputed)
    for found, rows in (
        (ours.by_type.patients, table),
        (ours.analysed, table.dropna(subset=["vas_pain_pre", "vas_pain_12m"])),
    ):
        with_event = int(rows["adverse_event"].notna().sum())
        low, high = proportion_confint(with_event, len(rows), method="beta")
        assert (found.count, found.n) == (with_event, len(rows))
        assert _interval(found) == pytest.approx((low, high), **CLOSE)


def test_pain_between_centers(table: pd.DataFrame) -> None:
    pairs = table.dropna(subset=["vas_pain_pre", "vas_pain_12m"])
    found = between_scores(compare(Analysis(sample()), ByColumn("center")), "pain", "12m")
    assert not isinstance(found.ancova, NotComputed), to_record(found)
    first, second = found.labels
    x = np.column_stack([np.ones(len(pairs)), pairs["center"] == second, pairs["vas_pain_pre"]]).astype(float)
    fit = OLS(pairs["vas_pain_12m"].to_numpy(), x).fit(cov_type="HC2")
    ours = found.ancova.differences[0]
    assert (ours.difference.value, ours.standard_error) == pytest.approx((fit.params[1], fit.bse[1]), **CLOSE)
    change = pairs["vas_pain_12m"] - pairs["vas_pain_pre"]
    welch = stats.ttest_ind(change[pairs["center"] == second], change[pairs["center"] == first], equal_var=False)
    gap = found.gaps[0]
    assert gap.p == pytest.approx(welch.pvalue, **CLOSE)
    assert _interval(gap.difference) == pytest.approx(tuple(welch.confidence_interval()), **CLOSE)
