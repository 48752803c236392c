"""The Word document: finding, results, tables, methods, origin; real tables, real headings, A4."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from lib.disclosure.readers import REMARKS
from lib.export.number_style import in_style
from lib.export.options import Options
from lib.export.pptx.table import columns_apart
from lib.export.saving import LANGUAGE, saved
from lib.export.table_shape import column_widths, one_line, trimmed, with_comma, words_whole
from lib.present import theme
from lib.present.table import Table, chart_table
from lib.present.theme import PALETTE
from lib.report.plan import Origin
from lib.report.report import Report

_PAGE = (8.27, 11.69)
_MARGIN = 0.85
_MOST_UPRIGHT = 7
"""A table alone with more columns than this stands on a page laid on its side."""
_BODY, _SMALL = 10.5, 9.0
_TABLE = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
_READABLE, _SCALE = 8.0, 7.0 / 12
"""Below 8 points a page is laid on its side, below 7 a table is taken apart (see `columns_apart`, made for slides)."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FONT = "Arial"
"""Where a document is read and edited our own font is not there; this one is."""


def write(report: Report, options: Options) -> bytes:
    """The document as bytes; `options.keys` chooses the tables, all of them without it."""
    from docx import Document

    document = Document()
    Pages(document, options).fill(report)
    return saved(document, report.title, options.author)


def write_tables(tables: Iterable[Table], options: Options, *, about: str = "", origin: Origin | None = None) -> bytes:
    """Tables alone with captions and notes, for a manuscript; `about` above them says about whom, the footer from where
    they come. Wide ones lie.
    """
    from docx import Document

    tables = list(tables)
    document = Document()
    made = Pages(document, options, lying=any(len(table.columns) > _MOST_UPRIGHT for table in tables))
    if about:
        made.paragraph(about, muted=True)
    for place, table in enumerate(tables, 1):
        made.table(table, place)
    if origin is not None:
        made.footer(origin)
    return saved(document)


class Pages:
    """Paragraphs and tables being added to a document."""

    def __init__(self, document: Any, options: Options, *, lying: bool = False) -> None:
        self.document, self.options = document, options
        self.page = _PAGE[::-1] if lying else _PAGE
        self._styles()

    def fill(self, report: Report) -> None:
        """The whole report."""
        self.spoken()
        self.head(report)
        self.heading("Results")
        for words in report.results:
            self.paragraph(words)
        tables = list(_tables(report, self.options))
        self.lay(lying=any(_too_wide(table) for table in tables))  # all of them: pages do not turn to and fro
        if tables:
            self.document.add_heading("Tables", level=2)
        for place, table in enumerate(tables, 1):
            self.table(table, place)
        self.lay(lying=False)
        self.document.add_heading("Methods", level=2)
        for words in report.methods:
            # the citations keep their points
            self.document.add_paragraph(one_line(words))
        self.footer(report.origin)

    def spoken(self) -> None:
        """The language in which a screen reader and a spelling checker take the text."""
        for lang in self.document.styles.element.iter(_W + "lang"):
            lang.set(_W + "val", LANGUAGE)

    def head(self, report: Report) -> None:
        """Title, about whom, and the marks of invented or open data, and for whom it is."""
        self.document.add_heading(self.text(report.title), level=1)
        if self.options.author:
            self.paragraph(self.options.author)
        self.paragraph(report.who, muted=True)
        if report.origin.synthetic:
            self.paragraph("Synthetic data: no real patients.", muted=True)
        if report.outside:
            self.paragraph(REMARKS[report.plan.reader], muted=True)

    def heading(self, words: str) -> None:
        """A heading of a part."""
        self.document.add_heading(words, level=2)

    def text(self, words: str) -> str:
        """A text as it is printed."""
        styled = in_style(words, self.options.number_style)
        return one_line(with_comma(styled) if self.options.decimal_comma else styled)

    def picture(self, data: bytes, inches: float, place: int, caption: str) -> None:
        """A figure with its caption under it, which is its text alternative too."""
        from docx.shared import Inches

        drawn = self.document.add_picture(io.BytesIO(data), width=Inches(inches))
        drawn._inline.docPr.set("descr", self.text(caption))
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.add_run("Figure ")
        _numbered(paragraph, place, again=False, what="Figure")
        # only what it is stands out, not what is to be known of it
        paragraph.add_run(". ")
        paragraph.add_run(self.text(caption)).bold = False

    def paragraph(self, words: str, *, muted: bool = False) -> None:
        """A paragraph, quiet or not."""
        from docx.shared import Pt

        run = self.document.add_paragraph().add_run(self.text(words))
        if muted:
            run.font.size = Pt(_SMALL)
            run.font.color.rgb = _rgb(PALETTE.muted)

    def lay(self, *, lying: bool) -> None:
        """What follows stands on upright pages, or on pages laid on their side; a new section where that changes."""
        from docx.enum.section import WD_SECTION

        page = _PAGE[::-1] if lying else _PAGE
        if page != self.page:
            self.page = page
            self._page(self.document.add_section(WD_SECTION.NEW_PAGE))

    def table(self, table: Table, place: int, *, whole: bool = False) -> None:
        """Caption above, table, notes below; one too wide for a page follows in parts, the first column repeated.

        `whole`: its rows stay on one page, on the next one where this has no room.
        """
        shown = trimmed(table)
        parts = columns_apart(shown, self.page[0] - 2 * _MARGIN, _SCALE)
        for k, part in enumerate(parts):
            caption = self.document.add_paragraph(style="Caption")
            caption.paragraph_format.keep_with_next = True
            caption.add_run("Table ")
            _numbered(caption, place, again=k > 0)
            caption.add_run(f". {self.text(table.title)}{' (continued)' if k else ''}")
            self._grid(part, whole=whole)
        self.paragraph(" ".join(shown.notes), muted=True)
        from docx.shared import Pt

        self.document.paragraphs[-1].paragraph_format.space_before = Pt(3)

    def _grid(self, shown: Table, *, whole: bool = False) -> None:
        """Real cells; the heading row is repeated on the next page, rows are not torn."""
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Inches

        width = self.page[0] - 2 * _MARGIN
        if words_whole(shown, _PAGE[0] - 2 * _MARGIN, _TABLE[0]):
            width = _PAGE[0] - 2 * _MARGIN  # a small table is not drawn out over a lying page
        points = next((p for p in _TABLE if words_whole(shown, width, p)), _TABLE[-1])
        grid = self.document.add_table(rows=len(shown.rows) + 1, cols=len(shown.columns))
        grid.alignment = WD_TABLE_ALIGNMENT.LEFT
        grid.autofit = False
        widths = column_widths(shown, width, points)
        for c, column in enumerate(shown.columns):
            right = column.align == "right"
            grid.columns[c].width = Inches(widths[c])
            self._cell(grid.cell(0, c), column.name, points, right, bold=True)
            for r, row in enumerate(shown.rows, 1):
                self._cell(grid.cell(r, c), row[c].text, points, right)
            for cell in grid.columns[c].cells:
                cell.width = Inches(widths[c])
        _borders(grid)
        for row in grid.rows if whole else ():
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _cell(self, cell: Any, words: str, points: float, right: bool, *, bold: bool = False) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.space_before = Pt(1)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
        run = paragraph.add_run(self.text(words))
        run.font.size, run.bold = Pt(points), bold

    def _page(self, section: Any) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Inches

        section.orientation = WD_ORIENT.PORTRAIT if self.page == _PAGE else WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = (Inches(v) for v in self.page)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(_MARGIN)

    def _styles(self) -> None:
        from docx.shared import Pt

        self._page(self.document.sections[0])
        styles = self.document.styles
        styles["Normal"].font.name, styles["Normal"].font.size = _FONT, Pt(_BODY)
        styles["Normal"].font.color.rgb = _rgb(PALETTE.ink)
        for name, points in (("Heading 1", 18), ("Heading 2", 13), ("Caption", 10)):
            styles[name].font.name, styles[name].font.size, styles[name].font.bold = _FONT, Pt(points), True
            styles[name].font.color.rgb = _rgb(PALETTE.ink)
        styles["Caption"].paragraph_format.space_before = Pt(8)

    def footer(self, origin: Origin) -> None:
        """File, fingerprint, version and date at the foot of every page."""
        from docx.shared import Pt

        run = self.document.sections[0].footer.paragraphs[0].add_run(one_line(origin.words))
        run.font.size = Pt(8)
        run.font.color.rgb = _rgb(PALETTE.muted)


def _tables(report: Report, options: Options) -> Iterator[Table]:
    for item in report.items:
        if options.keys is not None and item.key not in options.keys:
            continue
        if item.table is not None and item.table.rows:
            yield item.table
        elif options.keys is not None and item.chart is not None and item.chart.series:
            yield chart_table(item.chart)


def _too_wide(table: Table) -> bool:
    """Whether an upright page would need letters that cannot be read."""
    return not words_whole(trimmed(table), _PAGE[0] - 2 * _MARGIN, _READABLE)


def _numbered(caption: Any, place: int, *, again: bool, what: str = "Table") -> None:
    """The number of a caption as Word counts them, so that its list of tables and cross-references know it."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    if again:
        caption.add_run(str(place))
        return
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" SEQ {what} \\* ARABIC "><w:r><w:t>{place}</w:t></w:r></w:fldSimple>'
    caption._p.append(parse_xml(field))


def _borders(grid: Any) -> None:
    """Lines above and below, a thin one between rows; the first row is a heading that repeats."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color.removeprefix("#")}"/>'
        for side, size, color in (
            ("top", 8, PALETTE.ink),
            ("bottom", 8, PALETTE.ink),
            ("insideH", 4, PALETTE.border),
        )
    )
    grid._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))
    for place, row in enumerate(grid.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        if place == 0:
            properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _rgb(color: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor(*theme.rgb(color))
