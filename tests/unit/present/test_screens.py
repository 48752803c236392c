"""Charts and words as a screen shows them: nothing on top of each other, nothing without its name, nothing untrue."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.cross_table import cross_table
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.scores import score_family
from lib.cohort.cohort import BASELINE, Cohort, Statement
from lib.cohort.grouping import ByColumn
from lib.cohort.pairs import Pairs
from lib.cohort.selection import Selection
from lib.present.charts.axes import _three as three
from lib.present.charts.axes import improvement_axis
from lib.present.charts.baseline_scatter import scatter_data, scatter_figure
from lib.present.charts.cross_table import column_words, cross_data, cross_figure
from lib.present.charts.forest import ForestRow, forest_data, forest_figure
from lib.present.charts.forest_rows import forest_axis
from lib.present.charts.improvements import TALLEST, improvements_data, improvements_figure
from lib.present.charts.outcome_bars import ONE_LINE, outcome_data, outcome_figure
from lib.present.charts.responder_curve import curve_data, curve_figure
from lib.present.charts.threshold_axis import threshold_scale
from lib.present.charts.trajectories import A_LINE, _lines, _lower
from lib.present.sentences import eq5d, groups, leading, responders
from lib.present.sentences import outcomes as sentences
from lib.stats.health_states import ProfileGrid
from lib.stats.responders import Rule
from tests.cohorts import EQ_VAS, FOLLOW_UP, PAIN, cohort
from tests.sample import sample

TWO = Rule("absolute", threshold=Decimal(2))


def improvements(made: Cohort, measure: str = PAIN.key, *, threshold: Decimal | None = Decimal(2)) -> Any:
    analysis = Analysis(made)
    pairs = analysis.pairs(measure, FOLLOW_UP)
    outcomes = analysis.outcomes(measure, FOLLOW_UP, Rule("absolute", threshold=threshold)) if threshold else None
    axis = improvement_axis(made, made.measure(measure), FOLLOW_UP)
    return improvements_data(analysis.paired(measure, FOLLOW_UP), pairs, outcomes, threshold, axis, "finding"), pairs


def test_dots_that_would_lie_on_each_other_become_bars_that_count_the_same_patients() -> None:
    few, _ = improvements(cohort(40))
    assert few.kind == "dots"
    many, pairs = improvements(cohort(300))
    assert many.kind == "histogram"
    counted = {s.role: sum(s.values) for s in many.series if s.role != "all mean"}
    assert counted == {
        "improved": np.count_nonzero(pairs.improvement >= 2),
        "unchanged": np.count_nonzero(np.abs(pairs.improvement) < 2),
        "worsened": np.count_nonzero(pairs.improvement <= -2),
    }
    tallest = max(np.unique(pairs.improvement, return_counts=True)[1])
    assert tallest > TALLEST


def test_a_bar_stands_on_its_whole_number() -> None:
    many, pairs = improvements(cohort(300))
    at = {x: v for s in many.series if s.role == "improved" for x, v in zip(s.x, s.values, strict=True)}
    assert at == {v: np.count_nonzero(pairs.improvement == v) for v in np.unique(pairs.improvement) if v >= 2}


def test_without_a_threshold_nobody_has_improved_enough() -> None:
    told, _ = improvements(cohort(40), threshold=None)
    assert [s.name for s in told.series][:3] == ["Better", "The same", "Worse"]
    assert "</b> better" in json.dumps(improvements_figure(told))
    known, _ = improvements(cohort(40))
    assert "</b> improved" in json.dumps(improvements_figure(known))


def test_a_computed_score_has_a_slider_that_can_be_set_and_round_ticks() -> None:
    """Six decimals without a published value: hundredths, not 0.000001; and no tick at 23.5668."""
    measure = replace(PAIN, key="own", low=None, high=None, thresholds=(), resolution=Decimal("0.000001"))
    scale = threshold_scale(measure)
    assert (scale.low, scale.step) == (Decimal("0.01"), Decimal("0.01"))
    assert three(0.0, 47.1336) == (0.0, 20.0, 47.1336)
    assert three(0.0, 100.0) == (0.0, 50.0, 100.0)


@pytest.mark.parametrize("measure", [PAIN, EQ_VAS])
def test_the_slider_ends_are_written_under_the_curve(measure: Any) -> None:
    analysis = Analysis(cohort(40))
    scale = threshold_scale(measure)
    rate = analysis.responders(measure.key, FOLLOW_UP, TWO).rate
    curve = analysis.responder_curve(measure.key, FOLLOW_UP)
    figure = curve_figure(curve_data(curve, measure, scale.ends, TWO, rate, "finding"))
    ends = [n for n in figure["layout"]["annotations"] if n.get("yanchor") == "top" and n["y"] == 0]
    assert [n["xanchor"] for n in ends] == ["left", "right"]
    assert [Decimal(n["text"]) for n in ends] == [Decimal(str(float(end))) for end in scale.ends]
    ticks = dict(zip(figure["layout"]["xaxis"]["tickvals"], figure["layout"]["xaxis"]["ticktext"], strict=True))
    assert ticks[float(scale.low)] == ticks[float(scale.high)] == ""


def test_the_threshold_is_named_inside_the_plot_for_either_direction() -> None:
    for measure, sign in ((PAIN, -1), (EQ_VAS, 1)):
        analysis = Analysis(cohort(40))
        pairs = analysis.pairs(measure.key, FOLLOW_UP)
        step = Decimal(1) if sign < 0 else Decimal(7)
        outcomes = analysis.outcomes(measure.key, FOLLOW_UP, Rule("absolute", threshold=step))
        axis = improvement_axis(analysis.cohort, measure, FOLLOW_UP)
        axis = replace(axis, low=0.0, high=float(measure.high), ticks=(0.0, float(measure.high)))
        figure = scatter_figure(scatter_data(pairs, outcomes, axis, ("Before", "After"), step, None, "finding"))
        label = next(n for n in figure["layout"]["annotations"] if str(step) in n["text"])
        low, high = figure["layout"]["yaxis"]["range"]
        assert low <= label["y"] <= high
        published = any(t.kind == "absolute" and t.value == step for t in measure.thresholds)
        assert label["text"].startswith("MCID" if published else "threshold")


def test_seven_answers_stand_above_their_columns_as_numbers_that_are_explained() -> None:
    levels = tuple(f"Answer number {k}" for k in range(7))
    made = cohort(40)
    wide = replace(
        made,
        statements={**made.statements, "change": Statement("change", "Global change", levels)},
        answers={**made.answers, ("change", FOLLOW_UP): np.arange(40, dtype=np.int8) % 7},
    )
    first, second = wide.statements["satisfied"], wide.statements["change"]
    found = cross_table(Analysis(wide), first.key, second.key, FOLLOW_UP)
    figure = cross_figure(cross_data(found, first, second, "t", "f"), (2, 2), ("a", "b"))
    heads = [n["text"] for n in figure["layout"]["annotations"] if n.get("yanchor") == "bottom"]
    assert heads == [f"<b>{k}</b>" for k in range(1, 8)]
    assert "(1 Answer number 0, 2 Answer number 1," in column_words(second)
    assert column_words(first) == ""


def test_a_long_name_and_its_value_do_not_share_a_line() -> None:
    rows = (
        ForestRow("All", 29, 2.0, 1.0, 3.0, "+2.00  1.00 to 3.00"),
        ForestRow("A practice with a very long name in two towns", 13, 2.0, 1.0, 3.0, "+2.00  1.00 to 3.00"),
    )
    axis = forest_axis(sample(), sample().measures["pain"], "12m")
    figure = forest_figure(forest_data(rows, axis, (), title="t", finding="f", name="n"))
    right = [n["y"] for n in figure["layout"]["annotations"] if n.get("xanchor") == "right" and "2.00" in n["text"]]
    left = [n["y"] for n in figure["layout"]["annotations"] if n.get("xanchor") == "left" and " n" in n["text"]]
    assert right[0] == left[0]
    assert right[1] < left[1]


def test_a_group_name_takes_two_lines_before_it_is_cut() -> None:
    assert _lines("Postpartum") == ["Postpartum"]
    assert _lines("Ehlers-Danlos syndrome") == ["Ehlers-Danlos", "syndrome"]
    lines = _lines("Averyveryverylongnameofapractice in two towns")
    assert len(lines) == 2
    assert max(map(len, lines)) <= A_LINE


def test_one_group_under_the_filter_is_said_to_be_the_only_one() -> None:
    analysis = Analysis(sample(), Selection.of({"etiology": ("Postpartum",)}))
    comparison = compare(analysis, ByColumn("etiology"))
    family = score_family(comparison, ["pain"], "12m")
    title = groups.scores_title(sample().measures["pain"], comparison, family)
    assert title == "VAS pain by etiology: only Postpartum under this filter"
    assert groups.lone_group(compare(Analysis(sample()), ByColumn("etiology"))) == ""


def test_two_pairs_have_one_reason_and_a_sentence_with_small_letters() -> None:
    measure = sample().measures["pain"]
    result = Analysis(sample(), Selection.of({"etiology": ("Posttraumatic",)})).paired("pain", "12m")
    assert leading.interval_and_test(measure, result) == ("No CI and no test", result.mean_change.interval.reason)
    assert "(no test: 2 pairs" in sentences.result_sentence(measure, result, ("Before surgery", "12 months"))
    whole = Analysis(sample()).paired("pain", "12m")
    assert leading.interval_and_test(measure, whole) == ("95%\u00a0CI 1.75 to 3.98", "p\u00a0<\u00a00.001")


def test_answers_are_quoted_as_the_file_writes_them() -> None:
    statement = Statement("s", "S", ("Stimme nicht zu", "Neutral", "Stimme zu", "Stimme voll zu"))
    assert sentences.top_two_words(statement) == "Patients who answered “Stimme zu” or “Stimme voll zu”"


def test_the_overview_names_three_types_of_event_and_counts_the_others() -> None:
    found = Analysis(sample("registry.csv")).safety("12m")
    line = sentences.safety_line(found)
    assert "hematoma\u00a032, 4\u00a0other types · analysed 85 of " in line
    few = sentences.safety_line(Analysis(sample()).safety("12m"))
    assert few.count(", ") == 4  # the interval's, and three between four types: a fourth alone is named too


def test_nobody_satisfied_is_said_as_nobody_hurt_is() -> None:
    made = cohort(20, missing=0.0)
    asked = {("satisfied", FOLLOW_UP): np.zeros(20, dtype=np.int8)}
    analysis = Analysis(replace(made, answers={**made.answers, **asked}))
    said = sentences.overview_sentence(
        PAIN,
        analysis.paired(PAIN.key, FOLLOW_UP),
        analysis.responders(PAIN.key, FOLLOW_UP, TWO),
        analysis.statement("satisfied", FOLLOW_UP),
        None,
    )
    assert said.endswith("nobody is satisfied")


def test_the_profile_grid_says_who_kept_the_rank() -> None:
    grid = ProfileGrid(29, 243, (), better=24, equal=1, worse=4)
    assert eq5d.grid_title(grid).endswith("4 to one of worse rank; 1 has the rank of before")


def test_pairs_of_both_time_points_are_what_the_bars_count() -> None:
    made = cohort(300)
    pairs: Pairs = made.pairs(PAIN.key, BASELINE, FOLLOW_UP)
    many, _ = improvements(made)
    assert sum(sum(s.values) for s in many.series if s.role != "all mean") == pairs.n


def test_a_rule_of_two_parts_fits_beside_its_rate() -> None:
    both = Rule("change and state", threshold=Decimal(2), state=Decimal(3))
    assert responders.short_rule(both, PAIN) == "2 points, then ≤\u00a03"
    assert responders.short_rule(TWO, PAIN) == "2 points"
    assert responders.curve_heading(both) == "Share that improved and ended at …"
    assert responders.curve_heading(Rule("state", state=Decimal(3))) == "Share that ended at …"
    assert responders.curve_heading(None) == responders.curve_heading(TWO)
    analysis, measure = Analysis(sample()), sample().measures["pain"]
    pairs = analysis.pairs("pain", "12m")
    said = {
        rule.kind: responders.quadrants(pairs, analysis.outcomes("pain", "12m", rule), measure, rule)
        for rule in (both, TWO)
    }
    assert said["change and state"].endswith("; 8 as the rule above asks")
    assert said["absolute"].endswith("; 20 past the threshold")


def test_a_name_too_long_for_its_rate_is_cut_and_whole_in_the_table() -> None:
    name = "A registry of everything that was ever operated in the north"
    found = Analysis(sample()).responders("pain", "12m", TWO)
    data = outcome_data(((name, found), ("Short", found)), "t", "f")
    left = [n["text"] for n in outcome_figure(data)["layout"]["annotations"] if n["xanchor"] == "left"]
    assert left[0].endswith("…</b>")
    assert len(left[0]) - len("<b></b>") + len("20 of 29 (69.0%)") <= ONE_LINE
    assert left[1] == "<b>Short</b>"
    assert data.categories[0] == name


def test_time_points_close_to_each_other_are_named_on_two_lines() -> None:
    months = (0.0, 3.0, 12.0, 24.0)
    assert _lower(months, ("Before surgery", "3 months", "12 months", "24 months")) == [False, True, False, False]
    assert _lower((0.0, 12.0), ("Before", "12 months")) == [False, False]
    assert _lower((), ()) == []
