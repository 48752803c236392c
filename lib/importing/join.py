"""Several tables of the same patients, one per time point (pre.csv and post.csv, two sheets) → one table of rows.

The rows of all tables stand below each other, with one column for the patient and one for the time point, so that the
joined table is a long file like any other: columns, checks and repairs know nothing of a join. Patients are the same
when their numbers are the same text (spaces around it aside), never when they only look alike, unless the user says so.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lib.importing.columns.identifiers import alike, alike_words
from lib.importing.columns.profile import TEXT_FORMATS
from lib.importing.columns.redcap import is_dictionary, with_dictionary
from lib.importing.columns.roles import AT_TIME_POINT, Role
from lib.importing.files.table import (
    MOST_TABLES,
    PATIENT,
    TIME,
    JoinPlan,
    JoinTable,
    Parsed,
    Sheet,
    TextColumn,
    from_texts,
    time_points_of_names,
)
from lib.importing.findings import ROWS_OF_A_TABLE, Finding, Severity, refuse
from lib.importing.join_columns import Part, joined_columns, stacked
from lib.importing.proposal import Import, propose


@dataclass(frozen=True, slots=True)
class Overlap:
    """Who is in which table, in numbers only.

    Attributes:
        patients: different patients in each table. everywhere: in all of them.
        only: in this table and in no other. repeated: rows of a patient who stood there before, per table.
        blank: rows without a number, per table.
        alike: numbers that differ between tables only in zeros, spaces, capitals or marks, and could be one patient.
        ambiguous: numbers that look like several others; never joined.
    """

    patients: tuple[int, ...]
    everywhere: int
    only: tuple[int, ...]
    repeated: tuple[int, ...]
    blank: tuple[int, ...]
    alike: int
    ambiguous: int


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The result: a file of one joined sheet (and the sheets that were not joined), and who is in which table."""

    parsed: Parsed
    plan: JoinPlan
    overlap: Overlap


def table_names(tables: Sequence[Import]) -> tuple[str, ...]:
    """What each table is called: the file, or the sheet when all come from one workbook; no name twice."""
    one_file = len({t.parsed.digest for t in tables}) == 1
    names = [t.sheet.name if one_file and t.sheet.name else t.parsed.file_name for t in tables]
    seen: Counter[str] = Counter()
    out = []
    for name in names:
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(out)


def propose_plan(tables: Sequence[Import]) -> JoinPlan:
    """What the names of the tables and their columns suggest; time points that nothing tells stay ''."""
    names = table_names(tables)
    keys = time_points_of_names(names)
    ids = [next((c.name for c in t.columns if c.role is Role.ID), "") for t in tables]
    known = [set(t.sheet.column(i).stripped) - {""} for t, i in zip(tables, ids, strict=True) if i]
    ids = [i or _like_an_id(t, known) for t, i in zip(tables, ids, strict=True)]
    return JoinPlan(tuple(JoinTable(n, i, k) for n, i, k in zip(names, ids, keys, strict=True)))


def _like_an_id(table: Import, known: Sequence[set[str]]) -> str:
    """A column that no heading calls a patient number, but which differs in every row and shares most of its values
    with the numbers of another table; '' without one. Never a score or a date.
    """
    best, most = "", 0.5
    for guess in table.columns:
        own = {t.strip() for t in table.sheet.column(guess.name).filled_levels()}
        never = guess.role in AT_TIME_POINT or guess.role is Role.DATE
        if never or len(own) < max(2, 0.9 * table.sheet.n):
            continue
        share = max((len(own & other) / len(own) for other in known), default=0.0)
        if share > most:
            best, most = guess.name, share
    return best


def sheets_of_time_points(parsed: Parsed) -> tuple[str, ...]:
    """Names of the sheets of a workbook that are one time point each, by name, and hold a number of the patient."""
    names = [s.name for s in parsed.sheets if s.n and not is_dictionary(s)]
    keys = time_points_of_names(names)
    timed = [name for name, key in zip(names, keys, strict=True) if key]
    if len(timed) < 2 or len({keys[names.index(n)] for n in timed}) < len(timed):
        return ()
    roles = {name: {c.role for c in propose(parsed, name).columns} for name in timed}
    fit = tuple(n for n in timed if Role.ID in roles[n] and not roles[n] & {Role.TIME_POINT, Role.EVENT_TYPE})
    return fit if len(fit) >= 2 else ()


def fitted(plan: JoinPlan, tables: Sequence[Import]) -> JoinPlan | None:
    """A plan told before, for these tables: by name, else by place; None when a column of it is not there."""
    names = table_names(tables)
    if len(plan.tables) != len(names):
        return None
    by_name = {t.name: t for t in plan.tables}
    # files of another month have other names: then the time points told by the names decide
    if set(by_name) != set(names):
        by_time = {t.time_point: t for t in plan.tables}
        keys = time_points_of_names(names)
        by_name = {n: by_time[k] for n, k in zip(names, keys, strict=True) if k in by_time}
    if set(by_name) != set(names):
        return None
    found = tuple(replace(by_name[n], name=n) for n in names)
    here = all(not t.id or t.id in table.sheet.names() for t, table in zip(found, tables, strict=True))
    return replace(plan, tables=found) if here else None


def why_not(tables: Sequence[Import], plan: JoinPlan) -> str:
    """Why these tables cannot be joined as planned, in words; '' when they can."""
    if len(tables) > MOST_TABLES:
        return f"{len(tables)} tables; at most {MOST_TABLES} can be joined."
    for by_name, table in zip(plan.tables, tables, strict=True):
        rows = next((c.name for c in table.columns if c.role is Role.TIME_POINT), None)
        if rows is not None:
            return (
                f"{by_name.name} has several rows per patient, told apart by {rows}: it holds time points of its own. "
                "Put all time points into one table, or give one table per time point."
            )
        if not by_name.id and not plan.by_place:
            return (
                f"{by_name.name} has no column with the number of the patient, so nobody can tell whose row is whose. "
                "Add the number of the patient to each table."
            )
        if by_name.id and by_name.id not in table.sheet.names():
            return f"{by_name.name} has no column {by_name.id}."
        if table.sheet.row_numbers.max(initial=0) >= ROWS_OF_A_TABLE:
            return f"{by_name.name} has too many lines to be joined."
    if plan.by_place and len({t.sheet.n for t in tables}) > 1:
        numbers = ", ".join(f"{t.sheet.n} in {by_name.name}" for by_name, t in zip(plan.tables, tables, strict=True))
        return f"The tables have different numbers of rows ({numbers}), so they cannot be matched row by row."
    if plan.untold:
        return f"Say which time point {plan.untold[0]} is."
    if plan.twice:
        return "Two tables are taken for the same time point; say which one is which."
    return ""


def join(tables: Sequence[Import], plan: JoinPlan) -> Joined:
    """The tables as one.

    Args:
        tables: each as proposed from its own file or sheet.
        plan: one entry per table, in the same order.

    Raises ImportProblem when they cannot be joined (`why_not`), or when no patient is in two of them.
    """
    reason = why_not(tables, plan)
    if reason:
        raise refuse("not_joined", reason)
    ids = _ids(tables, plan)
    same, ambiguous = alike([c.filled_levels() for c in ids])
    if plan.alike:
        ids = [column.mapped(same) for column in ids]
    overlap = _overlap(ids, len(same), ambiguous)
    if not same and not _anybody_twice(ids):  # 001 and 1 are asked about
        raise refuse("nobody_twice", "No patient is in two of the tables: no number stands in both.")
    parts = [Part(by_name, t, i) for i, (by_name, t) in enumerate(zip(plan.tables, tables, strict=True))]
    columns, found = joined_columns(parts)
    names = [t.name for t in plan.tables]
    rows = np.concatenate([p.rows for p in parts])
    time = from_texts(TIME, np.repeat(names, [t.sheet.n for t in tables]).tolist())
    findings = (*_about(plan, overlap), *found, *(f for p in parts for f in p.findings()))
    patients = stacked(PATIENT, ids, [len(c) for c in ids])
    sheet = Sheet.of(" + ".join(names), (patients, time, *columns), rows, (), findings)
    return Joined(_as_file(tables, plan, sheet), plan, overlap)


def _ids(tables: Sequence[Import], plan: JoinPlan) -> list[TextColumn]:
    """The numbers of the patients, spaces around them gone."""
    if plan.by_place:
        return [from_texts(PATIENT, [str(i + 1) for i in range(t.sheet.n)]) for t in tables]
    columns = [t.sheet.column(by_name.id) for by_name, t in zip(plan.tables, tables, strict=True)]
    return [c.with_levels(c.stripped) for c in columns]


def _anybody_twice(ids: Sequence[TextColumn]) -> bool:
    seen = Counter(text for column in ids for text in column.filled_levels())
    return any(count > 1 for count in seen.values())


def _overlap(ids: Sequence[TextColumn], alike: int, ambiguous: int) -> Overlap:
    sets = [set(column.filled_levels()) for column in ids]
    blank = [int(column.blank().sum()) for column in ids]
    return Overlap(
        patients=tuple(len(s) for s in sets),
        everywhere=len(set.intersection(*sets)),
        only=tuple(len(s - set().union(*(o for o in sets if o is not s))) for s in sets),
        repeated=tuple(len(c) - b - len(s) for c, b, s in zip(ids, blank, sets, strict=True)),
        blank=tuple(blank),
        alike=alike,
        ambiguous=ambiguous,
    )


def overlap_words(plan: JoinPlan, overlap: Overlap) -> str:
    """ "62 patients in both, 5 only in pre.csv, 3 only in post.csv"."""
    both = "both" if len(plan.tables) == 2 else f"all {len(plan.tables)}"
    only = [f"{n:,} only in {t.name}" for n, t in zip(overlap.only, plan.tables, strict=True)]
    return f"{overlap.everywhere:,} patient{'' if overlap.everywhere == 1 else 's'} in {both}, {', '.join(only)}"


def _about(plan: JoinPlan, overlap: Overlap) -> list[Finding]:
    """What there is to know about the join itself."""
    by_name = overlap_words(plan, overlap)
    found = [Finding("joined", Severity.NOTE, f"The tables were joined: {by_name}.", count=overlap.everywhere)]
    if plan.by_place:
        found.append(
            Finding(
                "joined_by_place",
                Severity.WARNING,
                "The tables have no number of the patient. Row 1 of one was matched with row 1 of the other, and so "
                "on, because you said so; nothing in the tables can show whether that is right.",
            )
        )
    if overlap.alike and plan.alike:
        alike_sentence = f"{alike_words(overlap.alike)} They were joined, because you said so."
        found.append(Finding("ids_alike", Severity.NOTE, alike_sentence, column=PATIENT, count=overlap.alike))
    if overlap.ambiguous:
        found.append(
            Finding(
                "ids_ambiguous",
                Severity.WARNING,
                f"{overlap.ambiguous:,} numbers look like several numbers of another table (1, 01 and 001). They were "
                "not joined; write them alike in the files if they are the same patient.",
                column=PATIENT,
                count=overlap.ambiguous,
            )
        )
    return found


def _as_file(tables: Sequence[Import], plan: JoinPlan, sheet: Sheet) -> Parsed:
    """The joined table as a file; its digest is that of all files and sheets, in this order."""
    files = {t.parsed.digest: t.parsed for t in tables}
    by_name = [[t.parsed.digest, t.sheet.name] for t in tables]
    text = all(p.format in TEXT_FORMATS for p in files.values())
    first = tables[0].parsed
    one = len({p.format for p in files.values()}) == 1
    joined = {(t.parsed.digest, t.sheet.name) for t in tables}
    rest = [s for p in files.values() for s in p.sheets if (p.digest, s.name) not in joined and s.name]
    return Parsed(
        file_name=" + ".join(p.file_name for p in files.values()),
        digest=hashlib.sha256(json.dumps(by_name).encode()).hexdigest() if len(files) > 1 else first.digest,
        format=first.format if one else "csv" if text else next(p.format for p in files.values() if p.format != "csv"),
        sheets=(sheet, *rest),
        encoding=first.encoding if len({p.encoding for p in files.values()}) == 1 else "",
        delimiter=first.delimiter if len({p.delimiter for p in files.values()}) == 1 else "",
        findings=tuple(_named(f, p) for p in files.values() for f in p.findings),
        join=plan,
        parts=tuple((p.file_name, p.digest) for p in files.values()),
    )


def _named(finding: Finding, parsed: Parsed) -> Finding:
    return replace(finding, sentence=f"{parsed.file_name}: {finding.sentence}")


# Several files of one cohort: which holds patients, which is a data dictionary, which lists adverse events.


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """What the files are.

    Attributes:
        tables: files of patients, the labels of a dictionary in place; never empty.
        events: a file with one row per adverse event, None without one.
        dictionary: name of the data dictionary that was used, '' without one.
        unused: names of files that nothing is done with (a second dictionary, a second file of events).
    """

    tables: tuple[Parsed, ...]
    events: Parsed | None = None
    dictionary: str = ""
    unused: tuple[str, ...] = ()


def arrange(files: Sequence[Parsed]) -> Arranged:
    """Tell the files apart by their content. A dictionary alone stays a table, which `propose` refuses in words."""
    different = list({f.digest: f for f in files}.values())
    dictionaries = [f for f in different if is_dictionary(f.sheet())]
    tables = [f for f in different if f not in dictionaries]
    if not tables:
        return Arranged(tuple(different[:1]), unused=tuple(f.file_name for f in different[1:]))
    events = [f for f in tables if _lists_events(propose(f))] if len(tables) > 1 else []
    if len(events) == len(tables):  # somebody has to be the cohort
        events = events[1:]
    rest = [f for f in tables if f not in events]
    if dictionaries:
        rest = [with_dictionary(f, dictionaries[0]) for f in rest]
    return Arranged(
        tuple(rest),
        events[0] if events else None,
        dictionaries[0].file_name if dictionaries else "",
        tuple(f.file_name for f in (*dictionaries[1:], *events[1:])),
    )


def _lists_events(table: Import) -> bool:
    """One row per event: it says who and what happened, and holds no scores."""
    roles = {c.role for c in table.columns}
    return {Role.ID, Role.EVENT_TYPE} <= roles and not roles & AT_TIME_POINT
