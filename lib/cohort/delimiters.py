"""Which separator a text table uses, judged on its first lines."""

from __future__ import annotations

import csv
import io
from collections import Counter

CANDIDATES = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
LINES = 80


def explicit_separator(text: str) -> tuple[str, int]:
    """Excel's hint `sep=;` on the first line: (separator, characters to skip), ("", 0) without it."""
    first = text[: text.find("\n") + 1].removesuffix("\n")
    hint = first.strip().strip('"').lower()
    if hint.startswith("sep=") and len(hint) <= 5:
        return first.strip().strip('"')[4:] or "\t", len(first) + 1
    return "", 0


def detect_delimiter(text: str) -> str:
    """The separator that splits the first lines into the same number (two or more) of fields most often.

    Of equally regular ones the one that makes more fields, and a heading without empty or numeric names, wins. A file
    of one column has none: a comma is returned.
    """
    sample = "\n".join(text[:200_000].splitlines()[:LINES])
    scores = {d: _score(sample, d) for d in CANDIDATES}
    best = max(CANDIDATES, key=lambda d: scores[d])
    return best if scores[best][0] > 0 else ","


def _score(sample: str, delimiter: str) -> tuple[float, float, int]:
    try:
        rows = [
            r for r in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(c.strip() for c in r)
        ]
    except csv.Error:
        return (0.0, 0.0, 0)
    if not rows:
        return (0.0, 0.0, 0)
    widths = Counter(len(r) for r in rows)
    # a table's width is the commonest one above 1; title lines have one field
    several = [(times, width) for width, times in widths.items() if width > 1]
    if not several:
        return (0.0, 0.0, 0)
    times, width = max(several)
    header = next((r for r in rows if len(r) >= width), rows[0])
    good_names = sum(1 for c in header if c.strip() and not c.strip()[0].isdigit()) / len(header)
    header_fits = 1.0 if len(header) == width else 0.5
    regular = times / len(rows)
    return (round(regular * header_fits * (0.5 + 0.5 * good_names), 3), good_names, width)
