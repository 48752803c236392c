"""Every index of 5L, the crosswalk and Y-3L that the R package eq5d tests itself with, to its printed decimals.

Source: fragla/eq5d @ bfdc7ca (MIT), its test files. `eq5d5l_golden_exceptions.csv`: rows whose expected value differs
from the sum of the published coefficients by a rounding step; the source itself allows 0.0011 there.
"""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest

from lib.catalog import eq5d
from lib.catalog.value_sets import SETS_OF_5L_AND_Y, exact_indices, sets_of, value_set

HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(version: str, column: str) -> str:
    wanted = "Y-3L" if version == "Y3L" else "5L"
    found = [
        key
        for key, chosen in SETS_OF_5L_AND_Y.items()
        if (chosen.version, chosen.method == "crosswalk", chosen.column) == (wanted, version == "CW", column)
    ]
    assert len(found) == 1, (version, column)
    return found[0]


ROWS = _rows("eq5d5l_golden_handed.csv")
EXCEPTIONS = {(r["version"], r["value_set"], r["state"]) for r in _rows("eq5d5l_golden_exceptions.csv")}


def test_the_golden_file_is_whole() -> None:
    assert len(ROWS) == 249
    assert len(EXCEPTIONS) == 14


@pytest.mark.parametrize("version", ["5L", "CW", "Y3L"])
def test_every_index_equals_the_published_one(version: str) -> None:
    checked = 0
    for row in (r for r in ROWS if r["version"] == version):
        state = tuple(int(level) for level in row["state"])
        index = eq5d.index_table(_key(version, row["value_set"]))[state]
        expected = Decimal(row["value"])
        if (version, row["value_set"], row["state"]) in EXCEPTIONS:
            assert abs(index - expected) <= Decimal("0.0011"), row
        else:
            assert index.quantize(Decimal("0.001"), ROUND_HALF_UP) == expected, row
        checked += 1
    assert checked == {"5L": 171, "CW": 42, "Y3L": 36}[version]


def test_there_are_49_sets_of_5l_13_crosswalks_and_13_of_y() -> None:
    crosswalks = [s for s in SETS_OF_5L_AND_Y.values() if s.method == "crosswalk"]
    assert (len(sets_of("5L")) - len(crosswalks), len(crosswalks), len(sets_of("Y-3L"))) == (49, 13, 13)
    assert len(sets_of("3L")) == 44


@pytest.mark.parametrize("key", SETS_OF_5L_AND_Y)
def test_a_set_names_version_and_year_and_its_source(key: str) -> None:
    chosen = value_set(key)
    assert key.startswith({"5L": ("5l_", "crosswalk_"), "Y-3L": ("y3l_",)}[chosen.version])
    assert key.endswith(f"_{chosen.year}")
    assert str(chosen.year) in chosen.label
    assert chosen.version in chosen.label or "crosswalk to 3L" in chosen.label
    assert chosen.citation is not None
    assert "doi 10." in chosen.citation


@pytest.mark.parametrize("key", SETS_OF_5L_AND_Y)
def test_scores_are_the_table_and_an_incomplete_state_has_none(key: str) -> None:
    levels = value_set(key).levels
    states = np.array(eq5d.states_with(levels), dtype=np.int8)
    counts, decimals = exact_indices(key)
    assert eq5d.score(states, key).tolist() == [float(i) for i in eq5d.index_table(key).values()]
    assert len(counts) == levels**5
    assert counts.max() == counts[0], "11111 is the best state"
    assert decimals <= 9
    odd = np.array([[1, 1, 0, 1, 1], [1, 1, levels + 1, 1, 1]], dtype=np.int8)
    assert np.isnan(eq5d.score(odd, key)).all()
