"""How patients are set side by side: by a column, by parts of a number, a selection against the rest, or two of them.

Every grouping is hashable, says in words what it is, splits a cohort into named masks, and has one line of text that
carries column keys and category labels only (`text()`); `parse_grouping` reads it back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Category, Cohort, Number
from lib.cohort.pairs import MISSING, to_counts
from lib.cohort.selection import Mask, Selection, SelectionError, coded, decoded, parse_selection, selection_text

PARTS = 3


class GroupingError(SelectionError):
    """A grouping that this cohort does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One group: its name, True for its patients (of the whole cohort), and the labels of its column it holds."""

    label: str
    mask: Mask
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Labels of a column that count as one group; without a name it is called "Unknown + Degenerative".

    So it is, too, when another group of the column has the name already: a name never takes patients in.
    """

    labels: tuple[str, ...]
    name: str = ""

    @property
    def label(self) -> str:
        """What the group is called."""
        return self.name or " + ".join(self.labels)


@dataclass(frozen=True, slots=True)
class ByColumn:
    """One group per label of a category column; patients without a label are in none."""

    column: str
    merges: tuple[Merge, ...] = ()

    def describe(self, cohort: Cohort) -> str:
        """ "Etiology"."""
        return _category(cohort, self.column).label

    def split(self, cohort: Cohort) -> tuple[Group, ...]:
        """The groups of the whole cohort: in their own order when that means something, else the largest first."""
        column = _category(cohort, self.column)
        merge_of = {label: place for place, merge in enumerate(self.merges) for label in merge.labels}
        members: dict[int | str, list[str]] = {}
        for label in column.labels:
            members.setdefault(merge_of.get(label, label), []).append(label)
        names = self._names(members)
        groups = [
            Group(names[key], np.isin(column.codes, [column.labels.index(label) for label in labels]), tuple(labels))
            for key, labels in members.items()
        ]
        if column.ordered:
            return tuple(groups)
        return tuple(sorted(groups, key=lambda g: -int(np.count_nonzero(g.mask))))

    def _names(self, keys: Collection[int | str]) -> dict[int | str, str]:
        """What each group is called: a label by itself, a merge (its place) by a name that no other group has."""
        found: dict[int | str, str] = {key: key for key in keys if isinstance(key, str)}
        for place in sorted(key for key in keys if isinstance(key, int)):
            merge = self.merges[place]
            joined = " + ".join(merge.labels)
            tries = chain((merge.label, joined), (f"{joined} ({k})" for k in count(2)))
            found[place] = next(name for name in tries if name not in found.values())
        return found

    def text(self, *, names: bool = False) -> str:
        """ "etiology~Unknown+Degenerative"; with `names` also what the user called the merged group."""
        merged = [
            (f"{coded(m.name)}=" if names and m.name else "") + "+".join(coded(label) for label in m.labels)
            for m in self.merges
        ]
        return "~".join([coded(self.column), *merged])


@dataclass(frozen=True, slots=True)
class ByQuantile:
    """Thirds (or other parts) of a number column, cut over the whole unfiltered cohort; a tie goes down."""

    column: str
    parts: int = PARTS

    def describe(self, cohort: Cohort) -> str:
        """ "Age in thirds"."""
        return f"{_number(cohort, self.column).label} in {_parts_word(self.parts)}"

    def split(self, cohort: Cohort) -> tuple[Group, ...]:
        """The lowest part first; a part nobody can be in (equal cuts) is left out."""
        column = _number(cohort, self.column)
        return _split_counts(to_counts(column.values, column.resolution), column.resolution, self.parts, column.unit)

    def text(self, *, names: bool = False) -> str:
        """ "age/3"."""
        return f"{coded(self.column)}/{self.parts}"


@dataclass(frozen=True, slots=True)
class ByBaseline:
    """Thirds of a measure's own baseline: descriptive only, because they differ in change by chance alone.

    Who starts high falls more (regression to the mean), so no group is tested against another.
    """

    measure: str
    parts: int = PARTS

    def describe(self, cohort: Cohort) -> str:
        """ "VAS pain at baseline in thirds"."""
        return f"{_measure_label(cohort, self.measure)} at baseline in {_parts_word(self.parts)}"

    def split(self, cohort: Cohort) -> tuple[Group, ...]:
        """The lowest baseline first."""
        _measure_label(cohort, self.measure)
        measure = cohort.measure(self.measure)
        return _split_counts(cohort.counts(self.measure, BASELINE), measure.resolution, self.parts, measure.unit)

    def text(self, *, names: bool = False) -> str:
        """ "baseline:vas_pain/3"."""
        return f"baseline:{coded(self.measure)}/{self.parts}"


@dataclass(frozen=True, slots=True)
class VersusRest:
    """The patients of a selection against all others of the file."""

    selection: Selection

    def describe(self, cohort: Cohort) -> str:
        """ "Postpartum against the rest"."""
        return f"{_words(self.selection, cohort)} against the rest"

    def split(self, cohort: Cohort) -> tuple[Group, ...]:
        """The selection, then the rest."""
        inside = self.selection.apply(cohort)
        return (Group(_words(self.selection, cohort), inside), Group("The rest", ~inside))

    def text(self, *, names: bool = False) -> str:
        """ "rest:etiology=Postpartum"."""
        return f"rest:{selection_text(self.selection)}"


@dataclass(frozen=True, slots=True)
class Named:
    """A selection the user has pinned; without a name it is called by what it selects."""

    selection: Selection
    name: str = ""


@dataclass(frozen=True, slots=True)
class TwoCohorts:
    """Two pinned selections, whatever the filter says now; they may share patients."""

    first: Named
    second: Named

    def describe(self, cohort: Cohort) -> str:
        """ "Young mothers against the others"."""
        one, two = self.split(cohort)
        return f"{one.label} against {two.label}"

    def split(self, cohort: Cohort) -> tuple[Group, ...]:
        """A, then B; equal names get their letter."""
        groups = [Group(n.name or _words(n.selection, cohort), n.selection.apply(cohort)) for n in self._both]
        if groups[0].label == groups[1].label:
            groups = [replace(g, label=f"{g.label} ({letter})") for g, letter in zip(groups, "AB", strict=True)]
        return tuple(groups)

    @property
    def _both(self) -> tuple[Named, Named]:
        return (self.first, self.second)

    def text(self, *, names: bool = False) -> str:
        """ "two:etiology=Postpartum|etiology=Degenerative"; with `names` "two:Mothers:etiology=Postpartum|…"."""
        return "two:" + "|".join(
            (f"{coded(n.name)}:" if names and n.name else "") + selection_text(n.selection) for n in self._both
        )


Grouping = ByColumn | ByQuantile | ByBaseline | VersusRest | TwoCohorts


def _split_counts(counts: Counts, resolution: Decimal, parts: int, unit: str) -> tuple[Group, ...]:
    present = counts != MISSING
    if not present.any():
        return ()
    cuts = quantile_cuts(counts[present], parts)
    part = np.where(present, part_of(counts, cuts), -1)
    highest = int(counts[present].max())
    groups = []
    for k in range(parts):
        if k > 0 and (cuts[k - 1] >= highest or (k < parts - 1 and cuts[k] == cuts[k - 1])):
            continue
        low = None if k == 0 else (cuts[k - 1] + 1) * resolution
        high = None if k == parts - 1 or cuts[k] >= highest else cuts[k] * resolution
        groups.append(Group(_span_words(low, high, unit), part == k))
    return tuple(groups)


def _span_words(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    tail = f" {unit}" if unit else ""
    if low is None and high is None:
        return "all values"
    if low is None:
        return f"Up to {high}{tail}"
    if high is None:
        return f"{low}{tail} and over"
    return f"{low}{tail}" if low == high else f"{low} to {high}{tail}"


def _parts_word(parts: int) -> str:
    return {2: "halves", 3: "thirds", 4: "quarters", 5: "fifths"}.get(parts, f"{parts} parts")


def _words(selection: Selection, cohort: Cohort) -> str:
    return " · ".join(selection.describe(cohort)) or "All patients"


def _category(cohort: Cohort, key: str) -> Category:
    column = cohort.columns.get(key)
    if not isinstance(column, Category):
        raise GroupingError(f"There is no category column “{key}” in this cohort to compare by.")
    return column


def _number(cohort: Cohort, key: str) -> Number:
    column = cohort.columns.get(key)
    if not isinstance(column, Number):
        raise GroupingError(f"There is no number column “{key}” in this cohort to compare by.")
    return column


def _measure_label(cohort: Cohort, key: str) -> str:
    try:
        measure = cohort.measure(key)
    except KeyError:
        raise GroupingError(f"There is no measure “{key}” in this cohort.") from None
    if not cohort.has_scores(key, BASELINE):
        raise GroupingError(f"{measure.label} has no baseline in this cohort.")
    return measure.label


# The text form of a grouping read back: "etiology~Unknown+Degenerative", "age/3", "baseline:pain/3", "rest:…".

MOST_PARTS = 10


def parse_grouping(text: str, cohort: Cohort) -> Grouping:
    """The grouping of such a text; a bare key of a number column means its thirds.

    Raises GroupingError (or SelectionError for the selections inside) when the cohort has no such column, label or
    measure, or the text is of no known form.
    """
    head, colon, rest = text.partition(":")
    if colon and head == "rest":
        return VersusRest(parse_selection(rest, cohort))
    if colon and head == "two":
        return _two(rest, cohort)
    if colon and head == "baseline":
        found: Grouping = ByBaseline(*_parts(rest))
    else:
        found = _column(text, cohort)
    found.describe(cohort)  # says what is missing, in words
    return found


def _column(text: str, cohort: Cohort) -> Grouping:
    key, *merges = text.split("~")
    name, parts = _parts(key)
    column = cohort.columns.get(name)
    if isinstance(column, Number):
        return ByQuantile(name, parts)
    if not isinstance(column, Category):
        known = [c.key for c in cohort.categories()] + [n.key for n in cohort.numbers()]
        raise GroupingError(
            f"There is no column “{name}” in this cohort to compare by. There are: {', '.join(known) or 'none'}."
        )
    return ByColumn(name, tuple(m for m in (_merge(part, column) for part in merges) if len(m.labels) > 1))


def _merge(text: str, column: Category) -> Merge:
    name, equals, labels = text.rpartition("=")
    return Merge(
        tuple(label for label in map(decoded, labels.split("+")) if label in column.labels),
        decoded(name) if equals else "",
    )


def _parts(text: str) -> tuple[str, int]:
    key, slash, parts = text.partition("/")
    if not slash:
        return decoded(key), PARTS
    if not (parts.isascii() and parts.isdigit() and 2 <= int(parts) <= MOST_PARTS):
        raise GroupingError(f"“{text}” asks for “{parts}” parts; a number can be cut into 2 to {MOST_PARTS}.")
    return decoded(key), int(parts)


def _two(text: str, cohort: Cohort) -> TwoCohorts:
    halves = text.split("|")
    if len(halves) != 2:
        raise GroupingError("Two selections are needed, with a | between them.")
    one, two = (_named(half, cohort) for half in halves)
    return TwoCohorts(one, two)


def _named(text: str, cohort: Cohort) -> Named:
    name, colon, rest = text.rpartition(":")
    return Named(parse_selection(rest, cohort), decoded(name) if colon else "")


# Patients in parts of about equal size by a number: cuts from everybody in the file, so that they never move.

Counts = NDArray[np.int64]


def quantile_cuts(counts: Counts, parts: int) -> tuple[int, ...]:
    """The largest count of every part but the last: type-7 quantiles (R `quantile`), a tie goes down.

    `counts` are whole counts of a resolution, at least one. The quantiles are exact fractions: in floats a cut can
    land a hair below the value it should equal, and the tie would go up.
    """
    ordered = np.sort(counts)
    found = []
    for k in range(1, parts):
        place = Fraction(k * (len(ordered) - 1), parts)
        below = place.numerator // place.denominator
        low, high = int(ordered[below]), int(ordered[min(below + 1, len(ordered) - 1)])
        cut = low + (place - below) * (high - low)
        found.append(cut.numerator // cut.denominator)
    return tuple(found)


def part_of(counts: Counts, cuts: tuple[int, ...]) -> NDArray[np.int64]:
    """The part (0 …) of each count; a count equal to a cut belongs to the lower part."""
    return np.searchsorted(np.array(cuts, dtype=np.int64), counts, side="left").astype(np.int64)
