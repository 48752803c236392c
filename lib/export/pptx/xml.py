"""What python-pptx does not offer: error bars, text alternatives, theme fonts and colours."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Literal

from lib.catalog.spreadsheet import safe_text
from lib.present import theme
from lib.present.chart_data import Series

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def error_bars(
    series: Any,
    values: Sequence[float | None],
    low: Sequence[float | None],
    high: Sequence[float | None],
    *,
    direction: Literal["x", "y"],
    color: str,
    points: float = 2.25,
) -> None:
    """Asymmetric error bars from each value to its limits; a value without limits has none.

    `series` is a python-pptx series of a line, bar or XY chart; only an XY series may have direction "x".
    """
    from lxml import etree

    def amounts(ends: Sequence[float | None], sign: int) -> str:
        listed = []
        for place, (value, end) in enumerate(zip(values, ends, strict=True)):
            size = 0.0 if value is None or end is None else max(0.0, sign * (end - value))
            listed.append(f'<c:pt idx="{place}"><c:v>{size!r}</c:v></c:pt>')
        count = f'<c:ptCount val="{len(listed)}"/>'
        return f"<c:numLit><c:formatCode>General</c:formatCode>{count}{''.join(listed)}</c:numLit>"

    sizes = (
        f'<c:errValType val="cust"/><c:noEndCap val="0"/><c:plus>{amounts(high, 1)}</c:plus>'
        f"<c:minus>{amounts(low, -1)}</c:minus>"
    )
    same = _one_size(values, low, high)
    if same is not None:  # LibreOffice draws horizontal bars of one size only
        sizes = f'<c:errValType val="fixedVal"/><c:noEndCap val="0"/><c:val val="{same!r}"/>'
    element = etree.fromstring(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}"><c:errDir val="{direction}"/><c:errBarType val="both"/>{sizes}'
        f'<c:spPr><a:ln w="{int(points * 12700)}" cap="rnd"><a:solidFill>'
        f'<a:srgbClr val="{color.removeprefix("#")}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    parent = series._element
    before = next(child for child in parent if child.tag in {f"{{{_C}}}{name}" for name in ("cat", "xVal", "val")})
    before.addprevious(element)


def lopsided(values: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None]) -> bool:
    """Whether the one interval is not as long on both sides: such a horizontal one is drawn as a line of its own.

    LibreOffice draws horizontal error bars of one size only; PowerPoint draws both forms.
    """
    known = len(values) == 1 and values[0] is not None and low[0] is not None and high[0] is not None
    return known and low[0] != high[0] and _one_size(values, low, high) is None


def one_row(s: Series, i: int) -> tuple[list[float | None], list[float | None], list[float | None]]:
    """Value and limits of one row, as lists of one."""
    return [s.values[i]], [(s.low or s.values)[i]], [(s.high or s.values)[i]]


def every_label(axis: Any) -> None:
    """Every name of a category axis is written, however many there are."""
    from lxml import etree

    element = axis._element
    before = next(c for c in element if c.tag in {f"{{{_C}}}{n}" for n in ("tickMarkSkip", "noMultiLvlLbl", "extLst")})
    before.addprevious(etree.fromstring(f'<c:tickLblSkip xmlns:c="{_C}" val="1"/>'))


def scale_letters(chart: Any, scale: float) -> None:
    """Every size of letters in the chart times `scale`."""
    if scale != 1.0:
        for element in chart._chartSpace.iter(f"{{{_A}}}defRPr", f"{{{_A}}}rPr"):
            if element.get("sz"):
                element.set("sz", str(round(int(element.get("sz")) * scale / 50) * 50))


def _one_size(
    values: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None]
) -> float | None:
    """The half width of the one interval of a series of one value, when it is symmetric; else None."""
    if len(values) != 1 or values[0] is None or low[0] is None or high[0] is None:
        return None
    up, down = high[0] - values[0], values[0] - low[0]
    return up if math.isclose(up, down, rel_tol=1e-9) else None


def describe(shape: Any, text: str) -> None:
    """The text alternative that a screen reader speaks."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", safe_text(text))


def number_slide(box: Any) -> None:
    """The text box shows the number of its slide, whatever is moved or left out later."""
    from lxml import etree

    for run in box._element.iter(f"{{{_A}}}r"):
        run.tag = f"{{{_A}}}fld"
        run.set("id", "{5B7C3B1E-0000-4000-8000-000000000002}")
        run.set("type", "slidenum")
        if run.find(f"{{{_A}}}rPr") is None:
            run.insert(0, etree.SubElement(run, f"{{{_A}}}rPr"))


def in_language(presentation: Any, language: str) -> None:
    """The language of every text, so that a spelling checker and a screen reader take it for what it is."""
    for slide in presentation.slides:
        notes = (slide.notes_slide,) if slide.has_notes_slide else ()
        for place in (slide, *notes):
            for run in place._element.iter(f"{{{_A}}}r", f"{{{_A}}}fld"):
                properties = run.find(f"{{{_A}}}rPr")
                if properties is None:
                    properties = run.makeelement(f"{{{_A}}}rPr", {}, None)
                    run.insert(0, properties)
                properties.set("lang", language)


def apply_theme(presentation: Any) -> None:
    """Our fonts and colours in the theme of the built-in template, so that what the user adds matches."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    for master in presentation.slide_masters:
        part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        xml = part.blob.decode("utf-8")
        xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{theme.FONT}", xml)
        palette = theme.PALETTE
        accents = (palette.follow_up, palette.worsened, palette.baseline, *theme.CATEGORY_COLORS[:3])
        for place, color in enumerate(accents, 1):
            xml = re.sub(
                rf"<a:accent{place}>.*?</a:accent{place}>",
                f'<a:accent{place}><a:srgbClr val="{color[1:]}"/></a:accent{place}>',
                xml,
                flags=re.DOTALL,
            )
        ink = f'<a:dk2><a:srgbClr val="{palette.ink[1:]}"/></a:dk2>'
        xml = re.sub(r"<a:dk2>.*?</a:dk2>", ink, xml, flags=re.DOTALL)
        part._blob = xml.encode("utf-8")


def plot_area(chart: Any, x: float, y: float, w: float, h: float) -> None:
    """The inner plot area as shares of the chart, so that labels outside it have their room."""
    from lxml import etree

    area = chart._chartSpace.chart.plotArea
    for old in area.findall(f"{{{_C}}}layout"):
        area.remove(old)
    area.insert(
        0,
        etree.fromstring(
            f'<c:layout xmlns:c="{_C}"><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            f'<c:yMode val="edge"/><c:x val="{x}"/><c:y val="{y}"/><c:w val="{w}"/><c:h val="{h}"/>'
            "</c:manualLayout></c:layout>"
        ),
    )


def hide_in_legend(chart: Any, indices: Sequence[int]) -> None:
    """Series that explain themselves (reference lines) take no entry in the legend."""
    from lxml import etree

    legend = chart.legend._element
    place = legend.find(f"{{{_C}}}legendPos")
    for index in reversed(indices):
        entry = etree.fromstring(
            f'<c:legendEntry xmlns:c="{_C}"><c:idx val="{index}"/><c:delete val="1"/></c:legendEntry>'
        )
        place.addnext(entry)
