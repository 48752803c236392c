"""Published cohorts: n, baseline, follow-up, change, the scale it was printed on, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lib.analysis.groups.literature import PublishedCohort
from lib.cohort.measure import Measure
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, number, signed


def literature_table(studies: Sequence[PublishedCohort], measure: Measure) -> Table:
    """One row per study and time point, on the scale of this measure; blank where the study does not print it."""
    columns = (
        Column("Study"),
        Column("Design"),
        Column("Measure"),
        Column("Time point"),
        Column("n", "right"),
        Column("Baseline", "right"),
        Column("Follow-up", "right"),
        Column("Improvement", "right"),
        Column("95% CI", "right"),
        Column("Scale"),
        Column("Source"),
    )
    rows = tuple(
        (
            Cell(s.study),
            Cell(s.design),
            Cell(s.measure),
            Cell(s.time_point),
            Cell(count(s.n), s.n),
            _score(s.baseline, measure),
            _score(s.follow_up, measure),
            Cell(_change(s, measure), measure.sign * float(s.change)),
            Cell(_interval(s, measure)),
            Cell(s.scale_note),
            Cell("; ".join(s.sources)),
        )
        for s in studies
    )
    notes = [
        "As printed by the studies; nothing is pooled or tested. Other patients, other indications, often "
        "industry-funded trials: a place to look, not a target."
    ]
    if any(s.derived for s in studies):
        notes.append("*: the difference of the two printed means, without an interval.")
    return Table(f"Published cohorts, {measure.label}", columns, rows, tuple(notes))


def _score(value: Decimal | None, measure: Measure) -> Cell:
    return Cell("") if value is None else Cell(number(value, measure.decimals), float(value))


def _change(study: PublishedCohort, measure: Measure) -> str:
    return signed(measure.sign * study.change, measure.decimals) + ("*" if study.derived else "")


def _interval(study: PublishedCohort, measure: Measure) -> str:
    if study.ci is None:
        return ""
    low, high = sorted(measure.sign * v for v in study.ci)
    return f"{number(low, measure.decimals)} to {number(high, measure.decimals)}"
