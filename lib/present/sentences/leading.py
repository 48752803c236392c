"""What leads: the one method that brings estimate, interval and p together into a sentence, a card, a row."""

from __future__ import annotations

from lib.analysis.groups.comparison import Comparison
from lib.cohort.measure import Measure
from lib.cohort.pairs import Pairs
from lib.present import wording
from lib.present.wording import count, interval_with_level, p_value, percent_interval, plural
from lib.settings import FEWEST_COMPARED
from lib.stats.paired import Choice, PairedResult
from lib.stats.results import Estimate, Interval, NotComputed


def few_words(n: int, what: str) -> str:
    """What is said of fewer than 10 patients, of scores, shares and statements alike: numbers and no verdict.

    "4 patients: VAS pain 7.8 → 6.3, too few to test".
    """
    return f"{plural(n, 'patient')}: {what}, too few to test"


def leading_improvement(measure: Measure, result: PairedResult) -> tuple[str, Estimate]:
    """Name and estimate, as improvement, of the method that leads: what interval and p beside it belong to."""
    estimate, _ = result.leading
    if result.choice != "counts":
        return ("pseudomedian" if result.choice == "wilcoxon" else "mean"), wording.improvement(estimate, measure.sign)
    if measure.sign < 0:  # a share turns about one half
        turned, found = 1 - estimate.value, estimate.interval
        if isinstance(found, Interval):
            found = Interval(1 - found.high, 1 - found.low, found.confidence, found.method)
        estimate = Estimate(estimate.name, turned, found)
    return "improved of those who changed", estimate


def led_words(measure: Measure, result: PairedResult, digits: int) -> str:
    """What leads where it is not the mean, in a title: "a pseudomedian improvement of 3.00 points", or the counts."""
    if result.choice == "counts":
        return counted(measure, result)
    name, estimate = leading_improvement(measure, result)
    unit = f" {measure.unit}" if measure.unit else ""
    kind = "worsening" if estimate.value < 0 else "improvement"
    return f"a {name} {kind} of {wording.number(abs(estimate.value), digits)}{unit}"


def leading_value(measure: Measure, result: PairedResult) -> tuple[str, str]:
    """What the large number of a card is called, and the number: "pseudomedian improvement", "+1.65"."""
    name, estimate = leading_improvement(measure, result)
    if result.choice == "counts" and not isinstance(result.counts, NotComputed):
        better, worse = better_and_worse(measure, result)
        return name, f"{count(better)} of {count(better + worse)}"
    called = "improvement" if name == "mean" else f"{name} improvement"
    return called, wording.signed(estimate.value, measure.decimals)


def card_value(measure: Measure, result: PairedResult, pairs: Pairs) -> tuple[str, str, str]:
    """Name, number and unit of a card: "improvement", "+2.86", "points less pain".

    Of one or two patients a mean is no finding: each one's own improvement stands there, "+6 and +4".
    """
    unit = measure.unit or "points"
    if pairs.n < FEWEST_COMPARED:
        digits = min(measure.decimals, -min(0, int(measure.resolution.normalize().as_tuple().exponent)))
        each = [wording.signed(float(v), digits) for v in sorted(pairs.improvement, reverse=True)]
        return "improvement of each", wording.joined(each), unit
    name, value = leading_value(measure, result)
    if result.choice == "counts":
        return name, value, ""
    better = leading_improvement(measure, result)[1].value >= 0
    return name, value, f"{unit} {measure.better_words}" if better else f"{unit}: {measure.worse_words}"


def leading_interval(measure: Measure, result: PairedResult) -> str:
    """Its interval with the level; of a share in percent."""
    _, estimate = leading_improvement(measure, result)
    if result.choice == "counts":
        return percent_interval(estimate.interval)
    return interval_with_level(estimate.interval, measure.decimals)


def p_line(result: PairedResult | NotComputed) -> str:
    """What stands beside the CI: "p = 0.041", or why there is no p; the p of the method that leads."""
    if isinstance(result, NotComputed):
        return result.reason
    if result.quality == "too few to test reliably":
        return "too few to test reliably"
    if result.choice is None:
        return result.reason
    _, test = result.leading
    name = {"t": "", "wilcoxon": "Wilcoxon ", "counts": "sign test "}[result.choice]
    return test.reason if isinstance(test, NotComputed) else f"{name}{p_value(test.p)}"


def interval_and_test(measure: Measure, result: PairedResult) -> tuple[str, str]:
    """The two quiet lines of an Overview card: interval and p; where there is neither, the one reason, once."""
    found = result.mean_change.interval
    if isinstance(found, NotComputed) and result.choice is None:
        return "No CI and no test", found.reason
    return leading_interval(measure, result), p_line(result)


def better_and_worse(measure: Measure, result: PairedResult) -> tuple[int, int]:
    """Patients who improved and who worsened, by the direction of the measure."""
    if isinstance(result.counts, NotComputed):
        return 0, 0
    ends = (result.counts.rose, result.counts.fell)
    return ends if measure.sign > 0 else ends[::-1]


def counted(measure: Measure, result: PairedResult) -> str:
    """ "12 improved, 30 did not change, 2 worsened"."""
    better, worse = better_and_worse(measure, result)
    return f"{count(better)} improved, {count(result.zeros)} did not change, {count(worse)} worsened"


def leads(comparison: Comparison, measure: Measure, follow_up: str, force: Choice | None = None) -> Choice:
    """The method that leads over everybody compared: it leads every row, so that rows can be compared."""
    whole = comparison.all.paired(measure.key, follow_up, force=force)
    return "t" if isinstance(whole, NotComputed) or whole.choice is None else whole.choice
