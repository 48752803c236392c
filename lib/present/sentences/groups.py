"""Findings of groups side by side, in neutral words: nothing is called better, effective or significant."""

from __future__ import annotations

from lib.analysis.association_of import Association
from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.rates import BetweenRates, RateFamily
from lib.analysis.groups.scores import BetweenScores, ScoreFamily
from lib.analysis.groups.time_points import Trajectories
from lib.cohort.grouping import TwoCohorts, VersusRest
from lib.cohort.measure import Measure
from lib.present.wording import (
    count,
    estimate_words,
    improvement,
    inside,
    interval_with_level,
    joined,
    number,
    p_value,
    percent,
    plural,
    result_of_test,
    signed,
)
from lib.settings import SIGNIFICANCE
from lib.stats.mmrm import LARGE, RepeatedResult
from lib.stats.results import Estimate, NotComputed, Test

_MOST_NAMED = 8


def by_what(comparison: Comparison) -> str:
    """What follows "by": a column's name; two selections and a filter against the rest are names of the user's file."""
    if isinstance(comparison.grouping, VersusRest | TwoCohorts):
        return comparison.title
    return inside(comparison.title)


def title_by(measure: Measure, comparison: Comparison) -> str:
    """ "VAS pain by etiology"; "VAS pain, Postpartum against the rest"."""
    return named_by(measure.label, comparison)


def named_by(name: str, comparison: Comparison) -> str:
    """What is compared, and between whom: "VAS pain by etiology"; "VAS pain, Postpartum against the rest"."""
    between = ", " if isinstance(comparison.grouping, VersusRest | TwoCohorts) else " by "
    return f"{name}{between}{by_what(comparison)}"


def groups_heading(comparison: Comparison) -> str:
    """The heading of what stands group by group: "By etiology"; "Postpartum against the rest"."""
    free = isinstance(comparison.grouping, VersusRest | TwoCohorts)
    return comparison.title if free else f"By {by_what(comparison)}"


def nobody_line(comparison: Comparison) -> str:
    """Groups without a patient under the filter, in one line; "" when there are none."""
    absent = comparison.nobody_in
    if not absent:
        return ""
    if len(absent) > _MOST_NAMED:
        return f"Nobody under this filter in {plural(len(absent), 'more group')}."
    return f"Nobody under this filter: {joined(absent)}."


def lone_group(comparison: Comparison) -> str:
    """The only group with a patient under the filter; "" where there are more, or none."""
    filled = [label for label, group in comparison.groups if group.selected.any()]
    return filled[0] if len(filled) == 1 else ""


def scores_title(measure: Measure, comparison: Comparison, family: ScoreFamily) -> str:
    """ "VAS pain by etiology: no clear difference between groups, given baseline"."""
    head = title_by(measure, comparison)
    if lone_group(comparison):
        return f"{head}: only {lone_group(comparison)} under this filter"
    fit = family.of(measure.key).ancova
    if isinstance(fit, NotComputed):
        return f"{head}: side by side, not tested"
    return f"{head}: {_difference_words(family.of(measure.key), ', given baseline')}"


def difference_title(measure: Measure, comparison: Comparison, family: ScoreFamily) -> str:
    """ "VAS pain by center: improvement of Enschede minus Heerlen −0.59 points (95% CI −2.60 to 1.43; p = 0.555)".

    Estimate and interval have one sign, that of the difference.

    Of several contrasts the one with the smallest p; for readers who may know the numbers of each group.
    """
    found = family.of(measure.key)
    known = [c for c in found.contrasts if isinstance(c.difference, Estimate)]
    if lone_group(comparison) or isinstance(found.ancova, NotComputed) or not known:
        return scores_title(measure, comparison, family)
    contrast = min(known, key=lambda c: 2.0 if isinstance(c.p, NotComputed) else c.p)
    assert isinstance(contrast.difference, Estimate)
    gain = improvement(contrast.difference, measure.sign)
    first = "the average of all" if contrast.first is None else found.labels[contrast.first]
    size = f"{signed(gain.value, measure.decimals)} {measure.unit or 'points'}"
    test_words = "" if isinstance(contrast.p, NotComputed) else f"; {p_value(contrast.p)}"
    corrected = ", corrected" if test_words and found.primary and found.family_size > 1 else ""
    interval = interval_with_level(gain.interval, measure.decimals)
    between = f"improvement of {found.labels[contrast.second]} minus {first}"
    return f"{title_by(measure, comparison)}: {between} {size} ({interval}{test_words}{corrected})"


def rates_title(name: str, comparison: Comparison, family: RateFamily, key: str) -> str:
    """ "Responders in VAS pain by etiology: no clear difference between groups"."""
    head = named_by(name, comparison)
    if lone_group(comparison):
        return f"{head}: only {lone_group(comparison)} under this filter"
    return f"{head}: {_difference_words(family.of(key))}"


def _difference_words(found: BetweenScores | BetweenRates, given: str = "") -> str:
    """The smallest p of the family; of an exploratory outcome no verdict, since nothing corrects for having looked."""
    p = found.smallest_p
    if isinstance(p, NotComputed):
        return "side by side, not tested"
    if not found.primary:
        return f"exploratory, smallest {p_value(p)}, not corrected"
    words = "the groups differ" if p < SIGNIFICANCE else "no clear difference between groups"
    return f"{words}{given} ({'corrected ' if found.family_size > 1 else ''}{p_value(p)})"


def side_by_side(name: str, comparison: Comparison, outcomes: int) -> str:
    """The title where every outcome is drawn: "Best two answers by center: 7 outcomes side by side"."""
    return f"{named_by(name, comparison)}: {plural(outcomes, 'outcome')} side by side"


def exploratory(comparison: Comparison, looks: int, measures: int, primary: str = "") -> str:
    """The one line of the page that says what kind of comparison this is; `looks`: the size of the family."""
    filled = sum(1 for _, group in comparison.groups if group.selected.any())
    parts = [f"Exploratory: {named_by(plural(filled, 'group'), comparison)}"]
    if comparison.within_only:
        parts.append(comparison.within_only)
    elif looks:
        parts.append(comparison.question.words(filled))
        of = f" of the primary outcome, {primary}," if primary and measures > 1 else ""
        if looks > 1:
            parts.append(f"intervals and p{of} are corrected for looking {plural(looks, 'time')} (Šidák)")
        else:
            parts.append(f"p{of} is of one comparison")
        if measures > 1:
            parts.append(f"{plural(measures - 1, 'other outcome')} not corrected")
    if comparison.in_none:
        parts.append(f"{plural(comparison.in_none, 'selected patient')} in no group (not recorded)")
    return " ".join(["; ".join(parts) + ".", nobody_line(comparison)]).strip()


def whose_curve(comparison: Comparison, *, filtered: bool) -> str:
    """What the line of the page's own patients is called beside the groups.

    Two pinned selections, and the rest of a filter, reach beyond the filter of the page: then "All" would be wrong.
    """
    if isinstance(comparison.grouping, VersusRest | TwoCohorts):
        return "This filter" if filtered else "All patients"
    return comparison.everybody


def forest_finding(comparison: Comparison, name: str, rows: tuple[tuple[str, int, str], ...]) -> str:
    """The forest in words, for those who do not see it: every group with n and its estimate."""
    listed = "; ".join(f"{label} (n {count(n)}) {words}" for label, n, words in rows)
    return f"{named_by(name, comparison)}: {listed}"


def association_finding(measure: Measure, found: Association) -> str:
    """ "Improvement of VAS pain against Age: Spearman rho −0.10 (95% CI …), n 29"."""
    head = f"Improvement of {measure.label} against {inside(found.label)}"
    if isinstance(found.spearman, NotComputed):
        return f"{head}: not computed ({found.spearman.reason})"
    return f"{head}: Spearman rho {estimate_words(found.spearman.estimate, 2)}, n {count(found.spearman.n)}"


def association_lines(measure: Measure, found: Association) -> tuple[str, ...]:
    """Both correlations, the smooth, who is left out, and the warning about a measure's own baseline."""
    lines = []
    for name, result in (("Spearman rho", found.spearman), ("Pearson r", found.pearson)):
        if isinstance(result, NotComputed):
            lines.append(f"{name} not computed: {result.reason}.")
        else:
            lines.append(f"{name} {estimate_words(result.estimate, 2)}; {result_of_test(result.test)}.")
    if isinstance(found.smooth, NotComputed):
        lines.append(f"No smooth: {found.smooth.reason}.")
    else:
        lines.append("Curve: local straight lines over three quarters of the patients, with a pointwise band.")
    if found.without:
        lines.append(f"{plural(found.without, 'patient')} without a value left out.")
    if found.own_baseline:
        lines.append(
            "Improvement is computed from this baseline, so part of the slope is regression to the mean and the end of "
            "the scale."
        )
    return tuple(lines)


def trajectories_finding(measure: Measure, comparison: Comparison | None, found: Trajectories) -> str:
    """ "VAS pain over 4 time points by etiology: group × time point p = 0.41"."""
    head = f"{measure.label} over {plural(len(found.time_points), 'time point')}"
    if comparison is not None:
        head = named_by(head, comparison)
    if isinstance(found.model, NotComputed):
        return f"{head}: no model ({found.model.reason})"
    test = found.model.interaction if isinstance(found.model.interaction, Test) else found.model.time_point
    words = "group × time point" if isinstance(found.model.interaction, Test) else "time point"
    p_words = p_value(test.p) if isinstance(test, Test) else f"not tested ({test.reason})"
    return f"{head}: {words} {p_words}"


def model_lines(found: Trajectories) -> tuple[str, ...]:
    """The mixed model in words: tests, who is in it, what it assumes."""
    model = found.model
    if isinstance(model, NotComputed):
        return (f"Mixed model not computed: {model.reason}.",)
    lines = [f"Time point: {result_of_test(model.time_point)}."]
    if isinstance(model.interaction, Test):
        lines = [
            f"Group × time point (do the groups run apart): {result_of_test(model.interaction)}.",
            f"Time point, all groups alike: {result_of_test(model.time_point)}.",
        ]
    of = f"{plural(model.n_observations, 'value')} of {plural(model.n_patients, 'patient')}"
    missing = "It uses everybody with a value and assumes that values are missing at random."
    if isinstance(model, RepeatedResult):
        way = "normal distribution" if model.n_patients > LARGE else "degrees of freedom by Kenward and Roger"
        lines.append(
            f"Model for repeated measures with an unstructured covariance (REML, {way}): {of}; AIC "
            f"{number(model.aic, 0)}. {missing}"
        )
    else:
        lines.append(
            f"Mixed model with a random intercept per patient (REML), because the unstructured covariance cannot be "
            f"fitted ({found.instead}): {of}; {percent(round(model.intraclass * 1000), 1000)} of the variance lies "
            f"between patients. {missing}"
        )
    if isinstance(model, RepeatedResult) and model.empty:
        cells = [f"{found.in_model[g]} at {found.time_points[t].label}" for g, t in model.empty]
        lines.append(f"Without a value, so that its contrasts are left out: {joined(cells)}.")
    left = [line.label for line in found.lines if line.label not in found.in_model]
    if left:
        lines.append(f"Outside the model (fewer than 3 complete pairs): {joined(left)}.")
    return tuple(lines)
