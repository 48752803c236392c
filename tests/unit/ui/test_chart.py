"""What the chart sends to the browser, under AppTest; tests/browser/test_chart.py shows what comes of it there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.present import theme
from lib.present.table import Cell, Column, Table
from lib.ui import chart

ROOT = Path(__file__).parents[3]


def page() -> None:
    import streamlit as st

    from lib.ui.chart import draw

    event = draw(key="one", height=200, alt="Pain fell", **st.session_state["given"])
    st.text(f"event {event}")


def run(**given: Any) -> AppTest:
    at = AppTest.from_function(page, default_timeout=20)
    at.session_state["given"] = given
    return at.run()


def sent(at: AppTest) -> dict[str, Any]:
    assert not at.exception
    (component,) = at.get("bidi_component")
    return json.loads(component.proto.bytes)


FIGURE = {"data": [{"type": "bar", "x": ["a"], "y": [1.5]}], "layout": {"height": 999, "width": 10, "transition": {}}}


def test_the_figure_arrives_with_our_template_and_height() -> None:
    payload = sent(run(figure=FIGURE, title="Means", note="29 of 57 patients"))
    assert payload["figure"]["data"] == FIGURE["data"]
    layout = payload["figure"]["layout"]
    assert layout["template"] == theme.template()
    assert layout["height"] == payload["height"] == 200
    assert not {"width", "transition"} & layout.keys()
    assert (payload["alt"], payload["title"], payload["note"]) == ("Pain fell", "Means", "29 of 57 patients")
    assert payload["table"] is None
    assert FIGURE["layout"]["height"] == 999  # the caller's figure is his own


def test_a_template_of_ours_is_kept() -> None:
    payload = sent(run(figure={"data": [], "layout": theme.layout(theme.PROJECTOR)}))
    assert payload["figure"]["layout"]["template"] == theme.template(theme.PROJECTOR)


def test_a_plotly_figure_loses_the_template_of_streamlit() -> None:
    import plotly.graph_objects as go

    payload = sent(run(figure=go.Figure(go.Scatter(x=np.array([1.0, 2.0]), y=[3, 4]))))
    assert payload["figure"]["layout"]["template"] == theme.template()
    assert "#000001" not in json.dumps(payload)  # Streamlit's placeholder for a colour


def test_numpy_and_gaps_are_plain_values() -> None:
    figure = {"data": [{"type": "scatter", "x": np.arange(2), "y": [np.float64(1.5), None]}]}
    assert sent(run(figure=figure))["figure"]["data"] == [{"type": "scatter", "x": [0, 1], "y": [1.5, None]}]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan")])
def test_a_figure_holds_no_nan(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        chart.draw({"data": [{"y": [value]}]}, key="k", alt="a", height=10)


def test_a_figure_holds_no_strange_objects() -> None:
    with pytest.raises(TypeError, match="cannot hold a object"):
        chart.draw({"data": [{"y": [object()]}]}, key="k", alt="a", height=10)


def test_a_chart_says_what_it_shows() -> None:
    with pytest.raises(ValueError, match="states its finding"):
        chart.draw(FIGURE, key="k", alt=" ", height=10)


def test_a_table_goes_along_as_text() -> None:
    columns = (Column(""), Column("Mean", "right"))
    table = Table("Means", columns, ((Cell("<b>Baseline</b>"), Cell("7.83", 7.8276)),), ("n = 29",))
    assert sent(run(figure=FIGURE, table=table))["table"] == {
        "columns": [{"name": "", "align": "left"}, {"name": "Mean", "align": "right"}],
        "rows": [["<b>Baseline</b>", "7.83"]],
        "notes": ["n = 29"],
    }
    rows = [{"Group": "All", "n": 29}, {"Group": "Postpartum", "Mean": None}]
    assert sent(run(figure=FIGURE, table=rows))["table"]["rows"] == [["All", "29", ""], ["Postpartum", "", ""]]
    assert sent(run(figure=FIGURE, table=[]))["table"]["rows"] == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [("pain", "pain"), ("../../etc/passwd", "etc-passwd"), ("a b/c: d", "a-b-c-d"), ("", "chart"), ("…", "chart")],
)
def test_file_names_are_safe(name: str, safe: str) -> None:
    assert sent(run(figure=FIGURE, file_name=name))["file_name"] == safe


def test_no_click_is_no_event() -> None:
    at = run(figure=FIGURE, on_click=True)
    assert sent(at)["click"] is True
    assert at.text[0].value == "event None"


@pytest.mark.parametrize("lie", [None, "x", {}, [], [1], [{}], [{"curve": "0"}]])
def test_what_is_not_a_click_is_none(lie: object) -> None:
    assert chart._event(lie) is None


def test_a_click_names_the_mark() -> None:
    event = chart._event([{"curve": 1, "index": 4, "x": -2, "y": 3, "customdata": "row 12"}])
    assert event == chart.ChartEvent((chart.ChartPoint(1, 4, -2, 3, "row 12"),))


@pytest.mark.parametrize("reason", ["browser", "server"])
def test_streamlit_draws_when_the_component_cannot(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = AppTest.from_function(page, default_timeout=20)
    at.session_state["given"] = {"figure": FIGURE, "table": [{"Group": "All", "n": 29}], "on_click": True}
    if reason == "browser":
        at.session_state[chart._PLAIN] = True
    else:
        monkeypatch.setattr(chart, "_component", lambda: None)
    at.run()
    assert not at.exception
    assert not at.get("bidi_component")
    (drawn,) = at.get("plotly_chart")
    assert drawn.proto.alt == "Pain fell"
    assert json.loads(drawn.proto.spec)["data"][0]["y"] == [1.5]
    assert at.table[0].value.to_dict("list") == {"Group": ["All"], "n": ["29"]}
    assert at.text[0].value == "event None"


def test_the_component_is_what_draws_here() -> None:
    """The fallback must not hide that a new Streamlit lost the way to serve the component's files."""
    at = run(figure=FIGURE)
    (component,) = at.get("bidi_component")
    assert component.proto.js_source_path.endswith("live_chart.js")
    assert component.proto.css_source_path.endswith("live_chart.css")
    assert component.proto.isolate_styles is False


def test_the_script_is_the_plotly_of_plotly_py() -> None:
    """Screen and exported page must be drawn by one plotly.js: the two banners name one version."""
    import plotly

    ours = (ROOT / "static" / "plotly-cartesian.min.js").read_text("utf-8")
    theirs = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")
    version = ours[:400].split("minified) v")[1].split()[0]
    assert f"plotly.js v{version}\n" in theirs[:400]
    assert f'const VERSION = "{version}"' in (ROOT / "lib/ui/live_chart/live_chart.js").read_text("utf-8")
