"""Statements between groups: the best two answers per group, the tests with Šidák's correction, Cliff's delta."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from lib.analysis.cross_table import CellPatient
from lib.analysis.statements import GroupedStatement, GroupedStatements
from lib.cohort.cohort import Statement
from lib.cohort.measure import Measure
from lib.present.sentences.statements import delta_words, name_of, points_words
from lib.present.table import Cell, Column, Table
from lib.present.tables.responders import rate_cells
from lib.present.wording import count, joined, number, p_value, plural, result_of_test, share
from lib.settings import FEWEST_COMPARED
from lib.stats.likert import LikertResult
from lib.stats.results import Estimate, NotComputed, Test

ABSENT = "—"
"""In a cell without a result; the note under the table says why, once."""


def shares_between(found: GroupedStatements, statements: Mapping[str, Statement]) -> Table:
    """Rows statements, columns groups: "11 of 13 (84.6%)" in the best answers."""
    names = found.rows[0].names if found.rows else ()
    columns = (Column("Best answers"), *(Column(name, "right") for name in names))
    rows = tuple(
        (
            Cell(name_of(statements[r.statement])),
            *map(_share, r.results),
        )
        for r in found.rows
    )
    notes = ("Exploratory. Shares are of those who answered.",)
    return Table("Best answers by group", columns, rows, notes)


def between_table(found: GroupedStatements, statements: Mapping[str, Statement]) -> Table:
    """Rows statements: test of the order of the answers, test of the best answers, both p corrected by Šidák.

    With two groups tested also Cliff's delta and the difference; where statements have not the same two, each row
    names its own.
    """
    two = bool(found.rows) and all(len(r.tested) <= 2 for r in found.rows)
    pairs = {r.tested for r in found.rows if len(r.tested) == 2}
    extra = (Column("Cliff’s delta"), Column("Best answers, difference")) if two else ()
    if two and len(pairs) > 1:
        extra = (Column("Groups"), *extra)
    columns = (
        Column("Statement"),
        Column("Order of the answers"),
        Column("p, corrected", "right"),
        *extra,
        Column("Best answers"),
        Column("p, corrected", "right"),
    )
    rows = []
    for k, r in enumerate(found.rows):
        delta, points = _words_or_dash(r.delta, delta_words), _words_or_dash(r.difference, points_words)
        more = (Cell(delta), Cell(points)) if two else ()
        if two and len(pairs) > 1:
            more = (Cell(_pair(r.tested)), *more)
        order = (_test(r.test), _p(found.test_p.adjusted[k]))
        best = (_rates(r), _p(found.rates_p.adjusted[k]))
        rows.append((Cell(name_of(statements[r.statement])), *order, *more, *best))
    notes = _notes(found, statements, pairs if two else ())
    return Table("Tests between groups", columns, tuple(rows), notes)


def _share(result: LikertResult | NotComputed) -> Cell:
    if isinstance(result, NotComputed):
        return Cell("nobody answered")
    return Cell(share(result.top_two.count, result.n), result.top_two.share)


def _test(found: Test | NotComputed) -> Cell:
    if isinstance(found, NotComputed):
        return Cell(ABSENT)
    return Cell(f"{result_of_test(found)} ({found.method})", found.p)


def _rates(row: GroupedStatement) -> Cell:
    if isinstance(row.rates, NotComputed):
        return Cell(ABSENT)
    exact = row.rates.name.startswith("Fisher")
    words = f"Fisher, {p_value(row.rates.p)}" if exact else result_of_test(row.rates)
    return Cell(words, row.rates.p)


def _words_or_dash(found: Estimate | NotComputed, words: Callable[[Estimate | NotComputed], str]) -> str:
    return ABSENT if isinstance(found, NotComputed) else words(found)


def _absent(found: GroupedStatements, statements: Mapping[str, Statement], two: bool) -> list[str]:
    """Why a dash stands in the table: every reason once, with its statements where they are not all."""
    reasons: dict[str, list[str]] = {}
    for row in found.rows:
        results = (row.test, row.rates, row.delta, row.difference) if two else (row.test, row.rates)
        for reason in dict.fromkeys(r.reason for r in results if isinstance(r, NotComputed)):
            reasons.setdefault(reason, []).append(name_of(statements[row.statement]))
    every = len(found.rows)
    return [f"{ABSENT} {'' if len(s) == every else joined(s) + ': '}{reason}." for reason, s in reasons.items()]


def _p(found: float | NotComputed) -> Cell:
    return Cell("") if isinstance(found, NotComputed) else Cell(p_value(found), found)


def _pair(tested: tuple[str, ...]) -> str:
    return f"{tested[1]} against {tested[0]}" if len(tested) == 2 else ""


def _notes(
    found: GroupedStatements, statements: Mapping[str, Statement], pairs: Collection[tuple[str, ...]]
) -> tuple[str, ...]:
    notes = [
        "Exploratory. Two groups: Mann–Whitney; more: Kruskal–Wallis. Best answers: chi-square without correction, "
        "Fisher’s exact test where an expected count is below 5.",
        _looks(found.test_p.size, found.rates_p.size),
    ]
    if pairs:
        between = _pair(next(iter(pairs))) if len(pairs) == 1 else "as named in each row"
        notes.append(f"Cliff’s delta and the difference: {between}; positive is more favourable.")
    return (*notes, *_absent(found, statements, bool(pairs)), *_left_out(found, statements))


def _looks(orders: int, bests: int) -> str:
    """For how many looks p is corrected; said once where both columns looked equally often."""
    if orders == bests:
        return f"p and intervals are corrected together (Šidák) for looking {plural(orders, 'time')} in each column."
    looks = f"{plural(orders, 'time')} (order) and {plural(bests, 'time')} (best)"
    return f"p and intervals are corrected together (Šidák) for looking {looks}."


def _left_out(found: GroupedStatements, statements: Mapping[str, Statement]) -> list[str]:
    """Groups with too few answers; with the statements where that is not so for all of them."""
    few: dict[str, list[str]] = {}
    for row in found.rows:
        for name, result in zip(row.names, row.results, strict=True):
            if result.n < FEWEST_COMPARED:
                few.setdefault(name, []).append(name_of(statements[row.statement]))
    if not few:
        return []
    every = len(found.rows)
    words = [name if len(where) == every else f"{name} ({', '.join(where)})" for name, where in few.items()]
    return [f"Fewer than {FEWEST_COMPARED} answers, so in no test: {joined(words)}."]


# Statements: how many answered, the best two answers with their interval, and every answer counted.

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
    # a column of zeros says nothing: nobody left a statement out
    used = [c for c in range(len(columns)) if c < _ALWAYS or any(row[c].value for row in body)]
    columns = tuple(columns[c] for c in used)
    body = [tuple(row[c] for c in used) for row in body]
    notes = ("Shares are of those who answered; intervals are Wilson’s.",)
    return Table("Statements", columns, tuple(body), notes)


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
        cells = (Cell(count(c), c) for c in found.counts)
        best = Cell(count(found.top_two.count), found.top_two.count)
        body.append((Cell(statement.label), *cells, best, Cell(count(found.n), found.n)))
    return Table("Answers", columns, tuple(body), ())


def _best_words(rows: Sequence[Row]) -> str:
    return "Best two answers" if not rows or len(rows[0][0].levels) > 3 else "Best answer"


def _row(statement: Statement, found: LikertResult | NotComputed) -> tuple[Cell, ...]:
    name = Cell(statement.label)
    if isinstance(found, NotComputed):
        return (name, Cell(count(found.n), found.n), Cell(f"not computed: {found.reason}"), *(Cell(""),) * 5)
    rate, ci = rate_cells(found.top_two)
    return (
        name,
        Cell(count(found.n), found.n),
        Cell(count(found.top_two.count), found.top_two.count),
        rate,
        ci,
        Cell(joined([statement.levels[k] for k in found.median], "to")),
        Cell(count(found.missing), found.missing),
        Cell(count(found.dont_know), found.dont_know),
    )


# The patients behind one cell of a cross-table: row and scores before and after, for readers inside only.

MOST = 30


def cell_table(patients: Sequence[CellPatient], measures: Sequence[Measure], time_points: tuple[str, str]) -> Table:
    """One row per patient, at most 30; the row number is that of the file as Excel shows it."""
    heads = (Column(f"{m.label}: {o}", "right") for m in measures for o in time_points)
    columns = (Column("Row in the file"), *heads)
    rows = []
    for patient in patients[:MOST]:
        cells = [Cell(str(patient.row), patient.row)]
        for measure, pair in zip(measures, patient.scores, strict=True):
            cells += [_score(value, measure) for value in pair]
        rows.append(tuple(cells))
    more = len(patients) - MOST
    return Table("Patients with these answers", columns, tuple(rows), (f"{more} more.",) if more > 0 else ())


def _score(value: float | None, measure: Measure) -> Cell:
    if value is None:
        return Cell("missing")
    digits = max(0, -int(measure.resolution.normalize().as_tuple().exponent))
    return Cell(number(value, min(digits, 3)), value)
