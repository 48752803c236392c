"""A table without retyping: as Word, as Excel, or copied as text whose columns a spreadsheet or Word takes over."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.present.table import Table
from lib.present.wording import plain_spaces

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(table: Table, *, key: str, about: str, numbers: Table | None = None) -> None:
    """Buttons under a table; the files are made when asked for and hold what is on screen.

    Args:
        about: about whom the table speaks, written above it in Word.
        numbers: the same unrounded, a second sheet of the workbook.
    """
    with st.container(horizontal=True, key=f"download_{key}", gap="small"):
        st.download_button(
            "Word",
            data=_word(table, about),
            file_name=f"{key}.docx",
            mime=_WORD,
            on_click="ignore",
            key=f"{key}.docx",
            icon=":material/description:",
        )
        st.download_button(
            "Excel",
            data=_excel(table, numbers),
            file_name=f"{key}.xlsx",
            mime=_EXCEL,
            on_click="ignore",
            key=f"{key}.xlsx",
            icon=":material/table:",
        )
        with st.popover("Copy", icon=":material/content_copy:"):
            st.code(as_text(table), language=None, height=320)


def as_text(table: Table) -> str:
    """Heading, rows and notes, cells parted by tabs, one row a line."""
    lines = [[c.name for c in table.columns], *([cell.text for cell in row] for row in table.rows)]
    clean = (plain_spaces(" ".join(text.split("\t"))).replace("\n", " ") for line in lines for text in line)
    width = len(table.columns)
    cells = list(clean)
    rows = ["\t".join(cells[i : i + width]) for i in range(0, len(cells), width)]
    return "\n".join([table.title, *rows, *table.notes])


def _word(table: Table, about: str) -> Callable[[], bytes]:
    def make() -> bytes:
        from lib.export.docx import write_tables
        from lib.export.options import Options

        return write_tables([table], Options(), about=about)

    return make


def _excel(table: Table, numbers: Table | None) -> Callable[[], bytes]:
    def make() -> bytes:
        from lib.export.xlsx import write_tables

        return write_tables([table] if numbers is None else [table, numbers])

    return make
