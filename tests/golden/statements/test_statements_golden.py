"""Statements between groups and EQ-5D dimensions of the sample, through Analysis, against R (derive.R beside this)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lib.analysis import Analysis
from lib.analysis.eq5d import Dimensions, dimensions
from lib.analysis.statements import GroupedStatements, compare_statement, compare_statements
from lib.cohort.selection import Selection
from tests.sample import sample

ROWS = csv.DictReader((Path(__file__).parent / "expected.csv").read_text("utf-8").splitlines())
EXPECTED = {(row["what"], row["which"]): float(row["value"]) for row in ROWS}
STATEMENTS = {
    "complaints_reduced": "complaints_reduced",
    "free_of_complaints": "complaint_free",
    "health_improved": "health_improved",
    "qol_improved": "quality_of_life_improved",
    "same_surgery_again": "same_surgery_again",
    "recommend_surgery": "would_recommend",
    "satisfied": "satisfied_with_results",
}
DIMENSIONS = ("MO", "SC", "UA", "PD", "AD")


def groups(column: str, labels: tuple[str, ...]) -> list[tuple[str, Analysis]]:
    return [(label, Analysis(sample(), Selection.of({column: [label]}))) for label in labels]


@pytest.fixture(scope="module")
def by_center() -> GroupedStatements:
    return compare_statements(groups("center", ("Heerlen", "Enschede")), list(STATEMENTS.values()), "12m")


@pytest.fixture(scope="module")
def dims() -> Dimensions:
    return dimensions(Analysis(sample()), "12m")


@pytest.mark.parametrize("name", STATEMENTS)
def test_between_two_groups(by_center: GroupedStatements, name: str) -> None:
    k = list(STATEMENTS).index(name)
    row = by_center.rows[k]
    assert row.statement == STATEMENTS[name]
    alone = compare_statement(groups("center", ("Heerlen", "Enschede")), STATEMENTS[name], "12m")
    found = {
        "U": row.test.statistic,
        "p": row.test.p,
        "delta": row.delta.value,
        "delta_low": alone.delta.interval.low,
        "delta_high": alone.delta.interval.high,
        "p_rates": row.rates.p,
        "sidak": by_center.test_p.adjusted[k],
        "sidak_rates": by_center.rates_p.adjusted[k],
        "delta_low_together": row.delta.interval.low,
        "delta_high_together": row.delta.interval.high,
    }
    assert found == pytest.approx({what: EXPECTED[what, name] for what in found}, rel=1e-9)


def test_more_groups_leave_out_those_with_fewer_than_three_answers() -> None:
    etiologies = sample().columns["etiology"].labels
    row = compare_statement(groups("etiology", etiologies), STATEMENTS["satisfied"], "12m")
    assert len(row.tested) == 4
    assert row.test.statistic == pytest.approx(EXPECTED["H", "satisfied"], rel=1e-9)
    p = EXPECTED["p_H", "satisfied"]  # 100,000 draws here, a million in R: four standard errors
    assert row.test.p == pytest.approx(p, abs=4 * (p / 1e5) ** 0.5)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_dimensions(dims: Dimensions, name: str) -> None:
    k = DIMENSIONS.index(name)
    row = dims.rows[k]
    found = {
        "p_levels": row.test.p,
        "z_squared": row.test.statistic**2,
        "p_problems": row.problems.exact.p,
        "holm_levels": dims.test_p.adjusted[k],
    }
    assert found == pytest.approx({what: EXPECTED[what, name] for what in found}, rel=1e-9)
