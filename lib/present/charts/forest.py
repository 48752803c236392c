"""Forest: "all" first, then a row per group: estimate with interval, its patients when they are few, published rows.

Label above the mark, value at the right end of the label line: one anatomy for a phone and a wide screen. Below 3
patients only they are drawn; from 3 to 9 they stand above an estimate that is hollow, thin and grey, whatever the
colour of the group: it has its colour from 10 on. Hairlines part the rows, so that dots belong to one label only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import end_words, hairline, in_columns, interval_traces, label_above, vertical_line
from lib.present.theme import PALETTE, SCREEN, CategoryStyle, Medium
from lib.present.wording import NBSP, compact, count, for_plotly, signed_tick
from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST

ROW = 56
SMALL_ROW = 44
TOP, TOP_WITHOUT_NAMES, BOTTOM, BOTTOM_OF_SHARES = 26, 10, 65, 28
LINE = 15
GAP = "  "
"""Between an estimate and its interval in the words of a row."""

_LABEL_AT, _DOTS_AT, _MARK_AT = 0.24, -0.08, -0.28
_BESIDE = -0.42
"""From the place of a label above its marks to that beside them."""
_DOT = 0.17
"""Of a row: how much higher the next patient of the same value stands."""
ONE_LINE = 49
"""Letters of a name with its n and its value that fit one line of a phone."""


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One row: estimate and interval (None where not computed), n, its words, and its patients where they are drawn.

    `patients` holds (value, row number) of each patient; `published` marks a row from the literature.
    """

    label: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    words: str
    patients: tuple[tuple[float, int], ...] = ()
    published: bool = False


def forest_data(
    rows: Sequence[ForestRow],
    axis: Axis,
    references: Sequence[Reference],
    *,
    title: str,
    finding: str,
    name: str,
    notes: Sequence[str] = (),
) -> ChartData:
    """Rows along the categories, "All" first; patients of a row as a series of their own."""
    own = Series(
        name,
        "forest",
        tuple(None if r.published else r.value for r in rows),
        low=tuple(None if r.published else r.low for r in rows),
        high=tuple(None if r.published else r.high for r in rows),
        n=tuple(0 if r.published else r.n for r in rows),
        labels=tuple("" if r.published else r.words for r in rows),
    )
    series = [own]
    if any(r.published for r in rows):
        series.append(
            Series(
                "Published",
                "published",
                tuple(r.value if r.published else None for r in rows),
                low=tuple(r.low if r.published else None for r in rows),
                high=tuple(r.high if r.published else None for r in rows),
                n=tuple(r.n if r.published else 0 for r in rows),
                labels=tuple(r.words if r.published else "" for r in rows),
            )
        )
    series += [
        Series(
            f"{r.label}, patients",
            f"patients:{k}",
            tuple(value for value, _ in r.patients),
            rows=tuple(row for _, row in r.patients),
        )
        for k, r in enumerate(rows)
        if r.patients
    ]
    return ChartData(
        "forest",
        title,
        finding,
        tuple(r.label for r in rows),
        tuple(series),
        rows[0].n if rows else 0,
        x=axis,
        references=tuple(references),
        notes=tuple(notes),
    )


def forest_figure(
    data: ChartData,
    styles: Mapping[str, CategoryStyle] | None = None,
    medium: Medium = SCREEN,
    *,
    row: int = ROW,
) -> dict[str, Any]:
    """One row of `row` px per category; the interval of the first row is a grey band through all of them.

    A mark carries its row in `customdata` as [row, row number or 0], so that a click can name its patients.
    """
    assert data.x is not None
    rows = len(data.categories)
    own = data.series[0]
    traces: list[dict[str, Any]] = []
    shapes = _band(own, data.x)
    notes: list[dict[str, Any]] = []
    for s in data.series:
        if s.role.startswith("patients:"):
            traces.append(_patients(s, int(s.role.split(":")[1]), rows, medium))
    for s in data.series[:2]:
        if not s.role.startswith("patients:"):
            for i in range(rows):
                traces += _mark(s, i, data, styles or {}, medium)
    for i, name in enumerate(data.categories):
        notes += _labels(data, i, name, medium)
    shapes += [hairline(i - 0.48) for i in range(1, rows)]
    lines = [vertical_line(r, medium) for r in data.references]
    # not through the names: a line is broken where the label of a row stands above its marks
    broken = [
        line | {"yref": "y", "y0": i - 0.55 if i == 0 else i - 0.48, "y1": i + 0.1}
        for line in lines
        for i in range(rows)
    ]
    notes += _reference_names(data, medium)
    if data.x.low_words:
        low, title, high = end_words(data.x, medium, -26 / max(1, row * rows))
        # a line lower: between the words of the ends there is no room where names stand in a column
        notes += [low, title | {"yshift": -LINE}, high]
    shares = not data.x.low_words
    pad = (data.x.high - data.x.low) * (0.05 if shares else 0.01)  # 0% and 100% are ticks at the very ends
    bottom = BOTTOM_OF_SHARES if shares else BOTTOM
    top = TOP if any(r.role != "overall" for r in data.references) else TOP_WITHOUT_NAMES
    layout = theme.layout(
        medium,
        height=row * rows + top + bottom,
        margin={"l": 4, "r": 4, "t": top, "b": bottom},
        xaxis={
            "range": [data.x.low - pad, data.x.high + pad],
            "tickvals": list(data.x.ticks),
            "ticktext": [_tick(data.x, t) for t in data.x.ticks],
        },
        yaxis={"range": [-0.55, rows - 0.45], "visible": False},
        shapes=shapes + broken,
        annotations=notes,
    )
    if medium is SCREEN:
        beside = [n | {"y": n["y"] + _BESIDE} if n.get("xref") == "paper" and "yref" not in n else n for n in notes]
        layout = in_columns(layout, beside, [*shapes, *lines])
    return {"data": traces, "layout": layout}


def _tick(axis: Axis, value: float) -> str:
    return f"{compact(round(value * 100, 4))}%" if axis.title == "share" else signed_tick(round(value, 4))


def _band(own: Series, axis: Axis) -> list[dict[str, Any]]:
    low, high = (own.low or (None,))[0], (own.high or (None,))[0]
    if low is None or high is None:
        return []
    ends = (max(low, axis.low), min(high, axis.high))
    return [
        {"type": "rect", "x0": ends[0], "x1": ends[1], "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
        | {"line": {"width": 0}, "fillcolor": PALETTE.panel}
    ]


def _place(i: int, rows: int) -> int:
    return rows - 1 - i


def _mark(
    s: Series, i: int, data: ChartData, styles: Mapping[str, CategoryStyle], medium: Medium
) -> list[dict[str, Any]]:
    value, n = s.values[i], (s.n or ())[i]
    if value is None or data.x is None:
        return []
    y = _place(i, len(data.categories)) + _MARK_AT
    color, symbol = PALETTE.ink, "diamond"
    if s.role == "published":
        color, symbol = PALETTE.muted, "line-ns-open"
    elif i > 0:
        style = styles.get(data.categories[i])
        color, symbol = (style.color, "square") if style else (PALETTE.follow_up, "square")
    small = n < FEWEST_TO_TEST
    if small and i > 0:
        color = PALETTE.baseline
    hollow = s.role == "published" or small
    traces = _interval(s, i, y, data.x, (color, 1.5 if small else 2 if s.role == "published" else 3), medium)
    largest = max((k for k in (s.n or ())[1:]), default=1) or 1
    size = 15.0 if i == 0 else 8.0 if small else 8 + 8 * math.sqrt(n / largest)
    inside = data.x.low <= value <= data.x.high
    if not inside:
        return traces
    return [
        *traces,
        {
            "type": "scatter",
            "mode": "markers",
            "x": [value],
            "y": [y],
            "customdata": [[i, 0]],
            "name": for_plotly(data.categories[i]),
            "marker": {
                "size": medium.mark(12 if s.role == "published" else size),
                "symbol": symbol,
                "color": PALETTE.page if hollow and s.role != "published" else color,
                "line": {"color": color, "width": medium.mark(1.5 if small else 2)},
            },
            "text": [for_plotly(f"{data.categories[i]}: {(s.labels or ('',))[i]}")],
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]


def _interval(s: Series, i: int, y: float, axis: Axis, pen: tuple[str, float], medium: Medium) -> list[dict[str, Any]]:
    low, high = (s.low or ())[i], (s.high or ())[i]
    return [] if low is None or high is None else interval_traces((low, high), y, axis, pen, medium)


def _patients(s: Series, i: int, rows: int, medium: Medium) -> dict[str, Any]:
    """A row of dots; equal values stand above each other."""
    seen: Counter[float | None] = Counter()
    heights = []
    for value in s.values:
        heights.append(seen[value] * _DOT)
        seen[value] += 1
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [v or 0 for v in s.values],
        "y": [_place(i, rows) + _DOTS_AT + height for height in heights],
        "customdata": [[i, row, value] for row, value in zip(s.rows or (), s.values, strict=True)],
        "marker": {"size": medium.mark(8), "color": PALETTE.baseline},
        "hovertemplate": "row %{customdata[1]}: %{customdata[2]}<extra></extra>",
        "name": for_plotly(s.name),
    }


def _labels(data: ChartData, i: int, name: str, medium: Medium) -> list[dict[str, Any]]:
    own = data.series[0]
    published = next((s for s in data.series if s.role == "published"), None)
    s = published if published is not None and published.labels and published.labels[i] else own
    n, words = (s.n or ())[i], (s.labels or ())[i]
    y = _place(i, len(data.categories)) + _LABEL_AT
    quiet = s.role == "published" or n < FEWEST_TO_TEST
    color = PALETTE.muted if quiet else PALETTE.ink
    plate = {"xref": "paper", "y": y, "bgcolor": PALETTE.page, "borderpad": 1}
    weight = ("", "") if quiet else ("<b>", "</b>")
    # on a phone a long name and its value do not fit one line: the value stands lower, beside its mark
    long = len(f"{name} n {count(n)} {words}") > ONE_LINE
    return [
        plate
        | {"x": 0, "xanchor": "left", "text": f"{weight[0]}{for_plotly(name)}{weight[1]} n{NBSP}{count(n)}"}
        | {"font": {"size": medium.text, "color": color}},
        plate
        | {
            "x": 1,
            "xanchor": "right",
            "text": _value_first(words, weight),
            "y": y - _LABEL_AT + _MARK_AT if long else y,
        }
        | {"font": {"size": medium.axis, "color": color}},
    ]


def _value_first(words: str, weight: tuple[str, str]) -> str:
    """The estimate in the weight of its row, the interval beside it plain."""
    value, gap, rest = for_plotly(words).partition(GAP)
    return f"{weight[0]}{value}{weight[1]}{gap}{rest}" if gap else value


def _reference_names(data: ChartData, medium: Medium) -> list[dict[str, Any]]:
    """Names above the plot; of two lines the left one points left, so that they never meet."""
    ordered = sorted((r for r in data.references if r.role != "overall"), key=lambda r: r.value)
    return [label_above(r, medium, "left" if k == 0 and len(ordered) > 1 else "right") for k, r in enumerate(ordered)]


def largest_rows(data: ChartData, most: int) -> ChartData:
    """The first row and the `most` groups with the most patients, in their order; the same data where all fit."""
    own = data.series[0]
    if len(data.categories) <= most + 1:
        return data
    sizes = own.n or ()
    kept = [0, *sorted(sorted(range(1, len(data.categories)), key=lambda k: -sizes[k])[:most])]

    def of(values: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
        return None if values is None else tuple(values[k] for k in kept)

    rows = replace(own, values=of(own.values) or (), low=of(own.low), high=of(own.high), n=of(own.n))
    series = [replace(rows, labels=of(own.labels))]
    for s in data.series[1:]:
        place = int(s.role.split(":")[1]) if s.role.startswith("patients:") else -1
        if place in kept:
            series.append(replace(s, role=f"patients:{kept.index(place)}"))
    return replace(data, categories=tuple(data.categories[k] for k in kept), series=tuple(series))


def drawn_patients(n: int) -> bool:
    """Whether a group is so small that its patients are drawn."""
    return n < FEWEST_TO_TEST


def patients_only(n: int) -> bool:
    """Whether a group is so small that only its patients are shown."""
    return n < FEWEST_COMPARED
