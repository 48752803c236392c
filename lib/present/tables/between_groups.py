"""Differences between groups in one score: adjusted for baseline, plain changes beside it, both corrected by Holm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.literature import PublishedCohort
from lib.analysis.groups.rates import RateFamily, RateGap
from lib.analysis.groups.scores import BetweenScores, ScoreFamily
from lib.cohort.measure import Measure
from lib.present import wording
from lib.present.table import Cell, Column, Table
from lib.present.wording import (
    NBSP,
    compact,
    confidence_words,
    count,
    interval,
    number,
    p_value,
    plural,
    result_of_test,
    signed,
)
from lib.settings import DEFAULTS, FEWEST_COMPARED, FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.results import Estimate, Interval, NotComputed, Test

MOST_ROWS = 15
"""More pairs of groups than this go behind a switch."""
_BOTH = ("first",), (("second",),)
"""A difference rests on each of its two groups."""


def between_table(measure: Measure, family: ScoreFamily) -> Table:
    """One row per pair of groups, improvement of the first named minus that of the second; positive: the first more."""
    found = family.of(measure.key)
    adjusted_p, gap_p, _ = family.corrected(measure.key)
    ci = confidence_words(_confidence(found))
    columns = (
        Column("Improvement of … minus …"),
        Column("Adjusted for baseline", "right"),
        Column(ci, "right"),
        Column("p", "right"),
        Column("p corrected", "right"),
        Column("Not adjusted (Welch)", "right"),
        Column(ci, "right"),
        Column("p", "right"),
        Column("p corrected", "right"),
    )
    rows = []
    people = []
    for k, (first, second) in enumerate(found.pairs):
        parts = (("first", found.n_per_group[first]), ("second", found.n_per_group[second]))
        gap = found.gaps[k].result
        fit = found.ancova
        adjusted = _cells(
            measure,
            fit if isinstance(fit, NotComputed) else fit.differences[k].difference,
            None if isinstance(fit, NotComputed) else fit.differences[k].test,
            adjusted_p[k],
        )
        plain = _cells(
            measure,
            gap if isinstance(gap, NotComputed) else gap.difference,
            None if isinstance(gap, NotComputed) else gap.test,
            gap_p[k],
        )
        rows.append((Cell(f"{found.labels[second]} − {found.labels[first]}"), *adjusted, *plain))
        people.append(parts)
    return Table(f"{measure.label} between groups", columns, tuple(rows), _notes(found, family), tuple(people))


def _cells(
    measure: Measure, difference: Estimate | NotComputed, test: Test | None, corrected: float | NotComputed
) -> tuple[Cell, ...]:
    if isinstance(difference, NotComputed):
        return (Cell("not computed"), Cell(""), Cell(""), Cell(""))
    gain = wording.improvement(difference, measure.sign)
    ci = gain.interval.reason if isinstance(gain.interval, NotComputed) else unbroken(gain.interval, measure.decimals)
    return (
        Cell(signed(gain.value, measure.decimals), gain.value, *_BOTH),
        Cell(ci, None, *_BOTH),
        Cell("" if test is None else p_value(test.p), None if test is None else test.p, *_BOTH),
        Cell("", None, *_BOTH) if isinstance(corrected, NotComputed) else Cell(p_value(corrected), corrected, *_BOTH),
    )


def _confidence(found: BetweenScores) -> float:
    fit = found.ancova
    if not isinstance(fit, NotComputed) and isinstance(fit.slope.interval, Interval):
        return fit.slope.interval.confidence
    return DEFAULTS.confidence


def _notes(found: BetweenScores, family: ScoreFamily) -> tuple[str, ...]:
    notes = []
    if isinstance(found.ancova, NotComputed):
        notes.append(f"Not tested: {found.ancova.reason}.")
    else:
        looks = plural(family.differences.size, "time")
        notes.append(
            f"Positive: the first named improved more. p corrected by Holm for looking {looks} (pairs of groups × "
            "measures). Without randomisation the adjusted and the plain difference answer different questions."
        )
        notes.append("Groups were not made by chance; clustering by center is not modelled.")
    if found.outside:
        small = ", ".join(f"{label} ({n})" for label, n in found.outside)
        notes.append(f"Fewer than {FEWEST_COMPARED} pairs, outside the model: {small}.")
    few = [f"{label} ({n})" for label, n in zip(found.labels, found.n_per_group, strict=True) if n < FEWEST_TO_TEST]
    if few and not isinstance(found.ancova, NotComputed):
        notes.append(f"Too few to test reliably: {', '.join(few)}.")
    return tuple(notes)


def checks_table(measure: Measure, family: ScoreFamily) -> Table | NotComputed:
    """What the model says over all groups at once, and what it rests on: residuals and equal slopes."""
    found = family.of(measure.key)
    fit = found.ancova
    if isinstance(fit, NotComputed):
        return fit
    _, _, corrected = family.corrected(measure.key)
    words = f"{result_of_test(fit.heterogeneity)}"
    if not isinstance(corrected, NotComputed) and family.heterogeneity.size > 1:
        words += f"; corrected for {plural(family.heterogeneity.size, 'measure')} {p_value(corrected)}"
    slope, inside = fit.slope, ("inside",)
    rows = [
        (Cell("Do the groups differ, given baseline"), Cell(words, fit.heterogeneity.p, inside)),
        (Cell("Equal slopes (baseline × group)"), Cell(_slopes(fit.slopes, fit.slopes_differ), None, inside)),
        (
            Cell("Standard errors"),
            Cell("HC2 with Bell–McCaffrey df: groups may differ in spread and size", None, inside),
        ),
        (Cell("Residuals normal (Shapiro–Wilk)"), Cell(result_of_test(fit.residual_normality), None, inside)),
        (
            Cell("Slope of follow-up on baseline"),
            Cell(
                f"{number(slope.value, 2)} ({interval(slope.interval, 2)})",
                slope.value,
                inside,
            ),
        ),
        (Cell("In the model"), Cell(f"{plural(fit.n, 'pair')}, {plural(len(found.labels), 'group')}", fit.n, inside)),
    ]
    people = ((("inside", fit.n),),) * len(rows)
    return Table("The model and its checks", (Column("", "left"), Column("", "left")), tuple(rows), (), people)


def _slopes(test: Test | NotComputed, differ: bool) -> str:
    words = result_of_test(test)
    if isinstance(test, NotComputed):
        return words
    if differ:
        return f"{words}: slopes differ, so one common difference describes nobody in particular; see the quartiles"
    return f"{words}: no sign that they differ"


def quartiles_table(measure: Measure, family: ScoreFamily) -> Table | None:
    """Where slopes differ: the differences for patients who start at the lower quartile, the median, the upper one."""
    found = family.of(measure.key)
    fit = found.ancova
    if isinstance(fit, NotComputed) or not fit.at_baseline:
        return None
    digits = measure.decimals
    columns = (
        Column("Improvement of … minus …"),
        *(Column(f"Baseline {compact(round(q.baseline, digits))} ({q.label})", "right") for q in fit.at_baseline),
    )
    rows = []
    for k, (first, second) in enumerate(found.pairs):
        cells = []
        for quartile in fit.at_baseline:
            gain = wording.improvement(quartile.differences[k].difference, measure.sign)
            cells.append(Cell(f"{signed(gain.value, digits)} ({interval(gain.interval, digits)})", gain.value, *_BOTH))
        rows.append((Cell(f"{found.labels[second]} − {found.labels[first]}"), *cells))
    notes = ("From the model with one line per group, not corrected for multiple looks.",)
    people = tuple(
        (("first", found.n_per_group[first]), ("second", found.n_per_group[second])) for first, second in found.pairs
    )
    return Table("Differences by where patients start", columns, tuple(rows), notes, people)


# Differences between groups in one share: Newcombe's interval, test, Holm, patients for one more.

_COLUMNS = ("Between", "Difference, points", "Interval", "p", "p corrected", "Patients for one more")


def rate_gaps_table(family: RateFamily, name: str, comparison: Comparison, *, exploratory: bool = True) -> Table:
    """One row per pair of groups: share of the second minus share of the first, in percentage points."""
    result = family.of(name)
    corrected, together = family.corrected(name)
    columns = tuple(Column(c, "left" if i == 0 else "right") for i, c in enumerate(_COLUMNS))
    rows = tuple(_row(result.labels, gap, p) for gap, p in zip(result.gaps, corrected, strict=True))
    people = tuple(
        tuple(
            part
            for side, r in (("first", result.rates[gap.first]), ("second", result.rates[gap.second]))
            for part in ((f"{side} with", r.count), (f"{side} without", r.n - r.count))
        )
        for gap in result.gaps
    )
    notes = ["Groups were not randomised; a difference may come from who is in them."]
    if exploratory:  # said once per page: where the page itself says it, not here
        notes = [f"Exploratory. {notes[0]}"]
    if comparison.within_only:
        notes.append(f"Not tested: {comparison.within_only}.")
    elif isinstance(together, NotComputed):
        notes.append(f"All groups at once: {together.reason}.")
    else:
        outcomes, looks = plural(family.heterogeneity.size, "outcome"), plural(family.gaps.size, "time")
        notes.append(f"All groups at once: {p_value(together)}, corrected for {outcomes}.")
        notes.append(f"Pairs of groups corrected for looking {looks}.")
    if result.outside:
        small = ", ".join(f"{label} ({count(n)})" for label, n in result.outside)
        notes.append(f"Fewer than {FEWEST_COMPARED} pairs, left out of the differences: {small}.")
    return Table("Differences between groups", columns, rows, tuple(notes), people)


def _row(labels: tuple[str, ...], gap: RateGap, corrected: float | NotComputed) -> tuple[Cell, ...]:
    name = Cell(f"{labels[gap.second]} − {labels[gap.first]}")
    if isinstance(gap.difference, NotComputed):
        return (name, Cell("not computed"), Cell(""), Cell(""), Cell(""), Cell(""))
    found = gap.difference.interval
    ci = ""
    if isinstance(found, Interval):
        ends = f"{number(found.low * 100, 1)} to {number(found.high * 100, 1)}"
        ci = f"{confidence_words(found.confidence)} {ends}"
    p = "" if isinstance(gap.test, NotComputed) else p_value(gap.test.p)
    needed = "–"
    if not isinstance(gap.number_needed, NotComputed):
        its = gap.number_needed
        needed = f"{number(its.value, 1)} ({number(its.interval.low, 1)} to {number(its.interval.high, 1)})"
    cells = (
        Cell(signed(gap.difference.value * 100, 1), gap.difference.value),
        Cell(ci),
        Cell(p, None if isinstance(gap.test, NotComputed) else gap.test.p),
        Cell("" if isinstance(corrected, NotComputed) else p_value(corrected)),
        Cell(needed),
    )
    return (name, *(replace(cell, counts=_SIDES[0], also=_SIDES[1:]) if cell.text else cell for cell in cells))


_SIDES = (("first with",), ("first without",), ("second with",), ("second without",))
"""A difference of shares rests on all four counts."""


# Each group on its own: before, after and improvement of one measure, "All" first.

_NONE = "in no group"


def unbroken(found: Interval, decimals: int) -> str:
    """An interval that a narrow column does not break."""
    return interval(found, decimals).replace(" ", NBSP)


def groups_table(
    comparison: Comparison, measure: Measure, follow_up: str, time_points: tuple[str, str], *, short: bool = False
) -> Table:
    """n, mean (SD) before and after, mean improvement (SD) and its interval; below 3 pairs the n only.

    `short` keeps n, both means and their remark, for a place beside the forest.

    p values within a group stay on Before and after: side by side they invite comparing them, which answers nothing.
    """
    columns = (
        Column(comparison.title),
        Column("n", "right"),
        Column(f"{time_points[0] or 'Before'}, mean (SD)", "right"),
        Column(f"{time_points[1] or 'After'}, mean (SD)", "right"),
        Column("Improvement (SD)", "right"),
        Column(confidence_words(DEFAULTS.confidence), "right"),
        Column("Remark"),
    )
    found = [(label, analysis.paired(measure.key, follow_up)) for label, analysis in comparison.rows]
    sizes = [result.n for _, result in found]
    left = sizes[0] - sum(sizes[1:])
    names = [str(k) for k in range(1, len(found))]
    rows = [
        _group_row(label, measure, result, (*names, _NONE) if k == 0 else (str(k),))
        for k, (label, result) in enumerate(found)
    ]
    parts = (*zip(names, sizes[1:], strict=True), (_NONE, left))
    people = (parts,) * len(rows)
    notes = ["Improvement is positive when patients are better; complete pairs."]
    if comparison.overlap:  # groups that share patients cannot be masked together
        rows, people = [tuple(replace(c, counts=()) for c in row) for row in rows], ()
    elif left > 0:
        notes.append(f"{plural(left, 'pair is', 'pairs are')} in no group (not recorded).")
    kept = [0, 1, 2, 3, 6] if short else list(range(len(columns)))
    return Table(
        f"{measure.label} by group",
        tuple(columns[k] for k in kept),
        tuple(tuple(row[k] for k in kept) for row in rows),
        tuple(notes),
        people,
        together=True,
    )


def _group_row(
    label: str, measure: Measure, result: PairedResult | NotComputed, pairs: tuple[str, ...]
) -> tuple[Cell, ...]:
    head = (Cell(label), Cell(count(result.n), result.n, pairs))
    if isinstance(result, NotComputed) or result.n < FEWEST_COMPARED:
        return (*head, *(Cell(""),) * 4, Cell("too few for an estimate" if result.n else "no complete pair"))
    digits = measure.decimals

    def spread(value: float | NotComputed) -> str:
        return "" if isinstance(value, NotComputed) else f" ({number(value, digits)})"

    gain = wording.improvement(result.mean_change, measure.sign)
    ci = gain.interval.reason if isinstance(gain.interval, NotComputed) else unbroken(gain.interval, digits)
    return (
        *head,
        Cell(number(result.baseline.mean, digits) + spread(result.baseline.sd), result.baseline.mean, pairs),
        Cell(number(result.follow_up.mean, digits) + spread(result.follow_up.sd), result.follow_up.mean, pairs),
        Cell(signed(gain.value, digits) + spread(result.change.sd), gain.value, pairs),
        Cell(ci, counts=pairs),
        Cell("too few to test reliably" if result.n < FEWEST_TO_TEST else ""),
    )


# Published cohorts: n, baseline, follow-up, change, the scale it was printed on, and where each figure comes from.


def literature_table(studies: Sequence[PublishedCohort], measure: Measure) -> Table:
    """One row per study and time point, on the scale of this measure; blank where the study does not print it."""
    columns = (
        Column("Study"),
        Column("Design"),
        Column("Measure"),
        Column("Time point"),
        Column("n", "right"),
        Column("Baseline", "right"),
        Column("Follow-up", "right"),
        Column("Improvement", "right"),
        Column("95% CI", "right"),
        Column("Scale"),
        Column("Source"),
    )
    rows = tuple(
        (
            Cell(s.study),
            Cell(s.design),
            Cell(s.measure),
            Cell(s.time_point),
            Cell(count(s.n), s.n),
            _score(s.baseline, measure),
            _score(s.follow_up, measure),
            Cell(_change(s, measure), measure.sign * float(s.change)),
            Cell(_interval(s, measure)),
            Cell(s.scale_note),
            Cell("; ".join(s.sources)),
        )
        for s in studies
    )
    notes = [
        "As printed by the studies; nothing is pooled or tested. Other patients, other indications, often "
        "industry-funded trials: a place to look, not a target."
    ]
    if any(s.derived for s in studies):
        notes.append("*: the difference of the two printed means, without an interval.")
    return Table(f"Published cohorts, {measure.label}", columns, rows, tuple(notes), public=True)


def _score(value: Decimal | None, measure: Measure) -> Cell:
    return Cell("") if value is None else Cell(number(value, measure.decimals), float(value))


def _change(study: PublishedCohort, measure: Measure) -> str:
    return signed(measure.sign * study.change, measure.decimals) + ("*" if study.derived else "")


def _interval(study: PublishedCohort, measure: Measure) -> str:
    if study.ci is None:
        return ""
    low, high = sorted(measure.sign * v for v in study.ci)
    return f"{number(low, measure.decimals)} to {number(high, measure.decimals)}"
