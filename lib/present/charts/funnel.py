"""Funnel: each center's mean or rate against its number of patients, with limits of 95% and 99.8% by chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lib.analysis.groups.centers import MeansOf, RatesOf
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, count, for_plotly, number, percent, share, signed
from lib.stats.centers import Z95, Z998, CenterMeans, CenterRates
from lib.stats.funnel import FunnelLimits, limits

HEIGHT = 500
MOST_NAMED = 12
_CURVE_POINTS = 80
_TICKS = (10, 50, 100, 200, 300, 400, 600, 800, 1200, 2000, 4000, 8000, 20_000, 50_000, 100_000)
INSIDE, BEYOND_95, BEYOND_998, NOT_JUDGED = 0.0, 1.0, 2.0, -1.0


def means_funnel(found: MeansOf, measure: Measure, finding: str, mine: str = "") -> ChartData:
    """Mean improvement, adjusted as chosen; the axis fits all marks. `mine` is a series of its own."""
    of, ns = found.found, _ns(found.found)
    d = measure.decimals
    words = "adjusted gain" if found.adjust else "mean improvement"
    labels = tuple(
        f"{name}: {signed(mean, d)} {measure.unit} in {count(n)} patients"
        + (f", not adjusted {signed(plain, d)}" if found.adjust else "")
        for name, mean, plain, n in zip(found.members.labels, of.means, found.plain.means, of.ns, strict=True)
    )
    error = of.sd / np.sqrt(ns)
    wide = np.sqrt(error**2 + of.spread.tau**2)
    curves = [
        _curve(name, role, ns, of.average, of.average - z * s, of.average + z * s)
        for name, role, z, s in (
            ("99.8% limits", "limits:99.8", Z998, error),
            ("95% limits", "limits:95", Z95, error),
            ("99.8% limits with the spread between centers", "limits:wide 99.8", Z998, wide),
            ("95% limits with the spread between centers", "limits:wide 95", Z95, wide),
        )
    ]
    axis = _axis(f"{words}, {measure.unit or 'points'}", [*of.means, of.average])
    average = f"average {signed(of.average, d)}"
    own = signed(of.means[found.members.labels.index(mine)], d) if mine in found.members.labels else ""
    values = found.members.labels, of, of.means, labels
    return _data(*values, curves, axis, Reference(of.average, average, "y", "overall"), finding, mine, own)


def rates_funnel(found: RatesOf, finding: str, mine: str = "") -> ChartData:
    """Share of responders in percent, standardised where adjusted, always within 0 to 100."""
    of, ns = found.found, _ns(found.found)
    labels = tuple(
        f"{name}: {share(k, n)}"
        + (f", {number(e, 1)} expected, standardised {number(100 * rate, 1)}%" if found.adjust else "")
        for name, k, n, e, rate in zip(found.members.labels, of.observed, of.ns, of.expected, of.rates, strict=True)
    )
    curves = []
    for level, z in (("99.8", Z998), ("95", Z95)):
        exact = limits(of.pooled, ns, float(level) / 100)
        assert isinstance(exact, FunnelLimits)  # nobody or everybody improving is no funnel
        low = np.array([np.nan if v is None else v for v in exact.low])
        high = np.array([np.nan if v is None else v for v in exact.high])
        reach = z * of.pooled * np.sqrt((1 - of.pooled) / (ns * of.pooled) + of.spread.tau**2)
        wide_low, wide_high = np.minimum(low, of.pooled - reach), np.maximum(high, of.pooled + reach)
        curves.append(_curve(f"{level}% limits", f"limits:{level}", ns, of.pooled, low, high))
        name = f"{level}% limits with the spread between centers"
        ends = np.clip(wide_low, 0, 1), np.clip(wide_high, 0, 1)
        curves.append(_curve(name, f"limits:wide {level}", ns, of.pooled, *ends))
    axis = _axis("share improved enough", [100 * r for r in (*of.rates, of.pooled)], least=0.0, most=100.0)
    axis = Axis(axis.title, axis.low / 100, axis.high / 100, ticks=tuple(t / 100 for t in axis.ticks))
    average = Reference(of.pooled, f"all {percent(sum(of.observed), sum(of.ns))}", "y", "overall")
    own = f"{number(100 * of.rates[found.members.labels.index(mine)], 1)}%" if mine in found.members.labels else ""
    return _data(found.members.labels, of, of.rates, labels, curves, axis, average, finding, mine, own)


def _ns(of: CenterMeans | CenterRates) -> Any:
    return np.unique(np.geomspace(1, max(of.ns) * 1.06, _CURVE_POINTS).astype(np.int64))


def _curve(name: str, role: str, ns: Any, middle: float, low: Any, high: Any) -> Series:
    def ends(values: Any) -> tuple[float | None, ...]:
        return tuple(None if math.isnan(v) else v for v in values.tolist())

    return Series(name, role, (middle,) * len(ns), x=tuple(map(float, ns.tolist())), low=ends(low), high=ends(high))


def _axis(title: str, values: list[float], least: float = -math.inf, most: float = math.inf) -> Axis:
    low, high = min(values), max(values)
    room = max((high - low) * 0.12, 1e-9)
    step = nice_step(high - low + 2 * room, 7)
    first, last = math.floor((low - room) / step), math.ceil((high + room) / step)
    low, high = max(least, first * step), min(most, last * step)
    ticks = tuple(t for k in range(first, last + 1) if low - 1e-9 <= (t := round(k * step, 10)) <= high + 1e-9)
    return Axis(title, low, high, ticks=ticks)


def _data(
    names: tuple[str, ...],
    of: CenterMeans | CenterRates,
    values: tuple[float, ...],
    labels: tuple[str, ...],
    curves: list[Series],
    axis: Axis,
    average: Reference,
    finding: str,
    mine: str,
    own: str,
) -> ChartData:
    """`own`: the value of my center in words."""
    x = tuple(float(n) for n in of.ns)
    sides = tuple(
        NOT_JUDGED if not ok else BEYOND_998 if far else BEYOND_95 if off else INSIDE
        for ok, off, far in zip(of.judged, of.outside95, of.outside998, strict=True)
    )
    wide = tuple(float(s) for s in of.wide998)
    my_own: tuple[Series, ...] = ()
    if mine in names:
        k = names.index(mine)
        my_own = (Series(mine, "mine", (values[k],), x=(x[k],), n=(of.ns[k],), labels=(f"{mine}  {own}",)),)
    ticks = tuple(float(t) for t in _TICKS if t <= max(x) * 1.06)
    return ChartData(
        "funnel",
        "Each center by its number of patients",
        finding,
        names,
        (
            *curves,
            Series("Center", "center", values, x=x, n=of.ns, labels=labels),
            Series("Outside (1: 95%, 2: 99.8%, −1: not judged)", "side", sides, x=x, n=of.ns),
            Series("Outside with the spread between centers", "wide side", wide, x=x, n=of.ns),
            *my_own,
        ),
        sum(of.ns),
        x=Axis("patients (square-root scale)", 1, max(x) * 1.06, ticks=ticks or (1.0, max(x))),
        y=axis,
        references=(average,),
    )


def funnel_figure(
    data: ChartData,
    medium: Medium = SCREEN,
    *,
    looked_for: str = "",
    places: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Greys by distance, petrol for my center; named: outside 99.8% (of many: those outside the wide limits too).

    `places`: row of a center in the comparison, so that a click can name its patients.
    """
    assert data.x is not None
    assert data.y is not None
    by_role = {s.role: s for s in data.series}
    center, side = by_role["center"], by_role["side"]
    mine = by_role["mine"].name if "mine" in by_role else ""
    height = HEIGHT if medium is SCREEN else medium.height
    traces = [*_zone(by_role["limits:99.8"], by_role["limits:wide 99.8"])]
    for role, dash, color in (
        ("95", "dash", PALETTE.axis),
        ("99.8", "solid", PALETTE.axis),
        ("wide 95", "dot", "#C9D3D8"),
    ):
        traces += _limit_lines(by_role[f"limits:{role}"], dash, color, medium)
    traces.append(_dots(center, side, data, medium, mine, places or {}))
    average = data.references[0]
    ends = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "font": {"size": medium.axis}}
    notes: list[dict[str, Any]] = []
    for y, text, color in (*_ends(by_role, data, medium), (average.value, average.label, PALETTE.ink)):
        notes.append(ends | {"y": y, "text": text, "align": "left", "font": {"size": medium.axis, "color": color}})
    named = sorted({*named_centers(data), *(k for k, name in enumerate(data.categories) if name in (mine, looked_for))})
    notes += _placed(data, by_role, named, medium, height)
    low, high = math.sqrt(data.x.low), math.sqrt(data.x.high)
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin=medium.margin(56, 112, 12, 52),
            xaxis={
                "range": [low - 0.02 * (high - low), high],
                "tickangle": 0,
                "tickvals": [math.sqrt(t) for t in data.x.ticks],
                "ticktext": [count(int(t)) for t in data.x.ticks],
                "title": {"text": data.x.title},
            },
            yaxis={
                "range": [data.y.low, data.y.high],
                "tickvals": list(data.y.ticks),
                "ticktext": [_tick(t, data) for t in data.y.ticks],
                "showgrid": True,
            },
            shapes=[
                {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": average.value, "y1": average.value}
                | {"line": {"color": PALETTE.ink, "width": medium.mark(1.3)}}
            ],
            annotations=notes,
        ),
    }


def _tick(value: float, data: ChartData) -> str:
    share_of = data.y is not None and data.y.title.startswith("share")
    return f"{compact(round(100 * value, 6))}%" if share_of else compact(value)


def _ends(by_role: Mapping[str, Series], data: ChartData, medium: Medium) -> list[tuple[float, str, str]]:
    """Names of the limits at their right ends, apart from each other and from the average, inside the axis; those of
    the wider limits at the lower right.
    """
    assert data.y is not None
    step = 0.06 * medium.axis / SCREEN.axis * (data.y.high - data.y.low)
    taken = [data.references[0].value]
    found = []
    for role in ("95", "99.8"):
        high = (by_role[f"limits:{role}"].high or (None,))[-1]
        if high is None:
            continue
        y = max(high, max(taken) + step)
        if y <= data.y.high:
            taken.append(y)
            found.append((y, f"{role}%", PALETTE.muted))
    ends = [(by_role[f"limits:{role}"].low or (None,))[-1] for role in ("wide 95", "wide 99.8", "99.8")]
    if None not in ends and ends[1] != ends[2] and medium is SCREEN:
        y = min((float(ends[0] or 0.0) + float(ends[1] or 0.0)) / 2, data.references[0].value - 2.2 * step)
        if y - 1.2 * step >= data.y.low:
            found.append((y, "with the spread<br>between centers", PALETTE.muted))
    return found


def _zone(plain: Series, wide: Series) -> list[dict[str, Any]]:
    x = [math.sqrt(n) for n in plain.x or ()]
    found: list[dict[str, Any]] = []
    for a, b in ((plain.low, wide.low), (plain.high, wide.high)):
        both = [(n, p, w) for n, p, w in zip(x, a or (), b or (), strict=True) if p is not None and w is not None]
        if not both:
            continue
        outline = [(n, p) for n, p, _ in both] + [(n, w) for n, _, w in reversed(both)]
        found.append(
            {"type": "scatter", "mode": "lines", "x": [n for n, _ in outline], "y": [v for _, v in outline]}
            | {"fill": "toself", "fillcolor": PALETTE.panel, "line": {"width": 0}}
            | {"hoverinfo": "skip", "name": "99.8% with the spread between centers"}
        )
        found.append(
            {"type": "scatter", "mode": "lines", "x": [n for n, _, _ in both], "y": [w for _, _, w in both]}
            | {"line": {"width": 1, "color": "#C9D3D8"}, "hoverinfo": "skip", "name": wide.name}
        )
    return found


def _limit_lines(s: Series, dash: str, color: str, medium: Medium) -> list[dict[str, Any]]:
    x = [math.sqrt(n) for n in s.x or ()]
    return [
        {"type": "scatter", "mode": "lines", "x": x, "y": list(ends or ()), "hoverinfo": "skip"}
        | {"line": {"color": color, "dash": dash, "width": medium.mark(1.3)}, "name": s.name}
        for ends in (s.low, s.high)
    ]


_GREYS = {INSIDE: "rgba(124,139,146,0.5)", BEYOND_95: PALETTE.muted, BEYOND_998: PALETTE.ink}


def _dots(
    s: Series, side: Series, data: ChartData, medium: Medium, mine: str, places: Mapping[str, int]
) -> dict[str, Any]:
    sides = [v if v is not None else INSIDE for v in side.values]
    own = [name == mine for name in data.categories]
    color = [PALETTE.follow_up if me else _GREYS.get(v, PALETTE.page) for me, v in zip(own, sides, strict=True)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [math.sqrt(n) for n in s.x or ()],
        "y": list(s.values),
        "text": [for_plotly(t) for t in s.labels or ()],
        "customdata": [[places.get(name, -1) + 1, 0] for name in data.categories],
        "hovertemplate": "%{text}<extra></extra>",
        "name": s.name,
        "marker": {
            "opacity": 1,
            "size": [medium.mark(13 if me else 8 if v > 0 else 7) for me, v in zip(own, sides, strict=True)],
            "color": color,
            "line": {
                "color": [PALETTE.baseline if v == NOT_JUDGED else PALETTE.page for v in sides],
                "width": [2 if me else 1.2 if v == NOT_JUDGED else 0.5 for me, v in zip(own, sides, strict=True)],
            },
        },
    }


def named_centers(data: ChartData) -> list[int]:
    """Centers that are named: outside 99.8%; of many those outside the wider limits too, then the largest."""
    by_role = {s.role: s for s in data.series}
    far = [k for k, v in enumerate(by_role["side"].values) if v == BEYOND_998]
    if len(far) > MOST_NAMED:
        far = [k for k in far if by_role["wide side"].values[k]]
    if len(far) > MOST_NAMED:
        ns = by_role["center"].n or ()
        far = sorted(far, key=lambda k: -ns[k])[:MOST_NAMED]
    return far


_AROUND = [(math.cos(a), math.sin(a)) for a in (math.pi * k / 6 for k in range(12))]


def _placed(
    data: ChartData, by_role: Mapping[str, Series], named: list[int], medium: Medium, height: int
) -> list[dict[str, Any]]:
    """Names near their marks and away from other marks and names: the cheapest of 12 directions × 7 distances."""
    assert data.x is not None
    assert data.y is not None
    s, mine = by_role["center"], by_role.get("mine")
    width, tall = medium.width - 170.0 * medium.text / SCREEN.text, height - 64.0 * medium.text / SCREEN.text
    low, high = math.sqrt(data.x.low), math.sqrt(data.x.high)
    px = np.array([(math.sqrt(n) - low) / (high - low) * width for n in s.x or ()])
    span = data.y.high - data.y.low
    py = np.array([(float(v or 0.0) - data.y.low) / span * tall for v in s.values])
    line = 1.3 * medium.axis
    lines = np.array([_at(by_role[f"limits:{role}"], s.x or ()) for role in ("95", "99.8")])
    curves = [(ends - data.y.low) / span * tall for ends in (lines[:, 0], lines[:, 1])]
    boxes: list[tuple[float, float, float]] = []
    found = []
    for k in sorted(named, key=lambda k: px[k]):
        own = mine is not None and data.categories[k] == mine.name
        text = (mine.labels or ("",))[0] if own and mine is not None else data.categories[k]
        half = 0.29 * medium.axis * len(text)

        def cost(at: tuple[float, float], k: int = k, half: float = half) -> float:
            x, y = px[k] + at[0], py[k] + at[1]
            marks = np.count_nonzero((abs(px - x) < half + 5) & (abs(py - y) < 0.85 * medium.axis))
            crossed = sum(int(np.count_nonzero(abs(c[:, k] - y) < 0.6 * medium.axis)) for c in curves)
            names = sum(abs(x - bx) < half + bh and abs(y - by) < line for bx, by, bh in boxes)
            out = x + half > width + 4 or x - half < 0 or not 6 < y < tall - 6
            cost_of = 0.22 * math.hypot(*at) + 7.0 * float(marks) + 5.0 * crossed
            return float(cost_of + 200.0 * names + 300.0 * out)

        far_off = (14, 20, 30, 48, 80, 110, 150)
        spots = [(dx * (r + half), dy * r) for r in far_off for dx, dy in _AROUND]
        at = min(spots, key=cost)
        boxes.append((px[k] + at[0], py[k] + at[1], half))
        far = abs(at[1]) > 28 or abs(at[0]) > half + 28
        found.append(
            {"x": math.sqrt((s.x or ())[k]), "y": s.values[k], "text": for_plotly(text)}
            | {"showarrow": far, "ax": at[0], "ay": -at[1], "arrowhead": 0, "arrowwidth": 1, "arrowcolor": PALETTE.axis}
            | ({} if far else {"xshift": at[0], "yshift": at[1]})
            | _font(own, medium)
        )
    return found


def _at(limits_of: Series, ns: tuple[float, ...]) -> tuple[Any, Any]:
    """Lower and upper limit at these numbers of patients, far outside where there is none."""
    x = np.array(limits_of.x or ())
    low, high = ([-1e9 if v is None else v for v in ends or ()] for ends in (limits_of.low, limits_of.high))
    return np.interp(ns, x, np.array(low)), np.interp(ns, x, np.array(high))


def _font(own: bool, medium: Medium) -> dict[str, Any]:
    weight = {"color": PALETTE.follow_up, "weight": 600} if own else {"color": PALETTE.ink}
    return {"font": {"size": medium.axis, **weight}}
