"""One self-contained web page: interactive charts, tables, text; works offline, prints to A4, makes no request.

Everything it needs is inside: the drawing library once, the font, the figures as data. Its content security policy
forbids every request. The page is `report.html.j2`: jinja2 escapes the texts of the file; figure data cannot end their
script element.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lib.catalog.spreadsheet import safe_text
from lib.disclosure.readers import REMARKS
from lib.export.options import Options
from lib.export.table_shape import trimmed, with_comma
from lib.present import theme
from lib.present.table import Table, chart_table
from lib.present.theme import PALETTE
from lib.report.figures import draw
from lib.report.plan import Item
from lib.report.report import Report

_STATIC = Path(__file__).resolve().parent.parent.parent / "static"
_CONFIG = {"displayModeBar": False, "responsive": True, "showSendToCloud": False, "displaylogo": False}
_MANY_COLUMNS = 9


def write(report: Report, options: Options) -> bytes:
    """The page as UTF-8 bytes; `options.keys` chooses the figures, all of them without it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(autoescape=True, loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined)
    templates.filters["safe_text"] = safe_text
    templates.filters["text"] = lambda words: safe_text(with_comma(words) if options.decimal_comma else words)
    marks = [report.who]
    if report.origin.synthetic:
        marks.append("Synthetic data: no real patients.")
    if report.outside:
        marks.append(REMARKS[report.plan.reader])
    figures: list[dict[str, Any]] = []
    chosen = [i for i in report.items if options.keys is None or i.key in options.keys]
    said: set[str] = set()
    sections = [_section(item, figures, said) for item in chosen]
    page = templates.get_template("report.html.j2").render(
        report=report,
        marks=marks,
        sections=sections,
        many=_MANY_COLUMNS,
        style=Markup(_style()),
        bundle=Markup((_STATIC / "plotly-cartesian.min.js").read_text("utf-8").replace("</script", "<\\/script")),
        figures=Markup(in_script(figures)) if figures else "",
        config=Markup(in_script(_CONFIG)),
        separators=Markup(',"separators":",."' if options.decimal_comma else ""),
    )
    return page.encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Section:
    """What the page shows of an item: its figure's place, height and numbers, the notes of each part once."""

    heading: str
    finding: str
    table: Table | None
    notes: tuple[str, ...]
    chart_notes: tuple[str, ...] = ()
    numbers: Table | None = None
    place: int = 0
    height: int = 0


def _section(item: Item, figures: list[dict[str, Any]], said: set[str]) -> _Section:
    """The item for the page; its figure, as wide as A4 without margins so that it prints as shown, joins the others.

    `said`: tests and thresholds of a score stand under its first figure, not under all six of them.
    """
    data, table = item.chart, None if item.table is None else trimmed(item.table)
    above = {*(table.notes if table else ()), *(data.notes if data else ())}
    notes = tuple(note for note in item.notes if note not in above and note not in said)
    said |= {*item.notes, *above}
    if data is None or not data.series:
        instead = () if data is None else data.notes or ("Nothing to show.",)
        return _Section(item.heading, item.finding, table, notes, instead)
    figure = draw(item.figure, data, item.decimals)
    figures.append(figure)
    height = int(figure["layout"].get("height", 360))
    numbers = trimmed(chart_table(data))
    return _Section(item.heading, item.finding, table, notes, data.notes, numbers, len(figures) - 1, height)


def in_script(value: Any) -> str:
    """JSON that cannot end its script element or open a comment in it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=float)
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return escaped.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _style() -> str:
    font = base64.b64encode((_STATIC / "HankenGrotesk.woff2").read_bytes()).decode("ascii")
    face = theme.FONT
    return (
        f"@font-face{{font-family:'{face}';font-weight:100 900;src:url(data:font/woff2;base64,{font}) format('woff2')}}"
        f"body{{font:16px/1.5 '{face}',sans-serif;color:{PALETTE.ink};background:{PALETTE.page};margin:0}}"
        "main{max-width:680px;margin:0 auto;padding:24px}"
        "h1{font-size:26px;line-height:1.25;margin:0 0 8px}h2{font-size:18px;margin:28px 0 6px}"
        f".quiet,caption{{color:{PALETTE.muted};font-size:14px;margin:4px 0}}.finding{{margin:0 0 8px}}"
        "caption{text-align:left;padding:4px 0}.wide{overflow-x:auto}"
        "table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0}"
        f"th,td{{padding:4px 8px;border-bottom:1px solid {PALETTE.border};vertical-align:top}}"
        f"th{{background:{PALETTE.panel};font-weight:600}}.left{{text-align:left}}.right{{text-align:right}}"
        "td.right{white-space:nowrap}summary{cursor:pointer;font-size:14px}"
        "footer{margin-top:32px}"
        "@page{size:A4;margin:15mm}@media print{main{max-width:680px;padding:0}details{display:none}"
        "body{font-size:11pt}"
        # a wide table cannot be scrolled on paper: smaller letters, and numbers folded at their spaces
        "table{font-size:9pt}.wide{overflow:visible}.many table{font-size:6pt;table-layout:fixed}.many .right{"
        "white-space:normal}.many th,.many td{padding:2px;overflow-wrap:anywhere}.many th:first-child{width:18%}"
        "tr,.chart,[data-short]{break-inside:avoid}"
        "tbody tr:nth-child(-n+3){break-after:avoid}thead{display:table-header-group}"
        "h2,.finding,caption{break-after:avoid}"
        # a heading stays with what it stands over, and a note with what it stands under
        ".head{break-inside:avoid}.head+.quiet,.wide+.quiet,.quiet+.quiet{break-before:avoid}.quiet{orphans:3;widows:3}}"
    )
