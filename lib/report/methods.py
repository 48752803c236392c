"""The methods paragraphs: what STROBE asks for and the product can know. Only what this analysis used is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.analysis.safety import per_procedure, populations
from lib.catalog.value_sets import value_set
from lib.cohort.cohort import BASELINE, Dates
from lib.cohort.design import Kind
from lib.cohort.measure import Measure
from lib.cohort.selection import Population
from lib.disclosure.readers import REMARKS
from lib.present.sentences import outcomes
from lib.present.sentences.responders import rule_source
from lib.present.tables.data_check import findings_words
from lib.present.wording import confidence_words, count, inside, joined, p_value, plain_spaces, plural
from lib.report.groups_text import classes_methods, comparison_methods, table_one_methods
from lib.report.numbers import reported
from lib.report.plan import Origin, Plan
from lib.report.registry_text import centers_methods, events_methods
from lib.report.statistics import NAMES, computed, versions
from lib.settings import FEWEST_TO_TEST, SIGNIFICANCE
from lib.stats.paired import PairedResult
from lib.stats.pooling import Pooled
from lib.stats.results import Interval, NotComputed, Test
from lib.stats.weighting import Weighted
from lib.stats.yes_no import YesNoResult


def methods_text(plan: Plan, origin: Origin) -> tuple[str, ...]:
    """Paragraphs in the order of STROBE: design, patients, missing data, tests, thresholds, others, software."""
    paragraphs = [_design(plan), table_one_methods(plan), _missing(plan), _continuous(plan), _responders(plan)]
    paragraphs += [_value_sets(plan), classes_methods(plan), comparison_methods(plan), _statements(plan)]
    paragraphs += [_yes_no(plan), _safety(plan), events_methods(plan), centers_methods(plan), _limits(plan)]
    paragraphs += [_file(plan), software(plan, origin)]
    paragraphs.append(REMARKS[plan.reader])
    return tuple(plain_spaces(p) for p in paragraphs if p)


_MOST_NAMED = 6


def _file(plan: Plan) -> str:
    """What is open in the file, what was answered about it and what was changed; outside without what it says."""
    given = plan.analysis.cohort.provenance
    checked = given.checked
    still = findings_words(checked)
    parts = [f"In the file {still}."] if still else []
    for texts, what in (
        ([f"{a.question} {a.answer or 'Skipped'}".rstrip(".") for a in checked.answered], "answered about the file"),
        (list(given.repairs), "changed in its cells"),
    ):
        if texts and plan.outside:
            parts.append(f"{plural(len(texts), 'thing')} {'was' if len(texts) == 1 else 'were'} {what}.")
        elif texts:
            more = f"; and {count(len(texts) - _MOST_NAMED)} more" if len(texts) > _MOST_NAMED else ""
            parts.append(f"{what.capitalize()}: {'; '.join(texts[:_MOST_NAMED])}{more}.")
    return " ".join(parts)


def software(plan: Plan, origin: Origin) -> str:
    """Program, the libraries that computed this report, file, fingerprint, day."""
    known = versions(computed(list(reported(plan))))
    libraries = joined([f"{NAMES[name]} {number}" for name, number in known.items() if name in NAMES])
    invented = " The data are synthetic." if origin.synthetic else ""
    if origin.guesses:
        invented += f" What only its owner knows of the file was guessed, not answered: {' '.join(origin.guesses)}"
    return (
        f"Computed with CohortLens {origin.version} (Python {known['python']}, {libraries}) on {origin.date} from "
        f"{origin.file_name}, fingerprint {origin.fingerprint}.{invented}"
    )


_KINDS = {
    Kind.SERIES: "one series without a control group",
    Kind.GROUPS: "two or more groups; that chance made them is not stated",
    Kind.RANDOMISED: "patients randomised to groups, as the user states",
}


def _design(plan: Plan) -> str:
    analysis, design = plan.analysis, plan.analysis.cohort.design
    flow = analysis.flow(plan.time)
    treated = f"{design.treatment} patient"
    words = f"Design: {plural(flow.operated, treated)}"
    words += f", {_KINDS[design.kind]}"
    if plan.measures:
        before, after = (inside(label) for label in plan.time_points)
        words += f"; every patient is compared with their own values before ({before} and {after})"
    described = analysis.selection.describe(analysis.cohort)
    number = plural(flow.selected, "patient")
    words += f". Selection: {joined(list(described)) if described else 'all patients'}, {number}."
    words += _when(plan) + _setting(plan)
    if flow.analysed_selected is None:
        return words
    counted = ["statements"] * bool(plan.statements) + ["yes/no answers"] * bool(plan.outcomes)
    if not counted:
        return words
    sentence = joined(counted)[:1].upper() + joined(counted)[1:]
    if analysis.population is Population.ANALYSED:
        labels = joined([analysis.cohort.measure(k).label for k in _primary(plan)], "or")
        n = count(flow.analysed_selected)
        return f"{words} {sentence} are counted over {n} analysed patients (both scores of {labels})."
    return f"{words} {sentence} are counted over all {treated}s of the selection."


def _when(plan: Plan) -> str:
    """First and last month of treatment of the selection; outside no smallest or largest value, so nothing."""
    column = plan.analysis.cohort.columns.get("surgery_date")
    if plan.outside or not isinstance(column, Dates):
        return ""
    days = column.days[plan.analysis.selected & ~np.isnat(column.days)]
    if not days.size:
        return ""
    first, last = (f"{day.item():%B %Y}" for day in (days.min().astype("M8[D]"), days.max().astype("M8[D]")))
    treated = plan.analysis.cohort.design.treatment
    when = f"in {first}" if first == last else f"from {first} to {last}"
    undated = int(plan.analysis.selected.sum()) - days.size
    return f" They were {treated} {when}{f' ({count(undated)} without a date)' if undated else ''}."


def _setting(plan: Plan) -> str:
    """How many centers, and which where they are few; outside only how many."""
    cohort = plan.analysis.cohort
    column = next((c for c in cohort.categories() if c.role == "center"), None)
    if column is None:
        return ""
    codes = column.codes[plan.analysis.selected]
    sizes = np.bincount(codes[codes >= 0], minlength=len(column.labels))
    names = [label for label, n in zip(column.labels, sizes, strict=True) if n]
    if not names:
        return ""
    named = column.label if column.label.casefold() != "center" else ""
    if len(names) <= _MOST_NAMED and not plan.outside:
        named = f"{named}: {joined(names)}".removeprefix(": ")
    return f" Setting: {plural(len(names), 'center')}{f' ({named})' if named else ''}."


def _primary(plan: Plan) -> list[str]:
    cohort = plan.analysis.cohort
    return [k for k in cohort.primary if cohort.has_scores(k, BASELINE) and cohort.has_scores(k, plan.time)]


def _missing(plan: Plan) -> str:
    if not plan.measures:
        return ""
    words = (
        "Missing data: each outcome was analysed over the patients with both of its scores, without imputation; a gap "
        "in another column excluded nobody."
    )
    for measure in plan.measures:
        left_out = outcomes.excluded_words(plan.analysis.pairs(measure.key, plan.time).excluded)
        words += f" {measure.label}: {left_out}." if left_out else ""
    return words + _what_if(plan, plan.measures[0])


def _what_if(plan: Plan, measure: Measure) -> str:
    """The analyses in which the missing differ, those that were computed; single patients stand in them."""
    found = NotComputed("outside", 0) if plan.outside else plan.what_if(measure)
    if isinstance(found, NotComputed):
        return ""
    ways = []
    if isinstance(found.mean.weighted, Weighted):
        given = joined([inside(name) for name in found.weighted_from])
        ways.append(f"inverse probability weights (logistic model of who answered: {given})")
    pooled = found.mean.imputed
    if isinstance(pooled, Pooled):
        given = joined([inside(name) for name in found.imputed_from])
        ways.append(f"{plural(pooled.imputations, 'multiple imputation')} from {given} (seed {found.seed})")
    return f" Sensitivity analysis of {measure.label}, over all who are due: {joined(ways)}." if ways else ""


def _continuous(plan: Plan) -> str:
    if not plan.measures:
        return ""
    level = confidence_words(plan.confidence)
    results = [(measure, plan.paired(measure)) for measure in plan.measures]
    if not any(isinstance(r, PairedResult) and r.choice is not None for _, r in results):
        return f"Scores: estimates with their interval ({level}), without a test. {_chosen(results)}"
    if plan.choices.test is None:
        choice = (
            "Where more than half did not change, the counts of improved and worsened with Clopper–Pearson interval "
            "and exact sign test; from 100 pairs the mean change with the paired t test; from 10 to 99 by Shapiro–Wilk "
            "on the differences (Royston 1995): the paired t test where normality was not rejected, otherwise the "
            "Wilcoxon signed-rank test (zero differences dropped, exact with ties up to 50 pairs) with the pseudomedian"
            " (Hodges–Lehmann), as also where fewer than 20 changed."
        )
    elif plan.choices.test == "t":
        choice = "The paired t test leads by the choice of the user, whatever the distribution of the differences."
    elif plan.choices.test == "counts":
        choice = (
            "The counts of improved and worsened with Clopper–Pearson interval and exact sign test lead by the choice "
            "of the user, whatever the distribution of the differences."
        )
    else:
        choice = (
            "The Wilcoxon signed-rank test (zero differences dropped, exact with ties up to 50 pairs) with the "
            "Hodges–Lehmann median leads by the choice of the user, whatever the distribution of the differences."
        )
    words = (
        f"Scores: estimate, interval ({level}) and p are of one method. {choice} "
        f"Fewer than {FEWEST_TO_TEST} pairs: estimates only. Tests are two-sided at {SIGNIFICANCE}; "
        "p values are not corrected for the number of outcomes. "
    )
    return words + _chosen(results)


def _chosen(results: Sequence[tuple[Measure, PairedResult | NotComputed]]) -> str:
    """Per measure what leads and why."""
    named = [
        f"{m.label}: {f'not computed ({r.reason})' if isinstance(r, NotComputed) else _choice(r)}" for m, r in results
    ]
    return f"{'; '.join(named)}."


def _choice(result: PairedResult) -> str:
    if result.choice is None:
        reason = result.reason.removeprefix("No test: ")
        return f"no test ({reason[0].lower()}{reason[1:]})"
    names = {"t": "paired t test", "wilcoxon": "Wilcoxon signed-rank test", "counts": "counts and sign test"}
    name = names[result.choice]
    # where the size decides, the p of Shapiro–Wilk would stand there as if it were that of the change
    named = "Shapiro" in result.reason
    shapiro = f", {p_value(result.shapiro.p)}" if named and not isinstance(result.shapiro, NotComputed) else ""
    return f"{name} ({result.reason}{shapiro})"


def _responders(plan: Plan) -> str:
    parts = []
    for measure in plan.measures:
        rule = plan.rules.get(measure.key)
        if rule is not None:
            words = outcomes.rule_words(rule, measure)
            words = f"ended at {words}" if rule.kind == "state" else f"improved by at least {words}"
            parts.append(f"{measure.label}, {words}{_source(plan, measure.key)}")
    if not parts:
        return ""
    interval = "Wilson" if plan.choices.interval == "wilson" else "exact (Clopper–Pearson)"
    return (
        f"Responders: {'; '.join(parts)}. Rates have {interval} intervals; worst and best case count all selected "
        "patients without a score as not improved or as improved."
    )


def _source(plan: Plan, key: str) -> str:
    rule = plan.rules[key]
    return f" ({rule_source(plan.analysis.cohort.measure(key), rule)})" if rule is not None else ""


def _value_sets(plan: Plan) -> str:
    sets = [(m.label, value_set(m.value_set)) for m in plan.measures if m.value_set]
    words = [f"{label}: {found.label} ({found.citation})" for label, found in sets]
    return f"EQ-5D value set. {'; '.join(words)}." if words else ""


def _statements(plan: Plan) -> str:
    if not plan.statements:
        return ""
    return (
        "Statements: counts and shares over those who answered; the best two answers (the best one of two or three) "
        "with Wilson intervals."
    )


def _yes_no(plan: Plan) -> str:
    if not plan.outcomes:
        return ""
    ways: dict[str, list[str]] = {}
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        how = []
        if isinstance(found, YesNoResult) and found.n >= FEWEST_TO_TEST and isinstance(found.exact, Test):
            how.append("exact McNemar test with its mid-p form (Fagerland 2013)")
        if isinstance(found, YesNoResult) and isinstance(found.difference.interval, Interval):
            how.append("Newcombe’s interval for the difference of paired shares (Newcombe 1998, method 10)")
        ways.setdefault(joined(how) or "counts", []).append(outcome.label)
    return " ".join(f"{joined(names)}: {how}." for how, names in ways.items())


def _safety(plan: Plan) -> str:
    if isinstance(plan.safety(), NotComputed):
        return ""
    everybody, one = populations(plan.analysis, plan.time)[0], plan.analysis.cohort.design.one
    found = per_procedure(plan.analysis, everybody.mask, confidence=plan.confidence)
    apart = (
        ""
        if isinstance(found, NotComputed)
        else (
            f"; per {one} with an interval over patients, since two {one}s of one are not independent "
            "(Korn & Graubard 1998)"
        )
    )
    return (
        "Adverse events are counted over everybody treated, patients and events apart, with exact (Clopper–Pearson) "
        f"intervals{apart}."
    )


def _limits(plan: Plan) -> str:
    if not plan.measures:
        return ""
    alone = plan.analysis.cohort.design.kind is Kind.SERIES
    mean = "Change without a control group contains regression to the mean. " if alone else ""
    return f"{mean}Clustering of patients by center is not modelled."
