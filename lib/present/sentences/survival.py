"""Time to an event in words."""

from __future__ import annotations

from lib.analysis.survival import TimeToEvent
from lib.present.wording import compact, count, joined, number, p_value, plural
from lib.settings import SIGNIFICANCE
from lib.stats.results import NotComputed
from lib.stats.survival import DAYS_PER_YEAR, Incidence, Moment

PARTICIPLE = {"revision": "revised", "death": "died"}
_MOST_NAMED = 4


def event_title(found: TimeToEvent) -> str:
    """ "Revised within 5 years: 4.5% of Implant A, 5.4% of Implant B"; the last year that every group reached."""
    done = PARTICIPLE[found.event]
    groups = found.groups or (found.everybody,)
    for year in reversed(found.years):
        at = [_at(g.incidence, year) for g in groups]
        known = [(g.label, m) for g, m in zip(groups, at, strict=True) if m is not None]
        if len(known) < len(groups):
            continue
        if not found.groups:
            return f"{number(100 * known[0][1].value, 1)}% {done} within {plural(year, 'year')}"
        if len(known) <= _MOST_NAMED:
            shares = joined([f"{number(100 * m.value, 1)}% of {label}" for label, m in known])
            return f"{done.capitalize()} within {plural(year, 'year')}: {shares}"
        shares_of = [m.value for _, m in known]
        low, high = number(100 * min(shares_of), 1), number(100 * max(shares_of), 1)
        return f"{done.capitalize()} within {plural(year, 'year')}: {low}% to {high}% in {len(known)} groups"
    return f"{done.capitalize()} so far: {count(found.everybody.incidence.n)} patients followed"


def _at(curve: Incidence | NotComputed, year: int) -> Moment | None:
    if isinstance(curve, NotComputed):
        return None
    return next((m for m in curve.moments if isinstance(m, Moment) and round(m.days / DAYS_PER_YEAR) == year), None)


def followed_words(found: TimeToEvent) -> str:
    """Patients, events, deaths, median follow-up, and who is left out and why."""
    curve = found.everybody.incidence
    if isinstance(curve, NotComputed):
        return f"Not computed: {curve.reason}."
    words = f"{plural(curve.n, 'patient')} followed, {count(curve.events)} {PARTICIPLE[found.event]}"
    if found.competes:
        words += f", {count(curve.competing)} died before"
    follow = found.everybody.follow_up
    if isinstance(follow, NotComputed):
        words += f"; median follow-up: {follow.reason}"
    else:
        words += f"; median follow-up {number(follow.median / DAYS_PER_YEAR, 1)} years (reverse Kaplan–Meier)"
    words += f". Follow-up without an event ends with the {found.ends}."
    if found.patients < curve.n:
        words += (
            f" {count(curve.n)} treatments of {plural(found.patients, 'patient')}: intervals and tests are by patient "
            "(robust variance)."
        )
    if found.negative:
        rows = ", ".join(map(str, found.negative[:10])) + (" …" if len(found.negative) > 10 else "")
        words += (
            f" {plural(len(found.negative), 'patient')} left out, the date lies before the treatment: "
            f"row {rows}. Correct the dates in the file."
        )
    if found.unknown:
        words += f" {plural(found.unknown, 'patient')} left out without a date of treatment or of last contact."
    return words


def between_words(found: TimeToEvent) -> tuple[str, ...]:
    """Log-rank and Cox, cause-specific, with the check of proportional hazards."""
    lines = []
    censored = ", death censored" if found.competes else ""
    if not isinstance(found.log_rank, NotComputed):
        test = found.log_rank
        lines.append(
            f"Log-rank test of {found.event}{censored}: χ² = {number(test.statistic, 1)}, df = {compact(test.df[0])}, "
            f"{p_value(test.p)}. Exploratory."
        )
    if not isinstance(found.cox, NotComputed) and not isinstance(found.cox.ratio.interval, NotComputed):
        ratio, ci = found.cox.ratio, found.cox.ratio.interval
        first, second = (g.label for g in found.groups)
        words = (
            f"Hazard ratio {second} against {first} (Cox{censored}): {number(ratio.value, 2)} "
            f"(95% CI {number(ci.low, 2)} to {number(ci.high, 2)})"
        )
        check = found.cox.proportional
        if not isinstance(check, NotComputed):
            words += f"; proportional hazards {p_value(check.p)}"
            if check.p < SIGNIFICANCE:
                words += ": the ratio changes over time, this is an average"
        lines.append(f"{words}.")
    if found.competes:
        lines.append("Kaplan–Meier answers “if nobody died”; it is never lower than the share that had the event.")
    return tuple(lines)
