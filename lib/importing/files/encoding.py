"""Bytes of a text file → text: byte order marks, UTF-8, UTF-16, and the old one-byte encodings told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib.importing.findings import Finding, Severity, quoted_list, refuse

BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
MOST_JUDGED = 400_000
ONE_BYTE = ("cp1252", "mac_roman", "cp850", "iso8859_15")
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows Western European (cp1252)",
    "mac_roman": "Macintosh Roman",
    "cp850": "DOS Western European (cp850)",
    "iso8859_15": "ISO 8859-15",
}
# Letters that occur in Dutch, German, French, Spanish and Scandinavian names and headings, and the signs of a cohort
# file. The right one-byte encoding turns nearly all high bytes into these.
LIKELY = {
    **dict.fromkeys("éüöäëèïß", 3.0),
    **dict.fromkeys("çñáíóúåøæêàâôûîœ€°±µ²–’", 2.0),
    **dict.fromkeys("ìòõùãÉÈËÏÖÜÄÅØÇÑ³½—‘“”…≥≤§«»\u00a0", 1.0),
}
LETTERS_INSIDE = re.compile(r"[a-zß-ÿ]([^\x00-\x7f])(?=[a-z])")
UTF7_MARK = (b"+/v8", b"+/v9", b"+/v+", b"+/v/")
UTF7_SIGN = re.compile(rb"\+A[A-P][A-Za-z0-9+/]{1,6}-")
# UTF-8 read as cp1252 and saved again: é becomes Ã©. These pairs do not occur in words.
MOJIBAKE = ("Ã©", "Ã«", "Ã¨", "Ã¯", "Ã¶", "Ã¼", "Ã¤", "Ã¡", "Ã³", "Ã±", "Ã§", "Ã\u00ad", "ÃŸ", "â€™", "â€“", "Â°", "Â±")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read with (a codec name), and what to tell the user."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


def decode(data: bytes, encoding: str = "") -> Decoded:
    """The text of a file. `encoding` overrides detection. Raises ImportProblem when it is not text."""
    if encoding:
        return _decode_as(data, encoding)
    for bom, codec in BOMS:
        if data.startswith(bom):
            return _checked(_strictly(data, codec), codec)
    wide = _utf16_without_bom(data)
    if wide:
        return _checked(_strictly(data, wide), wide)
    if _binary(data):
        raise refuse(
            "not_a_table",
            "This file is not text and not one of the formats that can be read. "
            "Save it as .xlsx, .csv or .sav and upload that.",
        )
    if data.startswith(UTF7_MARK) or (data.isascii() and len(UTF7_SIGN.findall(data[:MOST_JUDGED])) >= 3):
        raise refuse(
            "encoding",
            "The text is encoded in UTF-7, an old form for e-mail. Open it where it came from, save it as CSV UTF-8 "
            "and upload that.",
        )
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _one_byte(data)


def _decode_as(data: bytes, encoding: str) -> Decoded:
    try:
        return _checked(data.decode(encoding).removeprefix("\ufeff"), encoding)
    except (LookupError, UnicodeError) as error:
        raise refuse(
            "encoding", f"The text cannot be read as {NAMES.get(encoding, encoding)}; choose another encoding."
        ) from error


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(
            "damaged_text",
            f"The text says it is {NAMES.get(codec, codec)} but is damaged near line {line}. "
            "Save it again as CSV UTF-8 and upload that.",
        ) from error


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 of mostly Latin text has a zero in every second byte."""
    head = data[:4000]
    if len(head) < 8:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _binary(data: bytes) -> bool:
    head = data[:100_000]
    control = sum(head.count(bytes([b])) for b in (*range(0, 9), *range(14, 32), 127))
    return b"\x00" in data or control > 0.01 * len(head)


def _one_byte(data: bytes) -> Decoded:
    high = bytes(b for b in data if b >= 0x80)
    if len(high) > 0.3 * len(data):
        raise refuse(
            "not_a_table",
            "This file is not text in a Western alphabet and not one of the formats that can be read. "
            "Save it as CSV UTF-8, .xlsx or .sav and upload that.",
        )
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:MOST_JUDGED]
    codec = max(ONE_BYTE, key=lambda c: (_likelihood(lines, c), -ONE_BYTE.index(c)))
    text = data.decode(codec, "replace")
    words = _words_with_accents(text)
    shown = f" It reads {quoted_list(words, 4)}." if words else ""
    note = Finding(
        "encoding",
        Severity.NOTE,
        f"The text is not UTF-8; it was read as {NAMES[codec]}.{shown} Choose another encoding if that is wrong.",
        count=len(high),
    )
    mixed = _mixed_with_utf8(data)
    return Decoded(text, codec, (note, *mixed, *_mojibake(text)))


def _likelihood(lines: bytes, codec: str) -> float:
    """How usual its letters are, and whether they stand as in words: no capital and no sign between small letters."""
    text = lines.decode(codec, "replace")
    usual = sum(LIKELY.get(c, 0.0) if c != "\ufffd" and not "\x80" <= c < "\xa0" else -2.0 for c in text if c > "\x7f")
    inside: list[str] = LETTERS_INSIDE.findall(text)
    return usual - 4.0 * sum(not c.islower() and c != "’" for c in inside)


def _mixed_with_utf8(data: bytes) -> tuple[Finding, ...]:
    """Lines of two encodings in one file: one of them is read wrongly, so the user must hear of it."""
    bad: list[int] = []
    good = 0
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad.append(number)
    if not good or not bad:
        return ()
    return (
        Finding(
            "mixed_encoding",
            Severity.WARNING,
            f"{good} lines are UTF-8 and {len(bad)} are not (the first is line {bad[0]}): accented letters in one of "
            "the two are wrong. Labels that look wrong can be repaired below.",
            count=len(bad),
            rows=tuple(bad[:1000]),
        ),
    )


def _words_with_accents(text: str) -> list[str]:
    found: list[str] = []
    for line in text.splitlines()[:2000]:
        if line.isascii():
            continue
        for word in line.replace(";", " ").replace(",", " ").replace("\t", " ").split():
            if not word.isascii() and word not in found and len(word) < 30:
                found.append(word)
        if len(found) >= 4:
            break
    return found[:4]


def _checked(text: str, codec: str) -> Decoded:
    return Decoded(text, codec, _mojibake(text))


def _mojibake(text: str) -> tuple[Finding, ...]:
    if text.isascii():
        return ()
    count = sum(text.count(pair) for pair in MOJIBAKE)
    if not count:
        return ()
    # the one word: without spaces a whole line of a patient would be one
    words = (w for line in text.splitlines() for w in re.split(r"[\s,;|\"]+", line))
    word = next((w for w in words if any(p in w for p in MOJIBAKE)), "")
    return (
        Finding(
            "mojibake",
            Severity.WARNING,
            f"Accented letters were already damaged when this file was saved ({quoted_list([word])}; {count} places). "
            "Export it again as CSV UTF-8, or repair the labels below.",
            count=count,
        ),
    )
