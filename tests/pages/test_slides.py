"""Every chart that a page draws gives a slide: it opens, has a title and notes, and nothing leaves its place."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pptx
import pytest

from lib.export.pptx.one_slide import Wanted, chart_slide
from lib.present.chart_data import ChartData
from lib.report.plan import Origin
from lib.ui import saved
from tests.app_pages import app_pages
from tests.pages.conftest import OpenApp
from tests.unit.export.test_slides import check_layout

ORIGIN = Origin("misjf.csv", "ab" * 32, False, "1.0", "2026-11-24")
TABS = {
    "compare": ("compare-tabs", ("Case mix", "One number against another", "Who did not improve?")),
    "eq5d": ("eq5d_tabs", ("Value sets", "Profile grid", "Commonest states")),
    "patients": ("patients-tab", ("Who they were", "Who is missing")),
    "responders": ("tabs", ("Patients", "Where does the MCID come from")),
    "statements": ("statement_tabs", ("By group", "Two statements together", "Every answer")),
}


def slide(data: ChartData, *, colors: Mapping[str, str]) -> Any:
    wanted = Wanted("All patients · 57 operated, 29 analysed", ORIGIN, 2, colors)
    return pptx.Presentation(io.BytesIO(chart_slide(data, wanted)))


@pytest.mark.parametrize("compare", ["", "etiology"])
@pytest.mark.parametrize("page", [str(page) for page in app_pages()])
def test_every_chart_of_a_page_is_a_slide(
    page: str, compare: str, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, tuple[ChartData, dict[str, str]]] = {}

    def spy(data: ChartData, figure: Mapping[str, Any], view: object) -> None:
        drawn[repr(data)] = (data, saved._colors(figure))

    monkeypatch.setattr(saved, "chart_slide", spy)
    key, tabs = TABS.get(page, ("", ("",)))
    app = open_app(None if page == "overview" else page, state={"choice.compare": compare} if compare else {})
    for tab in tabs:
        if tab:
            app.session_state[key] = tab
            app.run()
    assert drawn
    for data, colors in drawn.values():
        deck = slide(data, colors=colors)
        check_layout(deck)
        for one in deck.slides:
            assert one.shapes.title.text
            notes = one.notes_slide.notes_text_frame.text
            assert data.title in notes
            assert ORIGIN.words in notes
            assert len(one.shapes) > 2  # title, footer, and something to look at
