"""What if the missing differ: over whom, with which covariates, what a shift does, and its words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.what_if import Assumptions, WhatIf, draws_of, means_of, reach, shifts, what_if
from lib.analysis.what_if_people import offered, usual
from lib.present.sentences import what_if as words
from lib.present.tables.what_if import assumptions_table, tips_table
from lib.stats.pooling import Pooled, Tip
from lib.stats.responder_rule import Rule
from lib.stats.results import Interval, NotComputed, to_record
from lib.stats.weighting import Weighted
from tests.cohorts import FOLLOW_UP, cohort
from tests.sample import sample

RULE = Rule("absolute", threshold=Decimal(2))
KEYS = ("age", "sex")


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return Analysis(sample())


@pytest.fixture(scope="module")
def found(analysis: Analysis) -> WhatIf:
    result = what_if(analysis, "pain", "12m", RULE, usual(analysis.cohort, "pain"))
    assert isinstance(result, WhatIf)
    return result


def test_the_missing_28_are_counted_and_covariates_are_as_many_as_they_carry(found: WhatIf) -> None:
    p = found.people
    assert (p.due, p.pairs, p.no_baseline, p.missing, p.died, p.waiting) == (57, 29, 19, 9, 0, 0)
    assert found.imputed_from == ("VAS pain before", "Age")  # 28 missing: two parameters
    assert found.dropped[0] == "Sex"
    assert found.weighted_from == ("Age", "Sex")  # only 9 with a baseline lack the answer: the weights are without it
    assert isinstance(found.mean.weighted, Weighted)
    assert (found.mean.weighted.n, found.mean.weighted.answered) == (57, 29)
    assert isinstance(found.mean.imputed, Pooled)
    assert found.mean.imputed.settled
    assert found.mean.imputed.imputations == 50
    assert "absent" not in str(to_record(found))


def test_complete_pairs_are_the_paired_result(analysis: Analysis, found: WhatIf) -> None:
    pairs = analysis.paired("pain", "12m")
    assert words.values_of(found.mean)["Complete pairs"][0] == pytest.approx(-pairs.mean_change.value)
    assert isinstance(found.share, Assumptions)
    assert words.values_of(found.share)["Complete pairs"][0] == 20 / 29


def test_a_shift_moves_the_missing_only_and_the_tip_is_where_the_limit_is(analysis: Analysis) -> None:
    means = means_of(analysis, "pain", "12m", KEYS)
    assert not isinstance(means, NotComputed)
    at = [means.pooled(d).estimate.value for d in (0.0, 1.0)]
    assert at[0] - at[1] == pytest.approx(9 / 57)
    tip = means.tip(1.5)
    assert isinstance(tip, Tip)
    ends = means.pooled(tip.delta).estimate.interval
    assert isinstance(ends, Interval)
    assert ends.low == pytest.approx(1.5, abs=1e-6)
    already = means.tip(9.0)
    assert isinstance(already, Tip)
    assert already.already


def test_shares_fall_with_the_shift_and_keep_the_known(analysis: Analysis) -> None:
    draws = draws_of(analysis, "pain", "12m", RULE, KEYS)
    assert not isinstance(draws, NotComputed)
    shares = [draws.share(k) for k in range(0, 12)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] >= draws.known.mean() / 57


def test_the_seed_makes_the_same_numbers_again(analysis: Analysis, found: WhatIf) -> None:
    again = what_if(Analysis(sample()), "pain", "12m", RULE, usual(analysis.cohort, "pain"))
    assert to_record(again) == to_record(found)


def test_who_is_not_yet_due_is_not_missing() -> None:
    base = cohort(60, missing=0.3)
    lost = base.counts("vas_pain", FOLLOW_UP) < -(10**9)
    waiting = np.flatnonzero(lost)[:4]
    late = np.zeros(60, dtype=bool)
    late[waiting] = True
    keys = usual(base, "vas_pain")
    whole = what_if(Analysis(base), "vas_pain", FOLLOW_UP, RULE, keys)
    due = what_if(Analysis(replace(base, not_due={FOLLOW_UP: late})), "vas_pain", FOLLOW_UP, RULE, keys)
    assert isinstance(whole, WhatIf)
    assert isinstance(due, WhatIf)
    assert whole.people.due - due.people.due == due.people.waiting == 4
    assert due.people.pairs == whole.people.pairs


@pytest.mark.parametrize(("n", "missing", "reason"), [(40, 0.0, "nobody who is due is missing"), (8, 0.4, "needed")])
def test_nothing_to_ask_is_an_absence(n: int, missing: float, reason: str) -> None:
    result = what_if(Analysis(cohort(n, missing=missing)), "vas_pain", FOLLOW_UP, RULE, ())
    assert isinstance(result, NotComputed)
    assert reason in result.reason


def test_words_and_tables_say_the_same(analysis: Analysis, found: WhatIf) -> None:
    measure = analysis.cohort.measure("pain")
    end, step = reach(found, measure)
    assert (end / step).is_integer()
    (at,) = shifts(analysis, "pain", "12m", RULE, usual(analysis.cohort, "pain"), [2 * step])
    said = words.summary(measure, found, RULE, 2 * step, at.mean, at.share)
    assert "Suppose the 9 patients without an answer improved by" in said
    assert f"{at.mean.estimate.value:.2f}" in said
    assert words.title(measure, found, 2 * step, at.mean).startswith("VAS pain improved by 2.8")
    assert words.who_words(found, measure) == (
        "57 due, 29 with a pair, 28 without (9 no answer, 19 only no VAS pain before)"
    )
    table = assumptions_table(measure, found, RULE)
    assert [row[0].text for row in table.rows][:3] == ["Complete pairs", "Weighted", "Imputed"]
    assert table.rows[0][4].text == "69.0%"
    assert "not within this scale" in tips_table(measure, found, RULE).rows[0][1].text
    assert "seed" in " ".join(words.notes(measure, found))
    assert "age" in offered(analysis.cohort, "pain", "12m")
