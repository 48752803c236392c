"""Adjusted gains and flags against those that NHS England published for 2018/19; docs/registry.md.

The files lie beside the folder that `COHORTLENS_PUBLIC_DATA` names; without them these tests skip.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.stats.centers import Z95, Z998, CenterMeans, center_means
from tests.unit.importing.read_here import propose_bytes

_DATA = os.environ.get("COHORTLENS_PUBLIC_DATA")
FOLDER = Path(_DATA).parent / "nhs_knee" if _DATA else Path("missing")
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the NHS PROMs files are not here")

BEFORE, AFTER = "Knee Replacement Pre-Op Q Score", "Knee Replacement Post-Op Q Score"
EXPECTED = "Knee Replacement OKS Post-Op Q Predicted"
FLAGS = {
    "Not an outlier": (0, 0),
    "Negative outlier (95%)": (-1, 0),
    "Positive outlier (95%)": (1, 0),
    "Negative outlier (99.8%)": (-1, -1),
    "Positive outlier (99.8%)": (1, 1),
}


@pytest.fixture(scope="module")
def primary() -> pd.DataFrame:
    table = pd.read_csv(FOLDER / "nhs_knee_2018.csv.gz", dtype=str)
    table = table[table["Revision Flag"] == "0"]
    scores = {name: pd.to_numeric(table[name]) for name in (BEFORE, AFTER, EXPECTED)}
    return pd.DataFrame({"center": table["Provider Code"], **scores}).dropna()


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    table = pd.read_csv(FOLDER / "nhs_knee_providers.csv")
    table = table[(table["provider_code"] != "England") & table["outlier_2018_19"].isin(FLAGS)]
    for name in ("adjusted_health_gain", "modelled_records", "avg_pre", "avg_post"):
        table[name] = pd.to_numeric(table[name])
    return table


def _ours(primary: pd.DataFrame) -> tuple[CenterMeans, pd.Index]:
    codes, labels = pd.factorize(primary["center"])
    off = (primary[AFTER] - primary[EXPECTED]).to_numpy()
    gain = float((primary[AFTER] - primary[BEFORE]).mean())
    found = center_means(off - off.mean() + gain, codes, centers=len(labels), sd=float(off.std(ddof=1)))
    assert isinstance(found, CenterMeans)
    return found, labels


def test_adjusted_gain(primary: pd.DataFrame, published: pd.DataFrame) -> None:
    found, labels = _ours(primary)
    rows = published[
        (published["procedure"] == "Knee Replacement Primary") & (published["measure"] == "Oxford Knee Score")
    ].set_index("provider_code")
    ours = pd.Series(found.means, index=labels).reindex(rows.index)
    assert ours.notna().sum() == 237
    assert np.corrcoef(ours, rows["adjusted_health_gain"])[0, 1] > 0.996
    group = primary.groupby("center")
    same = (group.size().reindex(rows.index) == rows["modelled_records"]) & (
        np.isclose(group[BEFORE].mean().reindex(rows.index), rows["avg_pre"], atol=2e-4)
        & np.isclose(group[AFTER].mean().reindex(rows.index), rows["avg_post"], atol=2e-4)
    )
    assert same.sum() == 79
    off = (ours - rows["adjusted_health_gain"])[same]
    assert abs(off.mean()) < 0.0025
    assert (off - off.mean()).abs().max() < 0.0002


def test_counts_outside_the_limits(primary: pd.DataFrame) -> None:
    found, _ = _ours(primary)
    assert sum(found.judged) == 272
    outside = [sum(map(abs, sides)) for sides in (found.outside998, found.wide998)]
    assert outside == [10, 5]


def test_published_flags(published: pd.DataFrame) -> None:
    z = (published["adjusted_health_gain"] - published["national_average_gain"]) / (
        published["national_sd"] / np.sqrt(published["modelled_records"])
    )
    sides = [tuple(int(z > limit) - int(z < -limit) for limit in (Z95, Z998)) for z in z]
    agreed = [side == FLAGS[flag] for side, flag in zip(sides, published["outlier_2018_19"], strict=True)]
    assert len(agreed) > 1000
    assert np.mean(agreed) >= 0.998


def test_81_columns_are_four_questions_and_the_total_is_the_oxford_knee_score(primary: pd.DataFrame) -> None:
    name = "nhs_knee_2018.csv.gz"
    found = propose_bytes((FOLDER / name).read_bytes(), name)
    assert [q.code for q in found.questions] == ["items", "direction", "answers", "code_or_no"]
    total = found.questions[0]
    assert "in 89,898 of 89,898 rows" in total.why  # 45,052 before and 44,846 after, as the file's readme counts them
    named = found.with_answer(total.key, "oks")
    scores = {c.name: named.profiles[c.name].row_values() for c in named.columns if c.target == "oks"}
    assert list(scores) == [BEFORE, AFTER]
    rows = primary.index
    assert np.nanmean(scores[AFTER][rows]) == pytest.approx(primary[AFTER].mean())
