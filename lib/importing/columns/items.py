"""Columns that are the answers to a questionnaire ("OKS 1 … OKS 12"), and the column of scores that comes from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lib.catalog.answers import normalise
from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.scoring import Questionnaire, ScaleRule, Scored, questionnaires, score
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
_WORD = r"(?:q|i|item|items|vraag|frage|question|nr|no)?0*"


@dataclass(frozen=True, slots=True)
class ItemSet:
    """The answers to one questionnaire, at each time point: place of the item → name of its column."""

    questionnaire: str
    at: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]

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
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Questionnaire → the names its items have, spaces aside: the words of its total, then the item."""
    found = []
    for rules in questionnaires().values():
        words = {normalise(rules.key.replace("_12_60", "")), normalise(rules.name)}
        base = rules.key.replace("_12_60", "")
        if base in INSTRUMENTS:
            words |= {w for listed in INSTRUMENTS[base].synonyms.values() for w in listed}
        stems = sorted({w.replace(" ", "") for w in words}, key=len, reverse=True)
        items = "|".join(sorted((re.escape(i) for i in rules.items), key=len, reverse=True))
        found.append((rules.key, re.compile(rf"(?:{'|'.join(map(re.escape, stems))}){_WORD}(?P<item>{items})")))
    return tuple(found)


def item_sets(columns: Sequence[ColumnGuess], profiles: Mapping[str, Profile]) -> tuple[ItemSet, ...]:
    """Every questionnaire whose answers stand in these columns: all items of one of its scales, in codes it has.

    One set of columns can fit two scorings (RAND and SF-36); both are found.
    """
    found: dict[str, dict[str, dict[int, str]]] = {}
    usable = [c for c in columns if c.role not in NOT_ITEMS]
    timed = split_names([c.name for c in usable])
    for guess, name in zip(usable, timed, strict=True):
        if not profiles[guess.name].numeric:
            continue
        stem = name.stem.replace(" ", "")
        for key, pattern in _patterns():
            hit = pattern.fullmatch(stem)
            if hit:
                place = questionnaires()[key].items.index(hit["item"])
                found.setdefault(key, {}).setdefault(guess.time_point, {}).setdefault(place, guess.name)
    sets = []
    for key, at in found.items():
        made = ItemSet(key, tuple((time, tuple(sorted(places.items()))) for time, places in at.items()))
        if made.scales() and _legal(made, profiles):
            sets.append(made)
    return tuple(sets)


def _legal(found: ItemSet, profiles: Mapping[str, Profile]) -> bool:
    """Whether nearly every answer is a code of this questionnaire, and the lowest and highest code are in use."""
    rules = questionnaires()[found.questionnaire]
    inside = total = 0
    for _, places in found.at:
        for place, name in places:
            low, high = rules.codes(place)
            values = profiles[name].row_values()
            values = values[~np.isnan(values)]
            inside += int(((values >= low) & (values <= high)).sum())
            total += len(values)
    return total > 0 and inside >= LEGAL_SHARE * total


def scored(found: ItemSet, time_point: str, sheet: Sheet) -> Mapping[str, Scored]:
    """Every scale of the set at one time point."""
    return _scored(found.questionnaire, dict(dict(found.at)[time_point]), sheet)


def _scored(questionnaire: str, places: Mapping[int, str], sheet: Sheet) -> Mapping[str, Scored]:
    answers = np.full((sheet.n, len(questionnaires()[questionnaire].items)), np.nan)
    for place, name in places.items():
        answers[:, place] = _codes(sheet.column(name))
    return score(questionnaire, answers)


def _codes(column: TextColumn) -> NDArray[np.float64]:
    values = np.full(max(1, len(column.levels)), np.nan)
    for index, text in enumerate(column.levels):
        read = re.match(r"\s*(-?\d+(?:[.,]\d+)?)(?:\s*[=:).-]\s*\D.*)?\s*$", text)
        if read:
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
            ),
        )


def with_scores(repair: Repair, sheet: Sheet) -> tuple[TextColumn, ...]:
    """The columns of the sheet and the new one; as they are when a column is missing or the new one is there."""
    told = dict(repair.values)
    names = set(sheet.names())
    if told["column"] in names or not set(repair.columns) <= names:
        return sheet.columns
    rules = questionnaires()[told["questionnaire"]]
    places = {rules.items.index(i): c for i, c in zip(told["items"].split(), repair.columns, strict=True)}
    values = _scored(rules.key, places, sheet)[told["scale"]].values
    texts = ["" if np.isnan(v) else _text(float(v), told["decimal"]) for v in values.tolist()]
    return (*sheet.columns, from_texts(told["column"], texts))


def _text(value: float, decimal: str) -> str:
    written = f"{value:.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return ("0" if written == "-0" else written).replace(".", decimal)


def guess_of(repair: Repair) -> ColumnGuess:
    """What the new column is taken for."""
    told = dict(repair.values)
    found = INSTRUMENTS[questionnaires()[told["questionnaire"]].scale(told["scale"]).instrument]
    label = found.short if told["target"] == found.key else f"{found.short} from its answers"
    return ColumnGuess(
        told["column"], Role.SCORE, told["target"], told["time_point"], label, 1.0, ("scored from its answers",)
    )
