"""What goes into an export at one choice: for a meeting, for a paper, or everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from lib.export import manuscript
from lib.report.report import Report
from lib.report.talk import talk

Preset = Literal["Meeting", "Paper", "Everything"]
PRESETS: tuple[Preset, ...] = get_args(Preset)
FIRST_FORMAT: Mapping[Preset, str] = {"Meeting": "pptx", "Paper": "manuscript.docx", "Everything": "docx"}
"""The format that a preset is for: its button is the first."""


def chosen(report: Report, preset: Preset) -> tuple[str, ...]:
    """Keys of the items of a preset, in the order of the report."""
    if preset == "Everything":
        return tuple(item.key for item in report.items)
    wanted = manuscript.contents(report) if preset == "Paper" else _of_the_talk(report)
    return tuple(item.key for item in report.items if item.key in wanted)


def _of_the_talk(report: Report) -> Collection[str]:
    return {item.key for slide in talk(report) for item in slide.parts}


@dataclass(frozen=True, slots=True)
class Grid:
    """Items of measures: measure (key, label) down, kinds that all of them have across; the item of each cell."""

    measures: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], str]


_KINDS = {
    "paired": "Before and after",
    "lines": "Every patient",
    "improvements": "Improvements",
    "curve": "Responder curve",
    "scatter": "Scatter",
    "waterfall": "Waterfall",
    "thirds": "By third",
    "mcid": "MCID",
    "forest": "Groups",
    "between": "Differences",
}


def grid(report: Report) -> Grid:
    """The matrix of measures × figures of a report."""
    labels = {m.key: m.label for m in report.plan.measures}
    cells: dict[tuple[str, str], str] = {}
    for item in report.items:
        kind, _, measure = item.key.partition(":")
        if kind in _KINDS and measure in labels:
            cells[measure, kind] = item.key
    kinds = tuple((kind, name) for kind, name in _KINDS.items() if all((m, kind) in cells for m in labels))
    shared = {cell: key for cell, key in cells.items() if cell[1] in dict(kinds)}
    return Grid(tuple(labels.items()), kinds, shared)
