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
from lib.stats.groups import adjusted_differences
from lib.stats.hodges_lehmann import hodges_lehmann
from lib.stats.imputation import impute
from lib.stats.paired import PairedResult, compare_paired
from lib.stats.paired_tests import sign_test, signed_rank
from lib.stats.pooling import pool, pool_share
from lib.stats.proportions import difference_of_rates, paired_difference, rate
from lib.stats.ranks import cliffs_delta
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.scores import Histogram
from lib.stats.survival import (
    CENSORED,
    COMPETING,
    DAYS_PER_YEAR,
    EVENT,
    Moment,
    aalen_johansen,
    cox,
    kaplan_meier,
    rate_per_100_years,
)
from lib.stats.weighting import weighted

SEED, SIZES, LARGE = 20240701, (12, 29, 100), 20_000
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


def effects(draw: Draw, random: Random, n: int) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, estimate, interval) of the standardised changes; the start is normal, SD 12, and regresses by half."""
    start = np.rint(random.normal(0, 12, n))
    change = (draw(random, n) - np.rint(0.5 * start)).astype(np.int64)
    before = 500 + start.astype(np.int64)
    counted = (Histogram.of(before), Histogram.of(before + change), Histogram.of(change))
    if not counted[2].is_constant:
        for effect in standardised_changes(*counted, 0.95)[0]:
            yield f"standardised change {effect.name}", effect.value, _ends(effect)


_SPREADS = {"SD 1, 1, 1": (10.0, 10.0, 10.0), "SD 0.4, 1, 2; 1 : 2 : 3 patients": (4.0, 10.0, 20.0)}


def adjusted(
    spread: tuple[float, ...], random: Random, n: int
) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, estimate, interval) of the first adjusted differences of three groups with true gaps of 0, 4 and 8."""
    share = (1, 1, 1) if len(set(spread)) == 1 else (1, 2, 3)
    sizes = [max(3, round(3 * n * k / sum(share))) for k in share]
    code = np.repeat(np.arange(3), sizes)
    before = np.rint(random.normal(50, 12, code.size))
    after = np.rint(0.5 * before + 10 + 4.0 * code + random.normal(0, 1, code.size) * np.array(spread)[code])
    wanted = ((0, 1), (None, 2))
    found = adjusted_differences(before, after, code, groups=3, contrasts=wanted)
    if not isinstance(found, NotComputed):
        weights = np.array(sizes) / code.size
        truth = (4.0, 8.0 - float(weights @ (0.0, 4.0, 8.0)))
        for name, gap, true in zip(("two groups", "a group and the average"), found.differences, truth, strict=True):
            low, high = _ends(gap.difference) or (0.0, 0.0)  # the average moves with the sizes: true gaps as 0
            yield f"adjusted difference, {name}", 0.0, (low - true, high - true)


def to_event(random: Random, n: int) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """(name, truth, interval) at 2 years: event 15% and death 5% a year, followed for up to 4 years."""
    event, death, end = random.exponential(1 / 0.15, n), random.exponential(1 / 0.05, n), random.uniform(0.5, 4, n)
    second = np.arange(n) % 2
    event = np.where(second, event / 2, event)  # a hazard ratio of 2
    first = np.minimum(np.minimum(event, death), end)
    status = np.where(first == event, EVENT, np.where(first == death, COMPETING, CENSORED))
    days, own = np.ceil(365.25 * first), second == 0
    at = (2 * DAYS_PER_YEAR,)
    alive, cause = 1 - np.exp(-0.3), 0.15 / 0.20 * (1 - np.exp(-0.4))
    for name, run, true in (("Kaplan–Meier", kaplan_meier, alive), ("Aalen–Johansen", aalen_johansen, cause)):
        found = run(days[own], status[own], at)
        moment = None if isinstance(found, NotComputed) else found.moments[0]
        if isinstance(moment, Moment) and moment.low is not None and moment.high is not None:
            yield f"share with the event at 2 years, {name}", float(true), (moment.low, moment.high)
    rate_of = rate_per_100_years(int((status[own] == EVENT).sum()), float(days[own].sum()))
    if not isinstance(rate_of, NotComputed):
        yield "rate per 100 patient-years, exact", 15.0, _ends(rate_of)
    ratio = cox(days, status, second == 1)
    if not isinstance(ratio, NotComputed):
        yield "hazard ratio, Cox", 2.0, _ends(ratio.ratio)


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


def simulate(draws: int, only: str = "") -> Iterator[str]:
    """One line per interval, setting and n: the share of draws whose interval holds the truth."""
    apart: dict[str, tuple[Draw, Draw]] = {
        "shift of 1 SD": (lambda r, n: np.rint(r.normal(0, 10, n)), lambda r, n: np.rint(r.normal(10, 10, n))),
        "spread 1 and 3": (lambda r, n: np.rint(r.normal(0, 5, n)), lambda r, n: np.rint(r.normal(5, 15, n))),
    }
    settings = [(name, lambda r, n, d=draw: paired(d(r, n))) for name, draw in CHANGES.items()]
    settings += [(name, lambda r, n, p=pair: groups(p[0](r, n), p[1](r, n))) for name, pair in apart.items()]
    settings += [(f"standardised, {name}", lambda r, n, d=draw: effects(d, r, n)) for name, draw in CHANGES.items()]
    settings += [(name, lambda r, n, s=spread: adjusted(s, r, n)) for name, spread in _SPREADS.items()]
    settings += [("time to event", to_event)]
    settings += [("40% missing", lambda r, n: missing(CHANGES["normal, SD 1 of the mean"], r, n))]
    settings += [("yes or no; two numbers", two_by_two)]
    yield f"{draws} draws: a share of 95% has a Monte-Carlo error of {100 * (0.95 * 0.05 / draws) ** 0.5:.1f} points"
    yield "interval, setting: (share of draws whose interval holds the truth)"
    for place, (name, run) in enumerate(settings):
        if not name.startswith(only):
            continue
        random = np.random.Generator(np.random.PCG64([SEED, place]))  # each setting has a stream of its own
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
    parser.add_argument("--only", default="", help="settings whose name begins so")
    asked = parser.parse_args()
    for line in simulate(asked.draws, asked.only):
        print(line, flush=True)
