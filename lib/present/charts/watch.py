"""One center patient by patient: observed − expected added up, and the CUSUM both ways under it."""

from __future__ import annotations

from typing import Any

from lib.analysis.groups.surveillance import Surveillance
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, for_plotly, number, signed
from lib.stats.results import NotComputed

HEIGHT = 560


def watch_data(found: Surveillance, finding: str) -> ChartData:
    """Series: VLAD with its band, CUSUM for fewer and for more improved with their limits, then the other centers."""
    own = found.chosen
    n = len(own.sums.sums)
    x = tuple(float(k) for k in range(n + 1))
    band = (0.0, *own.sums.band)
    series = [
        Series(own.label, "vlad", (0.0, *own.sums.sums), x=x, low=tuple(-b for b in band), high=band),
    ]
    for name, role, cusum in (
        ("CUSUM, odds of improving halved", "fewer", own.fewer),
        ("CUSUM, odds of improving doubled", "more", own.more),
    ):
        if not isinstance(cusum, NotComputed):
            limit = (cusum.limit,) * (n + 1)
            series.append(Series(name, role, (0.0, *cusum.values), x=x, high=limit))
    for label, _, _, watched in found.others:
        if watched is not None and label != own.label:
            values = (0.0, *watched.sums.sums)
            series.append(Series(label, "other", values, x=tuple(float(k) for k in range(len(values)))))
    return ChartData(
        "watch",
        "Observed minus expected, added up",
        finding,
        (),
        tuple(series),
        n,
        x=Axis("patients with a pair", 0, n),
    )


def watch_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """Petrol steps, pale band of 95% by chance, grey lines of the other centers; dashed limits of the CUSUM."""
    assert data.x is not None
    vlad = next(s for s in data.series if s.role == "vlad")
    x = list(vlad.x or ())
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "fill": "toself", "fillcolor": PALETTE.panel}
        | {
            "x": x + x[::-1],
            "y": [*(vlad.high or ()), *reversed(vlad.low or ())],
            "line": {"width": 0},
            "name": "95% by chance",
        }
    ]
    for s in data.series:
        if s.role == "other":
            own_x, own_y = list(s.x or ())[: len(x)], list(s.values)[: len(x)]
            traces.append(
                {"type": "scatter", "mode": "lines", "x": own_x, "y": own_y, "name": s.name, "hoverinfo": "skip"}
                | {"line": {"color": PALETTE.unchanged_fill, "width": 1}}
            )
    step = {"color": PALETTE.follow_up, "width": medium.mark(2.5), "shape": "hv"}
    traces.append(
        {"type": "scatter", "mode": "lines", "x": x, "y": list(vlad.values), "line": step, "name": vlad.name}
        | {"hovertemplate": "patient %{x}: %{y:+.1f}<extra></extra>"}
    )
    last = vlad.values[-1] or 0.0
    right = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6}
    notes: list[dict[str, Any]] = [
        right
        | {
            "y": last,
            "text": signed(last, 1),
            "font": {"size": medium.number, "color": PALETTE.follow_up, "weight": 600},
        }
    ]
    if abs(last) > 0.08 * max(abs(v or 0.0) for v in (*vlad.values, *(vlad.high or ()))):
        notes.append(right | {"y": 0, "text": "as expected", "font": {"size": medium.axis}})
    low_words = {
        "xref": "paper",
        "x": 0.01,
        "xanchor": "left",
        "yref": "paper",
        "font": {"size": medium.axis, "color": PALETTE.muted},
    }
    notes.append(low_words | {"y": 1.0, "yanchor": "top", "text": "↑ more improved than expected"})
    notes.append(low_words | {"y": 0.43, "yanchor": "bottom", "text": "↓ fewer improved than expected"})
    shapes: list[dict[str, Any]] = [
        _level(0.0, "y", PALETTE.ink, "solid", medium),
        _level(0.0, "y2", PALETTE.ink, "solid", medium),
    ]
    reach = 1.0
    for s in data.series:
        if s.role not in ("fewer", "more"):
            continue
        sign = -1 if s.role == "fewer" else 1
        limit = (s.high or (0.0,))[0] or 0.0
        values = [sign * (v or 0.0) for v in s.values]
        traces.append(
            {"type": "scatter", "mode": "lines", "x": list(s.x or ()), "y": values, "yaxis": "y2", "name": s.name}
            | {"line": {**step, "width": medium.mark(1.8)}, "hovertemplate": "patient %{x}: %{y:.2f}<extra></extra>"}
        )
        shapes.append(_level(sign * limit, "y2", PALETTE.muted, "dash", medium))
        odds = "halved" if sign < 0 else "doubled"
        notes.append(
            right
            | {"y": sign * limit, "yref": "y2", "align": "left", "text": f"limit {number(limit, 1)}<br>odds {odds}"}
            | {"font": {"size": medium.note, "color": PALETTE.muted}}
        )
        heights = [v or 0.0 for v in s.values]
        top = heights.index(max(heights))
        traces.append(
            {"type": "scatter", "mode": "markers", "x": [(s.x or ())[top]], "y": [values[top]], "yaxis": "y2"}
            | {"marker": {"color": PALETTE.follow_up, "size": medium.mark(8)}, "hoverinfo": "skip", "name": "largest"}
        )
        reach = max(reach, limit * 1.2, max(map(abs, values)) * 1.1)
    shown = [v or 0.0 for v in (*vlad.values, *(vlad.low or ()), *(vlad.high or ()))]
    ends = [min(shown) * 1.12, max(shown) * 1.12]
    head = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "yanchor": "bottom"}
    notes.append(head | {"y": 0.345, "text": "CUSUM", "font": {"size": medium.text, "weight": 600}})
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=HEIGHT if medium is SCREEN else medium.height,
            margin=medium.margin(48, 104, 12, 52),
            xaxis={
                "range": [0, data.x.high],
                "title": {"text": f"{for_plotly(data.x.title)}, in order of treatment"},
                "anchor": "y2",
            },
            yaxis={"domain": [0.43, 1.0], "range": ends, "showgrid": True, "nticks": 7},
            yaxis2={"domain": [0.0, 0.34], "range": [-reach, reach], "tickvals": [0], "ticktext": [compact(0)]},
            shapes=shapes,
            annotations=notes,
        ),
    }


def _level(y: float, axis: str, color: str, dash: str, medium: Medium) -> dict[str, Any]:
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": y, "y1": y} | {
        "line": {"color": color, "dash": dash, "width": medium.mark(1.2)}
    }
