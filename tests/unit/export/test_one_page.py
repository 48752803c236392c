"""The cohort on one A4 page: what fits stands there whole, what does not is named, and nothing runs or is fetched."""

from __future__ import annotations

import re
from functools import cache

import pytest

from lib.analysis import Analysis
from lib.cohort.selection import Selection
from lib.disclosure.readers import Reader
from lib.export import ExportError, Options, export, format_of
from lib.present import slide_html
from lib.report.report import Report, build_report
from tests.sample import sample

PAGE = 275.0
"""Millimetres between the margins of 11 mm."""


@cache
def report(etiology: str = "") -> Report:
    chosen = Selection.of({"etiology": (etiology,)}) if etiology else Selection()
    return build_report(Analysis(sample(), chosen))


@cache
def page(etiology: str = "") -> str:
    return export(report(etiology), "page.html").decode("utf-8")


@pytest.mark.parametrize("etiology", ["", "Ehlers-Danlos syndrome"])
def test_its_rows_fit_an_a4_page(etiology: str) -> None:
    rows = [float(mm) for mm in re.findall(r"flex-basis:([\d.]+)mm", page(etiology))]
    assert len(rows) >= 4
    assert sum(rows) + 3.5 * len(rows) < PAGE - 35


def test_it_has_an_ending_of_its_own() -> None:
    assert format_of("out.page.html").ending == "page.html"
    assert format_of("out.html").ending == "html"


def test_it_runs_nothing_and_every_picture_has_words() -> None:
    assert "<script" not in page()
    assert "default-src 'none'" in page()
    assert page().count('role="img" aria-label="') == page().count("<svg") >= 4
    ids = re.findall(r'\bid="([^"]+)"', page())
    assert len(ids) == len(set(ids)), "two pictures share the name of a part"


def test_what_has_no_room_is_named_and_a_series_is_no_proof() -> None:
    assert "No control group: change is not the effect of surgery." in page()
    named = re.search(r"No room on this page for: ([^.]+)\.", page())
    shown = re.findall(r"<h2>([^<]+)</h2>", page())
    assert named is not None or any("adverse event" in words for words in shown)


def test_of_four_patients_there_is_no_p() -> None:
    assert "too few to test" in page("Ehlers-Danlos syndrome")
    assert not re.search(r"\bp\W?[=<>]", re.sub(r"<[^>]+>", " ", page("Ehlers-Danlos syndrome")))


def test_it_is_not_for_the_public() -> None:
    public = build_report(Analysis(sample()), reader=Reader.PUBLIC)
    with pytest.raises(ExportError, match="the one page show more than the public may see"):
        export(public, "page.html", Options())


def test_a_number_without_room_in_its_bar_is_left_out_rather_than_cut() -> None:
    narrow = slide_html.BarRow("ODI", ((880, "#000", "#fff"), (120, "#000", "#fff")), ("",))
    wide = slide_html.BarRow("ODI", ((800, "#000", "#fff"), (200, "#000", "#fff")), ("",))
    assert ">120<" not in slide_html.bars((narrow,), ("",), ("", ""))
    assert ">200<" in slide_html.bars((wide,), ("",), ("", ""))
