"""Slides, 16:9: native, editable charts and real tables, one finding each, its origin in the notes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lib.catalog.spreadsheet import safe_text
from lib.disclosure.readers import MARKS, REMARKS, Reader
from lib.export.options import Options
from lib.export.pptx.charts import Place, add_chart, has_native, pieces
from lib.export.pptx.flow import flow_boxes
from lib.export.pptx.live_numbers import bind
from lib.export.pptx.pages import SMALLEST, pages_of_table, pages_of_text, table_of
from lib.export.pptx.style import rgb
from lib.export.pptx.table import add_table
from lib.export.pptx.template import Frame, Room, room_of
from lib.export.pptx.text import AFTER, cut_to_fit, fitting, stack
from lib.export.pptx.xml import apply_theme, describe, in_language, number_slide, scale_letters
from lib.export.saving import LANGUAGE, saved
from lib.export.table_shape import numbers_as_text, one_line, with_comma
from lib.importing.files.worker import clean_template
from lib.importing.findings import ImportProblem
from lib.present.table import Table
from lib.present.theme import PALETTE
from lib.present.wording import count, inside
from lib.report.plan import Item, Origin
from lib.report.report import Report
from lib.report.talk import in_order

WIDTH, HEIGHT = 13.333, 7.5
_MARGIN = 0.6
_TITLE_SIZES = (30.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0)
_TEXT_SIZES = (18.0, 17.0, 16.0, 15.0, 14.0)
_FOOTER = 12.0
_ROWS_AT_MOST = 400
_MORE = "More in the notes of this slide."
_CONTINUED = "(continued)"
_NUMBER = 0.6
"""Inches for the number of a slide."""
PANEL = "Panel"
"""Name of the light ground laid under the content on a dark template."""


class TemplateError(ValueError):
    """A template that PowerPoint slides cannot be made from; the message says why."""


def write(report: Report, options: Options) -> bytes:
    """The deck as bytes: title slide, one slide per item (a long table several), methods slide.

    One figure alone: `Options(keys=(key,), title_slide=False, methods_slide=False)`. Raises TemplateError.
    """
    deck = Deck(About(report.who, report.origin, report.plan.reader), options)
    if options.title_slide:
        deck.title_slide(report)
    chosen = [i for i in report.items if ((i.key in options.keys) if options.keys is not None else i.usual)]
    cut = [item for item in in_order(chosen) if not deck.item(item, brief=options.methods_slide)]
    if options.methods_slide:
        deck.methods(report)
    for item in cut:
        deck.item(replace(item, finding=f"Appendix: {inside(item.heading)}"))
    in_language(deck.presentation, LANGUAGE)
    return saved(deck.presentation, report.title, options.author)


def _open(template: bytes | None) -> Any:
    """Our own empty deck in 16:9, or the template without its slides."""
    import pptx
    from pptx.util import Inches

    if template is None:
        deck = pptx.Presentation()
        ratio = Inches(WIDTH) / deck.slide_width
        deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        for owner in (*deck.slide_masters, *deck.slide_layouts):
            for shape in owner.placeholders:
                shape.left, shape.width = int(shape.left * ratio), int(shape.width * ratio)
        apply_theme(deck)
        return deck
    try:
        deck = pptx.Presentation(io.BytesIO(clean_template(template)))
    except ImportProblem as problem:
        raise TemplateError(str(problem)) from problem
    return deck


@dataclass(frozen=True, slots=True)
class About:
    """What stands on every slide: about whom, from where, and for whom it is."""

    who: str
    origin: Origin
    reader: Reader = Reader.DEPARTMENT


class Deck:
    """Slides being added to a presentation."""

    def __init__(self, about: About, options: Options) -> None:
        self.about, self.options = about, options
        self.presentation, self.titles = _open(options.template), set[str]()
        self.frame = self._frame()

    def text(self, words: str) -> str:
        """A text as it is printed on one line."""
        return one_line(with_comma(words) if self.options.decimal_comma else words)

    # --- slides ------------------------------------------------------------------------------------------------------
    def title_slide(self, report: Report) -> None:
        """The finding, about whom, from what; a mark when the data are invented, and for whom they are."""
        lines = [self.about.who, self.about.origin.words]
        if self.about.origin.synthetic:
            lines.append("Synthetic data: no real patients.")
        lines += filter(None, [REMARKS[self.about.reader]])
        slide = self._slide(report.title, (*report.results,), big=True)
        title, (left, _, width, _) = slide.shapes.title, self.frame.body
        below = (title.top + title.height) / 914400 + 0.25 if title is not None else self.frame.top + 1.3
        self._panel(slide, below)
        box = (left, below, width, self.frame.bottom - below - 0.3)
        self._paragraphs(slide, lines, box, (20.0, 18.0, 16.0, 14.0))

    def item(self, item: Item, colors: Mapping[str, str] | None = None, *, brief: bool = False) -> bool:
        """One figure or table; a figure without a native form is shown as its table. `colors` of series by name.

        `brief`: a long Table 1 is cut to the rows that one slide holds. False where it was.
        """
        if item.chart is not None and item.figure == "flow" and item.chart.series:
            slide = self._slide(item.finding, self._notes(item), item)
            at = Place(*self.frame.body, comma=self.options.decimal_comma, scale=self.frame.scale)
            flow_boxes(slide, item.chart, at)
            self._footer(slide, item)
            return True
        if item.chart is not None and has_native(item.chart):
            for place, part in enumerate(pieces(item.chart)):
                slide = self._slide(_again(item.finding, place), self._notes(item), item)
                box = self._beside(slide, item)
                comma, scale = self.options.decimal_comma, self.frame.scale
                add_chart(slide, part, Place(*box, item.decimals, comma, colors or {}, scale))
                drawn = next(shape for shape in reversed(list(slide.shapes)) if shape.has_chart)
                scale_letters(drawn.chart, scale)
                bind(drawn.chart)
                describe(drawn, f"{item.heading}. {item.finding}. {numbers_as_text(part)}{self.about.who}")
                self._footer(slide, item)
            return True
        table, whole = table_of(self.frame, item, brief=brief)
        if table is not None:
            self.table(item, table)
        return whole

    def table(self, item: Item, table: Table) -> None:
        """A real table, on as many slides as it needs."""
        left, top, width, height = self.frame.body
        printed = self.printed(table)
        if not printed.rows:
            slide = self._slide(item.finding, self._notes(item, table), item)
            self._paragraphs(slide, printed.notes or ("Nothing to show.",), (left, top, width, height), (18.0, 16.0))
            self._footer(slide, item)
            return
        elsewhere, laid = pages_of_table(self.frame, printed)
        under = [*elsewhere, *item.sentences, *printed.notes]
        for place, (part, (first, end), points, widths, heights) in enumerate(laid):
            slide = self._slide(_again(item.finding, place), (*self._notes(item, table), *elsewhere), item)
            rows = heights[:1] + heights[first + 1 : end + 1]
            add_table(slide, replace(part, rows=part.rows[first:end]), (left, top), widths, rows, points)
            describe(slide.shapes[-1], f"{item.heading}. {item.finding}. {self.about.who}")
            if end == len(part.rows):
                drawn = top + sum(rows) + 0.2
                self._below(slide, under, (left, drawn, width, top + height - drawn))
            self._footer(slide, item)

    def _below(self, slide: Any, lines: list[str], box: tuple[float, float, float, float]) -> None:
        """What belongs to a table under it, as much as has room; all of it is in the notes."""
        cut = [[*lines[:k], _MORE] for k in range(len(lines) - 1, 0, -1)]
        for shown in (lines, *cut, lines[:1]):
            if shown and stack(self.lines(shown), box[2], SMALLEST * self.frame.scale) <= box[3]:
                self._paragraphs(slide, shown, box, _TEXT_SIZES)
                return

    def methods(self, report: Report) -> None:
        """Design, tests, thresholds, software, on as few slides as hold it, evenly; the whole text in the notes."""
        left, top, width, height = self.frame.body
        pages = pages_of_text(self.frame, self.lines(report.methods))
        fits = [p for p in _TEXT_SIZES[2:] if all(stack(page, width, p * self.frame.scale) <= height for page in pages)]
        points = (fits or [SMALLEST])[0]
        for place, page in enumerate(pages):
            notes = tuple(report.methods) if place == 0 else ()
            slide = self._slide(_again("Methods", place), notes)
            self._paragraphs(slide, page, (left, top, width, height), (points, 13.0, 12.0, 11.0))
            self._footer(slide, None)

    # --- parts of a slide --------------------------------------------------------------------------------------------
    def _frame(self) -> Frame:
        deck = self.presentation
        width, height = deck.slide_width / 914400, deck.slide_height / 914400
        room = Room(0.0, 0.0, width, height, True)
        own = None
        if self.options.template is not None:
            room = room_of(deck, self._layout())
            own = next((s for s in self._layout().placeholders if s.placeholder_format.type in _titles()), None)
        margin, scale = _MARGIN * min(1.0, width / WIDTH), min(1.0, height / HEIGHT)
        left, right = max(margin, room.left), min(width - margin, room.right)
        if own is not None and own.width and own.top is not None:
            box = tuple(v / 914400 for v in (own.left, own.top, own.width, own.height))
            start, end = max(box[0], room.left), min(box[0] + box[2], room.right)
            box = (start, box[1], end - start, box[3])
            if box[1] + box[3] < height * 0.45 and box[2] > 0.2 * width:
                if box[2] > 0.6 * width:  # what stands under a title stands in line with it
                    left, right = start, end
                top = max(box[1] + box[3] + 0.1, room.top)
                return Frame(box, left, top, right - left, room.bottom, room.light, scale)
        start = max(0.38, room.top)
        return Frame(
            (left, start, right - left, 1.05), left, start + 1.17, right - left, room.bottom, room.light, scale
        )

    def _layout(self) -> Any:
        """The layout with a title and the fewest other placeholders."""

        def others(layout: Any) -> tuple[bool, int]:
            kinds = [s.placeholder_format.type for s in layout.placeholders]
            return (not any(k in _titles() for k in kinds), sum(k not in (*_titles(), *_margins()) for k in kinds))

        return min(self.presentation.slide_layouts, key=others)

    def _slide(self, title: str, notes: tuple[str, ...], item: Item | None = None, *, big: bool = False) -> Any:
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Inches, Pt

        slide = self.presentation.slides.add_slide(self._layout())
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type not in _titles():
                shape._element.getparent().remove(shape._element)
        if not big:
            self._panel(slide, self.frame.top)
        words = self.text(title)
        if words in self.titles and item is not None and not words.endswith(_CONTINUED):  # two items with one finding
            words = f"{words}: {self.text(inside(item.heading.rpartition(': ')[2]))}"
        self.titles.add(words)
        left, top, width, height = self.frame.title
        if big:
            top, height = top + (self.frame.bottom - top) * 0.12, height + 1.0
        shape = slide.shapes.title or slide.shapes.add_textbox(0, 0, 1, 1)
        shape.left, shape.top, shape.width, shape.height = (Inches(v) for v in (left, top, width, height))
        inner = width - 0.2
        points = fitting(words, inner, height - 0.1, self.frame.sizes(_TITLE_SIZES), bold=True)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.text = cut_to_fit(words, inner, height - 0.1, points, bold=True)
        notes = notes if frame.text == words else (words, *notes)  # a title that had to be cut is whole in the notes
        frame.vertical_anchor = MSO_ANCHOR.BOTTOM if big else MSO_ANCHOR.TOP
        for run in frame.paragraphs[0].runs:
            run.font.size = Pt(points)
            if self.options.template is None:
                run.font.bold = True
                run.font.color.rgb = rgb(PALETTE.ink)
        if self.options.template is None:
            from pptx.enum.text import PP_ALIGN

            frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        slide.notes_slide.notes_text_frame.text = safe_text("\n".join((*notes, *self._origin())))
        return slide

    def _beside(self, slide: Any, item: Item) -> tuple[float, float, float, float]:
        """Where the chart goes; text that belongs to it stands at its right."""
        left, top, width, height = self.frame.body
        if not item.sentences:
            return left, top, width, height
        room = min(4.1, width * 0.34)
        box = (left + width - room, top + 0.25, room, height - 0.25)
        self._paragraphs(slide, item.sentences, box, (*_TEXT_SIZES, 13.0, 12.0))
        return left, top, width - room - 0.3, height

    def _panel(self, slide: Any, top: float) -> None:
        """A light ground for charts and text where the template's own is not light; the title stays on the template."""
        if self.frame.light:
            return
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Inches

        left, _, width, _ = self.frame.body
        box = (left - 0.1, top - 0.05, width + 0.2, self.frame.bottom - top - 0.05)
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(v) for v in box))
        shape.name = PANEL
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(PALETTE.page)
        shape.line.fill.background()
        shape.shadow.inherit = False

    def _footer(self, slide: Any, item: Item | None) -> None:
        n = "" if item is None or item.n is None else f"n = {count(item.n)} · "
        subtitle = self.about.who
        invented = self.about.origin.synthetic and "invented" not in subtitle.casefold()
        marks = "".join((" · synthetic data" if invented else "", *self._marked()))
        left, _, width, _ = self.frame.body
        box = (left, self.frame.bottom - 0.5, width - _NUMBER, 0.34)
        (points,) = self.frame.sizes((_FOOTER,))
        words = cut_to_fit(self.text(f"{n}{subtitle}{marks}"), width - 0.2 - _NUMBER, 0.25, points)
        self._box(slide, [words], box, points, PALETTE.muted)
        place = (left + width - _NUMBER, box[1], _NUMBER, 0.34)
        number_slide(self._box(slide, [str(len(self.presentation.slides))], place, points, PALETTE.muted))

    def _marked(self) -> tuple[str, ...]:
        mark = MARKS[self.about.reader]
        return (f" · {mark}",) if mark else ()

    def _origin(self) -> tuple[str, ...]:
        remark = filter(None, [REMARKS[self.about.reader]])
        return (*remark, f"Selection: {self.about.who}.", f"Source: {self.about.origin.words}.")

    def _notes(self, item: Item, table: Table | None = None) -> tuple[str, ...]:
        under = (item.chart.notes if item.chart else ()) + (table.notes if table else ())
        return (item.heading + ".", *item.notes, *(n for n in under if n not in item.notes))

    def lines(self, paragraphs: Any) -> list[str]:
        """Paragraphs as they are printed."""
        return [self.text(p) for p in paragraphs]

    def _paragraphs(
        self, slide: Any, paragraphs: Any, box: tuple[float, float, float, float], sizes: tuple[float, ...]
    ) -> None:
        lines, sizes = self.lines(paragraphs), self.frame.sizes(sizes)
        points = next((s for s in sizes if stack(lines, box[2], s) <= box[3]), sizes[-1])
        while len(lines) > 1 and stack(lines, box[2], points) > box[3]:
            lines.pop()
        if lines and stack(lines, box[2], points) > box[3]:
            lines = [cut_to_fit(lines[0], box[2] - 0.2, box[3] - 0.1, points)]
        self._box(slide, lines, box, points, PALETTE.ink)

    def _box(
        self, slide: Any, lines: list[str], box: tuple[float, float, float, float], points: float, color: str
    ) -> Any:
        from pptx.util import Inches, Pt

        shape = slide.shapes.add_textbox(*(Inches(v) for v in box))
        frame = shape.text_frame
        frame.word_wrap = True
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            run.font.size = Pt(points)
            run.font.color.rgb = rgb(color)
            paragraph.space_after = Pt(points * AFTER)
        return shape

    def printed(self, table: Table) -> Table:
        """A table with its texts as they are printed, as many rows as slides take."""
        columns = tuple(replace(c, name=self.text(c.name)) for c in table.columns)
        rows = tuple(tuple(replace(cell, text=self.text(cell.text)) for cell in row) for row in table.rows)
        return replace(table, columns=columns, rows=rows[:_ROWS_AT_MOST])


def _again(words: str, place: int) -> str:
    """The title of the slides after the first."""
    return words if place == 0 else f"{words} {_CONTINUED}" if place == 1 else f"{words}, {place + 1} {_CONTINUED}"


def _titles() -> tuple[Any, ...]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _margins() -> tuple[Any, ...]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
