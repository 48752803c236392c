"""Groups side by side and Table 1 in the methods and results text: from result objects only."""

from __future__ import annotations

from dataclasses import replace

from lib.analysis.eq5d import dimensions, has_states
from lib.analysis.groups.centers import center_gains, is_many
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.contrasts import Contrast
from lib.analysis.groups.scores import BetweenScores, ScoreFamily, score_family
from lib.analysis.table_one import TableOne
from lib.cohort.cohort import Category, Cohort
from lib.cohort.design import Kind
from lib.cohort.grouping import ByColumn, ByQuantile, Grouping
from lib.cohort.measure import Measure
from lib.present import wording
from lib.present.charts.forest_rows import LED
from lib.present.sentences.centers import centers_title
from lib.present.sentences.eq5d import CHANGE_NOTE, change_title
from lib.present.sentences.groups import groups_heading, named_by, rates_title, title_by
from lib.present.sentences.leading import leading_interval, leading_value, leads
from lib.present.sentences.patients import balance_words
from lib.present.table import Table
from lib.present.tables.between_groups import between_table, contrast_name, groups_table, level_words
from lib.present.tables.centers import limits_table
from lib.present.wording import (
    count,
    inside,
    interval,
    joined,
    number,
    p_value,
    plural,
    share,
    signed,
)
from lib.report.items.eq5d import classes_of
from lib.report.items.rates import rates_of, with_rules
from lib.report.plan import Plan
from lib.settings import FEWEST_TO_TEST, SIGNIFICANCE
from lib.stats.health_states import PchcResult
from lib.stats.paired import PairedResult
from lib.stats.responders import Rule
from lib.stats.results import NotComputed, Test
from lib.stats.yes_no import DimensionMoves, YesNoResult

_MOST_NAMED = 8


def comparison_methods(plan: Plan) -> str:
    """Who is compared, how, and how often was looked; "" without a comparison."""
    comparison = plan.comparison
    if comparison is None:
        return ""
    words = f"Groups: {named_by(plural(len(comparison.groups), 'group'), comparison)}, exploratory."
    if comparison.within_only:
        return f"{words} Nothing was tested between them: {comparison.within_only}."
    if comparison.randomised:
        words += " The user states that patients were randomised to them."
    else:
        stated = comparison.all.cohort.design.kind is not Kind.GROUPS
        words += " Groups were not made by chance." if stated else " That chance made the groups is not stated."
    if plan.measures:
        family = score_family(comparison, [m.key for m in plan.measures], plan.time, confidence=plan.confidence)
        words += _compared(comparison, family) + _family(plan, family)
    return words + _rates_compared(plan)


def _compared(comparison: Comparison, family: ScoreFamily) -> str:
    """How scores were compared, as far as they were."""
    how = []
    if any(not isinstance(found.ancova, NotComputed) for found in family.results):
        how.append(
            "Scores at follow-up were compared adjusted for baseline (analysis of covariance, HC2 standard errors, "
            "Bell–McCaffrey degrees of freedom)"
        )
    if any(not isinstance(gap.difference, NotComputed) for found in family.results for gap in found.gaps):
        how.append("changes without adjustment (Welch’s t test)")
    if not how:
        return " Scores were not compared: no two groups have enough pairs."
    return (
        f" {joined(how)}, {comparison.question.words(len(comparison.groups))}; groups with fewer than 3 pairs stand "
        "outside the model, groups of 3 to 9 have no p."
    )


_SHARES = {
    "chi-square test": "chi-square without continuity correction",
    "Fisher's exact test": "Fisher’s exact test",
}


def _rates_compared(plan: Plan) -> str:
    """By which tests shares were compared; "" where none were."""
    found = rates_of(plan)
    results = () if found is None else found.results
    gaps = [gap for result in results for gap in result.gaps]
    tests = [result.heterogeneity for result in results] + [g.test for g in gaps if not isinstance(g.p, NotComputed)]
    used = {test.name for test in tests if isinstance(test, Test)}
    how = [words for name, words in _SHARES.items() if name in used]
    if len(how) > 1:
        how[-1] += " where an expected count is below 5"
    parts = [f"by {joined(how, 'or')}"] if how else []
    if any(not isinstance(gap.difference, NotComputed) for gap in gaps):
        parts.append("with Newcombe’s interval for differences")
    if not parts:
        return ""
    same = ", corrected in the same way" if found is not None and found.size > 1 else ""
    return f" Shares were compared {', '.join(parts)}{same}."


def _family(plan: Plan, family: ScoreFamily) -> str:
    """Which outcome is the primary one, with the size of its family."""
    others = " Other outcomes are exploratory and not corrected." if len(family.results) > 1 else ""
    primary = f"The primary outcome is {plan.analysis.cohort.measure(family.primary).label}"
    if family.size < 2:
        return f" {primary}.{others}"
    return f" {primary}: its {family.size} comparisons are corrected together (Šidák).{others}"


def comparison_results(plan: Plan) -> str:
    """Per outcome each group's mean improvement, the test over all groups, and of two groups their difference."""
    comparison = plan.comparison
    if comparison is None or not plan.measures:
        return ""
    family = score_family(comparison, [m.key for m in plan.measures], plan.time, confidence=plan.confidence)
    return " ".join(_of_measure(plan, comparison, family, measure) for measure in plan.measures)


def _of_measure(plan: Plan, comparison: Comparison, family: ScoreFamily, measure: Measure) -> str:
    head = title_by(measure, comparison)
    lead = leads(comparison, measure, plan.time, plan.choices.test)
    paired = [
        (label, a.paired(measure.key, plan.time, confidence=plan.confidence, force=lead))
        for label, a in comparison.groups
    ]
    listed = [_improvement(measure, label, found) for label, found in paired]
    more = len(listed) - _MOST_NAMED
    sentence = "; ".join(listed[:_MOST_NAMED]) + (f"; and {plural(more, 'more group')}" if more > 0 else "")
    tested = _tested(family, measure)
    return f"{head}, {inside(LED[lead])}: {sentence}. {tested}".strip()


def _improvement(measure: Measure, label: str, found: PairedResult | NotComputed) -> str:
    if isinstance(found, NotComputed):
        return f"{label} not computed ({found.reason})"
    _, value = leading_value(measure, found)
    return f"{label} {value} ({leading_interval(measure, found)}; n = {found.n})"


def _tested(family: ScoreFamily, measure: Measure) -> str:
    found = family.of(measure.key)
    fit = found.ancova
    if isinstance(fit, NotComputed):
        return f"Not tested: {fit.reason}."
    listed = [_contrast(found, measure, own) for own in found.contrasts[:_MOST_NAMED]]
    more = len(found.contrasts) - _MOST_NAMED
    words = f"Adjusted for baseline: {'; '.join(listed)}{f'; and {more} more' if more > 0 else ''}."
    if not found.primary:
        words += " Exploratory, not corrected."
    if fit.slopes_differ:
        words += " The slopes on baseline differ between groups, so that one difference describes nobody in particular."
    return words


def _contrast(found: BetweenScores, measure: Measure, own: Contrast) -> str:
    """ "Enschede minus Heerlen +0.20 (95% CI −1.10 to 1.50; p = 0.75)"; corrected where the outcome is the primary."""
    name = contrast_name(found.labels, own).replace(" − ", " minus ")
    if isinstance(own.difference, NotComputed):
        return f"{name} not computed"
    gain = wording.improvement(own.difference, measure.sign)
    ends = gain.interval
    ci = ends.reason if isinstance(ends, NotComputed) else f"{level_words(found)} {interval(ends, measure.decimals)}"
    corrected = "corrected " if own.in_family and found.family_size > 1 else ""
    p = "too few to test" if isinstance(own.p, NotComputed) else f"{corrected}{p_value(own.p)}"
    return f"{name} {signed(gain.value, measure.decimals)} ({ci}; {p})"


def rates_results(plan: Plan) -> str:
    """The rates of responders between groups, per outcome with a rule."""
    comparison, found = plan.comparison, rates_of(plan)
    if comparison is None or found is None:
        return ""
    words = []
    for measure, rule in with_rules(plan):
        title = rates_title(f"Responders in {measure.label}", comparison, found, measure.key)
        words.append(f"{title}: {_rates(plan, comparison, measure, rule)}")
    return "".join(f"{w}. " for w in words).strip()


def _rates(plan: Plan, comparison: Comparison, measure: Measure, rule: Rule) -> str:
    """ "Heerlen 12 of 16 (75.0%), Enschede 8 of 13 (61.5%)": no p without what it is about."""
    counted = []
    for label, group in comparison.groups:
        result = group.responders(measure.key, plan.time, rule, confidence=plan.confidence)
        if isinstance(result, NotComputed) or isinstance(result.rate, NotComputed):
            counted.append(f"{label} not computed")
        else:
            counted.append(f"{label} {share(result.rate.count, result.rate.n)}")
    more = len(counted) - _MOST_NAMED
    return ", ".join(counted[:_MOST_NAMED]) + (f" and {plural(more, 'more group')}" if more > 0 else "")


# --- Table 1 ---------------------------------------------------------------------------------------------------------


def table_one_methods(plan: Plan) -> str:
    """How Table 1 describes, and with groups how it compares: only the tests that were used."""
    found = plan.table_one(plan.comparison)
    if not found.rows:
        return ""
    forms = dict.fromkeys(row.display.shown for row in found.rows if row.display is not None)
    words = "Table 1: missing values are counted and never a category; shares are of the patients with a value"
    if forms:
        chosen = joined(list(forms), "or")
        by = (
            "by choice of the user"
            if plan.choices.numbers != "auto"
            else "by Shapiro–Wilk over all patients of the table"
        )
        words += f"; numbers as {chosen}, {by}"
    words += "."
    if len(found.labels) < 2:
        return words
    words += " Groups are set beside each other by standardised differences (Austin 2009; Yang & Dalton 2012"
    words += "; of more than two groups the mean over pairs)" if len(found.labels) > 2 else ")"
    tests = dict.fromkeys(row.test.name for row in found.rows if isinstance(row.test, Test))
    if plan.comparison is not None and plan.comparison.within_only:
        return f"{words}; nothing was tested between them."
    return f"{words} and by {joined(list(tests))}, uncorrected." if tests else f"{words}."


def table_one_results(plan: Plan) -> str:
    """The largest standardised differences, and which variables differ with p below 0.05; "" without groups."""
    comparison = plan.comparison
    if comparison is None:
        return ""
    found = plan.table_one(comparison)
    if not any(not isinstance(row.smd, NotComputed) for row in found.rows):
        return ""
    head = named_by("Table 1", comparison)
    return f"{head}: {inside(balance_words(found))} {_differing(found)}".strip()


def _differing(found: TableOne) -> str:
    tested = [(row, row.test) for row in found.rows if isinstance(row.test, Test)]
    if not tested:
        return ""
    below = [(row, test) for row, test in tested if test.p < SIGNIFICANCE]
    of = f"{plural(len(tested), 'variable')} tested"
    if not below:
        return f"Of {of} none has p below {number(SIGNIFICANCE, 2)} (uncorrected)."
    listed = joined([f"{row.variable.label} ({test.name}, {p_value(test.p)})" for row, test in below[:_MOST_NAMED]])
    more = f" and {len(below) - _MOST_NAMED} more" if len(below) > _MOST_NAMED else ""
    have = "has" if len(below) == 1 else "have"
    return f"Of {of} {len(below)} {have} p below {number(SIGNIFICANCE, 2)} (uncorrected): {listed}{more}."


# EQ-5D health states in the methods and results text: the Paretian classes, which need no value set.

_MOST_DIMENSIONS_NAMED = 8


def classes_methods(plan: Plan) -> str:
    """How a health state counts as better or worse, and how the dimensions were tested; "" without states."""
    if not plan.time or not has_states(plan.analysis, plan.time):
        return ""
    found = dimensions(plan.analysis, plan.time, confidence=plan.confidence).rows
    enough = [row for row in found if isinstance(row.moves, DimensionMoves) and row.moves.n >= FEWEST_TO_TEST]
    how = []
    if any(isinstance(row.test, Test) for row in enough):
        how.append("scores test of marginal homogeneity (Agresti 2002, exact up to 50 patients who changed)")
    if any(isinstance(row.problems, YesNoResult) and isinstance(row.problems.exact, Test) for row in enough):
        how.append("exact McNemar test of any problem")
    each = f" Each dimension: {joined(how)}, corrected by Holm over the five dimensions." if how else ""
    return (
        "EQ-5D health states, of patients with all five dimensions at both time points: Paretian classification of "
        f"health change (Devlin, Parkin & Browne 2010). {CHANGE_NOTE}{each}"
    )


def classes_results(plan: Plan) -> str:
    """Better, worse, mixed, the same; with groups also the share that is better in each."""
    if not plan.time or not has_states(plan.analysis, plan.time):
        return ""
    (_, everybody), *groups = classes_of(plan)
    words = f"{change_title(everybody)}."
    result_shown = [f"{name} {share(c.better, c.n)}" for name, c in groups if isinstance(c, PchcResult)]
    if not result_shown or plan.comparison is None:
        return words
    more = (
        f"; and {count(len(result_shown) - _MOST_DIMENSIONS_NAMED)} more"
        if len(result_shown) > _MOST_DIMENSIONS_NAMED
        else ""
    )
    return (
        f"{words} {groups_heading(plan.comparison)}, better: {'; '.join(result_shown[:_MOST_DIMENSIONS_NAMED])}{more}."
    )


# Groups side by side as tables, for the shell: within each group, and between them with the correction for looking.


def grouping_of(cohort: Cohort, column: str) -> Grouping:
    """By the labels of a category column, by thirds of a number. Splitting by anything else raises GroupingError."""
    return ByColumn(column) if isinstance(cohort.columns.get(column), Category) else ByQuantile(column)


def comparison_of(plan: Plan, column: str) -> Comparison:
    """The plan's analysis by that column. Raises GroupingError for a column that groups nobody."""
    return compare(plan.analysis, grouping_of(plan.analysis.cohort, column))


def comparison_tables(plan: Plan, column: str) -> tuple[Table, ...]:
    """Per measure: each group beside "All", and the differences between groups where they may be tested.

    Above 12 groups one table of centers per measure, adjusted as the page Compare does, and never a pair.
    """
    cohort, measures = plan.analysis.cohort, plan.measures
    grouping = grouping_of(cohort, column)
    if isinstance(grouping, ByColumn) and is_many(grouping, cohort):
        return tuple(_centers(plan, grouping, measure) for measure in measures)
    comparison = plan.comparison or comparison_of(plan, column)
    if not measures:
        return ()
    family = score_family(comparison, [m.key for m in measures], plan.time, confidence=plan.confidence)
    tables = []
    for measure in measures:
        tables.append(groups_table(comparison, measure, plan.time, plan.time_points, force=plan.choices.test))
        between = between_table(measure, family, randomised=comparison.randomised)
        if between.rows:
            tables.append(between)
    return tuple(tables)


def _centers(plan: Plan, grouping: ByColumn, measure: Measure) -> Table:
    found = center_gains(plan.analysis, grouping, measure.key, plan.time, plan.adjust(measure.key, grouping))
    if isinstance(found, NotComputed):
        return Table(f"{measure.label} by center", (), (), (f"Not computed: {found.reason}.",))
    table = limits_table(found, measure)
    return replace(table, title=f"{table.title}: {inside(centers_title(found.found))}")
