"""The talk: the findings of a report on about nine slides. Present shows them, and the Meeting preset exports them.

A slide says one thing: its title is the finding, the line under it the evidence, and below stand one or two pictures.
What does not fit one slide is not cut into fragments: it stands on the pages and in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lib.cohort.measure import Measure
from lib.disclosure.readers import Reader
from lib.present.sentences.leading import interval_and_test, leading_improvement, leading_value
from lib.present.sentences.patients import called
from lib.present.wording import count, joined, plural
from lib.report.plan import Item
from lib.report.report import Report
from lib.settings import FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.results import Interval

LETTERS, _TITLE = 112, 92
"""Of a title of two lines at 1280 px, and on an exported slide at its usual size."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide.

    Attributes:
        key: stays while the filter moves.
        subject: key in `SUBJECTS`.
        title: the finding, two lines at most.
        evidence: the line under it: interval and test, or how to read the picture.
        parts: one or two items side by side; none on the title slide.
        heads: a line above each part; none where the title says it all.
    """

    key: str
    subject: str
    title: str
    evidence: str
    parts: tuple[Item, ...] = ()
    heads: tuple[str, ...] = ()


def talk(report: Report, subjects: Sequence[str] | None = None, name: str = "") -> tuple[Slide, ...]:
    """The slides of a report.

    Args:
        subjects: keys of `SUBJECTS` in the order they are shown; None shows all of them in theirs.
        name: of the talk, as typed; "" takes that of the cohort.

    A subject the cohort does not hold has no slide.
    """
    items = {item.key: item for item in report.items}
    if report.plan.reader is Reader.PUBLIC:
        made = [Slide(i.key, "who", i.finding, _first_note(i), (i,)) for i in report.items]
        return (Slide("title", "title", name or called(report.plan.analysis.cohort), report.origin.date), *made)
    chosen = SUBJECTS if subjects is None else [subject for subject in subjects if subject in SUBJECTS]
    made = [slide for subject in chosen for slide in _MAKERS[subject](report, items)]
    if subjects is None or "title" in subjects:
        origin, times = report.origin, report.plan.time_points
        when = f"{times[0]} to {times[1]}" if all(times) else ""
        filtered = "" if report.plan.analysis.selection.is_empty else report.footer
        under = " · ".join(words for words in (filtered, when, origin.date) if words)
        made = [Slide("title", "title", name or called(report.plan.analysis.cohort), under), *made]
    return tuple(made)


def _who(report: Report, items: Mapping[str, Item]) -> Iterator[Slide]:
    people, flow = items.get("table_1"), next((i for k, i in items.items() if k.startswith("flow:")), None)
    parts = tuple(item for item in (people, flow) if item is not None)
    if people is not None:
        yield Slide("who", "who", people.finding, "Mean (SD), median [quartiles] or patients (%)", parts)


def _scores(report: Report, items: Mapping[str, Item]) -> Iterator[Slide]:
    """The first score with its patients' improvements; the others two by two, before and after."""
    first, *others = report.plan.measures or (None,)
    if first is None:
        return
    parts = tuple(item for kind in ("paired", "improvements") if (item := items.get(f"{kind}:{first.key}")) is not None)
    if parts:
        yield Slide(f"score:{first.key}", "scores", _both(report, first, parts), _evidence(report, first), parts)
    shown = [(m, items[f"paired:{m.key}"]) for m in others if f"paired:{m.key}" in items]
    for k in range(0, len(shown), 2):
        pair = shown[k : k + 2]
        yield Slide(
            "scores:" + "+".join(m.key for m, _ in pair),
            "scores",
            _together(report, pair),
            "Mean with its interval" if report.outside else "A dot is a patient; below them the mean with its interval",
            tuple(item for _, item in pair),
            tuple(_head(report, m) for m, _ in pair),
        )


def _both(report: Report, measure: Measure, parts: Sequence[Item]) -> str:
    """The finding, then the responders without the name that was just said."""
    first, *rest = parts
    more = [item.finding.partition(": ")[2] or item.finding for item in rest]
    return "; ".join((_finding(report, measure, first), *more))


def _few(report: Report, measure: Measure) -> int:
    """How many pairs, where they are too few for a mean in the title; 0 where they are enough."""
    result = report.plan.paired(measure)
    return result.n if isinstance(result, PairedResult) and result.n < FEWEST_TO_TEST else 0


def _together(report: Report, pair: Sequence[tuple[Measure, Item]]) -> str:
    """Both findings; of the same few patients one sentence without a mean."""
    few = {_few(report, m) for m, _ in pair}
    if len(few) == 1 and few != {0}:
        return _one_by_one(joined([m.label for m, _ in pair]), few.pop())
    return "; ".join(_finding(report, m, item) for m, item in pair)


def _one_by_one(names: str, n: int) -> str:
    return f"{names} in {plural(n, 'patient')}, one by one"


def _finding(report: Report, measure: Measure, item: Item) -> str:
    """Without the size of the change, which the evidence has with its interval; of fewer than ten without a mean."""
    few = _few(report, measure)
    if few:
        return _one_by_one(measure.label, few)
    return item.finding.partition(", an improvement of ")[0].partition(", a worsening of ")[0]


def _evidence(report: Report, measure: Measure) -> str:
    """ "VAS pain: improvement +2.86, 95% CI 1.75 to 3.98, p < 0.001", of the method that leads."""
    result = report.plan.paired(measure)
    if not isinstance(result, PairedResult):
        return f"{measure.label}: {result.reason}"
    interval, test = interval_and_test(measure, result)
    _, found = leading_improvement(measure, result)
    # without an interval (one or two patients) the change is no estimate
    estimate = (" ".join(leading_value(measure, result)),) if isinstance(found.interval, Interval) else ()
    return f"{measure.label}: " + ", ".join((*estimate, interval, test))


def _head(report: Report, measure: Measure) -> str:
    """Above one of two scores: name and change, then the interval with its p; a test that is named has its own line."""
    result = report.plan.paired(measure)
    if not isinstance(result, PairedResult):
        return measure.label
    interval, test = interval_and_test(measure, result)
    few = result.n < FEWEST_TO_TEST
    _, found = leading_improvement(measure, result)
    called, value = leading_value(measure, result) if isinstance(found.interval, Interval) else ("", "")
    if few:  # of so few the change is said with its interval, never louder
        spoken = f"{value}, {interval}" if value else interval
        return "\n".join((measure.label, spoken))
    value = f"pseudomedian {value}" if called.startswith("pseudomedian") else value  # no difference of the means below
    apart = ", " if test.startswith("p") else "\n"
    return "\n".join((f"{measure.label} {value}".strip(), f"{interval}{apart}{test}"))


def _single(
    key: str, subject: str, evidence: str, of_few: str = ""
) -> Callable[[Report, Mapping[str, Item]], Iterator[Slide]]:
    """One item on a slide; `of_few`: what its title begins with below ten patients, where a square is a patient."""

    def made(report: Report, items: Mapping[str, Item]) -> Iterator[Slide]:
        for found, item in items.items():
            if found == key or (key.endswith(":") and found.startswith(key)):
                n = item.chart.n if item.chart is not None else item.n
                few = bool(of_few) and n is not None and 0 < n < FEWEST_TO_TEST and not report.outside
                title = _one_by_one(of_few, n or 0) if few and subject != "responders" else item.finding
                yield Slide(found, subject, title, _SQUARES if few else evidence, (item,))

    return made


def _events(report: Report, items: Mapping[str, Item]) -> Iterator[Slide]:
    """Yes/no outcomes and adverse events; the first outcome shares its slide with the events."""
    outcomes = [item for key, item in items.items() if key.startswith("yes_no:")]
    events = items.get("events:bars") if report.plan.analysis.cohort.events is not None else None
    for place, item in enumerate(outcomes):
        parts = (item, events) if place == 0 and events is not None else (item,)
        title = "; ".join(with_an_event(part) if part is events else part.finding for part in parts)
        yield Slide(item.key, "events", title, _first_note(item), parts)
    if events is not None and not outcomes:
        yield Slide("events", "events", with_an_event(events), _first_note(events), (events,))


def with_an_event(item: Item) -> str:
    """ "6 of 57 had an adverse event"; the finding itself where readers may not know the count."""
    found = next((s for s in item.chart.series if s.role == "event"), None) if item.chart else None
    labels = found.labels if found else None
    return f"{labels[0]} had an adverse event" if labels and labels[0] else item.finding


def in_order(items: Sequence[Item]) -> list[Item]:
    """As a talk goes: who they are first, then the others in their order; each with a title of two lines."""
    who = [item for item in items if item.figure == "flow" or item.key == "table_1"]
    return [_titled(item) for item in (*who[::-1], *(item for item in items if item not in who))]


def _titled(item: Item) -> Item:
    """A long finding said shorter: what is left out stands in the picture."""
    if item.figure == "event_bars":
        return replace(item, finding=with_an_event(item))
    if len(item.finding) <= _TITLE:
        return item
    if item.figure == "flow":
        return replace(item, finding=item.finding.rpartition(": ")[0] or item.finding)
    parts = item.finding.split("; ")
    shown = next((k for k in range(len(parts), 0, -1) if len("; ".join(parts[:k])) <= _TITLE - 12), len(parts))
    if item.figure == "outcomes" and shown < len(parts):
        return replace(item, finding=f"{'; '.join(parts[:shown])}; {count(len(parts) - shown)} more")
    n = item.chart.n if item.chart is not None else 0
    if item.figure == "statements" and 0 < n < FEWEST_TO_TEST:
        return replace(item, finding=_one_by_one("Statements", n))
    return item


def _first_note(item: Item) -> str:
    return item.notes[0] if item.notes else ""


def _groups(report: Report, items: Mapping[str, Item]) -> Iterator[Slide]:
    """The comparison of the first score; the others stand on the page."""
    first = next((item for key, item in items.items() if key.startswith("forest:")), None)
    if first is not None:
        groups = report.plan.comparison.groups if report.plan.comparison is not None else ()
        two = len(groups) == 2 and not report.outside
        evidence = "Improvement; the difference is adjusted for baseline" if two else _EACH_GROUP
        if len(groups) > MOST_OF_FOREST and not report.outside:
            evidence = f"The {MOST_OF_FOREST} largest of {len(groups)} groups; all stand on Compare"
        yield Slide(first.key, "groups", first.finding, evidence, (first,))


MOST_OF_FOREST = 4
"""Groups whose names and marks have room on a slide beside all."""
_EACH_GROUP = "Mean improvement and its interval, each group"
_SQUARES = "A square is a patient; too few to test reliably"
_STATEMENTS = "Numbers are patients; the share agrees, with its 95% interval"
_MAKERS: Mapping[str, Callable[[Report, Mapping[str, Item]], Iterator[Slide]]] = {
    "who": _who,
    "scores": _scores,
    "responders": _single(
        "responders", "responders", "A notch is a patient; the line is the interval of the share", "Responders"
    ),
    "statements": _single("statements:", "statements", _STATEMENTS, "Statements"),
    "eq5d": _single(
        "eq5d:dimensions", "eq5d", "Patients better, same and worse; p corrected for the dimensions", "EQ-5D"
    ),
    "events": _events,
    "time": _single("time_to_event:revision", "time", "Share with the event over time"),
    "groups": _groups,
    "title": lambda report, items: iter(()),
}
SUBJECTS: Mapping[str, str] = {
    "title": "Title",
    "who": "Who they are",
    "scores": "Scores before and after",
    "responders": "Responders",
    "statements": "What patients say",
    "eq5d": "EQ-5D dimensions",
    "events": "Yes or no, and adverse events",
    "time": "Time to event",
    "groups": "Groups side by side",
}
"""What can be shown, in the order of the talk: key → its name in "What to show"."""
