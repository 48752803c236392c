"""Compressed bytes: how they begin, and what comes out of a gz, bz2 or xz, counted while it does."""

from __future__ import annotations

import lzma
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from typing import Any

from lib.importing.files import archive
from lib.importing.findings import ImportProblem, refuse

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
PIECE = 1_000_000
R_DATA = (b"X\n\x00\x00", b"RDX2\n", b"RDX3\n")
"""How the files of R begin, once unpacked."""
_UNPACKERS: dict[bytes, Callable[[], Any]] = {
    GZIP: lambda: zlib.decompressobj(31),
    b"BZh": BZ2Decompressor,
    b"\xfd7zXZ": lzma.LZMADecompressor,
}


def is_packed_zip(data: bytes) -> bool:
    """Whether these are the bytes of a zip that can be opened and is no document of an office program."""
    if not data.startswith(ZIP):
        return False
    try:
        names = {n.replace("\\", "/").lower() for n in archive.open_archive(data).namelist()}
    except ImportProblem:
        return False
    return "[content_types].xml" not in names and "mimetype" not in names


def begins_with(data: bytes, magics: tuple[bytes, ...]) -> bool:
    """Whether the first bytes, unpacked where they are compressed, are one of these."""
    made = next((make for magic, make in _UNPACKERS.items() if data.startswith(magic)), None)
    if made is None:
        return data.startswith(magics)
    try:
        return bool(made().decompress(data[:PIECE], 64).startswith(magics))
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
        return False


def unpacked(data: bytes, most: int) -> bytes:
    """The bytes of a gz (bz2, xz); of anything else as they are. Raises ImportProblem beyond `most`, and if damaged."""
    made = next((make for magic, make in _UNPACKERS.items() if data.startswith(magic)), None)
    if made is None:
        return data
    parts: list[bytes] = []
    size, rest = 0, data
    try:
        while rest:  # several files packed one after the other are one
            unpacker = made()
            while not unpacker.eof:
                piece = unpacker.decompress(rest, PIECE)
                rest = getattr(unpacker, "unconsumed_tail", b"")
                size += len(piece)
                if size > most:
                    raise refuse("archive_too_large", too_large(most))
                parts.append(piece)
                if not piece and not unpacker.eof and (rest or getattr(unpacker, "needs_input", True)):
                    raise EOFError
            rest = unpacker.unused_data
            if not any(rest):
                break
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
        raise refuse(
            "damaged", "The compressed file is damaged or ends early. Pack it again, or upload it unpacked."
        ) from error
    return b"".join(parts)


def too_large(most: int) -> str:
    """What is said of a file that unpacks to more bytes than are read."""
    return f"The compressed file unpacks to more than {most / 1e6:,.0f} MB, which is the most that is read."
