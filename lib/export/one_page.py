"""The cohort on one A4 page: for a patient's folder, a board, a poster session. A web page without a script.

Pictures are those of the journal figures as vectors, and the rows of words and bars of Present. What has no room is
named at the foot; nothing is cut.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lib.catalog.spreadsheet import safe_text
from lib.cohort.design import Kind
from lib.disclosure.readers import REMARKS
from lib.export.forms import FORMS
from lib.export.options import Options
from lib.export.print_figures import draw, printable
from lib.export.table_shape import with_comma
from lib.present import slide_html, theme
from lib.present.theme import PALETTE
from lib.present.wording import count, joined
from lib.report.items.responders import worse_than_before
from lib.report.plan import Item
from lib.report.report import Report
from lib.report.talk import Slide, talk, with_an_event
from lib.settings import FEWEST_TO_TEST

_STATIC = Path(__file__).resolve().parent.parent.parent / "static"
_WIDE, _GAP, _TALL = 188.0, 7.0, 275.0
"""Millimetres of an A4 page within margins of 11; between its two columns."""
_ENLARGED = 1.2
"""A journal figure has type of 7.2 pt; here it is 8.6 pt."""
_HEAD, _FOOT, _LINE, _ROOM = 21.0, 15.0, 5.4, 3.5
"""Millimetres of the head without its title, of the foot, of a row of bars, between two rows."""
_TITLE, _UNDER, _OF_TITLE = 4.6, 4.0, 7.2
"""Millimetres of a line of a block's title, of the line under it, of a line of the page's title."""
_LETTERS = {False: 50, True: 105}
"""On a line of a block's title, in one column and over both."""
_HEADLINE, _NAME = 62, 16
"""On a line of the page's title; of a row in one column."""
_PICTURE, _ROW_OF_PICTURE = 23.0, 6.0
"""Millimetres of a picture, of a row of one that has rows."""
_MOST = 2.2
"""A picture grows to so much of its height where the page has room."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A finding with its evidence and picture.

    Attributes:
        name: what it is about, for the line that says what has no room.
        words: the picture where it is rows of words and bars; None for a drawing of `item`.
        around, tall: millimetres of the lines over the picture, and of the picture.
        wide: over both columns.
    """

    name: str
    title: str
    under: str
    item: Item
    words: str | None
    around: float
    tall: float
    wide: bool = False


def write(report: Report, options: Options) -> bytes:
    """The page as UTF-8 bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(autoescape=True, loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined)
    templates.filters["text"] = lambda words: safe_text(with_comma(words) if options.decimal_comma else words)
    slides = talk(report)
    headline = _OF_TITLE * -(-len(report.title) // _HEADLINE)
    rows, left = _rows(list(_blocks(report, slides)), _filler(report), headline)
    people = next((item for item in report.items if item.key == "table_1" and item.table is not None), None)
    page = templates.get_template("one_page.html.j2").render(
        report=report,
        facts=() if people is None or people.table is None else slide_html.fact_words(people.table),
        rows=rows,
        foot=_foot(report, left),
        style=Markup(_style()),
    )
    return page.encode("utf-8")


def _blocks(report: Report, slides: Sequence[Slide]) -> Iterator[_Block]:
    """In the order of the talk, groups after the first score; what patients say at the end, over both columns."""
    first = next((s for s in slides if s.subject == "scores"), None)
    others = [s for s in slides if s.subject == "scores" and s is not first]
    rest = others[:1]  # further scores after what is known of the first three
    rest += [s for subject in ("responders", "eq5d", "events", "time") for s in slides if s.subject == subject]
    rest += others[1:] + [s for s in slides if s.subject == "statements"]
    for slide in (*((first,) if first else ()), *(s for s in slides if s.subject == "groups"), *rest):
        for k, part in enumerate(slide.parts):
            words = with_an_event(part) if part.figure == "event_bars" else part.finding
            words = part.heading if part.figure == "outcomes" else words
            title, _, under = (slide.heads[k] if slide.heads else words).partition("\n")
            if not slide.heads and k == 0 and slide.subject in ("scores", "eq5d", "statements"):
                under = slide.evidence
            wide = slide.subject == "statements"
            under = under.replace("\n", "; ")
            yield _block(part, report, title, under, wide)


def _lines(words: str, wide: bool) -> int:
    return -(-len(words) // _LETTERS[wide])


def _block(item: Item, report: Report, title: str, under: str, wide: bool = False) -> _Block:
    words = _words(item, report)
    around = _TITLE * _lines(title, wide) + _UNDER * _lines(under, wide) + 3
    if words is None and item.chart is not None and printable(item):
        rows = len(item.chart.categories) if FORMS[item.chart.kind].rows else 0
        tall = 16.0 + _ROW_OF_PICTURE * rows if rows else _PICTURE
        return _Block(item.heading, title, under, item, None, around + _UNDER * bool(_key(item)), tall, wide)
    if words is None:
        words = _paragraphs(item.notes[:1])
    lines = 1.0 * sum(words.count(part) for part in ("<tr>", 'class="dots"', 'class="share"'))
    lines += 0.7 * words.count("<thead>") + sum(
        0.7 for name in re.findall(r"<tr><td>(.*?)</td>", words) if not wide and len(name) > _NAME
    )
    paragraphs = sum(-(-len(text) // _LETTERS[wide]) for text in re.findall(r"<p>(.*?)</p>", words))
    return _Block(item.heading, title, under, item, words, around, _LINE * lines + _UNDER * paragraphs, wide)


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{Markup.escape(safe_text(line))}</p>" for line in lines)


def _words(item: Item, report: Report) -> str | None:
    """What is rows of words, bars and dots; None for a figure."""
    chart = item.chart
    if chart is None:
        return None
    if item.figure == "statements":
        levels = [s.name for s in chart.series if s.role.startswith("level:")]
        if levels:
            return slide_html.bars(slide_html.statement_rows(chart), ("agree", "95% CI"), (levels[-1], levels[0]))
    if item.figure == "eq5d_dimensions" and item.table is not None:
        return slide_html.bars(slide_html.dimension_rows(item.table), ("p",), ("better", "worse"))
    if item.figure == "outcomes" and not report.outside:
        return slide_html.responders(chart, worse_than_before(report.plan))
    if item.figure == "flow":
        return slide_html.flow(chart)
    if item.figure == "event_bars" and not report.outside:
        event = next(s for s in chart.series if s.role == "event")
        kinds = [
            f"{name} {count(int(k))}" for name, k in list(zip(chart.categories, event.n or (), strict=False))[1:] if k
        ]
        return _paragraphs([item.finding, ", ".join(kinds)] if kinds else [item.finding])
    return None


def _figure(item: Item, width: float, tall: float) -> Markup:
    """A drawing of the journal's writer, enlarged to the width it has here; what its marks are stands above it."""
    svg = draw(item, round(width / _ENLARGED), "svg", height=tall / _ENLARGED, inline=True).decode("utf-8")
    # two pictures on one page must not share the names of their parts
    own = re.sub(r"\W", "_", item.key)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{own}_", svg[svg.index("<svg") :])
    label = Markup.escape(safe_text(f"{item.heading}. {item.finding}"))
    return Markup(_key(item) + svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1))


_ROLES = {
    "worsened": PALETTE.worsened,
    "unchanged": PALETTE.muted,
    "improved": PALETTE.improved,
}


def _key(item: Item) -> str:
    """ "3 worsened · 6 changed by less · 20 improved", in the colours of their marks."""
    chart = item.chart
    if chart is None or chart.kind not in ("dots", "histogram"):
        return ""
    parts = []
    for role, color in _ROLES.items():
        for s in (s for s in chart.series if s.role == role and s.values):
            n = int(sum(v or 0 for v in s.values)) if chart.kind == "histogram" else len(s.values)
            words = Markup.escape(safe_text(s.name.lower()))
            parts.append(f'<span style="color:{color}"><b>{count(n)}</b> {words}</span>')
    lines = [Markup.escape(safe_text(r.label)) for r in chart.references if r.role == "threshold" and r.label]
    parts += [f"<span>dotted: {words}</span>" for words in dict.fromkeys(lines)]
    return f'<p class="key">{"".join(parts)}</p>'


def _filler(report: Report) -> _Block | None:
    """Who is analysed: stands where a row has one block only."""
    flow = next((item for item in report.items if item.figure == "flow" and item.chart is not None), None)
    return None if flow is None else _block(flow, report, flow.finding, "")


@dataclass(frozen=True, slots=True)
class _Row:
    """Blocks with their pictures, millimetres, and whether it takes room that is left."""

    blocks: tuple[tuple[_Block, Markup], ...]
    tall: float
    drawn: bool


def _rows(blocks: Sequence[_Block], filler: _Block | None, headline: float) -> tuple[list[_Row], list[str]]:
    """Two blocks a row, or one over both columns, as many as the page holds; and the names of those it does not."""
    halves = [b for b in blocks if not b.wide]
    if len(halves) % 2 and filler is not None:
        halves.append(filler)
    pairs = [tuple(halves[k : k + 2]) for k in range(0, len(halves), 2)] + [(b,) for b in blocks if b.wide]
    room = _TALL - _HEAD - _FOOT - headline
    kept, left = set(), []
    # what patients say has its place before the last of the others
    for k in sorted(range(len(pairs)), key=lambda k: (2.5 if pairs[k][0].wide else k, k)):
        tall = max(b.around + b.tall for b in pairs[k]) + _ROOM
        if tall <= room:
            kept.add(k)
            room -= tall
        else:
            left += [b.name for b in pairs[k] if b is not filler]
    drawn = sum(max(b.tall for b in pairs[k]) for k in kept if _drawn(pairs[k]))
    grown = min(_MOST, 1 + 0.9 * room / drawn) if drawn else 1.0
    return [_row(pairs[k], grown if _drawn(pairs[k]) else 1.0) for k in sorted(kept)], left


def _drawn(pair: Sequence[_Block]) -> bool:
    """Whether something in the row is a drawing, which takes any height."""
    return any(b.words is None for b in pair)


def _row(pair: Sequence[_Block], grown: float) -> _Row:
    tall = max(b.around + b.tall * (grown if b.words is None else 1.0) for b in pair)
    width = _WIDE if pair[0].wide else (_WIDE - _GAP) / 2
    found = tuple(
        (b, Markup(b.words) if b.words is not None else _figure(b.item, width, tall - b.around)) for b in pair
    )
    return _Row(found, tall, _drawn(pair))


def _foot(report: Report, left: Sequence[str]) -> str:
    design, plan = report.plan.analysis.cohort.design, report.plan
    few = any(0 < item.chart.n < FEWEST_TO_TEST for item in report.items if item.chart is not None)
    parts = [
        "Dots: patients, hollow before, filled after; squares: means; lines: 95% CI. "
        "Thresholds with sources: in the report."
    ]
    if few:
        parts.append(f"Fewer than {FEWEST_TO_TEST} patients: no test.")
    if left:
        parts.append(f"No room on this page for: {joined(list(dict.fromkeys(left)))}.")
    if report.outside:
        parts.append(REMARKS[plan.reader])
    parts.append(f"{report.origin.words}.")
    if design.kind is Kind.SERIES:
        parts.append(f"No control group: change is not the effect of {design.noun}.")
    return " ".join(parts)


def _style() -> str:
    font = base64.b64encode((_STATIC / "HankenGrotesk.woff2").read_bytes()).decode("ascii")
    face, p = theme.FONT, PALETTE
    return (
        f"@font-face{{font-family:'{face}';font-weight:100 900;src:url(data:font/woff2;base64,{font}) format('woff2')}}"
        f"@page{{size:A4;margin:0}}*{{box-sizing:border-box}}"
        f"body{{margin:0;background:{p.page};color:{p.ink};font:9.5pt/1.25 '{face}',sans-serif;"
        "-webkit-print-color-adjust:exact;print-color-adjust:exact}"
        f"main{{width:{_WIDE}mm;height:{_TALL}mm;margin:11mm auto;display:flex;flex-direction:column;gap:{_ROOM}mm}}"
        "h1{font-size:17pt;line-height:1.2;margin:0}h2{font-size:10.5pt;line-height:1.2;margin:0;padding-top:1.2mm}"
        f"p{{margin:0}}.quiet,footer{{color:{p.muted};font-size:8.8pt}}header{{display:grid;gap:1.5mm}}"
        f".facts{{display:flex;gap:3mm;margin:0}}"
        f".facts div{{border-left:1px solid {p.border};padding-left:2.5mm;flex:1}}"
        f".facts dt{{color:{p.muted};font-size:8.8pt}}.facts dd{{margin:0;font-weight:600;font-size:10.5pt}}"
        f".row{{display:flex;gap:{_GAP}mm;min-height:0;flex:0 0 auto}}.row.drawn{{flex-shrink:1}}"
        f"section{{flex:1 1 0;min-width:0;border-top:1px solid {p.ink};"
        "display:flex;flex-direction:column;min-height:0}"
        ".picture{flex:1 1 0;min-height:0;display:flex;flex-direction:column}"
        ".picture>svg{width:100%;flex:1 1 0;min-height:0}"
        f".key{{font-size:8.8pt;display:flex;justify-content:space-between;margin-top:1mm}}"
        f"footer{{border-top:1px solid {p.border};padding-top:1.5mm;margin-top:auto}}.words p{{margin-top:1mm}}"
        f"{slide_html.CSS}"
        ".sl{font-size:9pt;margin-top:1mm}.sl th,.sl td{padding:.12em .5em .12em 0}"
        ".sl td:first-child{white-space:normal;min-width:26mm}"
        ".half .sl .w{width:45%}.half .sl .bar i{font-size:8pt;line-height:1.4;padding-left:.15em}"
        ".half .sl th.r{white-space:normal;max-width:25mm;vertical-align:bottom}.sl p{margin:0}"
        ".sl .dots{gap:.6mm}.sl .dots i{width:2mm;height:2mm;border-width:.3mm}"
        ".sl .ci u{width:1.4mm;height:1.4mm;margin-left:-.7mm}.sl .ci b{height:.35mm}.sl .ci{height:.45em}"
    )
