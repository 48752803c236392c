"""Adverse events for the Safety page: over both populations, per operation, by group, and event by event."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis import SafetyResult
from lib.analysis.safety import AfterSurgery, EventRecord, PerProcedure, SafetyOf, ScoreOfOne
from lib.present.table import Cell, Column, Table
from lib.present.tables.responders import rate_cells
from lib.present.wording import NBSP, count, inside, number, p_value, percent, plural, signed
from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.events import EventSummary
from lib.stats.proportions import Proportion
from lib.stats.results import Interval, NotComputed, Test

MOST_LISTED = 200


def share_words(found: Proportion | NotComputed) -> str:
    """ "4 of 29 (13.8%, 3.9 to 31.7)": the exact interval stays below 10 patients, the percent does not."""
    if isinstance(found, NotComputed):
        return found.reason
    head = f"{count(found.count)} of {count(found.n)}"
    ci = found.interval
    if isinstance(ci, NotComputed):
        return head
    ends = _ends(ci)
    return f"{head} ({ends})" if found.n < FEWEST_FOR_PERCENT else f"{head} ({percent(found.count, found.n)}, {ends})"


def _ends(ci: Interval) -> str:
    return f"{number(ci.low * 100, 1)}{NBSP}to{NBSP}{number(ci.high * 100, 1)}%"


def zero_words(name: str, found: Proportion | NotComputed) -> str:
    """ "No reoperation among 29 patients: up to 11.9% cannot be excluded", empty when there was one."""
    if isinstance(found, NotComputed) or found.count or isinstance(found.interval, NotComputed):
        return ""
    upper = number(found.interval.high * 100, 1)
    return f"{name}: 0 of {count(found.n)}, up to {upper}% cannot be excluded"


def events_table(populations: Sequence[SafetyOf]) -> Table:
    """Any event, then type, timing, severity, seriousness and what was done; events and patients of each population.

    All populations have the same rows: names come from the whole cohort. Intervals are Clopper–Pearson's.
    """
    columns = [Column("Adverse events")]
    for found in populations:
        columns += [
            Column(f"{found.label}: events", "right"),
            Column(f"{found.label}: patients of {count(found.n)}", "right"),
            Column(_level(found.any), "right"),
        ]
    rows = [_row("Any event", [(f.any.events, f.any.patients) for f in populations])]
    for i, tally in enumerate(populations[0].tallies if populations else ()):
        rows.append((Cell(tally.kind), *(Cell(""),) * (len(columns) - 1)))
        for k, name in enumerate(tally.names):
            entries = [f.tallies[i].summary.by_type[k] for f in populations]
            counted = [(e.events, e.patients) for e in entries]
            rows.append(_row(f"{NBSP * 3}{name}", counted))
    return Table("Adverse events", tuple(columns), tuple(rows), _notes(populations))


def _level(found: EventSummary) -> str:
    ci = found.patients.interval
    return f"{number(ci.confidence * 100, 0)}% CI" if isinstance(ci, Interval) else "CI"


def _row(name: str, counted: list[tuple[int, Proportion]]) -> tuple[Cell, ...]:
    cells = [Cell(name)]
    for events, patients in counted:
        ci = patients.interval
        ends = _ends(ci) if isinstance(ci, Interval) else ""
        shown = count(patients.count)
        if patients.n >= FEWEST_FOR_PERCENT:
            shown += f"{NBSP}({percent(patients.count, patients.n)})"
        cells += [
            Cell(count(events), events),
            Cell(shown),
            Cell(ends),
        ]
    return tuple(cells)


def _notes(populations: Sequence[SafetyOf]) -> tuple[str, ...]:
    notes = ["A patient counts once in each line, however many such events. Intervals are exact (Clopper–Pearson)."]
    for found in populations:
        zero = zero_words(f"{found.label}, any event", found.any.patients)
        if zero:
            notes.append(zero + ".")
        if found.any.without_type:
            notes.append(f"{found.label}: {count(found.any.without_type)} without a type count in the first line only.")
        if found.any.patients_with_several:
            notes.append(f"{found.label}: {count(found.any.patients_with_several)} with more than one event.")
    return tuple(notes)


def outcomes_table(
    events: SafetyOf | NotComputed, operations: PerProcedure | NotComputed, after: Sequence[AfterSurgery], one: str
) -> Table:
    """Each with its own denominator: patients and operations with an event, implant position, reoperation.

    `one`: what an operation is called ("operation", "treatment").
    """
    heads = ("Count", "Of", "Share", "95% CI (exact)", "No value")
    columns = (Column("Outcome"), *(Column(head, "right") for head in heads))
    lines: list[tuple[str, Proportion | NotComputed, int | None]] = []
    if isinstance(events, SafetyOf):
        lines.append(("Patients with an adverse event", events.any.patients, None))
    lines.append((f"{one.capitalize()}s with an adverse event", _rate(operations), None))
    for outcome in after:
        for k, (answer, found) in enumerate(outcome.answers):
            name = outcome.label if outcome.of_yes else f"{outcome.label}: {answer}"
            lines.append((name, found, outcome.missing if k == 0 else None))
    body = tuple(_own(*line) for line in lines)
    return Table("Outcomes with their own denominator", columns, body, _own_notes(operations, after, one))


def _rate(found: PerProcedure | NotComputed) -> Proportion | NotComputed:
    return found if isinstance(found, NotComputed) else found.with_event


def _own(name: str, found: Proportion | NotComputed, missing: int | None) -> tuple[Cell, ...]:
    gap = Cell("") if missing is None else Cell(count(missing), missing)
    if isinstance(found, NotComputed):
        return (Cell(name), Cell("not computed"), Cell(""), Cell(""), Cell(""), gap)
    ci = found.interval
    ends = _ends(ci) if isinstance(ci, Interval) else ""
    shown = percent(found.count, found.n) if found.n >= FEWEST_FOR_PERCENT else ""
    return (
        Cell(name),
        Cell(count(found.count), found.count),
        Cell(count(found.n), found.n),
        Cell(shown, found.share if shown else None),
        Cell(ends),
        gap,
    )


def _own_notes(operations: PerProcedure | NotComputed, after: Sequence[AfterSurgery], one: str) -> tuple[str, ...]:
    notes = []
    if isinstance(operations, NotComputed):
        notes.append(f"{one.capitalize()}s with an adverse event: {operations.reason}.")
    else:
        per_100 = number(100 * operations.events / operations.procedures, 1)
        notes.append(
            f"{one.capitalize()}s: {count(operations.procedures)}, of which {count(operations.second)} on a second "
            f"side; {plural(operations.events, 'event')}, {per_100} per 100 {one}s. Interval over patients "
            f"(Korn–Graubard): two {one}s of one patient are not independent."
        )
        if operations.most > operations.with_event.count:
            notes.append(f"Several events of one patient: up to {count(operations.most)} {one}s had one.")
        if operations.unknown:
            notes.append(f"{count(operations.unknown)} patients with unknown second {one} are counted with one.")
    for outcome in after:
        for answer, found in outcome.answers:
            name = outcome.label if outcome.of_yes else f"{outcome.label}, {answer.lower()}"
            zero = zero_words(name, found)
            if zero:
                notes.append(zero + ".")
    return tuple(notes)


def groups_table(groups: Sequence[tuple[str, SafetyOf | NotComputed]], test: Test | NotComputed) -> Table:
    """Patients with any event per group, exact intervals, and the test between the groups."""
    columns = (Column("Group"), Column("Events", "right"), Column("Patients with an event", "right"))
    rows: list[tuple[Cell, ...]] = []
    for label, found in groups:
        if isinstance(found, NotComputed):
            rows.append((Cell(label), Cell(""), Cell(found.reason)))
            continue
        words = Cell(share_words(found.any.patients))
        rows.append((Cell(label), Cell(count(found.any.events), found.any.events), words))
    note = (
        f"No test between groups: {test.reason}."
        if isinstance(test, NotComputed)
        else f"Between groups, exploratory: {test.name}, {p_value(test.p)}."
    )
    return Table("Adverse events by group", columns, tuple(rows), (note,))


def listing_table(
    records: Sequence[EventRecord], time_points: tuple[str, str], population: str, statement: str = ""
) -> Table:
    """One row per event: row number in the file, what, when, how bad, what was done, and the patient's scores.

    Columns that no event fills are left out. Row numbers are as Excel shows them; there are no ids.
    """
    texts = (
        ("Timing", [r.timing for r in records]),
        ("Severity", [r.severity for r in records]),
        ("Serious", ["" if r.serious is None else "Yes" if r.serious else "No" for r in records]),
        ("Procedure for it", [r.procedure for r in records]),
    )
    filled = [(name, values) for name, values in texts if any(values)]
    measures = [s.measure.label for s in records[0].scores] if records else []
    between = f"{inside(time_points[0])} to {inside(time_points[1])}" if all(time_points) else "before to after"
    columns = [Column("Row", "right"), Column("Event"), *(Column(name) for name, _ in filled)]
    for label in measures:
        columns += [Column(f"{label}, {between}"), Column("Improvement", "right")]
    if statement:
        columns.append(Column(statement))
    columns.append(Column(f"In “{population.lower()}”"))
    rows = []
    for i, record in enumerate(records[:MOST_LISTED]):
        cells = [_one(str(record.row), record.row), _one(record.type or "not given")]
        cells += [_one(values[i]) for _, values in filled]
        for score in record.scores:
            cells += _score_cells(score)
        if statement:
            cells.append(_one(record.answer))
        rows.append((*cells, _one("Yes" if record.counted else "No")))
    notes = ["Row as Excel shows it. Improvement is positive when the patient is better."]
    if len(records) > MOST_LISTED:
        notes.append(f"The first {MOST_LISTED} of {count(len(records))} events; a filter brings the others.")
    return Table("Every event", tuple(columns), tuple(rows), tuple(notes))


def _one(text: str, value: float | int | None = None) -> Cell:
    return Cell(text, value)


def _score_cells(score: ScoreOfOne) -> list[Cell]:
    digits = 0 if score.measure.resolution == 1 else score.measure.decimals

    def words(value: float | NotComputed) -> str:
        return value.reason if isinstance(value, NotComputed) else number(value, digits)

    gain = score.improvement
    both = f"{words(score.before)} to {words(score.after)}"
    if isinstance(gain, NotComputed):
        return [_one(both), _one("")]
    return [_one(both), _one(signed(gain, digits), gain)]


# Adverse events: patients and events apart, by type, timing and severity, with exact intervals.

_KINDS = ("Type", "Timing", "Severity")


def safety_table(found: SafetyResult | NotComputed, population: str) -> Table:
    """First row: any event. Then one row per type, timing and severity that the file records.

    `population` says over whom ("29 analysed patients"). A patient counts once in each row in which he has an event.
    """
    columns = (
        Column("Adverse events"),
        Column("Events", "right"),
        Column("Patients", "right"),
        Column("n", "right"),
        Column("Share", "right"),
        Column("95% CI (exact)", "right"),
    )
    title = f"Adverse events, {population}"
    if isinstance(found, NotComputed):
        return Table(title, columns, ((Cell(f"not computed: {found.reason}"), *(Cell(""),) * 5),))
    rows = [_safety_row("Any event", found.by_type.events, found.by_type.patients)]
    groups = ((found.by_type, found.types), (found.by_timing, found.timings), (found.by_severity, found.severities))
    for kind, (summary, names) in zip(_KINDS, groups, strict=True):
        if isinstance(summary, NotComputed):
            continue
        for name, entry in zip(names, summary.by_type, strict=True):
            rows.append(_safety_row(f"{kind}: {name}", entry.events, entry.patients))
    return Table(title, columns, tuple(rows), _safety_notes(found.by_type))


def _safety_row(name: str, events: int, patients: Proportion) -> tuple[Cell, ...]:
    share, ci = rate_cells(patients)
    return (
        Cell(name),
        Cell(count(events), events),
        Cell(count(patients.count), patients.count),
        Cell(count(patients.n), patients.n),
        share,
        ci,
    )


def _safety_notes(summary: EventSummary) -> tuple[str, ...]:
    notes = ["Shares are of patients; a patient with several events of one kind counts once."]
    if summary.patients.count == 0 and isinstance(summary.patients.interval, Interval):
        upper = number(summary.patients.interval.high * 100, 1)
        notes.append(f"No event among {count(summary.n)}: up to {upper}% cannot be excluded.")
    return tuple(notes)
