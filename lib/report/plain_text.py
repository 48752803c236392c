"""The overview as plain text, for a shell: the same report, tables in columns."""

from __future__ import annotations

import textwrap
from unicodedata import combining, east_asian_width

from lib.present.table import Table
from lib.present.wording import plain_spaces
from lib.report.plan import Item
from lib.report.report import Report

WIDTH = 100
_GAP = "  "
_BY_GROUP = ("forest:", "between:")


def overview_text(report: Report) -> str:
    """Sentence, strip, one block per usual subject, origin. Lines end where they must: tables are never folded.

    Tables of groups side by side follow by themselves (`report_groups.comparison_tables`), each once.
    """
    blocks = [_folded(report.title), _folded(report.who)]
    paired = [item for item in report.items if item.key.startswith("paired:")]
    blocks += [_measure(item) for item in paired]
    usual = [item for item in report.items if item.usual and not item.key.startswith(_BY_GROUP)]
    blocks += [text_table(item.table) for item in usual if item.table is not None]
    if not any(item.key == "safety" for item in report.items):  # that no event is recorded is worth a line
        blocks += [_folded(words) for name, words in report.parts if name == "safety"]
    if report.plan.analysis.cohort.provenance.synthetic:
        blocks.append("Synthetic data: no real patients.")
    blocks.append(_folded(report.origin.words))
    return plain_spaces("\n\n".join(blocks)) + "\n"


def _measure(item: Item) -> str:
    return "\n".join(_folded(text) for text in item.sentences or (item.finding,))


def text_table(table: Table) -> str:
    """A table in aligned columns under its title, notes below; empty columns are left out."""
    used = [c for c in range(len(table.columns)) if any(row[c].text for row in table.rows)]
    head = [table.columns[c].name for c in used]
    body = [[" ".join(row[c].text.split()) for c in used] for row in table.rows]
    widths = [max(_width(line[k]) for line in (head, *body)) for k in range(len(used))]
    lines = [table.title, "-" * min(WIDTH, max(len(table.title), sum(widths) + len(_GAP) * (len(used) - 1)))]
    for line in (head, *body):
        cells = (
            _padded(text, width, table.columns[c].align) for text, width, c in zip(line, widths, used, strict=True)
        )
        lines.append(_GAP.join(cells).rstrip())
    return "\n".join([*lines, *(_folded(note) for note in table.notes)])


def _padded(text: str, width: int, align: str) -> str:
    space = " " * (width - _width(text))
    return space + text if align == "right" else text + space


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining marks none."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _folded(text: str) -> str:
    return textwrap.fill(plain_spaces(text), WIDTH, break_long_words=False, break_on_hyphens=False)
