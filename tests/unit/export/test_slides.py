"""Slides: opened with python-pptx; native charts, nothing outside the slide, nothing over another, text in its box."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import openpyxl
import pptx
import pytest
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Range, Selection
from lib.disclosure.readers import Reader
from lib.export import ExportError, Options, export
from lib.export.forms import FORMS
from lib.export.pptx.category_charts import _every_bin
from lib.export.pptx.charts import Place, add_chart, has_native
from lib.export.pptx.deck import PANEL
from lib.export.pptx.text import LINE_HEIGHT, cut_to_fit, line_count, text_height, text_width
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.theme import PALETTE
from lib.report.report import Report, build_report
from lib.stats.results import NotComputed
from tests.cohorts import cohort
from tests.sample import sample as misjf

INCH = 914400
LONG = "An outcome with a very long name that the file holds in full, with brackets (and so on) " * 3
KINDS = {
    "stacked bars": XL_CHART_TYPE.BAR_STACKED_100,
    "pairs of means": XL_CHART_TYPE.LINE_MARKERS,
    "curve": XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
}


def deck(report: Report, **options: Any) -> Any:
    return pptx.Presentation(io.BytesIO(export(report, "pptx", Options(**options))))


def everything(report: Report) -> tuple[str, ...]:
    return tuple(item.key for item in report.items)


def check_layout(presentation: Any) -> None:
    """Shapes inside the slide, none over another, estimated text inside its box."""
    width, height = presentation.slide_width, presentation.slide_height
    for number, slide in enumerate(presentation.slides, 1):
        boxes = []
        for shape in slide.shapes:
            if shape.name == PANEL:  # the light ground under everything else
                continue
            name = f"slide {number}: {shape.name}"
            assert shape.left >= 0, name
            assert shape.top >= 0, name
            assert shape.left + shape.width <= width + 10, name
            assert shape.top + shape.height <= height + 10, name
            boxes.append((name, shape.left, shape.top, shape.left + shape.width, shape.top + shape.height))
            if shape.has_text_frame:
                check_text(shape, name)
            if shape.has_table:
                drawn = shape.top / INCH + check_cells(shape.table, name)
                assert drawn <= height / INCH - 0.5, f"{name}: the table is drawn to {drawn:.2f} in, over the footer"
        for (a, al, at, ar, ab), (b, bl, bt, br, bb) in combinations(boxes, 2):
            assert ar <= bl + 10 or br <= al + 10 or ab <= bt + 10 or bb <= at + 10, f"{a} lies over {b}"


def check_text(shape: Any, name: str) -> None:
    inner = shape.width / INCH - 0.2
    need = 0.0
    for paragraph in shape.text_frame.paragraphs:
        size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=12)
        need += text_height(paragraph.text, inner, size, bold=any(run.font.bold for run in paragraph.runs))
        need += (paragraph.space_after.pt if paragraph.space_after else 0) / 72
    assert need <= shape.height / INCH + 0.02, f"{name}: {need:.2f} in of text in {shape.height / INCH:.2f} in"


def check_cells(table: Any, name: str) -> float:
    """Every text fits its row; returns the height in inches to which a program that draws it will stretch the table."""
    drawn = 0.0
    for r, row in enumerate(table.rows):
        tallest = row.height / INCH
        for c, cell in enumerate(row.cells):
            (paragraph,) = cell.text_frame.paragraphs
            size = max((run.font.size.pt for run in paragraph.runs), default=0.0)
            end = paragraph._p.find(qn("a:endParaRPr"))
            ends = 18.0 if end is None or end.get("sz") is None else int(end.get("sz")) / 100
            need = text_height(cell.text, table.columns[c].width / INCH - 0.14, size or ends, bold=r == 0)
            assert need <= row.height / INCH + 0.02, f"{name}: row {r}, column {c}"
            margins = (cell.margin_top + cell.margin_bottom) / INCH
            tallest = max(tallest, need + margins, ends * LINE_HEIGHT / 72 + margins)
        drawn += tallest
    return drawn


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(Analysis(cohort(60)), date="2024-05-01")


def test_every_slide_is_laid_out(report: Report) -> None:
    presentation = deck(report, keys=everything(report))
    assert presentation.slide_width * 9 == pytest.approx(presentation.slide_height * 16, rel=1e-3)
    check_layout(presentation)
    assert len(presentation.slides) >= len(report.items) + 2


def awkward(n: int) -> Cohort:
    from dataclasses import replace

    from tests.cohorts import EQ_VAS, PAIN

    renamed = (replace(PAIN, label=LONG), replace(EQ_VAS, label="<b>=1+1</b>\x0b & “x” " + "W" * 80))
    statements = {f"s{i}": f"{LONG} {i}" for i in range(25)}
    return cohort(n, measures=renamed, statements=statements, etiologies=("A" * 300, "\u202eB"))


@pytest.mark.parametrize("n", [0, 1, 2, 7, 60, 700])
@pytest.mark.parametrize("reader", list(Reader))
def test_long_names_and_few_or_many_patients_stay_inside(n: int, reader: Reader) -> None:
    found = build_report(Analysis(awkward(n)), reader=reader)
    check_layout(deck(found, keys=everything(found), decimal_comma=True))


def test_charts_are_native_with_their_numbers_and_a_text_alternative(report: Report) -> None:
    presentation = deck(report, keys=everything(report), title_slide=False, methods_slide=False)
    titles = {slide.shapes.title.text_frame.text: slide for slide in presentation.slides}
    charts = [(slide, shape) for slide in presentation.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == sum(1 for item in report.items if item.chart is not None and has_native(item.chart))
    for slide, shape in charts:
        assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
        assert slide.notes_slide.notes_text_frame.text
        # the numbers can be edited: the chart carries its workbook
        assert shape.chart.part.chart_workbook.xlsx_part is not None
    item = report.item("responders")
    chart = next(s.chart for s in titles[item.finding].shapes if s.has_chart) if item.finding in titles else None
    assert item.chart is not None
    found = [s.chart for _, s in charts if s.chart.chart_type == XL_CHART_TYPE.BAR_STACKED_100]
    improved = next(s for s in item.chart.series if s.role == "improved")
    assert any(tuple(c.plots[0].series[0].values) == improved.values for c in (*found, *([chart] if chart else [])))


def test_error_bars_reach_the_limits(report: Report) -> None:
    item = report.item("paired:vas_pain")
    data = export(report, "pptx", Options(keys=(item.key,), title_slide=False, methods_slide=False))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        chart = next(parts.read(n).decode() for n in parts.namelist() if re.fullmatch(r"ppt/charts/chart\d+\.xml", n))
    plus = [float(v) for v in re.findall(r"<c:v>([^<]+)</c:v>", re.search(r"<c:plus>.*?</c:plus>", chart)[0])]  # type: ignore[index]
    assert item.chart is not None
    means = [s for s in item.chart.series if s.role.endswith(" mean")]
    expected = [(s.high or (0.0,))[0] - (s.values[0] or 0.0) for s in means]  # type: ignore[operator]
    assert plus == pytest.approx(expected, rel=1e-12)


def test_title_footer_and_notes_tell_where_it_comes_from(report: Report) -> None:
    presentation = deck(report, keys=("paired:vas_pain",), title_slide=False, methods_slide=False)
    (slide,) = presentation.slides
    item = report.item("paired:vas_pain")
    assert slide.shapes.title.text_frame.text == item.finding
    texts = " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
    assert f"n = {item.n}" in texts
    assert "All patients" in texts
    notes = slide.notes_slide.notes_text_frame.text
    for words in ("Kube & Muir 2016", "fingerprint ffffffffffff", "CohortLens", "2024-05-01", "Wilcoxon", "paired t"):
        assert words.casefold() in notes.casefold()


def test_decimal_comma(report: Report) -> None:
    slides = deck(report, keys=("before_after",), decimal_comma=True).slides
    table = next(s.table for slide in slides for s in slide.shapes if s.has_table)
    assert "," in table.cell(1, 2).text
    assert "." not in table.cell(1, 2).text


def test_a_given_template_is_used_and_its_own_slides_go(report: Report) -> None:
    own = pptx.Presentation()  # 4:3
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "Hospital"
    out = io.BytesIO()
    own.save(out)
    presentation = deck(report, keys=("safety", "statements:0"), template=out.getvalue())
    assert presentation.slide_width == own.slide_width
    texts = [s.text_frame.text for slide in presentation.slides for s in slide.shapes if s.has_text_frame]
    assert "Hospital" not in texts
    check_layout(presentation)
    for broken in (b"", b"no zip", export(report, "xlsx"), out.getvalue()[:500]):
        with pytest.raises(ExportError, match="not a PowerPoint file"):
            deck(report, template=broken)


# --- the check itself finds what it is for ---------------------------------------------------------------------------


def spoilt(report: Report, what: str) -> Any:
    presentation = deck(report, keys=("paired:vas_pain", "table_1"))
    slide = presentation.slides[2]  # who they are comes first
    box = next(
        s for s in slide.shapes if s.has_text_frame and s.text_frame.text.startswith("VAS pain fell from a mean")
    )
    if what == "outside":
        box.left = presentation.slide_width - box.width + 20000
    elif what == "overlap":
        chart = next(s for s in slide.shapes if s.has_chart)
        box.left, box.top = chart.left, chart.top
    elif what == "text":
        box.text_frame.paragraphs[0].runs[0].text *= 4
    elif what == "cell":
        grid = next(s for s in presentation.slides[1].shapes if s.has_table).table
        grid.cell(1, 0).text_frame.paragraphs[0].runs[0].text = "word " * 60
    return presentation


@pytest.mark.parametrize(
    ("what", "words"),
    [("outside", "slide 3"), ("overlap", "lies over"), ("text", "in of text in"), ("cell", "row 1, column 0")],
)
def test_the_layout_check_finds_what_is_wrong(report: Report, what: str, words: str) -> None:
    check_layout(spoilt(report, "nothing"))
    with pytest.raises(AssertionError, match=words):
        check_layout(spoilt(report, what))


# --- legible from the back row ---------------------------------------------------------------------------------------


def sizes_of(slide: Any) -> Iterator[tuple[str, float]]:
    """Every text of a slide and its size, in charts every size there is."""
    for shape in slide.shapes:
        frames = [shape.text_frame] if shape.has_text_frame else []
        if shape.has_table:
            frames += [cell.text_frame for row in shape.table.rows for cell in row.cells]
        for frame in frames:
            yield from ((r.text, r.font.size.pt) for p in frame.paragraphs for r in p.runs if r.font.size)
        if shape.has_chart:
            found = shape.chart._chartSpace.iter(qn("a:defRPr"), qn("a:rPr"))
            yield from ((f"chart {shape.name}", int(e.get("sz")) / 100) for e in found if e.get("sz"))


def grouped(groups: int, *, n: int = 400) -> Report:
    names = tuple(f"Ziekenhuis {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:groups])
    analysis = Analysis(cohort(n, etiologies=names))
    return build_report(analysis, comparison=compare(analysis, ByColumn("etiology")))


@pytest.mark.parametrize("groups", [0, 3, 12])
def test_a_usual_deck_has_no_letter_below_14_points_but_in_its_footer(report: Report, groups: int) -> None:
    presentation = deck(grouped(groups) if groups else report)
    check_layout(presentation)
    for number, slide in enumerate(presentation.slides, 1):
        for words, points in sizes_of(slide):
            footer = points == 12 and "operated" in words
            assert points >= 14 or footer, f"slide {number}: {points} points for {words!r}"


@pytest.mark.parametrize("groups", [3, 6, 12, 20])
def test_no_word_of_a_table_is_broken_and_no_name_of_a_forest_cut(groups: int) -> None:
    found = grouped(groups)
    presentation = deck(found, keys=("table_1", "forest:vas_pain", "case_mix"))
    check_layout(presentation)
    texts = []
    for slide in presentation.slides:
        for shape in slide.shapes:
            texts += [shape.text_frame.text] if shape.has_text_frame else []
            if not shape.has_table:
                continue
            for row in shape.table.rows:
                for column, cell in zip(shape.table.columns, row.cells, strict=True):
                    size = max((r.font.size.pt for r in cell.text_frame.paragraphs[0].runs), default=0.0)
                    longest = max((text_width(word, size) for word in cell.text.split(" ")), default=0.0)
                    assert longest <= column.width / INCH - 0.1, cell.text
    for label, analysis in found.plan.comparison.groups:  # type: ignore[union-attr]
        n = analysis.pairs("vas_pain", "12m").n
        assert f"{label} (n\u00a0=\u00a0{n})" in texts
    assert not any(t.endswith("…") for t in texts)


def test_everybody_in_a_wide_table_1_and_the_rest_is_said_to_be_in_the_documents() -> None:
    presentation = deck(grouped(20), keys=("table_1",), title_slide=False, methods_slide=False)
    heads = {c.text for s in presentation.slides for f in s.shapes if f.has_table for c in f.table.rows[0].cells}
    assert not any(h.startswith("Ziekenhuis") for h in heads)
    assert any(h.startswith("All (n") for h in heads)
    texts = " ".join(f.text_frame.text for s in presentation.slides for f in s.shapes if f.has_text_frame)
    assert "in the Word report and in the workbook" in texts


def test_titles_of_a_usual_deck_are_findings(report: Report) -> None:
    for item in (*report.items, *grouped(3).items):
        if item.usual:
            assert re.search(r"\d", item.finding), item.key


def test_the_footer_says_once_that_the_data_are_invented(report: Report) -> None:
    for slide in deck(report, title_slide=False).slides:
        (footer,) = [s.text_frame.text for s in slide.shapes if s.has_text_frame and "operated" in s.text_frame.text][
            -1:
        ]
        assert len(re.findall("invented|synthetic", footer.casefold())) == 1


def test_few_patients_of_a_forest_are_dots_and_hollow_marks() -> None:
    found = grouped(26, n=90)  # three or four patients each
    presentation = deck(found, keys=("forest:vas_pain",), title_slide=False, methods_slide=False)
    assert len(presentation.slides) == 2
    names = [s.name for slide in presentation.slides for f in slide.shapes if f.has_chart for s in f.chart.series]
    patients = [name for name in names if name.endswith(", patients")]
    assert len(patients) > 20
    assert len(set(patients)) == len(patients)


def few() -> Report:
    """Three patients, whose intervals of EQ VAS go from −1 to 117 and from −119 to 156 on a scale that ends at 100."""
    return build_report(Analysis(misjf(), Selection.of({}, {"age": Range(52.0, 55.0)})))


@pytest.mark.parametrize(
    ("key", "signs"), [("paired:eq_vas", "▼▲"), ("improvements:eq_vas", "◀▶"), ("paired:pain", "")]
)
def test_an_interval_beyond_the_scale_ends_there_with_an_arrow_and_its_numbers_stay_whole(key: str, signs: str) -> None:
    presentation = deck(few(), keys=(key,), title_slide=False, methods_slide=False)
    chart = next(f.chart for slide in presentation.slides for f in slide.shapes if f.has_chart)
    xml = chart.part.blob.decode()
    assert set(re.findall("[◀▶▲▼]", xml)) == set(signs)
    if signs == "◀▶":
        half = re.search(r'<c:val val="([\d.]+)"/>', xml)
        assert half is not None
        assert float(half[1]) == pytest.approx((156.1 + 118.8) / 2, abs=0.1), "the whole interval is behind the chart"


# --- a hospital's own template ---------------------------------------------------------------------------------------


BAND = "7A003C"


def hospital(width: float, height: float, *, dark: bool = False, bar: bool = False) -> bytes:
    """A template with a band above and below, a bar at the left on wish, and a dark ground on wish."""
    own = pptx.Presentation()
    across, down = width * INCH / own.slide_width, height * INCH / own.slide_height
    own.slide_width, own.slide_height = Inches(width), Inches(height)
    places = [
        (s, s.left, s.top, s.width, s.height) for o in (*own.slide_masters, *own.slide_layouts) for s in o.placeholders
    ]
    for s, x, y, w, h in places:
        s.left, s.top, s.width, s.height = int(x * across), int(y * down), int(w * across), int(h * down)
    for place, layout in enumerate(own.slide_layouts):
        layout.name = f"Huisstijl {place}"
    master = own.slide_masters[0]
    boxes = [(0, 0, width, 0.25), (0, height - 0.45, width, 0.45), *([(0, 0, 1.0, height)] if bar else [])]
    for x, y, w, h in boxes:
        shape = own.slides.add_slide(own.slide_layouts[6]).shapes.add_shape(1, *(Inches(v) for v in (x, y, w, h)))
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(BAND)
        master.shapes._spTree.insert(2, shape._element)
    if dark:
        master.background.fill.solid()
        master.background.fill.fore_color.rgb = RGBColor(0x10, 0x2A, 0x43)
    out = io.BytesIO()
    own.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(13.333, 7.5), (10.0, 7.5), (10.0, 5.625)])
@pytest.mark.parametrize("bar", [False, True])
def test_nothing_lies_on_the_bands_of_a_template(report: Report, width: float, height: float, bar: bool) -> None:
    presentation = deck(report, template=hospital(width, height, bar=bar))
    check_layout(presentation)
    assert len(presentation.slides) > 10
    for slide in presentation.slides:
        for shape in slide.shapes:
            assert shape.top / INCH >= (0.2 if shape.is_placeholder else 0.25), shape.name
            assert (shape.top + shape.height) / INCH <= height - 0.44, shape.name
            assert shape.left / INCH >= (1.0 if bar else 0.0), shape.name
            assert shape.name != PANEL


def test_on_a_dark_template_charts_and_text_have_a_light_ground(report: Report) -> None:
    presentation = deck(report, template=hospital(13.333, 7.5, dark=True))
    check_layout(presentation)
    for slide in presentation.slides:
        shapes = list(slide.shapes)
        (panel,) = [s for s in shapes if s.name == PANEL]
        for other in shapes[
            shapes.index(panel) + 1 :
        ]:  # the title, which keeps the letters of the template, is before it
            if other != slide.shapes.title and not other.is_placeholder:
                assert panel.left <= other.left
                assert panel.left + panel.width >= other.left + other.width
                assert panel.top <= other.top + 0.1 * INCH
                assert panel.top + panel.height >= other.top + other.height
        title = slide.shapes.title
        assert title.top + title.height <= panel.top + 0.06 * INCH


def sample(kind: Any) -> ChartData:
    x, names = Axis("x", 0.0, 10.0, "worse", "better", (0.0, 5.0, 10.0)), ("A", "B", "C")
    values = (1.0, 2.5, None)
    full = {"values": values, "low": (0.5, 2.0, None), "high": (1.5, 3.0, None), "n": (9, 8, 0)}
    series: dict[str, tuple[Series, ...]] = {
        "pairs of means": (
            Series("Before, mean", "baseline mean", (7.0,), low=(6.0,), high=(8.0,)),
            Series("After, mean", "follow-up mean", (4.0,), low=(None,), high=(None,)),
        ),
        "lines per patient": (
            Series("Improved", "improved", (7.0, 3.0), rows=(2, 2)),
            Series("Mean", "mean", (7.0, 3.0)),
        ),
        "dots": (Series("Improved", "improved", (0.0, 1.0), x=(2.0, 2.0), rows=(2, 3)),),
        "histogram": (Series("Improved", "improved", (5.0, 7.0), x=(1.0, 2.0)),),
        "curve": (Series("Share", "follow-up", (1.0, 0.5, 0.1), x=(0.0, 1.0, 2.0)),),
        "stacked bars": (Series("Yes", "level:0", (3.0, 4.0, None)), Series("No", "level:1", (2.0, 1.0, None))),
        "bars": (Series("Share", "all", **full),),
        "forest": (Series("Improvement", "all", **full),),
        "scatter": (Series("Patients", "improved", (1.0, 2.0), x=(1.0, 2.0), rows=(2, 3)),),
        "waterfall": (Series("Improved", "improved", (5.0, 3.0)), Series("Worsened", "worsened", (-2.0,))),
        "incidence": (
            Series("All", "all", (0.0, 0.1, 0.3), x=(0.0, 1.0, 2.0), low=(0.0, 0.05, 0.2), high=(0.0, 0.2, 0.4)),
            Series("All, at risk", "at risk:All", (9.0, 5.0), x=(0.0, 1.0), n=(9, 5), labels=("0", "1")),
        ),
    }
    refs = (Reference(2.0, "MCID 2", "x", "threshold"),)
    two = kind == "lines per patient"
    categories = ("Before", "After") if two else names if kind in ("stacked bars", "bars", "forest") else ()
    return ChartData(kind, "Title", "Finding", categories, series[kind], 9, x=x, y=None, references=refs)


OF_CENTERS = {"funnel", "in order", "trend", "watch"}
"""Drawn from a registry in tests/unit/report/test_centers_items.py."""


@pytest.mark.parametrize("kind", sorted(kind for kind, form in FORMS.items() if form.native and kind not in OF_CENTERS))
def test_every_native_kind_draws_and_opens_again(kind: str) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    assert add_chart(slide, sample(kind), Place(0.5, 1, 8, 5)) is not None
    out = io.BytesIO()
    presentation.save(out)
    again = next(s.chart for s in pptx.Presentation(io.BytesIO(out.getvalue())).slides[0].shapes if s.has_chart)
    assert again.chart_type == KINDS.get(kind, again.chart_type)
    assert sum(len(list(s.values)) for plot in again.plots for s in plot.series) > 0


def test_what_has_no_native_form_is_offered_as_its_table() -> None:
    from dataclasses import replace

    flow = ChartData("flow", "Flow", "f", ("All", "Kept"), (Series("n", "all", (9.0, 8.0)),), 9)
    assert not has_native(flow)
    base = build_report(Analysis(cohort(20)))
    item = replace(base.items[0], key="flow", chart=flow, table=None)
    (slide,) = deck(replace(base, items=(item,)), keys=("flow",), title_slide=False, methods_slide=False).slides
    assert any(s.has_table for s in slide.shapes)
    assert not any(s.has_chart for s in slide.shapes)


def test_estimates_of_text() -> None:
    assert line_count("one", 5, 12) == 1
    assert line_count("one\ntwo", 5, 12) == 2
    assert line_count("word " * 40, 2, 12) > 5
    assert line_count("W" * 100, 1, 12) > 10
    assert line_count("word " * 9, -0.1, 12) >= 9  # a column narrower than its margins: many lines, not none that end
    short = cut_to_fit("word " * 200, 3, 0.5, 12)
    assert short.endswith("…")
    assert text_height(short, 3, 12) <= 0.5


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (2.0, 1.0, 3.0, False),
        (2.0, 1.0, 5.0, True),
        (2.0, 2.0, 2.0, False),
        (None, 1.0, 3.0, False),
        (2.0, None, 3.0, False),
    ],
)
def test_only_a_lopsided_interval_becomes_a_line(
    value: float | None, low: float | None, high: float | None, expected: bool
) -> None:
    from lib.export.pptx.xml import lopsided

    assert lopsided([value], [low], [high]) is expected


def test_a_lopsided_interval_is_drawn_from_its_lower_to_its_upper_limit() -> None:
    from lib.export.pptx.one_slide import Wanted, chart_slide
    from lib.present.chart_data import ChartData, Series
    from lib.report.plan import Origin

    rate = Series("Rate", "forest", (0.7, 0.2), low=(0.51, 0.05), high=(0.83, 0.5), n=(29, 9), labels=("a", "b"))
    data = ChartData("forest", "Rates", "One rate is higher", ("All", "Few"), (rate,), 29)
    made = chart_slide(data, Wanted("29 patients", Origin("f.csv", "abc", True, "0", "2026-11-24"), 2, None))
    chart = next(s for s in pptx.Presentation(io.BytesIO(made)).slides[0].shapes if s.has_chart).chart
    lines = [
        [float(v.text) for v in s._element.xpath("./c:xVal//c:pt/c:v")]
        for s in chart.plots[0].series
        if s.name.endswith("interval")
    ]
    assert lines == [[0.51, 0.83], [0.05, 0.5]]


def test_every_slide_has_its_number_its_language_and_a_title_of_its_own(report: Report) -> None:
    slides = list(deck(report).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(titles) == len(set(titles)), titles
    for place, slide in enumerate(slides[1:], 2):
        (number,) = slide._element.iter(qn("a:fld"))
        assert (number.get("type"), number.find(qn("a:t")).text) == ("slidenum", str(place))
        assert {r.find(qn("a:rPr")).get("lang") for r in slide._element.iter(qn("a:r"))} == {"en-GB"}


def test_table_1_is_one_slide_and_the_whole_of_it_an_appendix(report: Report) -> None:
    slides = list(deck(report).slides)
    methods = next(i for i, s in enumerate(slides) if s.shapes.title.text_frame.text == "Methods")
    tables = [
        i
        for i, s in enumerate(slides)
        if any(x.has_table and x.table.cell(0, 0).text == "Characteristic" for x in s.shapes)
    ]
    assert len([i for i in tables if i < methods]) == 1
    assert all(slides[i].shapes.title.text_frame.text.startswith("Appendix: patients") for i in tables if i > methods)
    whole = report.item("table_1").table
    rows = [r[0].text.strip() for r in (whole.rows if whole else ())]
    shown = [s for i in tables if i > methods for s in slides[i].shapes if s.has_table]
    assert [row.cells[0].text.strip() for s in shown for row in list(s.table.rows)[1:]] == rows


def test_the_flow_is_a_slide_of_boxes(report: Report) -> None:
    (flow,) = [i for i in report.items if i.figure == "flow"]
    presentation = deck(report, keys=(flow.key,), title_slide=False, methods_slide=False)
    check_layout(presentation)
    words = " ".join(s.text_frame.text for s in presentation.slides[0].shapes if s.has_text_frame)
    assert "60 · Operated" in words
    assert f"{report.plan.analysis.pairs('vas_pain', '12m').n} · Score at 12 months too: analysed" in words


def test_error_bars_and_labels_live_in_the_workbook_behind_the_chart(report: Report) -> None:
    presentation = deck(report, keys=("paired:vas_pain",), title_slide=False, methods_slide=False)
    (chart,) = [s.chart for s in presentation.slides[0].shapes if s.has_chart]
    space = chart._chartSpace
    assert not list(space.iter(qn("c:numLit")))
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = {c.value: c.column for c in book.worksheets[0][1] if c.value}
    assert [name.rpartition(", ")[2] for name in cells if ", " in name] == ["up", "down", "labels"]
    up = next(f.text for f in space.iterfind(f".//{qn('c:plus')}//{qn('c:f')}"))
    assert up == f"Sheet1!${openpyxl.utils.get_column_letter(cells['Mean VAS pain, up'])}$2:" + up.rpartition(":")[2]
    shown = [float(v.text) for v in space.iterfind(f".//{qn('c:plus')}//{qn('c:v')}")]
    assert [c.value for c in list(book.worksheets[0].columns)[cells["Mean VAS pain, up"] - 1][1:3]] == pytest.approx(
        shown
    )


def test_a_text_alternative_has_the_numbers(report: Report) -> None:
    presentation = deck(report, keys=("paired:vas_pain",), title_slide=False, methods_slide=False)
    (drawn,) = [s for s in presentation.slides[0].shapes if s.has_chart]
    mean = report.plan.paired(report.plan.measures[0])
    assert not isinstance(mean, NotComputed)
    assert f"{mean.baseline.mean:.2f}" in drawn._element.xpath(".//p:cNvPr")[0].get("descr")


def test_a_histogram_keeps_its_empty_bins() -> None:
    assert _every_bin([-25.0, -15.0, -10.0, 5.0]) == [-25.0, -20.0, -15.0, -10.0, -5.0, 0.0, 5.0]
    assert _every_bin([0.0]) == [0.0]
    assert _every_bin([]) == []
    assert _every_bin([0.0, 1.0, 2.7]) == [0.0, 1.0, 2.7], "bins of no common step stay"


def test_a_talk_begins_with_who_they_are_and_bars_with_the_good_end(report: Report) -> None:
    """The good end of an answer stands at the common zero, as on page, paper and in Present."""
    presentation = deck(report, title_slide=False, methods_slide=False)
    kinds = [
        next((k for k in ("table", "chart") if any(getattr(s, f"has_{k}") for s in slide.shapes)), "boxes")
        for slide in presentation.slides
    ]
    assert kinds[:3] == ["boxes", "table", "chart"]
    statements = report.item("statements:0")
    assert statements.chart is not None
    levels = [s.name for s in statements.chart.series if s.role.startswith("level:")]
    (slide,) = deck(report, keys=("statements:0",), title_slide=False, methods_slide=False).slides
    (chart,) = (s.chart for s in slide.shapes if s.has_chart)
    assert [series.name for series in chart.plots[0].series] == levels[::-1]


@pytest.mark.parametrize("n", [4, 60])
def test_a_mean_of_fewer_than_ten_is_quiet(n: int) -> None:
    key = "paired:vas_pain"
    (slide,) = deck(build_report(Analysis(cohort(n))), keys=(key,), title_slide=False, methods_slide=False).slides
    (chart,) = (s.chart for s in slide.shapes if s.has_chart)
    marker = chart.plots[0].series[0].marker
    assert (marker.size < 12) == (n == 4)
    assert (str(marker.format.fill.fore_color.rgb) == PALETTE.muted.removeprefix("#").upper()) == (n == 4)


@pytest.mark.parametrize("n", [4, 60])
def test_a_rate_of_fewer_than_ten_has_no_interval_in_its_bar(n: int) -> None:
    (slide,) = deck(
        build_report(Analysis(cohort(n))), keys=("responders",), title_slide=False, methods_slide=False
    ).slides
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    names = list(chart.plots[0].categories)
    assert all(" of " in name for name in names)
    assert all((" to " in name) == (n == 60) for name in names)
