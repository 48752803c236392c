"""One self-contained web page: interactive charts, tables, text; works offline, prints to A4, asks nobody anything.

Everything it needs is inside: the drawing library once, the font, the figures as data. Its content security policy
forbids every request. Texts of the file are escaped; figure data cannot end their script element.
"""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from typing import Any

from lib.catalog.spreadsheet import safe_text
from lib.export.options import Options
from lib.export.table_shape import trimmed, with_comma
from lib.present import disclosure, theme
from lib.present.chart_data import ChartData
from lib.present.table import Table, chart_table
from lib.present.theme import PALETTE
from lib.report.figures import draw
from lib.report.plan import Item
from lib.report.report import Report

_STATIC = Path(__file__).resolve().parent.parent.parent / "static"
_CONFIG = {"displayModeBar": False, "responsive": True, "showSendToCloud": False, "displaylogo": False}
_MANY_COLUMNS = 9
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)


def write(report: Report, options: Options) -> bytes:
    """The page as UTF-8 bytes; `options.keys` chooses the figures, all of them without it."""
    page = _Page(report, options)
    return page.build().encode("utf-8")


class _Page:
    """The parts of a page."""

    def __init__(self, report: Report, options: Options) -> None:
        self.report, self.options = report, options
        self.figures: list[dict[str, Any]] = []

    def text(self, words: str) -> str:
        """A text of anybody as HTML text."""
        printed = with_comma(words) if self.options.decimal_comma else words
        return html.escape(safe_text(printed), quote=True)

    def build(self) -> str:
        """The whole document."""
        report = self.report
        chosen = [i for i in report.items if self.options.keys is None or i.key in self.options.keys]
        sections = "\n".join(self.item(item) for item in chosen)
        marks = [report.who]
        if report.origin.synthetic:
            marks.append("Synthetic data: no real patients.")
        if report.outside:
            marks.append(f"{disclosure.WHAT} {disclosure.STILL_POSSIBLE}")
        head = "".join(f"<p class=quiet>{self.text(m)}</p>" for m in marks)
        results = "".join(f"<p>{self.text(p)}</p>" for p in report.results)
        methods = "".join(f"<p>{html.escape(safe_text(p))}</p>" for p in report.methods)
        return (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{self.text(report.title)}</title><style>{_style()}</style></head>\n<body><main>"
            f"<h1>{self.text(report.title)}</h1>{head}"
            f"<section><h2>Results</h2>{results}</section>\n{sections}\n"
            f"<section><h2>Methods</h2>{methods}</section>"
            f"<footer class=quiet>{html.escape(safe_text(report.origin.words))}</footer></main>\n"
            f"{self.scripts()}</body></html>\n"
        )

    def item(self, item: Item) -> str:
        """A figure with its numbers folded below, or a table."""
        parts = [f"<section><h2>{self.text(item.heading)}</h2>"]
        if item.finding != item.heading:
            parts.append(f"<p class=finding>{self.text(item.finding)}</p>")
        table = item.table
        if item.chart is not None and item.chart.series:
            parts.append(self.figure(item, item.chart))
            numbers = self.table(chart_table(item.chart))
            parts.append(f"<details><summary>Numbers of this figure</summary>{numbers}</details>")
            parts += [f"<p class=quiet>{self.text(n)}</p>" for n in item.chart.notes]
        elif item.chart is not None:
            parts += [f"<p>{self.text(n)}</p>" for n in item.chart.notes or ("Nothing to show.",)]
        if table is not None:
            parts.append(self.table(table))
        said = {*(table.notes if table else ()), *(item.chart.notes if item.chart else ())}
        parts += [f"<p class=quiet>{self.text(n)}</p>" for n in item.notes if n not in said]
        return "".join([*parts, "</section>"])

    def figure(self, item: Item, data: ChartData) -> str:
        """The place of a chart; its data go to the scripts."""
        figure = draw(item.figure, data, item.decimals)
        height = int(figure["layout"].get("height", 360))
        self.figures.append(figure)
        alt = self.text(f"{item.heading}. {item.finding}")
        return (
            f'<div class=chart role=img aria-label="{alt}" id="figure{len(self.figures) - 1}" '
            f'style="height:{height}px"></div>'
        )

    def table(self, table: Table) -> str:
        """A table of text; numbers on the right."""
        shown = trimmed(table)
        head = "".join(f'<th scope=col class="{c.align}">{self.text(c.name)}</th>' for c in shown.columns)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td class="{column.align}">{self.text(cell.text)}</td>'
                for column, cell in zip(shown.columns, row, strict=True)
            )
            + "</tr>"
            for row in shown.rows
        )
        notes = "".join(f"<p class=quiet>{self.text(n)}</p>" for n in shown.notes)
        caption = f"<caption>{self.text(table.title)}</caption>"
        many = " many" if len(shown.columns) > _MANY_COLUMNS else ""
        inside = f"{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        return f"<div class='wide{many}'><table>{inside}</table></div>{notes}"

    def scripts(self) -> str:
        """The drawing library once, and the figures, as wide as A4 without its margins so that they print as shown."""
        if not self.figures:
            return ""
        bundle = (_STATIC / "plotly-cartesian.min.js").read_text("utf-8").replace("</script", "<\\/script")
        separators = ',"separators":",."' if self.options.decimal_comma else ""
        return (
            f"<script>{bundle}</script>\n<script>"
            f"const figures={in_script(self.figures)};const config={in_script(_CONFIG)};"
            f"figures.forEach((f,i)=>Plotly.newPlot('figure'+i,f.data,{{...f.layout{separators}}},config));"
            "document.fonts.ready.then(()=>figures.forEach((f,i)=>"
            "Plotly.Plots.resize(document.getElementById('figure'+i))));</script>\n"
        )


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
        "tr,.chart{break-inside:avoid}thead{display:table-header-group}h2,.finding,caption{break-after:avoid}}"
    )
