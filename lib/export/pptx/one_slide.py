"""One slide from any figure or table of a page: the same slide a deck has, with its origin in the notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lib.export.options import Options
from lib.export.pptx.charts import has_native
from lib.export.pptx.deck import About, Deck
from lib.export.saving import saved
from lib.export.table_shape import figure_table
from lib.present.chart_data import ChartData
from lib.present.table import Table
from lib.report.plan import Item, Origin

_MOST_TABLE_ROWS = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """About whom a figure speaks, and how it looks.

    Attributes:
        who: the strip of the page.
        origin: file, fingerprint, version, date.
        decimals: of the measure.
        colors: of series by name, as the page draws them; the theme's where a name is not in it.
    """

    who: str
    origin: Origin
    decimals: int = 2
    colors: Mapping[str, str] | None = None


def chart_slide(data: ChartData, wanted: Wanted, options: Options | None = None) -> bytes:
    """A .pptx with the chart as a native one, or as its table where it has no native form.

    One slide; a chart of many rows has several. Title: its finding; footer: n and selection; notes: what it is, its own
    notes, the origin. Raises TemplateError for a template in `options` that is none.
    """
    deck = _deck(wanted, options)
    deck.item(_item(data, data.finding, wanted), dict(wanted.colors or {}))
    return saved(deck.presentation)


def table_slide(table: Table, wanted: Wanted, options: Options | None = None) -> bytes:
    """A .pptx with the table as a real one, on as many slides as its rows need."""
    deck = _deck(wanted, options)
    deck.item(Item("table", table.title, table.title, None, "", table, notes=table.notes))
    return saved(deck.presentation)


def _deck(wanted: Wanted, options: Options | None) -> Deck:
    return Deck(About(wanted.who, wanted.origin), options or Options())


def _item(data: ChartData, finding: str, wanted: Wanted) -> Item:
    table, notes = None, data.notes
    if not has_native(data) and data.series:
        table = figure_table(data)
        left = len(table.rows) - _MOST_TABLE_ROWS
        if left > 0:
            more = f"And {left} more rows, in the table beside the chart."
            table, notes = replace(table, rows=table.rows[:_MOST_TABLE_ROWS]), (*notes, more)
    n = data.n or None
    return Item("figure", data.title, finding, data, "", table, wanted.decimals, n, notes=notes)
