"""The list of statistics is true: a library call that fails takes along exactly the statistics that name it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.report.groups_text import grouping_of
from lib.report.numbers import results
from lib.report.report import build_report
from lib.report.statistics import STATISTICS, computed, libraries, versions
from lib.stats.case_mix import Covariate
from lib.stats.proportions import difference_of_rates
from lib.stats.responder_rule import Rule, Scale
from lib.stats.results import Test, to_record
from lib.stats.scores import Histogram
from tests.cohorts import cohort
from tests.sample import sample

RNG = np.random.default_rng(3)
FEW = Histogram.of(np.array([-3, -2, 0, 1, 4, 5, 5, 7, 8, 9, 11]))
MANY = Histogram.of(RNG.integers(-9, 20, 120))
BEFORE, AFTER = RNG.integers(0, 10, 120), RNG.integers(0, 10, 120)
X, Y = RNG.normal(0, 1, 60), RNG.normal(0, 1, 60)
THIRDS = np.arange(60) % 3
TIMES, STATUS, PATIENTS = RNG.integers(1, 900, 60), np.arange(60) // 2 % 3, np.arange(60) // 2
BIG_TABLE = RNG.integers(20, 90, (5, 6))
SCALE = Scale(Decimal(1), higher_is_better=False, low=Decimal(0), high=Decimal(10))
RULE = Rule("absolute", threshold=Decimal(2))
ONE = Decimal(1)
STATES = RNG.integers(1, 4, (40, 5))
A_TEST = Test("t", "t", 1.0, (3.0,), 0.03, "", 5)

EXAMPLES: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "scores.summarise": [((FEW, ONE), {})],
    "paired_tests.mean_interval": [((FEW, ONE, 0.95), {})],
    "paired_tests.paired_t": [((FEW,), {})],
    "paired_tests.shapiro_wilk": [((FEW,), {}), ((MANY,), {})],
    "paired_tests.signed_rank": [
        ((Histogram.of(np.array([1, 2, 3, 4, 6])), 0.95), {}),
        ((FEW, 0.95), {}),
        ((MANY, 0.95), {}),
    ],
    "paired_tests.sign_test": [((FEW, 0.95), {})],
    "hodges_lehmann.hodges_lehmann": [((FEW, ONE, 0.95), {}), ((MANY, ONE, 0.95), {})],
    "effect_sizes.standardised_changes": [
        ((Histogram.of(BEFORE), Histogram.of(AFTER + k), Histogram.of(AFTER + k - BEFORE), 0.95), {}) for k in (1, 30)
    ],
    "proportions.rate": [((3, 9), {})],
    "proportions.clopper_pearson_limits": [((3, 9, 0.95), {})],
    "proportions.difference_of_rates": [(((3, 9), (5, 11)), {})],
    "proportions.paired_difference": [((3, 4, 2, 5), {})],
    "proportions.number_needed_to_treat": [((difference_of_rates((3, 9), (5, 11)),), {})],
    "responders.count_responders": [((RULE, SCALE, BEFORE, AFTER), {})],
    "responder_rule.reliable_change": [((2.5, ONE, Decimal("0.8"), "stated"), {})],
    "responders.bounds": [((RULE, SCALE, 3, 9), {"baseline_only": BEFORE, "follow_up_only": AFTER, "neither": 2})],
    "responders.curve": [((BEFORE - AFTER, ONE), {})],
    "likert.summarise": [((RNG.integers(0, 5, 30), 5), {"agree_high": True})],
    "yes_no.mcnemar_exact": [((3, 9), {})],
    "yes_no.mcnemar_mid_p": [((3, 9), {})],
    "yes_no.marginal_homogeneity": [((BEFORE[:20], AFTER[:20]), {}), ((BEFORE, AFTER), {})],
    "health_states.pchc": [((STATES, STATES[::-1]), {})],
    "health_states.profile_grid": [((STATES, STATES[::-1], np.arange(1, 244)), {})],
    "events.summarise_events": [
        ((np.array([0, 0, 3]), np.array([0, 1, 1])), {"type_count": 2, "included": np.ones(9, dtype=bool)})
    ],
    "events.lowest_run": [(([1, 0, 5], [9, 9, 9]), {})],
    "contingency.chi_square": [((BIG_TABLE,), {})],
    "contingency.fisher_exact": [(([[3, 9], [8, 2]],), {}), ((BIG_TABLE,), {"draws": 50})],
    "ranks.mann_whitney": [((X[:9], Y[:9]), {}), ((X, Y), {})],
    "ranks.kruskal_wallis": [(((X[:20], X[20:40], X[40:]),), {})],
    "ranks.cliffs_delta": [((X, Y), {})],
    "groups.welch_difference": [((X, Y), {})],
    "table_one.welch_anova": [(((X[:20], X[20:40], X[40:]),), {})],
    "table_one.summarise_categorical": [((THIRDS, 3), {})],
    "groups.adjusted_differences": [((X, Y, THIRDS), {"groups": 3})],
    "mixed.fit_mixed": [((X, THIRDS, np.arange(60) // 3, (np.arange(60) // 3) % 2), {"time_points": 3, "groups": 2})],
    "mmrm.fit_repeated": [
        ((np.tile(X, k), np.tile(THIRDS, k), np.arange(60 * k) // 3), {"time_points": 3}) for k in (1, 30)
    ],
    "proportions.clustered_rate": [(([0, 1, 0, 1], [1, 2, 1, 1]), {}), (([0, 0], [1, 2]), {})],
    "results.sidak_p": [((0.01, 3), {})],
    "results.holm": [(([A_TEST, A_TEST],), {})],
    "correlation.pearson": [((X, Y), {})],
    "correlation.spearman": [((X, Y), {})],
    "correlation.smooth": [((X, Y), {})],
    "anchor.estimate_mcid": [
        ((BEFORE - AFTER, RNG.integers(0, 5, 120)), {"just_improved": {3}, "better": {4}, "draws": 20})
    ],
    "predictive_mic.predictive_mic": [((BEFORE - AFTER, RNG.random(120) < 0.5), {"draws": 20})],
    "anchor.distribution_based": [((X, 0.8), {})],
    "funnel.limits": [((0.6, [9, 11, 30], 0.95), {})],
    "centers.center_means": [((X, THIRDS), {"centers": 3})],
    "centers.center_rates": [
        ((X > 0, THIRDS), {"centers": 3}),
        ((X > 0, THIRDS), {"centers": 3, "expected": np.full(60, 0.45)}),
        ((X > 1.5, THIRDS), {"centers": 3, "expected": np.full(60, 0.05)}),
    ],
    "centers.shrunken_means": [((X + THIRDS, THIRDS), {"centers": 3, "draws": 20})],
    "surveillance.vlad": [((X > 0, np.full(60, 0.4)), {})],
    "surveillance.cusum": [((X > 0, np.full(60, 0.4)), {})],
    "survival.kaplan_meier": [((TIMES, STATUS), {}), ((TIMES, STATUS), {"cluster": PATIENTS})],
    "survival.aalen_johansen": [((TIMES, STATUS), {})],
    "survival.median_follow_up": [((TIMES, STATUS), {})],
    "survival.log_rank": [
        ((TIMES, STATUS, THIRDS), {"groups": 3}),
        ((TIMES, STATUS, THIRDS), {"groups": 3, "cluster": PATIENTS}),
    ],
    "survival.cox": [((TIMES, STATUS, THIRDS == 0), {})],
    "survival.rate_per_100_years": [((3, 4000.0), {})],
    "survival.repeated_rate_per_100_years": [((STATUS, TIMES), {}), ((STATUS * 0, TIMES), {})],
    "weighting.weighted": [
        ((X, Y > 0, [Covariate("x", X)]), {}),
        (((X > 0).astype(float), Y > 0, [Covariate("x", X)]), {"share": True}),
    ],
    "imputation.impute": [((X, np.where(Y > 0, Y, np.nan), []), {"draws": 5, "method": m}) for m in ("norm", "pmm")],
    "pooling.pool": [((X[:5], X[:5] ** 2, 60), {})],
    "pooling.pool_share": [((np.array([0.5, 0.6, 0.55]), 60), {})],
    "case_mix.linear": [((X, [Covariate("y", Y)]), {})],
    "case_mix.logistic": [(((X + Y > 0).astype(float), [Covariate("x", X)]), {})],
}
"""Data that reach every branch of a function that calls a library."""

CALLS = sorted({call for s in STATISTICS for call in s.code})


def _run(function: str) -> None:
    module, _, name = function.rpartition(".")
    for given, named in EXAMPLES[function]:
        getattr(import_module(f"lib.stats.{module}"), name)(*given, **named)


def _fails(*given: Any, **named: Any) -> Any:
    raise ZeroDivisionError("this library call fails")


class _Failing:
    """Stands for a distribution: whatever is called of it fails."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return _fails


def _called_from_lib(real: Any, *given: Any, **named: Any) -> Any:
    """Fails where our own code calls; a library that uses the same function inside goes on."""
    if "/lib/stats/" in sys._getframe(1).f_code.co_filename.replace("\\", "/"):
        _fails()
    return real(*given, **named)


def test_every_statistic_has_data_that_compute_it() -> None:
    assert {s.function for s in STATISTICS} == set(EXAMPLES)
    for function in EXAMPLES:
        _run(function)


@pytest.mark.parametrize("call", CALLS)
def test_a_failing_library_call_takes_along_exactly_what_names_it(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, name = call.rpartition(".")
    real = getattr(import_module(module), name)
    failing: Any = partial(_called_from_lib, real) if callable(real) and not hasattr(real, "cdf") else _Failing()
    for function in EXAMPLES:
        import_module(f"lib.stats.{function.rpartition('.')[0]}")
    for loaded in [m for key, m in sys.modules.items() if key.startswith("lib.stats.")]:
        for held, value in list(vars(loaded).items()):
            if value is real:
                monkeypatch.setattr(loaded, held, failing)
            if hasattr(value, "cache_clear"):  # what an earlier call left would hide the failure
                value.cache_clear()
    monkeypatch.setattr(import_module(module), name, failing)
    failed = set()
    for function in EXAMPLES:
        try:
            _run(function)
        except ZeroDivisionError:
            failed.add(function)
    assert failed == {s.function for s in STATISTICS if call in s.code}


def test_every_test_and_interval_of_a_record_is_on_the_list() -> None:
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("kind") in ("Test", "Interval"):
                found.add(f"{value['kind']} {value['name' if value['kind'] == 'Test' else 'method']}")
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for people, by in ((sample(), "center"), (cohort(90), "etiology")):
        walk(dict(results(build_report(Analysis(people)).plan, by)))
    unknown = {mark for mark in found if not any(mark.startswith(s.marks) for s in STATISTICS)}
    assert unknown == set()
    assert len(found) > 20


def test_only_what_computed_is_named() -> None:
    found = cohort(60, events=False)
    report = build_report(Analysis(found))
    names = {s.name for s in computed(dict(results(report.plan)))}
    assert "Paired t test" in names
    assert "Welch t test" not in names
    assert "Limits of a funnel plot" not in names
    assert libraries(computed([])) == ("numpy",)
    assert libraries(s for s in STATISTICS if s.function == "yes_no.mcnemar_mid_p") == ("numpy", "scipy")
    assert set(versions(STATISTICS)) >= {"cohortlens", "python", "numpy", "scipy"}
    used = libraries(computed(dict(results(report.plan))))
    assert ("statsmodels" in report.methods[-1]) == ("statsmodels" in used)
    assert "pandas" not in report.methods[-1]
    grouped = build_report(Analysis(found), comparison=compare(Analysis(found), grouping_of(found, "center")))
    assert {s.name for s in computed(dict(results(grouped.plan, "center")))} > names


def test_objects_and_records_show_the_same_statistics() -> None:
    plan = build_report(Analysis(cohort(60))).plan
    found = [plan.paired(m) for m in plan.measures]
    assert computed(found) == computed(to_record(found))
