"""Text → what is known of each patient: categories in a sensible order, numbers, dates, an age from a birth date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.catalog import answers
from lib.catalog.answers import normalise
from lib.cohort.cohort import Category, Dates, Number
from lib.importing.columns.dates import NAT
from lib.importing.columns.lexicon import meanings
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
GRADES = (
    ("none", "geen", "keine", "no"),
    ("mild", "light", "licht", "leicht", "minor", "low", "laag", "niedrig"),
    ("moderate", "matig", "massig", "maessig", "mittel", "medium", "middel"),
    ("severe", "ernstig", "schwer", "major", "high", "hoog", "hoch"),
    ("very severe", "life threatening", "levensbedreigend", "lebensbedrohlich"),
    ("death", "fatal", "dood", "overlijden", "tod"),
)
LAST = frozenset(
    (
        "unknown", "onbekend", "unbekannt", "inconnu", "other", "overig", "overige", "anders", "sonstige", "sonstiges",
        "andere", "autre", "niet bekend", "not known", "unclear", "onduidelijk", "other unknown",
    )
)  # fmt: skip
YES_NO_KEYS_OF_CODES = frozenset({"group", "center", "sex", "side", "asa", "etiology", "surgeon", "surgery_type"})
BARE = frozenset({"0", "1"})
YOUNGEST_OTHER = 12


def category(guess: ColumnGuess, profile: Profile) -> Category:
    """A category column; blank cells are −1. Two texts that differ only by spaces around them are one label."""
    texts, yes_no = _labels(guess, profile)
    counts: dict[str, int] = {}
    for level, count in zip(profile.column.levels, profile.counts.tolist(), strict=True):
        if count and level.strip():
            counts[texts[level]] = counts.get(texts[level], 0) + count
    labels, ordered = _in_order(counts, yes_no)
    meaning = meanings().get(guess.target)
    position = {label: i for i, label in enumerate(labels)}
    lookup = np.array([position.get(texts.get(level, ""), -1) for level in profile.column.levels], dtype=np.int32)
    codes = lookup[profile.column.codes] if len(lookup) else np.full(len(profile.column), -1, dtype=np.int32)
    return Category(
        key=guess.target,
        label=guess.label,
        labels=labels,
        codes=codes.astype(np.int32),
        role=guess.target if meaning else None,
        ordered=ordered or bool(meaning and meaning.ordered),
    )


def _labels(guess: ColumnGuess, profile: Profile) -> tuple[dict[str, str], bool]:
    """Text in the file → label: the format's own value label, Yes and No for 0/1 and TRUE/FALSE, else the text."""
    labels = profile.column.labels
    texts = {level: " ".join(labels.get(level, level).split()) for level in profile.column.levels if level.strip()}
    known = [answers.yes_no(t) for t in texts.values() if not answers.is_non_answer(t)]
    yes_no = bool(known) and None not in known
    if yes_no and not labels and guess.target not in YES_NO_KEYS_OF_CODES:
        for level, text in texts.items():
            if normalise(text) in (*BARE, "true", "false", "checked", "unchecked"):
                texts[level] = "Yes" if answers.yes_no(text) else "No"
    return texts, yes_no


def _in_order(counts: Mapping[str, int], yes_no: bool) -> tuple[tuple[str, ...], bool]:
    """Labels in their own order if they have one (I < II, mild < severe, 1 < 2, No < Yes), else the commonest first."""
    names = list(counts)
    for key in (_roman, _grade, _leading_number):
        places = {name: key(name) for name in names}
        if len(names) > 1 and all(p is not None for p in places.values()) and len(set(places.values())) == len(names):
            return tuple(sorted(names, key=lambda n: places[n] or 0.0)), True
    if yes_no:
        return tuple(sorted(names, key=lambda n: bool(answers.yes_no(n)))), False
    scale = answers.recognise(names) if 2 < len(names) <= 12 else None
    if scale is not None and scale.kind != "yes/no":
        places_of = dict(scale.codes)
        return tuple(sorted(names, key=lambda n: places_of.get(n, len(places_of)))), True
    return tuple(sorted(names, key=lambda n: (normalise(n) in LAST, -counts[n], names.index(n)))), False


def _roman(name: str) -> float | None:
    return ROMAN.get(normalise(name).removeprefix("asa ").removeprefix("grade ").removeprefix("klasse "))


def _grade(name: str) -> float | None:
    plain = normalise(name)
    return next((float(i) for i, words in enumerate(GRADES) if plain in words), None)


def _leading_number(name: str) -> float | None:
    found = re.match(r"\s*[<>≥≤]?\s*(-?\d+(?:[.,]\d+)?)", name)
    return float(found.group(1).replace(",", ".")) if found else None


def age_zero(profile: Profile) -> bool:
    """Whether 0 in a column of ages stands for an empty field: everybody else is at least a schoolchild."""
    values = profile.values
    return len(values) > 2 and values[0] == 0 and values[1] >= YOUNGEST_OTHER


def number(guess: ColumnGuess, profile: Profile) -> Number:
    """A number column; blanks and what is no number are NaN."""
    meaning = meanings().get(guess.target)
    values = profile.row_values()
    if guess.target == "age" and age_zero(profile):
        values = np.where(values == 0, np.nan, values)
    return Number(
        key=guess.target,
        label=guess.label,
        values=values,
        unit=meaning.unit if meaning else "",
        resolution=Decimal(1).scaleb(-profile.numbers.decimals),
        role=guess.target if meaning else None,
    )


def days_of(profile: Profile) -> NDArray[np.datetime64]:
    """(n,) days; a column of Excel's day numbers is read as such, because somebody said that it holds dates."""
    days = profile.days_with_serials.days if profile.numeric > 0.5 else profile.days.days
    return days[profile.column.codes] if len(days) else np.full(len(profile.column), NAT)


YEARS_OF_BIRTH = (1880, 2030)
CENTURY = 1200


def only_years(profile: Profile) -> bool:
    """Whether a column of births holds years (1957) and no dates."""
    values = profile.values
    low, high = YEARS_OF_BIRTH
    return profile.numeric > 0.5 and profile.whole and bool(low <= values[0] and values[-1] <= high)


def births_of(profile: Profile, surgery: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """(n,) days of birth. A year alone stands for its first of July; of two digits a year after the surgery is of the
    century before ("12-05-30" is 1930).
    """
    if only_years(profile):
        years = profile.row_values()
        known = ~np.isnan(years)
        days: NDArray[np.datetime64] = np.full(len(years), NAT)
        days[known] = ((years[known].astype(np.int64) - 1970) * 12 + 6).astype("datetime64[M]").astype("datetime64[D]")
        return days
    days = days_of(profile)
    if profile.days.two_digit_years:
        later = days > surgery
        months = days.astype("datetime64[M]")
        before = (months - CENTURY).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
        days = np.where(later, before, days)
    return days


def dates(guess: ColumnGuess, profile: Profile) -> Dates:
    """A date column."""
    key = (
        f"{guess.target}_{guess.time_point}" if guess.target == "follow_up_date" and guess.time_point else guess.target
    )
    return Dates(key, guess.label, days_of(profile), guess.target if guess.target in meanings() else None)


def age_at(birth: NDArray[np.datetime64], surgery: NDArray[np.datetime64], label: str = "Age") -> Number:
    """Age in completed years on the day of surgery, as on a birthday; NaN where a date is missing or it is negative."""
    born_year, born_rest = _year_and_rest(birth)
    year, rest = _year_and_rest(surgery)
    years = (year - born_year - (rest < born_rest)).astype(np.float64)
    years[np.isnat(birth) | np.isnat(surgery) | (years < 0)] = np.nan
    return Number("age", label, years, "years", Decimal(1), "age")


def _year_and_rest(days: NDArray[np.datetime64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Calendar year, and month · 32 + day of month."""
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    month = (months - years).astype(np.int64)
    day = (days - months).astype(np.int64)
    return years.astype(np.int64) + 1970, month * 32 + day
