"""Instruments, thresholds, EQ-5D value sets and benchmarks: facts with their references.

- `instruments`: the catalogue (names, range, direction, words by which a column is recognised), places of pain.
- `thresholds`: MCID and PASS, on the scale of the file.   `benchmarks`: published figures, likewise.
- `eq5d`: states and index.   `value_sets`: the published sets: 44 of 3L, 49 and 13 crosswalks of 5L, 13 of Y-3L.
- `scoring`: scores from the answers to a questionnaire, each by its own rule.
- `answers`: ordered answer scales.   `statements`: what is asked after surgery.   `norms`: reference populations.
- `spreadsheet`: text that no spreadsheet takes for a formula.

The facts themselves are in `data/`: csv and toml files, one row or record each, with references.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from importlib.resources import files


def data_rows(name: str) -> list[dict[str, str]]:
    """The rows of one table of `data/`, by heading."""
    text = files("lib.catalog").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def decimal_or_none(text: str) -> Decimal | None:
    """The number exactly as written; None for an empty cell."""
    return Decimal(text) if text else None
