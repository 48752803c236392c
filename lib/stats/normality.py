"""Shapiro–Wilk test of normality."""

from __future__ import annotations

from lib.stats.histogram import Histogram
from lib.stats.results import NotComputed, Test
from lib.stats.swilk import swilk
from lib.stats.t_test import no_inference

# Royston's p value is not valid above (R refuses there, SciPy warns).
MOST_VALUES = 5_000


def shapiro_wilk(change: Histogram) -> Test | NotComputed:
    """Shapiro–Wilk on 3 to 5,000 differences that are not all equal (Royston 1995, AS R94; R `shapiro.test`).

    W does not depend on the unit, so it is computed on the counts themselves. Agrees with R to 1e-8 in W and 1e-6
    in p. At n = 3 a single tie makes p zero: see the rule for 3–9 pairs in `paired.compare_paired`.
    """
    absent = no_inference(change)
    if absent:
        return absent
    if change.n > MOST_VALUES:
        return NotComputed(
            f"{change.n} differences; the p value of Shapiro–Wilk is not valid above {MOST_VALUES}", change.n
        )
    # Counting from the minimum keeps the floats exact however far from zero the differences lie.
    w, p = swilk((change.expand() - change.minimum).astype(float))
    return Test("Shapiro–Wilk", "W", min(w, 1.0), (), min(max(p, 0.0), 1.0), "Royston 1995", change.n)
