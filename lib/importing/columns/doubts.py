"""What a reading of a column leaves open: headings that hold more than an instrument's name, contents that do not fit.

A doubted score is a measure of its own until the user says which one it is: a relative of a scale of the catalogue
("pain self-efficacy") never takes over its range, direction or threshold.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from lib.catalog.answers import normalise
from lib.catalog.instruments import INDEX_OF, INSTRUMENTS
from lib.importing.columns.eq5d_levels import named_version, version_of
from lib.importing.columns.explained import left_over, unexplained, written_apart
from lib.importing.columns.lexicon import fit_instrument
from lib.importing.columns.look import Look, pretty, slug
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.roles import ColumnGuess, Doubt, Role
from lib.importing.columns.scores import instrument_of

OWN = "own_"
"""In front of the key of a measure that would otherwise read as one of the catalogue."""
INDEX_VERSION = "eq5d_index"
"""Doubt about an index of the EQ-5D that names no version."""
FORM_COLUMNS = 3
FEW_LEVELS = 6
HIGHEST_ITEM = 5
ENOUGH = 12
WIDE = 10
APART = 2
LARGE = 10
OLD_OXFORD, OXFORD, OLD_OXFORD_END = frozenset({"oks", "ohs"}), 48, 60
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
BAD_END = re.compile(
    r"\b(?:worst|unbearable|ergst\w*|ondraaglijk|schlimmst\w*|starkst\w*|unertraglich|pire|insupportable|slechtst\w*"
    r"|schlechtest\w*|extreme)\b"
)
GOOD_END = re.compile(
    r"\b(?:no pain|none|geen pijn|geen|pijnvrij|keine?n? schmerz\w*|schmerzfrei|keine|aucune douleur|no problems?|best"
    r"|beste?|meilleur\w*|painfree|pain free)\b"
)
VAS_ALONE = frozenset(
    ("vas", "score", "mm", "scale", "mean", "total", "today", "now", "current", "vandaag", "nu", "heute", "jetzt")
)


def identities(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Scores of the catalogue whose heading says more than its name, or whose numbers do not fit: doubted."""
    guesses = _index_of_a_version(looks, _eq_vas_called_vas(looks, guesses))
    forms = _form_words(looks, guesses)
    by_target: dict[str, list[int]] = defaultdict(list)
    for index, g in enumerate(guesses):
        if g.role is Role.SCORE and instrument_of(g.target) is not None:
            by_target[g.target].append(index)
    out = list(guesses)
    for members in by_target.values():
        by_stem: dict[str, list[int]] = defaultdict(list)
        for index in members:
            by_stem[looks[index].stem].append(index)
        for stem, own in by_stem.items():
            doubt = _identity([looks[i] for i in own], guesses[own[0]], forms)
            unnamed = guesses[own[0]].doubt
            if unnamed is not None and (doubt is None or doubt.code == "identity"):
                words = doubt.words if doubt is not None else ()
                for index in own:
                    out[index] = replace(out[index], label=pretty(stem), doubt=replace(unnamed, words=words))
            elif doubt is not None:
                for index in own:
                    key = own_key(stem or looks[index].name)
                    out[index] = replace(out[index], target=key, label=pretty(stem), doubt=replace(doubt, group=key))
    return out


def own_key(stem: str) -> str:
    """A key that no instrument of the catalogue answers to."""
    key = slug(stem)
    return OWN + key if instrument_of(key) is not None else key


def _identity(looks: Sequence[Look], guess: ColumnGuess, forms: Collection[str]) -> Doubt | None:
    found = instrument_of(guess.target)
    assert found is not None
    values = _values(looks)
    tops = [float(values.max())] if len(values) else []
    words: tuple[str, ...] = ()
    for text in map(written_apart, looks[0].reads):
        fit = fit_instrument(text)
        if fit is not None and fit.key == found.key:
            words += left_over(text, fit, tops, forms)
        elif text != looks[0].stem:  # the longer name speaks of something else
            words += unexplained(text, found.key)
    near = found.key if len(values) and values.min() >= float(found.low) and values.max() <= _highest(found.key) else ""
    if _like_an_item(looks, values, found.key):
        low, high = values.min(), values.max()
        why = f"Only whole numbers from {low:g} to {high:g} occur, as in one question of a questionnaire."
        return Doubt("item", words, near, why=why)
    if words:
        return Doubt("identity", tuple(dict.fromkeys(words)), near)
    if ends := _ends_the_other_way(looks, found.higher_is_better):
        return Doubt("identity", (), "", why=ends)
    if found.key in OLD_OXFORD and tops and OXFORD < tops[0] <= OLD_OXFORD_END:
        why = "Numbers above 48 are of the first version, 12 to 60, where lower is better."
        return Doubt("identity", (), "", why=why)
    if found.key == "pain" and _only_vas(looks[0]) and _mostly_above(looks, LARGE):
        return Doubt(
            "identity", ("vas",), near, why="On 0 to 100 it may be pain, or health (EQ VAS), where higher is better."
        )
    return None


def _ends_the_other_way(looks: Sequence[Look], higher_is_better: bool) -> str:
    """A sentence where the file's own labels of the ends contradict the published direction: 10 "no pain"."""
    for look in looks:
        labels = {float(c): normalise(t) for c, t in look.profile.column.labels.items() if NUMBER.fullmatch(c.strip())}
        if len(labels) < 2:
            continue
        (low, first), (high, last) = min(labels.items()), max(labels.items())
        best, worst = (last, first) if higher_is_better else (first, last)
        if (BAD_END.search(best) and not BAD_END.search(worst)) or (
            GOOD_END.search(worst) and not GOOD_END.search(best)
        ):
            return f"The file labels {low:g} “{labels[low]}” and {high:g} “{labels[high]}”."
    return ""


def _mostly_above(looks: Sequence[Look], end: float) -> bool:
    above = sum(int(p.counts[p.numbers.values > end].sum()) for p in (look.profile for look in looks))
    return 2 * above > sum(look.profile.number_rows for look in looks)


def _only_vas(look: Look) -> bool:
    """ "vas", "VAS score 1": a scale without a word for what it measures."""
    words = {w for text in look.reads for w in written_apart(text).split()}
    return "vas" in words and all(w in VAS_ALONE or w.isdigit() for w in words)


def _eq_vas_called_vas(looks: Sequence[Look], guesses: Sequence[ColumnGuess]) -> list[ColumnGuess]:
    """ "vas" to 100 beside the five dimensions of the EQ-5D is its own rating of health."""
    out = list(guesses)
    beside = any(g.role in (Role.EQ5D_STATE, Role.EQ5D_DIMENSION) for g in guesses)
    lone = [i for i, g in enumerate(guesses) if g.role is Role.SCORE and g.target == "pain" and _only_vas(looks[i])]
    if not beside or not lone or any(g.target == "eq_vas" for g in guesses):
        return out
    values = _values([looks[i] for i in lone])
    if len(values) and LARGE < values.max() <= 100:
        for index in lone:
            because = (*guesses[index].evidence, "from 0 to 100 beside the EQ-5D: the rating of health")
            label = INSTRUMENTS["eq_vas"].short
            out[index] = replace(guesses[index], target="eq_vas", label=label, evidence=because)
    return out


def _index_of_a_version(looks: Sequence[Look], guesses: Sequence[ColumnGuess]) -> list[ColumnGuess]:
    """An index without a version is of the one that the rest of the file names; where nothing does, it is doubted."""
    out = list(guesses)
    open_ones = [
        i for i, g in enumerate(guesses) if g.role is Role.SCORE and g.target == INDEX_OF["3L"] and not _named(looks[i])
    ]
    if not open_ones:
        return out
    answered = any(g.role in (Role.EQ5D_STATE, Role.EQ5D_DIMENSION) for g in guesses)
    version = (
        version_of(guesses, {look.name: look.profile for look in looks})
        if answered
        else named_version(text for look in looks for text in (look.name, look.profile.column.heading))
    )
    for index in open_ones:
        if version is None:
            out[index] = replace(out[index], doubt=Doubt(INDEX_VERSION))
        elif version != "3L":
            found = INSTRUMENTS[INDEX_OF[version]]
            out[index] = replace(out[index], target=found.key, label=found.short)
    return out


def _named(look: Look) -> bool:
    return named_version((look.name, look.profile.column.heading)) is not None


def _values(looks: Sequence[Look]) -> np.ndarray:
    return without_codes(np.unique(np.concatenate([look.profile.values for look in looks])))


def without_codes(values: np.ndarray) -> np.ndarray:
    """Sorted numbers without those that stand for missing and apart from the others: 9 beside 1–5, 99, −1."""
    plausible = values[~np.isin(values, NUMERIC_CODES)]
    if not len(plausible):
        return values
    apart = (values < 0) | (values > plausible.max() + APART)
    return np.asarray(values[~(np.isin(values, NUMERIC_CODES) & apart)])


def _highest(key: str) -> float:
    return max(float(high) for _, high in INSTRUMENTS[key].scales)


def _like_an_item(looks: Sequence[Look], values: np.ndarray, key: str) -> bool:
    """A few whole numbers from 0 or 1 upwards, in many rows, where the instrument runs to ten or more."""
    rows = sum(look.profile.number_rows for look in looks)
    whole = bool(len(values)) and bool((values == np.floor(values)).all())
    if key == "eq5d3l_index" and whole and values.max() > 1:
        return True
    narrow = whole and values.min() >= 0 and values.max() <= HIGHEST_ITEM
    return bool(narrow and 2 <= len(values) <= FEW_LEVELS and rows >= ENOUGH and _highest(key) >= WIDE)


def _form_words(looks: Sequence[Look], guesses: Sequence[ColumnGuess]) -> Collection[str]:
    """First words that columns of several kinds share ("quest", "clinic"): the name of a form, not of a scale."""
    stems = Counter(dict.fromkeys(look.stem for look in looks).keys())
    firsts: dict[str, set[str]] = defaultdict(set)
    others: set[str] = set()
    for look, g in zip(looks, guesses, strict=True):
        first, _, rest = look.stem.partition(" ")
        if rest:
            firsts[first].add(look.stem)
            if g.role not in (Role.SCORE, Role.EQ5D_DIMENSION, Role.STATEMENT):
                others.add(first)
    return {first for first, own in firsts.items() if first in others and len(own & stems.keys()) >= FORM_COLUMNS}


def unknown_directions(guesses: Sequence[ColumnGuess]) -> tuple[ColumnGuess, ...]:
    """Scores that the catalogue does not have: which end is better is asked."""
    return tuple(
        replace(g, doubt=Doubt("direction"))
        if g.role is Role.SCORE and g.doubt is None and instrument_of(g.target) is None
        else g
        for g in guesses
    )
