"""How many were operated, selected and analysed, as the readers of a report may know it."""

from __future__ import annotations

from dataclasses import dataclass

from lib.analysis.analysis import Flow
from lib.present.small_counts import Sum, tellable_sums

_ANALYSED, _ALONE, _BESIDE, _OTHERS = "selected, analysed", "selected only", "analysed, not selected", "neither"


@dataclass(frozen=True, slots=True)
class Sizes:
    """The four sizes of a `Flow`; None where it may not be told, or where the file has no pairs."""

    operated: int | None
    selected: int | None
    analysed: int | None
    analysed_selected: int | None
    treated: str = "operated"


def sizes(flow: Flow, *, outside: bool) -> Sizes:
    """The sizes; outside only those that leave no group of 1 to 4 by subtraction ("28 analysed of 30 operated")."""
    if not outside:
        return Sizes(flow.operated, flow.selected, flow.analysed, flow.analysed_selected, flow.treated)
    both, every = flow.analysed_selected or 0, flow.analysed or 0
    parts = {
        _ANALYSED: both,
        _ALONE: flow.selected - both,
        _BESIDE: every - both,
        _OTHERS: flow.operated - flow.selected - (every - both),
    }
    selected, analysed = frozenset({_ANALYSED, _ALONE}), frozenset({_ANALYSED, _BESIDE})
    wished: list[Sum] = [frozenset({_ANALYSED}), selected, analysed, frozenset(parts)]
    told = tellable_sums(parts, wished if flow.analysed is not None else [selected, frozenset(parts)])
    return Sizes(
        flow.operated if frozenset(parts) in told else None,
        flow.selected if selected in told else None,
        flow.analysed if analysed in told else None,
        flow.analysed_selected if frozenset({_ANALYSED}) in told else None,
        flow.treated,
    )
