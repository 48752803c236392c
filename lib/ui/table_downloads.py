"""A table without retyping: as Word, Excel or a slide, or copied as text that a spreadsheet or Word takes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from lib.present.plan import Origin
from lib.present.table import Table
from lib.present.wording import plain_spaces
from lib.ui import readers, saved

if TYPE_CHECKING:
    from lib.ui.view import View

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def offer(table: Table, view: View, *, key: str, numbers: Table | None = None) -> None:
    """Buttons under a table; the files are made when asked for, about whom and from where is written in them.

    For an uploaded cohort they ask once who will see it; for readers outside small numbers are hidden, here too.

    Args:
        numbers: the same unrounded, a second sheet of the workbook; not for readers outside.
    """
    known = readers.chosen(view.cohort)
    with st.container(horizontal=True, key=f"download_{key}", gap="small"):
        if known is None:
            for label, icon in _ICONS.items():
                st.button(label, key=f"{key}.ask.{label}", icon=icon, on_click=readers.ask)
            return
        _files(table, view, key, None if known == readers.OUTSIDE else numbers)
        with st.popover("Copy", icon=_ICONS["Copy"]):
            st.code(as_text(saved.for_readers(table, view)), language=None, wrap_lines=True)


_ICONS = {
    "Word": ":material/description:",
    "Excel": ":material/table:",
    "Slide": ":material/slideshow:",
    "Copy": ":material/content_copy:",
}


def _files(table: Table, view: View, key: str, numbers: Table | None) -> None:
    shown, about, origin = saved.for_readers(table, view), saved.about(view), saved.origin(view)
    makers = (
        ("Word", "docx", _WORD, _word(shown, about, origin)),
        ("Excel", "xlsx", _EXCEL, _excel(shown, numbers, about, origin)),
        ("Slide", "pptx", _SLIDES, saved.table_slide(table, view)),
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
    clean = (plain_spaces(" ".join(text.split("\t"))).replace("\n", " ") for line in lines for text in line)
    width = len(table.columns)
    cells = list(clean)
    rows = ["\t".join(cells[i : i + width]) for i in range(0, len(cells), width)]
    return "\n".join([table.title, *rows, *table.notes])


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
