"""Public data through the product's own import and Analysis: the answers to item A1, and the eq5d package's example."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from lib.analysis import Analysis
from lib.analysis.eq5d import change_classes, state_pairs
from lib.importing.columns.roles import Role
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from lib.stats.health_states import PchcResult

DATA = os.environ.get("COHORTLENS_PUBLIC_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="COHORTLENS_PUBLIC_DATA is not set")


def column(name: str) -> list[str]:
    with (Path(DATA or "") / "eq5d_pre_post" / name).open(encoding="utf-8") as file:
        return [row["x"] for row in csv.DictReader(file)]


def test_paretian_change_of_the_eq5d_package() -> None:
    # R package eq5d, function pchc(pre, post, no.problems = TRUE, totals = TRUE): its file beside the data
    rows = zip(column("pre.csv"), column("post.csv"), strict=True)
    lines = [f"P{i},{pre},{post}" for i, (pre, post) in enumerate(rows, 1)]
    text = "\n".join(["patient_id,eq5d_state_pre,eq5d_state_12m", *lines])
    found = propose(parse_file(text.encode(), "pre_post.csv"))
    analysis = Analysis(found.build())
    assert change_classes(analysis, "12m") == PchcResult(
        n=77, better=46, worse=11, mixed=10, same_with_problems=8, no_problems=2
    )
    assert state_pairs(analysis, "12m").illegal_rows == (2,)
    assert any("62331" in f.sentence and f.code == "out_of_range" for f in found.findings)


def test_item_a1_of_the_big_five() -> None:
    with (Path(DATA or "") / "paired" / "psych_bfi.csv").open(encoding="utf-8") as file:
        answers = [row["A1"] for row in csv.DictReader(file)]
    text = "\n".join(["patient_id,A1", *(f"{i},{a}" for i, a in enumerate(answers, 1))])
    found = propose(parse_file(text.encode(), "bfi.csv"))
    said = [c.with_role(Role.STATEMENT, "a1", "12m") for c in found.columns if c.name == "A1"]
    cohort = found.with_columns(said).build()
    assert cohort.statements["a1"].levels == ("1", "2", "3", "4", "5", "6")
    result = Analysis(cohort).statement("a1", "12m")
    assert result.missing == sum(a in ("", "NA") for a in answers)
    assert [round(100 * k / result.n, 1) for k in result.counts] == [33.1, 29.4, 14.4, 12.1, 8.0, 2.9]
