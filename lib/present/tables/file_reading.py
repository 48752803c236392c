"""What a file was read as: outcomes per time point, statements, groups, and what is left out, for step Read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import Category, Cohort, Dates
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.present.wording import compact, count, inside, number, plural

_MOST_LABELS = 4
NOT_MEASURED = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name with a muted word, the headings of the file under it, and a pair of texts per time point."""

    name: str
    more: str
    headings: str
    cells: tuple[tuple[str, str], ...]
    better: str = ""
    columns: tuple[str, ...] = ()


def outcome_lines(cohort: Cohort, headings: Mapping[str, Sequence[str]]) -> tuple[Line, ...]:
    """One line per score, health state, yes/no outcome and the adverse events; `headings`: their columns by key."""
    lines = [_score(cohort, m, headings) for m in cohort.measures.values() if m.value_set is None]
    if cohort.states:
        cells = tuple(_answered(cohort.states.get(o.key)) for o in cohort.time_points)
        lines.append(_line("EQ-5D", "five questions", "eq5d", cells, headings, "higher index"))
    for outcome in cohort.outcomes.values():
        cells = tuple(_yes(cohort.yesno.get((outcome.key, o.key))) for o in cohort.time_points)
        lines.append(_line(outcome.label, "yes or no", outcome.key, cells, headings, "yes" if outcome.good else "no"))
    if cohort.events is not None:
        who = f"{count(len(set(cohort.events.patient.tolist())))} of {count(cohort.n)}"
        none = tuple((NOT_MEASURED, "") for _ in cohort.time_points[:-1])
        kinds = plural(len(set(cohort.events.type)), "kind")
        lines.append(_line("Adverse events", kinds, "events", (*none, (who, "any time")), headings, ""))
    return tuple(lines)


def _line(
    name: str,
    more: str,
    key: str,
    cells: tuple[tuple[str, str], ...],
    headings: Mapping[str, Sequence[str]],
    better: str,
) -> Line:
    own = tuple(headings.get(key, ()))
    shown = ", ".join(own[:_MOST_LABELS]) + (f" … ({len(own)})" if len(own) > _MOST_LABELS else "")
    return Line(name, more, shown, cells, better, own)


def _score(cohort: Cohort, measure: Measure, headings: Mapping[str, Sequence[str]]) -> Line:
    ends = (measure.low, measure.high)
    span = f"{compact(ends[0])} to {compact(ends[1])}" if ends[0] is not None and ends[1] is not None else ""
    cells = []
    for time in cohort.time_points:
        if not cohort.has_scores(measure.key, time.key):
            cells.append((NOT_MEASURED, ""))
            continue
        counts = cohort.counts(measure.key, time.key)
        known = counts[counts != MISSING]
        mean = float(known.mean()) * float(measure.resolution) if len(known) else None
        cells.append(
            ("no value" if mean is None else number(mean, max(measure.decimals - 1, 0)), f"n {count(len(known))}")
        )
    better = "higher" if measure.higher_is_better else "lower"
    return _line(measure.label, span, measure.key, tuple(cells), headings, better)


def _answered(states: NDArray[np.int8] | None) -> tuple[str, str]:
    if states is None:
        return (NOT_MEASURED, "")
    return ("health state", f"n {count(int((states > 0).all(axis=1).sum()))}")


def _yes(codes: NDArray[np.int8] | None) -> tuple[str, str]:
    if codes is None:
        return (NOT_MEASURED, "")
    return (f"{count(int((codes == 1).sum()))} of {count(int((codes >= 0).sum()))}", "yes")


def statement_lines(cohort: Cohort, most: int = 8) -> tuple[tuple[str, str], ...]:
    """ "I am satisfied": "18 of 24 agree"; the top two answers, in the words of the file."""
    rows = []
    for (key, _), codes in cohort.answers.items():
        statement = cohort.statements[key]
        known = codes[codes >= 0]
        top = int((known >= len(statement.levels) - 2).sum())
        rows.append((statement.label, f"{count(top)} of {count(len(known))} agree"))
    more = [(f"… and {count(len(rows) - most)} more", "")] if len(rows) > most else []
    return (*rows[:most], *more)


def group_lines(cohort: Cohort) -> tuple[tuple[str, str], ...]:
    """ "Center": "Heerlen 31, Enschede 26"; numbers and dates together in the last line."""
    rows = []
    for column in cohort.categories():
        sizes = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels)).tolist()
        order = sorted(range(len(sizes)), key=lambda k: -sizes[k])
        words = ", ".join(f"{column.labels[k]} {count(sizes[k])}" for k in order[:_MOST_LABELS])
        rest = len(order) - _MOST_LABELS
        rows.append((column.label, words + (f" and {count(rest)} more" if rest > 0 else "")))
    others = [c for c in cohort.columns.values() if not isinstance(c, Category)]
    if others:
        names = ", ".join(c.label if k == 0 else inside(c.label) for k, c in enumerate(others))
        kinds = "numbers and dates" if any(isinstance(c, Dates) for c in others) else "numbers"
        rows.append((names, kinds))
    return tuple(rows)
