"""Everything a report can become: one module and one row here. Heavy libraries are imported when one is written."""

from __future__ import annotations

from pathlib import PurePath

from lib.disclosure.readers import Reader
from lib.export import docx, html, manuscript, one_page, print_figures, record, xlsx
from lib.export.options import Format, Options
from lib.export.pptx import deck
from lib.export.reviewer import archive as reviewer
from lib.report.report import Report

__all__ = ["FORMATS", "ExportError", "Format", "Options", "export", "format_of"]


class ExportError(ValueError):
    """Something that cannot be written; the message says what is possible."""


FORMATS: tuple[Format, ...] = (
    Format(
        "pptx",
        "Slides (PowerPoint)",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        deck.write,
    ),
    Format(
        "manuscript.docx",
        "Manuscript (Word)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        manuscript.write,
    ),
    Format(
        "docx",
        "Report (Word)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        docx.write,
    ),
    Format("page.html", "One page (A4, to print)", "text/html", one_page.write),
    Format("html", "Report (web page, works offline)", "text/html", html.write),
    Format("xlsx", "Workbook (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
    Format("figures.zip", "Figures for print (PDF, SVG, PNG)", "application/zip", print_figures.write),
    Format("reviewer.zip", "For the reviewer (patient rows, R script)", "application/zip", reviewer.write),
    Format("json", "Analysis file", "application/json", record.write),
)


NOT_PUBLIC = ("manuscript.docx", "figures.zip", "page.html")
"""Formats that the public has no use for."""


def format_of(name: str) -> Format:
    """The format of a file name or of a bare ending. Raises ExportError naming the known endings."""
    ending = PurePath(name).name.lower()
    for known in FORMATS:
        if f".{ending}".endswith(f".{known.ending}"):
            return known
    endings = ", ".join(f".{f.ending}" for f in FORMATS)
    raise ExportError(f"Nothing can be written as “{name}”. Known endings: {endings}.")


def export(report: Report, ending: str, options: Options | None = None) -> bytes:
    """The report in a format ("pptx", ".docx", "out.html"), as the bytes of the file.

    Raises ExportError for an unknown ending, a template that is none, an analysis file or a format
    that is not for its readers, or patient rows without a yes.
    """
    if format_of(ending).ending == "reviewer.zip" and not (options or Options()).patient_rows:
        raise ExportError(f"The zip for the reviewer needs an explicit yes. {reviewer.WARNING}")
    if report.outside and format_of(ending).ending == "json":
        raise ExportError("The analysis file holds every number; there is none for readers outside the department.")
    if report.plan.reader is Reader.PUBLIC and format_of(ending).ending in NOT_PUBLIC:
        raise ExportError("The manuscript, figures for print and the one page show more than the public may see.")
    try:
        return format_of(ending).write(report, options or Options())
    except deck.TemplateError as error:
        raise ExportError(str(error)) from error
