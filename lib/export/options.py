"""What can be asked of an export, and what the registry knows of a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.export.number_style import NumberStyle
from lib.report.report import Report


@dataclass(frozen=True, eq=False)
class Options:
    """Choices of the one who exports; each format uses what concerns it.

    Attributes:
        keys: items to include, in the order of the report; None takes the usual ones (slides) or all (the others).
        decimal_comma: write 2,86 for 2.86 in slides and documents.
        template: the bytes of a .pptx whose look the slides take.
        title_slide, methods_slide: whether a deck begins and ends with them.
        columns: what the columns of the file were taken for (JSON of `columns_to_json`), for the analysis file.
        repairs: consented repairs as JSON values, for the analysis file.
        sheet: name of the table in the file, for the analysis file.
        compare: key of a column whose groups the analysis file holds too.
        patient_rows: the yes of the one who exports to a file that holds a row per patient (the zip for the reviewer).
        author: who is named as the author in the properties of files; "" names the program.
        number_style: of the manuscript: "AMA", "BMJ", "NEJM", or "" for ours.
        figure_width: of figures for print, in millimetres: 85 (one column), 120 or 174 (two).
    """

    keys: tuple[str, ...] | None = None
    decimal_comma: bool = False
    template: bytes | None = None
    title_slide: bool = True
    methods_slide: bool = True
    columns: Mapping[str, Any] | None = None
    repairs: tuple[Mapping[str, Any], ...] = ()
    sheet: str = ""
    compare: str = ""
    author: str = ""
    number_style: NumberStyle = ""
    figure_width: int = 85
    patient_rows: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A file type: its ending without the dot, its name on screen, its media type, and what writes it."""

    ending: str
    label: str
    mime: str
    write: Callable[[Report, Options], bytes]
