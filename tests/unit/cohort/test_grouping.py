"""Groupings: masks, merges, cuts that never move, words, and one line of text that comes back equal."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare, made_of
from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.grouping import (
    ByBaseline,
    ByColumn,
    ByQuantile,
    Grouping,
    GroupingError,
    Merge,
    Named,
    TwoCohorts,
    VersusRest,
    parse_grouping,
    part_of,
    quantile_cuts,
)
from lib.cohort.pairs import MISSING
from lib.cohort.selection import Range, Selection, SelectionError, parse_selection, selection_text
from tests.cohorts import FOLLOW_UP, cohort

POSTPARTUM = Selection.of({"etiology": ["Postpartum"]})
TRAUMA = Selection.of({"etiology": ["Trauma"]})
YOUNG = Selection.of({}, {"age": Range(None, 40.5)})


def sizes(grouping: Grouping, of: Cohort) -> dict[str, int]:
    return {g.label: int(g.mask.sum()) for g in grouping.split(of)}


def test_a_column_gives_its_labels_the_largest_first() -> None:
    found = sizes(ByColumn("etiology"), cohort(60))
    assert sum(found.values()) == 60
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert set(found) == {"Postpartum", "Trauma", "Degenerative", "Unknown"}


def test_merged_labels_are_one_group_with_a_name() -> None:
    of = cohort(60)
    single = sizes(ByColumn("etiology"), of)
    merged = ByColumn("etiology", (Merge(("Unknown", "Degenerative"), "Other"),))
    found = sizes(merged, of)
    assert found["Other"] == single["Unknown"] + single["Degenerative"]
    assert len(found) == 3
    unnamed = ByColumn("etiology", (Merge(("Unknown", "Degenerative")),))
    assert "Unknown + Degenerative" in sizes(unnamed, of)
    group = next(g for g in merged.split(of) if g.label == "Other")
    assert group.members == ("Degenerative", "Unknown")


def test_a_merge_called_like_another_label_does_not_take_it_in() -> None:
    of = cohort(60)
    single = sizes(ByColumn("etiology"), of)
    found = sizes(ByColumn("etiology", (Merge(("Unknown", "Degenerative"), "Trauma"),)), of)
    assert found["Trauma"] == single["Trauma"]
    assert found["Unknown + Degenerative"] == single["Unknown"] + single["Degenerative"]
    assert sum(found.values()) == 60
    own = sizes(ByColumn("etiology", (Merge(("Unknown", "Degenerative"), "Unknown"),)), of)
    assert own["Unknown"] == found["Unknown + Degenerative"]  # its own label is free


def test_merges_with_one_name_stay_apart() -> None:
    one, two = Merge(("Unknown", "Degenerative"), "Other"), Merge(("Postpartum", "Trauma"), "Other")
    found = sizes(ByColumn("etiology", (one, two)), cohort(60))
    assert set(found) == {"Other", "Postpartum + Trauma"}
    assert sum(found.values()) == 60
    bites = ("a", "b", "c", "a + b")
    clash = sizes(ByColumn("etiology", (Merge(("a", "b")),)), cohort(60, etiologies=bites))
    assert set(clash) == {"c", "a + b", "a + b (2)"}


@pytest.mark.parametrize(
    ("grouping", "keys"),
    [
        (ByColumn("etiology"), ("etiology",)),
        (ByQuantile("age"), ("age",)),
        (ByBaseline("vas_pain"), ("score:vas_pain",)),
        (VersusRest(Selection.of({"center": ["Heerlen"]}, {"age": Range(30, None)})), ("center", "age")),
        (TwoCohorts(Named(POSTPARTUM), Named(YOUNG)), ("etiology", "age")),
        (TwoCohorts(Named(POSTPARTUM), Named(TRAUMA)), ("etiology",)),
        (TwoCohorts(Named(Selection()), Named(Selection())), ()),
    ],
)
def test_what_groups_are_made_of(grouping: Grouping, keys: tuple[str, ...]) -> None:
    assert made_of(grouping) == keys


def test_everybody_beside_a_group_called_all() -> None:
    of = cohort(60, etiologies=("All", "Trauma"))
    labels = [label for label, _ in compare(Analysis(of), ByColumn("etiology")).rows]
    assert labels[0] == "All patients"
    assert sorted(labels[1:]) == ["All", "Trauma"]
    assert compare(Analysis(of), ByColumn("center")).rows[0][0] == "All"


def test_cuts_are_type_7_and_a_tie_goes_down() -> None:
    # R: quantile(1:7, c(1, 2) / 3) = 3, 5; 3 and 5 belong to the lower part
    counts = np.arange(1, 8)
    assert quantile_cuts(counts, 3) == (3, 5)
    assert part_of(counts, (3, 5)).tolist() == [0, 0, 0, 1, 1, 2, 2]
    # R: quantile(c(1, 1, 1, 9), c(1, 2) / 3) = 1, 1
    assert quantile_cuts(np.array([9, 1, 1, 1]), 3) == (1, 1)
    # R: quantile(c(0, 10), c(1, 2) / 3) = 3.33, 6.67: whole counts up to 3 and to 6 lie below
    assert quantile_cuts(np.array([0, 10]), 3) == (3, 6)


@settings(max_examples=60)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.integers(2, 5))
def test_cuts_agree_with_numpy_type_7(values: list[int], parts: int) -> None:
    counts = np.array(values)
    wanted = np.quantile(counts, [k / parts for k in range(1, parts)])
    assert np.allclose(quantile_cuts(counts, parts), np.floor(wanted + 1e-9))


def test_thirds_of_a_number_do_not_move_with_the_filter() -> None:
    of = cohort(90)
    groups = ByQuantile("age").split(of)
    ages = of.columns["age"].values  # type: ignore[union-attr]
    low, high = np.floor(np.quantile(ages, [1 / 3, 2 / 3]))
    wanted = [f"Up to {low:.0f} years", f"{low + 1:.0f} to {high:.0f} years", f"{high + 1:.0f} years and over"]
    assert [g.label for g in groups] == wanted
    everyone = np.sum([g.mask for g in groups], axis=0)
    assert (everyone == 1).all()
    filtered = compare(Analysis(of, POSTPARTUM), ByQuantile("age"))
    assert filtered.labels == tuple(g.label for g in groups)
    assert sum(a.selected.sum() for _, a in filtered.groups) == Analysis(of, POSTPARTUM).selected.sum()


def test_equal_values_make_one_part_and_none_makes_no_part() -> None:
    of = cohort(5)
    object.__getattribute__(of, "columns")["age"].values.setflags(write=True)
    of.columns["age"].values[:] = 40  # type: ignore[union-attr]
    assert sizes(ByQuantile("age"), of) == {"all values": 5}
    of.columns["age"].values[:] = np.nan  # type: ignore[union-attr]
    assert ByQuantile("age").split(of) == ()
    assert compare(Analysis(of), ByQuantile("age")).in_none == 5


def test_thirds_of_the_baseline_are_described_only() -> None:
    of = cohort(60)
    found = compare(Analysis(of), ByBaseline("vas_pain"))
    present = int((of.counts("vas_pain", BASELINE) != MISSING).sum())
    assert sum(int(a.selected.sum()) for _, a in found.groups) == present
    assert found.in_none == 60 - present
    assert "regression to the mean" in found.within_only
    assert found.title == "VAS pain at baseline in thirds"


def test_a_selection_against_the_rest_is_everybody() -> None:
    of = cohort(60)
    found = compare(Analysis(of, POSTPARTUM), VersusRest(POSTPARTUM))
    assert found.labels == ("Postpartum", "The rest")
    assert int(found.all.selected.sum()) == 60
    assert sum(int(a.selected.sum()) for _, a in found.groups) == 60
    assert not found.overlap


def test_two_pinned_selections_ignore_the_filter_and_say_when_they_overlap() -> None:
    of = cohort(60)
    apart = compare(Analysis(of, YOUNG), TwoCohorts(Named(POSTPARTUM, "Mothers"), Named(TRAUMA)))
    assert apart.labels == ("Mothers", "Trauma")
    assert not apart.overlap
    assert apart.between(1) is None
    both = sum(int(a.selected.sum()) for _, a in apart.groups)
    assert both == int(apart.all.selected.sum()) == int((POSTPARTUM.apply(of) | TRAUMA.apply(of)).sum())
    shared = compare(Analysis(of), TwoCohorts(Named(POSTPARTUM), Named(YOUNG)))
    assert shared.overlap
    reason = shared.between(3)
    assert reason is not None
    assert "share patients" in reason.reason
    assert TwoCohorts(Named(POSTPARTUM, "x"), Named(TRAUMA, "x")).describe(of) == "x (A) against x (B)"


def test_groups_are_the_analysis_of_their_patients() -> None:
    of = cohort(60)
    found = compare(Analysis(of), ByColumn("etiology"))
    for label, group in found.groups:
        alone = Analysis(of, Selection.of({"etiology": [label]}))
        assert np.array_equal(group.selected, alone.selected)
        assert group.paired("vas_pain", FOLLOW_UP) == alone.paired("vas_pain", FOLLOW_UP)
    assert compare(found.all, ByColumn("etiology")) is found  # kept


def test_nobody() -> None:
    found = compare(Analysis(cohort(0)), ByColumn("etiology"))
    assert [int(a.selected.sum()) for _, a in found.rows] == [0, 0, 0, 0, 0]


GROUPINGS: list[Grouping] = [
    ByColumn("etiology"),
    ByColumn("etiology", (Merge(("Unknown", "Degenerative"), "Other ~ = + :|/"),)),
    ByQuantile("age", 4),
    ByBaseline("vas_pain"),
    VersusRest(Selection.of({"etiology": ["Postpartum", "Unknown"]}, {"age": Range(30.25, None)})),
    TwoCohorts(Named(POSTPARTUM, "a:b|c"), Named(YOUNG)),
    TwoCohorts(Named(Selection()), Named(TRAUMA)),
]


@pytest.mark.parametrize("grouping", GROUPINGS, ids=lambda g: g.text())
def test_the_text_comes_back_equal(grouping: Grouping) -> None:
    of = cohort(20)
    assert parse_grouping(grouping.text(names=True), of) == grouping
    assert hash(parse_grouping(grouping.text(names=True), of)) == hash(grouping)
    assert "Other" not in grouping.text()
    assert "a%3Ab" not in grouping.text()


def test_labels_that_bite_come_back() -> None:
    bites = ("a=b&c", "d+e~f", "g/3", "h:i|j", "50%", "ß – ü")
    of = cohort(40, etiologies=bites)
    grouping = ByColumn("etiology", (Merge(bites[:3]),))
    assert parse_grouping(grouping.text(), of) == grouping
    chosen = Selection.of({"etiology": bites}, {"age": Range(0.1 + 0.2, 1e17)})
    assert parse_selection(selection_text(chosen), of) == chosen


def test_what_the_cohort_does_not_have_is_said() -> None:
    of = cohort(20)
    for text, match in (
        ("colour", "no column “colour” in this cohort to compare by. There are: etiology, center, age"),
        ("age/1", "asks for “1” parts"),
        ("baseline:odi/3", "no measure “odi”"),
        ("two:etiology=Postpartum", "Two selections are needed"),
    ):
        with pytest.raises(GroupingError, match=match):
            parse_grouping(text, of)
    with pytest.raises(SelectionError, match="“Gout” does not occur in Etiology"):
        parse_grouping("rest:etiology=Gout", of)
    with pytest.raises(SelectionError, match="is no range of Age"):
        parse_selection("age=young", of)
    with pytest.raises(GroupingError, match="no category column"):
        ByColumn("age").split(of)
    assert parse_grouping("age", of) == ByQuantile("age")


def test_a_span_says_its_unit() -> None:
    of = cohort(30)
    assert ByBaseline("eq_vas", 2).split(of)[0].label.endswith(" points")
    assert Decimal(1) == of.measure("eq_vas").resolution
