"""The export holds what is compared on screen."""

from __future__ import annotations

from typing import Any

import pytest

from lib.report import report as reports
from tests.pages.conftest import OpenApp


@pytest.mark.parametrize("compare", ["", "etiology"])
def test_the_export_holds_the_groups_that_are_compared(
    compare: str, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: asked.append((k, real(*a, **k))) or asked[-1][1])
    app = open_app(state={"choice.compare": compare} if compare else {})
    app.button(key="export-open").click().run()
    given, report = asked[-1]
    plain = {item.key for item in real(report.plan.analysis).items}
    assert (given["comparison"] is not None) == bool(compare)
    assert ({item.key for item in report.items} > plain) == bool(compare)


def test_the_checklist_stands_by_subject_with_the_usual_on(open_app: OpenApp) -> None:
    app = open_app(state={"choice.compare": "center"})
    app.button(key="export-open").click().run()
    lists = [group for group in app.pills if str(group.key).startswith("export.items.")]
    assert [group.label for group in lists][:2] == ["Scores before and after", "Responders"]
    assert len({group.label for group in lists}) == len(lists) >= 6
    assert {len(group.value) > 0 for group in lists[:2]} == {True}
    assert max(len(group.options) for group in lists) < 25


@pytest.mark.parametrize(
    ("state", "field", "value"),
    [
        ({"choice.test": "wilcoxon"}, "test", "wilcoxon"),
        ({"choice.interval": "clopper-pearson"}, "interval", "clopper-pearson"),
        ({"choice.form": "mean (SD)"}, "numbers", "mean (SD)"),
        ({"choice.p": "show"}, "p_values", True),
        ({"choice.valueset": "netherlands_2006_tto"}, "value_set", "netherlands_2006_tto"),
        ({"choice.order": "name"}, "order", "name"),
        ({"choice.test": "nonsense"}, "test", None),
    ],
)
def test_the_export_follows_the_controls_of_the_pages(
    state: dict[str, Any], field: str, value: object, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    app = open_app(state=state)
    app.button(key="export-open").click().run()
    assert getattr(made[-1].plan.choices, field) == value


def test_the_export_has_the_p_value_that_the_page_shows(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    app = open_app("before_after", state={"choice.test": "wilcoxon", "choice.measure": "eq_vas"})
    sentence = next(code.value for code in app.code if "EQ VAS" in code.value)
    app.button(key="export-open").click().run()
    assert sentence in " ".join(made[-1].results)


def test_the_export_counts_by_the_kind_of_rule_in_force(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    app = open_app(state={"choice.kind": "percent"})
    app.button(key="export-open").click().run()
    assert made[-1].plan.rules["pain"].kind == "percent"
