"""Differences between groups in one score: adjusted for baseline, plain changes beside it, both corrected by Holm."""

from __future__ import annotations

from lib.analysis.grouped_scores import BetweenScores, ScoreFamily
from lib.cohort.measure import Measure
from lib.present import orient
from lib.present.table import Cell, Column, Table
from lib.present.tables.groups import unbroken
from lib.present.wording import compact, confidence_words, interval, number, p_value, plural, result_of_test, signed
from lib.settings import DEFAULTS
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
    gain = orient.improvement(difference, measure.sign)
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
        notes.append(f"Fewer than 3 pairs, outside the model: {small}.")
    few = [f"{label} ({n})" for label, n in zip(found.labels, found.n_per_group, strict=True) if n < DEFAULTS.few_pairs]
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
            gain = orient.improvement(quartile.differences[k].difference, measure.sign)
            cells.append(Cell(f"{signed(gain.value, digits)} ({interval(gain.interval, digits)})", gain.value, *_BOTH))
        rows.append((Cell(f"{found.labels[second]} − {found.labels[first]}"), *cells))
    notes = ("From the model with one line per group, not corrected for multiple looks.",)
    people = tuple(
        (("first", found.n_per_group[first]), ("second", found.n_per_group[second])) for first, second in found.pairs
    )
    return Table("Differences by where patients start", columns, tuple(rows), notes, people)
