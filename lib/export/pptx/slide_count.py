"""How many slides a deck will have, without making them."""

from __future__ import annotations

from collections.abc import Collection

from lib.export.options import Options
from lib.export.pptx.charts import has_native, pieces
from lib.export.pptx.deck import About, Deck
from lib.export.pptx.pages import pages_of_table, pages_of_text, table_of
from lib.report.plan import Item
from lib.report.report import Report


def count_slides(report: Report, keys: Collection[str]) -> int:
    """The slides that a deck of these items has on our own template, title, methods and appendix with them."""
    deck = Deck(About(report.who, report.origin, report.plan.reader), Options())
    found = 1 + len(pages_of_text(deck.frame, deck.lines(report.methods)))
    for item in report.items:
        if item.key in keys:
            slides, whole = _of_item(deck, item, brief=True)
            found += slides if whole else slides + _of_item(deck, item, brief=False)[0]
    return found


def _of_item(deck: Deck, item: Item, *, brief: bool) -> tuple[int, bool]:
    if item.chart is not None and item.figure == "flow" and item.chart.series:
        return 1, True
    if item.chart is not None and has_native(item.chart):
        return len(list(pieces(item.chart))), True
    table, whole = table_of(deck.frame, item, brief=brief)
    if table is None:
        return 0, whole
    printed = deck.printed(table)
    return (len(pages_of_table(deck.frame, printed)[1]) if printed.rows else 1), whole
