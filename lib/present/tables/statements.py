"""Statements: how many answered, the best two answers with their interval, and every answer counted."""

from __future__ import annotations

from collections.abc import Sequence

from lib.cohort.cohort import Statement
from lib.present.table import Cell, Column, Table
from lib.present.tables.responders import rate_cells
from lib.present.wording import count, joined
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed

Row = tuple[Statement, LikertResult | NotComputed]


_ALWAYS = 6


def statements_table(rows: Sequence[Row]) -> Table:
    """One row per statement: how many answered, the best two answers with their interval, the median, the missing.

    Shares are over those who answered; "don't know" and no answer are counted apart, in no share.
    """
    columns: tuple[Column, ...] = (
        Column("Statement"),
        Column("Answered", "right"),
        Column(_best_words(rows), "right"),
        Column("Share", "right"),
        Column("95% CI", "right"),
        Column("Median answer"),
        Column("No answer", "right"),
        Column("Don’t know", "right"),
    )
    body = [_row(statement, found) for statement, found in rows]
    people = tuple(_people(found) for _, found in rows)
    # a column of zeros says nothing: nobody left a statement out
    used = [c for c in range(len(columns)) if c < _ALWAYS or any(row[c].value for row in body)]
    columns = tuple(columns[c] for c in used)
    body = [tuple(row[c] for c in used) for row in body]
    notes = ("Shares are of those who answered; intervals are Wilson’s.",)
    return Table("Statements", columns, tuple(body), notes, people)


def answers_table(rows: Sequence[Row]) -> Table:
    """Every answer counted, one column per level, and the best two; all rows share the levels of the first."""
    levels = rows[0][0].levels if rows else ()
    totals = (Column(_best_words(rows), "right"), Column("Answered", "right"))
    columns = (Column("Statement"), *(Column(level, "right") for level in levels), *totals)
    body = []
    for statement, found in rows:
        if isinstance(found, NotComputed):
            body.append((Cell(statement.label), *(Cell(""),) * (len(levels) + 1), Cell(count(found.n), found.n)))
            continue
        cells = (Cell(count(c), c, (str(k),)) for k, c in enumerate(found.counts))
        best = Cell(count(found.top_two.count), found.top_two.count, tuple(str(k) for k in found.top_levels))
        body.append((Cell(statement.label), *cells, best, Cell(count(found.n), found.n, _every(found))))
    return Table("Answers", columns, tuple(body), (), tuple(_people(found) for _, found in rows))


def _best_words(rows: Sequence[Row]) -> str:
    return "Best two answers" if not rows or len(rows[0][0].levels) > 3 else "Best answer"


def _every(found: LikertResult) -> tuple[str, ...]:
    return tuple(str(k) for k in range(len(found.counts)))


def _row(statement: Statement, found: LikertResult | NotComputed) -> tuple[Cell, ...]:
    name = Cell(statement.label)
    if isinstance(found, NotComputed):
        return (name, Cell(count(found.n), found.n), Cell(f"not computed: {found.reason}"), *(Cell(""),) * 5)
    best = tuple(str(k) for k in found.top_levels)
    rate, ci = rate_cells(found.top_two, best, _every(found))
    return (
        name,
        Cell(count(found.n), found.n, _every(found)),
        Cell(count(found.top_two.count), found.top_two.count, best),
        rate,
        ci,
        Cell(joined([statement.levels[k] for k in found.median], "to"), counts=_every(found)),
        Cell(count(found.missing), found.missing, ("no answer",)),
        Cell(count(found.dont_know), found.dont_know, ("don’t know",)),
    )


def _people(found: LikertResult | NotComputed) -> tuple[tuple[str, int], ...]:
    if isinstance(found, NotComputed):
        return ()
    parts = tuple((str(k), c) for k, c in enumerate(found.counts))
    return (*parts, ("no answer", found.missing), ("don’t know", found.dont_know))
