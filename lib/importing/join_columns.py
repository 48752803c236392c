"""Columns of several tables below each other: equal names become one, numbers and dates written in one way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from lib.catalog.answers import normalise
from lib.importing.columns.numbers import read_number
from lib.importing.columns.profile import TEXT_FORMATS, Profile
from lib.importing.columns.roles import Role
from lib.importing.files.table import PATIENT, TIME, JoinTable, TextColumn, from_texts
from lib.importing.findings import ROWS_OF_A_TABLE, Finding, Severity, quoted_list
from lib.importing.proposal import Import


@dataclass(frozen=True, eq=False)
class Part:
    """One table of a join, and its place among them (0, 1 …)."""

    plan: JoinTable
    table: Import
    place: int

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Row numbers that name their table too: row 5 of the second table is 2,000,005 (see `rows_in_words`)."""
        return self.table.sheet.row_numbers + (0 if self.place == 0 else ROWS_OF_A_TABLE * (self.place + 1))

    def findings(self) -> list[Finding]:
        """What the reader saw in this table, with its name."""
        add = int(self.rows[0] - self.table.sheet.row_numbers[0]) if len(self.rows) else 0
        return [
            replace(f, sentence=f"{self.plan.name}: {f.sentence}", rows=tuple(r + add for r in f.rows), sheet="")
            for f in self.table.sheet.findings
        ]


def joined_columns(parts: Sequence[Part]) -> tuple[list[TextColumn], list[Finding]]:
    """All columns except the patients' numbers, those of the first table first; and what was noticed on the way."""
    groups: dict[str, list[tuple[Part, TextColumn]]] = {}
    names: dict[str, str] = {}
    findings: list[Finding] = []
    renamed: list[str] = []
    for part in parts:
        known = dict(names)
        for column in part.table.sheet.columns:
            if column.name == part.plan.id:
                continue
            name = _name(column.name, part, known)
            if name in groups and not _labels_agree([c for _, c in groups[name]], column):
                findings.append(_other_labels(name, part))
                name = _own(name, part)
            if name != column.name and name in groups:
                renamed.append(column.name)
            groups.setdefault(name, []).append((part, column))
            names.setdefault(normalise(name), name)
    if renamed:
        findings.append(
            Finding(
                "joined_names",
                Severity.NOTE,
                f"{quoted_list(renamed)}: taken for the column of the first table whose name differs only in capitals, "
                "spaces or marks.",
            )
        )
    lengths = [p.table.sheet.n for p in parts]
    columns = []
    for name, listed in groups.items():
        written, notes = _alike_written(name, listed)
        findings += notes
        of_part = {p.place: c for (p, _), c in zip(listed, written, strict=True)}
        columns.append(stacked(name, [of_part.get(p.place) for p in parts], lengths))
    return columns, findings


def _name(name: str, part: Part, known: dict[str, str]) -> str:
    """The column of an earlier table that this one continues, or its own name."""
    if name in (PATIENT, TIME):
        return _own(name, part)
    if name in known.values() or part.place == 0:
        return name
    found = known.get(normalise(name), name)
    # two columns of this table must not become one
    own = {c.name for c in part.table.sheet.columns}
    twins = [n for n in own if normalise(n) == normalise(name)]
    return found if len(twins) == 1 else name


def _own(name: str, part: Part) -> str:
    return f"{name} ({part.plan.name})"


def _labels_agree(before: Sequence[TextColumn], column: TextColumn) -> bool:
    return all(
        column.labels.get(code, label).strip() == label.strip() for c in before for code, label in c.labels.items()
    )


def _other_labels(name: str, part: Part) -> Finding:
    return Finding(
        "other_labels",
        Severity.ERROR,
        f"{name}: a code means something else in {part.plan.name} than in another table. The columns were kept apart; "
        "correct the labels in the files.",
        column=name,
    )


def _alike_written(name: str, listed: Sequence[tuple[Part, TextColumn]]) -> tuple[list[TextColumn], list[Finding]]:
    """The columns with numbers and dates written in one way, where the tables write them differently."""
    columns = [c for _, c in listed]
    if len(listed) < 2:
        return columns, []
    profiles = [p.table.profiles[c.name] for p, c in listed]
    points = [p.table.parsed.format not in TEXT_FORMATS for p, _ in listed]
    guesses = [next(g for g in p.table.columns if g.name == c.name) for p, c in listed]
    if any(g.role in (Role.DATE, Role.BIRTH_DATE) for g in guesses) and _dates_differ(profiles, points):
        note = Finding("joined_dates", Severity.NOTE, f"{name}: the tables write dates differently; each was read its "
                       "own way.", column=name)  # fmt: skip
        return [_iso(p) for p in profiles], [note]
    numbers = [p for p in profiles if p.numeric > 0.5]
    if len(numbers) == len(profiles) and (len({p.decimal for p in profiles}) > 1 or len(set(points)) > 1):
        return [_pointed(p, point) for p, point in zip(profiles, points, strict=True)], []
    return columns, []


def _dates_differ(profiles: Sequence[Profile], points: Sequence[bool]) -> bool:
    from lib.importing.columns.dates import order_of

    orders = {o for p in profiles if (o := order_of(p.levels)) is not None}
    return len(orders) > 1 or len(set(points)) > 1


def _iso(profile: Profile) -> TextColumn:
    days = (profile.days_with_serials if profile.numeric > 0.5 else profile.days).days
    column = profile.column
    return column.mapped(
        {text: str(day) for text, day in zip(column.levels, days, strict=True) if text.strip() and not np.isnat(day)}
    )


def _pointed(profile: Profile, point: bool) -> TextColumn:
    """The same numbers with a decimal point; what is no number stays as it is."""
    column = profile.column
    new = {}
    for text in column.levels:
        read = read_number(text, profile.decimal, point) if text.strip() else None
        if read is not None:
            new[text] = format(Decimal(repr(read.value)).normalize(), "f")
    return column.mapped(new)


def stacked(name: str, columns: Sequence[TextColumn | None], lengths: Sequence[int]) -> TextColumn:
    """The columns below each other, blank for the rows of a table that has none."""
    cells = [(c or from_texts(name, [""] * n)).cells.array for c, n in zip(columns, lengths, strict=True)]
    there = [c for c in columns if c is not None]
    kinds = {c.kind for c in there}
    return TextColumn(
        cells=pd.Series(union_categoricals(cells), name=name),
        heading=next((c.heading for c in there if c.heading), ""),
        labels={code: label for c in reversed(there) for code, label in c.labels.items()},
        declared_missing=tuple(dict.fromkeys(m for c in there for m in c.declared_missing)),
        kind=kinds.pop() if len(kinds) == 1 else "",
    )
