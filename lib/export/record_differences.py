"""Two analysis files beside each other: what differs, and which rule changed between their versions."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

_TOLERANCE = 1e-9
_RULED = "rule changed: "
ABSENT = object()
"""What a record does not hold."""


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Leaves of a record as (path, value): ("mean_change.interval.low", −3.98)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{path}.{place}" if path else str(place))
    else:
        yield path, value


def both(then: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every leaf of either, as (path, then, now), `ABSENT` where one has none."""
    if then is ABSENT or now is ABSENT:
        yield "", then, now
        return
    a, b = dict(flat(then)), dict(flat(now))
    for field in {**a, **b}:
        yield field, a.get(field, ABSENT), b.get(field, ABSENT)


def same(a: Any, b: Any) -> bool:
    """Whether two leaves are equal, floats to 1e-9 relative."""
    if isinstance(a, float) or isinstance(b, float):
        numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (a, b))
        return numbers and math.isclose(a, b, rel_tol=_TOLERANCE, abs_tol=1e-300)
    return type(a) is type(b) and bool(a == b)


def shown(value: Any) -> str:
    """A leaf in a line about a difference."""
    if value is ABSENT:
        return "absent"
    return "there" if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)


# Every result of an analysis by name, as plain JSON values, for the analysis file; unrounded, no patient rows.


AGAINST_AVERAGE = (
    "each group against the average of all or a reference (HC2 standard errors), the primary outcome corrected by "
    "Šidák, was all pairs by Holm"
)

_SINCE_1 = (
    (r"ancova.*\.baseline_mean$|welch.*\.(n|mean|sd)_(first|second)$", "no longer written, it is in other results"),
    (r"rank_biserial\.interval", "interval of the rank-biserial by jackknife or score, was the null standard error"),
    (r"hodges_lehmann\.name", "the Hodges–Lehmann estimate is called pseudomedian"),
    (r"\b(choice|chosen_by|reason)$", "which method leads: counts where most did not change, t from 100 pairs"),
    (
        r"delta\.interval",
        "interval of Cliff's delta by Feng and Cliff, Šidák over statements, was the null standard error",
    ),
    (r"^comparison.*ancova\.(?!differences)", "groups compared with HC2 standard errors and Bell–McCaffrey df"),
    (r"between\.(scores|responders|top_two)|^comparison_rates", AGAINST_AVERAGE),
    (r"between\.answers.*(_p\.|(delta|difference)\.)", "statements between groups corrected by Šidák, was Holm"),
    (r"^events:", "adverse events over everybody treated, were over the analysed"),
    (r"trajectories\..*model", "several time points by a model for repeated measures, was a random intercept"),
    (
        r"^(bounds|excluded|eq5d_pairs|what_if|trend)|statement.*missing$|answers\.rows.*missing$",
        "patients whose time point had not come, or who died before, are in no denominator",
    ),
    (r"(answers|table_one).*\.test\.", "Kruskal–Wallis exact or by permutation up to 50 patients, was chi-square"),
)


def changed_rule(name: str, field: str) -> str:
    """The rule behind a difference in `field` of the result `name`; "" where none has changed."""
    place = f"{name}.{field}"
    return next((f"{_RULED}{words}" for pattern, words in _SINCE_1 if re.search(pattern, place)), "")


def more_words(lines: Sequence[str]) -> Iterator[str]:
    """Differences that are not named one by one: how many by each changed rule, those without a rule first."""
    yield f"and {len(lines)} more"
    rules = Counter(line.rpartition(_RULED)[2].removesuffix(")") if _RULED in line else "" for line in lines)
    for rule in sorted(rules, key=lambda r: (r != "", -rules[r])):
        yield f"{rules[rule]} of them: {_RULED + rule if rule else 'no rule changed'}"
