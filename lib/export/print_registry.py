"""Printed form of the charts of a registry: funnel, centers in order, over time, patient by patient, time to event."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lib.export.print_words import folded
from lib.present.chart_data import Axis, ChartData
from lib.present.charts.funnel import BEYOND_95, BEYOND_998, INSIDE, NOT_JUDGED, named_centers
from lib.present.charts.incidence import MOST_BANDS
from lib.present.theme import CATEGORY_COLORS, PALETTE
from lib.present.wording import compact, count, number, signed
from lib.report.plan import Item
from lib.settings import FEWEST_TO_TEST

_THIN, _LINE, _DOT = 0.6, 1.2, 9
_STYLES: tuple[Any, ...] = ("-", (0, (4, 1.5)), (0, (1, 1.5)), (0, (6, 1.5, 1, 1.5)))
_SIDES = (
    (INSIDE, "inside", PALETTE.unchanged_fill, PALETTE.unchanged),
    (BEYOND_95, "outside 95%", PALETTE.muted, PALETTE.muted),
    (BEYOND_998, "outside 99.8%", PALETTE.ink, PALETTE.ink),
    (NOT_JUDGED, f"fewer than {FEWEST_TO_TEST}, not judged", "white", PALETTE.unchanged),
)
ROW_AT_RISK = 8.0
"""Millimetres of a group's numbers under the axis."""


def incidence_height(chart: ChartData) -> float:
    """Millimetres, with a line of numbers at risk for each curve."""
    return 62.0 + ROW_AT_RISK * sum(s.role.startswith("at risk:") for s in chart.series)


def funnel(axes: Any, chart: ChartData, item: Item) -> None:
    """Limits as lines, centers as circles in greys by distance; x is the square root of the patients."""
    by_role = {s.role: s for s in chart.series}
    center, side = by_role["center"], by_role["side"]
    styles = (("99.8", "-", _THIN), ("95", _STYLES[1], _THIN), ("wide 99.8", _STYLES[2], 0.9))
    for role, style, width in styles:
        s = by_role[f"limits:{role}"]
        x = [math.sqrt(n) for n in s.x or ()]
        name = s.name.replace(" limits with", " with").replace(" between centers", "")
        for ends, label in ((s.low, name), (s.high, None)):
            y = [math.nan if v is None else v for v in ends or ()]
            axes.plot(x, y, color=PALETTE.ink, linestyle=style, linewidth=width, zorder=1, label=label)
    average = chart.references[0]
    axes.axhline(average.value, color=PALETTE.ink, linewidth=_LINE, zorder=1, label=average.label)
    place = [(math.sqrt(n), v or 0.0) for n, v in zip(center.x or (), center.values, strict=True)]
    for value, name, face, edge in _SIDES:
        here = [p for p, of in zip(place, side.values, strict=True) if of == value]
        if here:
            label = f"{name} ({len(here)})"
            axes.scatter(
                *zip(*here, strict=True),
                s=_DOT,
                facecolors=face,
                edgecolors=edge,
                linewidths=_THIN,
                zorder=3,
                label=label,
            )
    for k in named_centers(chart):
        _name(axes, place[k], chart.categories[k], PALETTE.ink)
    own = by_role.get("mine")
    if own is not None:
        at = math.sqrt((own.x or (1.0,))[0]), own.values[0] or 0.0
        axes.scatter([at[0]], [at[1]], s=36, color=PALETTE.follow_up, edgecolors="white", linewidths=0.8, zorder=4)
        plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        _name(axes, at, (own.labels or (own.name,))[0], PALETTE.follow_up, bbox=plate)
    assert chart.x is not None
    axes.set_xlim(math.sqrt(chart.x.low) - 0.2, math.sqrt(chart.x.high))
    axes.set_xticks([math.sqrt(t) for t in chart.x.ticks], [count(int(t)) for t in chart.x.ticks])
    axes.set_xlabel(chart.x.title.capitalize())
    _upright(axes, chart.y)


def in_order(axes: Any, chart: ChartData, item: Item) -> None:
    """As measured above, shrunken below; an interval that misses the average is ink."""
    average = chart.references[0]
    mine = next((s for s in chart.series if s.role == "mine"), None)
    panels = _panels(axes, (1, 1))
    drawn = [s for s in chart.series if s.role != "mine"]
    for panel, (own, s, words) in enumerate(zip(panels, drawn, ("As measured", "Shrunken"), strict=True)):
        low, high = ([v or 0.0 for v in ends or ()] for ends in (s.low, s.high))
        x = range(len(low))
        off = [a > average.value or b < average.value for a, b in zip(low, high, strict=True)]
        ink = [PALETTE.ink if away else PALETTE.unchanged_fill for away in off]
        own.vlines(x, low, high, color=ink, linewidth=_THIN)
        own.scatter(x, list(s.values), s=2.5, color=PALETTE.muted, zorder=3, label=None if panel else "center")
        label = None if panel else average.label
        own.axhline(average.value, color=PALETTE.ink, linewidth=_THIN, zorder=0, label=label)
        if mine is not None:
            at = (mine.x or (0.0,))[0]
            own.axvline(at, color=PALETTE.follow_up, linewidth=_THIN, zorder=0)
            label = None if panel else mine.name
            own.scatter([at], [mine.values[panel]], s=16, color=PALETTE.follow_up, zorder=4, label=label)
        own.set_xticks([])
        own.set_xlim(-1, len(low))
        _upright(own, chart.y, words)
    panels[1].set_xlabel(f"1st of {count(len(chart.categories))}, lowest → last, highest")


def trend(axes: Any, chart: ChartData, item: Item) -> None:
    """The outcome with intervals and its smooth line above, the answered of those due below."""
    by_role = {s.role: s for s in chart.series}
    own, smooth, answered = by_role["own"], by_role["own smooth"], by_role["answered"]
    above, below = _panels(axes, (3, 1))
    x = list(range(len(chart.categories)))
    if "others" in by_role:
        others = by_role["others smooth"]
        style = {"color": PALETTE.muted, "linewidth": _LINE, "linestyle": _STYLES[1]}
        above.plot(x, _gaps(others.values), label=others.name, **style)
    above.plot(x, _gaps(smooth.values), color=PALETTE.follow_up, linewidth=_LINE, label=smooth.name)
    above.vlines(x, _gaps(own.low or ()), _gaps(own.high or ()), color=PALETTE.ink, linewidth=_THIN)
    for few in (False, True):
        here = [k for k, n in enumerate(own.n or ()) if (n < FEWEST_TO_TEST) is few and own.values[k] is not None]
        name = f"{own.name}, fewer than {FEWEST_TO_TEST}" if few else own.name
        face = "white" if few else PALETTE.follow_up
        if here:
            values = [own.values[k] for k in here]
            above.scatter(here, values, s=_DOT, facecolors=face, edgecolors=PALETTE.follow_up, zorder=3, label=name)
    for r in chart.references:
        if r.role == "overall":
            above.axhline(r.value, color=PALETTE.ink, linewidth=_THIN, linestyle=_STYLES[2], label=r.label)
    _upright(above, chart.y)
    above.tick_params(labelbottom=False)
    below.bar(x, [100 * (v or 0.0) for v in answered.values], width=0.7, color=PALETTE.baseline)
    target = next(r for r in chart.references if r.role == "answered")
    below.axhline(100 * target.value, color=PALETTE.ink, linewidth=_THIN)
    below.set_ylim(0, 100)
    below.set_yticks([0, round(100 * target.value), 100])
    below.set_ylabel("Answered\nof due, %")
    wide = float(axes.figure.get_figwidth()) * 25.4
    every = max(1, math.ceil(len(x) / (wide / 9)))
    below.set_xticks(x[::every], ["\n".join(reversed(c.split(" "))) for c in chart.categories[::every]])


def watch(axes: Any, chart: ChartData, item: Item) -> None:
    """Observed − expected with its band above, the CUSUM both ways with its limits below."""
    above, below = _panels(axes, (3, 2))
    vlad = next(s for s in chart.series if s.role == "vlad")
    x = list(vlad.x or ())
    band = {"color": PALETTE.unchanged_fill, "linewidth": 0, "step": "post", "alpha": 0.5}
    above.fill_between(x, _gaps(vlad.low or ()), _gaps(vlad.high or ()), label="95% by chance, one look", **band)
    others = [s for s in chart.series if s.role == "other"]
    for k, s in enumerate(others):
        own_x, own_y = list(s.x or ())[: len(x)], _gaps(s.values)[: len(x)]
        above.plot(own_x, own_y, color=PALETTE.unchanged, linewidth=0.4, label=None if k else "other centers")
    end = signed(vlad.values[-1] or 0.0, 1)
    own_line: dict[str, Any] = {"color": PALETTE.follow_up, "linewidth": 1.6, "label": f"{vlad.name} ({end})"}
    above.step(x, _gaps(vlad.values), where="post", **own_line)
    above.set_ylabel("Observed − expected")
    above.tick_params(labelbottom=False)
    for s in chart.series:
        if s.role in ("fewer", "more"):
            sign = -1.0 if s.role == "fewer" else 1.0
            limit = sign * ((s.high or (0.0,))[0] or 0.0)
            values = [sign * (v or 0.0) for v in s.values]
            below.step(list(s.x or ()), values, where="post", color=PALETTE.follow_up, linewidth=1.0)
            below.axhline(limit, color=PALETTE.ink, linewidth=_THIN, linestyle=_STYLES[1])
            words = f"limit {number(abs(limit), 1)}, odds {'halved' if sign < 0 else 'doubled'}"
            room = {"xytext": (0, 2 if sign > 0 else -2), "textcoords": "offset points"}
            below.annotate(words, (0, limit), ha="left", va="bottom" if sign > 0 else "top", **room)
    for own in (above, below):
        own.axhline(0, color=PALETTE.ink, linewidth=_THIN, zorder=0)
    below.margins(y=0.25)
    below.set_ylabel("CUSUM")
    below.set_xlabel("Patients with a pair, in order of treatment")


def incidence(axes: Any, chart: ChartData, item: Item) -> None:
    """Steps upwards with their bands; under the axis who is at risk, and the events so far."""
    lines = [s for s in chart.series if not s.role.startswith("at risk:")]
    rows = [s for s in chart.series if s.role.startswith("at risk:")]
    above, below = _panels(axes, (5.0, 0.8 * len(rows)))
    for k, s in enumerate(lines):
        color = CATEGORY_COLORS[k % len(CATEGORY_COLORS)] if s.role.startswith("group:") else PALETTE.follow_up
        x, y = list(s.x or ()), [100 * v for v in _gaps(s.values)]
        above.step(x, y, where="post", color=color, linestyle=_STYLES[k % len(_STYLES)], linewidth=_LINE, label=s.name)
        if len(lines) <= MOST_BANDS:
            low, high = ([100 * v for v in _gaps(ends or ())] for ends in (s.low, s.high))
            above.fill_between(x, low, high, step="post", color=color, alpha=0.15, linewidth=0)
    assert chart.x is not None
    assert chart.y is not None
    above.set_xlim(0, chart.x.high)
    above.set_xticks(chart.x.ticks)
    several = any("·" in label for s in rows for label in s.labels or ())
    above.set_xlabel(f"Years\nAt risk ({'event · died' if several else 'event'} so far)")
    above.set_ylim(0, 100 * chart.y.high)
    above.set_ylabel(f"{folded(chart.title, 40.0, 2)}, %")
    below.set_axis_off()
    below.set_ylim(-len(rows) + 0.4, 0.6)
    for k, s in enumerate(rows):
        name = folded(s.name.removesuffix(", at risk"), 18.0, 2)
        below.annotate(name, (0, -k), xytext=(-16, 0), textcoords="offset points", ha="right", va="center")
        for year, value, so_far in zip(s.x or (), s.values, s.labels or (), strict=True):
            if year <= chart.x.high + 1e-9:
                below.text(year, -k, f"{count(int(value or 0))}\n({so_far})", ha="center", va="center")


def _panels(axes: Any, heights: Sequence[float]) -> tuple[Any, Any]:
    """The axes as the upper of two panels on one x."""
    grid = axes.get_subplotspec().subgridspec(2, 1, height_ratios=heights)
    axes.set_subplotspec(grid[0])
    return axes, axes.figure.add_subplot(grid[1], sharex=axes)


def _upright(axes: Any, axis: Axis | None, words: str = "") -> None:
    assert axis is not None
    share = axis.title.startswith("share")
    axes.set_ylim(axis.low, axis.high)
    axes.set_yticks(axis.ticks, [compact(round(100 * t if share else t, 6)) for t in axis.ticks])
    title = axis.title[:1].upper() + axis.title[1:] + (", %" if share else "")
    axes.set_ylabel("\n".join(filter(None, (words, folded(title, 45.0, 2)))))


def _gaps(values: Sequence[float | None]) -> list[float]:
    return [math.nan if v is None else v for v in values]


def _name(axes: Any, at: tuple[float, float], words: str, color: str, **more: Any) -> None:
    axes.annotate(words, at, xytext=(5, 4), textcoords="offset points", color=color, zorder=5, **more)
