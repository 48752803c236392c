"""What Table 1 can describe: every column of the file, yes/no outcomes and scores before treatment, adverse events.

Sections follow the paper's Tables 1 and 2. A column whose meaning is unknown is listed under "Other"; what is known
only afterwards (implant position, reoperation) is an outcome and belongs to the Safety page. A score that
nobody was asked before is on no page that compares before and after: Table 1 describes it, without comparing groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Category, Cohort, Number
from lib.cohort.pairs import MISSING, to_values

PATIENTS, BEFORE, HISTORY = "Patients", "Before", "Medical history"
DIAGNOSIS, OTHER, PROCEDURE, EVENTS = "Diagnosis", "Other", "Index procedure", "Adverse events"
AFTER_ONLY = "Scores at follow-up only"
SECTIONS = (PATIENTS, BEFORE, HISTORY, DIAGNOSIS, OTHER, AFTER_ONLY, PROCEDURE, EVENTS)
AFTERWARDS = (AFTER_ONLY, EVENTS)
"""Sections that describe no patient as they came: no covariate of anything."""
OF_PROCEDURE = (PROCEDURE, EVENTS)
"""The paper's Table 2; the other sections are its Table 1."""
AFTER_SURGERY = ("ct_made", "implant_position", "reoperation")
"""Roles of columns that are outcomes: with their own denominator on the Safety page, never in Table 1."""

_SECTION_OF = {
    **dict.fromkeys(("age", "sex", "bmi", "height", "weight", "asa", "smoking", "center", "group"), PATIENTS),
    **dict.fromkeys(("prior_spinal_fusion", "prior_misjf_other_side", "other_spine_surgery"), HISTORY),
    **dict.fromkeys(("imaging", "etiology"), DIAGNOSIS),
    **dict.fromkeys(
        ("side", "implants", "procedure_minutes", "staged_bilateral", "surgeon", "surgery_type", "blood_loss"),
        PROCEDURE,
    ),
    "length_of_stay": PROCEDURE,
}
_ORDER = ("age", "sex", "bmi", "asa")
YES_WORDS = frozenset(("yes", "ja", "oui"))
NO_WORDS = frozenset(("no", "nee", "nein", "non"))
MOST_LEVELS = 5
MANY_TEXTS, COMMONEST = 40, 20
"""A column of more texts than the first is shown by so many of its commonest, the others in one line."""
MOST_EVENT_ROWS = 10
"""The Safety page lists them all."""
_LARGEST_LEVEL = 20
_FEWEST_PATIENTS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """One variable of all patients of a cohort.

    Attributes:
        key: "age", "yesno:opioids", "score:pain", "event:timing:Intraoperative".
        kind: "number" (`values` float, NaN missing) or "category" (`values` codes, −1 missing, indexes `levels`).
        alone: the level shown in one line with the name (Yes; the first of two), None: a line per level.
        decimals: of mean, SD and quartiles.
        time_point: of a value that is due only then, '' for what is known before.
        balance: whether groups are compared in it; what is known afterwards is described, not compared.
        heading: its section as it is printed; by what the patients had ("Before treatment").
    """

    key: str
    label: str
    section: str
    kind: Literal["number", "category"]
    values: NDArray[Any]
    levels: tuple[str, ...] = ()
    unit: str = ""
    decimals: int = 1
    alone: int | None = None
    balance: bool = True
    time_point: str = ""
    heading: str = ""


def variables(cohort: Cohort) -> tuple[Variable, ...]:
    """Every variable of Table 1, section by section; within one the paper's order, then that of the file."""
    found = [*_columns(cohort), *_outcomes(cohort), *_scores(cohort), *_events(cohort)]
    ordered = sorted(found, key=lambda v: (SECTIONS.index(v.section), _place(v.key)))
    design = cohort.design
    words = {BEFORE: design.before, PROCEDURE: PROCEDURE if design.one == "operation" else "Treatment"}
    return tuple(replace(v, heading=words.get(v.section, v.section)) for v in ordered)


def _place(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


def _columns(cohort: Cohort) -> Iterator[Variable]:
    for column in cohort.columns.values():
        if column.role in AFTER_SURGERY:
            continue
        section = _SECTION_OF.get(column.role or "", OTHER)
        if isinstance(column, Category) and column.labels:
            yield category_variable(_commonest(column), section)
        elif isinstance(column, Number):
            yield _few_whole_numbers(column, section) or Variable(
                column.key,
                column.label,
                section,
                "number",
                column.values,
                unit=column.unit,
                decimals=max(1, _decimals(column.resolution)),
            )


def _commonest(column: Category) -> Category:
    """A column of very many texts by its commonest ones, the others as one; any other column as it is."""
    if len(column.labels) <= MANY_TEXTS:
        return column
    sizes = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels))
    shown = np.argsort(-sizes, kind="stable")[:COMMONEST]
    place = np.full(len(column.labels) + 1, COMMONEST, dtype=column.codes.dtype)
    place[shown] = np.arange(COMMONEST)
    place[-1] = -1  # no value
    labels = (*(column.labels[k] for k in shown), f"{len(column.labels) - COMMONEST} other texts")
    return replace(column, labels=labels, codes=place[column.codes])


def category_variable(column: Category, section: str) -> Variable:
    """A category column; yes/no shows Yes in one line, two other labels the first, more labels a line each."""
    alone = _yes(column.labels)
    if alone is None and len(column.labels) == 2 and column.role not in ("center", "group"):
        alone = 0
    return Variable(column.key, column.label, section, "category", column.codes, column.labels, alone=alone)


def _yes(labels: tuple[str, ...]) -> int | None:
    """Place of the label that means yes, when all labels mean yes or no."""
    words = [label.casefold() for label in labels]
    if not set(words) <= YES_WORDS | NO_WORDS:
        return None
    return next((i for i, word in enumerate(words) if word in YES_WORDS), None)


def _few_whole_numbers(column: Number, section: str) -> Variable | None:
    """Implants are 2 or 3: counted, not averaged. None for a number that is measured."""
    known = column.values[~np.isnan(column.values)]
    if len(known) < _FEWEST_PATIENTS or known.min() < 0 or known.max() > _LARGEST_LEVEL or np.any(known % 1):
        return None
    distinct = np.unique(known)
    if len(distinct) > MOST_LEVELS:
        return None
    codes = np.searchsorted(distinct, np.nan_to_num(column.values, nan=distinct[0])).astype(np.int32)
    codes[np.isnan(column.values)] = -1
    levels = tuple(str(int(value)) for value in distinct)
    return Variable(column.key, column.label, section, "category", codes, levels, unit=column.unit)


def _decimals(resolution: Decimal) -> int:
    exponent = resolution.normalize().as_tuple().exponent
    return min(3, max(0, -exponent)) if isinstance(exponent, int) else 0


def _outcomes(cohort: Cohort) -> Iterator[Variable]:
    for outcome in cohort.outcomes.values():
        answers = cohort.yesno.get((outcome.key, BASELINE))
        if answers is not None:
            label = f"{outcome.label}, {_baseline_words(cohort)}"
            codes = np.where(answers < 0, -1, answers).astype(np.int32)
            yield Variable(f"yesno:{outcome.key}", label, BEFORE, "category", codes, ("No", "Yes"), alone=1)


def _scores(cohort: Cohort) -> Iterator[Variable]:
    for measure in cohort.measures.values():
        asked = [t for t in cohort.time_points if cohort.has_scores(measure.key, t.key)]
        first = next((t for t in asked if t.key == BASELINE), None)
        for time in [first] if first else asked:
            counts = cohort.counts(measure.key, time.key)
            values = to_values(counts, measure.resolution)
            values[counts == MISSING] = np.nan
            yield Variable(
                f"score:{measure.key}" if first else f"score:{measure.key}:{time.key}",
                f"{measure.label}, {_baseline_words(cohort) if first else time.label.lower()}",
                BEFORE if first else AFTER_ONLY,
                "number",
                values,
                unit=measure.unit,
                decimals=measure.decimals,
                balance=first is not None,
                time_point="" if first else time.key,
            )


def _baseline_words(cohort: Cohort) -> str:
    baseline = cohort.baseline
    return (baseline.label if baseline else cohort.design.before).lower()


def _events(cohort: Cohort) -> Iterator[Variable]:
    """Patients with at least one event, by timing and by the commonest types, as the paper's Table 2 lists them."""
    events = cohort.events
    if events is None:
        return
    for kind, texts in (("timing", events.timing), ("type", events.type)):
        counts = Counter(t for t in texts or () if t)
        names = sorted(counts) if kind == "timing" else sorted(counts, key=lambda t: (-counts[t], t))
        for name in names[:MOST_EVENT_ROWS]:
            has = np.zeros(cohort.n, dtype=np.int32)
            has[events.patient[np.array([t == name for t in texts or ()], dtype=bool)]] = 1
            has[~cohort.events_known] = -1
            yield Variable(f"event:{kind}:{name}", name, EVENTS, "category", has, ("No", "Yes"), alone=1, balance=False)
