"""EQ-5D before and after: pairs of states, dimensions, Paretian change, grid, states, value sets, and 5L files."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.eq5d import (
    change_classes,
    common_states,
    dimensions,
    has_states,
    health_profile_grid,
    index_key,
    state_pairs,
    under_value_sets,
)
from lib.catalog.value_sets import VALUE_SETS
from lib.cohort.cohort import Cohort
from lib.cohort.eq5d_index import LEVEL_SUM
from lib.cohort.selection import Selection
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from lib.stats.health_states import PchcResult, ProfileGrid
from lib.stats.results import NotComputed, to_record
from tests.cohorts import cohort
from tests.sample import sample


def states(*pairs: tuple[str, str]) -> Cohort:
    """A cohort of these states before and at 12 months, through the import."""
    lines = [f"P{i},{a},{b}" for i, (a, b) in enumerate(pairs, 1)]
    text = "\n".join(["patient_id,eq5d_state_pre,eq5d_state_12m", *lines])
    return propose(parse_file(text.encode(), "states.csv")).build()


FIVE_KINDS = (("11111", "11111"), ("22222", "22222"), ("22222", "11222"), ("11222", "22222"), ("12212", "21212"))


def test_the_five_kinds_of_change() -> None:
    assert change_classes(Analysis(states(*FIVE_KINDS)), "12m") == PchcResult(5, 1, 1, 1, 1, 1)


def test_pairs_are_complete_legal_states_and_the_others_have_a_reason() -> None:
    found = state_pairs(Analysis(states(*FIVE_KINDS * 8, ("62331", "11111"), ("", "11111"), ("21232", ""))), "12m")
    assert found.n == 40
    assert found.illegal_rows == (42,)
    assert (found.excluded.illegal, found.excluded.no_baseline, found.excluded.no_follow_up) == (1, 1, 1)


def test_the_sample() -> None:
    analysis = Analysis(sample())
    assert state_pairs(analysis, "12m").n == 29
    found = change_classes(analysis, "12m")
    assert found.better + found.worse + found.mixed + found.same_with_problems + found.no_problems == 29
    for row in dimensions(analysis, "12m").rows:
        assert row.moves.better + row.moves.same + row.moves.worse == 29
        assert row.problems.before.count == row.moves.problems_before
    before, after = common_states(analysis, "12m")
    assert sum(s.count for s in before.states) + before.others == 29
    assert after.n == 29


def test_a_filter_reaches_the_states() -> None:
    assert state_pairs(Analysis(sample(), Selection.of({"etiology": ["Postpartum"]})), "12m").n == 13


def test_nobody_in_the_filter_is_said() -> None:
    nobody = Analysis(states(*FIVE_KINDS * 3), within=np.zeros(15, dtype=bool))
    assert isinstance(change_classes(nobody, "12m"), NotComputed)
    assert isinstance(health_profile_grid(nobody, "12m", "uk_tto"), NotComputed)
    assert all(isinstance(found, NotComputed) for found in common_states(nobody, "12m"))
    found = dimensions(nobody, "12m")
    assert all(isinstance(r.moves, NotComputed) and isinstance(r.problems, NotComputed) for r in found.rows)
    assert found.test_p.size == 0
    to_record(found)


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_patients(n: int) -> None:
    analysis = Analysis(states(*[("21232", "11121")] * n))
    assert change_classes(analysis, "12m").better == n
    found = under_value_sets(analysis, "12m", ["uk_tto"], Decimal("0.074"))[0]
    assert found.paired.n == found.responders.responders == n
    assert isinstance(found.paired.mean_change.interval, NotComputed)


def test_nobody_changed_has_no_test() -> None:
    found = dimensions(Analysis(states(*[("21232", "21232")] * 9)), "12m")
    assert all("nobody changed" in r.test.reason for r in found.rows)


def test_the_grid_agrees_with_the_index_for_every_value_set() -> None:
    analysis = Analysis(sample())
    for key in VALUE_SETS:
        grid = health_profile_grid(analysis, "12m", key)
        change = analysis.pairs(index_key(key), "12m").change_counts
        assert (grid.better, grid.equal, grid.worse) == (
            int((change > 0).sum()),
            int((change == 0).sum()),
            int((change < 0).sum()),
        )
        assert sum(p.count for p in grid.points) == 29


def test_value_sets_side_by_side_use_one_threshold_and_the_same_patients() -> None:
    found = under_value_sets(Analysis(sample()), "12m", list(VALUE_SETS), Decimal("0.074"))
    assert len(found) == 44
    assert {f.paired.n for f in found} == {29}
    europe = next(f for f in found if f.value_set == "europe_vas")
    assert (europe.responders.responders, europe.responders.evaluable) == (21, 29)  # the paper
    assert "no threshold" in under_value_sets(Analysis(sample()), "12m", ["uk_tto"], None)[0].responders.reason


def test_a_file_without_states() -> None:
    assert not has_states(Analysis(cohort(5)), "12m")
    assert has_states(Analysis(sample()), "12m")


# --- the five-level questionnaire ------------------------------------------------------------------------------------


def test_five_levels_are_the_5l_with_value_sets_of_its_own() -> None:
    lines = [f"P{i},{'11245' if i % 2 else '11121'},11111" for i in range(40)]
    found = propose(parse_file("\n".join(["id,eq5d_state_pre,eq5d_state_12m", *lines]).encode(), "f.csv"))
    said = next(f for f in found.findings if f.code == "five_levels")
    assert "this is the EQ-5D-5L" in said.sentence
    assert "Olsen 2018" in said.sentence, "the value set is named with its year"
    analysis = Analysis(found.build())
    assert analysis.cohort.eq5d_version == "5L"
    assert state_pairs(analysis, "12m").n == 40
    assert not analysis.cohort.has_scores(index_key("europe_vas"), "12m"), "3L values are for 3L answers"
    key = index_key("5l_netherlands_2016")
    assert key == "eq5d5l_index:5l_netherlands_2016"
    measure = analysis.cohort.measure(key)
    assert measure.label == "EQ-5D-5L index, Netherlands 2016"
    pairs = analysis.pairs(key, "12m")
    assert pairs.n == 40
    # Versteegh 2016: 11121 = 1 - 0.047 - 0.066; 11245 = 1 - 0.047 - 0.039 - 0.360 - 0.421
    assert sorted(set((pairs.baseline_counts * measure.resolution).tolist())) == [Decimal("0.133"), Decimal("0.887")]
    assert not any(t.default for t in measure.thresholds)
    assert all("EQ-5D-3L" in t.note for t in measure.thresholds)


def test_pchc_grid_and_level_sum_of_five_levels() -> None:
    lines = [f"P{i},{'11245' if i % 2 else '11121'},11111" for i in range(40)]
    analysis = Analysis(
        propose(parse_file("\n".join(["id,eq5d5l_state_pre,eq5d5l_state_12m", *lines]).encode(), "f.csv")).build()
    )
    found = change_classes(analysis, "12m")
    assert isinstance(found, PchcResult)
    assert (found.better, found.worse) == (40, 0)
    grid = health_profile_grid(analysis, "12m", "5l_uk_2026")
    assert isinstance(grid, ProfileGrid)
    assert (grid.states, grid.better) == (3125, 40)
    sums = analysis.pairs(LEVEL_SUM, "12m")
    assert sorted(set(sums.baseline_counts.tolist())) == [6, 13]
    assert set(sums.follow_up_counts.tolist()) == {5}
    assert not sums.measure.higher_is_better


def test_words_of_five_levels_are_its_own_levels() -> None:
    words = ("no problems", "slight problems", "moderate problems", "severe problems", "unable")
    names = ("mobility", "selfcare", "usual_activities", "pain_discomfort", "anxiety_depression")
    heads = [f"eq5d_{name}_{t}" for t in ("pre", "12m") for name in names]
    lines = [f"P{i}," + ",".join([words[(i + k) % 5] for k in range(5)] + [words[0]] * 5) for i in range(15)]
    made = propose(parse_file("\n".join([",".join(["patient_id", *heads]), *lines]).encode(), "w.csv")).build()
    assert made.eq5d_version == "5L"
    assert made.states["baseline"][0].tolist() == [1, 2, 3, 4, 5]


def test_the_set_of_the_country_of_the_centers() -> None:
    lines = [f"P{i},{'Germany' if i % 2 else 'Deutschland'},{'11245' if i % 2 else '11121'},11111" for i in range(20)]
    made = propose(parse_file("\n".join(["id,country,eq5d_pre,eq5d_12m", *lines]).encode(), "f.csv")).build()
    assert "eq5d5l_index:5l_germany_2018" in made.measures


def test_one_slip_is_not_a_five_level_questionnaire() -> None:
    assert state_pairs(Analysis(states(*FIVE_KINDS * 8, ("11141", "11111"))), "12m").n == 40


def test_five_columns_and_five_digits_are_the_same() -> None:
    names = ("mobility", "selfcare", "usual_activities", "pain_discomfort", "anxiety_depression")
    heads = [f"eq5d_{name}_{t}" for t in ("pre", "12m") for name in names]
    lines = [f"P{i}," + ",".join([*a, *b]) for i, (a, b) in enumerate(FIVE_KINDS * 4)]
    text = "\n".join([",".join(["patient_id", *heads]), *lines])
    columns = Analysis(propose(parse_file(text.encode(), "columns.csv")).build())
    digits = Analysis(states(*FIVE_KINDS * 4))
    assert change_classes(columns, "12m") == change_classes(digits, "12m")
    assert columns.paired(index_key("uk_tto"), "12m") == digits.paired(index_key("uk_tto"), "12m")


def test_an_index_alone_is_a_measure() -> None:
    lines = [f"P{i},0.{300 + 7 * i},0.{500 + 9 * i}" for i in range(20)]
    text = "\n".join(["patient_id,eq5d_index_pre,eq5d_index_12m", *lines])
    analysis = Analysis(propose(parse_file(text.encode(), "index.csv")).build())
    assert not has_states(analysis, "12m")
    assert analysis.paired("eq5d3l_index", "12m").n == 20
