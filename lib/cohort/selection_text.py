"""A Selection as one line of text for an address or a shell, and back: "etiology=Postpartum+Unknown&age=30..50"."""

from __future__ import annotations

from urllib.parse import quote, unquote

from lib.cohort.cohort import Cohort
from lib.cohort.patient_columns import Category, Number
from lib.cohort.selection import NOT_RECORDED, Range, Selection, SelectionError


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
