"""Yes/no before and after: four bands, still, stopped, started, never, each as high as its share of the patients."""

from __future__ import annotations

from typing import Any

from lib.cohort.cohort import YesNo
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, for_plotly, inside, share
from lib.stats.results import NotComputed
from lib.stats.yes_no import YesNoResult

HEIGHT = 300
_GAP = 0.06
_NODE = 0.028
_THIN = 0.075
"""A band below this share of the height is thinner than its text, which then stands on a plate."""
_LEFT, _RIGHT = (0.0, _NODE), (1 - _NODE, 1.0)


def alluvial_data(
    outcome: YesNo, found: YesNoResult | NotComputed, time_points: tuple[str, str], finding: str
) -> ChartData:
    """Series still, stopped, started, never, each one value; the role says whether it is what patients hope for."""
    counts = (
        (0, 0, 0, 0) if isinstance(found, NotComputed) else (found.both, found.stopped, found.started, found.neither)
    )
    better, worse = ("started", "stopped") if outcome.good else ("stopped", "started")
    roles = {better: "improved", worse: "worsened"}
    series = tuple(
        Series(
            name.capitalize(),
            roles.get(name, "unchanged"),
            (float(k),),
            n=(k,),
            labels=(share(k, sum(counts)) if sum(counts) else "nobody",),
        )
        for name, k in zip(("still", "stopped", "started", "never"), counts, strict=True)
    )
    title = f"{outcome.label}: {inside(time_points[0])} to {inside(time_points[1])}"
    notes = (f"not computed: {found.reason}",) if isinstance(found, NotComputed) else ()
    return ChartData("flow", title, finding, time_points, series, sum(counts), notes=notes)


_FILL = {"improved": PALETTE.improved, "worsened": PALETTE.worsened, "unchanged": PALETTE.unchanged_fill}
_ALPHA = {"improved": 0.85, "worsened": 0.95, "unchanged": 1.0}
"""A little of a crossed band shows through, and white words on the band still have 4.5 : 1."""


def alluvial_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """Left bar before, right bar after, yes above no; a band's height is its share of the patients."""
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    values = {s.name.lower(): s.values[0] or 0.0 for s in data.series}
    total = sum(values.values())
    if total:
        _bands(data, values, total, shapes, notes, medium)
    # from afar the names are as wide as half of the picture: each stands in the middle over its own bar
    anchors = ("center", "center") if medium.name == "projector" else ("left", "right")
    for x, anchor, name in zip((0, 1), anchors, data.categories, strict=True):
        notes.append(
            {"x": x, "xref": "paper", "xanchor": anchor, "y": 1, "yref": "paper", "yanchor": "bottom"}
            | {"text": for_plotly(name), "font": {"size": medium.axis, "color": PALETTE.muted}}
        )
    layout = theme.layout(
        medium,
        height=HEIGHT if medium is SCREEN else None,
        margin=medium.margin(62, 62, 28, 6),
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"range": [-_GAP, 1], "visible": False},
        shapes=shapes,
        annotations=notes,
    )
    blank = {"type": "scatter", "mode": "markers", "x": [0], "y": [0], "marker": {"opacity": 0}, "hoverinfo": "skip"}
    return {"data": [blank], "layout": layout}


def _bands(
    data: ChartData,
    values: dict[str, float],
    total: float,
    shapes: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    medium: Medium,
) -> None:
    """Tops of the bands: left in the order still, stopped | started, never; right still, started | stopped, never."""
    left = _tops([("still", "stopped"), ("started", "never")], values, total)
    right = _tops([("still", "started"), ("stopped", "never")], values, total)
    for s in sorted(data.series, key=lambda s: s.role != "unchanged"):
        name = s.name.lower()
        height = values[name] / total
        if height:
            shapes.append(_band(left[name], right[name], height, s.role))
    for s in data.series:
        name = s.name.lower()
        height = values[name] / total
        if not height:
            continue
        y = left[name] - height / 2
        inside = height >= _THIN
        dark = s.role != "unchanged" and inside
        notes.append(
            {"x": _NODE, "xanchor": "left", "xshift": medium.shift(8), "y": y}
            | {"text": f"<b>{count(int(values[name]))}</b> {name}"}
            | {"font": {"size": medium.axis, "color": PALETTE.page if dark else PALETTE.ink}}
            | ({} if inside else {"bgcolor": PALETTE.page, "borderpad": 1})
        )
    for side, tops, yes, no in (
        ("left", left, ("still", "stopped"), ("started", "never")),
        ("right", right, ("still", "started"), ("stopped", "never")),
    ):
        for word, members in (("yes", yes), ("no", no)):
            n = sum(values[m] for m in members)
            top = max(tops[m] for m in members)
            span = _LEFT if side == "left" else _RIGHT
            shapes.append(
                {"type": "rect", "x0": span[0], "x1": span[1], "y0": top - n / total, "y1": top}
                | {"fillcolor": PALETTE.ink, "line": {"width": 0}}
            )
            if n:
                notes.append(_end(side, top - n / total / 2, word, n, medium))


def _tops(order: list[tuple[str, str]], values: dict[str, float], total: float) -> dict[str, float]:
    """Upper edge of each band; yes starts at the top, no below a gap."""
    tops: dict[str, float] = {}
    y = 1.0
    for pair in order:
        for name in pair:
            tops[name] = y
            y -= values[name] / total
        y -= _GAP
    return tops


def _band(left: float, right: float, height: float, role: str) -> dict[str, Any]:
    x0, x1, middle = _LEFT[1], _RIGHT[0], 0.5
    path = (
        f"M {x0},{left} C {middle},{left} {middle},{right} {x1},{right} "
        f"L {x1},{right - height} C {middle},{right - height} {middle},{left - height} {x0},{left - height} Z"
    )
    return {"type": "path", "path": path, "fillcolor": _FILL[role], "opacity": _ALPHA[role], "line": {"width": 0}}


def _end(side: str, y: float, word: str, n: float, medium: Medium) -> dict[str, Any]:
    place = (
        {"x": 0, "xanchor": "right", "xshift": -medium.shift(6)}
        if side == "left"
        else {"x": 1, "xanchor": "left", "xshift": medium.shift(6)}
    )
    return place | {
        "y": y,
        "text": f"{word} <b>{count(int(n))}</b>",
        "font": {"size": medium.text, "color": PALETTE.ink},
    }
