"""Centers and time to event in the methods and results text; for the department only."""

from __future__ import annotations

from lib.analysis.groups.centers import center_gains
from lib.analysis.survival import TimeToEvent, events_of, time_to_event
from lib.present.sentences.centers import centers_title, my_center_words
from lib.present.sentences.survival import between_words, event_title, followed_words
from lib.present.wording import joined
from lib.report.plan import Plan
from lib.stats.results import NotComputed


def centers_methods(plan: Plan) -> str:
    """How centers are set beside each other; "" where none are."""
    by = plan.centers
    if by is None or plan.outside or not plan.measures:
        return ""
    column, measure = plan.analysis.cohort.columns[by.column], plan.measures[0]
    found = center_gains(plan.analysis, by, measure.key, plan.time, plan.adjust(measure.key, by))
    if isinstance(found, NotComputed):
        return ""
    mix = "without adjustment"
    if found.adjust:
        names = [words_of(plan, key) for key in found.adjust]
        mix = f"adjusted for {joined(names)} (observed − expected + average; one model over all centers together)"
    return (
        f"Centers ({column.label}): funnel plots of means and of responder rates, {mix}, with limits of 95% and 99.8% "
        "by chance (1.96 and 3.09 standard errors; rates by exact tails) and wider ones that allow for the spread "
        "between centers (Spiegelhalter 2005: winsorised tenths, additive variance). Centers with fewer than 10 "
        "patients are drawn and not judged. Shrunken means: random intercept by restricted maximum likelihood. "
        "Exploratory."
    )


def words_of(plan: Plan, key: str) -> str:
    """A covariate as the text calls it."""
    if key == "baseline":
        return "the score before"
    column = plan.analysis.cohort.columns.get(key.removeprefix("expected:"))
    name = key if column is None else column.label.lower()
    return f"the file’s expected score ({name})" if key.startswith("expected:") else name


def centers_results(plan: Plan) -> str:
    """Per measure how many centers lie outside, and my center."""
    by = plan.centers
    if by is None or plan.outside:
        return ""
    words = []
    for measure in plan.measures:
        found = center_gains(plan.analysis, by, measure.key, plan.time, plan.adjust(measure.key, by))
        if not isinstance(found, NotComputed):
            own = my_center_words(found, plan.choices.center, measure)
            words.append(f"{measure.label} by center: {centers_title(found.found)}. {own}".rstrip())
    return " ".join(words)


def events_methods(plan: Plan) -> str:
    """How time to an event was analysed; "" where the file has no such dates."""
    found = _events(plan)
    if not found:
        return ""
    words = (
        f"Time to {joined([f.event for f in found])}: from treatment, over all treated patients of the selection, "
        f"ending without an event with the {found[0].ends}; Kaplan–Meier with log-log intervals"
    )
    if any(f.competes for f in found):
        words += ", and Aalen–Johansen where death competes"
    words += "; follow-up by reverse Kaplan–Meier; first events per 100 patient-years with exact Poisson intervals"
    if any(not isinstance(f.log_rank, NotComputed) for f in found):
        words += "; groups by the log-rank test (cause-specific)"
    if any(not isinstance(f.cox, NotComputed) for f in found):
        words += " and Cox regression (Efron), proportional hazards checked on the Kaplan–Meier scale"
    two = next((f for f in found if f.patients < getattr(f.everybody.incidence, "n", 0)), None)
    if two is not None:
        words += ". Two sides of one patient: variances are by patient (robust), also those of the rates"
    return f"{words}."


def events_results(plan: Plan) -> str:
    """Per event the shares, who was followed, and what was tested."""
    parts = [f"{event_title(f)}. {followed_words(f)} {' '.join(between_words(f))}".rstrip() for f in _events(plan)]
    return " ".join(parts)


def _events(plan: Plan) -> list[TimeToEvent]:
    if plan.outside:
        return []
    made = (
        time_to_event(plan.analysis, event, plan.comparison, confidence=plan.confidence)
        for event in events_of(plan.analysis.cohort)
    )
    return [f for f in made if isinstance(f, TimeToEvent)]
