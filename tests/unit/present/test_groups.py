"""What the Compare page shows: forests, funnel, scatter, time points, tables and sentences."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from lib.analysis import Analysis
from lib.analysis.association_of import Against, association
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.literature import published
from lib.analysis.groups.rates import rate_family, responder_rates
from lib.analysis.groups.scores import score_family
from lib.analysis.groups.time_points import trajectories
from lib.analysis.safety import with_pairs
from lib.cohort.cohort import Cohort
from lib.cohort.grouping import ByBaseline, ByColumn, Merge
from lib.present.charts.axes import score_axis
from lib.present.charts.forest import BOTTOM, ROW, TOP, forest_figure
from lib.present.charts.forest_rows import forest_axis, improvement_forest, literature_forest, rate_forest
from lib.present.charts.scatter import association_data, association_figure, gain_axis, number_axis
from lib.present.charts.trajectories import trajectories_data, trajectories_figure
from lib.present.sentences.groups import (
    association_lines,
    exploratory,
    model_lines,
    rates_title,
    scores_title,
    trajectories_finding,
)
from lib.present.tables.between_groups import (
    between_table,
    checks_table,
    groups_table,
    quartiles_table,
    rate_gaps_table,
)
from lib.present.tables.literature import literature_table
from lib.present.tables.patients_list import MOST_PATIENTS, patients_table
from lib.present.theme import SLIDE, category_styles, group_styles
from lib.present.wording import inside
from lib.stats.responders import Rule
from lib.stats.results import NotComputed
from lib.stats.scores import Summary
from tests.cohorts import FOLLOW_UP, PAIN, cohort
from tests.sample import sample

TWO = Rule("absolute", threshold=Decimal(2))
WORDS = ("effective", "significant", "success", "better than", "nan", "None")


def by_etiology(of: Cohort | None = None, *merges: Merge) -> Comparison:
    return compare(Analysis(of or sample()), ByColumn("etiology", merges))


def plain(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure as the browser gets it; NaN would raise."""
    return json.loads(json.dumps(figure, allow_nan=False))


def test_a_forest_has_all_first_and_every_group() -> None:
    data = improvement_forest(by_etiology(), sample().measures["pain"], "12m")
    assert data.categories[0] == "All"
    assert len(data.categories) == 7
    own = data.series[0]
    assert own.n == (29, 13, 5, 3, 4, 2, 2)
    assert own.values[0] == pytest.approx(2.8620689655)  # the paper's 2.86
    assert own.values[5] is None  # two patients: no estimate
    assert own.labels is not None
    assert own.labels[5] == "2 patients, no estimate"
    drawn = {s.role: len(s.values) for s in data.series if s.role.startswith("patients:")}
    assert drawn == {"patients:2": 5, "patients:3": 3, "patients:4": 4, "patients:5": 2, "patients:6": 2}
    assert {r.role for r in data.references} == {"zero", "threshold", "overall"}
    assert "Fewer than 3: patients only" in data.notes[0]


def test_a_forest_has_the_threshold_that_the_user_chose() -> None:
    def marks(rule: Rule | None) -> dict[float, str]:
        data = improvement_forest(by_etiology(), sample().measures["pain"], "12m", rule=rule)
        return {r.value: r.label for r in data.references if r.role == "threshold"}

    assert marks(Rule("absolute", threshold=Decimal(3))) == {3.0: "threshold\u00a03"}
    assert marks(Rule("absolute", threshold=Decimal("2.5"))) == {2.5: "MCID\u00a02.5"}  # INSITE
    assert marks(Rule("percent", threshold=Decimal(30))) == marks(None) == {2.0: "MCID\u00a02"}


def test_groups_that_are_all_too_small_have_no_p_over_all_of_them_either() -> None:
    from lib.cohort.selection import Selection

    rule = Rule("absolute", threshold=Decimal(2))
    postpartum = compare(Analysis(sample(), Selection.of({"etiology": ("Postpartum",)})), ByColumn("center"))
    for comparison, said in ((postpartum, 0), (compare(Analysis(sample()), ByColumn("center")), 1)):
        family = rate_family(comparison, [("pain", responder_rates(comparison, "pain", "12m", rule))])
        notes = rate_gaps_table(family, "pain", comparison).notes
        assert sum("All groups at once" in note for note in notes) == said
        assert sum("Too few to test reliably: Heerlen (8), Enschede (5)" in note for note in notes) == 1 - said


def test_a_forest_keeps_its_height_and_axis_when_the_filter_moves() -> None:
    from lib.cohort.selection import Selection

    everyone = improvement_forest(by_etiology(), sample().measures["pain"], "12m")
    few = compare(Analysis(sample(), Selection.of({"center": ["Enschede"]})), ByColumn("etiology"))
    filtered = improvement_forest(few, sample().measures["pain"], "12m")
    assert filtered.x == everyone.x
    heights = [forest_figure(d)["layout"]["height"] for d in (everyone, filtered)]
    assert heights == [7 * ROW + TOP + BOTTOM] * 2


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    figure = plain(forest_figure(improvement_forest(by_etiology(), sample().measures["pain"], "12m")))
    arrows = [t for t in figure["data"] if str(t.get("marker", {}).get("symbol", "")).startswith("triangle-left")]
    assert len(arrows) == 1  # prior spinal fusion, n 3: from −5.57


def test_a_click_knows_its_row() -> None:
    figure = plain(forest_figure(improvement_forest(by_etiology(), sample().measures["pain"], "12m")))
    found = [point for t in figure["data"] for point in t.get("customdata", [])]
    assert [0, 0] in found
    assert all(point[1] == 0 or 2 <= point[1] <= 58 for point in found)


def test_labels_that_bite_are_escaped() -> None:
    of = cohort(60, etiologies=("<b>x</b>", "%{y}", "Other"))
    figure = json.dumps(forest_figure(improvement_forest(by_etiology(of), PAIN, FOLLOW_UP)))
    assert "<b>x</b>" not in figure
    assert "%{y}" not in figure.replace("%{customdata", "").replace("%{text}", "")


def test_rates_and_slides() -> None:
    comparison = by_etiology()
    data = rate_forest(comparison, "Responders", responder_rates(comparison, "pain", "12m", TWO))
    assert data.series[0].values[0] == pytest.approx(20 / 29)
    assert data.series[0].labels is not None
    assert data.series[0].labels[0] == "20 of 29 (69.0%)"
    assert data.series[0].labels[5] == "2 of 2"
    assert data.series[0].values[5] is None
    assert plain(forest_figure(data, group_styles(comparison), SLIDE))["layout"]["width"] == 1600


def test_a_merged_group_keeps_the_colour_of_its_first_label() -> None:
    styles = group_styles(by_etiology(None, Merge(("Unknown", "Degenerative"), "Other")))
    known = category_styles(sample().columns["etiology"].labels)  # type: ignore[union-attr]
    assert styles["Other"] == known["Degenerative"]
    assert styles["Postpartum"] == known["Postpartum"]
    thirds = group_styles(compare(Analysis(sample()), ByBaseline("pain")))
    assert len({s.color for s in thirds.values()}) == len(thirds)


def test_published_rows_stand_under_the_groups() -> None:
    pain = sample().measures["pain"]
    studies = published(pain)
    data = literature_forest(by_etiology(), pain, "12m", studies)
    assert len(data.categories) == 7 + len(studies)
    reference = next(s for s in data.series if s.role == "published")
    assert reference.values[:7] == (None,) * 7
    assert all(v is not None and v > 0 for v in reference.values[7:])  # improvement: less pain is positive
    assert data.x is not None
    assert data.x.high > 5.54
    table = literature_table(studies, pain)
    insite = next(row for row in table.rows if row[0].text.startswith("INSITE"))
    assert [c.text for c in insite[4:8]] == ["102", "8.20", "", "+5.54"]
    assert "printed on 0–100" in insite[9].text
    derived = next(row for row in table.rows if row[0].text.startswith("SIFI"))
    assert derived[7].text == "+4.94*"
    plain(forest_figure(data))


def test_between_table_is_about_improvement() -> None:
    comparison, pain = by_etiology(), sample().measures["pain"]
    family = score_family(comparison, ["pain", "eq_vas"], "12m")
    table = between_table(pain, family)
    assert len(table.rows) == 4  # each group of at least 3 against the average of all
    fit = family.of("pain").ancova
    assert not isinstance(fit, NotComputed)
    assert table.rows[0][1].value == pytest.approx(-fit.differences[0].difference.value)
    assert table.rows[0][0].text == "Postpartum − average of all"
    assert [bool(row[3].text) for row in table.rows] == [True, False, False, False]  # below 10 pairs no p
    assert all(row[2].text for row in table.rows)
    notes = " ".join(table.notes)
    assert "Primary outcome: one comparison" in notes
    assert "Without randomisation" in " ".join(table.notes)
    assert "Without randomisation" not in " ".join(between_table(pain, family, randomised=True).notes)
    assert "Exploratory, not the primary outcome" in " ".join(between_table(sample().measures["eq_vas"], family).notes)
    assert "outside the model: Posttraumatic (2), Degenerative (2)" in notes
    assert "Too few to test reliably: Unknown (5)" in notes
    checks = checks_table(pain, family)
    assert not isinstance(checks, NotComputed)
    assert [row[0].text for row in checks.rows][:4] == [
        "Do the groups differ, given baseline",
        "Equal slopes (baseline × group)",
        "Standard errors",
        "Residuals normal (Shapiro–Wilk)",
    ]
    assert quartiles_table(pain, family) is None
    two = checks_table(pain, score_family(compare(Analysis(sample()), ByColumn("center")), ["pain"], "12m"))
    assert not isinstance(two, NotComputed)
    assert two.rows[0][0].text == "Equal slopes (baseline × group)", "the difference of two groups is the test"


def test_nothing_tested_is_said_in_every_place() -> None:
    comparison = compare(Analysis(sample()), ByBaseline("pain"))
    pain = sample().measures["pain"]
    family = score_family(comparison, ["pain"], "12m")
    assert scores_title(pain, comparison, family).endswith("side by side, not tested")
    assert isinstance(checks_table(pain, family), NotComputed)
    assert "Not tested: groups cut from the baseline" in between_table(pain, family).notes[0]
    assert between_table(pain, family).rows[0][1].text == "not computed"
    rates = rate_family(comparison, [("pain", responder_rates(comparison, "pain", "12m", TWO))])
    assert "not tested" in rates_title("Responders", comparison, rates, "pain")
    assert "regression to the mean" in exploratory(comparison, 0, 1)


def test_words_of_a_title() -> None:
    assert [inside(w) for w in ("Etiology", "ASA class", "EQ VAS at baseline in thirds", "", "age")] == [
        "etiology",
        "ASA class",
        "EQ VAS at baseline in thirds",
        "",
        "age",
    ]
    comparison = by_etiology()
    family = score_family(comparison, ["pain"], "12m")
    title = scores_title(sample().measures["pain"], comparison, family)
    assert title.startswith("VAS pain by etiology: no clear difference between groups, given baseline (p")
    line = exploratory(comparison, family.size, 1)
    assert "each group against the average of all; p is of one comparison" in line
    assert "p of the primary outcome, VAS pain, are corrected for looking 4 times" in exploratory(
        comparison, 4, 3, "VAS pain"
    )
    assert not any(word in title + line for word in WORDS)


def test_groups_on_their_own() -> None:
    table = groups_table(by_etiology(), sample().measures["pain"], "12m", ("Before surgery", "12 months"))
    assert [c.text for c in table.rows[0]][:5] == ["All", "29", "7.83 (1.71)", "4.97 (2.63)", "+2.86 (2.94)"]
    assert table.rows[5][6].text == "too few for an estimate"
    assert table.rows[2][6].text == "too few to test reliably"
    short = groups_table(by_etiology(), sample().measures["pain"], "12m", ("", ""), short=True)
    assert len(short.columns) == 5
    empty = groups_table(by_etiology(cohort(0)), PAIN, FOLLOW_UP, ("", ""))
    assert [row[-1].text for row in empty.rows] == ["no complete pair"] * 5


def test_scatter_of_dots_and_of_cells() -> None:
    for of, measure, follow_up, role in (
        (sample(), "pain", "12m", "patients"),
        (sample("registry.csv"), "pain_back", "12m", "cells"),
    ):
        found = association(Analysis(of), measure, follow_up, Against("column", "age"))
        scale = of.measures[measure]
        x, y = number_axis(found.label, found.everybody, found.unit), gain_axis(of, scale, follow_up)
        data = association_data(found, scale, x, y, "finding")
        assert data.series[0].role == role
        assert x.low <= float(found.x.min())
        assert float(found.x.max()) <= x.high
        plain(association_figure(data))
        lines = " ".join(association_lines(scale, found))
        assert "Spearman rho" in lines
        assert "Pearson r" in lines


def test_scatter_of_nobody() -> None:
    of = cohort(20, missing=1.0)
    found = association(Analysis(of), "vas_pain", FOLLOW_UP, Against("baseline", "vas_pain"))
    x = number_axis(found.label, found.everybody)
    data = association_data(found, PAIN, x, gain_axis(of, PAIN, FOLLOW_UP), "finding")
    plain(association_figure(data))
    lines = " ".join(association_lines(PAIN, found))
    assert "not computed" in lines
    assert "regression to the mean" in lines


def test_time_points_show_n_under_the_axis() -> None:
    registry = sample("registry.csv")
    comparison = by_etiology(registry)
    found = trajectories(comparison.all, comparison, "pain_back")
    assert not isinstance(found, NotComputed)
    measure = registry.measures["pain_back"]
    data = trajectories_data(found, score_axis(registry, measure, "12m"), "t", "f")
    assert [s.role for s in data.series] == [f"group:{k}" for k in range(6)]  # 2,000 patients: no single lines
    figure = plain(trajectories_figure(data, group_styles(comparison)))
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    wide = [a["text"] for a in figure["layout"]["meta"]["wide"]["layout"]["annotations"]]
    for line in found.lines:
        assert all(str(p.n) in texts for p in line.points)
        assert all(f"{p.n}/{due}" in wide for p, due in zip(line.points, line.due, strict=True))
        last = line.points[-1].summary
        assert isinstance(last, Summary)
        assert any(text.startswith(line.label[:20]) and f"<b>{last.mean:.1f}</b>" in text for text in wide)
    ends = [a["y"] for a in figure["layout"]["meta"]["wide"]["layout"]["annotations"] if a.get("showarrow")]
    assert ends == sorted(ends, reverse=True)
    assert "75.4 to 77.2" in wide
    assert data.series[0].x == (0.0, 3.0, 12.0, 24.0)
    assert "group × time point" in trajectories_finding(measure, comparison, found)
    assert "missing at random" in " ".join(model_lines(found))


def test_time_points_of_few_draw_the_patients() -> None:
    comparison = by_etiology()
    found = trajectories(comparison.all, comparison, "pain")
    assert not isinstance(found, NotComputed)
    data = trajectories_data(found, score_axis(sample(), sample().measures["pain"], "12m"), "t", "f")
    patients = [s for s in data.series if s.role.startswith("patient:")]
    assert len(patients) == sum(len(line.values) for line in found.lines) == 57 - _without_any()
    plain(trajectories_figure(data, group_styles(comparison)))


def _without_any() -> int:
    of = sample()
    missing = -(2**63)
    return int(((of.counts("pain", "baseline") == missing) & (of.counts("pain", "12m") == missing)).sum())


def test_the_list_of_patients_has_rows_and_no_ids() -> None:
    of = sample()
    rows = with_pairs(Analysis(of), "pain", "12m")
    table = patients_table(of, rows, of.measures["pain"], ("12m",), title="All")
    assert [c.name for c in table.columns][:4] == ["Row", "Before surgery", "12 months", "Improvement"]
    first = table.rows[0]
    assert first[0].value == int(of.source_rows[rows[0]])
    assert first[3].value == pytest.approx(float(Analysis(of).pairs("pain", "12m").improvement[0]))
    assert len(table.rows) == 29
    many = cohort(400, missing=0.0)
    long = patients_table(many, with_pairs(Analysis(many), "vas_pain", FOLLOW_UP), PAIN, (FOLLOW_UP,), title="All")
    assert len(long.rows) == MOST_PATIENTS
    assert "The first 100 of 400 patients" in long.notes[-1]


def test_the_axis_of_a_large_cohort_is_not_stretched_by_single_patients() -> None:
    registry = sample("registry.csv")
    measure = registry.measures["pain_back"]
    axis = forest_axis(registry, measure, "12m")
    gains = registry.pairs("pain_back", "baseline", "12m").improvement
    assert axis.low <= 0 < 20 <= axis.high
    assert axis.high - axis.low < gains.max() - gains.min()
    assert (axis.low_words, axis.high_words) == ("more pain", "less pain")
