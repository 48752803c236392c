"""What is known about an instrument, from the page Before and after."""

from __future__ import annotations

from tests.pages.conftest import OpenApp


def test_every_page_that_names_a_measure_offers_it(open_app: OpenApp) -> None:
    index = "about_eq5d3l_index:europe_vas"
    for page, key in (("", "about_eq_vas"), ("responders", "about_pain"), ("compare", "about_pain"), ("eq5d", index)):
        assert key in {b.key for b in open_app(page).button}, page


def test_the_dialog_has_range_thresholds_and_sources(open_app: OpenApp) -> None:
    app = open_app("before_after")
    next(b for b in app.button if b.key == "about_pain").click().run()
    shown = "\n".join(m.value for m in app.markdown)
    assert "lower is better" in shown
    assert "PubMed 32189123" in shown
