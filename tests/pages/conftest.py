"""Every page through AppTest: framed by app.py, each run read for tracebacks and numbers that slipped through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app_pages import APP
from tests.pages.screen import problems

OpenApp = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _no_legacy_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep app.py around every page.

    AppTest (Streamlit 1.67) resets PagesManager.uses_pages_directory on every run; with a pages/ folder beside app.py
    it then runs the page file alone after switch_page(), without the sidebar.
    """
    from streamlit.runtime.pages_manager import PagesManager

    real = PagesManager.__init__

    def init(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", init)


def page_file(app: AppTest, page: str) -> str:
    """The file of a page, given as URL path ("before_after"; "" is the first) or as file ("pages/before_after.py")."""
    if page.endswith(".py"):
        return page
    known = {}
    for info in app._registered_pages.values():
        known[str(info.get("url_pathname", ""))] = str(info.get("script_path", ""))
    if page not in known:
        raise KeyError(f"no page {page!r}; the app has {sorted(known)}")
    return Path(known[page]).relative_to(Path(app._script_path).parent).as_posix()


@pytest.fixture(autouse=True)
def _patient_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read within one run, however busy the machine is: AppTest does not come back by itself."""
    monkeypatch.setattr("lib.ui.upload.reading.PATIENCE", 60.0)


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Open the app as a visitor would: `open_app("responders", query={"etiology": "Postpartum"})`.

    page: URL path or file of a page, default the first. query: the URL's parameters. state: session state set before
    the first run. script: another script than app.py. allow: words like "None" that the file truly contains.
    The AppTest that comes back is checked after every run, also after the clicks of the test: an exception, a traceback
    or a "nan", "None", "inf" anywhere on the page fails the test.
    """
    allowed: set[str] = set()
    real = AppTest._run

    def checked(self: AppTest, *args: Any, **kwargs: Any) -> AppTest:
        app = real(self, *args, **kwargs)
        found = problems(app, frozenset(allowed))
        if found:
            pytest.fail("\n".join(found), pytrace=False)
        return app

    monkeypatch.setattr(AppTest, "_run", checked)

    def open_(
        page: str | None = None,
        *,
        query: Mapping[str, str | list[str]] | None = None,
        state: Mapping[str, Any] | None = None,
        script: Path = APP,
        timeout: float = 60,
        allow: frozenset[str] | set[str] = frozenset(),
    ) -> AppTest:
        allowed.update(allow)
        app = AppTest.from_file(str(script), default_timeout=timeout)
        for name, value in (query or {}).items():
            app.query_params[name] = value
        for name, value in (state or {}).items():
            app.session_state[name] = value
        app.run()
        if page is not None:
            app.switch_page(page_file(app, page)).run()
        return app

    return open_
