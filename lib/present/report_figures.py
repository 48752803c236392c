"""Which function draws which figure of a report: the same ones that pages use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lib.present.chart_data import ChartData
from lib.present.charts.improvements import improvements_figure
from lib.present.charts.likert_bars import likert_figure
from lib.present.charts.lines import lines_figure
from lib.present.charts.mini import mini_figure
from lib.present.charts.outcome_bars import outcome_figure
from lib.present.charts.responder_curve import curve_figure
from lib.present.more_figures import MORE_FIGURES
from lib.present.theme import SCREEN, Medium

Draw = Callable[[ChartData, Medium, int], dict[str, Any]]

FIGURES: Mapping[str, Draw] = {
    "means": lambda data, medium, decimals: mini_figure(data, medium, decimals=decimals),
    "lines": lambda data, medium, decimals: lines_figure(data, medium, decimals=decimals),
    "improvements": lambda data, medium, decimals: improvements_figure(data, medium, decimals=decimals),
    "curve": lambda data, medium, decimals: curve_figure(data, medium),
    "outcomes": lambda data, medium, decimals: outcome_figure(data, medium),
    "statements": lambda data, medium, decimals: likert_figure(data, medium),
    **MORE_FIGURES,
}


def draw(figure: str, data: ChartData, decimals: int = 2, medium: Medium = SCREEN) -> dict[str, Any]:
    """A Plotly figure as a plain dict. Raises KeyError for a name that is not in FIGURES."""
    return FIGURES[figure](data, medium, decimals)
