"""What can be read: the one list. Uploaders, help texts and the shell read it; a test holds docs/import.md to it.

Which reader a file gets is decided by its content, never by its name. To accept a new format: write
`read_x(data, limits, options) -> ReadFile`, add a row to `FORMATS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from lib.importing.files import packed
from lib.importing.files.arrow import ReadFile
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.findings import refuse

Sniff = Callable[[bytes], bool]
LOOK_AT = 100_000
_HTML = re.compile(rb"<(?:!doctype\s+html|html|table|head|body|meta|style|script|div|p|br)\b", re.IGNORECASE)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read.

    Attributes:
        kind: what `ReadFile.format` says.
        name: on screen, before its endings.
        endings: of file names, without dots; the first is the usual one.
        sniff: whether bytes are of this format.
        reader: "module:function", imported when it is needed.
        chosen: whether anything about the reading can be chosen (encoding, separator, heading).
    """

    kind: str
    name: str
    endings: tuple[str, ...]
    sniff: Sniff
    reader: str
    chosen: bool = True

    @property
    def words(self) -> str:
        """ "Excel (.xlsx, .xlsm, .xlsb)"."""
        return f"{self.name} ({', '.join('.' + ending for ending in self.endings)})"


@dataclass(frozen=True, slots=True)
class Refused:
    """A format that people do upload and that cannot be read, with what to do instead."""

    name: str
    sniff: Sniff
    sentence: str


def _zip_with(*parts: bytes) -> Sniff:
    return lambda data: data.startswith(packed.ZIP) and any(p in data for p in parts) and not packed.is_packed_zip(data)


def _ole_with(name: str) -> Sniff:
    return lambda data: data.startswith(OLE) and name.encode("utf-16-le") in data


def _starts(*magics: bytes) -> Sniff:
    return lambda data: data.startswith(magics)


def _is_stata(data: bytes) -> bool:
    if data.startswith(b"<stata_dta>"):
        return True
    # old Stata: release 104–115, byte order 1 or 2, file type 1, then 0; a text file never begins with these
    return len(data) > 60 and 104 <= data[0] <= 115 and data[1] in (1, 2) and data[2] == 1 and data[3] == 0


def _is_html(data: bytes) -> bool:
    """Whatever stands before it: spaces, comments, an XML declaration."""
    text = data[:LOOK_AT].lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()
    while text.startswith((b"<!--", b"<?")):
        end = b"-->" if text.startswith(b"<!--") else b"?>"
        _, found, text = text.partition(end)
        text = text.lstrip()
        if not found:
            return b"<table" in data[:LOOK_AT].lower() or b"<html" in data[:LOOK_AT].lower()
    return bool(_HTML.match(text))


_WORKBOOK = "lib.importing.files.workbook:read_zipped_workbook"
_XLS = "lib.importing.files.workbook:read_xls"
_STATISTICS = "lib.importing.files.spss_stata"
_FRAMES = "lib.importing.files.frames"
SAS = bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
XPORT = b"HEADER RECORD*******LIB"
FORMATS: tuple[Format, ...] = (
    Format("sav", "SPSS", ("sav", "zsav"), _starts(b"$FL2", b"$FL3"), f"{_STATISTICS}:read_spss", chosen=False),
    Format("dta", "Stata", ("dta",), _is_stata, f"{_STATISTICS}:read_stata", chosen=False),
    Format("sas7bdat", "SAS", ("sas7bdat",), _starts(SAS), f"{_STATISTICS}:read_sas", chosen=False),
    Format("xpt", "SAS transport", ("xpt",), _starts(XPORT), f"{_STATISTICS}:read_xpt", chosen=False),
    Format("parquet", "Parquet", ("parquet",), _starts(b"PAR1"), f"{_FRAMES}:read_parquet", chosen=False),
    Format(
        "rds", "R", ("rds", "rda", "rdata"), lambda d: packed.begins_with(d, packed.R_DATA), f"{_FRAMES}:read_r", False
    ),
    Format("xlsx", "Excel", ("xlsx", "xlsm", "xlsb"), _zip_with(b"xl/workbook", b"xl\\workbook"), _WORKBOOK),
    Format("ods", "OpenDocument", ("ods",), _zip_with(b"application/vnd.oasis.opendocument.spreadsheet"), _WORKBOOK),
    Format("xls", "Excel until 2003", ("xls",), lambda d: _ole_with("Workbook")(d) or _ole_with("Book")(d), _XLS),
    Format(
        "packed",
        "one of them in an archive",
        ("zip", "gz"),
        lambda d: d.startswith(packed.GZIP) or packed.is_packed_zip(d),
        "lib.importing.files.one_table:read_packed",
    ),
)
TEXT = Format("csv", "text", ("csv", "tsv", "txt"), lambda _: True, "lib.importing.files.text_table:read_csv")
"""What is none of the others and not refused."""
ENDINGS = tuple(ending for known in (TEXT, *FORMATS) for ending in known.endings)
WITHOUT_CHOICE = tuple(ending for known in FORMATS if not known.chosen for ending in known.endings)
KINDS = {known.kind: known.words for known in (TEXT, *FORMATS)}
_LISTED = ", ".join(known.words for known in (TEXT, *FORMATS))
ALLOWED = f"Upload one of these: {_LISTED}, or a REDCap export."


def limits_in_words(limits: Limits) -> str:
    """What a file may be, for the upload dialog."""
    return (
        f"At most {limits.bytes // 1_000_000} MB, {limits.rows:,} rows and {limits.columns:,} columns: "
        f"{_LISTED}, or a REDCap export."
    )


REFUSED: tuple[Refused, ...] = (
    Refused(
        "Word", _zip_with(b"word/document"), "This is a Word document. Copy the table into Excel and save it as .xlsx."
    ),
    Refused("PowerPoint", _zip_with(b"ppt/presentation"), "This is a PowerPoint file. " + ALLOWED),
    Refused(
        "zip",
        _starts(b"PK"),
        "This is a zip archive, or a damaged workbook. Unpack it, or save the workbook again from Excel, "
        "and upload the file itself.",
    ),
    Refused(
        "locked",
        _ole_with("EncryptedPackage"),
        "The workbook is locked with a password. Remove the password and upload it again.",
    ),
    Refused(
        "Word", _ole_with("WordDocument"), "This is a Word document. Copy the table into Excel and save it as .xlsx."
    ),
    Refused(
        "ole",
        _starts(OLE),
        "This is an old Office file without a worksheet in it, or it is damaged. Save it as .xlsx and upload that.",
    ),
    Refused(
        "pdf",
        _starts(b"%PDF"),
        "This is a PDF. A table in a PDF cannot be read reliably; upload the Excel, CSV or SPSS file it was made from.",
    ),
    Refused(
        "picture",
        _starts(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"II*\x00", b"MM\x00*"),
        "This is a picture. " + ALLOWED,
    ),
    Refused(
        "compressed",
        _starts(b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ"),
        "This is a compressed archive. Unpack it and upload the file inside.",
    ),
    Refused(
        "SPSS portable",
        _starts(b"ASCII SPSS PORT"),
        "This is an SPSS portable file (.por). Save it from SPSS as .sav and upload that.",
    ),
    Refused(
        "SAS",
        lambda d: d.startswith(b"**COMPRESSED**") or d[84:92] == b"SAS FILE",
        "This is a SAS file of a kind that cannot be read. Export it as .xpt or CSV and upload that.",
    ),
    Refused(
        "R",
        _starts(b"RDA", b"A\n"),
        "This is an R file saved as text. Save it again with saveRDS(frame, file) and upload that.",
    ),
    Refused("database", _starts(b"SQLite format 3"), "This is a database. Export the table as CSV and upload that."),
    Refused("rtf", _starts(b"{\\rtf"), "This is an RTF document. Copy the table into Excel and save it as .xlsx."),
    Refused(
        "html",
        _is_html,
        "This is a web page, although it may be called .xls. Open it in Excel, save it as .xlsx and upload that.",
    ),
    Refused(
        "xml",
        _starts(b"<?xml", b"\xef\xbb\xbf<?xml", b"<!--"),
        "This is an XML file. Open it in Excel, save it as .xlsx and upload that.",
    ),
    Refused(
        "json", lambda d: bool(re.match(rb"\s*(\{\s*\"|\[\s*[\[{])", d[:200])), "This is JSON, not a table. " + ALLOWED
    ),
)


def read(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The file as raw sheets. Raises ImportProblem with everything that is wrong."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise refuse("empty", "The file is empty. A cohort file has one row of column names and one row per patient.")
    for known in FORMATS:
        if known.sniff(data):
            return _load(known.reader)(data, limits, options)
    for other in REFUSED:
        if other.sniff(data):
            raise refuse("not_a_table", other.sentence)
    return _load(TEXT.reader)(data, limits, options)


def prepare() -> None:
    """Import what most files need, before there is one."""
    _load(TEXT.reader)
    import_module("pyarrow.csv")


def _load(reader: str) -> Callable[[bytes, Limits, ReadOptions], ReadFile]:
    module, function = reader.split(":")
    loaded: Callable[[bytes, Limits, ReadOptions], ReadFile] = getattr(import_module(module), function)
    return loaded
