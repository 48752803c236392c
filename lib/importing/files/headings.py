"""Finds the heading of a table among its first rows: below title rows, over one row or two, and names each column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lib.importing.findings import Finding, Severity, quoted_list

LOOK_AT = 60
NUMBER = re.compile(r"^[+\-−]?[.,'\s]*\d[\d.,'\s]*%?$")
DATE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")

THREE_HEADINGS = "three_headings"
Row = Sequence[str]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading is and what it says.

    Attributes:
        first, rows: index of its first row (from 0) and how many rows it has (0: the table has no heading).
        names: one unique name per column, '' for a column without name.
        findings: what was noticed about the names.
    """

    first: int
    rows: int
    names: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    longer: tuple[str, ...] = ()
    """The wording of each column's question, where a row of the heading holds it; else empty."""

    @property
    def data_from(self) -> int:
        """Index of the first row of data."""
        return self.first + self.rows


def find_heading(
    rows: Sequence[Row], merged: Merged = (), first: int | None = None, count: int | None = None
) -> Heading:
    """The heading among the first rows of a table.

    Args:
        rows: the first rows (at least `LOOK_AT` if there are so many), ragged allowed.
        merged: merged cells as ((row, column), (row, column)), from 0, inclusive.
        first, count: what the user said, instead of what would be detected.
    """
    look = rows[:LOOK_AT]
    width = max((len(r) for r in look), default=0)
    start = _with_groups(look, _first_row(look, width), merged) if first is None else first
    if count is None and (survey := _import_ids(look, start)):
        return _with_wording(look, start, survey, width)
    if count is None:
        count = _row_count(look, start, merged, stated=first is not None)
    texts = [_cell(r) for r in _heading_texts(look[start : start + count], start, width, merged)]
    return Heading(start, count, *_named(texts, start))


def _import_ids(rows: Sequence[Row], start: int) -> int:
    """Rows of the heading of a survey whose last one holds {"ImportId": …} (Qualtrics writes three); 0 for others."""
    for index in range(start + 1, min(start + 3, len(rows))):
        cells = [c.strip() for c in rows[index] if c.strip()]
        if cells and sum(c.startswith('{"ImportId"') for c in cells) > 0.5 * len(cells):
            return index - start + 1
    return 0


def _with_wording(rows: Sequence[Row], start: int, count: int, width: int) -> Heading:
    """Codes of the questions as names, their wording as the longer names, the row of ids dropped."""
    names, findings = _named([_cell((c,)) for c in _padded(rows[start], width)], start)
    longer = tuple(_cell((c,)) for c in _padded(rows[start + 1], width)) if count > 2 else ()
    where = f"Rows {start + 1} to {start + count}"
    sentence = (
        f"{where} are the heading: codes of the questions, {'their wording, ' if longer else ''}ids of the program."
    )
    note = Finding(
        THREE_HEADINGS, Severity.NOTE, sentence, count=count, rows=tuple(range(start + 1, start + count + 1))
    )
    return Heading(start, count, names, (*findings, note), longer)


def _first_row(rows: Sequence[Row], width: int) -> int:
    """The first row about as wide as the table; title rows above it are narrow."""
    filled = [sum(1 for c in row if c.strip()) for row in rows]
    usual = Counter(f for f in filled if f).most_common()
    if not usual:
        return 0
    # ragged data make the most common width too small, a wide title cannot: take the widest of the common ones
    common = max(f for f, times in usual if times >= max(1, usual[0][1] // 3)) if len(rows) > 2 else max(filled)
    needed = 1 if common <= 1 else max(2, 0.5 * common)
    for index, count in enumerate(filled):
        if count >= needed:
            return index
    return 0


def _with_groups(rows: Sequence[Row], start: int, merged: Merged) -> int:
    """The row above the heading belongs to it when only its groups ("T0", "12 months") tell repeated names apart."""
    if start == 0 or start >= len(rows) or _looks_like_data(rows[start]):
        return start
    above = rows[start - 1]
    names = [c.strip().lower() for c in rows[start]]
    if len({n for n in names if n}) == sum(map(bool, names)) or sum(1 for c in above if c.strip()) < 2:
        return start
    width = max(len(above), len(names))
    texts = [_cell(t).lower() for t in _heading_texts([above, rows[start]], start - 1, width, merged)]
    filled = [t for t in texts if t]
    return start - 1 if len(set(filled)) == len(filled) else start


def _row_count(rows: Sequence[Row], start: int, merged: Merged, stated: bool) -> int:
    if start >= len(rows):
        return 0
    if not stated and _looks_like_data(rows[start]):
        return 0
    if start + 1 < len(rows) and _two_rows(rows[start], rows[start + 1], rows[start + 2 :], start, merged):
        return 2
    return 1


def _looks_like_data(row: Row) -> bool:
    """At least half numbers or dates: a row of patients, not of names ("12" may be a name, "7.5" hardly)."""
    cells = [c.strip() for c in row if c.strip()]
    values = sum(1 for c in cells if NUMBER.match(c) or DATE.match(c))
    return bool(cells) and values >= 0.5 * len(cells)


def _two_rows(top: Row, below: Row, data: Sequence[Row], start: int, merged: Merged) -> bool:
    if any(low[0] == start and high[1] > low[1] for low, high in merged):
        return not _looks_like_data(below)
    if any(NUMBER.match(c.strip()) for c in below if c.strip()) or _looks_like_data(below):
        return False
    gaps = [i for i in range(1, min(len(top), len(below))) if not top[i].strip() and below[i].strip()]
    if not gaps:
        return False
    seconds = [c.strip().lower() for c in below if c.strip()]
    repeated = len(set(seconds)) < len(seconds)
    # "pre | 12 months | pre | 12 months" repeats itself; without repetition there must be numbers under it to tell
    numbers_below = any(NUMBER.match(r[i].strip()) for r in data[:10] for i in gaps if i < len(r) and r[i].strip())
    return repeated or (len(gaps) >= 2 and numbers_below)


def _heading_texts(rows: Sequence[Row], start: int, width: int, merged: Merged) -> list[tuple[str, ...]]:
    """Per column the texts of the heading rows, with spanning cells carried to the right."""
    if not rows:
        return [()] * width
    if len(rows) == 1:
        return [(c,) for c in _padded(rows[0], width)]
    top, below = _padded(rows[0], width), _padded(rows[1], width)
    spans = [(low, high) for low, high in merged if low[0] == start and high[1] > low[1]]
    carried = list(top)
    for index in range(1, width):
        if top[index].strip() or not below[index].strip():
            continue
        inside = any(low[1] < index <= high[1] for low, high in spans)
        if inside or not merged:
            carried[index] = carried[index - 1]
    rest = [_padded(r, width) for r in rows[2:]]
    return [(carried[i], below[i], *(r[i] for r in rest)) for i in range(width)]


def _padded(row: Row, width: int) -> list[str]:
    return list(row) + [""] * (width - len(row))


def _cell(texts: tuple[str, ...]) -> str:
    parts: list[str] = []
    for text in texts:
        clean = " ".join(text.replace("\ufeff", "").split())
        if clean and clean not in parts:
            parts.append(clean)
    return " ".join(parts)


def column_letter(index: int) -> str:
    """Excel's name of a column, from 0: A, B … Z, AA. openpyxl is read only when a column needs its letter."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


def _named(texts: Sequence[str], start: int) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Unique names; a repeated one gets its column letter."""
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    names: list[str] = []
    repeated: list[str] = []
    for index, text in enumerate(texts):
        name = text
        if text and text.lower() in seen:
            name = f"{text} ({column_letter(index)})"
            repeated.append(text)
        seen.setdefault(name.lower(), index)
        names.append(name)
    if repeated:
        findings.append(
            Finding(
                "repeated_heading",
                Severity.WARNING,
                f"Row {start + 1} names more than one column {quoted_list(dict.fromkeys(repeated))}; "
                "the later ones carry their column letter. Check which is which.",
                column=names[texts.index(repeated[0])],
                count=len(repeated),
                rows=(start + 1,),
            )
        )
    return tuple(names), tuple(findings)


def name_the_rest(names: Sequence[str], used: Sequence[bool]) -> tuple[list[str], list[Finding]]:
    """Names for columns that hold data but have no heading ("column D"); one without both keeps the empty name."""
    out = list(names)
    unnamed = [i for i, (name, has) in enumerate(zip(names, used, strict=True)) if has and not name]
    for index in unnamed:
        out[index] = f"column {column_letter(index)}"
    if not unnamed:
        return out, []
    return out, [
        Finding(
            "unnamed_column",
            Severity.WARNING,
            f"{len(unnamed)} column{'s have' if len(unnamed) > 1 else ' has'} values but no heading: "
            f"{quoted_list([out[i] for i in unnamed])}. They are ignored unless you say what they are.",
            column=out[unnamed[0]],
            count=len(unnamed),
        )
    ]
