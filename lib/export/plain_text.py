"""Text on its way into an Office file: no characters that XML forbids, no direction tricks, a decimal comma on request.

Labels come from uploaded files; a form feed in one of them would otherwise make the whole document unreadable.
"""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
# not inside a version (2.4.6), a DOI (10.1007/…), a file name or a word
_DECIMAL = re.compile(r"(?<![\w./])(\d+)\.(\d+)(?![\w/]|\.\w)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe_text(text: str) -> str:
    """The text without characters that XML 1.0 forbids and without bidirectional overrides."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """The same on one line: tabs and line breaks become spaces, a non-breaking space stays one."""
    return re.sub(r"[\t\n\r ]+", " ", safe_text(text)).strip(" ")


def no_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula, also after saving as CSV: an apostrophe before a start of one.

    OWASP, CSV Injection. A true minus sign (−) starts no formula and stays as it is.
    """
    clean = safe_text(text)
    return f"'{clean}" if clean.lstrip(" \u00a0").startswith(_FORMULA) or clean.startswith(_FORMULA) else clean


def with_comma(text: str) -> str:
    """Decimal points as commas, 2.86 → 2,86; versions, DOIs and file names stay."""
    return _DECIMAL.sub(r"\1,\2", text)
