"""Repairs made without asking, because the cells can mean nothing else: they are listed with the others, and undone
by leaving them out of the saved columns.

Rows that are no patients (a mean, a total, a note below the table); percent cells of a workbook; "45 y" under a heading
of ages; Excel's numbers for days and for parts of a day, and h:mm, under a heading that says date or duration.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lib.catalog.answers import is_non_answer, normalise
from lib.catalog.instruments import INSTRUMENTS
from lib.importing.checks import rows, scales
from lib.importing.checks.base import Recognised, decimal_text, every_row, in_rows
from lib.importing.columns.dates import read_day
from lib.importing.columns.lexicon import fit_instrument, fit_meaning, meanings
from lib.importing.columns.numbers import OUT_OF, is_missing_word, meant
from lib.importing.columns.patient_values import ROMAN
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import Role
from lib.importing.columns.timepoints import split_names
from lib.importing.event_words import unknown_event
from lib.importing.findings import Repair, quoted_list
from lib.importing.repairs import SEVERAL, choices_in

YEARS = re.compile(
    r"^(\d{1,3}(?:[.,]\d)?)\s*(?:y|yr|yrs|y\.?o\.?|years?(?: old)?|jaar|jr|j|jahre?|ans?)\.?$", re.IGNORECASE
)
DATE = re.compile(r"\b(?:date|datum|day of|dag van|dob|dofb)\b")
DURATION = re.compile(
    r"\b(?:duration|\w*duur|\w*dauer|length of (?:surgery|operation)|(?:operat\w+|op|or|surg\w+|theatre) time"
    r"|\w+tijd|op zeit|skin to skin|duree)\b"
)
CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")
_MINUTE, _HOUR = "m|mins?|minutes?|minuten", "h|u|uur|hrs?|hours?|std|stunden"
HOURS_AND_MINUTES = re.compile(rf"^(\d{{1,2}})\s?(?:{_HOUR})\.?\s?([0-5]?\d)\s?(?:{_MINUTE})?\.?$", re.IGNORECASE)
ONE_UNIT = re.compile(rf"^(\d{{1,3}}(?:[.,]\d{{1,2}})?)\s?({_MINUTE}|{_HOUR})\.?$", re.IGNORECASE)
LEAST_MINUTES = 10
FIRST_DAY, LAST_DAY = 5_000, 80_000  # 1913 and 2119: a date of birth or of surgery
EXCEL_EPOCH = dt.date(1899, 12, 30)
MINUTES = 1440
MOST_NO_PATIENTS = 0.4
MOST_GRADES = 12
GRADE = re.compile(
    r"^(?:(?:asa|grade|graad|grad|klasse|class|type|stage|stadium|kl|score)[ .:-]{0,2})?(i{1,3}|iv|vi?|[0-6])$",
    re.IGNORECASE,
)
MALE = frozenset(
    ("m", "man", "male", "mann", "mannlich", "men", "h", "homme", "masculin", "hombre", "masculino", "maschio", "uomo",
     "mr", "heer")
)  # fmt: skip
FEMALE = frozenset(
    ("f", "v", "w", "k", "vrouw", "female", "frau", "weiblich", "femme", "feminin", "mujer", "femenino", "femmina",
     "donna", "kvinne", "kvinna", "woman", "women", "mevrouw")
)  # fmt: skip
NO_ANSWER = frozenset(
    ("missing", "refused", "not asked", "unknown", "onbekend", "weigert", "geweigerd", "niet gevraagd", "verweigert",
     "unbekannt", "not answered", "niet beantwoord", "nicht beantwortet", "system missing", "lost to follow up")
)  # fmt: skip
LEAST_UNLABELLED = 3
NEITHER = frozenset(
    ("d", "x", "o", "divers", "other", "overig", "anders", "andere", "autre", "non binary", "nonbinair", "unknown",
     "onbekend", "unbekannt", "inconnu", "intersex", "inter", "u", "9", "99")
)  # fmt: skip
MOST_CHOICES, MOST_COMBINATIONS, LONGEST_CHOICE = 15, 400, 60
CODE = "code"
"""Names, among the values of a repair, the finding that it answers."""


def automatic(table: Recognised) -> Iterator[Repair]:
    """The repairs of this table."""
    yield from _no_patients(table)
    yield from _percent_cells(table)
    names = table.sheet.names()
    for timed, name in zip(split_names(names), names, strict=True):
        profile, reads = table.profiles[name], (timed.stem, normalise(name))
        if profile.filled and (labelled := _labelled_missing(profile)) is not None:
            yield labelled
        if not profile.filled or profile.column.labels:
            continue
        if (several := _several_answers(reads, profile)) is not None:
            yield several
            continue
        for made in (_sexes(reads, profile), _grades(profile), _units(reads, profile), _out_of(reads, profile)):
            if made is not None:
                yield made
        for made in (_years(reads, profile), _serial_days(reads, profile), _durations(reads, profile)):
            if made is not None:
                yield made


def _no_patients(table: Recognised) -> Iterator[Repair]:
    """Rows that stand where patients stand and are none."""
    second = next(iter(rows.second_table(table)), None)  # named as a whole
    remarks = rows.remarks(table) if second is None else np.zeros(table.sheet.n, dtype=bool)
    for code, what, mask in (
        ("summary_row", "summaries (mean, total …)", rows.surely_summaries(table) & ~remarks),
        ("remark_row", "a remark or a heading: one text and little else", remarks),
    ):
        if mask.any() and mask.mean() < MOST_NO_PATIENTS:
            one = int(mask.sum()) == 1
            reason = f"{in_rows(table, mask).capitalize()}: no patient{'' if one else 's'} but {what}. "
            reason += "It is left out" if one else "They are left out"
            if code == "remark_row" and bool(np.flatnonzero(mask)[0] < np.flatnonzero(~mask).max(initial=0)):
                reason += "; if it names the group of the rows below it, put it in a column of its own in the file"
            yield Repair("drop_rows", (), reason, ((CODE, code),), every_row(table, mask))


def _several_answers(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """ "Injection;Physiotherapy;": a question with several answers becomes a yes or no for each of them."""
    texts = profile.levels
    if not any(";" in t for t in texts) or profile.distinct > MOST_COMBINATIONS or profile.numeric > 0:
        return None
    fit = next((f for text in reads if (f := fit_meaning(re.sub(r"\d+", "", text)))), None)
    if fit is not None and meanings()[fit.key].role.value.startswith("event"):
        return None  # events of one cell are told apart where events are counted
    parts = [choices_in(t) for t in texts]
    options = list(dict.fromkeys(o for own in parts for o in own))
    times = [sum(option in own for own in parts) for option in options]
    ends = sum(t.rstrip().endswith(";") for t in texts) > 0.5 * len(texts)
    short = all(len(o) <= LONGEST_CHOICE for o in options)
    repeated = sum(n > 1 for n in times) > 0.5 * len(options)
    if not 2 <= len(options) <= MOST_CHOICES or not short or not (ends or repeated):
        return None
    name = profile.column.name
    description = f"{name}: several answers in a cell; each of {quoted_list(options, 4)} becomes a yes or no"
    return Repair(SEVERAL, (name,), description, tuple((o, f"{name}: {o}") for o in options))


def _percent_cells(table: Recognised) -> Iterator[Repair]:
    """A score of 0 to 100 that a workbook holds as fractions: Excel stores 42% as 0.42."""
    if table.parsed.format not in ("xlsx", "xls", "ods"):
        return
    for finding in scales.too_small(table):
        if finding.repair is not None and finding.repair.factor == "100":
            description = f"{quoted_list(finding.repair.columns)}: percent cells, which Excel stores as 0.42, times 100"
            yield replace(finding.repair, sentence=description)


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


def _units(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """Numbers of which nearly every one carries the same unit ("70 kg", "3 dagen")."""
    fit = next((f for text in reads if (f := fit_meaning(text))), None)
    if not len(profile.meant) or fit is None or fit.key == "age" or meanings()[fit.key].role is not Role.NUMBER:
        return None
    found = meant(profile.numbers.not_numbers, None)
    name = profile.column.name
    return _replace(profile, found, f'{name}: the unit after {len(found)} numbers ("{next(iter(found))}") is taken off')


def _labelled_missing(profile: Profile) -> Repair | None:
    """A number of a score that the file itself labels as no answer: 99 "missing", 11 "refused"."""
    labels = {code: label for code, label in profile.column.labels.items() if code in profile.levels}
    become = {code: "" for code, label in labels.items() if is_non_answer(label) or normalise(label) in NO_ANSWER}
    if not become or profile.numeric < 1 or profile.distinct - len(labels) < LEAST_UNLABELLED:
        return None
    shown = ", ".join(f'{code} ("{labels[code]}")' for code in list(become)[:3])
    return _replace(profile, become, f"{profile.column.name}: {shown} is labelled as no answer and becomes blank")


def _out_of(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """ "7/10" in every cell under the name of a score that runs to 10: the number in front."""
    fit = next((f for text in reads if (f := fit_instrument(text))), None)
    found = {}
    for text in profile.levels if fit else ():
        if match := OUT_OF.match(text.strip()):
            found[text] = match
        elif not is_missing_word(text):
            return None
    ends = {float(m[2]) for m in found.values()}
    if fit is None or len(ends) != 1:
        return None
    if not any(float(high) == min(ends) for _, high in INSTRUMENTS[fit.key].scales):
        return None
    name, end = profile.column.name, f"{min(ends):g}"
    become = {t: m[1] for t, m in found.items()}
    return _replace(profile, become, f'{name}: "{next(iter(become))}" is written as the number out of {end}')


def _sexes(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """M and Man, V and Vrouw: one spelling of each."""
    fit = next((f for text in reads if (f := fit_meaning(text))), None)
    if fit is None or fit.key != "sex" or profile.distinct > len(MALE | FEMALE):
        return None
    words = {t: normalise(t) for t in profile.levels}
    if {"h", "m"} <= set(words.values()):
        return None
    groups = [[t for t, w in words.items() if w in known] for known in (MALE, FEMALE)]
    others = {w for t, w in words.items() if not any(t in g for g in groups) and not is_non_answer(t)}
    if not others <= NEITHER or max(map(len, groups)) < 2:
        return None
    counts = dict(zip(profile.column.levels, profile.counts.tolist(), strict=True))
    best = [max(texts, key=counts.__getitem__) for texts in groups if texts]
    own = {t: first for first, texts in zip(best, filter(None, groups), strict=True) for t in texts}
    become = {t: first.strip() for t, first in own.items() if t != first}
    shown = ", ".join(f'"{t.strip()}" is "{first}"' for t, first in list(become.items())[:4])
    return _replace(profile, become, f"{profile.column.name}: spellings of one sex become one ({shown})")


def _grades(profile: Profile) -> Repair | None:
    """ASA 2, II and 2: where a column mixes Roman and Arabic, every grade is written in Arabic."""
    if profile.dated > 0.5:
        return None
    read = {}
    for text in profile.levels:
        if match := GRADE.match(text.strip()):
            read[text] = match
        elif not (unknown_event(text) or is_non_answer(text)):
            return None
    if not 2 <= len(read) <= MOST_GRADES or len({m[1].isdigit() for m in read.values()}) < 2:
        return None
    become = {t: m[1] if m[1].isdigit() else str(ROMAN[m[1].lower()]) for t, m in read.items()}
    become = {t: number for t, number in become.items() if t != number}
    shown = ", ".join(f'"{t.strip()}" is {number}' for t, number in list(become.items())[:4])
    return _replace(profile, become, f"{profile.column.name}: Roman and Arabic grades become one ({shown})")


def _serial_days(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """Excel's day numbers under a heading that says date."""
    values = profile.values
    if not any(DATE.search(text) for text in reads) or not profile.whole:
        return None
    if not all(read_day(t.strip()) for t in profile.numbers.not_numbers):  # dates among them are dates already
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


def _minutes(text: str) -> float | None:
    """ "1:15", "1:15:30", "1u15", "1 h 30 min", "75 min", "1,5 h" and "90" in minutes; None for anything else."""
    if text.isdigit():
        return float(text)
    if found := CLOCK.match(text):
        return int(found[1]) * 60 + int(found[2]) + int(found[3] or 0) / 60
    if found := HOURS_AND_MINUTES.match(text):
        return int(found[1]) * 60 + int(found[2])
    if found := ONE_UNIT.match(text):
        return float(found[1].replace(",", ".")) * (1 if found[2].lower().startswith("m") else 60)
    return None


def _durations(reads: tuple[str, ...], profile: Profile) -> Repair | None:
    """Parts of a day, and h:mm, under a heading that says duration: minutes."""
    if not any(DURATION.search(text) for text in reads):
        return None
    name = profile.column.name
    read = {t: _minutes(t.strip()) for t in profile.levels if not is_missing_word(t)}
    written = [t for t in read if not t.strip().isdigit()]
    # 90 beside "1h15" is minutes, 2 would be hours
    bare = [float(t) for t in read if t.strip().isdigit()]
    if written and all(m is not None for m in read.values()) and all(b >= LEAST_MINUTES for b in bare):
        minutes = {t: decimal_text(m) for t, m in read.items() if m is not None}
        return _replace(profile, minutes, f'{name}: hours and minutes ("{written[0]}") are written as minutes')
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
