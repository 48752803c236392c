"""The levels of one EQ-5D dimension in a column: as numbers, or in the words of a labelled export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib.catalog import eq5d
from lib.catalog.answers import normalise
from lib.catalog.eq5d import level_in_words
from lib.catalog.value_sets import DEFAULT_VALUE_SET, Version, sets_of
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role

MOST_WORDS = 12
"""Different texts in a column of answers; more of them are no answers to one question."""


def dimension_levels(profile: Profile, levels: int = 3) -> NDArray[np.float64]:
    """Per level of the column: its number, else what its words say of so many levels, else NaN."""
    values = profile.numbers.values.copy()
    if 0 < len(profile.numbers.not_numbers) <= MOST_WORDS:
        for index, text in enumerate(profile.column.levels):
            level = worded(profile, text, levels)
            if level is not None:
                values[index] = level
    return values


def worded(profile: Profile, text: str, levels: int = 3) -> int | None:
    """The level that a text of this column says in words, None where it is a number or something else."""
    if text not in profile.numbers.not_numbers or len(profile.numbers.not_numbers) > MOST_WORDS:
        return None
    return level_in_words(text, levels)


# Which EQ-5D is it? States of the five-level one may consist of levels 1 to 3 only, and are no states of the 3L either.

MORE_THAN_SLIPS = 0.05
"""Share of the filled cells of a column with level 4 or 5 above which it is a questionnaire and not a slip."""


_SAYS_FIVE = re.compile(r"5 ?d[ _.-]*5 ?l(?![a-z])|(?<![a-z0-9])5l(?![a-z])", re.IGNORECASE)
_SAYS_YOUTH = re.compile(r"5 ?d[ _.-]*y(?![a-z])|5dy(?![a-z])|youth", re.IGNORECASE)
_SAYS_THREE = re.compile(r"(?:5[ _.-]*d[ _.-]*|(?<![a-z0-9]))3 ?l(?![a-z])", re.IGNORECASE)
FIVE_LEVELS, THREE_LEVELS, YOUTH = "5L", "3L", "Y-3L"
"""What the target of a column ends with, after a colon, once the user said which version it is."""


def named_version(headings: Iterable[str]) -> Version | None:
    """The one version of the EQ-5D that some headings name; None where none is named, or more than one."""
    found: set[Version] = set()
    for text in headings:
        if _SAYS_YOUTH.search(text):
            found.add("Y-3L")
        elif _SAYS_FIVE.search(text):
            found.add("5L")
        elif _SAYS_THREE.search(text):
            found.add("3L")
    return found.pop() if len(found) == 1 else None


def version_of(guesses: Sequence[ColumnGuess], profiles: Mapping[str, Profile]) -> Version:
    """Which EQ-5D the columns of states or dimensions hold: as told, by levels 4 and 5, by the heading; else 3L."""
    own = [g for g in guesses if g.role in (Role.EQ5D_STATE, Role.EQ5D_DIMENSION)]
    versions = {g.target.partition(":")[2] for g in own}
    if FIVE_LEVELS in versions:
        return "5L"
    if YOUTH in versions:
        return "Y-3L"
    if THREE_LEVELS in versions:
        return "3L"
    if is_five_level(
        (profiles[g.name] for g in own if g.role is Role.EQ5D_STATE),
        (profiles[g.name] for g in own if g.role is Role.EQ5D_DIMENSION),
    ):
        return "5L"
    headings = [text for g in own for text in (profiles[g.name].column.name, profiles[g.name].column.heading)]
    if any(_SAYS_YOUTH.search(text) for text in headings):
        return "Y-3L"
    sure = any(g.confidence == 1 for g in own)  # the user confirmed three levels
    return "5L" if not sure and any(_SAYS_FIVE.search(text) for text in headings) else "3L"


_COUNTRIES = {
    "netherlands": "nederland|netherlands|niederlande|nl|holland",
    "germany": "deutschland|germany|duitsland|de",
    "belgium": "belgie|belgium|belgien|belgique|be",
    "uk": "uk|united kingdom|great britain|england|gb|wales|scotland",
    "usa": "usa|us|united states",
    "france": "france|frankrijk|frankreich|fr",
    "denmark": "denmark|danmark|denemarken|dk",
    "sweden": "sweden|sverige|zweden|se",
    "norway": "norway|norge|noorwegen|no",
    "spain": "spain|espana|spanje|spanien|es",
    "italy": "italy|italia|italie|italien|it",
    "poland": "poland|polska|polen|pl",
    "australia": "australia|australie|australien|au",
    "canada": "canada|kanada|ca",
    "japan": "japan|jp",
    "china": "china|cn",
}
_LANGUAGES = {
    "netherlands": r"\b(?:leeftijd|geslacht|pijn|rug|been|jaar|maanden|operatiedatum|centrum|ziekenhuis|mobiliteit)\b",
    "germany": r"\b(?:alter|geschlecht|schmerz\w*|rucken|bein|jahr|monate|klinik|zentrum|beweglichkeit)\b",
}
NO_COUNTRY: Mapping[Version, str] = {"3L": DEFAULT_VALUE_SET, "5L": "5l_wepp_2018", "Y-3L": "y3l_netherlands_2022"}
"""The set of a file that names no country; it is named with its year, and can be changed on the page."""


def proposed_set(version: Version, guesses: Sequence[ColumnGuess], profiles: Mapping[str, Profile]) -> str:
    """The value set to begin with: of the country of the centers, else of the language of the headings, the newest.

    The 3L keeps the set of the paper behind the sample.
    """
    if version == "3L":
        return DEFAULT_VALUE_SET
    by_country = {_slug(s.country): key for key, s in sets_of(version).items() if s.method != "crosswalk"}
    by_country |= {"uk": by_country.get("unitedkingdom", ""), "usa": by_country.get("unitedstates", "")}
    words = {
        normalise(text)
        for g in guesses
        if g.role is Role.CATEGORY and g.target in ("center", "country")
        for text in profiles[g.name].words
    }
    for country, names in _COUNTRIES.items():
        if by_country.get(country) and any(re.search(rf"\b(?:{names})\b", text) for text in words):
            return by_country[country]
    headings = " ".join(normalise(p.column.heading) for p in profiles.values())
    for country, pattern in _LANGUAGES.items():
        if by_country.get(country) and len(set(re.findall(pattern, headings))) > 1:
            return by_country[country]
    return NO_COUNTRY[version]


def _slug(country: str) -> str:
    return country.lower().replace(" ", "")


def is_five_level(states: Iterable[Profile], dimensions: Iterable[Profile]) -> bool:
    """Whether any column of states (five digits) or of one dimension holds levels 4 or 5 in more than 5% of its cells.

    One such column is enough: a cohort is asked with one version of the questionnaire.
    """
    return any(_share(p, _state_texts(p)) for p in states) or any(_share(p, _level_texts(p)) for p in dimensions)


def _share(profile: Profile, texts: list[str]) -> bool:
    return bool(texts) and int(profile.rows_with(texts).sum()) > MORE_THAN_SLIPS * max(1, profile.filled)


def five_level_texts(profile: Profile, *, state: bool) -> list[str]:
    """Texts of a column of states, or of one dimension, that only the five-level questionnaire has."""
    return _state_texts(profile) if state else _level_texts(profile)


def _state_texts(profile: Profile) -> list[str]:
    return [t for t in profile.levels if (s := eq5d.parse_state(t)) and any(level in (4, 5) for level in s)]


def _level_texts(profile: Profile) -> list[str]:
    return [t for t, v in zip(profile.column.levels, dimension_levels(profile).tolist(), strict=True) if v in (4, 5)]
