"""What a cell under "complications" says: an event, that there was none, that nobody knows, or something in doubt."""

from __future__ import annotations

import re

from lib.catalog import answers
from lib.catalog.answers import normalise
from lib.importing.columns.dates import read_day

NO_EVENT_WORDS = frozenset(
    (
        "none", "no", "nil", "nee", "geen", "keine", "kein", "nein", "0", "uneventful", "geen complicatie", "non",
        "geen complicaties", "no complication", "no complications", "keine komplikation", "keine komplikationen",
        "no adverse event", "no adverse events", "aucune", "n a", "na", "nvt", "false", "unchecked", "none reported",
        "uncomplicated", "unremarkable", "nihil", "no ae", "no aes", "no event", "no events", "g b", "gb", "geen b",
        "geen bijzonderheden", "bijzonderheden geen", "ongecompliceerd", "zonder complicaties", "keine besonderheiten",
        "keine besonderheit", "o b", "ohne befund", "komplikationslos", "unkompliziert", "without complications",
        "none known", "nothing", "niets", "rien", "aucun", "nothing to report", "no complaints", "not applicable",
        "event free", "normal", "no sae", "geen ae", "none observed", "no issues", "geen problemen", "neen", "ninguna",
        "ninguno", "sin complicaciones", "sans complication", "nessuna", "ingen", "ingen komplikation",
        "ob", "ras", "neant", "rien a signaler", "sans particularite", "aucune complication", "pas de complication",
        "sans", "aucun evenement", "nul", "zonder", "ohne", "inga", "ingen komplikasjon", "nessun",
        "nessuna complicanza", "sin complicacion", "keine auffalligkeiten", "unauffallig", "ongestoord", "gb beloop",
        "ongestoord beloop", "no adverse events reported", "nothing reported", "without complication",
        "no postoperative complications", "no perioperative complications", "course uneventful", "uneventful course",
    )
)  # fmt: skip
UNKNOWN_EVENT = frozenset(
    (
        "unknown", "onbekend", "unbekannt", "inconnu", "not known", "niet bekend", "nicht bekannt", "ukendt", "okand",
        "not recorded", "missing", "not documented", "niet ingevuld", "don t know", "weet niet", "nicht dokumentiert",
        "lost to follow up", "no information", "geen informatie", "keine angabe", "keine angaben", "unclear", "unk",
    )
)  # fmt: skip
"""Nobody knows whether there was one: missing, not an event and not the absence of one."""
EVENT_WORD = re.compile(
    r"infe[ck]t|h(?:a|ä|ae|é|e)matom|blut|bloed|bleed|nerve|zenuw|nerv|fractur|fraktur|thrombos|trombose|embol|dehisc|leak"
    r"|lekkage|injur|letsel|verletz|sepsis|delir|pneumon|stroke|beroerte|ileus|necros|seroma|seroom|luxati|dislocat"
    r"|malposition|death|overleden|readmission|heropname|reoperat|revisi|wound|wond|wund|dvt|uti\b|\blong?embol",
    re.IGNORECASE,
)
EVENT_IN_GENERAL = re.compile(
    r"compli[ck]|komplikat|event|evenement|\baes?\b|problem|issue|bijzonder|besonder|auffallig|klacht|beschwerd|reactie",
    re.IGNORECASE,
)
IN_DOUBT = re.compile(
    r"\?\s*$|^\s*r/o\b|\b(?:rule[ds]? out|possibl[ey]|probabl[ey]|suspect\w*|suspicion|suspicious|questionable|doubtful"
    r"|not confirmed|unconfirmed|mogelijk\w*|verdenking|verdacht|waarschijnlijk|uitgesloten|ausgeschlossen"
    r"|v\.\s?a\.|dd)\b",
    re.IGNORECASE,
)
"""A cell that does not say whether it happened: "infection?", "r/o DVT", "Verdacht auf Infektion"."""
SAYS_YES = re.compile(r"^(?:yes|ja|oui|si|y|j)\s*[-–,:;(/]\s*(?=\S)", re.IGNORECASE)
PERHAPS_SEVERAL = re.compile(r"[;,+&/]|\b(?:and|en|und)\b")


def unknown_event(text: str) -> bool:
    """Whether a cell says that nobody knows what happened, or only on which day."""
    return normalise(text) in UNKNOWN_EVENT or read_day(text) is not None


def no_event(text: str) -> bool:
    """Whether a cell says that nothing happened: "none", and "no infection" where it is one of the known events.

    "No union" and "no fusion" are events: a word for none in front of anything else is no answer to that.
    """
    plain = normalise(text)
    if plain in NO_EVENT_WORDS:
        return True
    known = EVENT_WORD.search(text) or EVENT_IN_GENERAL.search(plain)
    return answers.begins_with_none(plain) and bool(known) and len(PERHAPS_SEVERAL.split(text)) == 1


def event_in_doubt(text: str) -> bool:
    """Whether a cell names an event without saying that it happened, or begins with a word for none: "infection?"."""
    if no_event(text) or unknown_event(text) or answers.is_non_answer(text):
        return False
    return IN_DOUBT.search(text) is not None or answers.begins_with_none(normalise(text))


def without_yes(text: str) -> str:
    """ "Yes, infection" and "ja (Infektion)" name the infection."""
    named = SAYS_YES.sub("", text)
    return named.rstrip(")") if named != text and "(" not in named else named
