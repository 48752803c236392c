"""`open_cohort`: the README's lines, the tables against the file itself, and the questions."""

from __future__ import annotations

import csv
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

from lib import open_cohort
from lib.cli.options import CannotUse
from lib.notebook import QuestionsOpen

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data" / "misjf.csv"
SIDES = ROOT / "tests" / "unit" / "importing" / "data" / "cases" / "17_bilateral_two_rows.csv"


def test_the_lines_of_the_readme_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted >= 6
    assert result.failed == 0


def test_the_tables_hold_what_the_file_holds() -> None:
    c = open_cohort(SAMPLE)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert c.patients["center"].tolist() == [r["center"] for r in rows]
    assert c.patients["surgery_date"].dt.strftime("%Y-%m-%d").tolist() == [r["surgery_date"] for r in rows]
    head = list(rows[0])
    before = next(n for n in head if "pain" in n and "pre" in n)
    assert c.scores["pain", "baseline"].dropna().tolist() == [float(r[before]) for r in rows if r[before]]
    opioids = next(n for n in head if n.startswith("opioids_pre"))
    told = [{"Yes": True, "No": False}.get(r[opioids]) for r in rows]
    outcome = next(key for key, _ in c.binary.columns if "opioid" in key)
    assert [None if missing else bool(v) for v, missing in zip(
        c.binary[outcome, "baseline"], c.binary[outcome, "baseline"].isna(), strict=True)] == told  # fmt: skip
    assert set(c.states.columns.get_level_values("dimension")) == {"MO", "SC", "UA", "PD", "AD"}
    assert c.answers.shape == (57, len(c.answers.columns))
    assert c.answers.iloc[:, 0].cat.ordered
    assert set(c.events["row"]) <= set(c.patients.index)
    assert c.patients.index[0] == 2


def test_a_range_a_list_and_a_label() -> None:
    c = open_cohort(SAMPLE)
    chosen = c.analysis(where={"age": (30, 50), "etiology": ["Postpartum", "Unknown"]})
    age = c.patients["age"].between(30, 50) & c.patients["etiology"].isin(["Postpartum", "Unknown"])
    assert chosen.selected.tolist() == age.tolist()
    assert c.analysis().paired("VAS pain", "12m").n == 29
    with pytest.raises(CannotUse, match="Measures: pain"):
        c.analysis().paired("weight")
    with pytest.raises(CannotUse, match="It has: "):
        c.analysis(where={"etiology": "postpartum"})


def test_an_open_question_is_raised_and_answered() -> None:
    with pytest.raises(QuestionsOpen, match="'first_side': Each patient counts once") as raised:
        open_cohort(SIDES)
    (question,) = raised.value.questions
    assert len(open_cohort(SIDES, answers={question.key: "side"}).patients) == 30
    assert len(open_cohort(SIDES, answers={question.key: "first_side"}).patients) == 24


def test_importing_the_package_loads_no_library() -> None:
    code = "import sys, lib; print(sorted({'pandas', 'numpy', 'scipy'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert out.stdout.strip() == "[]"
