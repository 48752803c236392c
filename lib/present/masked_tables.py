"""Tables for outsiders: cells that count 1 to 4 patients, rest on them or give them away, say that they are hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib.present.joint_counts import hidden_together
from lib.present.small_counts import FEWEST_SHOWN, Sum, blocks_of, hidden_rows, hidden_sums
from lib.present.table import Cell, Table
from lib.present.telling import name_only, subject, tells_few
from lib.present.wording import plural

HIDDEN = "hidden"
WITHHELD = "Not shown to readers outside the department: this table names single patients or cannot be masked."


def mask_tables(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables of one report for outsiders: each family is masked as one system, so that none gives another away."""
    hidden: dict[str, set[Sum]] = {}
    for name in {t.family for t in tables if t.family}:
        members = [t for t in tables if t.family == name]
        parts = {part: size for t in members for row in t.people for part, size in row}
        shown: dict[Sum, bool] = {}
        for one in members:
            for told, last in _shown_in_all(one).items():
                shown[told] = shown.get(told, False) or last
        # in an order of its own: whichever tables come first, the same is hidden
        ties = sorted({tie for t in members for tie in t.equal})
        sums = sorted(shown, key=sorted)
        hidden[name] = hidden_together(dict(sorted(parts.items())), {s: shown[s] for s in sums}, ties)
    return tuple(mask_table(t, hidden.get(t.family)) for t in tables)


def mask_table(table: Table, together: set[Sum] | None = None) -> Table:
    """The table for outsiders; the same object when nothing had to be hidden.

    `together` holds the sums that are hidden in all tables of its family; without it the table decides for itself.

    Needs `Table.people` and `Cell.counts`. A table without them is withheld as soon as it holds a number, unless it is
    `public`. Notes with a number are left out with what they describe, notes that name 1 to 4 always; columns of single
    values (smallest, largest) too.
    """
    if table.public:
        return table
    if not _has_numbers(table):
        notes = tuple(note for note in table.notes if not names_few(note))
        return table if notes == table.notes else replace(table, notes=notes)
    if not table.people:
        return replace(table, title=subject(table.title), rows=(), notes=(WITHHELD,))
    hidden = _hidden_sums(table) if together is None else [together] * len(table.rows)
    rows = tuple(
        tuple(
            Cell(HIDDEN, None, c.counts) if _is_hidden(c, hidden[r]) else _named(c) if place == 0 else c
            for place, c in enumerate(row)
        )
        for r, row in enumerate(table.rows)
    )
    cells = sum(c.text == HIDDEN and bool(c.counts) for row in rows for c in row)
    columns = tuple(
        replace(c, name=c.bare or c.name) if any(frozenset(c.counts) in h for h in hidden) and c.counts else c
        for c in table.columns
    )
    notes = (
        (*without_numbers(table.notes), f"{plural(cells, 'cell is', 'cells are')} hidden: {why_hidden()}.")
        if cells
        else tuple(note for note in table.notes if not names_few(note))
    )
    title = subject(table.title)
    if (title, rows, columns, notes) == (table.title, table.rows, table.columns, table.notes):
        return table
    return _without_single_values(replace(table, title=title, rows=rows, columns=columns, notes=notes), table)


def nothing_hidden(table: Table) -> bool:
    """Whether outsiders may see every count of it: then also the chart of the same counts."""
    masked = mask_table(table)
    return masked.rows == table.rows and masked.columns == table.columns


def names_few(words: str) -> bool:
    """Whether a whole number from 1 to 4 stands in a text by itself."""
    return re.search(r"(?<![\d.,:–−-])\b[1-4]\b(?![.,]?\d|[%:–-])", words) is not None


def _has_numbers(table: Table) -> bool:
    said = (cell for row in table.rows for cell in row[1:])
    counted = any(cell.counts or cell.alone for row in table.rows for cell in row)
    return counted or any(re.search(r"\d", cell.text) or cell.value is not None for cell in said)


def _sums(cell: Cell) -> list[Sum]:
    return [frozenset(s) for s in (cell.counts, *cell.also) if s]


def _is_hidden(cell: Cell, hidden: set[Sum]) -> bool:
    """Also words without counts that tell of few: why something could not be computed ("2 pairs; at least 3 …")."""
    sums = _sums(cell)
    return cell.alone or any(s in hidden for s in sums) or (not sums and tells_few(cell.text))


def _named(cell: Cell) -> Cell:
    name = name_only(cell.text)
    return cell if name == cell.text else replace(cell, text=name)


def _hidden_sums(table: Table) -> list[set[Sum]]:
    """Which sums each row hides."""
    if table.together:
        every = _hidden_in_all(table)
        return [every] * len(table.rows)
    hidden = [_hidden_in_row(table, r, ()) for r in range(len(table.rows))]
    while _hide_down(table, hidden):
        pass
    return hidden


def _hidden_in_all(table: Table) -> set[Sum]:
    parts = {name: value for row in table.people for name, value in row}
    return hidden_together(parts, _shown_in_all(table), table.equal)


def _shown_in_all(table: Table) -> dict[Sum, bool]:
    heads = {frozenset(c.counts): True for c in table.columns if c.counts}
    return {s: False for row in table.rows for cell in row for s in _sums(cell)} | heads


def _hidden_in_row(table: Table, r: int, forced: set[Sum] | tuple[()]) -> set[Sum]:
    parts = dict(table.people[r])
    cells = list(zip(table.columns, table.rows[r], strict=True))
    sums = [s for column, cell in cells if not column.spare for s in _sums(cell)]
    spare = {s for column, cell in cells if column.spare for s in _sums(cell)} - set(sums)
    if not parts or not sums:
        return spare
    heads = [frozenset(c.counts) for c in table.columns if c.counts and set(c.counts) <= set(parts)]
    # a sum that several cells rest on (count, rate, interval) is the one that sentences quote
    shown = {s: len(s) > 1 or sums.count(s) > 1 for s in (*sums, *heads)}
    hidden = hidden_sums(parts, shown, forced)
    if spare and hidden_sums(parts, shown | dict.fromkeys(spare, False), forced) != hidden:
        return hidden | spare
    return hidden


def _hide_down(table: Table, hidden: list[set[Sum]]) -> bool:
    """Columns whose first row is the total of the others; True when something more was hidden."""
    more = False
    for c in range(len(table.columns)):
        places = [r for r, row in enumerate(table.rows) if row[c].counts and table.people[r]]
        if len(places) < 3:
            continue
        cells = [table.rows[r][c] for r in places]
        values = [
            sum(dict(table.people[r])[name] for name in cell.counts) for r, cell in zip(places, cells, strict=True)
        ]
        if frozenset(cells[0].counts) in hidden[places[0]]:
            continue
        for first, end in blocks_of(values[0], values[1:]):
            inside = range(first + 1, end + 1)
            gone = {i - inside[0] for i in inside if frozenset(cells[i].counts) in hidden[places[i]]}
            for k in hidden_rows(values[0], [values[i] for i in inside], gone) - gone:
                row = places[inside[k]]
                hidden[row] = _hidden_in_row(table, row, hidden[row] | {frozenset(cells[inside[k]].counts)})
                more = True
    return more


def _without_single_values(masked: Table, whole: Table) -> Table:
    """Without the columns that held nothing but single values."""
    kept = [
        c
        for c in range(len(masked.columns))
        if not (any(row[c].alone for row in whole.rows) and all(row[c].alone or not row[c].text for row in whole.rows))
    ]
    if len(kept) == len(masked.columns):
        return masked
    columns = tuple(masked.columns[c] for c in kept)
    return replace(masked, columns=columns, rows=tuple(tuple(row[c] for c in kept) for row in masked.rows))


def without_numbers(notes: tuple[str, ...]) -> tuple[str, ...]:
    """The notes without a digit."""
    return tuple(note for note in notes if not re.search(r"\d", note))


def why_hidden() -> str:
    """What is hidden, in words."""
    return f"counts of 1 to {FEWEST_SHOWN - 1} patients, what rests on them, and what would give them away"
