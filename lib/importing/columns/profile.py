"""What a column holds, whatever it is called: numbers, days, how many different values. Read once, used everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lib.importing.columns import numbers as number_words
from lib.importing.columns.dates import Days, read_days
from lib.importing.columns.numbers import Marks, Numbers, marks, read_numbers
from lib.importing.files.table import Sheet, TextColumn

EXAMINED = 300
MOST_WITH_UNIT = 2_000
ALMOST_ALL = 0.8
TEXT_FORMATS = frozenset({"csv"})


@dataclass(frozen=True, eq=False)
class Profile:
    """The content of one column.

    Attributes:
        column: the text.
        numbers: its levels as numbers.
        decimal: the mark taken as decimal in this column; `decimal_certain` when its own values decided.
        counts: how often each level occurs.
        serials: whether Excel's day numbers may be dates here.
    """

    column: TextColumn
    numbers: Numbers
    decimal: str
    decimal_certain: bool
    counts: NDArray[np.int64]
    day_first: bool | None = None

    @cached_property
    def filled(self) -> int:
        """Number of rows with something in them."""
        return int(self.counts[~self.column.blank_levels].sum())

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Distinct filled texts that occur."""
        return self.column.filled_levels()

    @property
    def distinct(self) -> int:
        """Number of different filled texts."""
        return len(self.levels)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The filled levels with the labels of the format in place of codes."""
        labels = self.column.labels
        return tuple(labels.get(level, level) for level in self.levels) if labels else self.levels

    @cached_property
    def number_rows(self) -> int:
        """Rows that hold a number."""
        return int(self.counts[self.numbers.is_number].sum())

    @cached_property
    def missing_word_rows(self) -> int:
        """Rows that say the value is missing ("n/a")."""
        return int(self.rows_with(self.numbers.missing_words).sum()) if self.numbers.missing_words else 0

    @property
    def numeric(self) -> float:
        """Share of the filled rows, words for missing aside, that hold a number."""
        rows = self.filled - self.missing_word_rows
        return self.number_rows / rows if rows else 0.0

    @cached_property
    def meant(self) -> NDArray[np.float64]:
        """Distinct numbers written with a unit in nearly every cell ("7 cm"), sorted; none where few are."""
        texts = self.numbers.not_numbers
        if self.numeric > 0.5 or not texts or len(texts) > MOST_WITH_UNIT or self.column.labels:
            return np.empty(0)
        read = number_words.meant(texts, None)
        rows = int(self.rows_with(list(read)).sum()) + self.number_rows
        if rows < ALMOST_ALL * (self.filled - self.missing_word_rows):
            return np.empty(0)
        return np.unique([float(n.replace(",", ".")) for n in read.values()])

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """Distinct numbers that occur, sorted."""
        return np.unique(self.numbers.values[self.numbers.is_number & (self.counts > 0)])

    @cached_property
    def whole(self) -> bool:
        """Whether every number is a whole one."""
        return bool(len(self.values)) and bool((self.values == np.floor(self.values)).all())

    @cached_property
    def days(self) -> Days:
        """The levels as days (Excel's day numbers are not taken for days here)."""
        return read_days(self.column.levels, self.day_first)

    @cached_property
    def days_with_serials(self) -> Days:
        """The levels as days, Excel's day numbers among them."""
        return read_days(self.column.levels, self.day_first, serials=True)

    @cached_property
    def dated(self) -> float:
        """Share of the filled rows, words for missing aside, that hold a date. Looks at a sample of many values."""
        looked = self.levels[:EXAMINED]
        if not looked:
            return 0.0
        days = read_days(looked, self.day_first)
        dates = int((~np.isnat(days.days)).sum())
        return dates / max(1, dates + len(days.not_dates))

    def rows_with(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) True where the cell is one of these texts."""
        wanted = set(texts)
        if not wanted or not self.column.levels:
            return np.zeros(len(self.column), dtype=bool)
        return np.array([level in wanted for level in self.column.levels], dtype=bool)[self.column.codes]

    def row_values(self) -> NDArray[np.float64]:
        """(n,) numbers, NaN where there is none."""
        return self.numbers.values[self.column.codes] if len(self.column.levels) else np.full(len(self.column), np.nan)


def _evidence(column: TextColumn) -> Marks:
    """What the first few hundred different texts tell of the decimal mark; all of them when those leave it open."""
    found = marks(column.levels[:EXAMINED])
    undecided = found.open_to_two and not found.comma and not found.point
    return marks(column.levels) if undecided and len(column.levels) > EXAMINED else found


def file_decimal(sheet: Sheet, delimiter: str, point_is_decimal: bool) -> str:
    """The decimal mark of the whole table: what most values can only be read with; semicolons lean to a comma."""
    total = Marks()
    for column in sheet.columns:
        total = total + _evidence(column)
    if total.comma != total.point:
        return "," if total.comma > total.point else "."
    return "," if delimiter == ";" and not point_is_decimal else "."


def profile(column: TextColumn, decimal: str, point_is_decimal: bool, day_first: bool | None = None) -> Profile:
    """The profile of a column; `decimal` is that of the file and decides only what the column itself leaves open."""
    found = _evidence(column)
    own = "," if found.comma and not found.point else "." if found.point and not found.comma else ""
    numbers = read_numbers(column.levels, own or decimal, point_is_decimal)
    return Profile(column, numbers, own or decimal, bool(own), column.counts, day_first)
