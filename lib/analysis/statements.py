"""Statements beyond one summary each: between groups, against each other, and whether one is worded in reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.catalog.statements import worded_in_reverse
from lib.cohort.cohort import Statement
from lib.settings import DEFAULTS, FEWEST_COMPARED, FEWEST_TO_SMOOTH
from lib.stats.contingency import compare_shares
from lib.stats.correlation import spearman
from lib.stats.likert import LikertResult
from lib.stats.proportions import difference_of_rates
from lib.stats.ranks import cliffs_delta, kruskal_wallis, mann_whitney
from lib.stats.results import Estimate, NotComputed, SidakFamily, Test, sidak, sidak_confidence

Labelled = Sequence[tuple[str, Analysis]]
Codes = NDArray[np.int64]

_REVERSED_BELOW = -0.3
_MOST_CORRELATED = 20_000  # a suspicion needs no million patients; every so many in the order of the file


@dataclass(frozen=True, slots=True)
class GroupedStatement:
    """One statement in several groups.

    Attributes:
        statement: its key.
        names: the groups; `results` beside them.
        tested: those with enough answers to be in the tests.
        test: Mann–Whitney for two groups, Kruskal–Wallis for more, on the order of the answers.
        delta: Cliff's delta, positive when the second group answers more favourably; two groups only.
        rates: the best two answers between the groups, chi-square or Fisher.
        difference: their share in the second group minus that in the first, Newcombe; two groups only.
    """

    statement: str
    names: tuple[str, ...]
    results: tuple[LikertResult | NotComputed, ...]
    tested: tuple[str, ...]
    test: Test | NotComputed
    delta: Estimate | NotComputed
    rates: Test | NotComputed
    difference: Estimate | NotComputed


@dataclass(frozen=True, slots=True)
class GroupedStatements:
    """Several statements in the same groups; p and the intervals of the rows hold together (Šidák over statements)."""

    rows: tuple[GroupedStatement, ...]
    test_p: SidakFamily
    rates_p: SidakFamily


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A statement that may be worded in reverse: by its words, or because it runs against the other statements.

    `correlation`: Spearman's of this statement with the mean of the others, None when it is not the reason.
    """

    statement: str
    by_words: bool
    correlation: float | None


def favourable_codes(analysis: Analysis, statement: str, time_point: str) -> Codes:
    """Answers of the population as 0 … levels − 1, the most favourable highest; who did not answer is left out."""
    answers = analysis.cohort.answers.get((statement, time_point))
    if answers is None:
        return np.zeros(0, dtype=np.int64)
    found = answers[analysis.people(time_point)].astype(np.int64)
    return _turned(found[found >= 0], analysis.cohort.statements[statement])


def compare_statement(
    groups: Labelled,
    statement: str,
    time_point: str,
    *,
    confidence: float = DEFAULTS.confidence,
    within_only: str = "",
) -> GroupedStatement:
    """One statement between groups (STATISTICS sections 5 and 6).

    Nothing is tested where groups share patients or `within_only` says why not (`Comparison.within_only`).
    """
    results = tuple(a.statement(statement, time_point, confidence=confidence) for _, a in groups)
    names = tuple(name for name, _ in groups)
    if within_only or _share_patients(groups, time_point):
        why = NotComputed(within_only or "the groups share patients", sum(r.n for r in results))
        return GroupedStatement(statement, names, results, (), why, why, why, why)
    enough = [
        (name, favourable_codes(a, statement, time_point), r)
        for (name, a), r in zip(groups, results, strict=True)
        if isinstance(r, LikertResult) and r.n >= FEWEST_COMPARED
    ]
    tested = tuple(name for name, _, _ in enough)
    if len(enough) < 2:
        why = NotComputed(f"fewer than two groups have {FEWEST_COMPARED} answers or more", sum(r.n for r in results))
        return GroupedStatement(statement, names, results, tested, why, why, why, why)
    test, delta = order_tests([codes for _, codes, _ in enough], confidence)
    counts = [(r.top_two.count, r.n) for _, _, r in enough]
    rates = compare_shares([[k, n - k] for k, n in counts])
    difference: Estimate | NotComputed = NotComputed("a difference needs exactly two groups", sum(n for _, n in counts))
    if len(counts) == 2:
        difference = difference_of_rates(counts[0], counts[1], confidence=confidence)
    return GroupedStatement(statement, names, results, tested, test, delta, rates, difference)


def compare_statements(
    groups: Labelled,
    statements: Sequence[str],
    time_point: str,
    *,
    confidence: float = DEFAULTS.confidence,
    within_only: str = "",
) -> GroupedStatements:
    """All statements between the same groups, with Šidák over the statements for each kind of test and its interval."""
    rows = [
        compare_statement(groups, key, time_point, confidence=confidence, within_only=within_only) for key in statements
    ]
    test_p, rates_p = sidak([r.test for r in rows]), sidak([r.rates for r in rows])
    for k, row in enumerate(rows):
        if isinstance(row.delta, Estimate) and test_p.size > 1:
            level = sidak_confidence(confidence, test_p.size)
            two = [(name, a) for name, a in groups if name in row.tested]
            codes = [favourable_codes(a, row.statement, time_point) for _, a in two]
            rows[k] = row = replace(row, delta=cliffs_delta(*codes, confidence=level))
        if isinstance(row.difference, Estimate) and rates_p.size > 1:
            best = [r for name, r in zip(row.names, row.results, strict=True) if name in row.tested]
            first, second = ((r.top_two.count, r.n) for r in best if isinstance(r, LikertResult))
            level = sidak_confidence(confidence, rates_p.size)
            rows[k] = replace(row, difference=difference_of_rates(first, second, confidence=level))
    return GroupedStatements(tuple(rows), test_p, rates_p)


def order_tests(
    arrays: Sequence[Codes], confidence: float = DEFAULTS.confidence
) -> tuple[Test | NotComputed, Estimate | NotComputed]:
    """Test of the order between arrays of answers, and Cliff's delta (second against first) when there are two."""
    if len(arrays) == 2:
        return mann_whitney(*arrays), cliffs_delta(*arrays, confidence=confidence)
    n = sum(len(a) for a in arrays)
    return kruskal_wallis(arrays), NotComputed("Cliff’s delta compares exactly two groups", n)


def suspected_reverse(analysis: Analysis, time_point: str) -> tuple[Suspicion, ...]:
    """Statements of the whole cohort that seem to be worded the other way round than they are read now.

    By their words, or because their answers run against the mean of the other statements (Spearman −0.3 or lower, at
    least 10 patients, at most 20,000 of a large cohort). Nothing is turned by this; the page asks.
    """

    def compute() -> tuple[Suspicion, ...]:
        cohort = analysis.cohort
        candidates = [s for s in cohort.statements.values() if (s.key, time_point) in cohort.answers]
        every = max(1, cohort.n // _MOST_CORRELATED)
        scaled = {s.key: _scaled(cohort.answers[s.key, time_point][::every], s) for s in candidates}
        found = []
        for s in candidates:
            by_words = worded_in_reverse(s.label) and not s.reverse
            against = _against_the_others(s.key, scaled)
            if by_words or against is not None:
                found.append(Suspicion(s.key, by_words, against))
        return tuple(found)

    return analysis.keep(("suspected reverse", time_point), compute)


def _turned(codes: Codes, statement: Statement) -> Codes:
    return len(statement.levels) - 1 - codes if statement.reverse else codes


def _share_patients(groups: Labelled, time_point: str) -> bool:
    if not groups:
        return False
    total = np.zeros(groups[0][1].cohort.n, dtype=np.int64)
    for _, analysis in groups:
        total += analysis.people(time_point)
    return bool((total > 1).any())


def _scaled(answers: NDArray[np.int8], statement: Statement) -> NDArray[np.float64]:
    """0 least favourable to 1 most favourable, NaN without an answer, so that scales of other lengths compare."""
    codes = answers.astype(np.int64)
    values = _turned(codes, statement) / (len(statement.levels) - 1)
    return np.where(codes >= 0, values, np.nan)


def _against_the_others(key: str, scaled: dict[str, NDArray[np.float64]]) -> float | None:
    others = [values for other, values in scaled.items() if other != key]
    if not others:
        return None
    table = np.vstack(others)
    answered = (~np.isnan(table)).sum(axis=0)
    mean = np.where(np.isnan(table), 0.0, table).sum(axis=0) / np.maximum(answered, 1)
    known = ~np.isnan(scaled[key]) & (answered > 0)
    if int(known.sum()) < FEWEST_TO_SMOOTH:
        return None
    found = spearman(scaled[key][known], mean[known])
    if isinstance(found, NotComputed) or found.estimate.value > _REVERSED_BELOW:
        return None
    return found.estimate.value
