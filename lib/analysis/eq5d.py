"""EQ-5D of any version before and after: dimensions, Paretian change, profile grid, states, and other value sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.catalog import eq5d
from lib.catalog.instruments import INDEX_OF
from lib.catalog.value_sets import DEFAULT_VALUE_SET, LEVELS_OF
from lib.catalog.value_sets import value_set as value_set_of
from lib.cohort.cohort import BASELINE
from lib.cohort.pairs import Excluded
from lib.settings import DEFAULTS
from lib.stats.health_states import CommonStates, PchcResult, ProfileGrid, commonest, pchc, profile_grid, state_ranks
from lib.stats.paired import PairedResult
from lib.stats.responders import ResponderResult, Rule
from lib.stats.results import HolmFamily, NotComputed, Test, holm
from lib.stats.yes_no import DimensionMoves, YesNoResult, compare_yes_no, dimension_moves, marginal_homogeneity

STATES = "eq5d3l"

Levels = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class StatePairs:
    """Patients with a complete legal state at both time points.

    Attributes:
        rows: index of each patient in the cohort; source_rows: the row number as Excel shows it.
        before, after: (n, 5) levels 1 to `levels`.
        excluded: the other selected patients, by reason.
        illegal_rows: row numbers of selected patients with a level that the questionnaire does not have.
        levels: how many levels a dimension has: 3, or 5 in the EQ-5D-5L.
    """

    rows: NDArray[np.int64]
    source_rows: NDArray[np.int64]
    before: Levels
    after: Levels
    excluded: Excluded
    illegal_rows: tuple[int, ...]
    levels: int = 3

    @property
    def n(self) -> int:
        """Number of complete pairs of states."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension.

    Attributes:
        key: "MO" … "AD".
        moves: levels before and after, and who moved.
        test: ordered marginal homogeneity; z is negative when levels went down, which is better.
        problems: "any problem" (a level above 1) before and after: `stopped` lost the problem, `started` got one.
    """

    key: str
    moves: DimensionMoves | NotComputed
    test: Test | NotComputed
    problems: YesNoResult | NotComputed


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The five dimensions, and Holm's correction over their five tests of each kind."""

    rows: tuple[DimensionResult, ...]
    test_p: HolmFamily
    problems_p: HolmFamily


@dataclass(frozen=True, slots=True)
class SetResult:
    """The index under one value set: change and responders by the same threshold."""

    value_set: str
    measure: str
    paired: PairedResult | NotComputed
    responders: ResponderResult | NotComputed


def levels_of(analysis: Analysis) -> int:
    """How many levels a dimension has in this cohort: 3, or 5 in the EQ-5D-5L."""
    return LEVELS_OF[analysis.cohort.eq5d_version]


def own_set(analysis: Analysis) -> str:
    """The value set the cohort's index was imported with; DEFAULT_VALUE_SET without states."""
    return next((m.value_set for m in analysis.cohort.measures.values() if m.value_set), DEFAULT_VALUE_SET)


def has_states(analysis: Analysis, follow_up: str) -> bool:
    """Whether the file has health states at baseline and at this follow-up."""
    return BASELINE in analysis.cohort.states and follow_up in analysis.cohort.states


def state_pairs(analysis: Analysis, follow_up: str) -> StatePairs:
    """Complete pairs of states in the selection. KeyError when the file has no states at one of the time points."""

    def compute() -> StatePairs:
        cohort = analysis.cohort
        before, after = cohort.states[BASELINE], cohort.states[follow_up]
        levels = levels_of(analysis)
        has_before, has_after = eq5d.legal_rows(before, levels), eq5d.legal_rows(after, levels)
        illegal = _illegal(analysis, BASELINE) | _illegal(analysis, follow_up)
        rows = np.flatnonzero(analysis.selected & has_before & has_after)
        return StatePairs(
            rows=rows,
            source_rows=cohort.source_rows[rows],
            before=before[rows],
            after=after[rows],
            excluded=Excluded.count(
                analysis.selected,
                has_before,
                has_after,
                illegal,
                cohort.waiting(follow_up),
                cohort.died_before(follow_up),
            ),
            illegal_rows=tuple(cohort.source_rows[analysis.selected & illegal].tolist()),
            levels=levels,
        )

    return analysis.keep(("state pairs", follow_up), compute)


def dimensions(analysis: Analysis, follow_up: str, *, confidence: float = DEFAULTS.confidence) -> Dimensions:
    """Each dimension over the complete pairs of states (STATISTICS section 8)."""

    def compute() -> Dimensions:
        pairs = state_pairs(analysis, follow_up)
        rows = []
        for k, dimension in enumerate(eq5d.DIMENSIONS):
            before, after = pairs.before[:, k].astype(np.int64), pairs.after[:, k].astype(np.int64)
            rows.append(
                DimensionResult(
                    key=dimension.key,
                    moves=dimension_moves(before, after, levels=pairs.levels),
                    test=marginal_homogeneity(before, after),
                    problems=compare_yes_no(before > 1, after > 1, confidence=confidence),
                )
            )
        problems = [r.problems.exact if isinstance(r.problems, YesNoResult) else r.problems for r in rows]
        return Dimensions(tuple(rows), holm([r.test for r in rows]), holm(problems))

    return analysis.keep(("dimensions", follow_up, confidence), compute)


def change_classes(analysis: Analysis, follow_up: str) -> PchcResult | NotComputed:
    """Better, worse, mixed, same: the Paretian classification over the complete pairs of states."""

    def compute() -> PchcResult | NotComputed:
        pairs = state_pairs(analysis, follow_up)
        return pchc(pairs.before.astype(np.int64), pairs.after.astype(np.int64), levels=pairs.levels)

    return analysis.keep(("change classes", follow_up), compute)


def health_profile_grid(analysis: Analysis, follow_up: str, value_set: str) -> ProfileGrid | NotComputed:
    """Rank of each patient's state among all states, before against after; ranks by the value set, 1 the best."""

    def compute() -> ProfileGrid | NotComputed:
        pairs = state_pairs(analysis, follow_up)
        ranks = state_ranks([float(v) for v in eq5d.index_table(value_set).values()])
        return profile_grid(pairs.before.astype(np.int64), pairs.after.astype(np.int64), ranks, levels=pairs.levels)

    return analysis.keep(("profile grid", follow_up, value_set), compute)


def common_states(
    analysis: Analysis, follow_up: str, k: int = 10
) -> tuple[CommonStates | NotComputed, CommonStates | NotComputed]:
    """The k commonest states before and after, over the complete pairs."""

    def compute() -> tuple[CommonStates | NotComputed, CommonStates | NotComputed]:
        pairs = state_pairs(analysis, follow_up)
        before, after = pairs.before.astype(np.int64), pairs.after.astype(np.int64)
        return commonest(before, k, levels=pairs.levels), commonest(after, k, levels=pairs.levels)

    return analysis.keep(("common states", follow_up, k), compute)


def index_key(value_set: str) -> str:
    """The measure key of the index under a value set."""
    return f"{INDEX_OF[value_set_of(value_set).version]}:{value_set}"


def under_value_sets(
    analysis: Analysis,
    follow_up: str,
    value_sets: Sequence[str],
    threshold: Decimal | None,
    *,
    confidence: float = DEFAULTS.confidence,
) -> tuple[SetResult, ...]:
    """Mean change and responder rate under several value sets, by one threshold: would the answer differ?"""
    found = []
    for name in value_sets:
        key = index_key(name)
        responders: ResponderResult | NotComputed = NotComputed("no threshold for this measure", 0)
        if threshold is not None:
            rule = Rule("absolute", threshold=threshold)
            responders = analysis.responders(key, follow_up, rule, confidence=confidence)
        paired = analysis.paired(key, follow_up, confidence=confidence)
        found.append(SetResult(name, key, paired, responders))
    return tuple(found)


def _illegal(analysis: Analysis, time_point: str) -> NDArray[np.bool_]:
    found = analysis.cohort.illegal.get((STATES, time_point))
    return np.zeros(analysis.cohort.n, dtype=bool) if found is None else found
