"""What the app sends to the browser for a chart, written down without a browser: the figures a bare app then redraws.

Streamlit's own AppTest runs the app; the bytes of each chart are those the browser would get.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Recorded = list[dict[str, str]]
"""Per state of a control: chart key → what is sent for it, as text."""


def open_page(page: str, *, cohort: Any = None) -> Any:
    """The app at one page, run once; with another cohort than the sample when one is given."""
    from streamlit.logger import set_log_level
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import AppTest

    set_log_level("error")  # its loggers have levels of their own: the one of "streamlit" does not reach them
    real = PagesManager.__init__

    def framed(self: Any, *args: Any, **kwargs: Any) -> None:
        # AppTest (1.67) would run a page without app.py around it
        real(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    PagesManager.__init__ = framed  # type: ignore[method-assign]
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    if cohort is not None:
        app.session_state["_cohort"] = cohort
    app.run()
    if page:
        app.switch_page(f"pages/{page}.py").run()
    _check(app)
    return app


def charts(app: Any) -> dict[str, str]:
    """What the page sends for each of its charts, in the order of the page."""
    found = [element.proto.bytes.decode() for element in app.get("bidi_component") if _is_chart(element)]
    return {json.loads(text)["file_name"]: text for text in found}


def _is_chart(element: Any) -> bool:
    return bool(element.proto.component_name.endswith(".chart"))


def record(page: str, states: Sequence[Mapping[str, Any]]) -> Recorded:
    """The charts of a page in each of these states of the session, one after the other."""
    app = open_page(page)
    recorded = [charts(app)]
    for state in states:
        for key, value in state.items():
            app.session_state[key] = value
        app.run()
        _check(app)
        recorded.append(charts(app))
    return recorded


def weight(app: Any) -> int:
    """Bytes of everything a full run of the page sends."""
    return sum(element.proto.ByteSize() for element in _elements(app._tree) if getattr(element, "proto", None))


def _elements(block: Any) -> list[Any]:
    found = []
    for child in block.children.values():
        found.append(child)
        if hasattr(child, "children"):
            found += _elements(child)
    return found


def _check(app: Any) -> None:
    if app.exception:
        raise SystemExit(f"the page shows an exception: {app.exception[0].message}")
