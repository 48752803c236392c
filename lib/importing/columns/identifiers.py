"""Who is who stays outside: finds columns that point to a person, by heading and content; turns ids into hashes."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stdnum.nl import bsn

from lib.importing.columns.lexicon import fit_identifier, identifier_words
from lib.importing.columns.profile import Profile

SALT = secrets.token_bytes(16)
"""New in every process: hashes join a second file of the same session and are worth nothing afterwards."""
_SALTED = hashlib.blake2b(digest_size=12, key=SALT)

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", re.IGNORECASE)
PHONE = re.compile(r"^(?=(?:.*\d){9})(?!(?:.*\d){16})(?=.*(?:^\+|^0\d|^\(|[ \-/()]))[+(]?[\d][\d\s\-/().]{7,}$")
POSTCODE = re.compile(r"^[1-9]\d{3} ?[A-Z]{2}$|^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$")
STREET = re.compile(
    r"(?:straat|weg|laan|plein|gracht|kade|stra(?:ss|ß)e|\bstr\b\.?|street|\bst\b\.?|road|avenue|lane|\brue\b).*\d"
    r"|^\d+\w? .*(?:street|\bst\b|road|avenue|lane|\bway\b|drive|rue|boulevard|blvd)",
    re.IGNORECASE,
)
NAME = re.compile(
    r"^(?:[A-ZÀ-Þ]\.?\s?){0,4}[A-ZÀ-Þ][a-zà-ÿ'’-]+"
    r"(?:[ ,]+(?:van|de|der|den|von|zu|ten|ter|la|le)?\s*[A-ZÀ-Þ][a-zà-ÿ'’-]+)+$"
)
ADDRESS_OF_MACHINE = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}$")
EXAMINED = 500
LEAST_SHARE = 0.8
LONG_TEXT = 40


@dataclass(frozen=True, slots=True)
class Suspect:
    """Why a column is taken to identify persons: the kind, and the reason in words."""

    kind: str
    reason: str

    @property
    def words(self) -> str:
        """ "an e-mail address", "free text" …"""
        return identifier_words().get(self.kind, "a person")


def is_bsn(text: str) -> bool:
    """Whether a text is a Dutch citizen service number by its check digit (python-stdnum), of 8 or 9 digits.

    111222333 is one, 123456789 is not; python-stdnum alone would also take 5-digit numbers and 2024-03-14.
    """
    return re.fullmatch(r"\d{8,9}", re.sub(r"[ .]", "", text)) is not None and bsn.is_valid(text)


def hash_ids(texts: Iterable[str]) -> list[str]:
    """The salted hashes under which patients are known for the rest of this session; equal ids give equal hashes."""
    start = _SALTED.copy
    hashes = []
    for text in texts:
        salted = start()
        salted.update(text.strip().encode("utf-8", "replace"))
        hashes.append(salted.hexdigest())
    return hashes


def suspect_by_name(stem: str) -> Suspect | None:
    """A heading (normalised) that says the column identifies persons."""
    fit = fit_identifier(stem)
    return Suspect(fit.key, f'the heading says "{fit.phrase}"') if fit else None


BY_CONTENT: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", lambda t: bool(EMAIL.match(t))),
    ("national_number", is_bsn),
    ("phone", lambda t: bool(PHONE.match(t)) and not re.match(r"^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}", t)),
    ("address", lambda t: bool(POSTCODE.match(t)) or bool(STREET.search(t)) or bool(ADDRESS_OF_MACHINE.match(t))),
    ("name", lambda t: bool(NAME.match(t))),
)


def suspect_by_content(profile: Profile, n: int) -> Suspect | None:
    """A column whose values look like e-mail addresses, BSNs, telephone numbers, addresses, names or free text."""
    texts = [t.strip() for t in profile.levels[:EXAMINED]]
    if not texts:
        return None
    if profile.column.labels and all(t in profile.column.labels for t in texts):
        return None
    for kind, looks in BY_CONTENT:
        hits = sum(1 for t in texts if looks(t))
        enough = hits >= (0.9 if kind == "name" else LEAST_SHARE) * len(texts)
        if kind == "name" and (len(texts) < 5 or profile.distinct <= 0.8 * profile.filled):
            continue  # "Ehlers Danlos" looks like a name too, but several patients have it
        if kind == "national_number" and enough and (profile.dated > 0.5 or not _all_of_nine(texts)):
            continue  # 20240314 passes the test, and is a day
        if enough:
            return Suspect(kind, f"{hits} of {len(texts)} different values look like {identifier_words()[kind]}")
    return _free_text(texts, profile)


def _all_of_nine(texts: Sequence[str]) -> bool:
    return all(len(re.sub(r"\D", "", t)) in (8, 9) for t in texts)


def _free_text(texts: Sequence[str], profile: Profile) -> Suspect | None:
    if profile.numeric > 0.5 or profile.distinct < 3:
        return None
    long = sum(1 for t in texts if len(t) >= LONG_TEXT and " " in t)
    if long >= 0.5 * len(texts) and profile.distinct > 0.5 * profile.filled:
        return Suspect("free_text", "nearly every patient has a text of his own")
    return None


# One patient written in two ways: 001 and 1.

MARKS = re.compile(r"[\s._/\\-]+")


def likeness(text: str) -> str:
    """What two writings of one number share: "P-007 ", "p007" and "P 7" are alike; so are "12" and "12.0"."""
    plain = MARKS.sub("", re.sub(r"^(\d+)[.,]0+$", r"\1", text.strip()).casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain)


def alike(tables: Sequence[Iterable[str]]) -> tuple[dict[str, str], int]:
    """(writing → writing in the first table that has it, ambiguous writings).

    Only one-to-one: where a table itself has two writings that look alike, they are two patients.
    """
    per_table: list[dict[str, set[str]]] = []
    for texts in tables:
        writings: dict[str, set[str]] = {}
        for text in texts:
            writings.setdefault(likeness(text), set()).add(text)
        per_table.append(writings)
    same: dict[str, str] = {}
    ambiguous = 0
    for shape in dict.fromkeys(s for writings in per_table for s in writings):
        own = [writings.get(shape, set()) for writings in per_table]
        everything = [t for texts in own for t in sorted(texts)]
        if len(set(everything)) < 2:
            continue
        if any(len(texts) > 1 for texts in own):
            ambiguous += sum(bool(texts) for texts in own) > 1
            continue
        same |= {t: everything[0] for texts in own for t in texts if t != everything[0]}
    return same, ambiguous


def alike_words(n: int) -> str:
    """What is said of n numbers that are written in another way at another time point."""
    return (
        f"{n:,} number{' differs' if n == 1 else 's differ'} from a number of another table only in leading zeros, "
        "spaces, capitals or marks (001 and 1)."
    )
