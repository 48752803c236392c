"""Who of the cohort is looked at: a hashable filter in words of the file, never in row numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Category, Cohort, Number
from lib.cohort.pairs import MISSING

Mask = NDArray[np.bool_]

NOT_RECORDED = "(not recorded)"
"""The choice that stands for patients without a value in a category column."""


class SelectionError(ValueError):
    """A column or category that the cohort does not have; the message lists the known ones."""


class Population(Enum):
    """Over whom one-time point results are counted."""

    ANALYSED = "analysed"
    ALL = "all operated"


@dataclass(frozen=True, slots=True)
class Range:
    """A closed range of a number column; an open end is None."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter: AND across columns, OR within one; a column without a choice does not filter.

    `chosen` holds (column key, labels) and `ranges` (column key, Range), both sorted by key, so that equal filters
    are equal objects. An untouched range is absent and keeps patients without a value; a moved one drops them.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, Range], ...] = ()

    @classmethod
    def of(
        cls, chosen: Mapping[str, Iterable[str]] | None = None, ranges: Mapping[str, Range] | None = None
    ) -> Selection:
        """Build from plain mappings; empty choices and fully open ranges are left out."""
        return cls(
            chosen=tuple(sorted((k, tuple(sorted(set(v)))) for k, v in (chosen or {}).items() if set(v))),
            ranges=tuple(sorted((k, r) for k, r in (ranges or {}).items() if r.low is not None or r.high is not None)),
        )

    @property
    def is_empty(self) -> bool:
        """True when nothing is filtered."""
        return not self.chosen and not self.ranges

    def labels(self, column: str) -> tuple[str, ...]:
        """The labels chosen in that column, () when it does not filter."""
        return dict(self.chosen).get(column, ())

    def with_labels(self, column: str, labels: Iterable[str]) -> Selection:
        """The same filter with another choice in one column; no label removes the column."""
        return Selection.of({**dict(self.chosen), column: tuple(labels)}, dict(self.ranges))

    def with_range(self, column: str, chosen: Range | None) -> Selection:
        """The same filter with another range in one column; None removes it."""
        return Selection.of(dict(self.chosen), {**dict(self.ranges), column: chosen or Range()})

    def without(self, column: str) -> Selection:
        """The same filter with that column open."""
        return self.with_labels(column, ()).with_range(column, None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Keys of the columns that filter."""
        return tuple(k for k, _ in self.chosen) + tuple(k for k, _ in self.ranges)

    def apply(self, cohort: Cohort) -> Mask:
        """True for the selected patients, shape (n,). Raises SelectionError for an unknown column or label."""
        mask = np.ones(cohort.n, dtype=bool)
        for key, labels in self.chosen:
            mask &= _has_label(_category(cohort, key), labels)
        for key, chosen in self.ranges:
            mask &= _in_range(_number(cohort, key), chosen)
        return mask

    def dropped_without_value(self, cohort: Cohort, column: str) -> int:
        """How many patients, selected by every other column, a range drops because they have no value in it."""
        others = self.without(column).apply(cohort)
        return int(np.count_nonzero(others & np.isnan(_number(cohort, column).values)))

    def counts(self, cohort: Cohort, column: str) -> dict[str, int]:
        """Patients per label of one column under all other filters; "not recorded" last, when there are any."""
        category = _category(cohort, column)
        others = self.without(column).apply(cohort)
        found = np.bincount(category.codes[others] + 1, minlength=len(category.labels) + 1)
        counts = {label: int(found[i + 1]) for i, label in enumerate(category.labels)}
        if np.any(category.codes < 0):
            counts[NOT_RECORDED] = int(found[0])
        return counts

    def describe(self, cohort: Cohort) -> tuple[str, ...]:
        """The active filters in words, one per column: ("Postpartum or Unknown", "Age 30 to 50")."""
        words = [" or ".join(_in_column_order(_category(cohort, key), labels)) for key, labels in self.chosen]
        for key, chosen in self.ranges:
            words.append(f"{_number(cohort, key).label} {_range_words(chosen)}")
        return tuple(words)


def _category(cohort: Cohort, key: str) -> Category:
    column = cohort.columns.get(key)
    if isinstance(column, Category):
        return column
    known = ", ".join(c.key for c in cohort.categories()) or "none"
    raise SelectionError(f"There is no category column “{key}” in this cohort. Category columns: {known}.")


def _number(cohort: Cohort, key: str) -> Number:
    column = cohort.columns.get(key)
    if isinstance(column, Number):
        return column
    known = ", ".join(c.key for c in cohort.numbers()) or "none"
    raise SelectionError(f"There is no number column “{key}” in this cohort. Number columns: {known}.")


def _has_label(column: Category, labels: tuple[str, ...]) -> Mask:
    wanted = []
    for label in labels:
        if label == NOT_RECORDED:
            wanted.append(-1)
        elif label in column.labels:
            wanted.append(column.labels.index(label))
        else:
            known = ", ".join(column.labels)
            raise SelectionError(f"“{label}” does not occur in {column.label}. It has: {known}.")
    return np.isin(column.codes, wanted)


def _in_range(column: Number, chosen: Range) -> Mask:
    # in whole counts of the column's step: a slider's 0.30000000000000004 must not drop every 0.3
    mask = ~np.isnan(column.values)
    per_unit = float(1 / column.resolution)
    with np.errstate(invalid="ignore"):
        counts = np.rint(column.values * per_unit)
        if chosen.low is not None:
            mask &= counts >= np.rint(chosen.low * per_unit)
        if chosen.high is not None:
            mask &= counts <= np.rint(chosen.high * per_unit)
    return mask


def _in_column_order(column: Category, labels: tuple[str, ...]) -> list[str]:
    ordered = [label for label in column.labels if label in labels]
    return ordered + [f"{column.label} not recorded" for label in labels if label == NOT_RECORDED]


def _range_words(chosen: Range) -> str:
    if chosen.low is None:
        return f"up to {chosen.high:g}"
    if chosen.high is None:
        return f"from {chosen.low:g}"
    return f"{chosen.low:g} to {chosen.high:g}"


def analysed(cohort: Cohort, follow_up: str) -> Mask | None:
    """Patients with a complete pair of a primary measure at this follow-up; None when the file has no such pairs."""
    mask: Mask | None = None
    for key in cohort.primary:
        if cohort.has_scores(key, BASELINE) and cohort.has_scores(key, follow_up):
            complete = (cohort.counts(key, BASELINE) != MISSING) & (cohort.counts(key, follow_up) != MISSING)
            mask = complete if mask is None else mask | complete
    return mask


# A Selection as one line of text for an address or a shell, and back: "etiology=Postpartum+Unknown&age=30..50".


def coded(text: str) -> str:
    """A key or label with everything escaped that separates parts of these texts ("/", "+", "=", "&", "~", ":")."""
    return quote(text, safe="").replace("~", "%7E")


def decoded(text: str) -> str:
    """The key or label again."""
    return unquote(text)


def selection_text(selection: Selection) -> str:
    """The filter in one line; "" for no filter. `parse_selection` gives an equal filter back."""
    parts = [f"{coded(key)}={'+'.join(coded(label) for label in labels)}" for key, labels in selection.chosen]
    parts += [f"{coded(key)}={_end(found.low)}..{_end(found.high)}" for key, found in selection.ranges]
    return "&".join(parts)


def parse_selection(text: str, cohort: Cohort) -> Selection:
    """The filter of such a line. Raises SelectionError for a column, label or number the cohort does not have."""
    chosen: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, Range] = {}
    for part in filter(None, text.split("&")):
        key, _, value = part.partition("=")
        column = cohort.columns.get(decoded(key))
        if isinstance(column, Category):
            labels = tuple(decoded(label) for label in value.split("+") if label)
            unknown = [label for label in labels if label not in column.labels and label != NOT_RECORDED]
            if unknown or not labels:
                raise SelectionError(f"“{', '.join(unknown)}” does not occur in {column.label}.")
            chosen[column.key] = labels
        elif isinstance(column, Number):
            ranges[column.key] = _range(value, column)
        else:
            raise SelectionError(f"There is no column “{decoded(key)}” to select by in this cohort.")
    return Selection.of(chosen, ranges)


def _end(value: float | None) -> str:
    return "" if value is None else f"{value:.17g}" if float(f"{value:g}") != value else f"{value:g}"


def _range(text: str, column: Number) -> Range:
    low, dots, high = text.partition("..")
    try:
        if dots:
            return Range(float(low) if low else None, float(high) if high else None)
    except ValueError:
        pass
    raise SelectionError(f"“{text}” is no range of {column.label}; a range is written 30..50.")
