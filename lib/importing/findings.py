"""What the import says about a file: findings, the repairs it offers, and refusals, all in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_ROWS_NAMED = 8
ROWS_OF_A_TABLE = 1_000_000
"""Row 5 of the second of several joined tables has the number 2,000,005."""


class Severity(StrEnum):
    """How much it matters. ERROR: numbers would be wrong or missing; WARNING: look at it; NOTE: for the record."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of the file's text that is made only when the user agrees.

    Attributes:
        kind: "replace" (whole cell texts become others), "blank" (named cells become empty), "scale" (numbers are
            multiplied), "fill_down" (blank cells take the text above them), "drop_rows" (rows are left out), "combine"
            (the first column is followed by the others: center and number together are the patient), "turn" (a row per
            column).
        columns: names of the columns it touches; empty for drop_rows.
        values: replace: (text in the file, new text) pairs, an empty new text makes the cell blank.
        rows: blank and drop_rows: row numbers as Excel shows them; scale: those rows only, empty for all of them.
        factor: scale: the number to multiply by, as decimal text ("0.1").
        sentence: what will be done, for the button and the log.
    """

    kind: str
    columns: tuple[str, ...]
    sentence: str
    values: tuple[tuple[str, str], ...] = ()
    rows: tuple[int, ...] = ()
    factor: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `Repair.from_json` reads them back."""
        return {
            "kind": self.kind,
            "columns": list(self.columns),
            "sentence": self.sentence,
            "values": [list(pair) for pair in self.values],
            "rows": list(self.rows),
            "factor": self.factor,
        }

    @staticmethod
    def from_json(record: dict[str, Any]) -> Repair:
        """The repair that `to_json` wrote. Raises KeyError or TypeError for anything else."""
        return Repair(
            kind=str(record["kind"]),
            columns=tuple(str(c) for c in record["columns"]),
            sentence=str(record["sentence"]),
            values=tuple((str(a), str(b)) for a, b in record.get("values", [])),
            rows=tuple(int(r) for r in record.get("rows", [])),
            factor=str(record.get("factor", "")),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the user should know about the file.

    Attributes:
        code: stable short name ("out_of_range"); tests and the analysis file use it.
        severity: see `Severity`.
        sentence: what was found, what is allowed, what to do, as one or two plain sentences.
        sheet, column: where; empty when it concerns the whole file.
        count: how many cells, rows or columns.
        rows: row numbers as Excel shows them (the heading is row 1), all of them or the first thousand.
        repair: what the product offers to do about it, only with consent.
    """

    code: str
    severity: Severity
    sentence: str
    sheet: str = ""
    column: str = ""
    count: int = 0
    rows: tuple[int, ...] = ()
    repair: Repair | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sentence": self.sentence,
            "sheet": self.sheet,
            "column": self.column,
            "count": self.count,
            "rows": list(self.rows),
            "repair": self.repair.to_json() if self.repair else None,
        }

    @staticmethod
    def from_json(record: dict[str, Any]) -> Finding:
        """The finding that `to_json` wrote."""
        repair = record.get("repair")
        return Finding(
            code=str(record["code"]),
            severity=Severity(record["severity"]),
            sentence=str(record["sentence"]),
            sheet=str(record.get("sheet", "")),
            column=str(record.get("column", "")),
            count=int(record.get("count", 0)),
            rows=tuple(int(r) for r in record.get("rows", [])),
            repair=Repair.from_json(repair) if repair else None,
        )


@dataclass(eq=False)
class ImportProblem(Exception):  # noqa: N818 - the word the user and the design use
    """A file that cannot be used. Every reason is a finding; the text is theirs, one per line.

    The family of errors a user sees: what was found, what is allowed, what to do. Never holds values of patients
    beyond a single offending cell's kind.
    """

    findings: tuple[Finding, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        super().__init__(str(self))

    def __str__(self) -> str:
        return "\n".join(f.sentence for f in self.findings)


class ParseCancelled(ImportProblem):
    """The user stopped the reading of the file."""


def refuse(code: str, sentence: str, **where: Any) -> ImportProblem:
    """An `ImportProblem` with one finding of severity error."""
    return ImportProblem((Finding(code, Severity.ERROR, sentence, **where),))


def rows_in_words(rows: Sequence[int], total: int | None = None) -> str:
    """`row 4`, `rows 4, 9 and 12`, `rows 4, 9, 12 … (57 in all)`; row numbers are those of Excel.

    Rows of a joined table name their table: `rows 4, 9 and row 5 of table 2`.
    """
    total = len(rows) if total is None else total
    if total == 1:
        return _of_table(f"row {rows[0] % ROWS_OF_A_TABLE}", rows[0])
    shown = rows[:MAX_ROWS_NAMED]
    if any(row >= ROWS_OF_A_TABLE for row in shown):
        return _rows_of_tables(shown, total)
    if total > len(shown):
        return f"rows {', '.join(map(str, shown))} … ({total} in all)"
    return f"rows {', '.join(map(str, shown[:-1]))} and {shown[-1]}"


def _of_table(words: str, row: int) -> str:
    return f"{words} of table {row // ROWS_OF_A_TABLE}" if row >= ROWS_OF_A_TABLE else words


def _rows_of_tables(shown: Sequence[int], total: int) -> str:
    tables: dict[int, list[int]] = {}
    for row in shown:
        tables.setdefault(max(1, row // ROWS_OF_A_TABLE), []).append(row % ROWS_OF_A_TABLE)
    parts = [
        f"row{'' if len(own) == 1 else 's'} {', '.join(map(str, own))} of table {table}"
        for table, own in tables.items()
    ]
    return "; ".join(parts) + (f" … ({total} in all)" if total > len(shown) else "")


def quoted_list(texts: Iterable[str], most: int = 6) -> str:
    """`"a", "b" and "c"`, at most `most` of them, long texts cut."""
    listed = [f'"{t if len(t) <= 40 else t[:37] + "…"}"' for t in texts]
    if len(listed) > most:
        return ", ".join(listed[:most]) + f" … ({len(listed)} in all)"
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + f" and {listed[-1]}" if listed else ""
