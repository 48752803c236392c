"""Every control that changes a number or a table: what the page then prints stands in every file of the export.

Compared are displayed values: the text of documents, slides and the web page, and of the workbook what a spreadsheet
shows of a cell, its number under its pattern.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import openpyxl
import pytest

from lib.analysis import Analysis
from lib.cohort.cohort import Category, Cohort, TimePoint
from lib.export import export, manuscript, one_page
from lib.present.charts.axes import Order
from lib.present.wording import plain_spaces
from lib.report import report as reports
from lib.report.plan import Choices
from lib.report.report import Report
from lib.ui.compare.control import ALL_PAIRS
from tests.cohorts import cohort
from tests.office_text import office_text, page_text
from tests.pages.conftest import OpenApp, page_file
from tests.pages.screen import words
from tests.sample import sample

TEXTS = ("pptx", "docx", "html", "manuscript.docx", "page.html", "xlsx")
A_PAGE_ONLY = {
    "manuscript.docx": ("mcid", "centers", "value set", "median", "each pair"),
    "page.html": ("mcid", "centers", "value set", "each pair", "interval", "Table 1", "a statement", "all due"),
}
"""What a format has no place for: a manuscript and the one page are chosen from the report."""


def two_follow_ups() -> Cohort:
    """Sixty patients with a second follow-up, where pain is one point less."""
    made = cohort(60)
    scores = dict(made.scores)
    scores["vas_pain", "24m"] = (scores["vas_pain", "12m"] - 1).clip(0)
    return replace(made, time_points=(*made.time_points, TimePoint("24m", "24 months", 24)), scores=scores)


def six_centers() -> Cohort:
    """Ninety patients in six centers: enough for a funnel."""
    made = cohort(90, statements={}, events=False, missing=0.1)
    code = np.random.default_rng(3).integers(0, 6, 90).astype(np.int32)
    center = Category("center", "Center", tuple("ABCDEF"), code, role="center")
    return replace(made, columns={**made.columns, "center": center}, answers={}, outcomes={}, yesno={})


RULES = {
    "choice.test": "wilcoxon",
    "choice.measure": "eq_vas",
    "choice.interval": "clopper-pearson",
    "choice.form": "mean (SD)",
    "choice.valueset": "netherlands_2006_tto",
    "choice.t.eq_vas": 12,
    "choice.people": "all",
    "choice.turned": "complaint_free",
    "choice.anchor": "satisfied_with_results",
    "anchor_levels_satisfied_with_results": [3],
    "tabs-2": "Where does the MCID come from",
}
GROUPS = {
    "choice.test": "counts",
    "choice.measure": "pain",
    "choice.kind": "reliable",
    "choice.r.pain": 0.8,
    "choice.compare": "center",
    "choice.reference": "Enschede",
    "choice.p": "show",
}
PAIRS = {
    "choice.compare": "etiology",
    "choice.reference": ALL_PAIRS,
    "choice.primary": "eq_vas",
    "choice.measure": "eq_vas",
    "choice.kind": "percent",
    "choice.p.eq_vas": 40,
}
SHOWN = {
    "rules": (
        RULES,
        (
            ("before_after", "", r"pseudomedian improvement \(Hodges–Lehmann\) was.*?(p = 0\.\d+)"),
            ("responders", "", r"EQ VAS: (\d+ of 29)"),
            ("responders", "interval", r"95% CI (\d+\.\d to \d+\.\d%) \(Clopper"),
            ("responders", "mcid", r"just improved: mean improvement (\d+\.\d \(95% CI [^)]*\))"),
            ("patients", "Table 1", r"EQ VAS, before surgery.*?>(\d+\.\d \(\d+\.\d\))"),
            ("eq5d", "value set", r"EQ-5D-3L index :gray\[improvement, n 29\] \+(\d\.\d{3})"),
            ("statements", "", r"(\d+ of \d+)"),
            ("statements", "a statement", r"“Completely free of complaints”: (\d+ of \d+ \(\d+\.\d%\))"),
        ),
    ),
    "groups": (
        GROUPS,
        (
            ("responders", "", r"VAS pain: (\d+ of 29)"),
            ("before_after", "", r"VAS pain fell.*?\((95% CI \d+\.\d to \d+\.\d%)"),
            ("compare", "", r"Heerlen − Enschede</th><td class=\"r\">\+?(\d\.\d+)"),
            ("patients", "Table 1", r"Opioid use, before surgery, n \(%\)</th>.*?>(0\.\d{3})</td><td>Chi-square"),
        ),
    ),
    "time": (
        {"choice.time": "24m", "choice.kind": "state", "choice.s.vas_pain": 3.0, "choice.over": "all"},
        (
            ("before_after", "", r"improvement of (\d\.\d+)"),
            (
                "responders",
                "all due",
                r"VAS pain: (\d+ of 60 \(\d+\.\d%\)) ended at 3 points or lower, missing counted",
            ),
        ),
    ),
    "pairs": (
        PAIRS,
        (
            ("responders", "", r"EQ VAS: (\d+ of \d+) patients \([0-9.]+%\) improved by at least 40% of baseline"),
            ("compare", "each pair", r"Trauma − Unknown</th><td class=\"r\">([+−]\d+\.\d+)"),
            ("compare", "each pair", r"Trauma − Unknown</th><td.*?</td><td class=\"r\">([^<>]* to [^<>]*)</td>"),
        ),
    ),
    "centers": (
        {"choice.compare": "center", "choice.adjust": "", "center-view": "Funnel"},
        (("compare", "centers", r"B: \+(\d\.\d\d) points in"), ("compare", "centers", r"average \+(\d\.\d\d)")),
    ),
}
"""Controls moved, and what the pages then print: page, what a format may lack, a pattern whose group is the number."""
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
IN_THE_ANALYSIS_FILE = ("rules", "groups", "time")
COHORTS: dict[str, Callable[[], Cohort]] = {
    "time": two_follow_ups,
    "pairs": lambda: cohort(60, statements={}, events=False),
    "centers": six_centers,
}


def _displayed(value: Any, pattern: str) -> str:
    """A cell as a spreadsheet shows it: the patterns that `lib.export.xlsx` writes."""
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return str(value or "")
    if pattern in ("General", "@"):
        return str(value)
    parts = pattern.split(";")
    own = parts[0] if value > 0 or len(parts) == 1 else parts[1] if value < 0 else parts[-1]
    found = re.fullmatch(r'("−"|[+−]?)0(\.0+)?(%?)', own)
    if found is None:
        return str(value)
    places = len(found[2] or ".") - 1
    digits = f"{abs(value) * (100 if found[3] else 1):.{places}f}"
    return f"{found[1].strip(chr(34))}{digits}{found[3]}"


def _text(report: Report, ending: str) -> str:
    data = export(report, ending)
    if ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheets = [sheet for sheet in book if sheet.title != "All numbers"]  # unrounded: nobody reads those off a page
        rows = [row for sheet in sheets for row in sheet.iter_rows()]
        return plain_spaces(" ".join(_displayed(c.value, c.number_format) for row in rows for c in row))
    return plain_spaces(
        " ".join(text for _, text in (page_text(data) if ending.endswith("html") else office_text(data)))
    )


def _all_numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _all_numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def _not_in_the_analysis_file(report: Report, printed: list[str]) -> list[tuple[str, str]]:
    """It is unrounded, with shares below 1 and, of counts, that of those who rose: of pain the complement."""
    known = list(_all_numbers(json.loads(export(report, "json"))))
    missing = []
    for number in re.findall(r"\d+\.?\d*", " ".join(printed).replace("95% CI", "")):
        places = len(number.partition(".")[2])
        if not any(f"{abs(v):.{places}f}" == number for k in known for v in (k, 100 * k, 100 - 100 * k)):
            missing.append(("json", number))
    return missing


@pytest.mark.parametrize("name", SHOWN)
def test_what_the_pages_print_stands_in_every_file(
    name: str, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, shown = SHOWN[name]
    made: list[Report] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    # what is drawn for print has tests of its own; here the words count
    monkeypatch.setattr(manuscript, "draw", lambda *_: PICTURE)
    monkeypatch.setattr(one_page, "draw", lambda *_, **__: b"<svg/>")
    people = {"_cohort": COHORTS[name]()} if name in COHORTS else {}
    app = open_app(state={**people, **state})
    printed, read = [], {}
    for page, what, pattern in shown:
        if page not in read:
            read[page] = plain_spaces(words(app.switch_page(page_file(app, page)).run()))
        found = re.search(pattern, read[page], re.DOTALL)
        assert found, (page, pattern)
        assert found[1], (page, pattern)
        printed.append((what, found[1]))
    app.button(key="export-open").click().run()
    missing = []
    for ending in TEXTS:
        text = _text(made[-1], ending)
        lacks = A_PAGE_ONLY.get(ending, ())
        missing += [(ending, number) for what, number in printed if what not in lacks and number not in text]
    if name in IN_THE_ANALYSIS_FILE:
        missing += _not_in_the_analysis_file(made[-1], [number for _, number in printed])
    assert not missing


@pytest.mark.parametrize("order", ["agreement", "name", "file"])
def test_statements_stand_in_the_order_of_the_page(order: Order, open_app: OpenApp) -> None:
    app = open_app(state={"choice.order": order})
    page = plain_spaces(words(app.switch_page(page_file(app, "statements")).run()))
    on_page = re.findall(r"paper left ([^#]+?) #16242B paper right right <b>\d+ of", page)
    assert len(on_page) == 7
    people = sample()
    report = reports.build_report(Analysis(people), choices=Choices(order=order))
    names = {s.short or s.label: s.label for s in people.statements.values()}
    table = report.item("statements:0").table
    assert table is not None
    assert [row[0].text for row in table.rows] == [names[name] for name in on_page]
