"""A zip or gz that holds exactly one table (registries and data packs are handed over so): unpacked in memory, counted
while it comes out. Names inside are only shown; nothing is written, and an archive inside an archive is refused.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from dataclasses import replace

from lib.importing.files import archive
from lib.importing.files.arrow import ReadFile
from lib.importing.files.formats import ENDINGS, read
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.packed import GZIP, PIECE, ZIP, is_packed_zip, too_large, unpacked
from lib.importing.findings import Finding, Severity, quoted_list, refuse

NO_FILES = ("__macosx/", "thumbs.db", "desktop.ini", ".ds_store")


def read_packed(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The table in an archive, read as if it had been given by itself."""
    name, inner = _of_zip(data, limits, ENDINGS) if data.startswith(ZIP) else ("", unpacked(data, limits.bytes))
    if inner.startswith(GZIP) or inner[257:262] == b"ustar" or is_packed_zip(inner):
        raise refuse("not_a_table", "This compressed archive holds another archive. Unpack it and upload the table.")
    found = read(inner, limits, options)
    what = f" It holds {quoted_list([name])}." if name else ""
    note = Finding("unpacked", Severity.NOTE, f"The file is compressed and was unpacked in memory.{what}")
    return replace(found, findings=[*found.findings, note])


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
            raise refuse("archive_too_large", too_large(limits.bytes))
        pieces: list[bytes] = []
        size = 0
        try:
            with zipped.open(tables[0]) as stream:
                while piece := stream.read(PIECE):  # the declared size may lie
                    size += len(piece)
                    if size > limits.bytes:
                        raise refuse("archive_too_large", too_large(limits.bytes))
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError) as error:
            raise refuse("damaged", "The zip archive is damaged. Pack it again, or upload the table itself.") from error
        return tables[0].filename.replace("\\", "/").rsplit("/", 1)[-1], b"".join(pieces)
