"""The cohort beside the norm of its own mix of age and sex, counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.extremes import extremes
from lib.analysis.norms import BesideNorm, beside_norm
from lib.catalog.norms import norms, norms_for
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from lib.present.charts.axes import score_axis
from lib.present.charts.mini import mini_data, mini_figure
from lib.present.guide.instruments import instruments_page
from lib.present.sentences.eq5d import norm_words
from lib.present.tables.before_after import extremes_table
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


def test_a_score_has_the_norm_of_its_own_set_or_scale() -> None:
    """The US figure is printed in the abstract of Jiang 2021; what nobody could read is no norm."""
    assert norms_for("5l_belgium_2022") == ()
    (us,) = norms_for("5l_usa_2019")
    neither = np.array([False, False])
    young, old = us.expected(np.array([44.0, 70.0]), neither, neither)
    assert np.isnan(young)
    assert old == 0.824
    assert norms_for("", "eq_vas") == ()
    assert norms_for("", "promis_pf")[0].expected(np.array([np.nan]), neither[:1], neither[:1])[0] == 50
    assert norms_for("", "odi") == ()
    assert norms_for("netherlands_2006_tto") == ()


def test_a_t_score_is_beside_50_without_age_and_sex() -> None:
    rows = [f"P{i},{30 + i},{41 + i}" for i in range(12)]
    found = analysis(*rows, heads="id,promis_pf_pre,promis_pf_12m")
    assert "promis_pf" in found.cohort.measures
    after = beside_norm(found, "12m", "promis_pf")
    before = beside_norm(found, "12m", "promis_pf", before=True)
    assert isinstance(after, BesideNorm)
    assert (after.n, after.expected, after.difference) == (12, 50.0, pytest.approx(-3.5))
    words = norm_words(before, after, ("Before", "12 months"), 1)
    assert words.startswith("12 months: still 3.5 below the mean of the reference population (46.5 against 50.0")
    data = mini_data(
        found.paired("promis_pf", "12m"),
        found.pairs("promis_pf", "12m"),
        score_axis(found.cohort, found.cohort.measure("promis_pf"), "12m"),
        ("Before", "12 months"),
        "x",
        (before, after),
    )
    assert [s.values for s in data.series if s.role.endswith(" norm")] == [(50.0,), (50.0,)]
    assert sum(t["marker"].get("symbol") == "diamond-open" for t in mini_figure(data)["data"] if "marker" in t) == 2


def test_floor_and_ceiling_are_the_worst_and_the_best_score() -> None:
    rows = [f"P{i},{10 if i < 3 else 7},{0 if i < 2 else 4},{60 + i},{100 if i < 4 else 50}" for i in range(12)]
    found = extremes(analysis(*rows, heads="id,vas_pain_pre,vas_pain_12m,eq_vas_pre,eq_vas_12m"))
    assert sorted((e.floor.count, e.ceiling.count) for e in found) == [(0, 0), (0, 2), (0, 4), (3, 0)]
    table = extremes_table(found)
    assert "3 of 12 (25.0%) *" in {cell.text.replace("\u00a0", " ") for row in table.rows for cell in row}


def test_norms_have_every_band_once() -> None:
    for norm in norms():
        ages = [(age, sex) for low, high, sex, _ in norm.bands for age in range(low, high + 1)]
        assert len(ages) == len(set(ages))
        assert norm.source


def test_the_document_is_the_catalogue() -> None:
    written = (DOCS / "instruments.md").read_text("utf-8")
    assert written == instruments_page(), "run python -m lib.present.guide"
