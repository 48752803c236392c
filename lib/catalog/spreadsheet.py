"""What a spreadsheet takes for a formula, and the one function that every text passes on a way out to one.

OWASP, CSV Injection: a cell that begins with =, +, -, @, a tab or a line break; Excel takes the full-width forms of
these signs (＝ ＋ － ＠) as well. A true minus sign (−) starts no formula and stays as it is.
"""

from __future__ import annotations

import re

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠", "｜", "％")
_SIGNED = re.compile(r"[+-]\d+(\.\d+)?%?( points)?( \([+−-]?\d+(\.\d+)?%? to [+−-]?\d+(\.\d+)?%?\))?")
"""A number with its sign and interval, "+9.6 points (−21.1 to 36.5)": no formula, and read as written."""
_BLANK = " \u00a0\u200b\u3000\ufeff"
# what XML 1.0 forbids, and bidirectional overrides
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def safe_text(text: str) -> str:
    """The text without characters that XML 1.0 forbids and without bidirectional overrides."""
    return _FORBIDDEN.sub("", text)


def no_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula, also after saving as CSV: an apostrophe before a start of one."""
    clean = safe_text(text)
    if _SIGNED.fullmatch(clean):
        return clean
    return f"'{clean}" if clean.startswith(_STARTS) or clean.lstrip(_BLANK).startswith(_STARTS) else clean


def cells_without_formulas(text: str) -> str:
    """The same for every cell of text that is copied: lines of cells parted by tabs."""
    return "\n".join("\t".join(map(no_formula, line.split("\t"))) for line in text.split("\n"))
