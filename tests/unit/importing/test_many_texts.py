"""Columns with thousands of different texts are read at once where nothing is to decide: with the same result."""

from __future__ import annotations

import random

import numpy as np
import pytest

from lib.importing.checks.rows import SUMMARY_OF, _may_say_summary
from lib.importing.columns.dates import read_days
from lib.importing.columns.numbers import LARGE, read_numbers
from lib.importing.files.worker import parse_file

IDS = [f"P{i:06d}" for i in range(LARGE)]
MADE_OF = "019.,-+/: '%eEpPaA\u00a0*é"


def _one_by_one(levels: list[str], decimal: str) -> tuple[np.ndarray, list[str], list[str], list[str]]:
    """What short lists of texts give, which are never read at once."""
    pieces = [read_numbers(levels[at : at + 500], decimal) for at in range(0, len(levels), 500)]
    return (
        np.concatenate([p.values for p in pieces]),
        [t for p in pieces for t in p.not_numbers],
        [t for p in pieces for t in p.missing_words],
        [t for p in pieces for t in p.open_to_two],
    )


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize(
    "more",
    [
        [],
        ["", "  "],
        ["NA", " n/a ", "Not Done", "fehlt", "*"],
        ["not\u00a0done", "José", "Zoë-Amélie"],
        ["1,234", "12"],
        ["1E3", "2e5", "3-4", "7-8"],
        ["\u22125", "5 %", "'7"],
    ],
)
def test_ids_with_anything_among_them_are_read_as_in_a_short_column(more: list[str], decimal: str) -> None:
    for levels in ([*IDS, *more], [*more, *IDS]):
        read = read_numbers(levels, decimal)
        values, words, missing, unsure = _one_by_one(levels, decimal)
        np.testing.assert_array_equal(read.values, values)
        assert (list(read.not_numbers), list(read.missing_words), list(read.open_to_two)) == (words, missing, unsure)


def test_random_texts_are_read_as_in_a_short_column() -> None:
    rng = random.Random(4)
    for _ in range(30):
        some = ["".join(rng.choices(MADE_OF, k=rng.randint(0, 6))) for _ in range(rng.choice([0, 1, 5, 400]))]
        levels = list(dict.fromkeys([*IDS, *some]))
        rng.shuffle(levels)
        read = read_numbers(levels)
        values, words, missing, unsure = _one_by_one(levels, ".")
        np.testing.assert_array_equal(read.values, values)
        assert (list(read.not_numbers), list(read.missing_words), list(read.open_to_two)) == (words, missing, unsure)


@pytest.mark.parametrize(
    "more",
    [
        [],
        [""],
        ["2020-02-30"],
        ["0020-01-01", "9999-01-01"],
        ["03/04/2020"],
        ["31-12-2020", "n/a", "unknown"],
        ["2020-1-2", "2020-01-02 10:00"],
        ["2020-01-022020-01-03", "2020-01-02\n"],
    ],
)
@pytest.mark.parametrize("day_first", [None, True, False])
def test_days_are_read_as_in_a_short_column(more: list[str], day_first: bool | None) -> None:
    days = (np.datetime64("2013-01-01") + np.arange(LARGE)).astype(str).tolist()
    read = read_days([*days, *more], day_first)
    first, rest = read_days(days[:500], day_first), read_days([*days[500:1000], *more], day_first)
    np.testing.assert_array_equal(read.days[:500], first.days)
    np.testing.assert_array_equal(read.days[LARGE:], rest.days[500:])
    assert (read.not_dates, read.two_digit_years) == (rest.not_dates, rest.two_digit_years)
    assert read.day_first == rest.day_first


@pytest.mark.parametrize(
    "said", ["Total", "Subtotal Zwolle", "total 12", "Gemiddelde", "mean: 4", "1 mean", "P1\nmean"]
)
def test_a_summary_among_thousands_of_ids_is_seen(said: str) -> None:
    text = "id;vas pre\n" + "".join(f'"{t}";5\n' for t in [*IDS, said])
    column = parse_file(text.encode(), "x.csv").sheet().column("id")
    if any(SUMMARY_OF.match(t) for t in column.stripped):
        assert _may_say_summary(column)
    plain = parse_file(("id;vas pre\n" + "".join(f"{t};5\n" for t in IDS)).encode(), "x.csv").sheet().column("id")
    assert not _may_say_summary(plain)
