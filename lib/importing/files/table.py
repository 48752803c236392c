"""Sheets of text: what a reader makes of a file, before anybody decides what the columns mean."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE
from lib.importing.columns.timepoints import after, baseline, split_names
from lib.importing.findings import Finding

LOOK_AT, LEAST_LISTED = 2, 3
Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class TextColumn:
    """One column of text, each distinct text stored once. What is known of its texts is worked out once.

    Attributes:
        name: unique within the sheet.
        codes: (n,) int32, index into `levels` for each row.
        levels: distinct cell texts as in the file, '' for a blank cell.
        heading: the longer name the format has (SPSS variable label, REDCap field label), else ''.
        labels: value labels of the format: cell text → label.
        declared_missing: texts the format itself declares missing; such cells are already blank.
        kind: type stated by the format: "number", "date", "text" or '' (not stated).
    """

    name: str
    codes: Codes
    levels: tuple[str, ...]
    heading: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    declared_missing: tuple[str, ...] = ()
    kind: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    def texts(self) -> list[str]:
        """Every row's text."""
        levels = self.levels
        return [levels[code] for code in self.codes.tolist()]

    @cached_property
    def stripped(self) -> tuple[str, ...]:
        """The levels without spaces around them."""
        return tuple(map(str.strip, self.levels))

    @cached_property
    def blank_levels(self) -> NDArray[np.bool_]:
        """Per level, whether it is empty or only spaces."""
        return np.fromiter(map(operator.not_, self.stripped), dtype=bool, count=len(self.levels))

    @cached_property
    def each_its_own(self) -> bool:
        """Whether no cell is blank and no text occurs twice: the ids of a file with one row per patient."""
        in_order = len(self.levels) == len(self) and np.array_equal(self.codes, np.arange(len(self)))
        return in_order and not self.blank_levels.any() and len(set(self.stripped)) == len(self)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each level occurs, aligned to `levels`."""
        return np.bincount(self.codes, minlength=len(self.levels)).astype(np.int64)

    def blank(self) -> NDArray[np.bool_]:
        """(n,) True where the cell is empty or only spaces."""
        return self.blank_levels[self.codes] if len(self.levels) else np.zeros(len(self.codes), dtype=bool)

    def filled_levels(self) -> tuple[str, ...]:
        """Distinct non-blank texts that occur, in order of first appearance."""
        return tuple(compress(self.levels, ((self.counts > 0) & ~self.blank_levels).tolist()))

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> TextColumn:
        """The same column for some rows."""
        return replace(self, codes=self.codes[rows])

    def mapped(self, new_texts: Mapping[str, str]) -> TextColumn:
        """The same column with some texts replaced everywhere."""
        return from_levels(self, [new_texts.get(level, level) for level in self.levels])

    def filled_down(self) -> TextColumn:
        """The same column with blank cells taking the text above them; blanks above the first text stay."""
        above = np.maximum.accumulate(np.where(self.blank(), 0, np.arange(len(self))))
        return replace(self, codes=self.codes[above])

    def once_per_block(self) -> bool:
        """Whether a text stands only in the first row of the rows it is about: each once, most with blanks below."""
        blank = self.blank()
        filled = int((~blank).sum())
        if filled < 2 or filled > len(self) / 2 or bool(blank[0]) or len(self.filled_levels()) < filled:
            return False
        return int((~blank[:-1] & blank[1:]).sum()) > 0.5 * filled

    def with_cells(self, rows: NDArray[np.bool_], text: str) -> TextColumn:
        """The same column with one text in the marked rows."""
        levels = list(self.levels)
        if text not in levels:
            levels.append(text)
        codes = self.codes.copy()
        codes[rows] = levels.index(text)
        return replace(self, codes=codes, levels=tuple(levels))


def from_levels(column: TextColumn, new_levels: list[str]) -> TextColumn:
    """`column` with its levels renamed; equal new names are merged."""
    position: dict[str, int] = {}
    lookup = np.array([position.setdefault(text, len(position)) for text in new_levels], dtype=np.int32)
    codes = lookup[column.codes] if len(lookup) else column.codes
    return replace(column, codes=codes, levels=tuple(position))


def from_texts(name: str, texts: list[str], **more: Any) -> TextColumn:
    """A column from one text per row."""
    position: dict[str, int] = {}
    codes = np.array([position.setdefault(text, len(position)) for text in texts], dtype=np.int32)
    return TextColumn(name=name, codes=codes, levels=tuple(position), **more)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One table of text.

    Attributes:
        name: the sheet's name in a workbook, '' for a one-table format.
        columns: in file order; all have the same length.
        row_numbers: (n,) the row number of each row as Excel shows it.
        header_rows: Excel row numbers of the heading; empty when the format has named variables.
        findings: what the reader noticed (ragged rows, unnamed columns …).
    """

    name: str
    columns: tuple[TextColumn, ...]
    row_numbers: NDArray[np.int64]
    header_rows: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def n(self) -> int:
        """Number of rows below the heading."""
        return len(self.row_numbers)

    def column(self, name: str) -> TextColumn:
        """The column of that name; KeyError otherwise."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def names(self) -> tuple[str, ...]:
        """Column names in file order."""
        return tuple(c.name for c in self.columns)

    def head(self, rows: int = 5) -> list[list[str]]:
        """The first rows as text, for the preview."""
        return list(map(list, zip(*(c.take(np.arange(min(rows, self.n))).texts() for c in self.columns), strict=True)))

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Sheet:
        """The same sheet for some rows."""
        return replace(self, columns=tuple(c.take(rows) for c in self.columns), row_numbers=self.row_numbers[rows])

    def with_column(self, column: TextColumn) -> Sheet:
        """The same sheet with the column of that name replaced."""
        return replace(self, columns=tuple(column if c.name == column.name else c for c in self.columns))


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A file as sheets of text.

    Attributes:
        file_name: as uploaded, only for display.
        digest: sha256 of the bytes, hexadecimal.
        format: "csv", "xlsx", "xls", "ods", "sav", "dta".
        encoding, delimiter: as detected for text files, else ''.
        sheets: those with at least one column.
        findings: about the file as a whole.
        join: how it was made of several tables (`joining.join`), None for a file as it came.
        parts: names and digests of those files.
    """

    file_name: str
    digest: str
    format: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ""
    findings: tuple[Finding, ...] = ()
    join: JoinPlan | None = None
    parts: tuple[tuple[str, str], ...] = ()

    def _explains(self, sheet: Sheet) -> bool:
        """Whether a sheet is the data dictionary of another: one of its first columns lists that one's headings."""
        others = [{n.strip().lower() for n in other.names()} for other in self.sheets if other is not sheet]
        if not others:
            return False
        for column in sheet.columns[:LOOK_AT]:
            listed = {t.strip().lower() for t in column.filled_levels()}
            if any(len(listed & names) >= max(LEAST_LISTED, 0.5 * len(names)) for names in others):
                return True
        return False

    def sheet(self, name: str | None = None) -> Sheet:
        """The sheet of that name; without a name the joined one, else the one with most rows × columns (the first of
        equals) that does not merely explain the columns of another.
        """
        if name is None and self.join is not None:
            return self.sheets[0]
        if name is None:
            with_data = [s for s in self.sheets if not self._explains(s)] or self.sheets
            return max(with_data, key=lambda s: (s.n > 0, s.n * len(s.columns)))
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


# How several tables of the same patients become one: which columns hold the patient, and when each was asked.

PATIENT = "Patient number"
"""Name of the joined table's column of patients."""
TIME = "Time point of the table"
"""Name of the joined table's column that says from which table a row is."""
MOST_TABLES = 8


@dataclass(frozen=True, slots=True)
class JoinTable:
    """One table of a join.

    Attributes:
        name: what it is called on screen: the file, or the sheet of a workbook.
        id: its column with the number of the patient, '' when rows are matched by their place.
        time_point: key of its time point, '' while nobody knows it.
    """

    name: str
    id: str = ""
    time_point: str = ""


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """What the user agreed to about a join; saved with the columns.

    Attributes:
        tables: in the order of the joined rows.
        alike: numbers that differ only in leading zeros, spaces, capitals or marks are one patient.
        by_place: row k of every table is the same patient; only for tables without a number of the patient.
    """

    tables: tuple[JoinTable, ...]
    alike: bool = False
    by_place: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: names of tables and columns, no number of a patient."""
        return {
            "tables": [{"name": t.name, "id": t.id, "occasion": t.time_point} for t in self.tables],
            "alike": self.alike,
            "by_place": self.by_place,
        }

    @staticmethod
    def from_json(record: dict[str, Any]) -> JoinPlan:
        """The plan that `to_json` wrote. Raises KeyError, TypeError or AttributeError for anything else."""
        tables = tuple(
            JoinTable(str(t["name"]), str(t.get("id") or ""), str(t.get("occasion") or "")) for t in record["tables"]
        )
        return JoinPlan(tables, bool(record.get("alike")), bool(record.get("by_place")))

    @property
    def untold(self) -> tuple[str, ...]:
        """Names of tables whose time point nobody knows."""
        return tuple(t.name for t in self.tables if not t.time_point)

    @property
    def twice(self) -> str:
        """A time point that two tables claim, '' when there is none."""
        keys = [t.time_point for t in self.tables if t.time_point]
        return next((k for k in keys if keys.count(k) > 1), "")


def time_points_of_names(names: Sequence[str]) -> list[str]:
    """Keys of the time points that the names of files or sheets tell ("pre.csv", "FU 12m", "T0"), '' where none.

    Of two tables of which one names its time point, the other is before or after it.
    """
    stems = [name.rsplit(".", 1)[0] if "." in name[-6:] else name for name in names]
    keys = [t.time_point.key if t.time_point else "" for t in split_names(stems)]
    if len(keys) == 2 and keys.count("") == 1:
        known = next(k for k in keys if k)
        keys = [k or (after().key if known == BASELINE else baseline().key) for k in keys]
    return keys
