"""An address is the whole state: opened elsewhere it shows the same texts on every page, and Back undoes a choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.app_pages import app_pages
from tests.pages.conftest import OpenApp, page_file
from tests.pages.screen import charts


def query(app: AppTest) -> dict[str, Any]:
    return {key: app.query_params[key] for key in app.query_params}


def shown(app: AppTest, url_path: str) -> tuple[list[str], str]:
    """Titles, sentences, numbers and tables of a page, and its charts; not what a widget held before it was drawn."""
    app.switch_page(page_file(app, url_path)).run()
    texts = [str(one.value) for one in (*app.title, *app.markdown, *app.metric)]
    return texts + [html.proto.body for html in app.get("html")], str(charts(app))


def test_a_link_opened_elsewhere_shows_the_same_on_all_nine_pages(open_app: OpenApp) -> None:
    first = open_app("responders", query={"f.center": "Heerlen", "compare": "etiology", "people": "all"})
    first.button_group(key="choice.kind").set_value("percent").run()
    address = query(first)
    assert address["kind"] == ["percent"] or address["kind"] == "percent"
    assert "p.pain" in address  # kind and value, in the run of the click
    pages = app_pages()
    assert len(pages) == 9
    second = open_app(query=address)
    for page in pages:
        for one, other in zip(shown(first, page.url_path), shown(second, page.url_path), strict=True):
            assert one == other, page


def test_back_brings_the_state_of_an_address_again(open_app: OpenApp) -> None:
    app = open_app()
    before: Mapping[str, Any] = query(app)
    title = app.title[0].value
    app.button_group(key="filter.etiology").set_value(["Postpartum"]).run()
    assert app.title[0].value != title
    app.query_params.clear()
    for key, value in {**before, "undo": "1"}.items():  # as connection_watch.js marks an address that was gone back to
        app.query_params[key] = value
    app.run()
    assert app.title[0].value == title
    assert app.button_group(key="filter.etiology").value == []
    assert "undo" not in app.query_params


def test_an_address_marked_by_chance_changes_nothing(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": "Postpartum", "undo": "1"})
    assert app.button_group(key="filter.etiology").value == ["Postpartum"]
