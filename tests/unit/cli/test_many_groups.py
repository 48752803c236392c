"""`--compare` by 233 centers: one table, no pair, in seconds; and its record computes again."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import pytest

from lib.__main__ import main

CENTERS = 233


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.Generator(np.random.PCG64(1))
    path = tmp_path_factory.mktemp("many") / "many.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["patient_id", "center", "age", "sex", "ODI_pre", "ODI_12m"])
        for k in range(5000):
            before = int(rng.integers(20, 90))
            after = max(0, before - int(rng.normal(20, 10)))
            writer.writerow(
                [f"P{k}", f"Clinic {rng.integers(CENTERS):03}", rng.integers(30, 80), "FM"[k % 2], before, after]
            )
    return path


def test_compare_prints_one_table(file: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    started = time.perf_counter()
    assert main([str(file), "--compare", "center", "--record", str(tmp_path / "record.json")]) == 0
    text = capsys.readouterr().out
    assert time.perf_counter() - started < 60
    _, _, table = text.partition("ODI by center: ")  # before it a page of 50 as on screen, and Table 1
    assert sum(line.startswith("Clinic ") for line in table.splitlines()) == CENTERS
    assert len(text.splitlines()) < 2 * CENTERS + 120, "Table 1 names every center once, the comparison once more"
    assert "lie within the 99.8% limits" in text
    assert " − Clinic" not in text
    assert main([str(file), "--reproduce", str(tmp_path / "record.json")]) == 0
    assert "match" in capsys.readouterr().out
