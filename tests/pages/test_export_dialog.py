"""The export holds what is compared on screen."""

from __future__ import annotations

from typing import Any

import pytest

from lib.ui import export_dialog
from tests.pages.conftest import OpenApp


@pytest.mark.parametrize("compare", ["", "etiology"])
def test_the_export_holds_the_groups_that_are_compared(
    compare: str, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    real = export_dialog.build_report
    monkeypatch.setattr(export_dialog, "build_report", lambda *a, **k: asked.append((k, real(*a, **k))) or asked[-1][1])
    app = open_app(state={"choice.compare": compare} if compare else {})
    app.button(key="export-open").click().run()
    given, report = asked[-1]
    plain = {item.key for item in real(report.plan.analysis).items}
    assert (given["comparison"] is not None) == bool(compare)
    assert ({item.key for item in report.items} > plain) == bool(compare)
