"""How much room a text needs on a slide, estimated without drawing it: a little too much rather than too little."""

from __future__ import annotations

from collections.abc import Sequence

_NARROW = set("iljtfrI.,:;'’|!()[] \u00a0")
_WIDE = set("mwMWGOQ@%—…")
_NARROWEST = 0.05
LINE_HEIGHT = 1.2
"""Height of a line in font sizes."""


def text_width(text: str, points: float, *, bold: bool = False) -> float:
    """Width of one line in inches."""
    ems = sum(0.33 if c in _NARROW else 0.86 if c in _WIDE else 1.0 if ord(c) > 0x2E80 else _ems(c) for c in text)
    return ems * points / 72 * (1.2 if bold else 1.08)


def _ems(character: str) -> float:
    return 0.7 if character.isupper() else 0.6


def line_count(text: str, width: float, points: float, *, bold: bool = False) -> int:
    """Lines of a text folded at spaces into `width` inches; a longer word is broken."""
    lines, width = 0, max(width, _NARROWEST)  # a column narrower than its margins holds no letter, and no end is found
    for paragraph in text.split("\n"):
        lines += 1
        room = width
        for word in paragraph.split(" "):
            need = text_width(word + " ", points, bold=bold)
            if need > room and room < width:
                lines += 1
                room = width
            while need > width:
                lines += 1
                need -= width
            room -= need
    return lines


def text_height(text: str, width: float, points: float, *, bold: bool = False) -> float:
    """Height in inches of the folded text."""
    return line_count(text, width, points, bold=bold) * points * LINE_HEIGHT / 72


AFTER = 0.45
"""Space after a paragraph in font sizes."""


def stack(lines: Sequence[str], width: float, points: float) -> float:
    """Height in inches of paragraphs in a text box of that width, its margins included."""
    return sum(text_height(line, width - 0.2, points) + points * AFTER / 72 for line in lines) + 0.1


def spread(lines: Sequence[str], width: float, height: float, points: float) -> list[list[str]]:
    """Paragraphs on as few pages of that height as hold them, the pages as even as paragraphs allow."""

    def filled(room: float) -> list[list[str]]:
        pages: list[list[str]] = [[]]
        for line in lines:
            if pages[-1] and stack([*pages[-1], line], width, points) > room:
                pages.append([])
            pages[-1].append(line)
        return pages

    fewest, room = len(filled(height)), height
    while room > 0 and len(filled(room - 0.1)) == fewest:
        room -= 0.1
    return filled(room)


def fitting(text: str, width: float, height: float, sizes: tuple[float, ...], *, bold: bool = False) -> float:
    """The largest of `sizes` (descending) at which the text fits, else the smallest."""
    return next((s for s in sizes if text_height(text, width, s, bold=bold) <= height), sizes[-1])


def cut_to_fit(text: str, width: float, height: float, points: float, *, bold: bool = False) -> str:
    """The text, its end replaced by … where it would not fit."""
    if text_height(text, width, points, bold=bold) <= height:
        return text
    words = text.split(" ")
    while len(words) > 1 and text_height(" ".join(words) + " …", width, points, bold=bold) > height:
        words.pop()
    first_words = " ".join(words)
    while len(first_words) > 1 and text_height(first_words + "…", width, points, bold=bold) > height:
        first_words = first_words[:-1]
    return first_words.rstrip(" ,;:") + "…"
