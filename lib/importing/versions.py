"""This month's export beside last month's: who is new, who is gone, which cells changed, and what that does to results.

Patients are matched by their number, in memory only; nothing of it is saved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lib.cohort.cohort import BASELINE, Cohort
from lib.importing.columns.roles import Role
from lib.importing.findings import ImportProblem, refuse
from lib.importing.long_format import row_time_points
from lib.importing.proposal import Import

Key = tuple[str, str, int]
"""A row: number of the patient, time point ('' where the file has one row per patient), which of several."""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One cell that another text stands in now.

    Attributes:
        patient: number of the patient as in the file. time_point: of the row, '' in a file of one row per patient.
        column: its name. before, after: the texts. row: in the new file, as Excel shows it.
    """

    patient: str
    time_point: str
    column: str
    before: str
    after: str
    row: int


@dataclass(frozen=True, slots=True)
class Headline:
    """A measure at one time point in both files: pairs and mean change; None where a file has no pair of it."""

    measure: str
    time_point: str
    pairs: tuple[int, int]
    mean_change: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Versions:
    """What differs between two versions of a file.

    Attributes:
        new, gone: numbers of patients who stand only in the new or only in the old file.
        new_rows, gone_rows: (patient, time point) rows of patients who are in both files.
        changed: cells, in the order of the new file.
        columns_new, columns_gone: names of columns that only one of the files has.
        headlines: every measure and time point of either file, also those that stayed.
        patients: how many patients the old and the new file have.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    new_rows: tuple[tuple[str, str], ...]
    gone_rows: tuple[tuple[str, str], ...]
    changed: tuple[ChangedCell, ...]
    columns_new: tuple[str, ...]
    columns_gone: tuple[str, ...]
    headlines: tuple[Headline, ...]
    patients: tuple[int, int]


def compare_versions(old: Import, new: Import) -> Versions:
    """The differences of two imports of the same table.

    Raises ImportProblem when one of them has no number of the patient, or no patient is in both.
    """
    before, after = _rows(old, "old"), _rows(new, "new")
    was, now = (list(dict.fromkeys(key[0] for key in rows)) for rows in (before, after))
    known_before, known_now = set(was), set(now)
    if not known_before & known_now:
        raise refuse(
            "nobody_in_both",
            "No number of a patient stands in both files, so nothing can be compared. "
            "Check that both are exports of one table and that their numbers are written alike.",
        )
    names_before, names_now = old.sheet.names(), new.sheet.names()
    shared = [name for name in names_now if name in set(names_before)]
    return Versions(
        new=tuple(p for p in now if p not in known_before),
        gone=tuple(p for p in was if p not in known_now),
        new_rows=tuple(k[:2] for k in after if k not in before and k[0] in known_before),
        gone_rows=tuple(k[:2] for k in before if k not in after and k[0] in known_now),
        changed=_changed(old, new, before, after, shared),
        columns_new=tuple(n for n in names_now if n not in set(names_before)),
        columns_gone=tuple(n for n in names_before if n not in set(names_now)),
        headlines=_headlines(_built(old), _built(new)),
        patients=(len(was), len(now)),
    )


def _rows(table: Import, which: str) -> dict[Key, int]:
    """Where each row stands. A number that repeats (at one time point) is told apart by its order."""
    number = next((c.name for c in table.columns if c.role is Role.ID), None)
    if number is None:
        raise refuse("no_number", f"The {which} file has no column with the number of the patient.")
    time = next((c for c in table.columns if c.role is Role.TIME_POINT), None)
    ids = [text.strip() for text in table.sheet.column(number).texts()]
    at = [""] * len(ids)
    if time is not None:
        place, keys = row_time_points(table.sheet.column(time.name), time)
        at = [keys[i] if i >= 0 else "" for i in place.tolist()]
    seen: Counter[tuple[str, str]] = Counter()
    rows: dict[Key, int] = {}
    for index, (patient, when) in enumerate(zip(ids, at, strict=True)):
        if patient:
            rows[patient, when, seen[patient, when]] = index
            seen[patient, when] += 1
    return rows


def _changed(
    old: Import, new: Import, before: Mapping[Key, int], after: Mapping[Key, int], shared: list[str]
) -> tuple[ChangedCell, ...]:
    """Cells of rows in both files whose texts differ, spaces around them aside."""
    pairs = [(key, before[key], place) for key, place in after.items() if key in before]
    found: list[tuple[int, int, ChangedCell]] = []
    for order, name in enumerate(shared):
        was = [t.strip() for t in old.sheet.column(name).texts()]
        now = [t.strip() for t in new.sheet.column(name).texts()]
        found += [
            (b, order, ChangedCell(key[0], key[1], name, was[a], now[b], int(new.sheet.row_numbers[b])))
            for key, a, b in pairs
            if was[a] != now[b]
        ]
    return tuple(cell for _, _, cell in sorted(found, key=lambda f: f[:2]))


def _built(table: Import) -> Cohort | None:
    try:
        return table.build()
    except ImportProblem:
        return None


def _headlines(old: Cohort | None, new: Cohort | None) -> tuple[Headline, ...]:
    by_measure: dict[tuple[str, str], list[tuple[int, float | None]]] = {}
    labels: dict[str, str] = {}
    for place, cohort in enumerate((old, new)):
        if cohort is None:
            continue
        labels |= {m.key: m.label for m in cohort.measures.values()}
        for measure in cohort.measures:
            for time_point in cohort.follow_ups:
                at = by_measure.setdefault((measure, time_point.key), [(0, None), (0, None)])
                if not all(cohort.has_scores(measure, t) for t in (BASELINE, time_point.key)):
                    continue
                pairs = cohort.pairs(measure, BASELINE, time_point.key)
                change = pairs.follow_up - pairs.baseline
                at[place] = (len(change), float(change.mean()) if len(change) else None)
    return tuple(
        Headline(labels[measure], at, (was[0], now[0]), (was[1], now[1]))
        for (measure, at), (was, now) in by_measure.items()
    )
