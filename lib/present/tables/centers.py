"""Centers as a table: patients, value and interval, place. At most 50 rows at once, my center first."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.groups.centers import MeansOf, RatesOf
from lib.cohort.measure import Measure
from lib.present.sentences.centers import place_words
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, number, percent, plural, signed
from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.centers import Z95

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
    labels = found.members.labels
    values = found.found.means if isinstance(found, MeansOf) else found.found.rates
    order = sorted(range(len(labels)), key=lambda k: _key(sort, labels[k], found.found.ns[k], values[k]))
    order = [k for k in order if search.casefold() in labels[k].casefold()]
    first = [k for k in order if labels[k] == mine]
    rest = [k for k in order if labels[k] != mine]
    pages = max(1, -(-len(rest) // most))
    shown = [*first, *rest[page * most : (page + 1) * most]]
    notes = [f"{plural(len(order), 'center')}"]
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
