"""The drawing of the house in docs/ is made from the imports as they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_drawing_of_the_house_is_true() -> None:
    spec = importlib.util.spec_from_file_location("tour", ROOT / "docs" / "tour.py")
    assert spec is not None
    assert spec.loader is not None
    tour = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tour)
    known = tour.modules()
    graph = tour.imports(known)
    drawn = tour.DRAWING.read_text("utf-8")
    assert drawn == tour.drawing(graph), "The rooms import one another otherwise now: run `make tour` and commit it."
    assert set(tour.rooms(graph)) <= set(tour.WHAT), "A room has no words in docs/tour.py."
    assert "stats imports analysis" not in drawn
    figures = tour.figures(known, graph)
    assert figures.splitlines()[-1].startswith("lib/")
