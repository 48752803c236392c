"""How often the nominal 95% intervals hold the truth: seeded simulation at n = 12, 29 and 100.

    python bench/coverage.py [--draws 1000]

Scores are whole numbers of 0 to 100 (ties, zeros). The true value of each setting comes from one sample of 20,000
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
from lib.stats.case_mix import Covariate
from lib.stats.correlation import pearson, spearman
from lib.stats.effect_sizes import standardised_changes
from lib.stats.hodges_lehmann import hodges_lehmann
from lib.stats.imputation import impute
from lib.stats.paired import PairedResult, compare_paired
from lib.stats.paired_tests import sign_test, signed_rank
from lib.stats.pooling import pool, pool_share
from lib.stats.proportions import difference_of_rates, paired_difference, rate
from lib.stats.ranks import cliffs_delta
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.scores import Histogram
from lib.stats.weighting import weighted

SEED, SIZES, LARGE = 20240701, (12, 29, 100), 20_000
Random = np.random.Generator
Draw = Callable[[Random, int], np.ndarray]

_BASELINE = np.random.Generator(np.random.PCG64(1)).integers(-20, 21, 1000)

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
    if steps.size <= 1000:  # the true values come from one far larger sample by formula
        before = Histogram.of(np.full(steps.size, 500) + _BASELINE[: steps.size])
        after = Histogram.of(500 + steps + _BASELINE[: steps.size])
        for effect in standardised_changes(before, after, histogram, 0.95)[0][:1]:
            yield "standardised change d_z", effect.value, _ends(effect)
    else:
        yield "standardised change d_z", float(change.mean() / change.std(ddof=1)), None
    signs = sign_test(histogram, 0.95)
    if not isinstance(signs, NotComputed):
        yield "share of those who changed, exact", signs.share_risen.share, _ends(signs.share_risen)


def missing(draw: Draw, random: Random, n: int) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, estimate, interval) where 40% have no answer, those with a worse start more often (logistic)."""
    before = np.rint(random.normal(50, 12, n))
    after = np.clip(np.rint(0.5 * before + 10 + draw(random, n) * 0.5), 0, 100)
    gain = before - after
    yield "mean, weighted", float(gain.mean()), None
    yield "mean, imputed", float(gain.mean()), None
    yield "share, weighted", float((gain >= 15).mean()), None
    yield "share, imputed", float((gain >= 15).mean()), None
    if n > 1000:
        return
    answered = random.random(n) < 1 / (1 + np.exp(-0.4 + 0.05 * (before - 50)))
    if answered.sum() < 10 or answered.all():
        return
    own = [Covariate("before", numbers=before)]
    seen = np.where(answered, after, np.nan)
    for name, y, share in (("mean, weighted", gain, False), ("share, weighted", (gain >= 15) * 1.0, True)):
        found = weighted(y, answered, own, share=share)
        if not isinstance(found, NotComputed):
            yield name, found.estimate.value, _ends(found.estimate)
    seed = int(random.integers(1 << 30))
    for method in ("norm", "pmm"):
        done = impute(before, seen, [], draws=50, method=method, seed=seed)  # type: ignore[arg-type]
        if isinstance(done, NotComputed):
            continue
        all_after = np.tile(seen, (50, 1))
        all_after[:, done.no_follow_up] = done.follow_up
        of = before - all_after
        if method == "norm":
            one = pool(of.mean(axis=1), of.var(axis=1, ddof=1) / n, n)
            yield "mean, imputed", one.estimate.value, _ends(one.estimate)
        else:
            one = pool_share((of >= 15).mean(axis=1), n)
            yield "share, imputed", one.estimate.value, _ends(one.estimate)


def two_by_two(random: Random, n: int) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, estimate, interval) of a yes/no outcome before and after, and of a count of events."""
    before = random.random(n) < 0.45
    after = np.where(before, random.random(n) < 0.5, random.random(n) < 0.06)
    counts = [int(np.count_nonzero(a & b)) for a, b in ((before, after), (before, ~after), (~before, after))]
    change = paired_difference(*counts, n - sum(counts))
    if isinstance(change, Estimate):
        yield "change of a share, Newcombe", change.value, _ends(change)
    few = rate(int(np.count_nonzero(random.random(n) < 0.05)), n, method="clopper-pearson")
    if not isinstance(few, NotComputed):
        yield "events of 5%, Clopper–Pearson", few.share, _ends(few)
    x = random.normal(0, 1, n)
    y = 0.5 * x + random.normal(0, 1, n)
    for name, of in (("correlation, Pearson", pearson), ("correlation, Spearman", spearman)):
        found = of(x, y, 0.95)
        if not isinstance(found, NotComputed):
            yield name, found.estimate.value, _ends(found.estimate)


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
    settings += [("40% missing", lambda r, n: missing(CHANGES["normal, SD 1 of the mean"], r, n))]
    settings += [("yes or no; two numbers", two_by_two)]
    yield f"{draws} draws: a share of 95% has a Monte-Carlo error of {100 * (0.95 * 0.05 / draws) ** 0.5:.1f} points"
    yield "interval, setting: (share of draws whose interval holds the truth)"
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
                held.setdefault(what, []).append(f"{100 * np.mean(found):.1f}% (n {n})")
        for what, shares in held.items():
            yield f"{what}, {name}: {', '.join(shares)}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    for line in simulate(parser.parse_args().draws):
        print(line, flush=True)
