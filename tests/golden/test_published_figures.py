"""Every figure of the paper, through the product's own import and Analysis, to the printed decimal."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.safety import SafetyOf, populations, safety_of
from lib.cohort.cohort import BASELINE, Category, Number
from lib.stats import table_one
from lib.stats.paired import PairedResult
from lib.stats.responders import ResponderResult, Rule
from lib.stats.results import Test
from tests.sample import sample

ROWS = list(csv.DictReader((Path(__file__).parent / "published_figures.csv").read_text("utf-8").splitlines()))
TIME_POINTS = {"pre": BASELINE, "12m": "12m"}
# the golden file uses the columns' names, the product the names of its catalogue
MEASURES = {"vas_pain": "pain", "eq_vas": "eq_vas", "eq5d3l_index:europe_vas": "eq5d3l_index:europe_vas"}
STATEMENTS = {
    "complaints_reduced": "complaints_reduced",
    "free_of_complaints": "complaint_free",
    "health_improved": "health_improved",
    "qol_improved": "quality_of_life_improved",
    "same_surgery_again": "same_surgery_again",
    "recommend_surgery": "would_recommend",
    "satisfied": "satisfied_with_results",
}


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return Analysis(sample())


def figure(analysis: Analysis, key: str, statistic: str) -> float:
    """The product's number for one row."""
    kind, _, rest = key.partition(":")
    return {
        "flow": _flow,
        "number": _number,
        "category": _category,
        "paired": _paired,
        "responders": _responders,
        "statement": _statement,
        "yesno": _yes_no,
        "yesno_paired": _yes_no_paired,
        "events": _events,
    }[kind](analysis, rest, statistic)


def _flow(analysis: Analysis, rest: str, statistic: str) -> float:
    flow = analysis.flow("12m")
    pairs = analysis.pairs("pain", "12m")
    return {"operated": flow.operated, "analysed": flow.analysed, "lack_a_questionnaire": pairs.excluded.total}[
        statistic
    ]


def _number(analysis: Analysis, rest: str, statistic: str) -> float:
    column = analysis.cohort.columns[rest]
    assert isinstance(column, Number)
    values = table_one.summarise_numeric(column.values[analysis.people("12m")]).values
    return {"mean": values.mean, "sd": values.sd}[statistic]


def _category(analysis: Analysis, rest: str, statistic: str) -> float:
    name, _, answer = rest.partition("=")
    column = analysis.cohort.columns[name]
    if isinstance(column, Number):  # the number of implants
        values = column.values[analysis.people("12m")]
        known = values[~np.isnan(values)]
        count = int(np.count_nonzero(known == float(answer)))
        return {"count": count, "n": len(known), "percent": 100 * count / len(known)}[statistic]
    assert isinstance(column, Category)
    found = table_one.summarise_categorical(column.codes[analysis.people("12m")], len(column.labels))
    count = found.counts[column.labels.index(answer)]
    return {"count": count, "n": found.n, "percent": 100 * count / found.n}[statistic]


def _paired(analysis: Analysis, rest: str, statistic: str) -> float:
    measure = analysis.cohort.measure(MEASURES[rest.removesuffix(":12m")])
    result = analysis.paired(measure.key, "12m")
    pairs = analysis.pairs(measure.key, "12m")
    assert isinstance(result, PairedResult)
    assert isinstance(result.t_test, Test)
    assert result.choice == "t"  # the paper's test is what the rule chooses
    return {
        "mean_baseline": result.baseline.mean,
        "sd_baseline": result.baseline.sd,
        "mean_follow_up": result.follow_up.mean,
        "sd_follow_up": result.follow_up.sd,
        "mean_improvement": measure.sign * result.mean_change.value,
        "sd_change": result.change.sd,
        "sum_baseline": pairs.baseline.sum(),
        "sum_follow_up": pairs.follow_up.sum(),
        "sum_improvement": pairs.improvement.sum(),
        "t": measure.sign * result.t_test.statistic,
        "df": result.t_test.df[0],
        "p": result.t_test.p,
        "p_below": result.t_test.p,
    }[statistic]


def _responders(analysis: Analysis, rest: str, statistic: str) -> float:
    name, rule_words = rest.rsplit(":", 1)
    kind, _, value = rule_words.replace("<=", ">=").partition(">=")
    rule = Rule("absolute", threshold=Decimal(value)) if kind == "improvement" else Rule("state", state=Decimal(value))
    found = analysis.responders(MEASURES[name.removesuffix(":12m")], "12m", rule)
    assert isinstance(found, ResponderResult)
    return {"count": found.rate.count, "n": found.rate.n, "percent": 100 * found.rate.share}[statistic]


def _statement(analysis: Analysis, rest: str, statistic: str) -> float:
    found = analysis.statement(STATEMENTS[rest.removesuffix(":12m")], "12m")
    return {
        "top_two_count": found.top_two.count,
        "n": found.n,
        "top_two_percent": 100 * found.top_two.share,
    }[statistic]


def _yes_no(analysis: Analysis, rest: str, statistic: str) -> float:
    outcome, _, time_point = rest.partition(":")
    found = analysis.share_yes(outcome, TIME_POINTS[time_point], "12m")
    return {"count": found.count, "n": found.n, "percent": 100 * found.share}[statistic]


def _yes_no_paired(analysis: Analysis, rest: str, statistic: str) -> float:
    found = analysis.yes_no(rest.removesuffix(":12m"), "12m")
    return {
        "both": found.both,
        "stopped": found.stopped,
        "started": found.started,
        "neither": found.neither,
        "p_fisher": found.fisher_association.p,
        "p_mcnemar_exact": found.exact.p,
    }[statistic]


def _events(analysis: Analysis, rest: str, statistic: str) -> float:
    # the paper counts over the analysed; everybody treated is the headline of the product
    found = safety_of(analysis, populations(analysis, "12m")[-1])
    assert isinstance(found, SafetyOf)
    if rest == "any":
        patients = found.any.patients
    else:
        by, _, name = rest.partition("=")
        tally = next(t for t in found.tallies if t.kind == ("Type" if by == "type" else "Timing"))
        patients = tally.summary.by_type[tally.names.index(name)].patients
        if statistic.startswith("patients_"):
            return _patients_with(analysis, name, statistic)
    return {"count": patients.count, "n": patients.n, "percent": 100 * patients.share}[statistic]


def _patients_with(analysis: Analysis, event: str, statistic: str) -> float:
    """What the paper tells about the patients of one event."""
    cohort, events = analysis.cohort, analysis.cohort.events
    people = analysis.people("12m")
    rows = [int(p) for p, t in zip(events.patient, events.type, strict=True) if t == event and people[p]]
    before, after = cohort.counts("pain", BASELINE), cohort.counts("pain", "12m")
    side, position = cohort.columns["side"], cohort.columns["implant_position"]
    again = cohort.answers["same_surgery_again", "12m"]
    return {
        "patients_8_to_7": sum(before[r] == 8 and after[r] == 7 for r in rows),
        "patients_6_to_3": sum(before[r] == 6 and after[r] == 3 for r in rows),
        "patients_right_side": sum(side.labels[side.codes[r]] == "Right" for r in rows),
        "patients_inadequate_position": sum(position.labels[position.codes[r]] != "Adequate" for r in rows),
        "patients_same_surgery_again": sum(again[r] >= 3 for r in rows),
    }[statistic]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['key']} {row['statistic']}")
def test_the_sample_shows_the_published_figure(row: dict[str, str], analysis: Analysis) -> None:
    found = figure(analysis, row["key"], row["statistic"])
    expected = Decimal(row["value"])
    if row["statistic"] == "p_below":
        assert found < float(expected)
        return
    shown = Decimal(repr(float(found))).quantize(Decimal(1).scaleb(-int(row["decimals"])), rounding=ROUND_HALF_UP)
    assert shown == expected


def test_worst_and_best_case_of_the_sample(analysis: Analysis) -> None:
    bounds = analysis.responder_bounds("pain", "12m", Rule("absolute", threshold=Decimal(2)))
    assert (bounds.worst.count, bounds.best.count, bounds.n) == (20, 48, 57)


def test_the_rule_chooses_the_paired_t_test_with_room(analysis: Analysis) -> None:
    for measure in MEASURES.values():
        assert analysis.paired(measure, "12m").shapiro.p > 0.10


def test_gaps_are_counted_by_reason(analysis: Analysis) -> None:
    excluded = analysis.pairs("pain", "12m").excluded
    assert (excluded.no_baseline, excluded.no_follow_up, excluded.neither, excluded.illegal) == (19, 9, 0, 0)
    assert np.count_nonzero(analysis.people("12m")) == 29
