"""What the file will be as a cohort, in one sentence, before it is opened."""

from __future__ import annotations

import streamlit as st

from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.event_tables import EventTable
from lib.cohort.findings import ImportProblem
from lib.cohort.importing import Import
from lib.present.escape import for_markdown
from lib.present.wording import count, joined, plural
from lib.ui.reading import Reading
from lib.ui.upload_state import READING, keep

_MOST = 5


def preview(found: Import, events: EventTable | None) -> Cohort | ImportProblem:
    """The cohort as it would be opened, or why there is none. Kept, so that opening it costs nothing more."""

    def make() -> Cohort | ImportProblem:
        reading: tuple[object, Reading] | None = st.session_state.get(READING)
        ahead = reading[1].built(found) if reading and events is None else None
        if ahead is not None:
            return ahead
        try:
            return found.build(events.events if events else None)
        except ImportProblem as problem:
            return problem

    return keep("preview", (found.fingerprint, id(events)), make)


def in_words(cohort: Cohort) -> str:
    """Patients, scores with their complete pairs, statements, what can be filtered by. Markdown."""
    lines = [f"**{plural(cohort.n, 'patient')}**", *_scores(cohort)]
    if cohort.statements:
        lines.append(plural(len(cohort.statements), "statement"))
    if cohort.outcomes:
        lines.append(f"{plural(len(cohort.outcomes), 'yes or no question')}")
    if cohort.events is not None:
        lines.append(plural(len(cohort.events.type), "adverse event"))
    groups = [c.label for c in cohort.categories()]
    if groups:
        lines.append(f"filter by {_named(groups)}")
    return " · ".join(lines)


def _scores(cohort: Cohort) -> list[str]:
    """Scores with a before and an after, how many pairs at most at each follow-up, and scores without."""
    base = cohort.baseline
    most: list[str] = []
    paired: dict[str, str] = {}
    for time in cohort.follow_ups if base is not None else ():
        assert base is not None
        numbers = {m: cohort.pairs(m.key, base.key, time.key).n for m in cohort.measures_at(time.key)}
        paired |= {m.key: m.label for m, n in numbers.items() if n}
        if any(numbers.values()):
            at = "" if time.label.startswith("After") else "at "
            most.append(f"{count(max(numbers.values()))} {at}{for_markdown(time.label.lower())}")
    alone = [m.label for key, m in cohort.measures.items() if key not in paired]
    found = []
    if paired:
        found += [f"before and after: {_named(list(paired.values()))}", f"complete pairs: {joined(most)}"]
    else:
        found.append("nothing to compare before and after yet")
        if len(cohort.occasions) > 1 and base is None:
            found[-1] += " (no time point is before surgery)"
    if alone:
        found.append(f"without before and after: {_named(alone)}")
    return found


def _named(words: list[str]) -> str:
    shown = [for_markdown(w) for w in words[:_MOST]]
    if len(words) > _MOST:
        return ", ".join(shown) + f" and {count(len(words) - _MOST)} more"
    return joined(shown)


def waiting(cohort: Cohort) -> str:
    """Patients whose follow-up is not yet due, per time point; empty when nobody waits."""
    parts = [
        f"{count(int(cohort.not_due[o.key].sum()))} at {o.label.lower()}"
        for o in cohort.occasions
        if o.key != BASELINE and o.key in cohort.not_due
    ]
    return f"Not yet due: {joined(parts)}. They are counted apart from lost." if parts else ""
