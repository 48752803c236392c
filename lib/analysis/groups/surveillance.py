"""One center patient by patient, in order of treatment: VLAD and CUSUM against what was expected of its patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.groups.centers import expected_responders
from lib.cohort.cohort import Cohort, Dates
from lib.cohort.grouping import ByColumn
from lib.settings import FEWEST_TO_TEST, MOST_SIMULATED
from lib.stats.responders import Rule
from lib.stats.results import Floats, Ints, NotComputed
from lib.stats.surveillance import ODDS_RATIO, Cusum, Vlad, cusum, vlad


@dataclass(frozen=True, slots=True)
class Watched:
    """One center.

    Attributes:
        days: of treatment, as ISO text, in order; sums: VLAD; fewer, more: CUSUM for halved and doubled odds of
            improving, NotComputed below 10 patients.
        improved, expected: totals.
        rows: row numbers, as Excel shows them, in order.
    """

    label: str
    days: tuple[str, ...]
    sums: Vlad
    fewer: Cusum | NotComputed
    more: Cusum | NotComputed
    improved: int
    expected: float
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Surveillance:
    """The chosen center, and (name, pairs, observed − expected, its Watched or None) of all, the largest first."""

    chosen: Watched
    others: tuple[tuple[str, int, float, Watched | None], ...]
    left_out: int


def surveillance(
    analysis: Analysis,
    grouping: ByColumn,
    measure: str,
    follow_up: str,
    rule: Rule,
    adjust: tuple[str, ...],
    center: str,
) -> Surveillance | NotComputed:
    """Due patients with an evaluable pair and a date, in order of treatment (ties: row); expected from all centers."""

    def compute() -> Surveillance | NotComputed:
        cohort = analysis.cohort
        column = cohort.columns.get("surgery_date")
        if not isinstance(column, Dates):
            return NotComputed("the file has no date of treatment, so patients have no order", cohort.n)
        members, met, model = expected_responders(analysis, grouping, measure, follow_up, rule, adjust)
        if isinstance(model, NotComputed):
            return model
        if center not in members.labels:
            return NotComputed(f"{center} has no pair that can be counted", 0)
        rows = analysis.pairs(measure, follow_up).rows[members.place]
        dated = ~np.isnat(column.days[rows])
        order = np.flatnonzero(dated)[np.lexsort((rows[dated], column.days[rows[dated]]))]
        off = met.astype(np.float64) - model.values
        totals = np.bincount(members.code[order], weights=off[order], minlength=len(members.labels))
        counts = np.bincount(members.code[order], minlength=len(members.labels))

        def one(k: int) -> Watched | NotComputed:
            mine = order[members.code[order] == k]
            return _watched(
                analysis.cohort, members.labels[k], rows[mine], met[mine].astype(np.float64), model.values[mine]
            )

        chosen = one(members.labels.index(center))
        if isinstance(chosen, NotComputed):
            return chosen
        every = len(members.labels) <= MOST_SIMULATED
        others = []
        for k, label in enumerate(members.labels):
            found = chosen if label == center else one(k) if every else None
            watched = None if isinstance(found, NotComputed) else found
            others.append((label, int(counts[k]), float(totals[k]), watched))
        return Surveillance(chosen, tuple(others), int(np.count_nonzero(~dated)))

    key = ("surveillance", grouping, measure, follow_up, rule, adjust, center)
    return analysis.keep(key, compute)


def _watched(cohort: Cohort, label: str, rows: Ints, y: Floats, p: Floats) -> Watched | NotComputed:
    sums = vlad(y, p)
    if isinstance(sums, NotComputed):
        return sums
    column = cohort.columns["surgery_date"]
    assert isinstance(column, Dates)
    few = NotComputed(f"fewer than {FEWEST_TO_TEST} patients", y.size) if y.size < FEWEST_TO_TEST else None
    return Watched(
        label=label,
        days=tuple(str(d) for d in column.days[rows].astype("datetime64[D]")),
        sums=sums,
        fewer=few or cusum(y, p, ODDS_RATIO),
        more=few or cusum(y, p, 1.0 / ODDS_RATIO),
        improved=int(y.sum()),
        expected=float(p.sum()),
        rows=tuple(int(r) for r in cohort.source_rows[rows]),
    )
