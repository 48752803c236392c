"""What is known about an instrument, from the page Before and after."""

from __future__ import annotations

from tests.pages.conftest import OpenApp


def test_the_dialog_has_range_thresholds_and_sources(open_app: OpenApp) -> None:
    app = open_app("before_after")
    next(b for b in app.button if b.key == "about_instrument").click().run()
    shown = "\n".join(m.value for m in app.markdown)
    assert "lower is better" in shown
    assert "PubMed 32189123" in shown
