"""Two statements against each other: the matrix of all pairs, and the answers of one pair. Both can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.analysis.cross_table import AgreementMatrix, CrossTable
from lib.cohort.cohort import Statement
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.charts.likert_bars import shown_levels
from lib.present.theme import PALETTE, READABLE, SCREEN, Medium, contrast, label_on, rgb
from lib.present.wording import count, for_plotly

MATRIX_ROW, CELL = 46, 44
_PALE, _DARK = "#EEF4F6", "#0F5C73"
_CHOSEN = PALETTE.worsened
_LINE = 11
MANY_COLUMNS = 6
"""From so many answers on, words above the columns would lie on each other: they are numbered instead."""


def matrix_data(found: AgreementMatrix, names: Sequence[str], title: str, finding: str) -> ChartData:
    """One series per second statement: patients in the best answers of both; the diagonal is the statement itself."""
    series = [
        Series(name, "both", tuple(float(row[j]) for row in found.both), n=tuple(row[j] for row in found.n))
        for j, name in enumerate(names)
    ]
    most = max((k for row in found.n for k in row), default=0)
    return ChartData("bars", title, finding, tuple(names), tuple(series), most)


def matrix_figure(data: ChartData, chosen: tuple[int, int] | None = None, medium: Medium = SCREEN) -> dict[str, Any]:
    """A row of cells under each statement's name; columns are the same statements by number. `chosen` is framed."""
    k = len(data.categories)
    shares = [[_share(data, i, j) for j in range(k)] for i in range(k)]
    counts = [[int(data.series[j].values[i] or 0) for j in range(k)] for i in range(k)]
    notes = [_at(j, -0.34, f"<b>{j + 1}</b>", medium.note, PALETTE.muted) for j in range(k)]
    for i, name in enumerate(data.categories):
        at = {"x": 0, "xref": "paper", "xanchor": "left", "y": i + 0.06, "text": f"{i + 1}  {for_plotly(name)}"}
        notes.append(at | {"font": {"size": medium.axis, "color": PALETTE.ink}})
        for j in range(k):
            ink = PALETTE.muted if i == j else label_on(_mixed(shares[i][j]))
            notes.append(_at(j, i + 0.5, count(counts[i][j]), medium.axis, ink))
    shapes = [
        _cell(j, i + 0.5, 0.23, PALETTE.page if i == j else _mixed(shares[i][j])) for i in range(k) for j in range(k)
    ]
    if chosen is not None:
        shapes.append(_frame(chosen[1], chosen[0] + 0.5, 0.23))
    hover = [
        [
            f"{for_plotly(data.categories[i])}<br>and {for_plotly(data.categories[j])}:"
            f"<br>{counts[i][j]} of {(data.series[j].n or ())[i]}"
            for j in range(k)
        ]
        for i in range(k)
    ]
    return _figure(
        _clickable(k, k, 0.5, hover), notes, shapes, MATRIX_ROW * k + 30, [-0.5, k - 0.5], [k, -0.62], medium, 2
    )


def cross_data(found: CrossTable, first: Statement, second: Statement, title: str, finding: str) -> ChartData:
    """Rows: answers to the first statement; series: answers to the second; both from least to most favourable."""
    rows, columns = _order(first), _order(second)
    series = [Series(second.levels[j], "count", tuple(float(found.counts[i][j]) for i in rows)) for j in columns]
    return ChartData("bars", title, finding, shown_levels(first), tuple(series), found.n)


def cross_figure(
    data: ChartData,
    tops: tuple[int, int],
    names: tuple[str, str],
    chosen: tuple[int, int] | None = None,
    medium: Medium = SCREEN,
) -> dict[str, Any]:
    """The answers of one pair as counts. `tops`: how many of the last rows and columns are the best answers.

    A line parts the best answers from the others, so that the four sums of the sentence can be found again.
    """
    rows, columns = len(data.categories), len(data.series)
    most = max((v or 0) for s in data.series for v in s.values) or 1.0
    shapes, notes = [], []
    for i in range(rows):
        at = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -6, "y": i, "align": "right"}
        notes.append(at | {"text": _wrapped(data.categories[i]), "font": {"size": medium.note, "color": PALETTE.ink}})
        for j, s in enumerate(data.series):
            value = int(s.values[i] or 0)
            fill = _mixed(value / most) if value else PALETTE.page
            shapes.append(_cell(j, i, 0.44, fill))
            notes.append(_at(j, i, count(value), medium.text, label_on(fill) if value else PALETTE.muted))
    for j, s in enumerate(data.series):
        head = f"<b>{j + 1}</b>" if numbered(columns) else _wrapped(s.name)
        notes.append(_at(j, -0.62, head, medium.note, PALETTE.ink) | {"yanchor": "bottom"})
    line = {"type": "line", "line": {"color": PALETTE.ink, "width": 1.5}}
    shapes.append(line | {"x0": -0.5, "x1": columns - 0.5, "y0": rows - tops[0] - 0.5, "y1": rows - tops[0] - 0.5})
    shapes.append(line | {"x0": columns - tops[1] - 0.5, "x1": columns - tops[1] - 0.5, "y0": -0.5, "y1": rows - 0.5})
    if chosen is not None:
        shapes.append(_frame(chosen[1], chosen[0], 0.44))
    hover = [
        [
            f"{for_plotly(names[0])}: {for_plotly(data.categories[i])}<br>{for_plotly(names[1])}: "
            f"{for_plotly(data.series[j].name)}<br>{count(int(data.series[j].values[i] or 0))}"
            for j in range(columns)
        ]
        for i in range(rows)
    ]
    heads = 24 if numbered(columns) else 44
    y_low = -0.5 - heads / CELL
    figure = _clickable(rows, columns, 0.0, hover)
    return _figure(
        figure, notes, shapes, CELL * rows + heads + 4, [-0.5, columns - 0.5], [rows - 0.45, y_low], medium, 84
    )


def numbered(columns: int) -> bool:
    """Whether the columns bear numbers instead of words."""
    return columns >= MANY_COLUMNS


def column_words(second: Statement) -> str:
    """What the numbers above the columns mean: " (1 very much worse, 2 …)"; "" where the words stand there."""
    levels = shown_levels(second)
    if not numbered(len(levels)):
        return ""
    return f" ({', '.join(f'{k} {level}' for k, level in enumerate(levels, 1))})"


def _figure(
    trace: dict[str, Any],
    notes: list[dict[str, Any]],
    shapes: list[dict[str, Any]],
    height: int,
    x: list[float],
    y: list[float],
    medium: Medium,
    left: int,
) -> dict[str, Any]:
    layout = theme.layout(
        medium,
        height=height,
        margin={"l": left, "r": 2, "t": 0, "b": 0},
        xaxis={"range": x, "visible": False},
        yaxis={"range": y, "visible": False},
        annotations=notes,
        shapes=[s | {"layer": "below"} for s in shapes],
    )
    return {"data": [trace], "layout": layout}


def _clickable(rows: int, columns: int, shift: float, hover: list[list[str]]) -> dict[str, Any]:
    """Unseen marks over the cells: they take the click and tell the numbers."""
    places = [(i, j) for i in range(rows) for j in range(columns)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [j for _, j in places],
        "y": [i + shift for i, _ in places],
        "marker": {"size": 30, "symbol": "square", "opacity": 0},
        "customdata": [[i, j] for i, j in places],
        "text": [hover[i][j] for i, j in places],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _share(data: ChartData, i: int, j: int) -> float:
    n = (data.series[j].n or ())[i]
    return (data.series[j].values[i] or 0) / n if n else 0.0


def _order(statement: Statement) -> list[int]:
    places = list(range(len(statement.levels)))
    return places[::-1] if statement.reverse else places


def _mixed(share: float) -> str:
    """From pale to petrol by share; a little paler where neither ink nor white could be read on it."""
    pale, dark = (rgb(c) for c in (_PALE, _DARK))
    steps = round(min(max(share, 0.0), 1.0) * 100)
    while True:
        fill = "#" + "".join(f"{round(a + (b - a) * steps / 100):02X}" for a, b in zip(pale, dark, strict=True))
        if steps == 0 or contrast(fill, label_on(fill)) >= READABLE:
            return fill
        steps -= 1


def _wrapped(text: str) -> str:
    """Words on lines of about eleven letters, at most three lines; a longer word is cut."""
    lines: list[str] = []
    for word in text.split():
        word = word if len(word) <= _LINE + 1 else word[:_LINE] + "…"
        if lines and len(lines[-1]) + 1 + len(word) <= _LINE:
            lines[-1] += " " + word
        else:
            lines.append(word)
    shown = lines if len(lines) <= 3 else [*lines[:2], lines[2] + "…"]
    return "<br>".join(for_plotly(line) for line in shown)


def _cell(x: float, y: float, half: float, fill: str) -> dict[str, Any]:
    return {"type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - half, "y1": y + half, "fillcolor": fill} | {
        "line": {"width": 1, "color": PALETTE.hairline}
    }


def _frame(x: float, y: float, half: float) -> dict[str, Any]:
    return {"type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - half, "y1": y + half} | {
        "line": {"width": 2.5, "color": _CHOSEN}
    }


def _at(x: float, y: float, text: str, size: int, color: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "font": {"size": size, "color": color}}
