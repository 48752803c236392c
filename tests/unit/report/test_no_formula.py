"""A formula is evaluated as Python, so no text of a file enters one: code in headings, labels and levels stays text."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import patsy
import pytest
from statsmodels.base.model import Model

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.time_points import trajectories
from lib.cohort.cohort import Category, Cohort, PatientColumn
from lib.cohort.grouping import ByColumn
from lib.report.numbers import comparison_record
from lib.report.report import build_report
from tests.sample import sample

LIB = Path(__file__).resolve().parents[3] / "lib"
FORMULAS = ("patsy", "formulaic", "statsmodels.formula", "statsmodels.api")


def _formula_uses(source: str) -> list[str]:
    """Imports of a formula language, and calls that evaluate a text."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name}" for name in names]
        found += [name for name in names if f"{name}.".startswith(tuple(f"{f}." for f in FORMULAS))]
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found += [called] if called in {"eval", "exec", "query", "from_formula"} else []
    return found


def test_lib_knows_no_formula() -> None:
    assert {p.name: uses for p in LIB.rglob("*.py") if (uses := _formula_uses(p.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "line",
    ["import statsmodels.formula.api as smf", "from statsmodels import api", "import patsy", "eval(x)", "t.query(x)"],
)
def test_the_rule_can_fail(line: str) -> None:
    assert _formula_uses(line)


def _with_code(cohort: Cohort, mark: Path) -> Cohort:
    """The cohort with a line of Python as the heading of every column and measure, and as every label and level."""

    def code(text: str) -> str:
        return f"__import__('pathlib').Path({str(mark)!r}).touch()  # {text}"

    def column(one: PatientColumn) -> PatientColumn:
        named = replace(one, key=code(one.key), label=code(one.label))
        return replace(named, labels=tuple(map(code, named.labels))) if isinstance(named, Category) else named

    return replace(
        cohort,
        columns={code(key): column(one) for key, one in cohort.columns.items()},
        measures={key: replace(m, label=code(m.label)) for key, m in cohort.measures.items()},
        time_points=tuple(replace(t, label=code(t.label)) for t in cohort.time_points),
        statements={
            key: replace(s, label=code(s.label), levels=tuple(map(code, s.levels)))
            for key, s in cohort.statements.items()
        },
        outcomes={key: replace(o, label=code(o.label)) for key, o in cohort.outcomes.items()},
        _counts={},
    )


def test_code_in_every_heading_label_and_level_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a formula was evaluated")

    for name in ("dmatrix", "dmatrices", "build_design_matrices"):
        monkeypatch.setattr(patsy, name, refuse)
    monkeypatch.setattr(patsy.EvalEnvironment, "eval", refuse)
    monkeypatch.setattr(Model, "from_formula", refuse)
    mark = tmp_path / "ran"
    cohort = _with_code(sample(), mark)
    analysis = Analysis(cohort)
    column = next(c for c in cohort.categories() if c.role == "etiology")
    comparison = compare(analysis, ByColumn(column.key))
    report = build_report(analysis, comparison=comparison)
    assert any(column.labels[0] in cell.text for i in report.items if i.table for r in i.table.rows for cell in r)
    time = analysis.default_follow_up()
    assert time is not None
    assert len(comparison_record(comparison, time.key)["groups"]) == len(comparison.rows)
    assert trajectories(analysis, comparison, cohort.primary[0])
    assert not mark.exists()
