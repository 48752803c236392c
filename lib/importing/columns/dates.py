"""Text → day: ISO, day or month first, points, dashes, slashes, month names in four languages, Excel's day numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.catalog.answers import normalise
from lib.importing.columns.numbers import LARGE, SPACES, is_missing_word

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january januar janvier",
            "feb februari february februar fevrier fev",
            "mar mrt maart march marz maerz mars mrz",
            "apr april avril avr",
            "may mei mai",
            "jun juni june juin",
            "jul juli july juillet",
            "aug augustus august aout",
            "sep sept september septembre",
            "okt oct oktober october octobre",
            "nov november novembre",
            "dec dez december dezember decembre",
        ),
        start=1,
    )
    for name in names.split()
}
ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
NUMERIC = re.compile(r"^(\d{1,2})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{4}|\d{2})(?:[T ,].*)?$")
WORDED = re.compile(r"^(\d{1,2})[-./ ]*([a-z]{3,9})[-./ ]*(\d{4}|\d{2})(?:\s.*)?$")
MONTH_FIRST = re.compile(r"^([a-z]{3,9}) (\d{1,2}) (\d{4})(?:\s.*)?$")
COMPACT = re.compile(r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")
SERIAL = re.compile(r"^[1-6]\d{4}(?:\.\d+)?$")
EXCEL_EPOCH = dt.date(1899, 12, 30)
TWO_DIGIT_TURN = 30
FIRST_YEAR, LAST_YEAR = 1850, 2200
PLAIN_ISO = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}\n?)+")
NAT = np.datetime64("NaT", "D")
PLACEHOLDERS = frozenset(
    dt.date(*d) for d in ((1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1901, 1, 1), (2099, 12, 31), (2100, 1, 1))
)
"""What programs write where nobody entered a date: they are none."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The distinct texts of a column read as days, aligned to its levels.

    Attributes:
        days: datetime64[D] per level, NaT where it is blank or no date.
        not_dates: filled levels that are neither dates nor missing words.
        day_first: True, False, or None when every date could be read both ways (then the day is taken first).
        two_digit_years: whether any year had two digits.
    """

    days: NDArray[np.datetime64]
    not_dates: tuple[str, ...]
    day_first: bool | None
    two_digit_years: bool

    @property
    def any(self) -> bool:
        """Whether anything is a date."""
        return bool((~np.isnat(self.days)).any())


def read_days(levels: Sequence[str], day_first: bool | None = None, serials: bool = False) -> Days:
    """Every level as a day.

    Args:
        levels: distinct texts.
        day_first: how 03/04/2020 is taken; None lets the column decide (a 13 in one place settles it).
        serials: whether 43567 may be Excel's number of a day; only for a column that is known to hold dates.
    """
    plain = _iso_days(levels) if len(levels) >= LARGE else None
    if plain is not None:
        return Days(plain, (), day_first, two_digit_years=False)
    order = day_first if day_first is not None else order_of(levels)
    take_day_first = order is not False
    days = np.full(len(levels), NAT)
    wrong = []
    short = False
    for index, text in enumerate(levels):
        clean = text.translate(SPACES).strip()
        if not clean:
            continue
        day = read_day(clean, take_day_first, serials)
        if day is None or day in PLACEHOLDERS:
            if not is_missing_word(clean):
                wrong.append(text)
            continue
        short = short or _short_year(clean)
        days[index] = np.datetime64(day, "D")
    return Days(days, tuple(wrong), order, short)


def _short_year(text: str) -> bool:
    found = NUMERIC.match(text) or WORDED.match(normalise(text))
    return bool(found and len(found.group(3)) == 2)


def _iso_days(levels: Sequence[str]) -> NDArray[np.datetime64] | None:
    """Many days all written as 2020-03-04 at once; None when there is anything to decide or to refuse."""
    filled = [t for t in levels if t]
    if not PLAIN_ISO.fullmatch("\n".join(filled)):
        return None
    try:
        read = np.array(filled, dtype="datetime64[D]")
    except ValueError:
        return None
    if np.isin(read, np.array(sorted(PLACEHOLDERS), dtype="datetime64[D]")).any():
        return None
    if read.min() < np.datetime64(f"{FIRST_YEAR}-01-01") or read.max() > np.datetime64(f"{LAST_YEAR}-12-31"):
        return None
    days = np.full(len(levels), NAT)
    days[np.array(list(map(bool, levels)))] = read
    return days


def order_of(levels: Iterable[str]) -> bool | None:
    """Whether the day comes first in 03/04/2020: True, False, or None when no date tells (or there is none)."""
    first = second = slashes = others = 0
    for text in levels:
        found = NUMERIC.match(text.strip())
        if not found:
            continue
        first += int(found.group(1)) > 12
        second += int(found.group(2)) > 12
        slashes += "/" in text
        others += "/" not in text
    if first and not second:
        return True
    if second and not first:
        return False
    # dots and dashes are European; American dates have slashes
    return True if others and not slashes and not second else None


def read_day(text: str, day_first: bool = True, serials: bool = False) -> dt.date | None:
    """One date, or None. Two-digit years 00–30 are 2000–2030, the others 1931–1999."""
    if found := ISO.match(text):
        return _date(*(int(g) for g in found.groups()))
    if found := NUMERIC.match(text):
        a, b, year = (int(g) for g in found.groups())
        day, month = (a, b) if day_first else (b, a)
        return _date(_year(year), month, day)
    if COMPACT.match(text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if serials and SERIAL.match(text):
        return EXCEL_EPOCH + dt.timedelta(days=int(float(text)))
    if not any(c.isalpha() for c in text):
        return None
    words = normalise(text)
    if (found := WORDED.match(words)) and found.group(2) in MONTHS:
        return _date(_year(int(found.group(3))), MONTHS[found.group(2)], int(found.group(1)))
    if (found := MONTH_FIRST.match(words)) and found.group(1) in MONTHS:
        return _date(int(found.group(3)), MONTHS[found.group(1)], int(found.group(2)))
    return None


def _year(year: int) -> int:
    if year >= 100:
        return year
    return 2000 + year if year <= TWO_DIGIT_TURN else 1900 + year


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


EVENT_DATE = "event_date"
"""The target of a column of dates that says when the event of its row happened."""
_OF_EVENT = re.compile(
    r"(?:dat(?:e|um)_)?(?:(?:of|van|of_the)_)?(?:adverse_event|event|ae|complication|complicatie|komplikation|ereignis)"
    r"(?:_?dat(?:e|um))?"
)


def dates_an_event(name: str) -> bool:
    """Whether the name of a column of dates speaks of an event: "ae_date", "date of event"."""
    return bool(_OF_EVENT.fullmatch(normalise(name).replace(" ", "_")))
