"""The one place that draws a chart on a page.

A chart is a small component (live_chart/) that keeps its place in the browser and changes in place, with its own tools:
the numbers as a table, the picture as PNG or SVG at slide size, and a slide (.pptx) of its own. Should the component
ever not work, the same call draws with Streamlit's own chart: `_streamlit_chart` is all that is needed then
(docs/decisions.md).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from lib.present.table import Table
from lib.present.theme import FONT_STACK, PALETTE, template
from lib.ui import readers
from lib.ui.browser_parts import part

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_PLAIN = "_charts_by_streamlit"  # set for a session in whose browser the component failed

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A clicked mark: which trace, which of its points, its values, and what the figure put into `customdata`."""

    curve: int
    index: int | None
    x: Any
    y: Any
    customdata: Any


@dataclass(frozen=True, slots=True)
class ChartEvent:
    """A click on a chart. It lives for one run of the page."""

    points: tuple[ChartPoint, ...]


def draw(
    figure: dict[str, Any] | Figure,
    *,
    key: str,
    alt: str,
    height: int,
    title: str = "",
    note: str = "",
    table: Table | Rows | None = None,
    file_name: str = "chart",
    on_click: bool = False,
    slide: Callable[[str], bytes | None] | None = None,
    least_width: int = 0,
) -> ChartEvent | None:
    """Draw a figure at this place of the page.

    Args:
        figure: Plotly figure, best as a plain dict from lib/present; it gets the theme's template if it has none.
        key: identity of the chart. The same key on the next run changes the same drawing in place.
        alt: the finding in one sentence, for those who do not see the chart.
        height: of the chart in px, whatever it shows; the width follows the page.
        title: what is drawn. Named in the tools and written above the exported picture, not on the page.
        note: about whom ("29 of 57 patients …"), under the title of the exported picture.
        table: the same numbers as a table, shown in place of the drawing when asked for.
        file_name: of the exported pictures, without ending.
        on_click: whether a click on a mark runs the page again.
        slide: makes the chart's own slide (.pptx) when its tool is used. It is given the key of the session state that
            says so, and may return None to make it on a later run, once that key is set again.
        least_width: in px, of the drawing; where the page is narrower it is shrunk like a picture.

    Returns:
        the click that caused this run, or None.

    Raises:
        ValueError: `alt` is empty, or the figure holds NaN or infinity (a missing value is None).
    """
    if not alt.strip():
        raise ValueError("a chart needs a text that states its finding")
    drawing = _plain_figure(figure, height)
    shown = _plain_table(table)
    if st.session_state.get(_PLAIN):
        return _streamlit_chart(drawing, key, alt, height, shown, file_name, on_click)
    request = f"_slide.{key}"
    made = slide(request) if slide is not None and st.session_state.pop(request, False) else None
    payload = {
        "figure": drawing,
        "alt": alt,
        "height": height,
        "title": title,
        "note": note,
        "table": shown,
        "file_name": _safe_name(file_name),
        "click": on_click,
        "slide": slide is not None,
        "pictures": readers.pictures(),
        "least_width": least_width,
        "made": None if made is None else {"name": uuid4().hex, "file": base64.b64encode(made).decode()},
        "background": PALETTE.page,
        "ink": PALETTE.ink,
        "muted": PALETTE.muted,
    }
    data = json.dumps(payload, allow_nan=False, default=_plain_value, separators=(",", ":")).encode()
    renderer = _component()
    if renderer is None:
        return _streamlit_chart(drawing, key, alt, height, shown, file_name, on_click)
    # Streamlit keeps "__" for itself in the names of components.
    result = renderer(
        key=re.sub("_{2,}", "_", key),
        data=data,
        height=height,
        on_click_change=_nothing,
        on_slide_change=partial(_request_slide, request),
        on_ask_change=readers.ask,
        on_failed_change=_draw_plainly,
    )
    return _event(result.get("click")) if on_click else None


# --- the component ---------------------------------------------------------------------------------------------------


def _component() -> Callable[..., Any] | None:
    """What mounts the component, or None when this Streamlit cannot."""
    return part("chart")


def _nothing() -> None:
    """Streamlit offers a trigger's value only where it has a callback."""


def _request_slide(request: str) -> None:
    st.session_state[request] = True


def _draw_plainly() -> None:
    st.session_state[_PLAIN] = True


def _event(points: object) -> ChartEvent | None:
    """What the browser says was clicked; anything else it may send is no click."""
    if not isinstance(points, list):
        return None
    clicked = [_point(point) for point in points if isinstance(point, dict) and isinstance(point.get("curve"), int)]
    return ChartEvent(tuple(clicked)) if clicked else None


def _point(point: dict[str, Any]) -> ChartPoint:
    index = point.get("index")
    return ChartPoint(
        point["curve"],
        index if isinstance(index, int) else None,
        point.get("x"),
        point.get("y"),
        point.get("customdata"),
    )


# --- the way back: Streamlit's own chart -----------------------------------------------------------------------------


def _streamlit_chart(
    drawing: dict[str, Any],
    key: str,
    alt: str,
    height: int,
    table: dict[str, Any] | None,
    file_name: str,
    on_click: bool,
) -> ChartEvent | None:
    picture = {"format": "png", "width": 1600, "height": 900, "scale": 2, "filename": _safe_name(file_name)}
    config = {"displaylogo": False, "showSendToCloud": False, "toImageButtonOptions": picture}
    chosen: Any = st.plotly_chart(
        drawing,
        key=key,
        theme=None,
        height=height,
        alt=alt,
        config=config,
        on_select="rerun" if on_click else "ignore",
    )
    if table is not None:
        with st.popover("Table"):
            names = [column["name"] or f"({i})" for i, column in enumerate(table["columns"], 1)]
            st.table({name: [row[i] for row in table["rows"]] for i, name in enumerate(names)})
            for line in table["notes"]:
                st.text(line)
    if not on_click:
        return None
    renamed = [
        {**point, "curve": point.get("curve_number"), "index": point.get("point_index")}
        for point in chosen.selection.points
    ]
    return _event(renamed)


# --- plain values ----------------------------------------------------------------------------------------------------


def _plain_figure(figure: dict[str, Any] | Figure, height: int) -> dict[str, Any]:
    """The figure as a dict of its own, with our template and this height; the caller's figure is left as it is."""
    plain: dict[str, Any] = figure if isinstance(figure, dict) else json.loads(figure.to_json(validate=False))
    layout = dict(plain.get("layout") or {})
    given = layout.get("template")
    family = given.get("layout", {}).get("font", {}).get("family") if isinstance(given, dict) else None
    if family != FONT_STACK:  # none, or the one Streamlit gives every new go.Figure, with placeholders for colours
        layout["template"] = template()
    layout["height"] = height
    layout.pop("width", None)
    layout.pop("transition", None)
    return {"data": list(plain.get("data") or []), "layout": layout}


def _plain_table(table: Table | Rows | None) -> dict[str, Any] | None:
    """Headings, rows of text and notes; None when there is no table."""
    if table is None:
        return None
    if isinstance(table, Table):
        columns = [{"name": column.name, "align": column.align} for column in table.columns]
        return {"columns": columns, "rows": [[c.text for c in row] for row in table.rows], "notes": list(table.notes)}
    names = list(dict.fromkeys(name for row in table for name in row))
    rows = [["" if row.get(name) is None else str(row[name]) for name in names] for row in table]
    return {"columns": [{"name": name, "align": "left"} for name in names], "rows": rows, "notes": []}


def _plain_value(value: object) -> object:
    """Numpy's arrays and numbers, tuples' kin and dates as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"a figure cannot hold a {type(value).__name__}")


def _safe_name(name: str) -> str:
    """A file name without ending that every system takes."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "chart"
