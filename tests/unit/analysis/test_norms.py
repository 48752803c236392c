"""The cohort beside the norm of its own mix of age and sex, counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.norms import BesideNorm, beside_norm
from lib.catalog.norms import norms, norms_for
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from lib.present.guide.instruments import instruments_page
from lib.stats.results import NotComputed

DOCS = Path(__file__).resolve().parents[3] / "docs"


def analysis(*rows: str, heads: str = "id,age,sex,eq5d_pre,eq5d_12m") -> Analysis:
    return Analysis(propose(parse_file("\n".join([heads, *rows]).encode(), "n.csv")).build())


def _norm(age: int, sex: str) -> float:
    (norm,) = norms_for("uk_tto")
    return next(mean for low, high, of, mean in norm.bands if low <= age <= high and of == sex)


def test_expectation_is_the_mean_over_the_same_patients_at_their_age_then() -> None:
    rows = [f"P{i},{29 + i % 2},{'female' if i % 3 else 'male'},21232,11121" for i in range(12)]
    found = beside_norm(analysis(*rows), "12m")
    assert isinstance(found, BesideNorm)
    # age at 12 months is one year more; 11121 under the UK set is 0.796
    expected = np.mean([_norm(30 + i % 2, "female" if i % 3 else "male") for i in range(12)])
    assert (found.n, found.left_out) == (12, 0)
    assert found.mean == pytest.approx(0.796)
    assert found.expected == pytest.approx(expected, abs=1e-12)
    assert found.difference == pytest.approx(0.796 - expected, abs=1e-12)
    before = beside_norm(analysis(*rows), "12m", before=True)
    assert isinstance(before, BesideNorm)
    assert before.expected == pytest.approx(
        np.mean([_norm(29 + i % 2, "female" if i % 3 else "male") for i in range(12)]), abs=1e-12
    )


def test_without_age_or_sex_nobody_is_compared_and_some_are_counted() -> None:
    assert isinstance(
        beside_norm(analysis(*(f"P{i},21232,11121" for i in range(9)), heads="id,eq5d_pre,eq5d_12m"), "12m"),
        NotComputed,
    )
    rows = [f"P{i},{'' if i < 2 else 50},female,21232,11121" for i in range(12)]
    found = beside_norm(analysis(*rows), "12m")
    assert isinstance(found, BesideNorm)
    assert (found.n, found.left_out) == (10, 2)


def test_five_level_answers_are_compared_under_the_crosswalk() -> None:
    rows = [f"P{i},50,male,11245,1112{1 + i % 2}" for i in range(12)]
    found = beside_norm(analysis(*rows), "12m")
    assert isinstance(found, BesideNorm)
    assert found.norm.value_set == "crosswalk_uk_2012"


def test_norms_have_every_band_once() -> None:
    for norm in norms():
        ages = [(age, sex) for low, high, sex, _ in norm.bands for age in range(low, high + 1)]
        assert len(ages) == len(set(ages))
        assert norm.source


def test_the_document_is_the_catalogue() -> None:
    written = (DOCS / "instruments.md").read_text("utf-8")
    assert written == instruments_page(), "run python -m lib.present.guide"
