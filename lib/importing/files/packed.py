"""A zip or gz that holds exactly one table (registries and data packs are handed over so): unpacked in memory, counted
while it comes out. Names inside are only shown; nothing is written, and an archive inside an archive is refused.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lib.importing.files import archive
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.table import RawFile
from lib.importing.findings import Finding, ImportProblem, Severity, quoted_list, refuse

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
NO_FILES = ("__macosx/", "thumbs.db", "desktop.ini", ".ds_store")
PIECE = 1_000_000
DAMAGED = "The compressed file is damaged or ends early. Pack it again, or upload it unpacked."
R_DATA = (b"X\n\x00\x00", b"RDX2\n", b"RDX3\n")
"""How the files of R begin, once unpacked."""
_UNPACKERS: dict[bytes, Callable[[], Any]] = {
    GZIP: lambda: zlib.decompressobj(31),
    b"BZh": BZ2Decompressor,
    b"\xfd7zXZ": lzma.LZMADecompressor,
}


def read_packed(data: bytes, limits: Limits, options: ReadOptions) -> RawFile:
    """The table in an archive, read as if it had been given by itself."""
    from lib.importing.files.formats import ENDINGS, read

    name, inner = _of_zip(data, limits, ENDINGS) if data.startswith(ZIP) else ("", unpacked(data, limits.bytes))
    if inner.startswith(GZIP) or inner[257:262] == b"ustar" or is_packed_zip(inner):
        raise refuse("not_a_table", "This compressed archive holds another archive. Unpack it and upload the table.")
    found = read(inner, limits, options)
    what = f" It holds {quoted_list([name])}." if name else ""
    note = Finding("unpacked", Severity.NOTE, f"The file is compressed and was unpacked in memory.{what}")
    return replace(found, findings=[*found.findings, note])


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
                    raise refuse("archive_too_large", _too_large(most))
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


def _too_large(most: int) -> str:
    return f"The compressed file unpacks to more than {most / 1e6:,.0f} MB, which is the most that is read."


def _of_zip(data: bytes, limits: Limits, endings: tuple[str, ...]) -> tuple[str, bytes]:
    """(name, bytes) of the one table in a zip; a read-me beside it does not count."""
    with archive.open_archive(data) as zipped:
        parts = [p for p in zipped.infolist() if not p.is_dir() and not p.filename.lower().startswith(NO_FILES)]
        parts = [p for p in parts if not p.filename.lower().endswith(NO_FILES[1:])]
        ending = {p.filename: p.filename.rsplit(".", 1)[-1].lower() for p in parts}
        tables = [p for p in parts if ending[p.filename] in endings and ending[p.filename] != "txt"]
        tables = tables or [p for p in parts if ending[p.filename] == "txt"] or parts
        if len(tables) != 1:
            held = f"It holds {quoted_list([p.filename for p in tables], 4)}." if tables else "It is empty."
            raise refuse(
                "not_a_table",
                f"This is a zip archive that does not hold exactly one table. {held} Unpack it and upload one of them.",
                count=len(tables),
            )
        if tables[0].flag_bits & 1:
            raise refuse("locked", "The zip archive is locked with a password. Unpack it and upload the file itself.")
        if tables[0].file_size > limits.bytes:
            raise refuse("archive_too_large", _too_large(limits.bytes))
        pieces: list[bytes] = []
        size = 0
        try:
            with zipped.open(tables[0]) as stream:
                while piece := stream.read(PIECE):  # the declared size may lie
                    size += len(piece)
                    if size > limits.bytes:
                        raise refuse("archive_too_large", _too_large(limits.bytes))
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError) as error:
            raise refuse("damaged", "The zip archive is damaged. Pack it again, or upload the table itself.") from error
        return tables[0].filename.replace("\\", "/").rsplit("/", 1)[-1], b"".join(pieces)
