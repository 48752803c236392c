"""Text → number, day, time point. Expected values by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.columns.dates import order_of, read_day, read_days
from lib.importing.columns.numbers import is_missing_word, marks, read_number, read_numbers
from lib.importing.columns.timepoints import in_order, split_names, time_point_of_key, time_point_of_text


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("7,5", 7.5, 1),
        ("7.5", 7.5, 1),
        ("7", 7, 0),
        ("-3", -3, 0),
        ("−3,25", -3.25, 2),
        (" 7 ", 7, 0),
        ("7.50", 7.5, 1),
        ("0,123", 0.123, 3),
        ("0.123", 0.123, 3),
        (",5", 0.5, 1),
        (".5", 0.5, 1),
        ("1.234,5", 1234.5, 1),
        ("1,234.5", 1234.5, 1),
        ("1 234,5", 1234.5, 1),
        ("1\u202f234", 1234, 0),
        ("1'234.5", 1234.5, 1),
        ("1.234.567", 1234567, 0),
        ("1,234,567", 1234567, 0),
        ("45%", 45, 0),
        ("'12", 12, 0),
        ("1e3", 1000, 0),
        ("1,5E2", 150, 0),
        ("12,3456", 12.3456, 4),
        ("15.33333", 15.33333, 5),
        ("- 5", -5, 0),
    ],
)
def test_a_number_is_read_as_it_is_meant(text: str, value: float, decimals: int) -> None:
    for decimal in (".", ","):
        read = read_number(text, decimal)
        assert read is not None
        assert (read.value, read.decimals, read.open_to_two) == (value, decimals, False)


@pytest.mark.parametrize(
    "text", ["", "pain", "7-8", "7/10", "7,5,3", "1.23.456", "1 23", "nan", "inf", "0x10", "1_000", "< 5", "--", "½"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_only_three_digits_behind_one_mark_are_open_to_two_readings() -> None:
    for text, with_point, with_comma in (
        ("1,234", 1234.0, 1.234),
        ("1.234", 1.234, 1234.0),
        ("12.345", 12.345, 12345.0),
    ):
        point, comma = read_number(text, "."), read_number(text, ",")
        assert point is not None
        assert comma is not None
        assert (point.value, comma.value) == (with_point, with_comma)
        assert point.open_to_two
        assert comma.open_to_two
    sure = read_number("1.234", ",", point_is_decimal=True)
    assert sure is not None
    assert (sure.value, sure.open_to_two) == (1.234, False)


@given(st.integers(-(10**7), 10**7), st.integers(0, 6), st.sampled_from([".", ","]), st.booleans())
def test_any_decimal_comes_back_from_its_text(count: int, decimals: int, mark: str, grouped: bool) -> None:
    value = count / 10**decimals
    text = f"{value:{',' if grouped else ''}.{decimals}f}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    read = read_number(text, mark)
    assert read is not None
    assert read.value == pytest.approx(value, rel=1e-12, abs=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(0, 4))
def test_many_numbers_at_once_are_the_same_as_one_by_one(seed: int, decimals: int) -> None:
    rng = np.random.default_rng(seed)
    levels = [*dict.fromkeys(f"{v:.{decimals}f}" for v in rng.uniform(-1e6, 1e6, 2_200)), ""]
    many, few = read_numbers(levels), read_numbers(levels[:1500])
    np.testing.assert_array_equal(many.values[:1500], few.values)
    assert np.isnan(many.values[-1])
    assert many.decimals >= few.decimals


def test_numbers_of_a_column_tell_what_is_none() -> None:
    read = read_numbers(["7,5", "", "n/a", "zeven", "*", "3"], ",")
    np.testing.assert_array_equal(read.values, [7.5, np.nan, np.nan, np.nan, np.nan, 3])
    assert (read.not_numbers, read.missing_words, read.decimals) == (("zeven",), ("n/a", "*"), 1)
    assert not read_numbers([]).any


def test_marks_count_the_evidence() -> None:
    found = marks(["7,5", "1.234", "3.25", "12", "1.234,5", "x"])
    assert (found.comma, found.point, found.open_to_two) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("NA", True),
        ("n/a", True),
        ("*", True),
        (".", True),
        ("Unknown", False),
        ("onbekend", False),
        ("none", False),
        ("0", False),
    ],
)
def test_unknown_is_an_answer_and_not_a_missing_word(text: str, missing: bool) -> None:
    assert is_missing_word(text) is missing


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-14",
        "14-03-2020",
        "14/03/2020",
        "14.03.2020",
        "14-3-20",
        "2020/3/14",
        "14 maart 2020",
        "14-mrt-2020",
        "14. März 2020",
        "14 Mar 2020",
        "March 14, 2020",
        "20200314",
        "2020-03-14 10:30",
        "14-03-2020 10:30:00",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert read_day(text) == dt.date(2020, 3, 14)


@pytest.mark.parametrize("text", ["", "2020-13-01", "31-02-2020", "pain", "7.5", "12", "1234", "43904"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_day_numbers_of_excel_only_where_days_are_expected() -> None:
    assert read_day("43904", serials=True) == dt.date(2020, 3, 14)


def test_the_column_tells_the_day_from_the_month() -> None:
    assert order_of(["03/04/2020", "13/04/2020"]) is True
    assert order_of(["03/04/2020", "04/13/2020"]) is False
    assert order_of(["03/04/2020", "05/06/2020"]) is None
    assert order_of(["03-04-2020"]) is True
    american = read_days(["04/13/2020", "03/04/2020"])
    assert american.days.tolist() == [dt.date(2020, 4, 13), dt.date(2020, 3, 4)]
    assert read_days(["03/04/2020"], day_first=False).days.tolist() == [dt.date(2020, 3, 4)]


@pytest.mark.parametrize(
    ("names", "stem", "keys"),
    [
        (("vas_pain_pre", "vas_pain_12m"), "vas pain", ("baseline", "12m")),
        (("VASpre", "VASpost"), "vas", ("baseline", "follow_up")),
        (("Prewt", "Postwt"), "wt", ("baseline", "follow_up")),
        (("vaspre", "vas12m"), "vas", ("baseline", "12m")),
        (("vas_voor", "vas_na"), "vas", ("baseline", "follow_up")),
        (("VAS pijn (12 maanden)", "VAS pijn 6 weken"), "vas pijn", ("12m", "6w")),
        (("T0_ODI", "T3_ODI", "T12_ODI"), "odi", ("baseline", "3m", "12m")),
        (("t0_x", "t1_x", "t2_x"), "x", ("baseline", "t1", "t2")),
        (("odi_0", "odi_3", "odi_12"), "odi", ("baseline", "3m", "12m")),
        (("EQ VAS vor OP", "EQ VAS 2 Jahre nach OP"), "eq vas", ("baseline", "24m")),
        (("Preoperative VAS", "VAS after 1 year"), "vas", ("baseline", "12m")),
        (("ODI baseline", "ODI follow-up"), "odi", ("baseline", "follow_up")),
    ],
)
def test_time_points_in_names(names: tuple[str, ...], stem: str, keys: tuple[str, ...]) -> None:
    found = split_names(names)
    assert [t.stem for t in found] == [stem] * len(names)
    assert tuple(t.time_point.key if t.time_point else "" for t in found) == keys


@pytest.mark.parametrize(
    "name", ["age", "center", "prior_spinal_fusion", "postpartum", "implants", "item_7", "gym___3", "presence"]
)
def test_names_without_a_time_point_keep_none(name: str) -> None:
    assert split_names([name, "another"])[0].time_point is None


def test_time_points_of_a_long_file() -> None:
    wanted = {
        "12 maanden": "12m",
        "Baseline": "baseline",
        "visit_1_arm_1": "t1",
        "month_3_arm_1": "3m",
        "1 year": "12m",
        "enrollment_arm_1": "baseline",
        "6 weken": "6w",
    }
    for text, key in wanted.items():
        found = time_point_of_text(text)
        assert found is not None, text
        assert found.key == key
    assert time_point_of_text("dose_1_arm_1") is None


def test_time_points_are_ordered_and_come_back_from_their_keys() -> None:
    keys = ["follow_up", "24m", "baseline", "6w", "t2", "12m", "t1"]
    assert [o.key for o in in_order([time_point_of_key(k) for k in keys])] == [
        "baseline",
        "6w",
        "12m",
        "24m",
        "t1",
        "t2",
        "follow_up",
    ]
    assert time_point_of_key("12m").label == "12 months"
    assert time_point_of_key("6w").months == pytest.approx(6 * 7 / 30.4375)
    assert time_point_of_key("final_visit").label == "Final visit"
