"""Every number of the sample's analysis file against second_opinion.py, which knows nothing of lib/, to 1e-9."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from lib.analysis import Analysis
from lib.export.record_differences import flat
from lib.report.numbers import results
from lib.report.report import build_report
from tests.golden import second_opinion
from tests.sample import sample

ELSEWHERE = re.compile(  # seeded draws (R mice in tests/golden/missing); settings and places
    r"^what_if:.*(?:imputed|tips|worst|of_missing|share_value|seed|cycles)"
    r"|confidence$|\.first$|\.second$|\.code$|family_size$|number_needed|overlap$|in_none$|no_group$"
)
LOOSER = {"shapiro.statistic": 1e-8, "residual_normality.statistic": 1e-8}
"""SciPy and R differ that much in W; p of it 1e-6, noncentral t 1e-8 (docs/statistics.md)."""


@pytest.fixture(scope="module")
def ours() -> dict[str, float]:
    found = {}
    for name, result in results(build_report(Analysis(sample())).plan, "center"):
        variables = result.get("variables", {}) if isinstance(result, dict) else {}
        levels = {key: variable.get("levels", []) for key, variable in variables.items()}
        for path, value in flat(_computed(result)):
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[f"{name} · {_by_level(path, levels)}"] = value
    return found


def _computed(value: Any) -> Any:
    """Without what was not computed: the n beside its reason is no result."""
    if isinstance(value, dict):
        return {} if value.get("kind") == "NotComputed" else {k: _computed(v) for k, v in value.items()}
    return [_computed(v) for v in value] if isinstance(value, list) else value


def _by_level(path: str, levels: dict[str, list[str]]) -> str:
    """The counts of Table 1 by the name of the level, not by its place."""
    head, counted, place = path.rpartition(".counts.")
    key = next((k for k in levels if head.startswith(f"variables.{k}.")), None)
    return f"{head}.counts.{levels[key][int(place)]}" if counted and key is not None else path


@pytest.fixture(scope="module")
def theirs() -> dict[str, float]:
    of = second_opinion.results(second_opinion.read())
    return {f"{name} · {path}": value for name, numbers in of for path, value in second_opinion.flat(numbers)}


def test_every_number_agrees(ours: dict[str, float], theirs: dict[str, float]) -> None:
    differ = []
    for place, value in theirs.items():
        end = ".".join(place.rsplit(".", 2)[-2:])
        close = 1e-6 if (end.endswith((".p",)) and "shapiro" in end) or "normality.p" in end else LOOSER.get(end, 1e-9)
        close = 1e-8 if ".effects." in place else close
        if place not in ours or ours[place] != pytest.approx(value, rel=close, abs=1e-12):
            differ.append(f"{place}: {ours.get(place)} ours, {value} by hand")
    assert not differ, f"{len(differ)} of {len(theirs)}:\n" + "\n".join(differ[:40])


def test_no_number_is_left_without_a_second_opinion(ours: dict[str, float], theirs: dict[str, float]) -> None:
    alone = [place for place in ours if place not in theirs and not ELSEWHERE.search(place)]
    assert not alone, f"{len(alone)} of {len(ours)}:\n" + "\n".join(alone[:60])


def test_it_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(second_opinion.__file__).read_text("utf-8"))
    imported: set[Any] = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    imported |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert not any(str(name).startswith(("lib", "tests")) for name in imported)
