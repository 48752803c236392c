"""EQ-5D health states in the methods and results text: the Paretian classes, which need no value set."""

from __future__ import annotations

from lib.analysis.eq5d import has_states
from lib.present import disclosure
from lib.present.items.eq5d import classes_of, classes_safe
from lib.present.plan import Plan
from lib.present.sentences_compare import groups_heading
from lib.present.sentences_eq5d import CHANGE_NOTE, change_title
from lib.present.wording import count, share
from lib.stats.profiles import PchcResult

_MOST_NAMED = 8


def classes_methods(plan: Plan) -> str:
    """How a health state counts as better or worse, and how the dimensions were tested; "" without states."""
    if not plan.time or not has_states(plan.analysis, plan.time):
        return ""
    return (
        "EQ-5D health states, of patients with all five dimensions at both time points: Paretian classification of "
        f"health change (Devlin, Parkin & Browne 2010). {CHANGE_NOTE} Each dimension: scores test of marginal "
        "homogeneity (Agresti 2002, exact up to 50 patients who changed) and the exact McNemar test of any problem, "
        "each corrected by Holm over the five dimensions."
    )


def classes_results(plan: Plan) -> str:
    """Better, worse, mixed, the same; with groups also the share that is better in each."""
    if not plan.time or not has_states(plan.analysis, plan.time):
        return ""
    if not classes_safe(plan):
        return f"EQ-5D health state: {disclosure.REASON}."
    (_, everybody), *groups = classes_of(plan)
    words = f"{change_title(everybody)}."
    told = [f"{name} {share(c.better, c.n)}" for name, c in groups if isinstance(c, PchcResult)]
    if not told or plan.comparison is None:
        return words
    more = f"; and {count(len(told) - _MOST_NAMED)} more" if len(told) > _MOST_NAMED else ""
    return f"{words} {groups_heading(plan.comparison)}, better: {'; '.join(told[:_MOST_NAMED])}{more}."
