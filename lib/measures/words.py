"""How words from a file are compared: without capitals, diacritics, punctuation; and whether two differ by one slip."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "ł": "l", "ı": "i"})

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def normalise(text: str) -> str:
    """Lower case, no diacritics, no punctuation, single spaces: "Niet-mee  eens!" → "niet mee eens".

    An apostrophe joins ("don't" → "dont"), every other sign separates. A dot between single letters joins ("n.v.t." →
    "nvt"). The empty string for a text without letters or digits.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
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
