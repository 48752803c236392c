"""A number with words around it ("ca. 6", "7 cm", "8/10", "7*"): the number that was plainly meant, or none.

Never made without consent. "7-8" and ">5" have no one number and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
