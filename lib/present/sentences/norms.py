"""The cohort beside the norm of its own age and sex: one sentence."""

from __future__ import annotations

from lib.analysis.norms import BesideNorm
from lib.catalog.value_sets import value_set
from lib.present.wording import count, interval, number, plural, signed
from lib.stats.results import NotComputed


def norm_words(
    before: BesideNorm | NotComputed,
    after: BesideNorm | NotComputed,
    time_points: tuple[str, str],
    digits: int = 3,
    *,
    short: bool = False,
) -> str:
    """ "12 months: still 0.312 below people of their age and sex in England (…)"; "" where there is no norm.

    `short`: without the means, the interval, the source and how many are left out.
    """
    if isinstance(after, NotComputed) or isinstance(before, NotComputed):
        return ""
    norm = after.norm
    side = "below" if after.difference < 0 else "above"
    still = "still " if (before.difference < 0) == (after.difference < 0) else ""
    spread = f", {interval(after.interval, digits)}" if not isinstance(after.interval, NotComputed) else ""
    left = f" {plural(after.left_out, 'patient')} without age, sex or band: in neither mean." if after.left_out else ""
    whom = f"people of their age and sex in {norm.country}"
    if norm.constant is not None:
        whom = f"the mean of {norm.country}"
    sentence = f"{time_points[1]}: {still}{number(abs(after.difference), digits)} {side} {whom}"
    if short:
        return sentence
    under = f" Both under {value_set(norm.value_set).label}; norm:" if norm.value_set else " Norm:"
    return (
        f"{sentence} ({number(after.mean, digits)} against {number(after.expected, digits)}{spread}; "
        f"n {count(after.n)}). "
        f"{time_points[0]}: {signed(before.difference, digits)}.{under} {norm.source}.{left}"
    )
