"""How each kind of chart is drawn for a journal, on axes of matplotlib. What is told apart by colour is by form too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from lib.export.print_words import estimates, folded, row_names
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.mini import NORM
from lib.present.theme import PALETTE, likert_ramp
from lib.present.wording import compact, number
from lib.report.plan import Item
from lib.settings import FEWEST_TO_TEST

_MARKS: Mapping[str, tuple[str, str, bool]] = {
    "improved": ("o", PALETTE.improved, True),
    "unchanged": ("o", PALETTE.unchanged, False),
    "worsened": ("D", PALETTE.worsened, True),
    "not evaluable": ("x", PALETTE.unchanged, True),
}
"""Role → sign, colour, filled."""
_HATCHES = {"improved": "", "unchanged": "", "not evaluable": "", "worsened": "////"}


def _width(axes: Any) -> float:
    return float(axes.figure.get_figwidth()) * 25.4


def _set_axis(axes: Any, axis: Axis | None, which: Literal["x", "y"]) -> None:
    """Range, ticks and title of an axis; the words at its ends stand in the title."""
    if axis is None:
        return
    words = folded(axis.title[:1].upper() + axis.title[1:], 0.6 * _width(axes) if which == "x" else 45.0, 2)
    if axis.low_words and axis.high_words:
        words += f"\n← {folded(axis.low_words, 45.0, 1)} · {folded(axis.high_words, 45.0, 1)} →"
    if which == "x":
        axes.set_xlim(axis.low, axis.high)
        axes.set_xlabel(words)
        if axis.ticks:
            axes.set_xticks(axis.ticks, [compact(round(t, 6)) for t in axis.ticks])
    else:
        axes.set_ylim(axis.low, axis.high)
        axes.set_ylabel(words)
        if axis.ticks:
            axes.set_yticks(axis.ticks, [compact(round(t, 6)) for t in axis.ticks])


def _references(axes: Any, chart: ChartData) -> None:
    """No change solid, thresholds dotted, both named in the key; lines behind the marks."""
    named: set[str] = set()
    for reference in chart.references:
        if chart.kind == "scatter":
            continue
        style = "-" if reference.role == "zero" else ":" if reference.role == "threshold" else "--"
        label = reference.label if chart.kind != "curve" else compact(round(reference.value, 6))
        line = axes.axvline if reference.axis == "x" else axes.axhline
        line(
            reference.value,
            color=PALETTE.ink,
            linestyle=style,
            linewidth=0.6,
            zorder=0,
            label=None if label in named or chart.kind == "curve" else label,
        )
        named.add(label)


def _interval(axes: Any, s: Series, i: int, y: float, axis: Axis | None, *, upright: bool = False) -> None:
    """An interval of a row; it ends where the scale ends, with an arrow where it goes on."""
    low, high = (s.low or (None,))[i], (s.high or (None,))[i]
    if low is None or high is None:
        return
    least, most = (low, high) if axis is None else (axis.low, axis.high)
    ends = [min(max(end, least), most) for end in (low, high)]
    axes.plot(*_turned(ends, [y, y], upright), color=PALETTE.ink, linewidth=1.2, zorder=3)
    signs = ("v", "^") if upright else ("<", ">")
    for end, sign, beyond in zip(ends, signs, (low < least, high > most), strict=True):
        if beyond:
            place = _turned([end], [y], upright)
            axes.scatter(*place, s=16, marker=sign, color=PALETTE.ink, linewidths=0, zorder=3, clip_on=False)


def _turned(along: list[float], across: list[float], upright: bool) -> tuple[list[float], list[float]]:
    return (across, along) if upright else (along, across)


def _mean(axes: Any, chart: ChartData, s: Series, y: float, label: str | None) -> None:
    """A mean with its interval; of fewer than ten hollow, as in a forest: its patients are louder."""
    _interval(axes, s, 0, y, chart.x)
    few = chart.n < FEWEST_TO_TEST
    face = "white" if few else PALETTE.ink
    ink = PALETTE.ink
    axes.scatter(
        [s.values[0]], [y], s=14, marker="s", facecolors=face, edgecolors=ink, linewidths=0.8, zorder=4, label=label
    )


def dots(axes: Any, chart: ChartData, item: Item) -> None:
    """A mark per patient in columns, the mean with its interval in a lane under them."""
    groups = [s for s in chart.series if s.role in _MARKS and s.values]
    tallest = max((v or 0 for s in groups for v in s.values), default=0) + 1
    wide = (chart.x.high - chart.x.low) / 60 if chart.x else 0.1
    for s in groups:
        sign, color, filled = _MARKS[s.role]
        total = int(sum(v or 0 for v in s.values)) if chart.kind == "histogram" else len(s.values)
        label = f"{s.name.lower()} ({total})"
        if chart.kind == "histogram":
            axes.bar(
                s.x,
                s.values,
                width=wide * 2,
                color=color if filled else "white",
                edgecolor=color,
                linewidth=0.6,
                hatch=_HATCHES.get(s.role, ""),
                label=label,
            )
            continue
        face = color if filled else "white"
        axes.scatter(
            s.x,
            [1 + (v or 0) for v in s.values],
            s=9,
            marker=sign,
            facecolors=face,
            edgecolors=color,
            linewidths=0.6,
            label=label,
            zorder=2,
            clip_on=False,
        )
    lane = -0.18 * max(tallest, 5)
    for s in (s for s in chart.series if s.role == "all mean"):
        _mean(axes, chart, s, lane, f"{s.name.lower()} {number(s.values[0] or 0.0, item.decimals)}")
    _references(axes, chart)
    _set_axis(axes, chart.x, "x")
    axes.set_ylim(lane * 1.8, max(tallest, 5) + 0.6)
    ticks = [t for t in axes.get_yticks() if 0 <= t <= tallest and t == int(t)]
    axes.set_yticks(ticks, [f"{int(t)}" for t in ticks])
    axes.set_ylabel("Patients")


def lines(axes: Any, chart: ChartData, item: Item) -> None:
    """A line per patient from before to after, means with intervals on top."""
    places = range(len(chart.categories))
    named: set[str] = set()
    styles = {"improved": "-", "unchanged": (0, (1, 1.5)), "worsened": (0, (4, 1.5))}
    for s in chart.series:
        if s.role == "mean":
            for i in places:
                _interval(axes, s, i, i, chart.y, upright=True)
            axes.plot(
                list(places),
                list(s.values),
                color=PALETTE.ink,
                linewidth=1.6,
                marker="s",
                markersize=4,
                label="mean",
                zorder=4,
            )
        elif s.role == "band":
            axes.fill_between(
                list(places),
                list(s.low or s.values),
                list(s.high or s.values),
                color=PALETTE.unchanged_fill,
                linewidth=0,
                label=None if s.name in named else s.name,
            )
        else:
            _, color, _ = _MARKS.get(s.role, ("o", PALETTE.baseline, True))
            axes.plot(
                list(places),
                list(s.values),
                color=color,
                linewidth=0.6,
                linestyle=styles.get(s.role, "-"),
                label=None if s.name in named else s.name.lower(),
            )
        named.add(s.name)
    axes.set_xticks(list(places), list(chart.categories))
    axes.set_xlim(-0.3, len(chart.categories) - 0.7)
    _set_axis(axes, chart.y, "y")


def means(axes: Any, chart: ChartData, item: Item) -> None:
    """Patients as dots, two means with intervals."""
    tallest = max((v or 0 for s in chart.series if s.role.endswith(" patients") for v in s.values), default=0.0)
    step = 0.6 / max(tallest, 4)
    for place, role in enumerate(("follow-up", "baseline")):
        filled = role == "follow-up"
        for s in (s for s in chart.series if s.role == f"{role} patients" and s.x):
            axes.scatter(
                s.x,
                [place + 0.08 + step * (v or 0) for v in s.values],
                s=5,
                marker="o",
                linewidths=0.5,
                facecolors=PALETTE.follow_up if filled else "white",
                edgecolors=PALETTE.follow_up,
                label=s.name.lower(),
                zorder=2,
                clip_on=False,
            )
        for s in (s for s in chart.series if s.role == f"{role} mean"):
            _mean(axes, chart, s, place - 0.14, "mean" if filled else None)
        for s in (s for s in chart.series if s.role == f"{role} norm"):
            axes.scatter(
                [s.values[0]],
                [place - 0.14],
                s=22,
                marker="D",
                facecolors="none",
                edgecolors=PALETTE.ink,
                linewidths=0.7,
                zorder=5,
                label=NORM if filled else None,
            )
    names = {s.role: s.name.removesuffix(", mean") for s in chart.series if s.role.endswith(" mean")}
    axes.set_yticks([0, 1], [names.get("follow-up mean", ""), names.get("baseline mean", "")])
    axes.set_ylim(-0.4, 1.85)
    _set_axis(axes, chart.x, "x")


def stacked(axes: Any, chart: ChartData, item: Item) -> None:
    """100% bars, good at the left; counts in the bars, shares in the names of the rows."""
    parts = [s for s in chart.series if s.role.startswith("level:") or s.role in _HATCHES]
    parts += [s for s in chart.series if s.role in ("complete", "no_baseline", "no_follow_up")]
    levels = [s for s in parts if s.role.startswith("level:")]
    if levels:
        parts = levels[::-1]
    ramp = likert_ramp(len(levels))[::-1] if 2 <= len(levels) <= 11 else ()
    rows = len(chart.categories)
    start = [0.0] * rows
    totals = [sum(s.values[i] or 0 for s in parts) for i in range(rows)]
    for k, s in enumerate(parts):
        fill, ink = _fill(s, k, ramp)
        shares = [100 * (s.values[i] or 0) / totals[i] if totals[i] else 0.0 for i in range(rows)]
        axes.barh(
            range(rows),
            shares,
            left=start,
            height=0.62,
            color=fill,
            edgecolor="white",
            linewidth=0.6,
            hatch=_HATCHES.get(s.role, ""),
            label=s.name,
        )
        for i, share in enumerate(shares):
            if share >= 6:
                axes.text(
                    start[i] + share / 2,
                    i,
                    number(s.values[i] or 0, 0),
                    ha="center",
                    va="center",
                    color=ink,
                    bbox={"facecolor": fill, "edgecolor": "none", "pad": 0.6},
                )
        start = [a + b for a, b in zip(start, shares, strict=True)]
    axes.set_yticks(range(rows), row_names(chart, _width(axes)))
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("Patients, %")


def _fill(s: Series, place: int, ramp: Any) -> tuple[str, str]:
    if s.role.startswith("level:") and ramp:
        return ramp[place].fill, ramp[place].label
    plain = {"improved": PALETTE.improved, "worsened": PALETTE.worsened, "complete": PALETTE.follow_up}
    fill = plain.get(s.role, PALETTE.unchanged_fill)
    return fill, PALETTE.page if s.role in plain else PALETTE.ink


def curve(axes: Any, chart: ChartData, item: Item) -> None:
    """A step curve with its band, the threshold in force marked."""
    for s in chart.series:
        share = [100 * v if v is not None else None for v in s.values]
        if s.role == "current":
            axes.scatter(s.x, share, s=14, marker="s", color=PALETTE.ink, zorder=4, label=s.name.lower())
            continue
        axes.step(s.x, share, where="pre", color=PALETTE.ink, linewidth=1.0, label=s.name)
        if s.low and s.high:
            low, high = ([100 * (v or 0) for v in side] for side in (s.low, s.high))
            axes.fill_between(s.x, low, high, step="pre", color=PALETTE.unchanged_fill, linewidth=0)
    _references(axes, chart)
    _set_axis(axes, chart.x, "x")
    axes.set_ylim(0, 100)
    axes.set_ylabel("Patients, %")


def forest(axes: Any, chart: ChartData, item: Item) -> None:
    """A row per category: all as a diamond, groups as squares, hollow below 10 patients."""
    rows = len(chart.categories)
    drawn = estimates(chart)
    for i, value in enumerate(drawn.values):
        if value is None:
            continue
        _interval(axes, drawn, i, i, chart.x)
        few = drawn.n is not None and drawn.n[i] < FEWEST_TO_TEST
        axes.scatter(
            [value],
            [i],
            s=20,
            marker="D" if i == 0 else "s",
            facecolors="white" if few else PALETTE.ink,
            edgecolors=PALETTE.ink,
            linewidths=0.8,
            zorder=4,
            label=drawn.name.lower() if i == 0 else None,
        )
    axes.set_yticks(range(rows), row_names(chart, _width(axes)))
    axes.set_ylim(rows - 0.4, -0.6)
    _references(axes, chart)
    _set_axis(axes, chart.x, "x")


def scatter(axes: Any, chart: ChartData, item: Item) -> None:
    """Before against after; the line is no change."""
    for s in (s for s in chart.series if s.x):
        sign, color, filled = _MARKS.get(s.role, ("o", PALETTE.follow_up, True))
        if s.role == "smooth":
            axes.plot(s.x, s.values, color=PALETTE.ink, linewidth=1.0, label=s.name)
            continue
        axes.scatter(
            s.x,
            s.values,
            s=9,
            marker=sign,
            facecolors=color if filled else "white",
            edgecolors=color,
            linewidths=0.6,
            label=s.name.lower(),
            zorder=2,
            clip_on=False,
        )
    if chart.x and chart.y and (chart.x.low, chart.x.high) == (chart.y.low, chart.y.high):
        ends = [chart.x.low, chart.x.high]
        axes.plot(ends, ends, color=PALETTE.ink, linewidth=0.6, zorder=0, label="no change")
    _set_axis(axes, chart.x, "x")
    _set_axis(axes, chart.y, "y")


def waterfall(axes: Any, chart: ChartData, item: Item) -> None:
    """Every patient's improvement, sorted; one without change keeps a stroke at zero."""
    for s in (s for s in chart.series if s.x):
        _, color, filled = _MARKS.get(s.role, ("o", PALETTE.follow_up, True))
        axes.bar(
            s.x,
            [v or 0 for v in s.values],
            width=0.8,
            color=color if filled else "white",
            edgecolor=color,
            linewidth=0.6,
            hatch=_HATCHES.get(s.role, ""),
            label=f"{s.name.lower()} ({len(s.values)})",
        )
    _references(axes, chart)
    _set_axis(axes, chart.x, "x")
    _set_axis(axes, chart.y, "y")


def bars(axes: Any, chart: ChartData, item: Item) -> None:
    """One share per row with its interval."""
    s, rows = chart.series[0], len(chart.categories)
    axes.barh(
        range(rows), [100 * (v or 0) for v in s.values], height=0.55, color=PALETTE.baseline, label=s.name.lower()
    )
    for i in range(rows):
        low, high = (s.low or (None,) * rows)[i], (s.high or (None,) * rows)[i]
        if low is not None and high is not None:
            axes.plot([100 * low, 100 * high], [i, i], color=PALETTE.ink, linewidth=1.0)
    axes.set_yticks(range(rows), row_names(chart, _width(axes)))
    axes.invert_yaxis()
    axes.set_xlim(0, 100 * (chart.x.high if chart.x else 1.0))
    axes.set_xlabel("Patients, %")
