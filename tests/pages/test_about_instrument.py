"""What is known about an instrument, from the page Before and after."""

from __future__ import annotations

from lib.present.guide.instruments import facts
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


def test_tables_of_several_measures_have_one_control_for_all_of_them(open_app: OpenApp) -> None:
    for page, key in (("patients", "about_all_ends"), ("data_check", "about_all_missing")):
        app = open_app(page)
        next(b for b in app.button if b.key == key).click().run()
        assert not app.exception
        chosen = next(s for s in app.selectbox if s.label == "Instrument")
        assert "Self-rated health (EQ VAS)" in chosen.options
        assert "lower is better" in "\n".join(m.value for m in app.markdown)


def test_what_is_missing_of_the_norms_is_said() -> None:
    for key, words in (("eq_vas", "20 countries"), ("eq5d5l_index", "Netherlands"), ("sf36_pf", "No norm by age")):
        assert words in "\n".join(facts(key)), key
    assert "No norm" not in "\n".join(facts("promis_pf"))


def test_all_outcomes_at_once_have_one_each(open_app: OpenApp) -> None:
    app = open_app("compare")
    app.session_state["choice.forests"] = "all"
    app.run()
    assert {"about_pain", "about_eq_vas"} <= {b.key for b in app.button}
