"""Every EQ-5D-5L and Y-3L set against the R package eq5d (make_eq5d.R; R 4.2.2), which defines the extra terms."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lib.catalog.eq5d import index_table
from lib.catalog.value_sets import sets_of

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "lib" / "catalog" / "data" / "eq5d5l_y3l_references.csv"


@pytest.mark.parametrize(("version", "name", "size"), [("5L", "eq5d5l.csv", 49), ("Y-3L", "eq5dy3l.csv", 13)])
def test_every_set_equals_r(version: str, name: str, size: int) -> None:
    rows = list(csv.DictReader((HERE / name).read_text("utf-8").splitlines()))
    columns = {
        r["key"]: r["column"]
        for r in csv.DictReader(DATA.read_text("utf-8").splitlines())
        if r["version"] == version and r["method"] != "crosswalk"
    }
    assert len(columns) == size
    assert set(columns) <= set(sets_of(version))
    for key, column in columns.items():
        table = index_table(key)
        for row in rows:
            a, b, c, d, e = map(int, row["state"])
            assert float(table[a, b, c, d, e]) == pytest.approx(float(row[column]), abs=1.01e-6), (key, row["state"])
