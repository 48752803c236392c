"""What a figure or a table of a page becomes when it is saved: a slide, a document, a sheet, each with its origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.present import disclosure
from lib.present.chart_data import Axis, ChartData
from lib.present.plan import Origin, Plan
from lib.present.report import who
from lib.present.table import Table
from lib.settings import VERSION
from lib.ui import readers

if TYPE_CHECKING:
    from lib.export.one_slide import Wanted
    from lib.ui.view import View


def origin(view: View) -> Origin:
    """File, fingerprint, version and day of what is on screen."""
    given = view.cohort.provenance
    return Origin(given.file_name, given.fingerprint, given.synthetic, VERSION, dt.date.today().isoformat())


def about(view: View) -> str:
    """About whom, as the readers chosen may know it."""
    if readers.chosen(view.cohort) != readers.OUTSIDE:
        return view.strip
    return who(Plan(view.analysis, view.follow_up, {}, outside=True))


def for_readers(table: Table, view: View) -> Table:
    """The table as the readers chosen may see it."""
    return disclosure.mask_table(table) if readers.chosen(view.cohort) == readers.OUTSIDE else table


def chart_slide(data: ChartData, figure: Mapping[str, Any], view: View) -> Callable[[str], bytes | None]:
    """What makes a chart's slide once it is asked for. None while nobody has said who will see it: then that is asked,
    and the chart's own wish, a key of the session state, is set again by the answer."""

    def make(wish: str) -> bytes | None:
        if readers.chosen(view.cohort) is None:
            readers.ask(wish)
            st.rerun()
        from lib.export import one_slide

        return one_slide.chart_slide(data, _wanted(view, _decimals(data.y or data.x), _colors(figure)))

    return make


def table_slide(table: Table, view: View) -> Callable[[], bytes]:
    """What makes a table's slide."""

    def make() -> bytes:
        from lib.export import one_slide

        return one_slide.table_slide(table, _wanted(view))

    return make


def _wanted(view: View, decimals: int = 2, colors: Mapping[str, str] | None = None) -> Wanted:
    from lib.export.one_slide import Wanted

    outside = readers.chosen(view.cohort) == readers.OUTSIDE
    return Wanted(about(view), origin(view), outside, decimals, colors)


def _decimals(axis: Axis | None) -> int:
    """As scores of such a range are printed: an index 3, points up to 10 two, up to 100 one."""
    span = abs(axis.high - axis.low) if axis else 10.0
    return 3 if span <= 2.5 else 2 if span < 40 else 1


def _colors(figure: Mapping[str, Any]) -> dict[str, str]:
    """The colours the page drew its named series in."""
    found = {}
    for trace in figure.get("data", ()):
        name = trace.get("name")
        color = (trace.get("marker") or {}).get("color") or (trace.get("line") or {}).get("color")
        if isinstance(name, str) and isinstance(color, str) and color.startswith("#") and len(color) == 7:
            found[name] = color
    return found
