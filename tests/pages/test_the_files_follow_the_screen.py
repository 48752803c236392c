"""Every control that changes a number or a table: what the page then prints stands in every file of the export."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from lib.cohort.cohort import Cohort, TimePoint
from lib.export import export
from lib.present.wording import plain_spaces
from lib.report import report as reports
from lib.report.report import Report
from tests.cohorts import cohort
from tests.office_text import office_text, page_text
from tests.pages.conftest import OpenApp, page_file
from tests.pages.screen import words

TEXTS = ("pptx", "docx", "html")
NUMBERS = ("xlsx", "json")


def two_follow_ups() -> Cohort:
    """Sixty patients with a second follow-up, where pain is one point less."""
    made = cohort(60)
    scores = dict(made.scores)
    scores["vas_pain", "24m"] = (scores["vas_pain", "12m"] - 1).clip(0)
    return replace(made, time_points=(*made.time_points, TimePoint("24m", "24 months", 24)), scores=scores)


RULES = {
    "choice.test": "wilcoxon",
    "choice.measure": "eq_vas",
    "choice.interval": "clopper-pearson",
    "choice.form": "mean (SD)",
    "choice.valueset": "netherlands_2006_tto",
    "choice.t.eq_vas": 12,
    "choice.people": "all",
}
GROUPS = {
    "choice.test": "counts",
    "choice.measure": "pain",
    "choice.kind": "reliable",
    "choice.r.pain": 0.8,
    "choice.compare": "center",
    "choice.reference": "Enschede",
}
SHOWN = {
    "rules": (
        RULES,
        (
            ("before_after", r"pseudomedian improvement \(Hodges–Lehmann\) was.*?(p = 0\.\d+)"),
            ("responders", r"EQ VAS: (\d+ of 29)"),
            ("responders", r"95% CI (\d+\.\d to \d+\.\d%) \(Clopper"),
            ("patients", r"EQ VAS, before surgery.*?>(\d+\.\d \(\d+\.\d\))"),
            ("eq5d", r"EQ-5D-3L index :gray\[improvement, n 29\] \+(\d\.\d{3})"),
            ("statements", r"(\d+ of \d+)"),
        ),
    ),
    "groups": (
        GROUPS,
        (
            ("responders", r"VAS pain: (\d+ of 29)"),
            ("before_after", r"VAS pain fell.*?\((95% CI \d+\.\d to \d+\.\d%)"),
            ("compare", r"Heerlen − Enschede</th><td class=\"r\">\+?(\d\.\d+)"),
        ),
    ),
    "time": ({"choice.time": "24m"}, (("before_after", r"improvement of (\d\.\d+)"),)),
}
"""Controls moved, and what the pages then print: pages with a pattern whose group is the number."""


def _text(report: Report, ending: str) -> str:
    data = export(report, ending)
    return plain_spaces(" ".join(text for _, text in (page_text(data) if ending == "html" else office_text(data))))


def _all_numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _all_numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def _numbers(report: Report, ending: str) -> list[float]:
    data = export(report, ending)
    if ending == "json":
        return list(_all_numbers(json.loads(data)))
    book = openpyxl.load_workbook(io.BytesIO(data))
    return list(_all_numbers([[c.value for row in sheet.iter_rows() for c in row] for sheet in book]))


@pytest.mark.parametrize("name", SHOWN)
def test_what_the_pages_print_stands_in_every_file(
    name: str, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, shown = SHOWN[name]
    made: list[Report] = []
    real = reports.build_report
    monkeypatch.setattr(reports, "build_report", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    people = {"_cohort": two_follow_ups()} if name == "time" else {}
    app = open_app(state={**people, **state})
    printed = []
    for page, pattern in shown:
        found = re.search(pattern, words(app.switch_page(page_file(app, page)).run()), re.DOTALL)
        assert found, (page, pattern)
        assert found[1], (page, pattern)
        printed.append(found[1])
    app.button(key="export-open").click().run()
    missing = []
    for ending in TEXTS:
        text = _text(made[-1], ending)
        missing += [(ending, number) for number in printed if number not in text]
    for ending in NUMBERS:
        known = _numbers(made[-1], ending)
        for number in re.findall(r"\d+\.?\d*", " ".join(printed).replace("95% CI", "")):
            places = len(number.partition(".")[2])
            # the analysis file has shares below 1, of counts that of those who rose: of pain the complement
            if not any(f"{abs(v):.{places}f}" == number for k in known for v in (k, 100 * k, 100 - 100 * k)):
                missing.append((ending, number))
    assert not missing
