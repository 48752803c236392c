"""Centers as a table: patients, value and interval, place. At most 50 rows at once, my center first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib.analysis.groups.centers import MeansOf, RatesOf
from lib.cohort.measure import Measure
from lib.present.sentences.centers import place_words
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, number, percent, plural, signed
from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.centers import Z95, Z998

MOST_ROWS = 50
SORTS = {"patients": "Most patients first", "name": "By name", "high": "Highest first", "low": "Lowest first"}


def centers_table(
    found: MeansOf | RatesOf,
    measure: Measure,
    *,
    mine: str = "",
    search: str = "",
    sort: str = "patients",
    page: int = 0,
    most: int = MOST_ROWS,
) -> Table:
    """One row per center that the search finds. The order is by patients unless asked otherwise, never a ranking."""
    shown, count_of, pages = shown_centers(found, mine=mine, search=search, sort=sort, page=page, most=most)
    notes = [f"{plural(count_of, 'center')}"]
    if pages > 1:
        notes[0] = f"Page {page + 1} of {pages}, {notes[0]}"
    if found.adjust:
        notes.append("Adjusted: observed − expected + average, expected over all centers together.")
    if found.members.without:
        notes.append(f"{plural(found.members.without, 'pair')} without a center are not shown.")
    if isinstance(found, MeansOf):
        columns, rows = _means(found, measure, shown)
    else:
        columns, rows = _rates(found, shown)
    return Table(f"{measure.label} by center", columns, rows, tuple(f"{n.rstrip('.')}." for n in notes))


def shown_centers(
    found: MeansOf | RatesOf, *, mine: str, search: str, sort: str, page: int, most: int = MOST_ROWS
) -> tuple[tuple[int, ...], int, int]:
    """Places of the centers on this page, my center first; how many the search finds, and on how many pages."""
    labels = found.members.labels
    values = found.found.means if isinstance(found, MeansOf) else found.found.rates
    order = sorted(range(len(labels)), key=lambda k: _key(sort, labels[k], found.found.ns[k], values[k]))
    order = [k for k in order if search.casefold() in labels[k].casefold()]
    first = [k for k in order if labels[k] == mine]
    rest = [k for k in order if labels[k] != mine]
    pages = max(1, -(-len(rest) // most))
    return (*first, *rest[page * most : (page + 1) * most]), len(order), pages


def limits_table(found: MeansOf, measure: Measure) -> Table:
    """Every center with the limits of 95% and 99.8% at its number of patients, for the shell."""
    table = centers_table(found, measure, most=len(found.members.labels))
    shown, _, _ = shown_centers(found, mine="", search="", sort="patients", page=0, most=len(found.members.labels))
    of, d = found.found, measure.decimals
    rows = []
    for k, row in zip(shown, table.rows, strict=True):
        halves = [z * of.sd / of.ns[k] ** 0.5 for z in (Z95, Z998)]
        ends = [Cell(f"{signed(of.average - half, d)} to {signed(of.average + half, d)}") for half in halves]
        rows.append((*row[:-1], *ends, row[-1]))
    columns = (*table.columns[:-1], Column("95% limits", "right"), Column("99.8% limits", "right"), table.columns[-1])
    return replace(table, columns=columns, rows=tuple(rows))


def _key(sort: str, label: str, n: int, value: float) -> tuple[float, str]:
    return ({"name": 0.0, "high": -value, "low": value}.get(sort, -float(n)), label.casefold())


def _means(
    found: MeansOf, measure: Measure, shown: Sequence[int]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    d, of = measure.decimals, found.found
    columns = [Column("Center"), Column("Pairs", "right")]
    columns += [Column("Adjusted gain" if found.adjust else "Mean improvement", "right"), Column("95% CI", "right")]
    columns += [Column("Not adjusted", "right")] if found.adjust else []
    columns.append(Column("Place"))
    rows = []
    for k in shown:
        half = Z95 * of.sd / of.ns[k] ** 0.5
        row = [Cell(found.members.labels[k]), Cell(count(of.ns[k]), of.ns[k])]
        row.append(Cell(signed(of.means[k], d), of.means[k]))
        row.append(Cell(f"{signed(of.means[k] - half, d)} to {signed(of.means[k] + half, d)}"))
        if found.adjust:
            row.append(Cell(signed(found.plain.means[k], d), found.plain.means[k]))
        rows.append((*row, Cell(place_words(of, k))))
    return tuple(columns), tuple(rows)


def _rates(found: RatesOf, shown: Sequence[int]) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    of = found.found
    names = (
        "Pairs",
        "Improved",
        "Rate",
        *(("Expected", "Observed / expected", "Standardised") if found.adjust else ()),
    )
    columns = (Column("Center"), *(Column(n, "right") for n in names), Column("Place"))
    rows = []
    for k in shown:
        n, hits = of.ns[k], of.observed[k]
        row = [Cell(found.members.labels[k]), Cell(count(n), n), Cell(count(hits), hits)]
        row.append(Cell(percent(hits, n) if n >= FEWEST_FOR_PERCENT else f"fewer than {FEWEST_FOR_PERCENT}", hits / n))
        if found.adjust:
            row.append(Cell(number(of.expected[k], 1), of.expected[k]))
            row.append(Cell(number(of.ratios[k], 2), of.ratios[k]))
            row.append(Cell(f"{number(100 * of.rates[k], 1)}%", of.rates[k]))
        rows.append((*row, Cell(place_words(of, k))))
    return columns, tuple(rows)
