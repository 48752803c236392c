"""Figures for a journal: the width of a column, type that can be read there, vectors, a key in every picture."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest
from PIL import Image

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.selection import Range, Selection
from lib.export import Options, export, format_of
from lib.export.print_figures import DPI, FILE_TYPES, WIDTHS, caption, draw, printable
from lib.report.groups_text import grouping_of
from lib.report.report import Report, build_report
from tests.sample import sample

LEAST_POINTS = 7.0


@cache
def _report() -> Report:
    analysis = Analysis(sample())
    return build_report(analysis, comparison=compare(analysis, grouping_of(analysis.cohort, "center")))


def _texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_is_as_wide_as_asked_for(width: int) -> None:
    item = _report().item("improvements:pain")
    picture = Image.open(io.BytesIO(draw(item, width, "png")))
    assert picture.width == pytest.approx(width / 25.4 * DPI, abs=1)
    assert picture.info["dpi"][0] == pytest.approx(DPI, abs=1)
    svg = draw(item, width, "svg").decode()
    found = re.search(r'width="([\d.]+)pt"', svg)
    assert found is not None
    assert float(found[1]) == pytest.approx(width / 25.4 * 72, abs=0.1)


@pytest.mark.parametrize("key", [item.key for item in _report().items if printable(item)])
def test_every_picture_has_a_key_axis_titles_and_type_that_can_be_read(key: str) -> None:
    item = _report().item(key)
    assert item.chart is not None
    svg = draw(item, 85, "svg").decode()
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
    assert sizes
    assert min(sizes) >= LEAST_POINTS
    assert 'id="legend_1"' in svg or item.figure == "flow", "the boxes of a flow have their words inside"
    assert "<image" not in svg
    words = " ".join(_texts(svg))
    if any(s.low for s in item.chart.series if s.role not in ("rate", "top two")):
        assert "95% CI" in words
        assert f"n = {item.chart.n}" in words
    assert re.search("Patients|mprovement|VAS|index|12 months", words)
    assert caption(item, _report()).startswith(item.heading)


def test_counts_of_the_picture_are_those_of_the_chart() -> None:
    item = _report().item("improvements:pain")
    assert item.chart is not None
    words = _texts(draw(item, 85, "svg").decode())
    for series in item.chart.series:
        if series.rows:
            assert f"{series.name.lower()} ({len(series.values)})" in words
    bars = _texts(draw(_report().item("responders"), 85, "svg").decode())
    assert {"20", "6", "21", "15"} <= set(bars)


def test_file_types_and_the_zip() -> None:
    item = _report().item("responders")
    starts = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG", "tiff": b"II*"}
    for kind in FILE_TYPES:
        assert draw(item, 85, kind).startswith(starts[kind])  # type: ignore[arg-type]
    assert format_of("out.figures.zip").ending == "figures.zip"
    data = export(_report(), "figures.zip", Options(keys=("responders", "statements:0")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert {"figure-1.pdf", "figure-1.svg", "figure-1.png", "figure-2.pdf", "captions.txt"} == set(names) - {
            "figure-2.svg",
            "figure-2.png",
        }
        assert archive.read("captions.txt").decode().startswith("Figure 1. ")


def test_an_interval_beyond_the_scale_ends_there_with_an_arrow() -> None:
    few = build_report(Analysis(sample(), Selection.of({}, {"age": Range(52.0, 55.0)})))
    whole = draw(_report().item("paired:eq_vas"), 85, "svg").decode()
    cut = draw(few.item("paired:eq_vas"), 85, "svg").decode()
    marks = [len(re.findall(r'id="PathCollection_\d+"', svg)) for svg in (whole, cut)]
    assert marks[1] == marks[0] + 4, "both ends of both intervals go on"
