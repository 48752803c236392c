"""Sheets of text: what a reader makes of a file, before anybody decides what the columns mean."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE
from lib.importing.columns.timepoints import after, baseline, split_names
from lib.importing.findings import Finding

LOOK_AT, LEAST_LISTED = 2, 3


@dataclass(frozen=True, eq=False)
class About:
    """What a format says of a column beside its cells.

    Attributes:
        heading: the longer name the format has (SPSS variable label, REDCap field label), else ''.
        labels: value labels of the format: cell text → label.
        declared_missing: texts the format itself declares missing; such cells are already blank.
        kind: type stated by the format: "number", "date", "text" or '' (not stated).
    """

    heading: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    declared_missing: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class TextColumn(About):
    """One column of a sheet, looked at. What is known of its texts is worked out once.

    Attributes:
        cells: a Series of categories; they are the distinct texts as in the file, '' for a blank cell.
    """

    cells: pd.Series

    @property
    def name(self) -> str:
        """Unique within the sheet."""
        return str(self.cells.name)

    def __len__(self) -> int:
        return len(self.cells)

    def texts(self) -> list[str]:
        """Every row's text."""
        return list(self.cells)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The distinct texts, in order of first appearance."""
        return tuple(self.cells.array.categories)

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """(n,) index into `levels` for each row; wide enough to count with, pandas keeps them in one byte."""
        return np.asarray(self.cells.array.codes, dtype=np.int32)

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
        return not self.blank_levels.any() and len(set(self.stripped)) == len(self) and self.cells.is_unique

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each level occurs, aligned to `levels`."""
        return np.bincount(self.codes, minlength=len(self.levels)).astype(np.int64)

    def blank(self) -> NDArray[np.bool_]:
        """(n,) True where the cell is empty or only spaces."""
        return self.blank_levels[self.codes]

    def filled_levels(self) -> tuple[str, ...]:
        """Distinct non-blank texts that occur, in order of first appearance."""
        return tuple(compress(self.levels, ((self.counts > 0) & ~self.blank_levels).tolist()))

    def with_levels(self, new: Sequence[str]) -> TextColumn:
        """The same column with its levels renamed; equal new names are merged."""
        levels = pd.Index(dict.fromkeys(new), dtype=object)
        return self.with_cells(
            pd.Categorical.from_codes(levels.get_indexer(pd.Index(new, dtype=object))[self.codes], levels)
        )

    def mapped(self, new_texts: Mapping[str, str]) -> TextColumn:
        """The same column with some texts replaced everywhere."""
        return self.with_levels([new_texts.get(level, level) for level in self.levels])

    def filled_down(self) -> TextColumn:
        """The same column with blank cells taking the text above them; blanks above the first text stay."""
        return self.with_cells(self.cells.mask(self.blank()).ffill().fillna(self.cells))

    def once_per_block(self) -> bool:
        """Whether a text stands only in the first row of the rows it is about: each once, most with blanks below."""
        blank = self.blank()
        filled = int((~blank).sum())
        if filled < 2 or filled > len(self) / 2 or bool(blank[0]) or len(self.filled_levels()) < filled:
            return False
        return int((~blank[:-1] & blank[1:]).sum()) > 0.5 * filled

    def at(self, rows: NDArray[np.intp]) -> TextColumn:
        """The column at these rows (0 the first), blank where the row is −1."""
        return self.with_cells(self.cells.array.take(rows, allow_fill=True))

    def with_cells(self, cells: Any, name: str = "") -> TextColumn:
        """Other cells, perhaps under another name, of which the same is known; what is missing in them is blank."""
        made = pd.Categorical(cells)
        if (made.codes < 0).any():
            made = (made if "" in made.categories else made.add_categories([""])).fillna("")
        return TextColumn(cells=pd.Series(made, name=name or self.name), **_about(self))


def _about(column: About) -> dict[str, Any]:
    return {name: getattr(column, name) for name in About.__dataclass_fields__}


def from_texts(name: str, texts: Sequence[str]) -> TextColumn:
    """A column from one text per row."""
    codes, levels = pd.factorize(np.array(texts, dtype=object))
    return TextColumn(cells=pd.Series(pd.Categorical.from_codes(codes, pd.Index(levels, dtype=object)), name=name))


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of text.

    Attributes:
        name: the sheet's name in a workbook, '' for a one-table format.
        frame: a column of categories per column of the file, in its order; the index is the row number as Excel shows
            it.
        about: by column, what the format says of it.
        header_rows: Excel row numbers of the heading; empty when the format has named variables.
        findings: what the reader noticed (ragged rows, unnamed columns …).
    """

    name: str
    frame: pd.DataFrame
    about: Mapping[str, About]
    header_rows: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()

    @staticmethod
    def of(name: str, columns: Iterable[TextColumn], row_numbers: NDArray[np.int64], *more: Any) -> Sheet:
        """A sheet of these columns; `more` are its header rows and findings."""
        listed = {c.name: c for c in columns}
        cells = {name: column.cells.array for name, column in listed.items()}
        frame = pd.DataFrame(cells, index=pd.Index(row_numbers, name="row"))
        return Sheet(name, frame, {name: About(**_about(column)) for name, column in listed.items()}, *more)

    @cached_property
    def _looked_at(self) -> dict[str, TextColumn]:
        return {name: TextColumn(cells=self.frame[name], **_about(about)) for name, about in self.about.items()}

    @property
    def columns(self) -> tuple[TextColumn, ...]:
        """The columns in file order."""
        return tuple(self._looked_at.values())

    @property
    def row_numbers(self) -> NDArray[np.int64]:
        """(n,) the row number of each row as Excel shows it."""
        return self.frame.index.to_numpy()

    @property
    def n(self) -> int:
        """Number of rows below the heading."""
        return len(self.frame)

    def column(self, name: str) -> TextColumn:
        """The column of that name; KeyError otherwise."""
        return self._looked_at[name]

    def names(self) -> tuple[str, ...]:
        """Column names in file order."""
        return tuple(self.about)

    def head(self, rows: int = 5) -> list[list[str]]:
        """The first rows as text, for the preview."""
        return [list(row) for row in self.frame.head(rows).itertuples(index=False, name=None)]

    def texts_of(self, places: Sequence[int], names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Some rows (0 the first) of some columns; the row number stands before the texts."""
        cells = self.frame[list(names)].iloc[list(places)]
        return tuple((str(row), *texts) for row, *texts in cells.itertuples(name=None))

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Sheet:
        """The same sheet for some rows."""
        return replace(self, frame=self.frame.iloc[rows])

    def of_columns(self, columns: Iterable[TextColumn]) -> Sheet:
        """The same rows with these columns instead."""
        return Sheet.of(self.name, columns, self.row_numbers, self.header_rows, self.findings)

    def with_columns(self, *columns: TextColumn) -> Sheet:
        """The same sheet with columns of these names replaced, or added at the end."""
        return self.of_columns((self._looked_at | {c.name: c for c in columns}).values())


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
