"""The bytes of an Office file, and what its properties say: its author, else CohortLens, and nobody else is named."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from lib.catalog.spreadsheet import safe_text
from lib.settings import VERSION

LANGUAGE = "en-GB"
_TEXTS = ("subject", "keywords", "category")


def saved(document: Any, title: str = "", author: str = "") -> bytes:
    """A python-pptx, python-docx or openpyxl document as bytes.

    The properties that the libraries' own templates, or a hospital's, carry along (author, last editor, comments) go.
    """
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    about = getattr(document, "core_properties", None)
    if about is None:  # a workbook
        about = document.properties
        about.creator = about.lastModifiedBy = author or f"CohortLens {VERSION}"
        about.description = ""
    else:
        about.author = about.last_modified_by = author or f"CohortLens {VERSION}"
        about.comments = ""
    for name in _TEXTS:
        setattr(about, name, "")
    about.language = LANGUAGE
    about.title, about.created, about.modified = safe_text(title)[:255], now, now
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
