"""Findings of the Safety page in neutral words: adverse events, reoperations, opioid use before and after."""

from __future__ import annotations

from lib.analysis.safety import SafetyOf
from lib.cohort.cohort import YesNo
from lib.present.sentences.leading import few_words
from lib.present.tables.events import zero_words
from lib.present.wording import (
    confidence_words,
    count,
    inside,
    number,
    p_value,
    percent,
    plain_spaces,
    plural,
    share,
    signed,
)
from lib.settings import FEWEST_FOR_PERCENT, FEWEST_TO_TEST, SIGNIFICANCE
from lib.stats.proportions import Proportion
from lib.stats.results import Interval, NotComputed
from lib.stats.yes_no import YesNoResult

PAPER = "The study behind this sample (Hermans et al. 2022) prints p\u00a0=\u00a00.026 for this table"
"""Hermans et al., J Orthop Surg Res 2022, abstract and results; Fisher's test gives it, see docs/paper_slips.md."""
_PAPER_P = "p\u00a0=\u00a00.026"


def safety_title(
    events: SafetyOf | NotComputed,
    outcome: YesNo | None,
    change: YesNoResult | NotComputed,
    analysed: SafetyOf | NotComputed | None = None,
) -> str:
    """ "6 of 57 patients had an adverse event (4 of the 29 analysed); opioid use fell from 13 to 7 of 29"."""
    parts = []
    if isinstance(events, SafetyOf):
        patients = events.any.patients
        of = plural(patients.n, "patient")
        none = f"none of the {of} had an" if patients.n > 1 else "the one patient had no"
        head = f"{f'{count(patients.count)} of {of} had an' if patients.count else none} adverse event"
        beside = analysed.any.patients if isinstance(analysed, SafetyOf) and analysed.n < patients.n else None
        parts.append(head + (f" ({analysed_words(beside)})" if beside and patients.count else ""))
    if outcome is not None and isinstance(change, YesNoResult):
        few = change.n < FEWEST_TO_TEST
        words = f"{outcome.label if few else inside(outcome.label)} {yes_no_change(change)}"
        parts.append(few_words(change.n, words) if few else words)
    if not parts:
        return "Neither adverse events nor a yes/no outcome can be counted here"
    words = "; ".join(parts)
    return words[:1].upper() + words[1:]


def analysed_words(found: Proportion) -> str:
    """ "4 of the 29 analysed", beside the figure of everybody treated."""
    return f"{count(found.count)} of the {count(found.n)} analysed"


def yes_no_change(found: YesNoResult) -> str:
    """ "fell from 13 to 7 of 29"; "stayed at 13 of 29"; of fewer than 10 patients "3 → 2 of 8", without a verb."""
    before, after = found.before.count, found.after.count
    if found.n < FEWEST_TO_TEST:
        return f"{count(before)} → {count(after)} of {count(found.n)}"
    if before == after:
        return f"stayed at {count(before)} of {count(found.n)}"
    return f"{'fell' if after < before else 'rose'} from {count(before)} to {count(after)} of {count(found.n)}"


def events_words(found: SafetyOf | NotComputed, analysed: SafetyOf | NotComputed | None = None) -> str:
    """Patients with an event with the exact interval, events apart; with none what cannot be excluded.

    Of everybody treated; `analysed`, where they are fewer, stand beside.
    """
    if isinstance(found, NotComputed):
        return f"Not computed: {found.reason}."
    patients = found.any.patients
    zero = zero_words("Patients with an adverse event", patients)
    if zero:
        return f"{zero}."
    several = found.any.patients_with_several
    words = f"{share(patients.count, patients.n)} patients, {_exact(patients)}; {plural(found.any.events, 'event')}"
    words += f", {count(several)} had more than one." if several else "."
    if isinstance(analysed, SafetyOf) and analysed.n < found.n:
        words += (
            f" Of those analysed {share(analysed.any.patients.count, analysed.n)}, {_exact(analysed.any.patients)}."
        )
    return words


def _exact(found: Proportion) -> str:
    ci = found.interval
    if isinstance(ci, NotComputed):
        return f"no CI: {ci.reason}"
    return (
        f"{confidence_words(ci.confidence)} {number(ci.low * 100, 1)} to {number(ci.high * 100, 1)}% (Clopper–Pearson)"
    )


def yes_no_sentence(outcome: YesNo, found: YesNoResult | NotComputed, time_points: tuple[str, str]) -> str:
    """The whole result: counts, shares, who stopped and started, change with Newcombe's interval, both p values.

    No p of fewer than ten patients.
    """
    if isinstance(found, NotComputed):
        return f"{outcome.label}: not computed, {found.reason}."
    between = f"{inside(time_points[0])} to {inside(time_points[1])}" if all(time_points) else "before to after"
    shares = f" ({percent(found.before.count, found.n)} to {percent(found.after.count, found.n)})"
    words = (
        f"{outcome.label} {yes_no_change(found)}{shares if found.n >= FEWEST_FOR_PERCENT else ''} from {between}: "
        f"{count(found.stopped)} stopped, {count(found.started)} started."
    )
    ci = found.difference.interval
    if isinstance(ci, Interval) and found.n >= FEWEST_FOR_PERCENT:
        words += (
            f" Change {signed(found.difference.value * 100, 1)} percentage points ({confidence_words(ci.confidence)} "
            f"{number(ci.low * 100, 1)} to {number(ci.high * 100, 1)}, Newcombe for pairs)."
        )
    if isinstance(found.exact, NotComputed) or isinstance(found.mid_p, NotComputed):
        return words + " No test: nobody’s answer changed."
    if found.n < FEWEST_TO_TEST:
        return words + " Too few to test reliably."
    return words + f" McNemar’s test: exact {p_value(found.exact.p)}, mid-{p_value(found.mid_p.p)}."


def test_words(found: YesNoResult | NotComputed) -> str:
    """Why two p values stand side by side, when interval and exact test disagree; "" when they agree."""
    if isinstance(found, NotComputed) or isinstance(found.exact, NotComputed):
        return ""
    ci = found.difference.interval
    excludes = isinstance(ci, Interval) and not ci.low <= 0 <= ci.high
    if excludes == (found.exact.p < SIGNIFICANCE):
        return ""
    return "The exact test is cautious in small groups and need not agree with the interval; both are shown."


def association_words(found: YesNoResult | NotComputed, *, sample: bool) -> str:
    """Fisher's p of the same table and what it means; on the sample, that it is the p that the paper prints."""
    if isinstance(found, NotComputed) or isinstance(found.fisher_association, NotComputed):
        return ""
    p = p_value(found.fisher_association.p)
    if sample and p == _PAPER_P:
        return (
            f"{PAPER}: that is Fisher’s exact test, which asks whether use before and use after go together, not "
            "whether use changed."
        )
    return (
        f"Fisher’s exact test of this table ({p}) would ask whether the two answers go together, not whether they "
        "changed; it is not the test of change."
    )


def plain(sentence: str) -> str:
    """A sentence for the clipboard, with ordinary spaces."""
    return plain_spaces(sentence)
