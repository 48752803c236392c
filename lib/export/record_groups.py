"""A whole comparison as plain JSON values: every group's results, and what was computed between them; unrounded."""

from __future__ import annotations

from typing import Any

from lib.analysis.analysis import Analysis, default_rule
from lib.analysis.groups.centers import center_gains, usual_adjustment
from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.rates import rate_family, responder_rates, top_two_rates
from lib.analysis.groups.scores import score_family
from lib.analysis.groups.time_points import time_points_of, trajectories
from lib.analysis.statements import compare_statements
from lib.cohort.grouping import ByColumn
from lib.report.plan import Plan
from lib.settings import DEFAULTS
from lib.stats.results import NotComputed, to_record


def comparison_record(
    comparison: Comparison, follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> dict[str, Any]:
    """Everything the Compare page computes without further choices, at the published thresholds.

    Keys: "grouping" (text form), "title", "overlap", "in_none", "within_only" (why nothing is tested, or ""), "groups"
    (one per row, "All" first, by measure, statement), "between" (scores, rates, answers, with the sizes of the Holm
    families), "trajectories" where a measure has three or more time points. Change is follow-up − baseline and a
    difference is second − first, as everywhere in results.
    """
    cohort = comparison.all.cohort
    measures = cohort.measures_at(follow_up) if cohort.baseline else ()
    rules = {m.key: rule for m in measures if (rule := default_rule(m)) is not None}
    statements = [key for key in cohort.statements if (key, follow_up) in cohort.answers]
    responders = [
        (key, responder_rates(comparison, key, follow_up, rule, confidence=confidence)) for key, rule in rules.items()
    ]
    top_two = [(key, top_two_rates(comparison, key, follow_up, confidence=confidence)) for key in statements]

    def one(label: str, analysis: Analysis) -> dict[str, Any]:
        return {
            "label": label,
            "patients": int(analysis.selected.sum()),
            "paired": {m.key: to_record(analysis.paired(m.key, follow_up, confidence=confidence)) for m in measures},
            "responders": {
                key: to_record(analysis.responders(key, follow_up, rule, confidence=confidence))
                for key, rule in rules.items()
            },
            "statements": {
                key: to_record(analysis.statement(key, follow_up, confidence=confidence)) for key in statements
            },
        }

    scores = score_family(comparison, [m.key for m in measures], follow_up, confidence=confidence)
    return {
        "grouping": comparison.grouping.text(names=True),
        "title": comparison.title,
        "follow_up": follow_up,
        "overlap": comparison.overlap,
        "in_none": comparison.in_none,
        "within_only": comparison.within_only,
        "groups": [one(label, analysis) for label, analysis in comparison.rows],
        "between": {
            "scores": to_record(scores),
            "responders": to_record(rate_family(comparison, responders, confidence=confidence)),
            "top_two": to_record(rate_family(comparison, top_two, confidence=confidence)),
            "answers": to_record(
                compare_statements(
                    comparison.groups,
                    statements,
                    follow_up,
                    confidence=confidence,
                    within_only=comparison.within_only,
                )
            ),
        },
        "trajectories": {
            m.key: _trajectories(comparison, m.key, confidence)
            for m in measures
            if len(time_points_of(comparison.all, m.key)) > 2
        },
    }


def _trajectories(comparison: Comparison, measure: str, confidence: float) -> Any:
    found = trajectories(comparison.all, comparison, measure, confidence=confidence)
    if isinstance(found, NotComputed):
        return to_record(found)
    return {
        "occasions": [o.key for o in found.time_points],
        "groups": [{"label": line.label, "points": to_record(line.points)} for line in found.lines],
        "in_model": list(found.in_model),
        "model": to_record(found.model),
    }


def centers_record(plan: Plan, grouping: ByColumn, measure: str) -> Any:
    """Above 12 groups: the funnel of means, adjusted as the page Compare opens, with the shrunken means."""
    adjust = usual_adjustment(plan.analysis.cohort, measure, grouping)
    found = center_gains(plan.analysis, grouping, measure, plan.time, adjust)
    if isinstance(found, NotComputed):
        return found
    return {
        "labels": found.members.labels,
        "adjusted_for": found.adjust,
        "left_out": found.left_out,
        "without_center": found.members.without,
        "means": found.found,
        "not_adjusted": found.plain,
        "shrunken": found.shrunken,
    }
