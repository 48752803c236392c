"""Answers and expected scores of 22 instruments from public test suites, and the official Oxford totals of the NHS.

Sources: awell-health/awell-score @ c37843e (MIT), lbraglia/QScoring @ 4357f2a (GPL-3; its printed numbers only).
The expected scores are compared to the decimals they are printed with; ours are not rounded.
"""

from __future__ import annotations

import csv
import json
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.catalog.scoring import questionnaires, score

HERE = Path(__file__).parent
KEYS = {
    "ODI": "odi", "NDI": "ndi", "OHS": "ohs", "OKS": "oks", "KOOS": "koos", "HOOS": "hoos", "KOOS-PS": "koos_ps",
    "HOOS-PS": "hoos_ps", "QuickDASH": "quickdash", "COMI-back": "comi", "COMI-neck": "comi_neck", "HADS": "hads",
    "PHQ-9": "phq9", "PCS": "pcs_catastrophizing", "FJS-12-knee": "fjs12", "FJS-12-hip": "fjs12", "WOMAC": "womac",
    "TSK-17": "tsk17", "PROMIS-10": "promis10", "SF-12": "sf12", "SF-36 (RAND scoring)": "rand36",
    "SF-36 (MOS v1)": "sf36",
}  # fmt: skip

with (HERE / "scoring_golden_handed.csv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file))


def _answers(key: str, items: str) -> np.ndarray:
    given = json.loads(items)
    rules = questionnaires()[key]
    values = [given[name] for name in rules.items] if isinstance(given, dict) else given
    return np.array([[np.nan if v is None else float(v) for v in values]])


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['instrument']}-{c['case']}")
def test_every_case(case: dict[str, str]) -> None:
    key = KEYS[case["instrument"]]
    scored = score(key, _answers(key, case["items"]))
    for name, expected in json.loads(case["expected"]).items():
        value = scored[name].values[0]
        if expected is None:
            assert np.isnan(value), name
            continue
        # the sources print from none to five decimals, half up; a half away is as far as a printed number can be
        decimals = len(str(expected).partition(".")[2]) if str(expected).partition(".")[2] != "0" else 0
        assert abs(value - expected) <= 0.5 * 10.0**-decimals + 1e-9, (name, value)


def test_all_cases_are_there() -> None:
    assert len(CASES) == 103
    assert {c["instrument"] for c in CASES} == set(KEYS)


def test_speed_of_41280_forms() -> None:
    answers = np.random.default_rng(1).integers(0, 5, size=(41_280, 12)).astype(float)
    score("oks", answers[:10])
    start = time.perf_counter()
    score("oks", answers)
    assert time.perf_counter() - start < 0.3


def _nhs() -> pd.DataFrame:
    folder = os.environ.get("COHORTLENS_PUBLIC_DATA")
    file = Path(folder).parent / "nhs_knee" / "nhs_knee_2018.csv.gz" if folder else None
    if file is None or not file.exists():
        pytest.skip("the NHS knee file is not here")
    return pd.read_csv(file, dtype=str)


@pytest.mark.parametrize(("prefix", "forms"), [("Pre-Op Q", 45_052), ("Post-Op Q", 44_846)])
def test_the_official_oxford_totals_of_the_nhs(prefix: str, forms: int) -> None:
    table = _nhs()
    names = [c for c in table.columns if c.startswith(f"Knee Replacement {prefix} ")]
    *items, total = names  # twelve answers, then the total
    assert total.endswith("Score")
    codes = table[items].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float, copy=True)
    official = pd.to_numeric(table[total], errors="coerce").to_numpy()
    codes[codes == 9] = np.nan
    has = ~np.isnan(official)
    assert int(has.sum()) == forms
    assert int((score("oks", codes)["oks"].values[has] == official[has]).sum()) == forms
