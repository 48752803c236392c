"""Every chart has each surface, or a reason why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.grouping import ByColumn
from lib.export.forms import FORMS
from lib.export.pptx.charts import has_native
from lib.export.print_figures import NOT_PRINTED, printable
from lib.importing.proposal import read_trusted
from lib.present.chart_data import Kind
from lib.report.figures import FIGURES, draw
from lib.report.groups_text import grouping_of
from lib.report.plan import Choices, Item
from lib.report.report import build_report
from tests.sample import sample

BY_TABLE = {
    "flow": "its boxes are drawn by lib/export/pptx/flow.py",
    "alluvial": "ribbons have no native form",
    "completeness": "its table is what is read: who is missing, center by center",
    "periods": "the same along the calendar",
}
"""Figures without a native chart: their table, or boxes, stand on the slide."""


def _items() -> dict[str, Item]:
    analysis = Analysis(sample())
    report = build_report(analysis, comparison=compare(analysis, grouping_of(analysis.cohort, "center")))
    file = Path(__file__).parents[3] / "sample_data" / "registry.csv"
    registry = read_trusted(file.read_bytes(), file.name, synthetic=True)
    one = replace(registry, measures={"odi": registry.measures["odi"]}, primary=("odi",), states={}, _counts={})
    centers = build_report(Analysis(one), many=ByColumn("center"), choices=Choices(center="Dunmoor"))
    found = [*centers.items, *report.items]
    return {item.figure: item for item in found if item.chart is not None and item.chart.series}


ITEMS = _items()


def test_every_kind_has_a_form() -> None:
    assert set(get_args(Kind)) == set(FORMS)


def test_every_figure_is_seen_here() -> None:
    assert set(ITEMS) == set(FIGURES)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_has_each_surface(figure: str) -> None:
    item = ITEMS[figure]
    assert item.chart is not None
    assert item.finding
    assert draw(figure, item.chart, item.decimals)["layout"]["height"]
    assert has_native(item.chart) != (figure in BY_TABLE)
    assert item.table is not None or figure not in BY_TABLE
    assert printable(item) != (figure in NOT_PRINTED)
