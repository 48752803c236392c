"""Columns that are the answers to a questionnaire ("OKS 1 … OKS 12"), and the column of scores that comes from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lib.catalog.answers import normalise
from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.scoring import Questionnaire, ScaleRule, Scored, codes_in_words, questionnaires, score
from lib.cohort.cohort import BASELINE
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.columns.timepoints import split_names
from lib.importing.files.table import Sheet, TextColumn, from_texts
from lib.importing.findings import Repair

KIND = "score_items"
"""The repair that adds a column of scores; its values name questionnaire, scale, items, new column and time point."""
LEGAL_SHARE = 0.9
MOST_DECIMALS = 6
NOT_ITEMS = frozenset({Role.ID, Role.IDENTIFIER, Role.DATE, Role.BIRTH_DATE, Role.TIME_POINT})
_WORD = r"(?:q|i|item|items|itm|vraag|frage|question|quest|nr|no|v|f)?0*"
_REQUESTED = "item|vraag|frage|question"
_QUESTION_NUMBER = r"(?:q|item|vraag|frage|question|nr)0*"
_OF = r"(?:of|van|von|der|des|ofthe|vande)?"
SHORT_STEMS: Mapping[str, tuple[str, ...]] = {
    "oks": ("knee score", "kniescore", "knie score", "oxford knie score", "oxford knie"),
    "ohs": (
        "hip score",
        "heupscore",
        "heup score",
        "hueftscore",
        "huftscore",
        "oxford heup score",
        "oxford huft score",
    ),
    "pcs_catastrophizing": ("pcs",),
    "promis10": ("global", "promis global", "global health", "promis gh"),
    "rand36": ("sf36", "sf 36"),
    "sf36": ("rand36", "rand 36", "rand"),
    "oss": ("shoulder score", "schouderscore", "schouder score", "schulterscore", "schulter score"),
}
"""What items are called where their total has a longer name, or another scoring of the same form its own; all of them
with the right codes are still a question."""
NUMBERED: Mapping[str, int] = {"quickdash": 11, "womac": 24, "bctq": 19, "prwe": 15, "promis10": 10}
"""Forms whose items have names by scale and are as often numbered through; KOOS and HOOS are not: another order."""


@dataclass(frozen=True, slots=True)
class ItemSet:
    """The answers to one questionnaire, at each time point: place of the item → name of its column."""

    questionnaire: str
    at: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    shift: int = 0
    """How much higher the codes of the file are than those of the questionnaire: 1 where it counts from 1, not 0."""
    words: tuple[tuple[str, int], ...] = ()
    """Normalised answer in words → code of the questionnaire, by its place ("none" 0 … "extreme" 4)."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns of answers."""
        return tuple(name for _, found in self.at for _, name in found)

    def scales(self) -> tuple[ScaleRule, ...]:
        """The scales whose items are all there at every time point; of several for one instrument the last."""
        rules = questionnaires()[self.questionnaire]
        everywhere = set.intersection(*({place for place, _ in found} for _, found in self.at))
        found: dict[str, ScaleRule] = {}
        for rule in rules.scales:
            if rule.offered and rule.instrument in INSTRUMENTS and set(_needed(rules, rule)) <= everywhere:
                found[rule.instrument] = rule
        return tuple(found.values())


def _needed(rules: Questionnaire, rule: ScaleRule) -> tuple[int, ...]:
    names = rule.of or tuple(name for name, *_ in rule.linear)
    return rule.items or tuple(place for name in names for place in _needed(rules, rules.scale(name)))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], Mapping[str, int]], ...]:
    """Questionnaire, the names its items have, spaces aside (the words of its total and the item), item → place."""
    found = []
    for rules in questionnaires().values():
        words = {normalise(rules.key.replace("_12_60", "")), normalise(rules.name)}
        base = rules.key.replace("_12_60", "")
        if base in INSTRUMENTS:
            words |= {w for listed in INSTRUMENTS[base].synonyms.values() for w in listed}
        words.update(SHORT_STEMS.get(base, ()))
        for rule in rules.scales:  # a form with one score is called like it
            if rule.offered and len(rule.items) == len(rules.items) and rule.instrument in INSTRUMENTS:
                words |= {w for listed in INSTRUMENTS[rule.instrument].synonyms.values() for w in listed}
        stems = sorted({w.replace(" ", "") for w in words}, key=len, reverse=True)
        places = {str(k + 1): k for k in range(NUMBERED.get(rules.key, 0))}
        places |= {item: place for place, item in enumerate(rules.items)}
        items = "|".join(sorted(map(re.escape, places), key=len, reverse=True))
        stem = f"(?:{'|'.join(map(re.escape, stems))})"
        named = re.compile(
            rf"{stem}{_WORD}(?P<item>{items})(?:{_REQUESTED})?|{_QUESTION_NUMBER}(?P<first>{items}){_OF}{stem}"
        )
        found.append((rules.key, named, places))
    return tuple(found)


def item_sets(columns: Sequence[ColumnGuess], profiles: Mapping[str, Profile]) -> tuple[ItemSet, ...]:
    """Every questionnaire whose answers stand in these columns: all items of one of its scales, in codes it has.

    One set of columns can fit two scorings (RAND and SF-36); both are found.
    """
    found: dict[str, dict[str, dict[int, str]]] = {}
    usable = [c for c in columns if c.role not in NOT_ITEMS]
    timed = split_names([c.name for c in usable])
    elsewhere = "*" if any(c.role is Role.TIME_POINT for c in columns) else BASELINE
    for guess, name in zip(usable, timed, strict=True):
        if not (profiles[guess.name].numeric or _coded(profiles[guess.name]) or _worded(profiles[guess.name])):
            continue
        stem = name.stem.replace(" ", "")
        for key, pattern, items in _patterns():
            hit = pattern.fullmatch(stem)
            if hit:
                place = items[hit["item"] or hit["first"]]
                # answers in words are no scores yet, and have the time point of their name
                own = name.time_point.key if name.time_point else elsewhere
                found.setdefault(key, {}).setdefault(guess.time_point or own, {}).setdefault(place, guess.name)
    sets = []
    for key, at in found.items():
        made = ItemSet(key, tuple((time, tuple(sorted(places.items()))) for time, places in at.items()))
        if not made.scales():
            continue
        texts = [text for name in made.columns for text in profiles[name].levels]
        sets += [replace(made, words=tuple(words.items())) for words in codes_in_words(key, texts)]
        if any(profiles[name].numeric or _coded(profiles[name]) for name in made.columns):
            fits = {shift: _inside(made, shift, profiles) for shift in _shifts(questionnaires()[key])}
            best = max(fits.values())
            if best >= LEGAL_SHARE:
                sets += [replace(made, shift=shift) for shift, share in fits.items() if share == best]
    return tuple(sets)


def _shifts(rules: Questionnaire) -> tuple[int, ...]:
    """0, and 1 or −1 where every item has the same codes: files count answers from 0 or from 1.

    Oxford scores of 12 to 60 are themselves the scoring for codes from 1.
    """
    span = rules.high - rules.low + 1
    plain = not rules.first_code and not rules.second_pain and all(len(r) == span for r in rules.recode.values())
    plain = plain and not any(scale.points for scale in rules.scales) and span <= 7
    if not plain or rules.key.endswith("_12_60"):
        return (0,)
    return (0, 1) if rules.low == 0 else (0, -1)


def _inside(found: ItemSet, shift: int, profiles: Mapping[str, Profile]) -> float:
    """The share of answers that are codes of this questionnaire, counted from `shift` more."""
    rules = questionnaires()[found.questionnaire]
    inside = total = 0
    for _, places in found.at:
        for place, name in places:
            low, high = rules.codes(place)
            values = _codes(profiles[name].column)
            values = values[~np.isnan(values)]
            inside += int(((values >= low + shift) & (values <= high + shift)).sum())
            total += len(values)
    return inside / total if total else 0.0


def scored(found: ItemSet, time_point: str, sheet: Sheet) -> Mapping[str, Scored]:
    """Every scale of the set at one time point."""
    return _scored(replace(found, at=((time_point, dict(found.at)[time_point]),)), sheet)


def _scored(found: ItemSet, sheet: Sheet) -> Mapping[str, Scored]:
    answers = np.full((sheet.n, len(questionnaires()[found.questionnaire].items)), np.nan)
    for place, name in found.at[0][1]:
        answers[:, place] = _codes(sheet.column(name), dict(found.words)) - found.shift
    return score(found.questionnaire, answers)


def _worded(profile: Profile) -> bool:
    """Whether the answers are a few short words, which `codes_in_words` may know."""
    return 2 <= len(profile.levels) <= _MOST_WORDS and not any(
        character.isdigit() for t in profile.levels for character in t
    )


def _coded(profile: Profile) -> bool:
    """Whether every text begins with its code ("3 = moderate"), as labelled exports have it."""
    return bool(profile.levels) and all(_CODE.fullmatch(level.strip()) for level in profile.levels)


_CODE = re.compile(r"(-?\d{1,3}(?:[.,]\d{1,6})?)(?:\s{0,3}[=:).-]\s{0,3}[^\d\s].{0,200})?")


_MOST_WORDS = 8


def _codes(column: TextColumn, words: Mapping[str, int] = MappingProxyType({})) -> NDArray[np.float64]:
    values = np.full(max(1, len(column.levels)), np.nan)
    for index, text in enumerate(column.levels):
        read = _CODE.fullmatch(text.strip())
        if words:
            values[index] = words.get(normalise(text), np.nan)
        elif read:
            values[index] = float(read[1].replace(",", "."))
    return values[column.codes]


def repairs_of(found: ItemSet, scale: ScaleRule, decimal: str, taken: Sequence[str]) -> Iterator[Repair]:
    """One repair per time point: a column of scores beside the answers."""
    rules = questionnaires()[found.questionnaire]
    short = INSTRUMENTS[scale.instrument].short
    target = scale.instrument if scale.instrument not in taken else f"{scale.instrument}_items"
    for time_point, places in found.at:
        name = f"{short} from its answers" + (f", {time_point}" if time_point not in ("", "*") else "")
        needed = set(_needed(rules, scale))
        used = tuple(column for place, column in places if place in needed)
        yield Repair(
            KIND,
            used,
            f"{name}: scored from {len(used)} columns by the rule of the {rules.name}",
            (
                ("questionnaire", found.questionnaire),
                ("scale", scale.key),
                ("column", name),
                ("target", target),
                ("time_point", time_point),
                ("decimal", decimal),
                ("items", " ".join(rules.items[place] for place, _ in places if place in needed)),
                *([("shift", str(found.shift))] if found.shift else []),
                *([("words", ";".join(f"{word}={code}" for word, code in found.words))] if found.words else []),
            ),
        )


def with_scores(repair: Repair, sheet: Sheet) -> Sheet:
    """The sheet with the new column; as it is when a column is missing or the new one is there."""
    settings = dict(repair.values)
    names = set(sheet.names())
    if settings["column"] in names or not set(repair.columns) <= names:
        return sheet
    rules = questionnaires()[settings["questionnaire"]]
    places = tuple((rules.items.index(i), c) for i, c in zip(settings["items"].split(), repair.columns, strict=True))
    words = tuple((word, int(code)) for word, code in (w.split("=") for w in settings.get("words", "").split(";") if w))
    found = ItemSet(rules.key, (("", places),), int(settings.get("shift", "0")), words)
    values = _scored(found, sheet)[settings["scale"]].values
    texts = ["" if np.isnan(v) else _text(float(v), settings["decimal"]) for v in values.tolist()]
    return sheet.with_columns(from_texts(settings["column"], texts))


def _text(value: float, decimal: str) -> str:
    written = f"{value:.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return ("0" if written == "-0" else written).replace(".", decimal)


def guess_of(repair: Repair) -> ColumnGuess:
    """What the new column is taken for."""
    settings = dict(repair.values)
    found = INSTRUMENTS[questionnaires()[settings["questionnaire"]].scale(settings["scale"]).instrument]
    label = found.short if settings["target"] == found.key else f"{found.short} from its answers"
    return ColumnGuess(
        settings["column"],
        Role.SCORE,
        settings["target"],
        settings["time_point"],
        label,
        1.0,
        ("scored from its answers",),
    )
