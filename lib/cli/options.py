"""The words typed after --where, --follow-up, --threshold and --reliability, in terms of the cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any


def selection_of(cohort: Any, conditions: Sequence[str], headings: Mapping[str, str] | None = None) -> Any:
    """The selection of `--where` wishes: "etiology=Postpartum", "age=30..50"; the same column again means or.

    A column is named by its key, its label or its heading in the file. Raises CannotUse with the columns or
    categories that there are.
    """
    from lib.cohort.cohort import Category, Number
    from lib.cohort.selection import Selection

    chosen: dict[str, list[str]] = {}
    ranges: dict[str, Any] = {}
    for condition in conditions:
        name, sign, value = (part.strip() for part in condition.partition("="))
        if not sign or not name or not value:
            raise CannotUse(f"“{condition}” is no filter. Write COLUMN=VALUE, for a range COLUMN=30..50.")
        column = column_named(cohort, name, headings)
        if isinstance(column, Category):
            chosen.setdefault(column.key, []).append(_label(column, value))
        elif isinstance(column, Number):
            if column.key in ranges:
                raise CannotUse(f"{column.label} has two ranges; one is possible.")
            ranges[column.key] = _range(column, value)
        else:
            raise CannotUse(f"{column.label} is a date; it cannot be filtered here.")
    return Selection.of(chosen, ranges)


def column_named(cohort: Any, name: str, headings: Mapping[str, str] | None = None) -> Any:
    """The column with this key, label or heading in the file (`headings`: heading → key).

    Raises CannotUse with the columns that can be filtered.
    """
    found = cohort.columns.get(name) or next((c for c in cohort.columns.values() if c.label == name), None)
    found = found or cohort.columns.get((headings or {}).get(name, ""))
    if found is not None:
        return found
    known = [c.key for c in (*cohort.categories(), *cohort.numbers())]
    raise CannotUse(f"There is no column “{name}”. Columns that can be filtered: {', '.join(known) or 'none'}.")


def _label(column: Any, value: str) -> str:
    from lib.cohort.selection import NOT_RECORDED

    if value in column.labels or value == NOT_RECORDED:
        return value
    raise CannotUse(f"“{value}” does not occur in {column.label}. It has: {', '.join(column.labels)}.")


def _range(column: Any, value: str) -> Any:
    from lib.cohort.selection import Range

    low, dots, high = value.partition("..")
    try:
        ends = [None if not end.strip() else float(end.strip().replace(",", ".")) for end in (low, high)]
    except ValueError:
        ends = [None, None]
    if not dots and ends[0] is not None:
        ends[1] = ends[0]
    if ends == [None, None] or any(end is not None and end != end for end in ends):
        raise CannotUse(f"“{value}” is no range of {column.label}. Write 30..50, 30.. or ..50.")
    return Range(ends[0], ends[1])


def follow_up_of(cohort: Any, key: str | None) -> Any:
    """The time point with this key or label, None without one. Raises CannotUse with the known ones."""
    if key is None:
        return None
    found = next((o for o in cohort.follow_ups if key in (o.key, o.label)), None)
    if found is None:
        known = ", ".join(o.key for o in cohort.follow_ups) or "none"
        raise CannotUse(f"There is no time point “{key}”. Time points after baseline: {known}.")
    return found


def rules_of(cohort: Any, conditions: Sequence[str]) -> dict[str, Any]:
    """Measure key → responder rule of `--threshold` wishes ("pain=2"). Raises CannotUse naming what is wrong."""
    from lib.stats.responders import Rule

    rules = {}
    for condition in conditions:
        measure, value = _measure_of(cohort, condition)
        try:
            rules[measure.key] = Rule("absolute", threshold=Decimal(value.replace(",", ".")))
        except (InvalidOperation, ValueError):
            raise CannotUse(f"“{value}” is no threshold of {measure.label}; write a number above 0.") from None
    return rules


def reliable_rules(analysis: Any, follow_up: Any, conditions: Sequence[str]) -> dict[str, Any]:
    """The same of `--reliability` wishes ("pain=0.85"): improvement beyond measurement error."""
    from lib.analysis.mcid import reliable_rule
    from lib.stats.results import NotComputed

    rules: dict[str, Any] = {}
    at = follow_up or analysis.default_follow_up()
    if conditions and at is None:
        raise CannotUse("There is no time point after baseline, so no change can be judged.")
    for condition in conditions:
        measure, value = _measure_of(analysis.cohort, condition)
        try:
            stated = Decimal(value.replace(",", "."))
        except InvalidOperation:
            stated = Decimal(-1)
        if not 0 <= stated <= 1:
            raise CannotUse(f"“{value}” is no reliability of {measure.label}; write a number from 0 to 1.")
        found = reliable_rule(analysis, measure.key, at.key, stated, f"{stated} stated by the user")
        if isinstance(found, NotComputed):
            raise CannotUse(f"{measure.label}: no reliable change, {found.reason}.")
        rules[measure.key] = found
    return rules


def _measure_of(cohort: Any, condition: str) -> tuple[Any, str]:
    """ "pain=2" → the measure and what is written for it. Raises CannotUse with the measures there are."""
    name, _, value = (part.strip() for part in condition.rpartition("="))
    measure = cohort.measures.get(name) or next((m for m in cohort.measures.values() if m.label == name), None)
    if measure is None:
        raise CannotUse(f"There is no measure “{name}”. Measures: {', '.join(cohort.measures) or 'none'}.")
    return measure, value


def question_of(options: Any, comparison: Any) -> Any:
    """What is set against what, by --reference, --all-pairs and --primary. Raises CannotUse naming what there is."""
    from lib.analysis.groups.contrasts import Question
    from lib.settings import MOST_PAIRED

    labels, cohort = comparison.labels, comparison.all.cohort
    if options.reference and options.all_pairs:
        raise CannotUse("--reference sets each group against one; with --all-pairs leave it out.")
    if options.reference and options.reference not in labels:
        raise CannotUse(f"There is no group “{options.reference}”. {comparison.title} has: {', '.join(labels)}.")
    if options.all_pairs and len(labels) > MOST_PAIRED:
        raise CannotUse(f"--all-pairs is for at most {MOST_PAIRED} groups; {comparison.title} has {len(labels)}.")
    named = options.primary
    measure = cohort.measures.get(named) or next((m for m in cohort.measures.values() if m.label == named), None)
    if named and measure is None:
        raise CannotUse(f"There is no measure “{named}”. Measures: {', '.join(cohort.measures) or 'none'}.")
    return Question(options.reference or "", options.all_pairs, measure.key if measure else "")


# What stops the shell command.


class CannotUse(Exception):  # noqa: N818 - the words are for the user
    """What is wrong with the file or the wish, in words; exit 2."""
