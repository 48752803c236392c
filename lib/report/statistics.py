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

from lib.present.table import Cell, Column, Table
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


_T_AND_F = ("scipy.special.fdtrc", "scipy.special.stdtr", "scipy.special.stdtrit")
STATISTICS: tuple[Statistic, ...] = (
    Statistic("Mean, SD, quartiles", "scores.summarise", (), ("Summary", "NumericSummary"), "R mean, sd, quantile"),
    Statistic(
        "Interval of a mean", "paired_tests.mean_interval", ("scipy.stats.ttest_1samp",), ("Interval t",), "R t.test"
    ),
    Statistic(
        "Paired t test",
        "paired_tests.paired_t",
        ("scipy.stats.ttest_1samp",),
        ("Test paired t test",),
        "R t.test(paired = TRUE)",
    ),
    Statistic(
        "Shapiro–Wilk test",
        "paired_tests.shapiro_wilk",
        ("scipy.stats.shapiro",),
        ("Test Shapiro–Wilk", "Display"),
        "R shapiro.test",
    ),
    Statistic(
        "Wilcoxon signed-rank test and rank-biserial correlation",
        "paired_tests.signed_rank",
        ("scipy.optimize.brentq", "scipy.special.ndtr", "scipy.special.owens_t"),
        ("Test Wilcoxon signed-rank test", "WilcoxonResult", "Interval jackknife", "Interval score, normal shift"),
        "R exactRankTests::wilcox.exact, wilcox.test",
    ),
    Statistic(
        "Sign test",
        "paired_tests.sign_test",
        ("scipy.stats.binomtest", "statsmodels.stats.proportion.proportion_confint"),
        ("SignResult", "Test sign test"),
        "R binom.test",
    ),
    Statistic(
        "Hodges–Lehmann median of the changes",
        "hodges_lehmann.hodges_lehmann",
        ("scipy.special.ndtri",),
        ("Interval signed-rank",),
        "R exactRankTests::wilcox.exact(conf.int = TRUE)",
    ),
    Statistic(
        "Standardised changes",
        "effect_sizes.standardised_changes",
        ("scipy.special.chdtrc", "scipy.special.gammainccinv", "scipy.special.gammaincinv", "scipy.special.ndtr"),
        ("Interval noncentral t",),
        "R pt(ncp =), effectsize::cohens_d",
    ),
    Statistic(
        "Rate with Wilson interval",
        "proportions.rate",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("Interval Wilson",),
        "R prop.test(correct = FALSE)",
    ),
    Statistic(
        "Clopper–Pearson interval",
        "proportions.clopper_pearson_limits",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("Interval Clopper–Pearson",),
        "R binom.test",
    ),
    Statistic(
        "Difference of two rates (Newcombe)",
        "proportions.difference_of_rates",
        ("statsmodels.stats.proportion.confint_proportions_2indep",),
        ("Interval Newcombe, two groups",),
        "Newcombe 1998, table II",
    ),
    Statistic(
        "Difference of paired rates (Newcombe)",
        "proportions.paired_difference",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("Interval Newcombe, paired",),
        "Newcombe 1998, table III",
    ),
    Statistic(
        "Share of operations, several of one patient",
        "proportions.clustered_rate",
        ("scipy.special.betaincinv", "scipy.special.stdtrit", "statsmodels.stats.proportion.proportion_confint"),
        ("PerProcedure", "Interval Korn–Graubard"),
        "R survey::svyciprop",
    ),
    Statistic(
        "Number needed to treat", "proportions.number_needed_to_treat", (), ("NumberNeeded",), "Altman 1998, example"
    ),
    Statistic(
        "Responders",
        "responders.count_responders",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("ResponderResult",),
        "R prop.test",
    ),
    Statistic(
        "Worst and best case",
        "responders.bounds",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("ResponderBounds",),
        "R prop.test",
    ),
    Statistic(
        "Share improved by at least x",
        "responders.curve",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("ResponderCurve",),
        "R ecdf, prop.test",
    ),
    Statistic(
        "Answers to statements",
        "likert.summarise",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("LikertResult",),
        "R table, prop.test",
    ),
    Statistic(
        "Exact McNemar test",
        "yes_no.mcnemar_exact",
        ("scipy.stats.binom", "statsmodels.stats.contingency_tables.mcnemar"),
        ("Test McNemar test",),
        "R binom.test",
    ),
    Statistic(
        "McNemar test, mid-p", "yes_no.mcnemar_mid_p", ("scipy.stats.binom",), ("Test McNemar test, mid-p",), "R pbinom"
    ),
    Statistic(
        "Marginal homogeneity of ordered levels",
        "yes_no.marginal_homogeneity",
        ("scipy.special.ndtr",),
        ("Test marginal homogeneity test",),
        "R coin::mh_test, exactRankTests::perm.test",
    ),
    Statistic("Paretian classes of EQ-5D", "health_states.pchc", (), ("PchcResult",), "Devlin, Parkin & Browne 2010"),
    Statistic(
        "Adverse events",
        "events.summarise_events",
        ("statsmodels.stats.proportion.proportion_confint",),
        ("EventSummary",),
        "R binom.test",
    ),
    Statistic(
        "Chi-square test",
        "contingency.chi_square",
        ("scipy.stats.chi2_contingency",),
        ("Test chi-square test",),
        "R chisq.test(correct = FALSE)",
    ),
    Statistic(
        "Fisher’s exact test",
        "contingency.fisher_exact",
        ("scipy.special.gammaln", "scipy.stats.fisher_exact", "scipy.stats.hypergeom"),
        ("Test Fisher's exact test",),
        "R fisher.test",
    ),
    Statistic(
        "Mann–Whitney test",
        "ranks.mann_whitney",
        ("scipy.stats.mannwhitneyu",),
        ("Test Mann–Whitney",),
        "R wilcox.exact, wilcox.test",
    ),
    Statistic(
        "Kruskal–Wallis test",
        "ranks.kruskal_wallis",
        ("scipy.stats.kruskal",),
        ("Test Kruskal–Wallis",),
        "R kruskal.test",
    ),
    Statistic(
        "Cliff’s delta",
        "ranks.cliffs_delta",
        ("scipy.special.stdtrit",),
        ("Interval Feng & Cliff",),
        "R effectsize::cliffs_delta",
    ),
    Statistic(
        "Welch t test",
        "groups.welch_difference",
        ("scipy.stats.ttest_ind",),
        ("Test Welch t test", "Interval Welch", "WelchResult"),
        "R t.test",
    ),
    Statistic(
        "Welch ANOVA",
        "table_one.welch_anova",
        ("statsmodels.stats.oneway.anova_oneway",),
        ("Test Welch ANOVA",),
        "R oneway.test",
    ),
    Statistic(
        "Counts and shares of a category", "table_one.summarise_categorical", (), ("CategoricalSummary",), "R table"
    ),
    Statistic(
        "Analysis of covariance on baseline",
        "groups.adjusted_differences",
        (
            "scipy.special.fdtrc",
            "scipy.special.stdtr",
            "scipy.special.stdtrit",
            "scipy.stats.shapiro",
            "statsmodels.regression.linear_model.OLS",
        ),
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
        ("scipy.special.fdtrc", "scipy.special.stdtr", "scipy.special.stdtrit"),
        ("MixedResult",),
        "R nlme::lme",
    ),
    Statistic(
        "Šidák’s correction of the primary outcome’s comparisons",
        "results.sidak_p",
        (),
        ("Contrast", "RateGap"),
        "R 1 − (1 − p)^m, qt at level^(1/m)",
    ),
    Statistic("Holm’s correction", "results.holm", (), ("HolmFamily",), "R p.adjust"),
    Statistic(
        "Pearson correlation",
        "correlation.pearson",
        ("scipy.special.ndtri", "scipy.special.stdtr", "scipy.stats.pearsonr"),
        ("CorrelationResult",),
        "R cor.test",
    ),
    Statistic(
        "Spearman correlation",
        "correlation.spearman",
        ("scipy.special.ndtri", "scipy.special.stdtr", "scipy.stats.spearmanr"),
        ("CorrelationResult",),
        "R cor.test",
    ),
    Statistic("Local regression", "correlation.smooth", ("scipy.special.stdtrit",), ("Smooth",), "R loess"),
    Statistic(
        "Anchor-based MCID",
        "anchor.estimate_mcid",
        (
            "scipy.special.expit",
            "scipy.special.logit",
            "scipy.special.ndtri",
            "scipy.special.stdtr",
            "scipy.special.stdtrit",
            "scipy.stats.spearmanr",
        ),
        ("AnchorMcid",),
        "R pROC::ci.auc, t.test",
    ),
    Statistic("Predictive MIC", "predictive_mic.predictive_mic", (), ("PredictiveMic",), "R glm, Terluin 2017, 2022"),
    Statistic("Distribution-based MCID", "anchor.distribution_based", (), ("DistributionBased",), "R sd"),
    Statistic(
        "Limits of a funnel plot", "funnel.limits", ("scipy.stats.binom",), ("FunnelLimits",), "R qbinom, pbinom"
    ),
    Statistic("Means of centers", "centers.center_means", (), ("CenterMeans",), "R lm, qt"),
    Statistic(
        "Rates of centers",
        "centers.center_rates",
        ("scipy.special.expit", "scipy.special.logit", "scipy.special.ndtr", "scipy.stats.binom"),
        ("CenterRates",),
        "R pbinom, poibin",
    ),
    Statistic(
        "Shrunken means of centers", "centers.shrunken_means", ("scipy.optimize.brentq",), ("Shrunken",), "R lme4::lmer"
    ),
    Statistic("Case mix, linear", "case_mix.linear", (), ("CenterMeans",), "R lm"),
    Statistic(
        "Case mix, logistic",
        "case_mix.logistic",
        ("scipy.special.expit",),
        ("CenterRates",),
        "R glm(family = binomial)",
    ),
    Statistic(
        "Inverse probability weighting",
        "weighting.weighted",
        ("scipy.special.expit", "scipy.special.logit", "scipy.special.stdtrit"),
        ("Weighted", "Interval inverse probability"),
        "R glm, sandwich as a block matrix",
    ),
    Statistic("Multiple imputation by chained equations", "imputation.impute", (), ("WhatIf",), "R mice::mice"),
    Statistic(
        "Rubin’s rules",
        "pooling.pool",
        ("scipy.special.stdtrit",),
        ("Interval multiple imputation, Rubin",),
        "R mice::pool.scalar",
    ),
    Statistic(
        "Wilson interval for imputed data",
        "pooling.pool_share",
        ("scipy.special.stdtrit",),
        ("Interval multiple imputation, Wilson",),
        "Lott & Reiter 2020, by uniroot in R",
    ),
    Statistic("Longest run of missing forms", "events.lowest_run", (), ("Run",), "Kulldorff 1997, by enumeration"),
    Statistic("EQ-5D profile grid", "health_states.profile_grid", (), ("ProfileGrid",), "Devlin, Parkin & Browne 2010"),
)


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


def statistics_table(statistics: Iterable[Statistic]) -> Table:
    """Which statistics, whose code computed them, and what they are checked against."""
    rows = tuple((Cell(s.name), Cell(", ".join(s.code) or "own"), Cell(s.checked)) for s in statistics)
    columns = (Column("Statistic"), Column("Computed with"), Column("Checked against"))
    return Table("Statistics", columns, rows, public=True)


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
    return f"{kind} {fields['name' if kind == 'Test' else 'method']}" if kind in ("Test", "Interval") else kind
