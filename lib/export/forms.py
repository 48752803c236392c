"""How the charts of one kind leave the screen: as a native PowerPoint chart and as a drawing for a journal.

A kind is the anatomy that several charts share (`lib/present/chart_data.py`); the Plotly figure of each chart stands in
`lib/present/charts/`. A new kind is one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lib.export import print_charts, print_flow, print_registry
from lib.export.pptx import category_charts, centers, incidence, xy_charts
from lib.export.pptx.style import Place
from lib.present.chart_data import ChartData, Kind
from lib.report.plan import Item


@dataclass(frozen=True, slots=True)
class Form:
    """The surfaces of a kind beyond the screen.

    Attributes:
        native: draws the PowerPoint chart on a slide; None where its table stands there.
        printed: draws it on axes of matplotlib.
        height: of the print in millimetres; None: as its rows need.
        rows: whether it has a row per category, with a name at its left.
        slide_rows: most rows that are still read on a slide, more become further slides; 0: any number.
        interval: what the intervals are in the key of a print; "" where they have a name of their own there.
    """

    native: Callable[[Any, ChartData, Place], Any] | None
    printed: Callable[[Any, ChartData, Item], None]
    height: Callable[[ChartData], float] | None = None
    rows: bool = False
    slide_rows: int = 0
    interval: Literal["bars", "band", ""] = "bars"


def _fixed(millimetres: float) -> Callable[[ChartData], float]:
    return lambda _: millimetres


FORMS: Mapping[Kind, Form] = {
    "pairs of means": Form(category_charts.two_means, print_charts.means),
    "lines per patient": Form(category_charts.patient_lines, print_charts.lines),
    "dots": Form(xy_charts.dots, print_charts.dots),
    "histogram": Form(category_charts.columns, print_charts.dots),
    "curve": Form(xy_charts.curve, print_charts.curve, interval="band"),
    "stacked bars": Form(category_charts.stacked_bars, print_charts.stacked, rows=True, slide_rows=14),
    "bars": Form(category_charts.columns, print_charts.bars, rows=True),
    "forest": Form(xy_charts.forest, print_charts.forest, rows=True, slide_rows=14),
    "scatter": Form(xy_charts.scatter, print_charts.scatter),
    "waterfall": Form(category_charts.columns, print_charts.waterfall),
    "flow": Form(None, print_flow.flow, print_flow.height),
    "incidence": Form(incidence.incidence, print_registry.incidence, print_registry.incidence_height, interval="band"),
    "trend": Form(centers.trend, print_registry.trend, _fixed(92.0)),
    "watch": Form(centers.watch, print_registry.watch, _fixed(96.0), interval=""),
    "funnel": Form(centers.funnel, print_registry.funnel, _fixed(74.0), interval=""),
    "in order": Form(centers.in_order, print_registry.in_order, _fixed(92.0)),
}
