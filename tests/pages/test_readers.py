"""Who will see it is one choice: for the export, for Present, and for what a page saves."""

from __future__ import annotations

from typing import Any

import pytest

from lib.disclosure.readers import REMARKS, Reader
from lib.report import report as reports
from tests.pages.conftest import OpenApp
from tests.sample import sample


def given(reader: Reader) -> dict[str, Any]:
    return {"_export_readers": (sample().provenance.fingerprint, reader)}


def texts(app: Any) -> str:
    return " ".join(str(getattr(e, "value", "")) for kind in (app.title, app.markdown) for e in kind)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every report that the app builds."""
    built: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: built.append(real(*a, **k)) or built[-1])
    return built


@pytest.mark.parametrize("reader", [Reader.CONGRESS, Reader.PUBLIC])
def test_the_export_is_made_for_the_reader_chosen(reader: Reader, open_app: OpenApp, made: list[Any]) -> None:
    app = open_app(state=given(reader))
    app.button(key="export-open").click().run()
    assert made[-1].plan.reader is reader
    assert REMARKS[reader] in texts(app)


@pytest.mark.parametrize("reader", [Reader.CONGRESS, Reader.PUBLIC])
def test_present_is_made_for_the_reader_chosen(reader: Reader, open_app: OpenApp, made: list[Any]) -> None:
    app = open_app(state={**given(reader), "choice.present": "on"})
    app.button(key="present_next").click().run()
    assert made[-1].plan.reader is reader
    assert ("57" in texts(app)) is (reader is Reader.CONGRESS)


def test_a_page_saves_its_tables_for_the_department_only(open_app: OpenApp) -> None:
    app = open_app("patients", state=given(Reader.CONGRESS))
    assert "For these readers use Export" in texts(app)
