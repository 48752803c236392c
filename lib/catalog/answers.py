"""Ordered answer scales in English, Dutch and German: agreement, satisfaction, change, frequency, quality, yes/no.

The wordings stand in `data/answers.toml`. Recognition never merges silently: a label one letter away from a known
answer is reported as a suspicion, and two different wordings of one level in one column are no fit.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_SHORTEST_MISSPELLING = 4  # "nee" and "nie" are one letter apart and both are words


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A label that is one slip away from a known answer ("agre" for "agree", place 3 of the levels)."""

    label: str
    meant: str
    level: int


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """An ordered scale of answers.

    Attributes:
        key: "agreement_5", "satisfaction_5", "change_7", "frequency_5", "quality_4", "yes_no" …
        language: "en", "nl" or "de".
        kind: "agreement", "satisfaction", "change", "frequency", "quality", "yes/no".
        levels: the answers from most negative to most positive (a frequency: never to always; whether that is good is
            a matter of the question), spelled as the file spells them where it has them.
        present: which levels occur among the labels given (same order as `levels`).
        neutral: the middle answer, or None.
        codes: each label given, as given, with the place of its level, counted from 0.
        not_answers: labels given that are no answer ("don't know", "n.v.t.", "keine Angabe").
        suspicions: labels that look like a misspelling; they are not in `present` or `codes` until somebody agrees.
    """

    key: str
    language: str
    kind: str
    levels: tuple[str, ...]
    present: tuple[bool, ...]
    neutral: str | None
    codes: tuple[tuple[str, int], ...]
    not_answers: tuple[str, ...]
    suspicions: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class KnownScale:
    """A scale of the dictionary: the usual wording of each level, and the level of each normalised wording."""

    key: str
    kind: str
    language: str
    levels: tuple[str, ...]
    neutral: int | None
    wordings: Mapping[str, int]


def _known(record: Mapping[str, Any]) -> KnownScale:
    wordings: dict[str, int] = {}
    for place, level in enumerate(record["levels"]):
        for wording in level:
            for spelling in spellings(wording):
                if wordings.setdefault(spelling, place) != place:
                    raise ValueError(f"{record['key']} ({record['language']}): {wording!r} stands for two levels")
    levels = tuple(level[0] for level in record["levels"])
    neutral: int | None = record.get("neutral")
    return KnownScale(record["key"], record["kind"], record["language"], levels, neutral, MappingProxyType(wordings))


@cache
def _tables() -> Mapping[str, Any]:
    # read at first use: the dictionary is only needed while a file is imported
    return tomllib.loads(files("lib.catalog").joinpath("data/answers.toml").read_text(encoding="utf-8"))


@cache
def known_scales() -> tuple[KnownScale, ...]:
    """Every scale of the dictionary, in its order."""
    return tuple(_known(record) for record in _tables()["scale"])


@cache
def _non_answers() -> frozenset[str]:
    words = (word for language in _tables()["non_answers"].values() for word in language)
    return frozenset(spelling for word in words for spelling in spellings(word))


def _plain(label: str) -> str:
    """The normalised label without a code in front or behind: "5 = totally agree", "(1) nee", "agree (4)"."""
    return re.sub(r"^\d+ (?=\D)|(?<=\D) \d+$", "", normalise(label))


def is_non_answer(label: str) -> bool:
    """True for "don't know", "not applicable", "weet niet", "n.v.t.", "keine Angabe", a dash, a dot and blanks.

    False for "unknown": in a file that word is an answer.
    """
    plain = _plain(label)
    return not plain or plain in _non_answers()


_NOT_KNOWN = frozenset(
    ("unknown", "onbekend", "unbekannt", "inconnu", "inconnue", "not known", "niet bekend", "ukjent")
)


def not_known(label: str) -> bool:
    """True for "unknown" and its like: an answer of a category, and missing beside yes and no at a time point."""
    return _plain(label) in _NOT_KNOWN


def yes_no(label: str) -> bool | None:
    """True for yes, False for no, in three languages ("ja", "nein", "y", "0", "1", "true"); None for anything else."""
    if label.strip() in {"0", "1", "0.0", "1.0"}:
        return label.strip().startswith("1")
    plain = _plain(label)
    for scale in known_scales():
        if scale.kind == "yes/no" and plain in scale.wordings:
            return scale.wordings[plain] == 1
    return None


_DENYING = frozenset(
    (
        "no", "non", "not", "never", "without", "free", "naive", "off", "stopped", "ceased", "quit", "former", "ex",
        "geen", "niet", "nooit", "zonder", "vrij", "gestopt", "kein", "keine", "keinen", "keiner", "nicht", "nie",
        "ohne", "frei", "abgesetzt", "sans", "pas", "aucun", "aucune", "jamais", "ingen", "inga", "inte", "ikke",
        "uten", "utan", "uden", "senza", "nessun", "nessuna", "sin", "sem",
    )
)  # fmt: skip
_NOTHING = frozenset(
    (
        "no", "not", "without", "geen", "niet", "zonder", "kein", "keine", "keinen", "keinerlei", "nicht", "ohne",
        "sans", "pas", "aucun", "aucune", "ingen", "inga", "inte", "ikke", "uten", "utan", "senza", "nessun",
        "nessuna", "sin", "nie", "never",
    )
)  # fmt: skip


def denies(words: Iterable[str]) -> str:
    """The word of a heading that turns its yes into a no ("no complications", "opioid-free", "gestopt"); '' for none.

    Words are normalised.
    """
    return next((w for w in words if w in _DENYING), "")


def begins_with_none(text: str) -> bool:
    """Whether a normalised text begins with a word for none: "no infection", "geen wondinfectie", "pas de fievre"."""
    return text.partition(" ")[0] in _NOTHING


def _misspelt(plain: str, scale: KnownScale) -> tuple[str, int] | None:
    """The one level a label nearly spells; None when there is none, or more than one."""
    if len(plain) < _SHORTEST_MISSPELLING:
        return None
    near = [(w, place) for w, place in scale.wordings.items() if len(w) > 3 and one_slip_apart(plain, w)]
    return near[0] if len({place for _, place in near}) == 1 else None


def _fit(answers: Mapping[str, str], not_answers: tuple[str, ...], known: KnownScale) -> AnswerScale | None:
    """The labels (each with its normalised form) on one scale of the dictionary.

    None when a label is foreign to it or two wordings share a level.
    """
    levels = list(known.levels)
    wording_of: dict[int, str] = {}
    codes: list[tuple[str, int]] = []
    suspicions: list[Suspicion] = []
    for label, plain in answers.items():
        place = known.wordings.get(plain)
        if place is None:
            near = _misspelt(plain, known)
            if near is None:
                return None
            suspicions.append(Suspicion(label, near[0], near[1]))
            continue
        if place not in wording_of:
            wording_of[place] = plain
            levels[place] = label
        elif wording_of[place] != plain:
            return None
        codes.append((label, place))
    if not codes or len(suspicions) > len(wording_of):
        return None
    return AnswerScale(
        key=known.key,
        language=known.language,
        kind=known.kind,
        levels=tuple(levels),
        present=tuple(place in wording_of for place in range(len(levels))),
        neutral=None if known.neutral is None else levels[known.neutral],
        codes=tuple(codes),
        not_answers=not_answers,
        suspicions=tuple(suspicions),
    )


def _worth(scale: AnswerScale) -> tuple[int, bool]:
    return sum(scale.present), all(scale.present)


_CODE = re.compile(r"-?(?:9|99|999|9999|88|888|77|777)")


def codes_among_words(labels: Sequence[str]) -> frozenset[str]:
    """Codes for "not known" (99) where every other answer is a word; with other numbers they may be answers."""
    numbers = [label for label in labels if re.fullmatch(r"-?\d+(?:[.,]\d+)?", label)]
    some_words = len(numbers) < len(labels)
    return frozenset(numbers if some_words and all(map(_CODE.fullmatch, numbers)) else ())


def candidates(labels: Iterable[str]) -> tuple[AnswerScale, ...]:
    """Every answer scale to which all labels belong, best first: for a menu where `recognise` is not sure.

    Labels are compared without capitals, diacritics, punctuation and a number in front or behind; what is no answer is
    set apart. Order: most labels explained, then every level present, then the order of the data file.
    """
    given = list(dict.fromkeys(str(label).strip() for label in labels))
    codes = codes_among_words(given)
    not_answers = tuple(label for label in given if label and (is_non_answer(label) or label in codes))
    answers = {label: _plain(label) for label in given if not is_non_answer(label) and label not in codes}
    if not answers:
        return ()
    fits = [fit for fit in (_fit(answers, not_answers, known) for known in known_scales()) if fit is not None]
    return tuple(sorted(fits, key=_worth, reverse=True))  # stable: equals keep the order of the data file


def recognise(labels: Iterable[str]) -> AnswerScale | None:
    """The answer scale to which all labels belong; None when none fits, or two kinds fit equally well ("neutral").

    {"agree", "disagree"} is the five-level scale with three answers that nobody gave; all four of "strongly agree" to
    "strongly disagree" are the four-level one. So pass the labels of all statements of one questionnaire together: one
    "neutral" among them decides. See `candidates`.
    """
    fits = candidates(labels)
    if not fits:
        return None
    best = fits[0]
    unsure = any(fit.kind != best.kind and sum(fit.present) == sum(best.present) for fit in fits)
    return None if unsure else best


# How words from a file are compared: without capitals, diacritics, punctuation; and whether two differ by one slip.

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "ı": "i"}
)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def normalise(text: str) -> str:
    """Lower case, no diacritics, no punctuation, single spaces: "Niet-mee  eens!" → "niet mee eens".

    An apostrophe joins ("don't" → "dont") but behind a French or Italian article ("l'opération" → "l operation");
    every other sign separates. A dot between single letters joins ("n.v.t." → "nvt").
    The empty string for a text without letters or digits.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\b(qu|[cdjlmnst])['’`´](?=[^\W\d_]{2})", r"\1 ", plain)
    plain = re.sub(r"['’`´]", "", plain)
    plain = re.sub(r"\b(?:[^\W\d_][./])+[^\W\d_]\b[./]?", lambda match: re.sub(r"[./]", "", match.group()), plain)
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def spellings(text: str) -> frozenset[str]:
    """The normalised text, and the same with umlauts written out: "völlig" → "vollig", "voellig"."""
    written_out = text.casefold().translate(_UMLAUTS)
    return frozenset((normalise(text), normalise(written_out)))


def one_slip_apart(a: str, b: str) -> bool:
    """True when one letter inserted, left out or replaced, or two neighbours swapped, makes `a` into `b`.

    False when they are equal.
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    shorter, longer = sorted((a, b), key=len)
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    rest, other = shorter[start:], longer[start:]
    swapped = len(rest) > 1 and rest[0] == other[1] and rest[1] == other[0] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or swapped
