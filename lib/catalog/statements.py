"""Statements patients answer after surgery: the seven of the paper, and how a heading or question is known to be one.

Texts stand in `data/statements.toml`, in our own words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from lib.catalog.answers import normalise


@dataclass(frozen=True, slots=True)
class Theme:
    """A known statement. For each, agreeing is the favourable answer.

    Attributes:
        key: "complaints_reduced", "would_recommend" …
        labels: short label per language, for a bar.
        statements: the statement in full per language.
        phrases: per language, words that together name it in a heading.
    """

    key: str
    labels: Mapping[str, str]
    statements: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]


def _load() -> tuple[Theme, ...]:
    tables = tomllib.loads(files("lib.catalog").joinpath("data/statements.toml").read_text(encoding="utf-8"))
    return tuple(
        Theme(
            key=record["key"],
            labels=MappingProxyType(dict(record["labels"])),
            statements=MappingProxyType(dict(record["statements"])),
            phrases=MappingProxyType({language: tuple(words) for language, words in record["phrases"].items()}),
        )
        for record in tables["theme"]
    )


THEMES: tuple[Theme, ...] = _load()
"""In the order of the paper's figure."""


def _words_matched(phrase: str, words: list[str]) -> int:
    """How many words the phrase has when each begins a word of the text, else 0."""
    wanted = phrase.split()
    return len(wanted) if all(any(word.startswith(want) for word in words) for want in wanted) else 0


def recognise_theme(text: str) -> Theme | None:
    """The known statement a column heading or question text is about, or None.

    The phrase with the most words wins; among equals the theme named first. Not one that denies it ("I am not
    satisfied") nor one about something else ("satisfied with the waiting time").
    """
    words = normalise(text).split()
    if _speaks_of_another(words) or worded_in_reverse(text):
        return None
    worth = [
        max(_words_matched(phrase, words) for phrases in theme.phrases.values() for phrase in phrases)
        for theme in THEMES
    ]
    best = max(worth)
    return THEMES[worth.index(best)] if best else None


# What a statement can be about that is not the operation and its result; beginnings of words, as below.
_ANOTHER = (
    *(
        "wait",
        "nurs",
        "partner",
        "staff",
        "doctor",
        "surgeon",
        "physician",
        "service",
        "care",
        "food",
        "parking",
        "room",
    ),
    *(
        "information",
        "relation",
        "sexual",
        "body",
        "appearance",
        "scar",
        "sleep",
        "family",
        "job",
        "income",
        "communicat",
    ),
    *(
        "wacht",
        "verple",
        "arts",
        "chirurg",
        "zorg",
        "hulp",
        "bejeg",
        "kamer",
        "eten",
        "parke",
        "informatie",
        "relaties",
    ),
    *("lichamelijke", "sociale", "communicatie", "slaap", "uiterlijk", "litteken", "gezin", "inkomen", "behandelaar"),
    *(
        "warte",
        "pfleg",
        "arzt",
        "betreuung",
        "essen",
        "zimmer",
        "aufklarung",
        "beziehung",
        "schlaf",
        "narbe",
        "familie",
    ),
)


def _speaks_of_another(words: Sequence[str]) -> bool:
    return any(word.startswith(_ANOTHER) for word in words)


# Words by which a statement is seen to be worded the other way round: whoever agrees with it is worse off.

# Beginnings of words, normalised; English, Dutch, German, French, Norwegian, Swedish, Italian. Only words that turn a
# statement by themselves: "pain" or "complaints" stand in favourable statements too ("my complaints are reduced").
_UNFAVOURABLE = (
    *("regret", "disappoint", "dissatisf", "unsatisf", "unhappy", "worse", "deteriorat", "useless", "pointless"),
    *("spijt", "teleurgesteld", "teleurstell", "ontevreden", "slechter", "verslechter", "verergerd", "zinloos"),
    *("bereu", "enttausch", "enttaeusch", "unzufrieden", "schlechter", "verschlechter", "verschlimmer", "sinnlos"),
    *("regrett", "decu", "insatisf", "mecontent", "pire", "aggrav", "inutile"),
    *("angre", "angra", "skuff", "besvik", "misforn", "missnoj", "darligere", "verre", "samre"),
    *("pento", "pentit", "delus", "insoddisf", "peggio"),
)
_FAVOURABLE = (
    *("again", "recommend", "benefi", "satisf", "improv", "better", "help", "worth"),
    *("opnieuw", "nogmaals", "aanbevel", "aanrad", "tevreden", "verbeter", "beter", "geholpen"),
    *("wieder", "noch einmal", "empfehl", "zufrieden", "verbesser", "besser", "geholfen"),
    *("nouveau", "referai", "recommand", "amelior", "mieux"),
    *("igjen", "igen", "anbefal", "rekommend", "fornoyd", "nojd", "bedre", "battre", "forbedr", "forbattr"),
    *("nuovo", "raccomand", "consigli", "soddisf", "miglior", "meglio"),
)
_FREQUENCY = frozenset({"often", "frequently", "vaak", "oft", "haufig"})
_NEEDED = ("need", "pain", "complain", "nodig", "pijn", "klacht", "benotig", "brauch", "schmerz", "beschwerd")
_NEGATIONS = frozenset(
    {
        "not",
        "never",
        "wouldnt",
        "dont",
        "didnt",
        "arent",
        "isnt",
        "cannot",
        "cant",
        "niet",
        "nooit",
        "nicht",
        "nie",
        "niemals",
        "ikke",
        "aldri",
        "inte",
        "aldrig",
        "non",
    }
)
_FRENCH_NOT = frozenset({"ne", "n"}), frozenset({"pas", "jamais", "plus"})
"""Both parts: "pas" alone is a Dutch "only"."""


def worded_in_reverse(text: str) -> bool:
    """Whether a statement's words say that agreeing is unfavourable ("I regret the surgery", "Ich bereue …").

    An unfavourable word that is denied ("I do not regret …") is favourable, a favourable one that is denied ("I would
    not have the surgery again") unfavourable. A suspicion to show, never a change to make silently.
    """
    words = normalise(text).split()
    if _FREQUENCY & set(words) and any(word.startswith(_NEEDED) for word in words):
        return True
    denied = any(word in _NEGATIONS for word in words) or all(part & set(words) for part in _FRENCH_NOT)
    if any(word.startswith(_UNFAVOURABLE) for word in words):
        return not denied
    return denied and any(word.startswith(_FAVOURABLE) for word in words)
