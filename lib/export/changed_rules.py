"""Which rule of the statistics changed between version 1 and 2 of the analysis file, for a number that differs."""

from __future__ import annotations

import re

_SINCE_1 = (
    (r"rank_biserial\.interval", "interval of the rank-biserial by jackknife or score, was the null standard error"),
    (r"hodges_lehmann\.name", "the Hodges–Lehmann estimate is called pseudomedian"),
    (r"\b(choice|chosen_by|reason)$", "which method leads: counts where most did not change, t from 100 pairs"),
    (r"delta\.interval", "interval of Cliff's delta by Feng and Cliff, was the null standard error"),
    (r"answers.*\.test\.", "Kruskal–Wallis exact or by permutation up to 50 patients, was chi-square"),
)


def changed_rule(name: str, field: str) -> str:
    """The rule behind a difference in `field` of the result `name`; "" where none has changed."""
    place = f"{name}.{field}"
    return next((f"rule changed: {words}" for pattern, words in _SINCE_1 if re.search(pattern, place)), "")
