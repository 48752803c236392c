"""How a number is written down for the reviewer's script: kind, columns, of whom, what, and ours."""

from __future__ import annotations

from collections.abc import Iterator

from lib.cohort.cohort import BASELINE
from lib.cohort.measure import Measure
from lib.report.plan import Plan
from lib.stats.likert import LikertResult
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult, Rule
from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.yes_no import YesNoResult

Number = tuple[str, str, str, str, float]
"""Kind of computation, the columns it needs ("a;b"), of whom ("selected;in_group_0"), what is computed, ours."""
NOT_IN_R = "not in R: "
"""Begins the kind of a number that the script leaves out; the reason follows."""


def drawn(test: Test) -> str:
    """Why R cannot repeat a test: its p was drawn, or counted over all arrangements; "" where it can."""
    if "draws" in test.method or "permutations" in test.method:
        return f"{NOT_IN_R}drawn at random by NumPy"
    return f"{NOT_IN_R}counted over all arrangements" if "arrangements" in test.method else ""


def share(kind: str, columns: str, where: str, name: str, found: Proportion) -> Iterator[Number]:
    """A count, of how many, and both ends of its interval."""
    yield kind, columns, where, name, found.count
    yield kind, columns, where, f"{name} of", found.n
    if isinstance(found.interval, Interval):
        method = "exact" if "Clopper" in found.interval.method else "Wilson"
        yield kind, columns, where, f"{name} {method} low", found.interval.low
        yield kind, columns, where, f"{name} {method} high", found.interval.high


def ends(kind: str, columns: str, where: str, name: str, found: Estimate) -> Iterator[Number]:
    """Both ends of an estimate's interval."""
    if isinstance(found.interval, Interval):
        yield kind, columns, where, f"{name} low", found.interval.low
        yield kind, columns, where, f"{name} high", found.interval.high


def scores_of(plan: Plan, measure: str) -> str:
    """The two columns of a measure."""
    return f"score_{measure}_{BASELINE};score_{measure}_{plan.time}"


def rule_kind(plan: Plan, measure: Measure, rule: Rule) -> str:
    """ "0.95 down absolute 2 NA": level, where better lies, kind of rule, threshold, state."""
    sign = "up" if measure.higher_is_better else "down"
    limits = " ".join("NA" if x is None else str(x) for x in (rule.threshold, rule.state))
    return f"{plan.confidence} {sign} {rule.kind.replace(' ', '_')} {limits}"


def paired(kind: str, columns: str, where: str, found: PairedResult) -> Iterator[Number]:
    """Everything that is printed of one outcome, before and after."""
    yield from ((kind, columns, where, name, value) for name, value in _paired(found))


def _paired(found: PairedResult) -> Iterator[tuple[str, float]]:
    yield "n", found.n
    for words, summary in (("before", found.baseline), ("after", found.follow_up), ("change", found.change)):
        yield f"mean {words}", summary.mean
        yield f"median {words}", summary.median
        yield f"q1 {words}", summary.q1
        yield f"q3 {words}", summary.q3
        if not isinstance(summary.sd, NotComputed):
            yield f"sd {words}", summary.sd
    for name, estimate in (("mean", found.mean_change), ("Hodges-Lehmann", found.hodges_lehmann)):
        yield f"{name} estimate", estimate.value
        yield from ((what, value) for _, _, _, what, value in ends("", "", "", name, estimate))
    yield from ((f"effect {effect.name}", effect.value) for effect in found.effects)
    if isinstance(found.shapiro, Test):
        yield "Shapiro p", found.shapiro.p
    if isinstance(found.t_test, Test):
        yield "t p", found.t_test.p
        yield "t statistic", found.t_test.statistic
    if not isinstance(found.wilcoxon, NotComputed):
        yield "signed-rank p", found.wilcoxon.test.p
    if not isinstance(found.counts, NotComputed):
        yield "rose", found.counts.rose
        yield "fell", found.counts.fell
        yield "sign p", found.counts.test.p
        yield from ((what, value) for *_, what, value in share("", "", "", "risen", found.counts.share_risen))


def responders(kind: str, columns: str, where: str, found: ResponderResult) -> Iterator[Number]:
    """Improved, worsened, and the rate."""
    yield kind, columns, where, "improved", found.improved
    yield kind, columns, where, "worsened", found.worsened
    if not isinstance(found.rate, NotComputed):
        yield from share(kind, columns, where, "rate", found.rate)


def likert(plan: Plan, column: str, where: str, found: LikertResult) -> Iterator[Number]:
    """How often each answer, the best answers, and the median one."""
    for level, n in enumerate(found.counts):
        yield f"answers {plan.confidence} {level}", column, where, "answered so", n
    best = ",".join(map(str, found.top_levels))
    yield from share(f"answers {plan.confidence} {best}", column, where, "best answers", found.top_two)
    low, *_, high = (found.median * 2)[:2] if len(found.median) == 1 else found.median
    yield f"answers {plan.confidence} {best}", column, where, "median answer low", low
    yield f"answers {plan.confidence} {best}", column, where, "median answer high", high


def yes_no(kind: str, columns: str, where: str, found: YesNoResult) -> Iterator[Number]:
    """Both shares, who stopped and started, the difference with its interval, both tests."""
    yield from share(kind, columns, where, "before", found.before)
    yield from share(kind, columns, where, "after", found.after)
    yield kind, columns, where, "stopped", found.stopped
    yield kind, columns, where, "started", found.started
    yield kind, columns, where, "difference", found.difference.value
    yield from ends(kind, columns, where, "difference", found.difference)
    if isinstance(found.exact, Test):
        yield kind, columns, where, "McNemar p", found.exact.p
    if isinstance(found.mid_p, Test):
        yield kind, columns, where, "mid-p", found.mid_p.p
