"""What a figure or a table of a page becomes when it is saved: a slide, a document, a sheet, each with its origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.catalog.spreadsheet import no_formula
from lib.disclosure.readers import Reader
from lib.present.chart_data import Axis, ChartData
from lib.present.table import Table
from lib.present.wording import plain_spaces
from lib.report.plan import Origin
from lib.settings import VERSION
from lib.ui import readers

if TYPE_CHECKING:
    from lib.ui.view import View

if TYPE_CHECKING:
    from lib.export.pptx.one_slide import Wanted
    from lib.ui.view import View


def origin(view: View) -> Origin:
    """File, fingerprint, version and day of what is on screen."""
    given = view.cohort.provenance
    return Origin(
        given.file_name, given.fingerprint, given.synthetic, VERSION, dt.date.today().isoformat(), given.guesses
    )


def chart_slide(data: ChartData, figure: Mapping[str, Any], view: View) -> Callable[[str], bytes | None]:
    """What makes a chart's slide once it is asked for. None while nobody has said who will see it: then that is asked,
    and the chart's own wish, a key of the session state, is set again by the answer."""

    def make(request: str) -> bytes | None:
        known = readers.chosen(view.cohort)
        if known is None:
            readers.ask(request)
            st.rerun()
        if known is not Reader.DEPARTMENT:
            st.toast(_ELSEWHERE)
            return None
        from lib.export.pptx import one_slide

        return one_slide.chart_slide(data, _wanted(view, _decimals(data.y or data.x), _colors(figure)))

    return make


def table_slide(table: Table, view: View) -> Callable[[], bytes]:
    """What makes a table's slide."""

    def make() -> bytes:
        from lib.export.pptx import one_slide

        return one_slide.table_slide(table, _wanted(view))

    return make


def _wanted(view: View, decimals: int = 2, colors: Mapping[str, str] | None = None) -> Wanted:
    from lib.export.pptx.one_slide import Wanted

    return Wanted(view.strip, origin(view), decimals, colors)


def _decimals(axis: Axis | None) -> int:
    """As scores of such a range are printed: an index 3, points up to 10 two, up to 100 one."""
    span = abs(axis.high - axis.low) if axis else 10.0
    return 3 if span <= 2.5 else 2 if span < 40 else 1


def _colors(figure: Mapping[str, Any]) -> dict[str, str]:
    """The colours the page drew its named series in."""
    found = {}
    for trace in figure.get("data", ()):
        name = trace.get("name")
        color = (trace.get("marker") or {}).get("color") or (trace.get("line") or {}).get("color")
        if isinstance(name, str) and isinstance(color, str) and color.startswith("#") and len(color) == 7:
            found[name] = color
    return found


# A table without retyping: as Word, Excel or a slide, or copied as text that a spreadsheet or Word takes over.

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def offer(table: Table, view: View, *, key: str, numbers: Table | None = None) -> None:
    """Buttons under a table; the files are made when asked for, about whom and from where is written in them.

    For an uploaded cohort they ask once who will see it. A page is the department's: what others may see of it, made
    of results that were released for them, is in the export.

    Args:
        numbers: the same unrounded, a second sheet of the workbook.
    """
    known = readers.chosen(view.cohort)
    with st.container(horizontal=True, key=f"download_{key}", gap="small"):
        if known is None:
            for label, icon in _ICONS.items():
                st.button(label, key=f"{key}.ask.{label}", icon=icon, on_click=readers.ask)
            return
        if known is not Reader.DEPARTMENT:
            st.markdown(f":gray[{_ELSEWHERE}]")
            return
        _files(table, view, key, numbers)
        with st.popover("Copy", icon=_ICONS["Copy"]):
            st.code(as_text(table), language=None, wrap_lines=True)


_ELSEWHERE = "For these readers use Export: there it is made for them."
_ICONS = {
    "Word": ":material/description:",
    "Excel": ":material/table:",
    "Slide": ":material/slideshow:",
    "Copy": ":material/content_copy:",
}


def _files(table: Table, view: View, key: str, numbers: Table | None) -> None:
    whom, source = view.strip, origin(view)
    makers = (
        ("Word", "docx", _WORD, _word(table, whom, source)),
        ("Excel", "xlsx", _EXCEL, _excel(table, numbers, whom, source)),
        ("Slide", "pptx", _SLIDES, table_slide(table, view)),
    )
    for label, ending, mime, make in makers:
        st.download_button(
            label,
            data=make,
            file_name=f"{key}.{ending}",
            mime=mime,
            on_click="ignore",
            key=f"{key}.{ending}",
            icon=_ICONS[label],
        )


def as_text(table: Table) -> str:
    """Heading, rows and notes, cells parted by tabs, one row a line."""
    lines = [[c.name for c in table.columns], *([cell.text for cell in row] for row in table.rows)]
    clean = (no_formula(plain_spaces(" ".join(text.split("\t"))).replace("\n", " ")) for line in lines for text in line)
    width = len(table.columns)
    cells = list(clean)
    rows = ["\t".join(cells[i : i + width]) for i in range(0, len(cells), width)]
    return "\n".join([no_formula(table.title), *rows, *map(no_formula, table.notes)])


def _word(table: Table, about: str, origin: Origin) -> Callable[[], bytes]:
    def make() -> bytes:
        from lib.export.docx import write_tables
        from lib.export.options import Options

        return write_tables([table], Options(), about=about, origin=origin)

    return make


def _excel(table: Table, numbers: Table | None, about: str, origin: Origin) -> Callable[[], bytes]:
    def make() -> bytes:
        from lib.export.xlsx import write_tables

        tables = [table] if numbers is None else [table, numbers]
        return write_tables(tables, about=about, origin=origin)

    return make
