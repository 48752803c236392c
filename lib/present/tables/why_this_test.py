"""Why a t test or a rank test: everything the choice rests on, and the other test's p beside it."""

from __future__ import annotations

from lib.cohort.measure import Measure
from lib.present import orient
from lib.present.table import Cell, Column, Table
from lib.present.wording import (
    count,
    estimate_words,
    number,
    p_value,
    plural,
    result_of_test,
)
from lib.stats.paired import PairedResult
from lib.stats.results import Interval, NotComputed

NAMES = {"t": "Paired t test", "wilcoxon": "Wilcoxon signed-rank test"}
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
    return "Why a paired t test" if result.choice == "t" else "Why a rank test"


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
            t.reason if isinstance(t, NotComputed) else result_of_test(orient.improvement_test(t, measure.sign)),
        ),
        (
            NAMES["wilcoxon"] + (chosen if result.choice == "wilcoxon" else ""),
            _rank_test(result),
        ),
    ]
    return _pairs("Why this test", rows)


def size_table(measure: Measure, result: PairedResult) -> Table:
    """Medians, quartiles, Hodges–Lehmann and standardised effect sizes, all as improvement."""
    digits = measure.decimals
    median = orient.improvement(result.hodges_lehmann, measure.sign)
    rows = [
        (
            f"Median at {name} [quartiles]",
            f"{number(s.median, digits)} [{number(s.q1, digits)}, {number(s.q3, digits)}]",
        )
        for name, s in (("baseline", result.baseline), ("follow-up", result.follow_up))
    ]
    rows.append(("Median improvement (Hodges–Lehmann)", estimate_words(median, digits)))
    if not isinstance(result.wilcoxon, NotComputed):
        biserial = orient.improvement(result.wilcoxon.rank_biserial, measure.sign)
        rows.append(("Rank-biserial correlation", estimate_words(biserial, 2)))
    for effect in result.effects:
        turned = orient.improvement(effect, measure.sign)
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


def _normality(result: PairedResult) -> str:
    if isinstance(result.shapiro, NotComputed):
        return result.shapiro.reason
    verdict = "rejected" if result.shapiro.p < 0.05 else "not rejected"
    return f"Shapiro–Wilk {p_value(result.shapiro.p)}: {verdict}"


def _pairs(title: str, rows: list[tuple[str, str]]) -> Table:
    return Table(title, (Column(""), Column("")), tuple((Cell(a), Cell(b)) for a, b in rows))
