"""Ordered answer scales in English, Dutch and German, and the statements they answer.

Recognition never merges silently: a label one letter away from a known answer is reported as a suspicion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Meaning = Literal["missing", "not applicable", "yes", "no"]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A label that is one edit away from a known answer ("agre" for "agree")."""

    label: str
    meant: str


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """An ordered scale of answers.

    Attributes:
        key: "agreement_5", "satisfaction_5", "global_change_7", "frequency_5", "yes_no" …
        language: "en", "nl" or "de".
        kind: "agreement", "satisfaction", "frequency", "change", "quality", "yes/no".
        levels: the answers from most negative to most positive, spelled as the file spells them where it has them.
        present: which levels occur among the labels given (same order as `levels`).
        neutral: the middle answer, or None.
        not_answers: labels given that are no answer ("don't know", "n.v.t.", "keine Angabe").
        suspicions: labels that look like a misspelling; they are not in `present` until somebody agrees.
    """

    key: str
    language: str
    kind: str
    levels: tuple[str, ...]
    present: tuple[bool, ...]
    neutral: str | None
    not_answers: tuple[str, ...]
    suspicions: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A known statement: `key`, short label per language, words that all occur in a text about it."""

    key: str
    labels: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]


THEMES: tuple[Theme, ...] = ()


def normalise(text: str) -> str:
    """Lower case, no diacritics, no punctuation, single spaces: the form in which answers are compared."""
    raise NotImplementedError


def recognise(labels: Iterable[str]) -> AnswerScale | None:
    """The answer scale to which all labels belong, or None when none fits or the labels are no answers."""
    raise NotImplementedError


def is_non_answer(label: str) -> bool:
    """True for "don't know", "not applicable", "weet niet", "n.v.t.", "keine Angabe" and the like."""
    raise NotImplementedError


def yes_no(label: str) -> bool | None:
    """True for yes, False for no, in three languages ("ja", "nein", "y", "0", "1"); None for anything else."""
    raise NotImplementedError


def recognise_theme(text: str) -> Theme | None:
    """The known statement a column heading or question text is about, or None."""
    raise NotImplementedError
