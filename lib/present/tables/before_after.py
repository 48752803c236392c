"""The paper's Table 3 for any selection: each measure before and after, its improvement, interval and p."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.extremes import MANY, Extremes
from lib.cohort.measure import Measure
from lib.present import wording
from lib.present.sentences import leading
from lib.present.table import Cell, Column, Table
from lib.present.wording import (
    MINUS,
    confidence_words,
    count,
    estimate_words,
    interval,
    number,
    p_value,
    plural,
    result_of_test,
    share,
)
from lib.settings import DEFAULTS, SIGNIFICANCE
from lib.stats.paired import PairedResult
from lib.stats.results import Interval, NotComputed, Test

Row = tuple[Measure, PairedResult | NotComputed]

TEST_WORDS = {"t": "paired\u00a0t", "wilcoxon": "Wilcoxon", "counts": "sign\u00a0test"}


def before_after_table(rows: Sequence[Row], time_points: tuple[str, str]) -> Table:
    """One row per measure: n, mean (SD) at both time points, improvement (SD), then CI, p and test of what leads.

    Improvement is positive when it is better. Where another than the mean leads, its estimate stands before its CI; all
    of them are in `before_after_numbers`. A measure that cannot be computed keeps its row, with the reason.
    """
    confidence = next((r.confidence for _, r in rows if isinstance(r, PairedResult)), DEFAULTS.confidence)
    columns = (
        Column("Outcome"),
        Column("n", "right"),
        Column(f"{time_points[0] or 'Before'}, mean (SD)", "right"),
        Column(f"{time_points[1] or 'After'}, mean (SD)", "right"),
        Column("Improvement, mean (SD)", "right"),
        Column(confidence_words(confidence), "right"),
        Column("p", "right"),
        Column("Test"),
    )
    body = tuple(_row(measure, result) for measure, result in rows)
    return Table("Before and after", columns, body, _notes(rows))


def _row(measure: Measure, result: PairedResult | NotComputed) -> tuple[Cell, ...]:
    head = (Cell(measure.label), Cell(count(result.n), result.n))
    if isinstance(result, NotComputed):
        return (*head, Cell(f"not computed: {result.reason}"), *(Cell("") for _ in range(5)))
    digits = measure.decimals
    gain = wording.improvement(result.mean_change, measure.sign)
    test = chosen_test(result)
    return (
        *head,
        Cell(_mean_sd(result.baseline.mean, result.baseline.sd, digits)),
        Cell(_mean_sd(result.follow_up.mean, result.follow_up.sd, digits)),
        Cell(_mean_sd(gain.value, result.change.sd, digits)),
        Cell(_led(measure, result)),
        Cell("") if test is None else Cell(p_value(test.p), test.p),
        # why there is no test can say how few pairs there are
        Cell(leading.p_line(result) if test is None else TEST_WORDS[result.choice or "t"]),
    )


def chosen_test(result: PairedResult) -> Test | None:
    """The test that leads, None when none was chosen, computed, or may be shown."""
    if result.choice is None or not result.testable:
        return None
    _, test = result.leading
    return None if isinstance(test, NotComputed) else test


def _led(measure: Measure, result: PairedResult) -> str:
    """The interval of what leads; where that is not the mean, its estimate before it."""
    name, estimate = leading.leading_improvement(measure, result)
    found = estimate.interval
    if isinstance(found, NotComputed):
        return found.reason if name == "mean" else f"{name} {number(estimate.value, measure.decimals)}, {found.reason}"
    if result.choice == "counts":
        ends = f"{number(found.low * 100, 1)} to {number(found.high * 100, 1)}%"
        return f"{leading.leading_value(measure, result)[1]} who changed ({ends})"
    ends = interval(found, measure.decimals)
    return ends if name == "mean" else f"{name} {number(estimate.value, measure.decimals)} ({ends})"


def _mean_sd(mean: float, sd: float | NotComputed, digits: int) -> str:
    words = number(mean, digits)
    return words if isinstance(sd, NotComputed) else f"{words} ({number(sd, digits)})"


def _notes(rows: Sequence[Row]) -> tuple[str, ...]:
    notes = ["Improvement is positive when patients are better; complete pairs of each outcome."]
    few = [(m.label, r.n) for m, r in rows if isinstance(r, PairedResult) and r.quality == "too few to test reliably"]
    notes += [f"{label}: {plural(n, 'pair')}, too few to test reliably." for label, n in few]
    return tuple(notes)


_NUMBERS = (
    *("n", "mean before", "SD before", "median before", "Q1 before", "Q3 before"),
    *("mean after", "SD after", "median after", "Q1 after", "Q3 after"),
    *("mean change", "SD of change", "CI low", "CI high"),
    *("median change", "pseudomedian change (Hodges–Lehmann)", "HL CI low", "HL CI high"),
    "p (sign test)",
    *("Shapiro–Wilk p", "t", "df", "p (paired t)", "p (Wilcoxon)", "d_z", "d_av", "Glass", "g_z"),
)


def before_after_numbers(rows: Sequence[Row]) -> Table:
    """For the workbook: one unrounded number per cell, change = follow-up − baseline; blank where not computed."""
    columns = (Column("Outcome"), *(Column(name, "right") for name in _NUMBERS), Column("Leading test"), Column("Why"))
    body = tuple(_numbers(measure, result) for measure, result in rows)
    notes = ("Unrounded. Change is follow-up − baseline in the unit of the file.",)
    return Table("Before and after, all numbers", columns, body, notes)


def _numbers(measure: Measure, result: PairedResult | NotComputed) -> tuple[Cell, ...]:
    if isinstance(result, NotComputed):
        blank = (Cell("") for _ in _NUMBERS[1:])
        why = Cell(result.reason)
        return (Cell(measure.label), value_cell(result.n), *blank, Cell("not computed"), why)
    effects = {effect.name: effect.value for effect in result.effects}
    t, w, c = result.t_test, result.wilcoxon, result.counts
    before, after, change = result.baseline, result.follow_up, result.change
    values: tuple[float | int | NotComputed | None, ...] = (
        *(result.n, before.mean, before.sd, before.median, before.q1, before.q3),
        *(after.mean, after.sd, after.median, after.q1, after.q3),
        *(result.mean_change.value, change.sd, *_limits(result.mean_change.interval)),
        *(change.median, result.hodges_lehmann.value, *_limits(result.hodges_lehmann.interval)),
        None if isinstance(c, NotComputed) else c.test.p,
        result.shapiro if isinstance(result.shapiro, NotComputed) else result.shapiro.p,
        *((None, None, None) if isinstance(t, NotComputed) else (t.statistic, t.df[0] if t.df else None, t.p)),
        None if isinstance(w, NotComputed) else w.test.p,
        *(effects.get(name) for name in ("d_z", "d_av", "Glass", "g_z")),
    )
    cells = (value_cell(v) for v in values)
    return (Cell(measure.label), *cells, Cell(result.choice or "none"), Cell(result.reason))


def value_cell(value: float | int | NotComputed | None) -> Cell:
    """A cell of one number about all pairs of its row, blank when there is none."""
    if value is None or isinstance(value, NotComputed):
        return Cell("")
    text = count(value) if isinstance(value, int) else f"{value:.6g}".replace("-", MINUS)
    return Cell(text, value)


def _limits(found: Interval | NotComputed) -> tuple[float | None, float | None]:
    return (None, None) if isinstance(found, NotComputed) else (found.low, found.high)


# Why a t test or a rank test: everything the choice rests on, and the other test's p beside it.

NAMES = {"t": "Paired t test", "wilcoxon": "Wilcoxon signed-rank test", "counts": "Counts and sign test"}
EFFECTS = {
    "d_z": "Improvement in SDs of change (d_z, SRM)",
    "d_av": "Improvement in average SDs (d_av)",
    "Glass": "Improvement in baseline SDs (ES, Glass)",
    "g_z": "d_z corrected for small n (g_z)",
}


def why_title(result: PairedResult) -> str:
    """ "Why a paired t test"."""
    if result.choice is None:
        return "Why no test"
    return {"t": "Why a paired t test", "wilcoxon": "Why a rank test", "counts": "Why the counts"}[result.choice]


def why_table(measure: Measure, result: PairedResult) -> Table:
    """Normality, n, zeros, ties, both tests; tests are of the improvement, positive is better."""
    chosen = " (chosen)"
    t = result.t_test
    rows = [
        ("Reason", result.reason),
        ("Normality of the changes", _normality(result)),
        ("Pairs", f"{count(result.n)}; {count(result.zeros)} without change{'; tied changes' if result.ties else ''}"),
        (
            NAMES["t"] + (chosen if result.choice == "t" else ""),
            t.reason if isinstance(t, NotComputed) else result_of_test(wording.improvement_test(t, measure.sign)),
        ),
        (
            NAMES["wilcoxon"] + (chosen if result.choice == "wilcoxon" else ""),
            _rank_test(result),
        ),
        (NAMES["counts"] + (chosen if result.choice == "counts" else ""), _sign_test(measure, result)),
    ]
    return _pairs("Why this test", rows)


def size_table(measure: Measure, result: PairedResult) -> Table:
    """Mean, medians, pseudomedian with their intervals, and standardised effect sizes, all as improvement."""
    digits = measure.decimals
    median = wording.improvement(result.hodges_lehmann, measure.sign)
    rows = [
        (
            f"Median at {name} [quartiles]",
            f"{number(s.median, digits)} [{number(s.q1, digits)}, {number(s.q3, digits)}]",
        )
        for name, s in (("baseline", result.baseline), ("follow-up", result.follow_up))
    ]
    mean = wording.improvement(result.mean_change, measure.sign)
    rows.append(("Mean improvement", estimate_words(mean, digits)))
    rows.append(("Median of the improvements", number(measure.sign * result.change.median, digits)))
    rows.append(("Pseudomedian improvement (Hodges–Lehmann)", estimate_words(median, digits)))
    if not isinstance(result.wilcoxon, NotComputed):
        biserial = wording.improvement(result.wilcoxon.rank_biserial, measure.sign)
        rows.append(("Rank-biserial correlation", estimate_words(biserial, 2)))
    for effect in result.effects:
        turned = wording.improvement(effect, measure.sign)
        known = isinstance(turned.interval, Interval)
        words = estimate_words(turned, 2) if known else number(turned.value, 2)
        rows.append((EFFECTS.get(effect.name, effect.name), words))
    rows += [(EFFECTS.get(name, name), absent.reason) for name, absent in result.effects_absent]
    return _pairs("Size of the improvement", rows)


def _rank_test(result: PairedResult) -> str:
    w = result.wilcoxon
    if isinstance(w, NotComputed):
        return w.reason
    return f"{p_value(w.test.p)}, {w.test.method}, {plural(w.n_used, 'pair')}"


def _sign_test(measure: Measure, result: PairedResult) -> str:
    found = result.counts
    if isinstance(found, NotComputed):
        return found.reason
    return f"{leading.counted(measure, result)}; {p_value(found.test.p)}, {found.test.method}"


def _normality(result: PairedResult) -> str:
    if isinstance(result.shapiro, NotComputed):
        return result.shapiro.reason
    verdict = "rejected" if result.shapiro.p < SIGNIFICANCE else "not rejected"
    return f"Shapiro–Wilk {p_value(result.shapiro.p)}: {verdict}"


def _pairs(title: str, rows: list[tuple[str, str]]) -> Table:
    return Table(title, (Column(""), Column("")), tuple((Cell(a), Cell(b)) for a, b in rows))


# Floor and ceiling: how many stand at an end of the scale, where no change for the worse or better can be seen.


def extremes_table(found: Sequence[Extremes]) -> Table:
    """One row per measure and time point: n, how many at the worst and at the best possible score, with intervals."""
    columns = (
        Column("Outcome"),
        Column("Time point"),
        Column("n", "right"),
        Column("At the worst score (floor)", "right"),
        Column("Floor, CI", "right"),
        Column("At the best score (ceiling)", "right"),
        Column("Ceiling, CI", "right"),
    )
    rows, people = [], []
    for one in found:
        ends = []
        for share_of in (one.floor, one.ceiling):
            if isinstance(share_of, NotComputed):
                ends += [Cell(share_of.reason), Cell("")]
                continue
            much = " *" if share_of.share > MANY else ""
            words, spread = share(share_of.count, share_of.n), wording.percent_interval(share_of.interval)
            ends += [Cell(words + much, share_of.share), Cell(spread)]
        n = one.floor.n
        rows.append((Cell(one.measure.label), Cell(one.time_point), Cell(count(n), n), *ends))
        low, high = (0 if isinstance(p, NotComputed) else p.count for p in (one.floor, one.ceiling))
        people.append((("floor", low), ("between", n - low - high), ("ceiling", high)))
    notes = (
        "Over the selected patients with a score at that time point. Floor is the worst possible score, ceiling the "
        "best, whichever way the scale runs.",
        f"* More than {MANY:.0%} at one end: change beyond it cannot be seen (Terwee 2007, J Clin Epidemiol 60:34-42).",
    )
    return Table("Floor and ceiling", columns, tuple(rows), notes)
