"""Repairs made without asking, because the cells can mean nothing else: they are listed with the others, and undone
by leaving them out of the saved columns.

"45 y" under a heading of ages; Excel's numbers for days and for parts of a day, and h:mm, under a heading that
says date or duration.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from lib.catalog.answers import normalise
from lib.importing.checks.base import Recognised, decimal_text
from lib.importing.columns.lexicon import fit_meaning
from lib.importing.columns.profile import Profile
from lib.importing.columns.timepoints import split_names
from lib.importing.findings import Repair

YEARS = re.compile(
    r"^(\d{1,3}(?:[.,]\d)?)\s*(?:y|yr|yrs|y\.?o\.?|years?(?: old)?|jaar|jr|j|jahre?|ans?)\.?$", re.IGNORECASE
)
DATE = re.compile(r"\b(?:date|datum|day of|dag van|dob|dofb)\b")
DURATION = re.compile(r"\b(?:duration|\w*duur|\w*dauer|length of (?:surgery|operation)|operat\w+ time|\w+tijd|duree)\b")
CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")
FIRST_DAY, LAST_DAY = 5_000, 80_000  # 1913 and 2119: a date of birth or of surgery
EXCEL_EPOCH = dt.date(1899, 12, 30)
MINUTES = 1440


def automatic(table: Recognised) -> Iterator[Repair]:
    """The repairs of this table."""
    names = table.sheet.names()
    for timed, name in zip(split_names(names), names, strict=True):
        profile, reads = table.profiles[name], (timed.stem, normalise(name))
        if not profile.filled or profile.column.labels:
            continue
        for made in (_years(reads, profile), _serial_days(reads, profile), _durations(reads, profile)):
            if made is not None:
                yield made


def _replace(profile: Profile, values: dict[str, str], sentence: str) -> Repair | None:
    return Repair("replace", (profile.column.name,), sentence, tuple(values.items())) if values else None


def _years(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """Ages with their unit."""
    fit = next((f for text in reads if (f := fit_meaning(text))), None)
    texts = profile.numbers.not_numbers
    if fit is None or fit.key != "age" or not texts:
        return None
    found = {t: match.group(1) for t in texts if (match := YEARS.match(t.strip()))}
    name = profile.column.name
    return _replace(
        profile, found, f'{name}: the unit after {len(found)} ages ("{next(iter(found), "")}") is taken off'
    )


def _serial_days(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """Excel's day numbers under a heading that says date."""
    values = profile.values
    if not any(DATE.search(text) for text in reads) or profile.numeric < 0.9 or not profile.whole:
        return None
    if values[0] < FIRST_DAY or values[-1] > LAST_DAY:
        return None
    found = {
        level: (EXCEL_EPOCH + dt.timedelta(days=int(value))).isoformat()
        for level, value, known in zip(
            profile.column.levels, profile.numbers.values, profile.numbers.is_number, strict=True
        )
        if known
    }
    return _replace(profile, found, f"{profile.column.name}: Excel's day numbers are written as dates")


def _durations(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """Parts of a day, and h:mm, under a heading that says duration: minutes."""
    if not any(DURATION.search(text) for text in reads):
        return None
    name = profile.column.name
    clocks = [CLOCK.match(t.strip()) for t in profile.levels]
    if all(clocks):
        minutes = {
            t: decimal_text(int(m[1]) * 60 + int(m[2]) + int(m[3] or 0) / 60)
            for t, m in zip(profile.levels, clocks, strict=True)
            if m
        }
        return _replace(profile, minutes, f'{name}: hours and minutes ("{profile.levels[0]}") are written as minutes')
    values = profile.values
    if profile.numeric < 1 or not len(values) or values[0] < 0 or values[-1] >= 1 or len(values) < 2:
        return None
    whole = values * MINUTES
    if abs(whole - whole.round()).max() > 0.01:
        return None
    days = {
        level: str(round(float(value) * MINUTES))
        for level, value, known in zip(
            profile.column.levels, profile.numbers.values, profile.numbers.is_number, strict=True
        )
        if known
    }
    return _replace(profile, days, f'{name}: parts of a day ("{profile.levels[0]}") are written as minutes')
