"""Rates, yes/no, tables, ranks, Holm and balance against R (make_rates.R wrote expected.csv) and published examples."""

import csv
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from lib.stats.contingency import chi_square, fisher_exact
from lib.stats.proportions import (
    NumberNeeded,
    Proportion,
    difference_of_rates,
    number_needed_to_treat,
    paired_difference,
    rate,
)
from lib.stats.ranks import cliffs_delta, kruskal_wallis, mann_whitney
from lib.stats.responder_rule import Scale
from lib.stats.responders import ResponderResult, Rule, count_responders
from lib.stats.results import Estimate, Interval, Test, holm_p
from lib.stats.scores import resolution_of, to_counts
from lib.stats.table_one import choose_display, compare_numeric, smd_categorical, smd_numeric, summarise_numeric
from lib.stats.yes_no import YesNoResult, from_counts

HERE = Path(__file__).parent
CLOSE = {"rel": 1e-9, "abs": 1e-14}


def _read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


EXPECTED: dict[str, dict[str, float]] = defaultdict(dict)
for _row in _read("expected.csv"):
    EXPECTED[_row["case"]][_row["statistic"]] = float(_row["value"])


def _cases(kind: str) -> list[str]:
    found = [case for case in EXPECTED if case.startswith(f"{kind}_")]
    assert found
    return found


def _limits(result: object) -> tuple[float, float]:
    assert isinstance(result, Proportion | Estimate | NumberNeeded)
    assert isinstance(result.interval, Interval)
    return result.interval.low, result.interval.high


def _p(result: object) -> float:
    assert isinstance(result, Test)
    return result.p


@pytest.mark.parametrize("case", _cases("rate"))
def test_rates(case: str) -> None:
    _, count, n, confidence = case.split("_")
    expected = EXPECTED[case]
    wilson = _limits(rate(int(count), int(n), confidence=float(confidence)))
    exact = _limits(rate(int(count), int(n), confidence=float(confidence), method="clopper-pearson"))
    assert wilson == pytest.approx((expected["wilson_low"], expected["wilson_high"]), **CLOSE)
    assert exact == pytest.approx((expected["exact_low"], expected["exact_high"]), **CLOSE)


@pytest.mark.parametrize("case", _cases("yesno"))
def test_yes_no(case: str) -> None:
    a, b, c, d = (int(x) for x in case.split("_")[1:])
    result = from_counts(a, b, c, d)
    assert isinstance(result, YesNoResult)
    expected = EXPECTED[case]
    assert _p(result.exact) == pytest.approx(expected["exact"], **CLOSE)
    assert _p(result.mid_p) == pytest.approx(expected["mid_p"], **CLOSE)
    assert _p(result.fisher_association) == pytest.approx(expected["fisher"], **CLOSE)


@pytest.mark.parametrize("case", _cases("table"))
def test_tables(case: str) -> None:
    table = [[int(x) for x in row.split()] for row in case.removeprefix("table_").split(";")]
    expected = EXPECTED[case]
    chi, fisher = chi_square(table), fisher_exact(table)
    assert isinstance(chi, Test)
    assert isinstance(fisher, Test)
    assert (chi.statistic, chi.p) == pytest.approx((expected["chi_square"], expected["chi_p"]), **CLOSE)
    assert chi.df == (expected["df"],)
    # R's FEXACT works with hashed, rounded path lengths, so r × c agrees to about eight digits only.
    assert fisher.p == pytest.approx(expected["fisher"], rel=1e-9 if len(table) == len(table[0]) == 2 else 1e-7)
    assert fisher.method == "exact"


def _groups(case: str) -> list[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for row in _read("ranks.csv"):
        if f"ranks_{row['case']}" == case:
            groups[row["group"]].append(int(row["value"]))
    return [groups[key] for key in sorted(groups)]


@pytest.mark.parametrize("case", _cases("ranks"))
def test_ranks(case: str) -> None:
    groups, expected = _groups(case), EXPECTED[case]
    kruskal = kruskal_wallis(groups)
    assert isinstance(kruskal, Test)
    assert kruskal.statistic == pytest.approx(expected["H"], **CLOSE)
    for name in {"H_p", "H_exact"} & set(expected):
        assert kruskal.p == pytest.approx(expected[name], **CLOSE)
    if "H_drawn" in expected:  # 100,000 draws here, a million in R: four standard errors
        assert kruskal.p == pytest.approx(expected["H_drawn"], abs=4 * (expected["H_drawn"] / 1e5) ** 0.5)
    if len(groups) > 2:
        return
    whitney, delta = mann_whitney(*groups), cliffs_delta(*groups)
    assert isinstance(whitney, Test)
    assert isinstance(delta, Estimate)
    assert whitney.statistic == expected["U"]
    assert delta.value == pytest.approx(expected["delta"], **CLOSE)
    if "delta_low" in expected:
        assert _limits(delta) == pytest.approx((expected["delta_low"], expected["delta_high"]), **CLOSE)
    for name in {"exact_p", "coin_p", "normal_p"} & set(expected):
        assert whitney.p == pytest.approx(expected[name], **CLOSE)


def test_holm() -> None:
    expected = EXPECTED["holm"]
    assert holm_p([0.01, 0.04, 0.03, 0.005, 0.04, 0.9]) == pytest.approx([expected[str(i)] for i in range(1, 7)])


FIRST, SECOND, THIRD = (
    np.array(x, dtype=float) for x in ([34, 41.5, 29, 50, 38], [44, 47, 39, 61, 52, 40], [30, 31, 44, 45])
)


def test_standardised_differences() -> None:
    expected = EXPECTED["smd"]
    got = {
        "numeric_2": smd_numeric([FIRST, SECOND]),
        "numeric_3": smd_numeric([FIRST, SECOND, THIRD]),
        "two_levels": smd_categorical([[7, 22], [14, 14]]),
        "three_levels": smd_categorical([[13, 8, 8], [11, 4, 13]]),
        "absent_level": smd_categorical([[13, 8, 8], [11, 17, 0]]),
        "three_groups": smd_categorical([[5, 3, 2], [4, 4, 9], [1, 6, 6]]),
    }
    assert got == pytest.approx(expected, **CLOSE)


def test_table_one() -> None:
    expected = EXPECTED["welch"]
    welch = compare_numeric([FIRST, SECOND], shown="mean (SD)")
    anova = compare_numeric([FIRST, SECOND, THIRD], shown="mean (SD)")
    assert isinstance(welch, Test)
    assert isinstance(anova, Test)
    assert (welch.statistic, welch.p) == pytest.approx((expected["t"], expected["t_p"]), **CLOSE)
    assert (anova.statistic, anova.p, anova.df[1]) == pytest.approx(
        (expected["F"], expected["F_p"], expected["F_df"]), **CLOSE
    )
    values = np.array([18.2, 21.4, 19.9, 33.1, 24.0, 22.2, 27.5, 41.3, np.nan])
    summary, shapiro = summarise_numeric(values), choose_display(values).shapiro
    for name in ("mean", "sd", "median", "q1", "q3"):
        assert getattr(summary.values, name) == pytest.approx(EXPECTED["numeric"][name], **CLOSE)
    assert (summary.n, summary.missing) == (8, 1)
    assert _p(shapiro) == pytest.approx(EXPECTED["numeric"]["shapiro_p"], rel=1e-6)


# Newcombe, Stat Med 1998;17:873, table II, method 10 (first − second, as printed)
@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_two_groups(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    assert _limits(difference_of_rates(second, first)) == pytest.approx((low, high), abs=5.1e-5)


# Newcombe, Stat Med 1998;17:2635, method 10; and the sample cohort's opioids, 13 of 29 to 7 of 29
@pytest.mark.parametrize(
    ("table", "value", "low", "high", "digits"),
    [
        ((36, 12, 2, 0), -0.2, -0.3404, -0.0569, 4),
        ((6, 7, 1, 15), -0.206896551724, -0.377744395957, -0.015439592422, 12),
    ],
)
def test_newcombe_paired(table: tuple[int, int, int, int], value: float, low: float, high: float, digits: int) -> None:
    result = paired_difference(*table)
    assert isinstance(result, Estimate)
    within = 0.51 * 10.0**-digits
    assert result.value == pytest.approx(value, abs=within)
    assert _limits(result) == pytest.approx((low, high), abs=within)


def test_number_needed_to_treat_of_the_headache_trial() -> None:
    """Vickers 2004, responders 87/161 against 45/140: 0.2189 (0.1070 to 0.3228), one in 4.6 (3.1 to 9.3)."""
    difference = difference_of_rates((45, 140), (87, 161))
    assert isinstance(difference, Estimate)
    needed = number_needed_to_treat(difference)
    assert isinstance(needed, NumberNeeded)
    assert difference.value == pytest.approx(0.2189, abs=5.1e-5)
    assert _limits(difference) == pytest.approx((0.1070, 0.3228), abs=5.1e-5)
    assert (needed.value, *_limits(needed)) == pytest.approx((4.6, 3.1, 9.3), abs=0.051)
    assert needed.higher == "second"


def test_the_papers_opioids() -> None:
    """Exact McNemar 0.0703125, mid-p 0.0390625; its printed 0.026 is Fisher's test of association."""
    result = from_counts(6, 7, 1, 15)
    assert isinstance(result, YesNoResult)
    assert (_p(result.exact), _p(result.mid_p)) == pytest.approx((0.0703125, 0.0390625), rel=1e-12)
    assert round(_p(result.fisher_association), 3) == 0.026


@pytest.mark.skipif("COHORTLENS_PUBLIC_DATA" not in os.environ, reason="COHORTLENS_PUBLIC_DATA is not set")
def test_the_headache_trials_responders() -> None:
    """Vickers 2004: headache score down by at least 35% at one year in 87 of 161 and 45 of 140 patients."""
    path = Path(os.environ["COHORTLENS_PUBLIC_DATA"]) / "acupuncture_headache" / "acupuncture.csv"
    with path.open(encoding="utf-8-sig") as lines:
        rows = [row for row in csv.DictReader(lines) if row["pk1"].strip() and row["pk5"].strip()]
    found = {}
    for group in ("0", "1"):
        before, after = (np.array([float(row[x]) for row in rows if row["group"] == group]) for x in ("pk1", "pk5"))
        step = resolution_of(np.concatenate((before, after)))
        scale = Scale(step, higher_is_better=False, low=Decimal(0), high=None)
        rule = Rule("percent", Decimal(35))
        result = count_responders(rule, scale, to_counts(before, step), to_counts(after, step))
        assert isinstance(result, ResponderResult)
        found[group] = (result.responders, result.n)
    assert found == {"0": (45, 140), "1": (87, 161)}
