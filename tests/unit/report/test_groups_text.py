"""Groups, Table 1 and health states in the methods and results text: the numbers of the results, for every reader."""

from __future__ import annotations

import re

import pytest

from lib.analysis import Analysis
from lib.analysis.eq5d import change_classes
from lib.analysis.grouped_patients import patients_table
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.scores import score_family
from lib.cohort.grouping import ByBaseline, ByColumn, Grouping, Named, TwoCohorts, VersusRest
from lib.cohort.selection import Selection
from lib.disclosure.readers import Reader
from lib.present.wording import number, p_value, plain_spaces
from lib.report.report import Report, build_report
from lib.stats.health_states import PchcResult
from lib.stats.responders import ResponderResult
from lib.stats.results import NotComputed, Test
from tests.cohorts import cohort
from tests.sample import sample


def report(grouping: Grouping | None, reader: Reader = Reader.DEPARTMENT) -> Report:
    analysis = Analysis(sample())
    return build_report(analysis, reader=reader, comparison=compare(analysis, grouping) if grouping else None)


def paragraph(texts: tuple[str, ...], start: str) -> str:
    (found,) = [text for text in texts if text.startswith(start)]
    return found


def test_two_groups_are_told_with_n_estimate_test_and_the_size_of_holm() -> None:
    found = report(ByColumn("center"))
    comparison = found.plan.comparison
    assert comparison is not None
    family = score_family(comparison, [m.key for m in found.plan.measures], "12m")
    methods = paragraph(found.methods, "Groups: 2 groups by center")
    assert "The primary outcome is VAS pain. Other outcomes are exploratory and not corrected." in methods
    text = paragraph(found.results, "VAS pain by center, mean improvement: ")
    fit = family.of("pain").ancova
    assert not isinstance(fit, NotComputed)
    assert plain_spaces(p_value(fit.differences[0].test.p)) in text
    for label, group in comparison.groups:
        assert re.search(rf"{label} [+−]?\d+\.\d\d \(95% CI [^;]+; n = {group.pairs('pain', '12m').n}\)", text)
    adjusted = -fit.differences[0].difference.value  # less pain is an improvement
    assert f"Adjusted for baseline: Enschede minus Heerlen {'+' if adjusted > 0 else ''}{number(adjusted, 2)}" in text
    rates = paragraph(found.results, "Responders in VAS pain by center: no clear difference")
    for label, group in comparison.groups:  # no p without the rates it is about
        result = group.responders("pain", "12m", found.plan.rules["pain"])
        assert isinstance(result, ResponderResult)
        assert f"{label} {result.responders} of {result.evaluable} (" in rates


def test_table_one_names_the_tests_it_used() -> None:
    found = report(ByColumn("center"))
    table = patients_table(found.plan.analysis, found.plan.comparison, "12m")
    methods = paragraph(found.methods, "Table 1: ")
    tests = [row.test for row in table.rows if isinstance(row.test, Test)]
    assert all(test.name in methods for test in tests)
    below = sum(test.p < 0.05 for test in tests)
    text = paragraph(found.results, "Table 1 by center: ")
    assert f"{len(tests)} variables tested {below or 'none'} ha" in text
    alone = paragraph(report(None).methods, "Table 1: ")
    assert "standardised" not in alone
    assert not [p for p in report(None).results if p.startswith("Table 1")]


def test_health_states_are_told_by_class() -> None:
    found = report(ByColumn("center"))
    classes = change_classes(found.plan.analysis, "12m")
    assert isinstance(classes, PchcResult)
    text = paragraph(found.results, "EQ-5D health state: ")
    assert f"{classes.better} of {classes.n} patients better, {classes.worse} worse, {classes.mixed} mixed" in text
    assert "By center, better: " in text
    assert "Devlin" in paragraph(found.methods, "EQ-5D health states")
    without = build_report(Analysis(cohort(40)))
    assert not [p for p in (*without.methods, *without.results) if p.startswith("EQ-5D health")]


@pytest.mark.parametrize(
    ("grouping", "words"),
    [
        (ByBaseline("pain"), "regression to the mean alone"),
        (
            TwoCohorts(Named(Selection.of({"center": ["Heerlen"]})), Named(Selection.of({"etiology": ["Postpartum"]}))),
            "share patients",
        ),
    ],
)
def test_groups_that_may_not_be_tested_are_not(grouping: Grouping, words: str) -> None:
    found = report(grouping)
    methods = paragraph(found.methods, "Groups: ")
    assert words in methods
    assert "Holm" not in methods
    text = " ".join(found.results)
    assert "given baseline" not in text
    assert "adjusted:" not in text
    assert "side by side, not tested" in text


def test_a_congress_reads_no_mean_of_few() -> None:
    """Etiologies of the sample have 13, 5, 3, 4, 2 and 2 pairs."""
    said = " ".join(report(ByColumn("etiology"), Reader.CONGRESS).results)
    assert re.search(r"EQ VAS by etiology, mean improvement: Postpartum [+−]\d", said)
    assert "Unknown not computed (fewer than 10 patients, only their number is shown)" in said
    assert "Adjusted for baseline: ." not in said


def test_no_causal_words() -> None:
    for grouping in (ByColumn("center"), VersusRest(Selection.of({"etiology": ["Postpartum"]}))):
        found = report(grouping)
        text = " ".join((*found.methods, *found.results)).casefold()
        assert not re.search(r"\b(caused|because of surgery|effective|efficacy|led to|significant)\b", text)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("reader", list(Reader))
def test_few_patients(n: int, reader: Reader) -> None:
    analysis = Analysis(cohort(n))
    found = build_report(analysis, reader=reader, comparison=compare(analysis, ByColumn("etiology")))
    assert all(p.strip() == p and p for p in (*found.methods, *found.results))
    assert reader is Reader.PUBLIC or [p for p in found.methods if p.startswith("Groups: ")]
