"""Every statistic of the product in one list: what it is called, whose code computes it, what it is checked against.

Methods text, analysis file and workbook name the libraries and statistics of what they hold by this list and by nothing
else. `tests/unit/report/test_statistics.py` makes every library call fail in turn and expects exactly the statistics to
fail that name it here; `tests/test_architecture.py` refuses a library call in `lib/stats/` that no row names.
"""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from lib.settings import VERSION

NAMES = {"numpy": "NumPy", "scipy": "SciPy", "statsmodels": "statsmodels", "pandas": "pandas"}
"""Libraries that may compute, as a methods section writes them. NumPy holds every value, so it always does."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic.

    Attributes:
        name: as a methods section names it.
        function: what computes it, in `lib.stats`.
        code: the library calls it rests on ("scipy.special.stdtr"); none where the code is our own.
        marks: how a result shows that it was computed: the name of a test, the method of an interval, or the class of a
            result, each from its beginning.
        checked: what its golden numbers come from.
    """

    name: str
    function: str
    code: tuple[str, ...]
    marks: tuple[str, ...]
    checked: str


_LONG = {"special": "scipy.special", "stats": "scipy.stats", "optimize": "scipy.optimize", "sm": "statsmodels"}


def _of(*names: str) -> tuple[str, ...]:
    """Library calls by the short name of their library: "special.ndtr", "sm.stats.rates.confint_poisson"."""
    parts = (name.partition(".") for name in names)
    return tuple(f"{_LONG[library]}.{rest}" for library, _, rest in parts)


_T_TEST = ("scipy.stats.ttest_1samp",)
_SHARE = ("statsmodels.stats.proportion.proportion_confint",)

_T_AND_F = ("scipy.special.fdtrc", "scipy.special.stdtr", "scipy.special.stdtrit")
STATISTICS: tuple[Statistic, ...] = (
    Statistic("Mean, SD, quartiles", "scores.summarise", (), ("Summary", "NumericSummary"), "R mean, sd, quantile"),
    Statistic("Interval of a mean", "paired_tests.mean_interval", _T_TEST, ("Interval t",), "R t.test"),
    Statistic("Paired t test", "paired_tests.paired_t", _T_TEST, ("Test paired t test",), "R t.test(paired = TRUE)"),
    Statistic(
        "Shapiro–Wilk test",
        "paired_tests.shapiro_wilk",
        _of("stats.shapiro"),
        ("Test Shapiro–Wilk", "Display"),
        "R shapiro.test",
    ),
    Statistic(
        "Wilcoxon signed-rank test and rank-biserial correlation",
        "paired_tests.signed_rank",
        _of("optimize.brentq", "special.ndtr", "special.owens_t"),
        ("Test Wilcoxon signed-rank test", "WilcoxonResult", "Interval jackknife", "Interval score, normal shift"),
        "R exactRankTests::wilcox.exact, wilcox.test",
    ),
    Statistic(
        "Sign test",
        "paired_tests.sign_test",
        _of("stats.binomtest", "sm.stats.proportion.proportion_confint"),
        ("SignResult", "Test sign test"),
        "R binom.test",
    ),
    Statistic(
        "Hodges–Lehmann median of the changes",
        "hodges_lehmann.hodges_lehmann",
        _of("special.ndtri"),
        ("Interval signed-rank",),
        "R exactRankTests::wilcox.exact(conf.int = TRUE)",
    ),
    Statistic(
        "Standardised changes",
        "effect_sizes.standardised_changes",
        _of("special.chdtrc", "special.gammainccinv", "special.gammaincinv", "special.ndtr", "special.roots_legendre"),
        ("Interval noncentral t",),
        "R pt(ncp =), effectsize::cohens_d",
    ),
    Statistic(
        "Rate with Wilson interval", "proportions.rate", _SHARE, ("Interval Wilson",), "R prop.test(correct = FALSE)"
    ),
    Statistic(
        "Clopper–Pearson interval",
        "proportions.clopper_pearson_limits",
        _SHARE,
        ("Interval Clopper–Pearson",),
        "R binom.test",
    ),
    Statistic(
        "Difference of two rates (Newcombe)",
        "proportions.difference_of_rates",
        _of("sm.stats.proportion.confint_proportions_2indep"),
        ("Interval Newcombe, two groups",),
        "Newcombe 1998, table II",
    ),
    Statistic(
        "Difference of paired rates (Newcombe)",
        "proportions.paired_difference",
        _SHARE,
        ("Interval Newcombe, paired",),
        "Newcombe 1998, table III",
    ),
    Statistic(
        "Share of operations, several of one patient",
        "proportions.clustered_rate",
        _of("special.betaincinv", "special.stdtrit", "sm.stats.proportion.proportion_confint"),
        ("PerProcedure", "Interval Korn–Graubard"),
        "R survey::svyciprop",
    ),
    Statistic(
        "Number needed to treat", "proportions.number_needed_to_treat", (), ("NumberNeeded",), "Altman 1998, example"
    ),
    Statistic("Responders", "responders.count_responders", _SHARE, ("ResponderResult",), "R prop.test"),
    Statistic("Reliable change", "responder_rule.reliable_change", (), ("reliable",), "Jacobson & Truax 1991"),
    Statistic("Worst and best case", "responders.bounds", _SHARE, ("ResponderBounds",), "R prop.test"),
    Statistic("Share improved by at least x", "responders.curve", _SHARE, ("ResponderCurve",), "R ecdf, prop.test"),
    Statistic("Answers to statements", "likert.summarise", _SHARE, ("LikertResult",), "R table, prop.test"),
    Statistic(
        "Exact McNemar test",
        "yes_no.mcnemar_exact",
        _of("stats.binom", "sm.stats.contingency_tables.mcnemar"),
        ("Test McNemar test",),
        "R binom.test",
    ),
    Statistic(
        "McNemar test, mid-p", "yes_no.mcnemar_mid_p", _of("stats.binom"), ("Test McNemar test, mid-p",), "R pbinom"
    ),
    Statistic(
        "Marginal homogeneity of ordered levels",
        "yes_no.marginal_homogeneity",
        _of("special.ndtr"),
        ("Test marginal homogeneity test",),
        "R coin::mh_test, perm.test",
    ),
    Statistic("Paretian classes of EQ-5D", "health_states.pchc", (), ("PchcResult",), "Devlin, Parkin & Browne 2010"),
    Statistic("Adverse events", "events.summarise_events", _SHARE, ("EventSummary",), "R binom.test"),
    Statistic(
        "Chi-square test",
        "contingency.chi_square",
        _of("stats.chi2_contingency"),
        ("Test chi-square test",),
        "R chisq.test(correct = FALSE)",
    ),
    Statistic(
        "Fisher’s exact test",
        "contingency.fisher_exact",
        _of("special.gammaln", "stats.fisher_exact", "stats.hypergeom"),
        ("Test Fisher's exact test",),
        "R fisher.test",
    ),
    Statistic(
        "Mann–Whitney test",
        "ranks.mann_whitney",
        _of("stats.mannwhitneyu"),
        ("Test Mann–Whitney",),
        "R wilcox.exact, wilcox.test",
    ),
    Statistic(
        "Kruskal–Wallis test", "ranks.kruskal_wallis", _of("stats.kruskal"), ("Test Kruskal–Wallis",), "R kruskal.test"
    ),
    Statistic(
        "Cliff’s delta",
        "ranks.cliffs_delta",
        _of("special.stdtrit"),
        ("Interval Feng & Cliff",),
        "R effectsize::cliffs_delta",
    ),
    Statistic(
        "Welch t test",
        "groups.welch_difference",
        _of("stats.ttest_ind"),
        ("Test Welch t test", "Interval Welch", "WelchResult"),
        "R t.test",
    ),
    Statistic(
        "Welch ANOVA",
        "table_one.welch_anova",
        _of("sm.stats.oneway.anova_oneway"),
        ("Test Welch ANOVA",),
        "R oneway.test",
    ),
    Statistic(
        "Counts and shares of a category", "table_one.summarise_categorical", (), ("CategoricalSummary",), "R table"
    ),
    Statistic(
        "Analysis of covariance on baseline",
        "groups.adjusted_differences",
        _of("special.fdtrc", "special.stdtr", "special.stdtrit", "stats.shapiro", "sm.regression.linear_model.OLS"),
        (
            "AncovaResult",
            "Test group, given baseline",
            "Test difference adjusted",
            "Test baseline × group",
            "Interval ANCOVA",
            "Interval follow-up on baseline",
        ),
        "R lm, anova",
    ),
    Statistic(
        "Model for repeated measures, unstructured covariance",
        "mmrm.fit_repeated",
        (*_T_AND_F, "scipy.special.chdtrc", "scipy.special.ndtr", "scipy.special.ndtri"),
        ("RepeatedResult",),
        "R nlme::gls, Kenward–Roger by dense matrices as pbkrtest",
    ),
    Statistic(
        "Random-intercept model over time points",
        "mixed.fit_mixed",
        _of("special.fdtrc", "special.stdtr", "special.stdtrit"),
        ("MixedResult",),
        "R nlme::lme",
    ),
    Statistic(
        "Šidák’s correction of comparisons between groups",
        "results.sidak_p",
        (),
        ("Contrast", "RateGap", "SidakFamily"),
        "R 1 − (1 − p)^m, qt at level^(1/m)",
    ),
    Statistic("Holm’s correction", "results.holm", (), ("HolmFamily",), "R p.adjust"),
    Statistic(
        "Pearson correlation",
        "correlation.pearson",
        _of("special.ndtri", "special.stdtr", "stats.pearsonr"),
        ("CorrelationResult",),
        "R cor.test",
    ),
    Statistic(
        "Spearman correlation",
        "correlation.spearman",
        _of("special.ndtri", "special.stdtr", "stats.spearmanr"),
        ("CorrelationResult",),
        "R cor.test",
    ),
    Statistic("Local regression", "correlation.smooth", _of("special.stdtrit"), ("Smooth",), "R loess"),
    Statistic(
        "Anchor-based MCID",
        "anchor.estimate_mcid",
        _of("special.expit", "special.logit", "special.ndtri", "special.stdtr", "special.stdtrit", "stats.spearmanr"),
        ("AnchorMcid",),
        "R pROC::ci.auc, t.test",
    ),
    Statistic("Predictive MIC", "predictive_mic.predictive_mic", (), ("PredictiveMic",), "R glm, Terluin 2017, 2022"),
    Statistic("Distribution-based MCID", "anchor.distribution_based", (), ("DistributionBased",), "R sd"),
    Statistic("Limits of a funnel plot", "funnel.limits", _of("stats.binom"), ("FunnelLimits",), "R qbinom, pbinom"),
    Statistic("Means of centers", "centers.center_means", (), ("CenterMeans",), "R lm, qt"),
    Statistic(
        "Rates of centers",
        "centers.center_rates",
        _of("special.expit", "special.logit", "special.ndtr", "stats.binom"),
        ("CenterRates",),
        "R pbinom, poibin",
    ),
    Statistic(
        "Shrunken means of centers", "centers.shrunken_means", _of("optimize.brentq"), ("Shrunken",), "R lme4::lmer"
    ),
    Statistic("Case mix, linear", "case_mix.linear", (), ("CenterMeans",), "R lm"),
    Statistic(
        "Case mix, logistic", "case_mix.logistic", _of("special.expit"), ("CenterRates",), "R glm(family = binomial)"
    ),
    Statistic("Observed less expected, added up (VLAD)", "surveillance.vlad", (), ("Vlad",), "by enumeration"),
    Statistic(
        "Bernoulli CUSUM with simulated limits", "surveillance.cusum", (), ("Cusum",), "Steiner 2000, by enumeration"
    ),
    Statistic(
        "Kaplan–Meier with log-log interval",
        "survival.kaplan_meier",
        _of("special.ndtri", "stats.CensoredData", "stats.ecdf"),
        ("Incidence Kaplan–Meier",),
        'R survival::survfit(conf.type = "log-log")',
    ),
    Statistic(
        "Aalen–Johansen cumulative incidence",
        "survival.aalen_johansen",
        _of("special.ndtri", "sm.duration.survfunc.CumIncidenceRight"),
        ("Incidence Aalen–Johansen",),
        "R survival::survfit",
    ),
    Statistic(
        "Median follow-up, reverse Kaplan–Meier",
        "survival.median_follow_up",
        _of("sm.duration.survfunc.SurvfuncRight"),
        ("FollowUp",),
        "R survival::survfit",
    ),
    Statistic(
        "Log-rank test",
        "survival.log_rank",
        _of("special.chdtrc", "sm.duration.survfunc.survdiff"),
        ("Test log-rank test",),
        "R survival::survdiff",
    ),
    Statistic(
        "Cox regression of two groups (Efron)",
        "survival.cox",
        _of("special.chdtrc", "special.ndtr", "special.ndtri"),
        ("HazardRatio", "Test Cox regression", "Test proportional hazards", "Interval Wald on the log scale"),
        "R survival::coxph, cox.zph",
    ),
    Statistic(
        "Rate per 100 patient-years, exact",
        "survival.rate_per_100_years",
        _of("sm.stats.rates.confint_poisson"),
        ("Interval exact Poisson",),
        "R poisson.test",
    ),
    Statistic(
        "Rate of repeated events",
        "survival.repeated_rate_per_100_years",
        _of("special.ndtri", "sm.stats.rates.confint_poisson"),
        ("Interval robust, log scale",),
        "R, from its formula",
    ),
    Statistic(
        "Inverse probability weighting",
        "weighting.weighted",
        _of("special.expit", "special.logit", "special.stdtrit"),
        ("Weighted", "Interval inverse probability"),
        "R glm, sandwich as a block matrix",
    ),
    Statistic("Multiple imputation by chained equations", "imputation.impute", (), ("WhatIf",), "R mice::mice"),
    Statistic(
        "Rubin’s rules",
        "pooling.pool",
        _of("special.stdtrit"),
        ("Interval multiple imputation, Rubin",),
        "R mice::pool.scalar",
    ),
    Statistic(
        "Wilson interval for imputed data",
        "pooling.pool_share",
        _of("special.stdtrit"),
        ("Interval multiple imputation, Wilson",),
        "Lott & Reiter 2020, by uniroot in R",
    ),
    Statistic("Longest run of missing forms", "events.lowest_run", (), ("Run",), "Kulldorff 1997, by enumeration"),
    Statistic("EQ-5D profile grid", "health_states.profile_grid", (), ("ProfileGrid",), "Devlin, Parkin & Browne 2010"),
)


_NAMED = ("Test", "Interval", "Incidence")
"""Classes of results that several statistics share: their name or method tells them apart."""


def computed(results: Any) -> tuple[Statistic, ...]:
    """The statistics that results hold, in the order of the list; results as objects or as in an analysis file."""
    found = set(_marks(results))
    return tuple(s for s in STATISTICS if any(mark.startswith(s.marks) for mark in found))


def libraries(statistics: Iterable[Statistic]) -> tuple[str, ...]:
    """The libraries that computed them, by name, NumPy first."""
    used = {"numpy", *(call.partition(".")[0] for s in statistics for call in s.code)}
    return tuple(name for name in NAMES if name in used)


def versions(statistics: Iterable[Statistic]) -> dict[str, str]:
    """CohortLens, Python and the libraries that computed these statistics, each with its version."""
    found = {"cohortlens": VERSION, "python": platform.python_version()}
    return found | {name: version(name) for name in libraries(statistics)}


def _marks(value: Any) -> Iterator[str]:
    """ "Test paired t test", "Interval Wilson", "LikertResult": once per result inside the value."""
    if isinstance(value, dict):
        if isinstance(value.get("kind"), str):
            yield _mark(value["kind"], value)
        for inner in value.values():
            yield from _marks(inner)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        yield _mark(type(value).__name__, fields)
        for inner in fields.values():
            yield from _marks(inner)
    elif isinstance(value, list | tuple) and value and not isinstance(value[0], str | int | float):
        for inner in value:
            yield from _marks(inner)


def _mark(kind: str, fields: dict[str, Any]) -> str:
    if kind == "Rule":
        return str(fields["kind"])  # as an analysis file has it
    return f"{kind} {fields['name' if kind == 'Test' else 'method']}" if kind in _NAMED else kind
