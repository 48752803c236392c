"""EQ-5D on paper: dimensions, change of state, grid, states in words, value sets; and nobody at all."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.eq5d import (
    change_classes,
    common_states,
    dimensions,
    health_profile_grid,
    state_pairs,
    under_value_sets,
)
from lib.catalog.value_sets import VALUE_SETS
from lib.present.charts.eq5d_dimensions import changes_data, changes_figure, dimensions_data, dimensions_figure
from lib.present.charts.eq5d_value_sets import value_set_axis, value_sets_data, value_sets_figure
from lib.present.charts.profile_grid import grid_data, grid_figure, plain_words, states_data, states_figure
from lib.present.sentences import eq5d as words
from lib.present.tables.eq5d import moves_table, problems_table, states_table, value_sets_table
from lib.present.theme import MEDIA
from tests.sample import sample

TIME_POINTS = ("Before surgery", "12 months")
NAMES = words.dimension_names()


def everyone() -> Analysis:
    return Analysis(sample())


def nobody() -> Analysis:
    return Analysis(sample(), within=np.zeros(sample().n, dtype=bool))


def figures(analysis: Analysis, medium: Any) -> list[dict[str, Any]]:
    keys = list(words.HANDFUL)
    sets = under_value_sets(analysis, "12m", keys, Decimal("0.074"))
    axis = value_set_axis(under_value_sets(everyone(), "12m", keys, Decimal("0.074")))
    found = dimensions(analysis, "12m")
    states = common_states(analysis, "12m")[0]
    grid = health_profile_grid(analysis, "12m", "uk_tto")
    made = [
        dimensions_figure(dimensions_data(found, NAMES, TIME_POINTS, "t", "f"), NAMES, TIME_POINTS, medium),
        changes_figure(changes_data([("All", change_classes(analysis, "12m"))], "t", "f"), medium),
        value_sets_figure(value_sets_data(sets, axis, 0.074, "t", "f"), medium),
        grid_figure(grid_data(grid, TIME_POINTS, "t", "f"), medium),
        states_figure(states_data(states, "t", "f"), 6, "#000000", medium),
    ]
    return [json.loads(json.dumps(figure, allow_nan=False)) for figure in made]


@pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA)
def test_every_chart_keeps_its_height_with_nobody_in_it(medium: Any) -> None:
    full, empty = figures(everyone(), medium), figures(nobody(), medium)
    assert [f["layout"]["height"] for f in full] == [f["layout"]["height"] for f in empty]


def test_dimension_bars_hold_every_patient_and_who_moved() -> None:
    data = dimensions_data(dimensions(everyone(), "12m"), NAMES, TIME_POINTS, "t", "f")
    levels = [s for s in data.series if s.role.startswith("level:")]
    for i in range(10):
        assert sum(s.values[i] or 0 for s in levels) == 29
        assert sum(int((s.labels or ())[i].rstrip("%")) for s in levels) == 100
    moved = [s for s in data.series if s.role.startswith("moved")]
    assert all(sum(s.values[2 * d + 1] or 0 for s in moved) == 29 for d in range(5))


def test_tables_of_the_sample() -> None:
    found = dimensions(everyone(), "12m")
    moves = moves_table(found, NAMES).records()
    pain = next(r for r in moves if r["Dimension"] == "Pain/discomfort")
    assert (pain["Better"], pain["Same"], pain["Worse"]) == ("15", "13", "1")
    assert pain["z"] == "3.41"  # improvement is positive on screen; the test's own z is negative
    problems = problems_table(found, NAMES, TIME_POINTS).records()
    assert problems[4]["Before surgery"] == "24 of 29 (82.8%)"
    assert problems[4]["Lost it"] == "13"


def test_tables_of_nobody_say_why() -> None:
    found = dimensions(nobody(), "12m")
    assert "no patient" in moves_table(found, NAMES).records()[0]["Better"]
    assert "nobody" in problems_table(found, NAMES, TIME_POINTS).records()[0]["Before surgery"]
    assert states_table(*common_states(nobody(), "12m"), TIME_POINTS).rows == ()
    sets = value_sets_table(under_value_sets(nobody(), "12m", ["uk_tto"], None))
    assert "pair" in sets.records()[0]["Before"]


def test_states_are_told_in_our_own_words() -> None:
    assert plain_words("11111") == "no trouble on any dimension"
    table = states_table(*common_states(everyone(), "12m"), TIME_POINTS)
    assert table.records()[0]["State"] == "22332"
    assert "serious trouble with usual activities" in table.records()[0]["In words"]


def test_titles() -> None:
    assert words.change_title(change_classes(everyone(), "12m")) == (
        "EQ-5D health state: 17 of 29 patients better, 3 worse, 8 mixed, 1 the same"
    )
    assert "not computed" in words.change_title(change_classes(nobody(), "12m"))
    sets = under_value_sets(everyone(), "12m", ["europe_vas", "uk_tto"], Decimal("0.074"))
    assert words.sets_title(sets) == ("Mean improvement +0.232 to +0.338 over 2 value sets; responders 21 to 21 of 29")
    assert "No index" in words.sets_title(under_value_sets(nobody(), "12m", ["uk_tto"], None))
    assert words.grid_title(health_profile_grid(nobody(), "12m", "uk_tto")).startswith("Not computed")


def test_who_is_left_out_is_said_by_reason() -> None:
    assert words.pairs_words(state_pairs(everyone(), "12m")) == (
        "28 without a complete pair: 19 no baseline, 9 no follow-up."
    )


def test_every_value_set_has_a_name_and_those_without_a_source_stand_last_and_marked() -> None:
    keys = list(VALUE_SETS)
    assert len(keys) == 44
    assert sum(VALUE_SETS[k].method == "VAS" for k in keys) == 11
    unsourced = [k for k in keys if VALUE_SETS[k].citation is None]
    assert keys[-len(unsourced) :] == unsourced
    assert all("no source" in words.set_label(k) for k in unsourced)
    assert "caution" in words.set_label("argentina_tto")
    assert words.set_source(VALUE_SETS["ecuador_tto"]) == "No source is on file for this set."
    assert "Dolan 1997" in words.set_source(VALUE_SETS["uk_tto"])
    assert words.set_scale(VALUE_SETS["europe_vas"]) == "This set runs from −0.074 to 1.000."


def test_a_threshold_of_another_set_is_said() -> None:
    assert "United Kingdom" in words.threshold_note(0.074, "uk_tto", "europe_vas")
    assert words.threshold_note(0.074, "uk_tto", "uk_tto") == ""


def test_the_axis_of_value_sets_holds_zero() -> None:
    axis = value_set_axis(under_value_sets(everyone(), "12m", list(words.HANDFUL), None))
    assert axis.low < 0 < axis.high
    assert 0.0 in axis.ticks
