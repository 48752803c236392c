"""Differences between groups in one score or share: of the primary outcome corrected together, of others by itself."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.contrasts import AVERAGE_OF_ALL, Contrast
from lib.analysis.groups.rates import RateFamily, RateGap
from lib.analysis.groups.scores import BetweenScores, ScoreFamily
from lib.cohort.measure import Measure
from lib.present import wording
from lib.present.sentences import leading
from lib.present.sentences.leading import leads
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
from lib.stats.paired import Choice, PairedResult
from lib.stats.results import Interval, NotComputed, Test

MOST_ROWS = 15
"""More pairs of groups than this go behind a switch."""


def between_table(measure: Measure, family: ScoreFamily, *, randomised: bool = False) -> Table:
    """One row per contrast, improvement of the first named minus that of the second; positive: the first more.

    `randomised`: whether the user states that patients were randomised to these groups.
    """
    found = family.of(measure.key)
    together = found.primary and found.family_size > 1
    ci = f"{level_words(found)}{' of all together' if together else ''}"
    p = "p corrected" if together else "p"
    columns = (
        Column("Improvement of … minus …"),
        Column("Adjusted for baseline", "right"),
        Column(ci, "right"),
        Column(p, "right"),
        Column("Not adjusted (Welch)", "right"),
        Column(ci, "right"),
        Column(p, "right"),
    )
    rows = tuple(
        (Cell(contrast_name(found.labels, own)), *_cells(measure, own), *_cells(measure, plain))
        for own, plain in zip(found.contrasts, found.gaps, strict=True)
    )
    return Table(f"{measure.label} between groups", columns, rows, _notes(found, randomised))


def contrast_name(labels: Sequence[str], contrast: Contrast) -> str:
    """ "Heerlen − Enschede", "Heerlen − average of all"."""
    first = AVERAGE_OF_ALL if contrast.first is None else labels[contrast.first]
    return f"{labels[contrast.second]} − {first}"


def _cells(measure: Measure, contrast: Contrast) -> tuple[Cell, ...]:
    if isinstance(contrast.difference, NotComputed):
        return (Cell("not computed"), Cell(""), Cell(""))
    gain = wording.improvement(contrast.difference, measure.sign)
    ci = gain.interval.reason if isinstance(gain.interval, NotComputed) else unbroken(gain.interval, measure.decimals)
    p = contrast.p
    return (
        Cell(signed(gain.value, measure.decimals), gain.value),
        Cell(ci),
        Cell("") if isinstance(p, NotComputed) else Cell(p_value(p), p),
    )


def level_words(found: BetweenScores) -> str:
    """ "95% CI": the level that the user chose, in the family of all its intervals together."""
    fit = found.ancova
    if not isinstance(fit, NotComputed) and isinstance(fit.slope.interval, Interval):
        return confidence_words(fit.slope.interval.confidence)
    return confidence_words(DEFAULTS.confidence)


def family_note(primary: bool, size: int) -> str:
    """How often was looked, and what that does to the numbers of this outcome."""
    if not primary:
        return "Exploratory, not the primary outcome: intervals and p stand by themselves, not corrected."
    if size > 1:
        return f"Primary outcome: intervals and p of {plural(size, 'comparison')} are corrected together (Šidák)."
    return "Primary outcome: one comparison, nothing to correct." if size else ""


def _notes(found: BetweenScores, randomised: bool) -> tuple[str, ...]:
    notes = []
    if isinstance(found.ancova, NotComputed):
        notes.append(f"Not tested: {found.ancova.reason}.")
    else:
        notes.append("Positive: the first named improved more.")
        if not randomised:
            notes.append("Without randomisation the adjusted and the plain difference answer different questions.")
        notes.append(family_note(found.primary, found.family_size))
        notes.append("Clustering by center is not modelled.")
    if found.outside:
        small = ", ".join(f"{label} ({n})" for label, n in found.outside)
        notes.append(f"Fewer than {FEWEST_COMPARED} pairs, outside the model: {small}.")
    few = [f"{label} ({n})" for label, n in zip(found.labels, found.n_per_group, strict=True) if n < FEWEST_TO_TEST]
    if few and not isinstance(found.ancova, NotComputed):
        notes.append(
            f"Too few to test reliably: {', '.join(few)}; in the model, with estimate and interval of their own, no p."
        )
    return tuple(note for note in notes if note)


def checks_table(measure: Measure, family: ScoreFamily) -> Table | NotComputed:
    """What the model says over all groups at once, and what it rests on: residuals and equal slopes."""
    found = family.of(measure.key)
    fit = found.ancova
    if isinstance(fit, NotComputed):
        return fit
    words = f"{result_of_test(fit.heterogeneity)} (HC3; rejects 6 to 9% under no difference)"
    slope = fit.slope
    # between two groups their difference has answered it, and a second p by other standard errors would contradict it
    together = [(Cell("Do the groups differ, given baseline"), Cell(words, fit.heterogeneity.p))]
    rows = [
        *(together if len(found.labels) > 2 else ()),
        (Cell("Equal slopes (baseline × group)"), Cell(_slopes(fit.slopes, fit.slopes_differ))),
        (
            Cell("Standard errors"),
            Cell("HC2 with Bell–McCaffrey df: groups may differ in spread and size"),
        ),
        (Cell("Residuals normal (Shapiro–Wilk)"), Cell(result_of_test(fit.residual_normality))),
        (
            Cell("Slope of follow-up on baseline"),
            Cell(f"{number(slope.value, 2)} ({interval(slope.interval, 2)})", slope.value),
        ),
        (Cell("In the model"), Cell(f"{plural(fit.n, 'pair')}, {plural(len(found.labels), 'group')}", fit.n)),
    ]
    return Table("The model and its checks", (Column("", "left"), Column("", "left")), tuple(rows), ())


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
    for k, contrast in enumerate(found.contrasts):
        cells = []
        for quartile in fit.at_baseline:
            gain = wording.improvement(quartile.differences[k].difference, measure.sign)
            cells.append(Cell(f"{signed(gain.value, digits)} ({interval(gain.interval, digits)})", gain.value))
        rows.append((Cell(contrast_name(found.labels, contrast)), *cells))
    notes = ("From the model with one line per group, not corrected for multiple looks.",)
    return Table("Differences by where patients start", columns, tuple(rows), notes)


# Differences between groups in one share: Newcombe's interval, test, patients for one more.


def rate_gaps_table(family: RateFamily, name: str, comparison: Comparison, *, exploratory: bool = True) -> Table:
    """One row per contrast: share of the first named minus share of the second, in percentage points.

    Patients for one more only between groups that patients were randomised to.
    """
    result = family.of(name)
    together = result.primary and result.family_size > 1
    names = ["Between", "Difference, points", "Interval", "p corrected" if together else "p"]
    if comparison.randomised:
        names.append("Patients for one more")
    columns = tuple(Column(c, "left" if i == 0 else "right") for i, c in enumerate(names))
    rows = tuple(_row(result.labels, gap)[: len(names)] for gap in result.gaps)
    if comparison.randomised:
        notes = ["The user states that patients were randomised to these groups."]
    else:
        notes = ["Groups were not randomised; a difference may come from who is in them."]
    if exploratory:  # said once per page: where the page itself says it, not here
        notes = [f"Exploratory. {notes[0]}"]
    if comparison.within_only:
        notes.append(f"Not tested: {comparison.within_only}.")
    elif isinstance(result.heterogeneity, NotComputed):
        notes.append(f"All groups at once: {result.heterogeneity.reason}.")
    elif any(not isinstance(gap.p, NotComputed) for gap in result.gaps):  # all too small to test: at once neither
        notes.append(f"All groups at once: {p_value(result.heterogeneity.p)}, not corrected.")
        notes.append(family_note(result.primary, result.family_size))
    few = [f"{x} ({r.n})" for x, r in zip(result.labels, result.rates, strict=True) if r.n < FEWEST_TO_TEST]
    if few and not comparison.within_only:
        notes.append(f"Too few to test reliably: {', '.join(few)}; estimate and interval, no p.")
    if result.outside:
        small = ", ".join(f"{label} ({count(n)})" for label, n in result.outside)
        notes.append(f"Fewer than 3 pairs, left out of the differences: {small}.")
    return Table("Differences between groups", columns, rows, tuple(note for note in notes if note))


def _row(labels: tuple[str, ...], gap: RateGap) -> tuple[Cell, ...]:
    name = Cell(contrast_name(labels, gap))
    if isinstance(gap.difference, NotComputed):
        return (name, Cell("not computed"), Cell(""), Cell(""), Cell(""))
    found = gap.difference.interval
    ci = ""
    if isinstance(found, Interval):
        level = confidence_words(DEFAULTS.confidence if gap.in_family else found.confidence)
        ci = f"{level} {number(found.low * 100, 1)} to {number(found.high * 100, 1)}"
    needed = "–"
    if not isinstance(gap.number_needed, NotComputed):
        its = gap.number_needed
        needed = f"{number(its.value, 1)} ({number(its.interval.low, 1)} to {number(its.interval.high, 1)})"
        needed += " to harm" if its.higher == "first" else ""
    p = gap.p
    cells = (
        Cell(signed(gap.difference.value * 100, 1), gap.difference.value),
        Cell(ci),
        Cell("") if isinstance(p, NotComputed) else Cell(p_value(p), p),
        Cell(needed),
    )
    return (name, *cells)


# Each group on its own: before, after and improvement of one measure, "All" first.

_LED = {"t": "Improvement (SD)", "wilcoxon": "Pseudomedian improvement", "counts": "Improved of those who changed"}


def unbroken(found: Interval, decimals: int) -> str:
    """An interval that a narrow column does not break."""
    return interval(found, decimals).replace(" ", NBSP)


def groups_table(
    comparison: Comparison,
    measure: Measure,
    follow_up: str,
    time_points: tuple[str, str],
    *,
    short: bool = False,
    force: Choice | None = None,
) -> Table:
    """n, mean (SD) before and after, improvement with its interval; below 3 pairs the n only.

    Improvement is by the method that leads over all, in every row: mean (SD), pseudomedian, or how many of those who
    changed improved. `short` keeps n, both means and their remark, for a place beside the forest.

    p values within a group stay on Before and after: side by side they invite comparing them, which answers nothing.
    """
    lead = leads(comparison, measure, follow_up, force)
    columns = (
        Column(comparison.title),
        Column("n", "right"),
        Column(f"{time_points[0] or 'Before'}, mean (SD)", "right"),
        Column(f"{time_points[1] or 'After'}, mean (SD)", "right"),
        Column(_LED[lead], "right"),
        Column(confidence_words(DEFAULTS.confidence), "right"),
        Column("Remark"),
    )
    found = [(label, analysis.paired(measure.key, follow_up, force=lead)) for label, analysis in comparison.rows]
    sizes = [result.n for _, result in found]
    left = sizes[0] - sum(sizes[1:])
    rows = [_group_row(label, measure, result) for label, result in found]
    notes = ["Improvement is positive when patients are better; complete pairs."]
    if lead == "wilcoxon":
        notes.append("Pseudomedian (Hodges–Lehmann) in every row: over all, Wilcoxon leads.")
    if left > 0 and not comparison.overlap:
        notes.append(f"{plural(left, 'pair is', 'pairs are')} in no group (not recorded).")
    chosen = [0, 1, 2, 3, 6] if short else list(range(len(columns)))
    return Table(
        f"{measure.label} by group",
        tuple(columns[k] for k in chosen),
        tuple(tuple(row[k] for k in chosen) for row in rows),
        tuple(notes),
    )


def _group_row(label: str, measure: Measure, result: PairedResult | NotComputed) -> tuple[Cell, ...]:
    head = (Cell(label), Cell(count(result.n), result.n))
    if isinstance(result, NotComputed) or result.n < FEWEST_COMPARED:
        why = result.reason if isinstance(result, NotComputed) and result.n else "too few for an estimate"
        return (*head, *(Cell(""),) * 4, Cell(why if result.n else "no complete pair"))
    digits = measure.decimals

    def spread(value: float | NotComputed) -> str:
        return "" if isinstance(value, NotComputed) else f" ({number(value, digits)})"

    _, gain = leading.leading_improvement(measure, result)
    ci = gain.interval.reason if isinstance(gain.interval, NotComputed) else unbroken(gain.interval, digits)
    value = signed(gain.value, digits)
    if result.choice == "t":
        value += spread(result.change.sd)
    elif result.choice == "counts":
        value = (
            "nobody changed" if isinstance(result.counts, NotComputed) else leading.leading_value(measure, result)[1]
        )
        ci = leading.leading_interval(measure, result)
    return (
        *head,
        Cell(number(result.baseline.mean, digits) + spread(result.baseline.sd), result.baseline.mean),
        Cell(number(result.follow_up.mean, digits) + spread(result.follow_up.sd), result.follow_up.mean),
        Cell(value, gain.value),
        Cell(ci),
        Cell("too few to test reliably" if result.n < FEWEST_TO_TEST else ""),
    )
