"""Scores from the answers to a questionnaire, each by its own rule: `data/scoring.toml`, one record per questionnaire.

The records hold rules and citations, never the wording of an item. A score is not rounded. A form with fewer answers
than its rule allows, or with a code that the questionnaire does not have, has no score, and is counted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lib.catalog.answers import is_non_answer, normalise

Answers = NDArray[np.float64]
Way = Literal["sum", "mean", "percent", "reversed", "max"]


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """How one score comes from the answers.

    Attributes:
        key: inside its questionnaire ("pain"). instrument: key of the catalogue record it is a score of.
        items: places of its items. answered: how many of them must be answered.
        way: what becomes of the mean of the answered items; `factor`, `constant`: times and plus that.
        table: raw sum less `table_from` → score; empty: none.
        points: place of an item → what each of its codes is worth, in place of the codes; empty: the codes.
        of: scales it is the mean or sum of. linear: (scale, mean, SD, weight), 50 + 10 × the weighted z-scores.
        higher_is_better: direction. offered: False where the published scoring does not have it.
    """

    key: str
    instrument: str
    items: tuple[int, ...]
    answered: int
    way: Way
    factor: float
    constant: float
    table: tuple[float, ...]
    table_from: int
    points: Mapping[int, tuple[float, ...]]
    of: tuple[str, ...]
    linear: tuple[tuple[str, float, float, float], ...]
    higher_is_better: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One questionnaire: its items in order, their codes and its scales.

    `recode`: place of an item → what each code is worth, counted from `first_code`; reversed items are among them.
    `second_pain`: places of the two pain items of the SF-36, the second of which depends on the first.
    """

    key: str
    name: str
    items: tuple[str, ...]
    low: int
    high: int
    recode: Mapping[int, tuple[float, ...]]
    first_code: Mapping[int, int]
    second_pain: tuple[int, ...]
    missing: str
    citation: str
    scales: tuple[ScaleRule, ...]

    def codes(self, item: int) -> tuple[int, int]:
        """Lowest and highest legal code of an item."""
        first = self.first_code.get(item, self.low)
        points = next((scale.points[item] for scale in self.scales if item in scale.points), None)
        if points is not None:
            return first, first + len(points) - 1
        return first, first + len(self.recode[item]) - 1 if item in self.recode else self.high

    def scale(self, key: str) -> ScaleRule:
        """The scale of a key. Raises KeyError for an unknown one."""
        for found in self.scales:
            if found.key == key:
                return found
        raise KeyError(f"{self.name} has no scale {key!r}")


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """(n,) scores, NaN where there is none, and why: nothing answered, too few answers, a code that does not exist."""

    values: Answers
    empty: NDArray[np.bool_]
    too_few: NDArray[np.bool_]
    illegal: NDArray[np.bool_]


def _names(text: str) -> tuple[str, ...]:
    """ "p1-p3 q1" → p1, p2, p3, q1."""
    found: list[str] = []
    for word in text.split():
        span = re.fullmatch(r"([a-z]*)(\d+)-\1(\d+)", word)
        found += [f"{span[1]}{i}" for i in range(int(span[2]), int(span[3]) + 1)] if span else [word]
    return tuple(found)


def _places(text: str, items: Sequence[str]) -> tuple[int, ...]:
    return tuple(items.index(name) for name in _names(text))


def _points(table: Mapping[str, Sequence[float]], items: Sequence[str]) -> Mapping[int, tuple[float, ...]]:
    return MappingProxyType({place: tuple(worth) for text, worth in table.items() for place in _places(text, items)})


def _rule(record: Mapping[str, Any], items: Sequence[str]) -> ScaleRule:
    return ScaleRule(
        key=record["key"],
        instrument=record["instrument"],
        items=_places(record.get("items", ""), items),
        answered=record.get("answered", 0),
        way=record.get("as", "mean"),
        factor=record.get("factor", 1.0),
        constant=record.get("constant", 0.0),
        table=tuple(record.get("table", ())),
        table_from=record.get("table_from", 0),
        points=_points(record.get("points", {}), items),
        of=tuple(record.get("of", ())),
        linear=tuple((name, mean, sd, weight) for name, mean, sd, weight in record.get("linear", ())),
        higher_is_better=record["better"] == "high",
        offered=record.get("offered", True),
    )


def _questionnaire(record: Mapping[str, Any]) -> Questionnaire:
    items = _names(record["items"])
    low, high = record["low"], record["high"]
    recode = dict(_points(record.get("recode", {}), items))
    for place in _places(record.get("reverse", ""), items):
        recode[place] = tuple(float(worth) for worth in range(high, low - 1, -1))
    return Questionnaire(
        key=record["key"],
        name=record["name"],
        items=items,
        low=low,
        high=high,
        recode=MappingProxyType(recode),
        first_code=MappingProxyType({items.index(k): v for k, v in record.get("first_code", {}).items()}),
        second_pain=_places(record.get("second_pain", ""), items),
        missing=record["missing"],
        citation=record["citation"],
        scales=tuple(_rule(scale, items) for scale in record["scale"]),
    )


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("lib.catalog").joinpath("data/scoring.toml").read_text(encoding="utf-8"))


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Every questionnaire that can be scored, by key."""
    return MappingProxyType({r["key"]: _questionnaire(r) for r in _tables()["questionnaire"]})


def codes_in_words(key: str, texts: Sequence[str]) -> tuple[Mapping[str, int], ...]:
    """Every way to read plain answers ("None", "Mild" …) as codes of a questionnaire, by their place in a list.

    Normalised text → code. Two ways where the words do not say which end is best; none where a text is in no list, the
    list has another number of answers, or the items have codes of their own.
    """
    rules = questionnaires()[key]
    span = rules.high - rules.low + 1
    if rules.first_code or rules.second_pain or any(scale.points for scale in rules.scales):
        return ()
    reverse = tuple(float(worth) for worth in range(rules.high, rules.low - 1, -1))
    if any(worth != reverse for worth in rules.recode.values()):
        return ()
    given = {normalise(text) for text in texts if not is_non_answer(text)}
    low_is_best = {(s.higher_is_better, s.way == "reversed") in {(True, True), (False, False)} for s in rules.scales}
    found: list[Mapping[str, int]] = []
    for record in _tables()["words"]:
        places = {word: place for place, level in enumerate(record["levels"]) for word in level}
        if len(record["levels"]) != span or not given or not given <= places.keys():
            continue
        up = {word: rules.low + place for word, place in places.items() if word in given}
        down = {word: rules.high + rules.low - code for word, code in up.items()}
        sure = "best" in record and len(low_is_best) == 1 and not rules.recode
        found += [up if True in low_is_best else down] if sure else [up, down]
    return tuple(found)


def score(key: str, answers: Answers) -> Mapping[str, Scored]:
    """Every scale of a questionnaire from (n, items) codes, NaN where not answered.

    Raises KeyError for an unknown questionnaire, ValueError for another number of items.
    """
    rules = questionnaires()[key]
    if answers.ndim != 2 or answers.shape[1] != len(rules.items):
        raise ValueError(f"{rules.name} has {len(rules.items)} items; the answers have the shape {answers.shape}")
    illegal = np.zeros(answers.shape, dtype=bool)
    worth = np.array(answers, dtype=np.float64)
    for place in range(len(rules.items)):
        low, high = rules.codes(place)
        column = answers[:, place]
        given = ~np.isnan(column)
        illegal[:, place] = given & ((column < low) | (column > high) | (np.floor(column) != column))
        if rules.key in _HALF_STEPS:
            illegal[:, place] = given & ((column < low) | (column > high))
        if place in rules.recode:
            worth[:, place] = _looked_up(rules.recode[place], column - low, given & ~illegal[:, place])
    worth[illegal] = np.nan
    if rules.second_pain:
        _second_pain(worth, answers, *rules.second_pain)
    found: dict[str, Scored] = {}
    for rule in rules.scales:
        found[rule.key] = (
            _joined(rule, found) if rule.of or rule.linear else _scale(rules, rule, answers, worth, illegal)
        )
    return MappingProxyType(found)


_HALF_STEPS = frozenset({"comi", "comi_neck"})
"""Questionnaires whose answers need not be whole: the items of the COMI stand at 0, 2.5, 5, 7.5 and 10."""


def _looked_up(table: Sequence[float], places: Answers, known: NDArray[np.bool_]) -> Answers:
    lookup = np.append(np.asarray(table, dtype=np.float64), np.nan)
    return lookup[np.where(known, places, -1).astype(np.int64)]


def _second_pain(worth: Answers, answers: Answers, first: int, second: int) -> None:
    """The second pain item of the SF-36: its values depend on the first (Ware 1993)."""
    both = ~np.isnan(worth[:, first]) & ~np.isnan(worth[:, second])
    untroubled = both & (answers[:, second] == 1) & (answers[:, first] == 1)
    worth[both, second] = _looked_up((80, 60, 40, 20, 0), answers[:, second] - 1, both)[both]
    worth[untroubled, second] = 100


def _scale(
    rules: Questionnaire, rule: ScaleRule, answers: Answers, worth: Answers, illegal: NDArray[np.bool_]
) -> Scored:
    places = list(rule.items)
    values = worth[:, places]
    for at, place in enumerate(places):
        if place in rule.points:
            values[:, at] = _looked_up(
                rule.points[place], answers[:, place] - rules.codes(place)[0], ~np.isnan(worth[:, place])
            )
    wrong: NDArray[np.bool_] = np.asarray(illegal[:, places].any(axis=1))
    answered = (~np.isnan(values)).sum(axis=1)
    empty = (answered == 0) & ~wrong
    too_few = (answered < rule.answered) & ~empty & ~wrong
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(values, axis=1) / answered
        # the sum of the answered ones first: a complete form keeps its whole numbers
        total = np.where(answered == len(places), np.nansum(values, axis=1), mean * len(places))
    span = rules.high - rules.low
    if rule.way == "sum":
        result = total
    elif rule.way == "mean":
        result = mean
    elif rule.way == "max":
        result = np.where(empty, np.nan, np.nanmax(np.where(np.isnan(values), -np.inf, values), axis=1))
    else:
        result = (mean - rules.low) * 100 / span
        result = result if rule.way == "percent" else 100 - result
    result = result * rule.factor + rule.constant
    result[empty | too_few | wrong] = np.nan
    if rule.table:
        result = _looked_up(rule.table, result - rule.table_from, ~np.isnan(result))
    return Scored(result, empty, too_few, wrong)


def _joined(rule: ScaleRule, found: Mapping[str, Scored]) -> Scored:
    """A score made of scales: all of them are needed."""
    names = rule.of or tuple(name for name, *_ in rule.linear)
    parts = [found[name] for name in names]
    columns = np.column_stack([part.values for part in parts])
    if rule.linear:
        weights = np.array([weight / sd for _, _, sd, weight in rule.linear])
        means = np.array([mean for _, mean, _, _ in rule.linear])
        result = 50 + 10 * ((columns - means) * weights).sum(axis=1)
    else:
        result = columns.sum(axis=1) if rule.way == "sum" else columns.mean(axis=1)
    empty: NDArray[np.bool_] = np.asarray(np.column_stack([part.empty for part in parts]).all(axis=1))
    wrong: NDArray[np.bool_] = np.asarray(np.column_stack([part.illegal for part in parts]).any(axis=1))
    return Scored(result, empty, np.isnan(result) & ~empty & ~wrong, wrong)
