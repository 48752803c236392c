"""How often the nominal 95% intervals hold the truth: seeded simulation at n = 12, 29 and 100.

    python bench/coverage.py [--draws 1000]

Scores are whole numbers of 0 to 100 (ties, zeros). The true value of each setting comes from one sample of 200,000
patients. Approximate intervals should hold 93–98%, exact ones at least 95%; what falls short belongs in the guide.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lib.stats.anchor import estimate_mcid
from lib.stats.hodges_lehmann import hodges_lehmann
from lib.stats.paired import PairedResult, compare_paired
from lib.stats.paired_tests import sign_test, signed_rank
from lib.stats.proportions import difference_of_rates, rate
from lib.stats.ranks import cliffs_delta
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.scores import Histogram

SEED, SIZES, LARGE = 20240701, (12, 29, 100), 200_000
Random = np.random.Generator
Draw = Callable[[Random, int], np.ndarray]

CHANGES: dict[str, Draw] = {
    "normal, SD 1 of the mean": lambda r, n: np.rint(r.normal(-10, 10, n)),
    "large effect": lambda r, n: np.rint(r.normal(-20, 10, n)),
    "skewed": lambda r, n: -np.rint(r.exponential(15, n)),
    "a third unchanged": lambda r, n: np.where(r.random(n) < 1 / 3, 0, np.rint(r.normal(-12, 10, n))),
}


def _ends(found: object) -> tuple[float, float] | None:
    interval = found.interval if not isinstance(found, NotComputed) else found  # type: ignore[attr-defined]
    return (interval.low, interval.high) if isinstance(interval, Interval) else None


def paired(change: np.ndarray) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, estimate, interval) of everything printed about one column of changes."""
    steps = change.astype(np.int64)
    histogram = Histogram.of(steps)
    if histogram.is_constant:
        return
    yield "mean change, t", float(change.mean()), _mean(steps)
    found = hodges_lehmann(histogram, Decimal(1), 0.95)
    yield "pseudomedian", found.value, _ends(found)
    wilcoxon = signed_rank(histogram, 0.95)
    if not isinstance(wilcoxon, NotComputed):
        yield "rank-biserial", wilcoxon.rank_biserial.value, _ends(wilcoxon.rank_biserial)
    signs = sign_test(histogram, 0.95)
    if not isinstance(signs, NotComputed):
        yield "share of those who changed, exact", signs.share_risen.share, _ends(signs.share_risen)


def _mean(steps: np.ndarray) -> tuple[float, float] | None:
    found = compare_paired(np.full(steps.size, 500), 500 + steps, Decimal(1))
    return _ends(found.mean_change) if isinstance(found, PairedResult) else None


def groups(first: np.ndarray, second: np.ndarray) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, estimate, interval) of two groups of equal size."""
    delta = cliffs_delta(first.astype(np.int64), second.astype(np.int64))
    if isinstance(delta, Estimate):
        yield "Cliff's delta", delta.value, _ends(delta)
    if first.size <= 1000:
        anchor = np.repeat([0, 1], [first.size, second.size])
        both = np.concatenate([first, second]).astype(np.int64)
        found = estimate_mcid(both, anchor, just_improved=[1], better=[], draws=1)
        if not isinstance(found, NotComputed) and isinstance(found.auc, Estimate):
            yield "area under the ROC curve", found.auc.value, _ends(found.auc)
    gap = difference_of_rates((int((first > 0).sum()), first.size), (int((second > 0).sum()), second.size))
    if isinstance(gap, Estimate):
        yield "difference of rates, Newcombe", gap.value, _ends(gap)
    one = rate(int((first > 0).sum()), first.size)
    if not isinstance(one, NotComputed):
        yield "rate, Wilson", one.share, _ends(one)


def simulate(draws: int) -> Iterator[str]:
    """One line per interval, setting and n: the share of draws whose interval holds the truth."""
    random = np.random.Generator(np.random.PCG64(SEED))
    apart: dict[str, tuple[Draw, Draw]] = {
        "shift of 1 SD": (lambda r, n: np.rint(r.normal(0, 10, n)), lambda r, n: np.rint(r.normal(10, 10, n))),
        "spread 1 and 3": (lambda r, n: np.rint(r.normal(0, 5, n)), lambda r, n: np.rint(r.normal(5, 15, n))),
    }
    settings = [(name, lambda r, n, d=draw: paired(d(r, n))) for name, draw in CHANGES.items()]
    settings += [(name, lambda r, n, p=pair: groups(p[0](r, n), p[1](r, n))) for name, pair in apart.items()]
    yield "interval, setting: n 12, 29, 100 (share of draws whose interval holds the truth)"
    for name, run in settings:
        truth = {what: value for what, value, _ in run(random, LARGE)}
        if "Cliff's delta" in truth:
            truth["area under the ROC curve"] = (truth["Cliff's delta"] + 1) / 2
        held: dict[str, list[str]] = {}
        for n in SIZES:
            hits: dict[str, list[bool]] = {}
            for _ in range(draws):
                for what, _value, ends in run(random, n):
                    if ends is not None:
                        hits.setdefault(what, []).append(ends[0] - 1e-12 <= truth[what] <= ends[1] + 1e-12)
            for what, found in hits.items():
                held.setdefault(what, []).append(f"{100 * np.mean(found):.1f}%")
        for what, shares in held.items():
            yield f"{what}, {name}: {', '.join(shares)}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    for line in simulate(parser.parse_args().draws):
        print(line, flush=True)
