"""The manuscript, as Word: methods, results that cite every table and figure, tables and figures, the checklist.

A few tables and two to four figures, chosen from the report: the flow, the patients, the outcomes, responders, groups
where they are compared, safety. Everything else stays in the report and the workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lib.export.docx import Pages
from lib.export.options import Options
from lib.export.print_figures import caption, draw, printable
from lib.export.saving import saved
from lib.export.strobe import strobe_table
from lib.present.table import Table
from lib.report.plan import Item
from lib.report.report import Report

_WIDTH = 174
"""Millimetres of a figure here: the width of a page without its margins is 167; Word scales it down by 4%."""
_INCHES = 6.5
_MOST_FIGURES, _LONGEST = 4, 60
_SHORT = {
    "ASA": "American Society of Anesthesiologists class",
    "BMI": "body mass index",
    "CI": "confidence interval",
    "EQ-5D": "EuroQol five dimensions",
    "EQ VAS": "EuroQol visual analogue scale",
    "IQR": "interquartile range",
    "MCID": "minimal clinically important difference",
    "ODI": "Oswestry Disability Index",
    "Q1, Q3": "first and third quartile",
    "SD": "standard deviation",
    "SMD": "standardised mean difference",
    "VAS": "visual analogue scale",
}
_CITED = {
    "patients": ("flow", "table_1"),
    "scores": ("outcomes", "improvements"),
    "responders": ("responders",),
    "classes": ("eq5d",),
    "groups": ("groups", "forest"),
    "statements": ("statements",),
    "safety": ("safety",),
}
"""What the paragraphs of the results cite."""


def write(report: Report, options: Options) -> bytes:
    """The manuscript as bytes."""
    from docx import Document

    document = Document()
    pages = Pages(document, options)
    pages.spoken()
    _Manuscript(pages, report).fill()
    return saved(document, report.title, options.author)


def contents(report: Report) -> frozenset[str]:
    """Keys of the items that a manuscript shows."""
    tables = {key for key, _ in _tables(report)}
    named: dict[str, tuple[str, ...]] = {
        "table_1": ("table_1",),
        "outcomes": ("before_after",),
        "responders": ("responders",),
    }
    named |= {"safety": ("events:table", "safety"), "groups": tuple(i.key for i in report.items if _of_groups(i))[:1]}
    figures = [item.key for _, item in list(_figures(report))[:_MOST_FIGURES]]
    return frozenset((*(name for key in tables for name in named[key]), *figures))


class _Manuscript:
    """What is chosen, numbered and placed."""

    def __init__(self, pages: Pages, report: Report) -> None:
        self.pages, self.report = pages, report
        self.tables = dict(_tables(report))
        self.figures = dict(list(_figures(report))[:_MOST_FIGURES])
        self.places = {key: f"Table {k}" for k, key in enumerate(self.tables, 1)}
        self.places |= {key: f"Figure {k}" for k, key in enumerate(self.figures, 1)}

    def fill(self) -> None:
        """The whole document in its order."""
        pages, report = self.pages, self.report
        pages.head(report)
        pages.heading("Methods")
        for words in report.methods:
            pages.paragraph(words)
        pages.heading("Results")
        for key, words in (("patients", self._patients()), *report.parts):
            cited = self._cited(key)
            pages.paragraph(f"{words.removesuffix('.')}{cited}" if cited else words)
        pages.heading("Tables")
        for place, (_, table) in enumerate(self.tables.items(), 1):
            pages.table(_footnoted(table), place, whole=len(table.rows) <= _LONGEST)
        pages.heading("Figures")
        for place, item in enumerate(self.figures.values(), 1):
            words = caption(item, report)
            pages.picture(draw(item, _WIDTH, "png"), _INCHES, place, words)
        pages.heading("Checklist")
        pages.table(strobe_table(report.plan, self.places), len(self.tables) + 1)
        pages.footer(report.origin)

    def _patients(self) -> str:
        flow = self.figures.get("flow")
        return f"{self.report.who}." if flow is None else f"{flow.finding}."

    def _cited(self, key: str) -> str:
        found = [self.places[part] for part in _CITED.get(key, ()) if part in self.places]
        return f" ({'; '.join(found)})." if found else ""


def _of_groups(item: Item) -> bool:
    return item.subject.startswith("Groups") and item.table is not None


def _tables(report: Report) -> Iterator[tuple[str, Table]]:
    wanted = {"table_1": "table_1", "outcomes": "before_after", "responders": "responders", "safety": "events:table"}
    known = {item.key: item.table for item in report.items}
    known["events:table"] = known.get("events:table") or known.get("safety")
    groups = next((i.table for i in report.items if _of_groups(i)), None)
    for key, name in wanted.items():
        table = known.get(name)
        if table is not None and table.rows:
            yield key, table
        if key == "outcomes" and groups is not None and groups.rows:
            yield "groups", groups


def _figures(report: Report) -> Iterator[tuple[str, Item]]:
    wanted = (("flow", "flow:"), ("improvements", "improvements:"), ("forest", "forest:"), ("eq5d", "eq5d:dimensions"))
    for key, start in (*wanted, ("statements", "statements:")):
        found = next((i for i in report.items if i.key.startswith(start) and printable(i)), None)
        if found is not None:
            yield key, found


def _footnoted(table: Table) -> Table:
    """Under its notes the abbreviations that it uses."""
    words = " ".join((table.title, *(c.name for c in table.columns), *(x.text for row in table.rows for x in row)))
    words += " ".join(table.notes)
    used = [
        f"{short}, {long}" for short, long in _SHORT.items() if re.search(rf"(?<!\w){re.escape(short)}(?!\w)", words)
    ]
    return replace(table, notes=(*table.notes, f"{'; '.join(used)}.")) if used else table
