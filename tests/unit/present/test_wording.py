"""Numbers as people read them: by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lib.cohort.cohort import Provenance
from lib.cohort.design import FileCheck, Found
from lib.present import wording
from lib.present.tables.data_check import still_open
from lib.stats.results import Interval, NotComputed, Test


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.862, 2, "2.86"),
        (-2.862, 2, "−2.86"),
        (-0.001, 2, "0.00"),
        (0.125, 2, "0.13"),  # half up on the number as written
        (Decimal("0.0745"), 3, "0.075"),
        (12345.6, 0, "12\u2009346"),
        (999.5, 0, "1000"),
    ],
)
def test_numbers(value: float, decimals: int, text: str) -> None:
    assert wording.number(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), [(2.5, "+2.50"), (-2.5, "−2.50"), (0.0, "0.00"), (0.001, "0.00")])
def test_a_change_shows_its_sign(value: float, text: str) -> None:
    assert wording.signed(value, 2) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0004, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0703125, "p = 0.070"),
        (0.9991, "p > 0.999"),
        (0.999, "p = 0.999"),
    ],
)
def test_p_values(p: float, text: str) -> None:
    assert wording.plain_spaces(wording.p_value(p)) == text
    assert " " not in wording.p_value(p)


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [(20, 29, "20 of 29 (69.0%)"), (1, 8, "1 of 8"), (1, 16, "1 of 16 (6.3%)"), (0, 12, "0 of 12 (0.0%)")],
)
def test_shares_never_without_n_and_no_percent_below_ten(count: int, n: int, text: str) -> None:
    assert wording.share(count, n) == text


def test_a_share_of_patients_is_singular_for_one_and_set_apart_from_ten_thousand() -> None:
    assert wording.share(20, 29, "patient") == "20 of 29 patients (69.0%)"
    assert wording.share(1, 1, "patient") == "1 of 1 patient"
    assert wording.share(667, 12345) == "667 of 12\u2009345 (5.4%)"


@pytest.mark.parametrize(
    ("name", "inside", "when"),
    [
        ("Before surgery", "before surgery", "before surgery"),
        ("12 months", "12 months", "at 12 months"),
        ("Baseline", "baseline", "at baseline"),
        ("T0", "T0", "at T0"),
        ("FU 12 m", "FU 12 m", "at FU 12 m"),
        ("Vor OP", "vor OP", "at vor OP"),
        ("", "", "at "),
    ],
)
def test_a_name_of_the_file_inside_a_sentence_keeps_its_abbreviations(name: str, inside: str, when: str) -> None:
    assert wording.inside(name) == inside
    assert wording.at_time(name) == when


def test_a_tick_of_improvement_shows_its_sign() -> None:
    assert [wording.signed_tick(v) for v in (-2.0, 0.0, 0.5, 10.0)] == ["−2", "0", "+0.5", "+10"]


def test_percent_rounds_half_up_from_the_exact_fraction() -> None:
    # 1/16 = 6.25 %: a float rounds to 6.2
    assert wording.percent(1, 16) == "6.3%"
    assert wording.percent(2, 3, 0) == "67%"


def test_thresholds_keep_their_own_decimals() -> None:
    assert [wording.compact(Decimal(x)) for x in ("2.0", "0.074", "20", "-7.50")] == ["2", "0.074", "20", "−7.5"]


def test_intervals_use_to_and_say_why_there_is_none() -> None:
    ci = Interval(-3.98, -1.75, 0.95, "t")
    assert wording.plain_spaces(wording.interval_with_level(ci, 2, sign=True)) == "95% CI −3.98 to −1.75"
    assert wording.interval_with_level(NotComputed("2 pairs; at least 3 are needed", 2), 2).startswith("no CI: 2 pairs")
    assert wording.plain_spaces(wording.percent_interval(Interval(0.508, 0.827, 0.99, "Wilson"))) == (
        "99% CI 50.8 to 82.7%"
    )


def test_a_test_in_words() -> None:
    found = Test("paired t test", "t", -5.2486, (28.0,), 1.4e-5, "t", 29)
    assert wording.plain_spaces(wording.result_of_test(found)) == "t = −5.25, df = 28, p < 0.001"
    assert wording.result_of_test(NotComputed("no patients", 0)) == "not computed: no patients"


def test_lists_and_plurals() -> None:
    assert wording.joined(["a"]) == "a"
    assert wording.joined(["a", "b", "c"], "or") == "a, b or c"
    assert (wording.plural(1, "patient"), wording.plural(0, "patient")) == ("1 patient", "0 patients")


def test_an_open_error_and_a_guess_follow_about_whom() -> None:
    seen = (Found("a", "error", "", "", 1, (), "open"), Found("b", "error", "", "", 1, (), "agreed"))
    given = Provenance("x.csv", "", "", checked=FileCheck("", 3, 2, seen, ()), guesses=("Which end is better?",))
    assert still_open(given) == " · 1 error of the file open · 1 question guessed"
    assert still_open(Provenance("x.csv", "", "")) == ""
