"""The export holds what is compared on screen."""

from __future__ import annotations

import io
from typing import Any

import pptx
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.contrasts import Question
from lib.export import Options, export, presets
from lib.export.pptx.slide_count import count_slides
from lib.report import report as reports
from lib.report.talk import talk
from tests.pages.conftest import OpenApp
from tests.sample import sample


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


@pytest.mark.parametrize(
    ("state", "question"),
    [
        ({"choice.reference": "Unknown"}, Question("Unknown")),
        ({"choice.reference": "*", "choice.primary": "eq_vas"}, Question("", True, "eq_vas")),
    ],
)
def test_the_export_sets_groups_against_what_the_page_sets_them_against(
    state: dict[str, Any], question: Question, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    app = open_app(state={"choice.compare": "etiology", **state})
    app.button(key="export-open").click().run()
    assert made[-1].plan.comparison.question == question


def test_three_presets_a_matrix_and_one_primary_button(open_app: OpenApp) -> None:
    app = open_app(state={"choice.compare": "center"})
    app.button(key="export-open").click().run()
    lists = [group for group in app.pills if str(group.key).startswith("export.items.")]
    assert [group.label for group in lists][:2] == ["Scores before and after", "Responders"]
    assert len({group.label for group in lists}) == len(lists) >= 6
    assert max(len(group.options) for group in lists) < 25
    files = [b for b in app.get("download_button") if b.proto.type == "primary"]
    assert [b.proto.label for b in files] == ["Slides (PowerPoint)"]
    assert any("slides with title and methods" in m.value for m in app.markdown)


def test_the_presets_are_the_talk_the_manuscript_and_everything() -> None:
    report = reports.build_report(Analysis(sample()))
    keys = {preset: presets.chosen(report, preset) for preset in presets.PRESETS}
    assert set(keys["Meeting"]) == {i.key for s in talk(report) for i in s.parts}
    assert {"table_1", "before_after", "responders"} <= set(keys["Paper"])
    assert keys["Everything"] == tuple(item.key for item in report.items)
    found = presets.grid(report)
    assert set(found.cells.values()) <= set(keys["Everything"])
    assert [label for _, label in found.measures] == [m.label for m in report.plan.measures]
    for preset in presets.PRESETS:
        made = pptx.Presentation(io.BytesIO(export(report, "pptx", Options(keys=keys[preset]))))
        assert count_slides(report, keys[preset]) == len(made.slides), preset


@pytest.mark.parametrize(
    ("state", "field", "value"),
    [
        ({"choice.p": "show"}, "p_values", True),
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


def test_the_export_counts_by_the_kind_of_rule_in_force(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    app = open_app(state={"choice.kind": "percent"})
    app.button(key="export-open").click().run()
    assert made[-1].plan.rules["pain"].kind == "percent"
