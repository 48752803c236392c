"""The talk: about nine slides, each with a finding, its evidence and one or two pictures; nothing a spreadsheet or page
would take for markup gets out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare, with_patients
from lib.analysis.groups.scores import score_family
from lib.cohort.design import Design
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Selection
from lib.present import slide_html
from lib.present.charts.forest import largest_rows
from lib.present.charts.two_groups import difference_of, two_groups_figure
from lib.present.wording import confidence_words
from lib.report.figures import _in_room
from lib.report.report import Report, build_report
from lib.report.talk import LETTERS, SUBJECTS, talk
from tests.cohorts import cohort
from tests.sample import sample


@cache
def report(compared: bool = False) -> Report:
    analysis = Analysis(sample())
    return build_report(
        analysis,
        comparison=with_patients(compare(analysis, ByColumn("center"))) if compared else None,
        date="2026-11-30",
    )


def test_the_sample_is_a_talk_of_eight_and_compared_of_nine() -> None:
    keys = [slide.key for slide in talk(report())]
    assert keys == [
        "title",
        "who",
        "score:pain",
        "scores:eq5d3l_index:europe_vas+eq_vas",
        "responders",
        "statements:0",
        "eq5d:dimensions",
        "yes_no:opioids",
    ]
    assert [slide.key for slide in talk(report(True))] == [*keys, "forest:pain"]


def test_title_and_evidence_are_those_of_the_report() -> None:
    pain = talk(report())[2]
    assert pain.title == "VAS pain fell from 7.83 to 4.97; 20 of 29 patients (69.0%) improved by at least 2 points"
    assert pain.evidence == "VAS pain: improvement +2.86, 95%\u00a0CI 1.75 to 3.98, p\u00a0<\u00a00.001"
    assert [item.figure for item in pain.parts] == ["means", "improvements"]
    for slide in talk(report(True)):
        assert len(slide.title.split("; ")[0]) <= LETTERS
        assert len(slide.parts) <= 2


def test_what_to_show_chooses_and_orders_and_names() -> None:
    chosen = talk(report(), ["title", "statements", "who"], "Our first year")
    assert [(slide.subject, slide.title)[0] for slide in chosen] == ["title", "statements", "who"]
    assert chosen[0].title == "Our first year"
    assert chosen[0].evidence == "Before surgery to 12 months · 2026-11-30"
    assert talk(report(), []) == ()
    assert set(SUBJECTS) == {"title", *{s.subject for s in talk(report(True))}, "time"}


def test_the_title_slide_says_the_filter() -> None:
    few = Selection.of({"etiology": ["Ehlers-Danlos syndrome"]})
    title = talk(build_report(Analysis(sample(), few), date="2026-11-30"))[0]
    assert title.evidence == "Ehlers-Danlos syndrome · Before surgery to 12 months · 2026-11-30"


def two_groups(selection: Selection) -> tuple[str, dict[str, Any]]:
    """The title of the comparison and its picture."""
    comparison = compare(Analysis(sample(), selection), ByColumn("center"))
    made = build_report(comparison.all, comparison=comparison)
    item, measure = made.item("forest:pain"), sample().measure("pain")
    family = score_family(comparison, [m.key for m in made.plan.measures], made.plan.time)
    assert item.chart is not None
    found = difference_of(family.of("pain"), measure)
    return item.finding, two_groups_figure(item.chart, comparison, "pain", made.plan.time, found, {})


def test_two_groups_show_their_patients_and_the_difference_of_the_title() -> None:
    title, figure = two_groups(Selection())
    words = [note["text"].replace("\u00a0", " ") for note in figure["layout"]["annotations"]]
    assert "−0.59 points (95% CI −2.60 to 1.43" in title.replace("\u00a0", " ")
    assert "<b>−0.59</b><br>−2.60 to 1.43" in words
    assert {"← Heerlen", "Enschede improved more →"} <= set(words)
    dots = [len(trace["x"]) for trace in figure["data"] if "customdata" in trace]
    assert dots == [16, 13]
    diamond = next(t for t in figure["data"] if t.get("marker", {}).get("symbol") == "diamond")
    assert diamond["x"][0] == pytest.approx(-0.59, abs=0.005)


def test_two_groups_of_two_say_why_there_is_no_difference() -> None:
    _, figure = two_groups(Selection.of({"etiology": ["Ehlers-Danlos syndrome"]}))
    words = [note["text"].replace("<br>", " ") for note in figure["layout"]["annotations"]]
    assert "Difference not computed: fewer than two groups have at least 3 pairs" in words
    assert not any(word.startswith("←") for word in words)
    assert [len(trace["x"]) for trace in figure["data"]] == [2, 2]


def test_a_number_in_a_bar_is_whole_or_not_there() -> None:
    """A bar is about 400 px wide, a digit 17: 119 of 1000 would be cut in 48 px."""
    row = slide_html.BarRow("", ((119, "", ""), (98, "", ""), (783, "", "")), ())
    drawn = slide_html.bars([row], (), ("", ""))
    assert ">783<" in drawn
    assert ">119<" not in drawn
    assert ">98<" not in drawn


def test_a_named_test_has_a_line_of_its_own_and_a_pseudomedian_its_name() -> None:
    """Half a slide holds "95% CI 0.071 to 0.341, p = 0.006"; 46.8 to 57.8 is not the 8.5 above it."""
    postpartum = Selection.of({"etiology": ("Postpartum",)})
    heads = talk(build_report(Analysis(sample(), postpartum)))[3].heads
    assert [len(head.split("\n")) for head in heads] == [2, 3]
    assert heads[1].replace("\u00a0", " ") == "EQ VAS pseudomedian +8.5\n95% CI −5.0 to 28.5\nWilcoxon p = 0.211"


def test_four_patients_have_no_verb_and_one_has_no_estimate() -> None:
    few = Selection.of({"etiology": ["Ehlers-Danlos syndrome"]})
    slides = talk(build_report(Analysis(sample(), few)))
    pain = slides[2]
    # no mean in a title of fewer than ten
    assert pain.title == "VAS pain in 4 patients, one by one; 2 of 4 patients improved by at least 2 points"
    assert "too few to test" in pain.evidence
    assert slides[3].title == "EQ-5D-3L index and EQ VAS in 4 patients, one by one"
    for slide in slides[5:7]:
        assert slide.evidence == "A square is a patient; too few to test reliably"
    item = slides[5].parts[0]
    assert item.chart is not None
    drawn = slide_html.bars(slide_html.statement_rows(item.chart), ("agree", "95% CI"), ("agree", "disagree"))
    assert drawn.count('class="one"') == 4 * 7
    assert "95% CI" not in drawn
    assert '<div class="ci"></div>' in drawn


def test_statements_are_sorted_by_agreement_and_dimensions_by_net_change() -> None:
    item = report().item("statements:0")
    assert item.chart is not None
    rows = slide_html.statement_rows(item.chart)
    assert [int(row.columns[0]) for row in rows] == [25, 24, 23, 18, 17, 16, 8]
    assert rows[0].columns == ("25", "69 to 95%")
    assert [n for n, _, _ in rows[0].segments] == [14, 11, 2, 1, 1]
    table = report().item("eq5d:dimensions").table
    assert table is not None
    first = slide_html.dimension_rows(table)[0]
    assert (first.name, first.columns, first.bold) == ("Pain/discomfort", ("0.002",), True)
    assert [n for n, _, _ in first.segments] == [15, 13, 1]


def test_who_they_are_in_six_rows_and_the_flow_in_dots() -> None:
    who = talk(report())[1]
    table, chart = who.parts[0].table, who.parts[1].chart
    assert table is not None
    assert chart is not None
    facts = slide_html.facts(table)
    assert facts.count("<tr>") == 6
    assert "<td>Age (years)</td>" in facts
    drawn = slide_html.flow(chart)
    assert drawn.count("class=f") == 29
    assert drawn.count("class=h") == 28
    assert slide_html.title_dots(chart).count("<i ") == 57


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "a & b <script>"])
def test_no_text_of_a_file_becomes_markup(name: str) -> None:
    analysis = Analysis(cohort(60, statements={"s1": name}))
    for slide in talk(build_report(analysis)):
        for item in slide.parts:
            if item.figure == "statements" and item.chart is not None:
                drawn = slide_html.bars(slide_html.statement_rows(item.chart), ("agree", "95% CI"), (name, name))
                assert "<img" not in drawn
                assert "<script" not in drawn
                assert "&lt;" in drawn


def test_the_title_is_what_the_cohort_is_called() -> None:
    made_up = build_report(Analysis(cohort(20)))
    assert talk(made_up)[0].title == "Synthetic sample cohort"  # as the sidebar says, not "cohort.csv"
    own = replace(cohort(20, synthetic=False), design=Design(name="Our first year"))
    assert talk(build_report(Analysis(own)))[0].title == "Our first year"
    assert talk(build_report(Analysis(cohort(20, synthetic=False))))[0].title == "cohort.csv"


def test_a_long_time_point_is_folded_before_it_is_cut() -> None:
    assert _in_room("Before treatment", 12) == "Before<br>treatment"
    assert _in_room("Before the first treatment", 12) == "Before the<br>first treat…"
    assert _in_room("<b>25.57</b>", 12) == "<b>25.57</b>"


def test_more_groups_than_fit_are_the_largest_with_their_patients() -> None:
    comparison = compare(Analysis(sample()), ByColumn("etiology"))
    chart = build_report(comparison.all, comparison=comparison).item("forest:pain").chart
    assert chart is not None
    shown = largest_rows(chart, 2)
    assert shown.categories[0] == chart.categories[0]
    assert len(shown.categories) == 3
    assert min(shown.series[0].n[1:]) >= sorted(chart.series[0].n[1:])[-2]
    for s in shown.series[1:]:
        name = shown.categories[int(s.role.split(":")[1])]
        assert s.name == f"{name}, patients"
    assert confidence_words(0.9948838031081763) == "99.49%\u00a0CI"
