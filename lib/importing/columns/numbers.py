"""Text → number: decimal points and commas, thousands marks, and what is not a number at all.

`7,5` is 7.5 and never 5 or 75. Only one form is open to two readings: one mark with exactly three digits behind it
(`1,234`). It is decided by the other values of the column, then by the other columns; the caller reports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_DECIMALS = 6
SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\u2002\u2003"), " ")
MINUS = dict.fromkeys(map(ord, "−–‒﹣－"), "-")
PLAIN = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
GROUPED = re.compile(r"^([+-]?\d{1,3}(?:[ '’]\d{3})+)(?:[.,](\d+))?$")
BOTH = re.compile(r"^[+-]?\d{1,3}(?:([.,])\d{3})*([.,])\d+$")
ONE_MARK = re.compile(r"^([+-]?\d*)([.,])(\d+)$")
MANY = re.compile(r"^[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+$")
SCIENTIFIC = re.compile(r"^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}$")
NEVER = re.compile(r"[A-DF-Za-df-z:/]|[0-9]-")
"""In no number, however it is written: told at once, because a column of ids or dates has a text per patient."""

MISSING_WORDS = frozenset(
    (
        "na", "n/a", "n.a.", "n.a", "#n/a", "#n/b", "#nv", "#div/0!", "#value!", "#waarde!", "#wert!", "#ref!", "#num!",
        "#name?", "nan", "<na>", "null", ".", "..", "-", "--", "---", "*", "**", "?", "??", "missing", "mis", "miss",
        "leeg", "ontbreekt", "fehlt", "fehlend", "k.a.", "ka", "k/a", "keine angabe", "nd", "n.d.", "n/d", "nb", "n.b.",
        "not done", "niet gedaan", "niet ingevuld", "geen antwoord", "no answer", "[not completed]", "nvt", "n.v.t.",
        "n.v.t", "not applicable", "niet van toepassing", "entf.", "entfällt", "x.x", "nr", "n.r.", "not recorded",
        "not available", "niet beschikbaar", "nicht verfügbar",
    )
)  # fmt: skip
NUMERIC_CODES = (
    9,
    99,
    999,
    9999,
    88,
    888,
    8888,
    77,
    777,
    -1,
    -2,
    -7,
    -8,
    -9,
    -88,
    -95,
    -96,
    -97,
    -98,
    -99,
    -888,
    -999,
    -9999,
    99999,
)


def is_missing_word(text: str) -> bool:
    """True for "NA", "n/a", "*", ".", "not done", "fehlt" …; never for "Unknown", which is an answer."""
    return (text if text.isascii() else text.translate(SPACES)).strip().lower() in MISSING_WORDS


@dataclass(frozen=True, slots=True)
class Read:
    """One number as read: its value, its decimals, and whether the text could also mean another number."""

    value: float
    decimals: int
    open_to_two: bool = False


def read_number(text: str, decimal: str = ".", point_is_decimal: bool = False) -> Read | None:
    """The number a cell holds, or None.

    Args:
        text: the cell; spaces around it, a percent sign and a leading apostrophe are ignored.
        decimal: how `1,234` and `1.234` are taken: the mark that is decimal in this column.
        point_is_decimal: the format writes numbers with a point (Excel, SPSS), so `1.234` is never 1234.
    """
    if PLAIN.match(text) and (point_is_decimal or "." not in text):
        return Read(float(text), _decimals(text.partition(".")[2]))
    if NEVER.search(text):
        return None
    clean = (text if text.isascii() else text.translate(SPACES).translate(MINUS)).strip().strip("'\"").strip()
    if clean.endswith("%"):
        clean = clean[:-1].rstrip()
    if clean[:2] in ("- ", "+ "):
        clean = clean[0] + clean[2:]
    if re.fullmatch(r"[+-]?\d+", clean):
        return Read(float(clean), 0)
    if found := GROUPED.match(clean):
        whole = re.sub(r"[ '’]", "", found.group(1))
        return _read(whole, found.group(2) or "")
    if found := ONE_MARK.match(clean):
        return _one_mark(found.group(1), found.group(2), found.group(3), decimal, point_is_decimal)
    if found := MANY.match(clean):
        return _read(clean.replace(found.group(1), ""), "")
    if (found := BOTH.match(clean)) and found.group(1) and found.group(1) != found.group(2):
        whole, _, fraction = clean.rpartition(found.group(2))
        return _read(whole.replace(found.group(1), ""), fraction)
    if SCIENTIFIC.match(clean):
        value = float(clean.replace(",", "."))
        return Read(value, _decimals(format(value, "f").rstrip("0").partition(".")[2])) if np.isfinite(value) else None
    return None


def _one_mark(whole: str, mark: str, fraction: str, decimal: str, point_is_decimal: bool) -> Read:
    digits = whole.lstrip("+-")
    could_be_thousands = len(fraction) == 3 and 1 <= len(digits) <= 3 and digits.lstrip("0") != "" and digits[0] != "0"
    if not could_be_thousands or (mark == "." and point_is_decimal):
        return _read(whole or "0", fraction)
    if mark == decimal:
        read = _read(whole, fraction)
        return Read(read.value, read.decimals, open_to_two=True)
    return Read(float(whole + fraction), 0, open_to_two=True)


def _read(whole: str, fraction: str) -> Read:
    whole = whole if whole not in ("+", "-") else whole + "0"
    return Read(float(f"{whole}.{fraction}" if fraction else whole), _decimals(fraction))


def _decimals(fraction: str) -> int:
    return min(len(fraction.rstrip("0")), MOST_DECIMALS)


@dataclass(frozen=True, slots=True)
class Marks:
    """How many values can only be read with a comma as decimal mark, how many with a point, how many with both."""

    comma: int = 0
    point: int = 0
    open_to_two: int = 0

    def __add__(self, other: Marks) -> Marks:
        return Marks(self.comma + other.comma, self.point + other.point, self.open_to_two + other.open_to_two)


def marks(texts: Iterable[str]) -> Marks:
    """Evidence for the decimal mark in some cells."""
    comma = point = unsure = 0
    for text in texts:
        if "," not in text and "." not in text:
            continue
        clean = text.translate(SPACES).translate(MINUS).strip().rstrip("%").rstrip()
        if found := ONE_MARK.match(clean):
            if _one_mark(found.group(1), found.group(2), found.group(3), ".", False).open_to_two:
                unsure += 1
            elif found.group(2) == ",":
                comma += 1
            else:
                point += 1
        elif found := GROUPED.match(clean):
            comma += "," in clean
            point += "." in clean
        elif (found := BOTH.match(clean)) and found.group(1) and found.group(1) != found.group(2):
            comma += found.group(2) == ","
            point += found.group(2) == "."
        elif found := MANY.match(clean):
            # 1.234.567: the point is a thousands mark, so the comma is the decimal one
            comma += found.group(1) == "."
            point += found.group(1) == ","
    return Marks(comma, point, unsure)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The distinct texts of a column read as numbers, aligned to its levels.

    Attributes:
        values: float64 per level, NaN where it is blank or no number.
        is_number: per level.
        decimals: most decimals of any number (at most 6).
        not_numbers: filled levels that are neither numbers nor missing words ("7-8", "pain").
        missing_words: levels that say the value is missing ("n/a").
        open_to_two: levels such as "1,234" that the decimal mark had to decide.
    """

    values: NDArray[np.float64]
    is_number: NDArray[np.bool_]
    decimals: int
    not_numbers: tuple[str, ...]
    missing_words: tuple[str, ...]
    open_to_two: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything is a number."""
        return bool(self.is_number.any())


def read_numbers(levels: Sequence[str], decimal: str = ".", point_is_decimal: bool = False) -> Numbers:
    """Every level as a number; see `read_number` for the arguments."""
    if len(levels) >= LARGE:
        fast = _plain_numbers(levels, point_is_decimal or decimal == ".") or _no_numbers(levels)
        if fast is not None:
            return fast
    values = np.full(len(levels), np.nan)
    most = 0
    not_numbers: list[str] = []
    missing: list[str] = []
    unsure: list[str] = []
    for index, text in enumerate(levels):
        if not text or text.isspace():
            continue
        read = read_number(text, decimal, point_is_decimal)
        if read is None:
            (missing if is_missing_word(text) else not_numbers).append(text)
            continue
        values[index] = read.value
        most = max(most, read.decimals)
        if read.open_to_two:
            unsure.append(text)
    return Numbers(values, ~np.isnan(values), most, tuple(not_numbers), tuple(missing), tuple(unsure))


LARGE = 2_000
"""From so many different texts on, the usual way of writing is tried for all of them at once."""


def _plain_numbers(levels: Sequence[str], point: bool) -> Numbers | None:
    """Many distinct plain numbers at once; None when there is anything to decide."""
    blank = levels.index("") if "" in levels else -1
    texts = [t for t in levels if t] if blank >= 0 else list(levels)
    joined = " ".join(texts)
    if not re.fullmatch(r"[0-9. -]*", joined) or ("." in joined and not point):
        return None
    try:
        read = np.array(texts, dtype=np.float64)
    except ValueError:
        return None
    fractions = {len(t) - t.rfind(".") - 1 for t in texts if "." in t}
    if 3 in fractions and len(fractions) == 1:
        return None  # every value like 1.234: two readings, to be decided and reported one by one
    most = max((len(t.partition(".")[2].rstrip("0")) for t in texts if "." in t), default=0)
    values = np.full(len(levels), np.nan)
    keep = np.ones(len(levels), dtype=bool)
    if blank >= 0:
        keep[blank] = False
    values[keep] = read
    return Numbers(values, keep, min(most, MOST_DECIMALS), (), (), ())


def _no_numbers(levels: Sequence[str]) -> Numbers | None:
    """Many distinct texts of which none can be a number, such as ids; None when one might be."""
    filled = [t for t in levels if t and not t.isspace()]
    if not all(map(NEVER.search, filled)) or not all(map(str.isascii, filled)):
        return None
    missing = tuple(filter(is_missing_word, filled)) if _some_missing_word(filled) else ()
    not_numbers = tuple(t for t in filled if t not in missing) if missing else tuple(filled)
    return Numbers(np.full(len(levels), np.nan), np.zeros(len(levels), dtype=bool), 0, not_numbers, missing, ())


def _some_missing_word(texts: Iterable[str]) -> bool:
    return not MISSING_WORDS.isdisjoint(map(str.strip, map(str.lower, texts)))


# A number with words around it ("ca. 6", "7 cm", "8/10", "7*"): the number that was plainly meant, or none.
#
# Never made without consent. "7-8" and ">5" have no one number and stay as they are.

NUMBER = r"([+-]?\d+(?:[.,]\d+)?)"
ABOUT = re.compile(
    rf"^(?:ca\.?|circa|c\.|±|\+/-|~|≈|ongeveer|ong\.?|about|approx\.?|approximately|etwa|ungefähr|rund)\s*{NUMBER}$",
    re.IGNORECASE,
)
OUT_OF = re.compile(rf"^{NUMBER}\s*(?:/|van|von|of|out of|uit)\s*(\d+)$", re.IGNORECASE)
MARKED = re.compile(rf"^(?:{NUMBER}\s*\*+|\*+\s*{NUMBER})$")
UNIT = re.compile(
    rf"^{NUMBER}\s*(cm|mm|kg/m2|kg/m²|kg|m|points?|pts?|punten|punkte|jaar|jr|years?|yrs?|yr|jahre?|min|minuten|minutes"
    r"|ml|cc|dagen|days|tage|uur|hours?|h)\.?$",
    re.IGNORECASE,
)
POINTS = frozenset(("point", "points", "pt", "pts", "punten", "punkte"))
UNIT_OF_END = {10.0: frozenset(("cm", *POINTS)), 100.0: frozenset(("mm", *POINTS))}
"""A visual analogue scale of 0–10 is measured in centimeters, one of 0–100 in millimeters."""


def meant(texts: Iterable[str], top: float | None) -> dict[str, str]:
    """Text → the number in it, for those with one plain meaning.

    Args:
        texts: cells that are no numbers. top: upper end of the score's scale, None for other numbers.
    """
    texts = list(texts)
    units = {found.group(2).lower() for t in texts if (found := UNIT.match(t.strip()))}
    read = {t: _one(t.strip(), top, one_unit=len(units) == 1) for t in texts}
    return {t: number for t, number in read.items() if number}


def _one(text: str, top: float | None, one_unit: bool) -> str:
    if found := ABOUT.match(text):
        return found.group(1)
    if found := MARKED.match(text):
        return found.group(1) or found.group(2)
    if (found := OUT_OF.match(text)) and top is not None and float(found.group(2)) == top:
        return found.group(1)
    if found := UNIT.match(text):
        known = UNIT_OF_END.get(top, POINTS) if top is not None else None
        fits = one_unit if known is None else found.group(2).lower() in known
        return found.group(1) if fits else ""
    return ""
