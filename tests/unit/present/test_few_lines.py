"""Before and after with few patients: they are louder than their means, and an interval stays on its scale."""

from __future__ import annotations

from typing import Any

from lib.analysis import Analysis
from lib.cohort.selection import Selection
from lib.present.charts.axes import score_axis
from lib.present.charts.lines import lines_data, lines_figure
from lib.present.theme import PALETTE
from tests.sample import sample

FOLLOW_UP = "12m"


def figure(*etiologies: str) -> dict[str, Any]:
    """The lines of VAS pain from 0 to 10."""
    analysis = Analysis(sample(), Selection.of({"etiology": etiologies}) if etiologies else Selection())
    time = FOLLOW_UP
    pairs = analysis.pairs("pain", time)
    axis = score_axis(sample(), sample().measure("pain"), time)
    return lines_figure(lines_data(analysis.paired("pain", time), pairs, None, axis, ("Before", "After"), ""))


def means(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in drawn["data"] if trace.get("hoverinfo") == "skip"]


def test_four_patients_have_grey_means_within_the_scale() -> None:
    """4.22 to 11.28 goes beyond 10: the line ends there, an arrow says that it goes on, the words stay whole."""
    drawn = figure("Ehlers-Danlos syndrome")
    lines = [trace for trace in means(drawn) if trace["mode"] == "lines"]
    assert max(trace["y"][1] for trace in lines) == 10
    assert {trace["line"]["color"] for trace in lines} == {PALETTE.baseline}
    assert [t["y"] for t in means(drawn) if t.get("marker", {}).get("symbol") == "triangle-up"] == [[10]]
    words = [note["text"] for note in drawn["layout"]["annotations"]]
    assert "7.75" in words
    assert "4.22 to 11.28" in words


def test_two_patients_have_no_mean_and_many_a_loud_one() -> None:
    assert means(figure("Posttraumatic")) == []
    drawn = figure()
    assert {t["line"]["color"] for t in means(drawn) if t["mode"] == "lines"} == {PALETTE.ink}
    assert "<b>7.83</b>" in [note["text"] for note in drawn["layout"]["annotations"]]
