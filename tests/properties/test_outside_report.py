"""A reader outside who has the whole report, in every format, and puts everything in it together.

He reads every text of the real files (slides, speaker notes, workbooks inside charts, web page with its figures' data),
subtracts "27 of 29", works intervals back to the counts they came from, and solves tables and charts of the same
patients as one system. Written without the masking's own functions.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import beta, norm

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Population, Selection
from lib.export import FORMATS, ExportError, export, print_figures
from lib.export.pptx.one_slide import Wanted, chart_slide
from lib.present.masked_tables import HIDDEN
from lib.present.table import Table
from lib.report.report import Report, build_report
from tests.cohorts import cohort
from tests.office_text import office_text, page_text
from tests.properties.test_disclosure_properties import recovered
from tests.sample import sample

OF = re.compile(r"(?<![\d.,])(\d+) of (\d+)(?![\d.,]?\d)")
LIMIT = r"(?<!than )(?<!least )(?<!below )(?<!to )"
COUNT = re.compile(
    rf"{LIMIT}(?<![\d.,:–−+-])[1-4] (?:operated |analysed |complete )?(?:patient|pair|answer|value|event)"
    rf"|{LIMIT}(?<![\d.,:–−+-])[1-4] (?:operated|analysed)"
    r"|\bn = [1-4]\b(?!\.\d)|\w \([1-4]\)|groups of [1-4] and|and [1-4]; at least"
)
INTERVAL = re.compile(r"(\d+\.\d) to (\d+\.\d)%")


def few(count: int, n: int) -> bool:
    return 0 < count < 5 or 0 < n - count < 5 or 0 < n < 5


@cache
def intervals_of_few() -> dict[tuple[str, str], str]:
    """Wilson and Clopper–Pearson intervals, as printed, that come from few patients and from nothing else."""
    z = float(norm.ppf(0.975))
    small: dict[tuple[str, str], str] = {}
    other = set()
    for n in range(1, 61):
        for k in range(n + 1):
            p, middle = k / n, (k / n + z * z / (2 * n)) / (1 + z * z / n)
            half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
            low = beta.ppf(0.025, k, n - k + 1) if k else 0.0
            high = beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
            for ends in ((middle - half, middle + half), (low, high)):
                printed = tuple(f"{abs(100 * end):.1f}" for end in ends)
                if few(k, n):
                    small[(printed[0], printed[1])] = f"{k} of {n}"
                else:
                    other.add(printed)
    return {key: words for key, words in small.items() if key not in other}


def told(text: str) -> list[str]:
    """What a text tells of 1 to 4 patients."""
    words = re.sub(r"\s", " ", text)
    found = [m.group() for m in OF.finditer(words) if few(int(m[1]), int(m[2])) and int(m[1]) <= int(m[2])]
    found += [m.group() for m in COUNT.finditer(words)]
    return found + [
        intervals_of_few()[m.groups()] for m in INTERVAL.finditer(words) if m.groups() in intervals_of_few()
    ]


def analysis_of(seed: int) -> Analysis:
    rng = np.random.default_rng(seed)
    population = list(Population)[seed // 2 % 2]
    if seed % 2:
        patients = sample()
        return Analysis(patients, Selection(), population, within=rng.random(patients.n) < rng.uniform(0.2, 1))
    return Analysis(
        cohort(int(rng.integers(3, 60)), seed=seed, missing=float(rng.choice([0, 0.03, 0.1, 0.3]))),
        Selection.of({"etiology": ["Postpartum", "Trauma"]}) if seed % 3 == 0 else Selection(),
        population,
    )


def report_of(seed: int) -> Report:
    analysis = analysis_of(seed)
    column = (None, "etiology", "sex")[seed % 3]
    known = column if column in analysis.cohort.columns else None
    compared = compare(analysis, ByColumn(known)) if known else None
    return build_report(analysis, outside=True, comparison=compared, date="2026-01-01")


def figure_texts(report: Report) -> Iterator[tuple[str, str]]:
    """Captions and every text in the printed figures, from their SVG, which holds texts as texts."""
    for item in filter(print_figures.printable, report.items):
        yield item.key, print_figures.caption(item, report)
        svg = print_figures.draw(item, 174, "svg").decode()
        yield from ((item.key, html.unescape(text)) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg))


@pytest.mark.parametrize("seed", [0, 1, 4, 5, 7])
def test_no_text_of_any_file_tells_of_few(seed: int) -> None:
    report = report_of(seed)
    found = []
    for kind in FORMATS:
        if kind.ending == "json":
            continue
        if kind.ending == "reviewer.zip":  # a row per patient: never without an explicit yes
            with pytest.raises(ExportError, match="explicit yes"):
                export(report, kind.ending)
            continue
        if kind.ending == "figures.zip":
            pieces = figure_texts(report)
        else:
            data = export(report, kind.ending)
            pieces = page_text(data) if kind.ending == "html" else office_text(data)
        found += [(place, words, text[:90]) for place, text in pieces for words in told(text)]
    assert found == []


@pytest.mark.parametrize("seed", range(14))
def test_tables_and_charts_together_give_nobody_away(seed: int) -> None:
    report = report_of(seed)
    every = [*report.workbook, *(item.table for item in report.items if item.table is not None)]
    for name, (parts, sums, ties) in systems(report, every).items():
        assert recovered(parts, [list(s) for s in sums], ties) == "", name


def test_no_slide_of_a_single_figure_tells_of_few() -> None:
    analysis = Analysis(sample(), Selection())
    report = build_report(analysis, comparison=compare(analysis, ByColumn("center")), date="2026-01-01")
    about = build_report(analysis, outside=True).who
    charts = [item for item in report.items if item.chart is not None]
    found = []
    for item in charts:
        assert item.chart is not None
        slide = chart_slide(item.chart, Wanted(about, report.origin, True, item.decimals))
        found += [(item.key, words, text[:90]) for _, text in office_text(slide) for words in told(text)]
    assert len(charts) > 15
    assert found == []


System = tuple[dict[str, int], list[tuple[str, ...]], list[tuple[tuple[str, ...], tuple[str, ...]]]]


def systems(report: Report, tables: list[Table]) -> dict[str, System]:
    """Per statement, measure, outcome, and for Table 1 in all its forms: parts, sums that are seen, and ties."""
    found: dict[str, System] = {}
    for table in tables:
        for row, people in zip(table.rows, table.people, strict=False):
            name = table.family or _subject(table, row[0].text, people)
            if not name:
                continue
            parts, sums, ties = found.setdefault(name, ({}, [], []))
            parts.update(people)
            sums += [s for cell in row if cell.text != HIDDEN for s in (cell.counts, *cell.also) if s]
            ties += [tie for tie in table.equal if tie not in ties]
    labels = {s.short or s.label: s.label for s in report.plan.analysis.cohort.statements.values()}
    for item in report.items:
        for place, category in enumerate(item.chart.categories if item.chart else ()):
            name = {"statements": labels.get(category, ""), "responders": category.rsplit(",", 1)[0]}
            system = found.get(name.get(item.key.split(":")[0], ""))
            if system is not None:
                system[1].extend(_seen(item.chart, place, system[0]))
    return found


def _subject(table: Table, row: str, people: tuple[tuple[str, int], ...]) -> str:
    names = {name for name, _ in people}
    if table.title in ("Statements", "Answers", "Responders"):
        return row
    if names != {"both", "stopped", "started", "neither"}:
        return ""
    # both forms of one outcome; a row is a subject of its own where it is another outcome
    return table.title.split(",")[0] if table.together else f"{table.title}: {row}"


def _seen(chart: object, place: int, parts: dict[str, int]) -> Iterator[tuple[str, ...]]:
    """The sums that one row of a chart still shows."""
    for series in chart.series:  # type: ignore[attr-defined]
        n = series.n[place] if series.n else 0
        value = series.values[place] if len(series.values) > place else None
        outcomes = series.role in ("improved", "unchanged", "worsened")
        if value is not None and (outcomes or series.role.startswith("level:")):
            yield (series.role.removeprefix("level:"),)
        levels = sorted((p for p in parts if p.isdigit()), key=int)
        if n and series.role in ("rate", "top two"):
            yield tuple(levels) or ("improved", "unchanged", "worsened")
        if n and value is not None and series.role == "rate":
            yield ("improved",)
        if n and value is not None and series.role == "top two":
            take = 2 if len(levels) > 3 else 1
            best = tuple(levels[-take:])
            yield best if sum(parts[p] for p in best) == round(value * n) else tuple(levels[:take])


@pytest.mark.parametrize("seed", range(0, 8, 2))
def test_a_curve_stays_away_from_the_bars_beside_it(seed: int) -> None:
    analysis = Analysis(cohort(60 + 30 * seed, seed=seed, missing=0.1))
    report = build_report(analysis, outside=True)
    checked = 0
    for item in report.items:
        if not item.key.startswith("curve:") or item.chart is None:
            continue
        key = item.key.removeprefix("curve:")
        rule = report.plan.rules[key]
        assert rule is not None
        found = analysis.responders(key, report.plan.time, rule)
        n = found.evaluable  # type: ignore[union-attr]
        steps = next(s for s in item.chart.series if s.role == "follow-up")
        at_least = [round((v or 0) * n) for v in steps.values]
        beside = [found.responders, n - found.worsened]  # type: ignore[union-attr]
        told_here = sorted({*at_least, *(b for b in beside if not few(b, n))})
        assert not any(0 < b - a < 5 for a, b in pairwise(told_here))
        assert {s.role for s in item.chart.series} <= {"follow-up", "current"}
        checked += 1
    assert checked
