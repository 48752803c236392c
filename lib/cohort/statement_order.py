"""What the user says about his statements: in which order the answers stand, and whether agreeing is unfavourable."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import Cohort, Statement


def with_statement_orders(
    cohort: Cohort, turned: Collection[str] = (), orders: Mapping[str, tuple[int, ...]] | None = None
) -> Cohort:
    """The same cohort with some statements read the other way; the same object when nothing changes.

    Args:
        cohort: as imported.
        turned: keys of statements whose direction is the opposite of what the import took it for.
        orders: statement key → places of its levels, the least agreeing first; what is no permutation is left out.

    Returns:
        A cohort whose fingerprint is another one, because its results are others. Unknown keys are left out.
    """
    new_orders = {
        key: order
        for key, order in (orders or {}).items()
        if key in cohort.statements and _reorders(order, len(cohort.statements[key].levels))
    }
    flipped = sorted(key for key in set(turned) if key in cohort.statements)
    if not new_orders and not flipped:
        return cohort
    statements = {key: _reordered(s, new_orders.get(key), key in flipped) for key, s in cohort.statements.items()}
    answers = {
        (key, time_point): _recoded(codes, new_orders[key]) if key in new_orders else codes
        for (key, time_point), codes in cohort.answers.items()
    }
    words = f"{cohort.provenance.fingerprint} {sorted(new_orders.items())} {flipped}"
    provenance = replace(cohort.provenance, fingerprint=hashlib.sha256(words.encode()).hexdigest())
    return replace(cohort, statements=statements, answers=answers, provenance=provenance)


def _reorders(order: tuple[int, ...], levels: int) -> bool:
    return sorted(order) == list(range(levels)) and list(order) != list(range(levels))


def _reordered(statement: Statement, order: tuple[int, ...] | None, turned: bool) -> Statement:
    levels = statement.levels if order is None else tuple(statement.levels[k] for k in order)
    return replace(statement, levels=levels, reverse=statement.reverse != turned)


def _recoded(codes: NDArray[np.int8], order: tuple[int, ...]) -> NDArray[np.int8]:
    """Old level index → new one; no answer and "don't know" stay."""
    place = np.empty(len(order), dtype=np.int8)
    place[list(order)] = np.arange(len(order), dtype=np.int8)
    new = codes.copy()
    known = codes >= 0
    new[known] = place[codes[known]]
    return new
