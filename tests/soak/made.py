"""Random filters over a cohort, and random cohorts, the degenerate ones first: what a soak run feeds the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from lib.cohort.cohort import BASELINE, Category, Cohort, Number
from lib.cohort.grouping import ByBaseline, ByColumn, ByQuantile, Grouping
from lib.cohort.selection import NOT_RECORDED
from lib.settings import MOST_COMPARED
from lib.ui.compare.control import NOTHING
from lib.ui.filters import bounds
from tests.cohorts import EQ_VAS, FOLLOW_UP, PAIN
from tests.cohorts import cohort as made

Patients = list[int]


@dataclass(frozen=True)
class Filter:
    """What the widgets hold, and the rows that must be selected by it, counted here patient by patient."""

    state: dict[str, Any]
    selected: Patients


def random_filter(cohort: Cohort, rng: np.random.Generator) -> Filter:
    """Chips of up to three columns and the range of up to one number."""
    state: dict[str, Any] = {}
    selected = list(range(cohort.n))
    more = []
    categories = [c for c in cohort.categories() if len(c.labels) > 1]
    for place in rng.permutation(len(categories))[: int(rng.integers(0, 4))]:
        column = categories[place]
        offered = [*column.labels, *([NOT_RECORDED] if (column.codes < 0).any() else [])]
        chosen = [str(label) for label in rng.choice(offered, int(rng.integers(1, len(offered) + 1)), replace=False)]
        state[f"filter.{column.key}"] = chosen
        more.append(column.key)
        selected = [i for i in selected if _label(column, i) in chosen]
    numbers = [c for c in cohort.numbers() if bounds(c)[1] > bounds(c)[0]]
    if numbers and rng.random() < 0.4:
        number = numbers[int(rng.integers(len(numbers)))]
        low, high, step = bounds(number)
        ends = sorted(float(v) for v in rng.uniform(low, high, 2))
        cast = int if float(step).is_integer() else float
        span = (cast(low + round((ends[0] - low) / step) * step), cast(low + round((ends[1] - low) / step) * step))
        state[f"filter.{number.key}"] = span
        more.append(number.key)
        selected = [i for i in selected if _inside(number, i, span, (low, high))]
    shown = [key for key in more if getattr(cohort.columns[key], "role", None) not in ("etiology", "center")]
    state["choice.more_filters"] = shown
    state["choice.people"] = str(rng.choice(["analysed", "all"]))
    state["choice.compare"] = random_groups(cohort, rng)
    return Filter(state, selected)


def random_groups(cohort: Cohort, rng: np.random.Generator) -> str:
    """What "Compare by" holds: nothing every second time, else a column, parts of a number or of a baseline."""
    if rng.random() < 0.5:
        return NOTHING
    offered: list[Grouping] = [ByColumn(c.key) for c in cohort.categories() if 2 <= len(c.labels) <= MOST_COMPARED]
    offered += [ByQuantile(n.key) for n in cohort.numbers()]
    offered += [ByBaseline(m) for m in cohort.measures if cohort.has_scores(m, BASELINE)]
    return offered[int(rng.integers(len(offered)))].text() if offered else NOTHING


def _label(column: Category, i: int) -> str:
    code = int(column.codes[i])
    return column.labels[code] if code >= 0 else NOT_RECORDED


def _inside(column: Number, i: int, span: tuple[float, float], ends: tuple[float, float]) -> bool:
    """An end that was not moved does not filter; a moved one drops whoever has no value."""
    value = float(column.values[i])
    low_moved, high_moved = span[0] > ends[0], span[1] < ends[1]
    if not (low_moved or high_moved):
        return True
    if np.isnan(value):
        return False
    # the ends carry float noise (27.200000000000003); they and the values are whole steps of the column
    step = Fraction(column.resolution)
    place, low, high = (round(Fraction(v) / step) for v in (value, *span))
    return (not low_moved or place >= low) and (not high_moved or place <= high)


def random_cohort(seed: int) -> tuple[str, Cohort]:
    """A cohort and what is peculiar about it."""
    rng = np.random.default_rng(seed)
    kinds = list(KINDS)
    kind = kinds[seed % len(kinds)]
    n = int(rng.choice([1, 2, 3, 4, 9, 10, 11, 19, 20, 60, 151, 501]))
    base = made(n, seed=seed, missing=float(rng.choice([0.0, 0.2, 0.6])), events=bool(rng.random() < 0.7))
    return f"{kind}, n = {n}, seed {seed}", KINDS[kind](base, rng)


def _scores(cohort: Cohort, change: Any) -> Cohort:
    scores = {key: change(key, np.array(values)) for key, values in cohort.scores.items()}
    return replace(cohort, scores=scores, _counts={})


def _nobody_after(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return _scores(cohort, lambda key, v: np.full(len(v), np.nan) if key[1] == FOLLOW_UP else v)


def _no_score_at_all(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return _scores(cohort, lambda key, v: np.full(len(v), np.nan))


def _everybody_the_same(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return _scores(cohort, lambda key, v: np.full(len(v), 5.0))


def _no_change(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    before = {key[0]: values for key, values in cohort.scores.items() if key[1] == BASELINE}
    return _scores(cohort, lambda key, v: np.array(before[key[0]]))


def _same_change(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return _scores(cohort, lambda key, v: np.full(len(v), 8.0 if key[1] == BASELINE else 3.0))


def _ends_of_the_scale(cohort: Cohort, rng: np.random.Generator) -> Cohort:
    high = {m.key: float(m.high or 1) for m in cohort.measures.values()}
    return _scores(cohort, lambda key, v: rng.choice([0.0, high[key[0]]], len(v)))


def _open_scale(cohort: Cohort, rng: np.random.Generator) -> Cohort:
    measures = {k: replace(m, low=None, high=None, thresholds=()) for k, m in cohort.measures.items()}
    wide = _scores(cohort, lambda key, v: np.round(rng.normal(0, 10.0 ** rng.integers(0, 7), len(v))))
    return replace(wide, measures=measures)


def _fine(cohort: Cohort, rng: np.random.Generator) -> Cohort:
    measures = {k: replace(m, resolution=Decimal("0.000001")) for k, m in cohort.measures.items()}
    return replace(_scores(cohort, lambda key, v: np.round(rng.uniform(0, 10, len(v)), 6)), measures=measures)


def _no_measures(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return replace(cohort, measures={}, primary=(), scores={}, _counts={})


def _no_statements(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return replace(cohort, statements={}, answers={}, outcomes={}, yesno={})


def _nobody_answers(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    silent = {key: np.full(cohort.n, -1, np.int8) for key in cohort.answers}
    unknown = {key: np.full(cohort.n, -1, np.int8) for key in cohort.yesno}
    return replace(cohort, answers=silent, yesno=unknown)


def _no_groups(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return replace(cohort, columns={})


def _groups_unrecorded(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    columns = {
        key: replace(c, codes=np.full(cohort.n, -1, np.int32))
        if isinstance(c, Category)
        else replace(c, values=np.full(cohort.n, np.nan))  # type: ignore[arg-type]
        for key, c in cohort.columns.items()
    }
    return replace(cohort, columns=columns)


def _only_before(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    scores = {key: values for key, values in cohort.scores.items() if key[1] == BASELINE}
    return replace(cohort, time_points=cohort.time_points[:1], scores=scores, answers={}, yesno={}, _counts={})


def _many_labels(cohort: Cohort, rng: np.random.Generator) -> Cohort:
    labels = tuple(f"Cause {i}" for i in range(40))
    column = Category("etiology", "Etiology", labels, rng.integers(-1, 40, cohort.n).astype(np.int32), role="etiology")
    return replace(cohort, columns={**cohort.columns, "etiology": column})


def _plain(cohort: Cohort, _rng: np.random.Generator) -> Cohort:
    return cohort


KINDS: dict[str, Any] = {
    "plain": _plain,
    "nobody after": _nobody_after,
    "no score at all": _no_score_at_all,
    "everybody the same": _everybody_the_same,
    "no change": _no_change,
    "the same change": _same_change,
    "ends of the scale": _ends_of_the_scale,
    "open scale": _open_scale,
    "six decimals": _fine,
    "no measures": _no_measures,
    "no statements": _no_statements,
    "nobody answers": _nobody_answers,
    "no groups": _no_groups,
    "groups not recorded": _groups_unrecorded,
    "only before": _only_before,
    "forty causes": _many_labels,
}
MEASURES = (PAIN, EQ_VAS)
