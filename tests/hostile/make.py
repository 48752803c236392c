"""Files that attack a reader, made on the spot: `python -m tests.hostile.make FOLDER` writes them all.

Nothing here is a real exploit of a released program; each asks for too much memory or time, or points outside itself.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
</Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
BOOK = f"""<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}">
<sheets><sheet name="patients" sheetId="1" r:id="rId1"/></sheets></workbook>"""
BOOK_RELS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"""
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(sheet: str, **more: bytes) -> bytes:
    """A workbook with one sheet of this XML; `more` adds parts (path with "/" written as "__")."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", BOOK_RELS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for path, content in more.items():
            archive.writestr(path.replace("__", "/"), content)
    return out.getvalue()


def _sheet(rows: str, before: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'


def far_cell() -> bytes:
    """One value in the last cell of the sheet: a dense table of it has 17,179,869,184 cells."""
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
    return workbook(_sheet(first + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def many_far_cells() -> bytes:
    """Inside the limits of rows and of columns, but 200 million cells together."""
    first = '<row r="1"><c r="A1"><v>1</v></c><c r="ALL1"><v>1</v></c></row>'
    return workbook(_sheet(first + '<row r="199999"><c r="A199999"><v>1</v></c></row>'))


def billion_laughs() -> bytes:
    """Ten entities, each ten times the one before."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    return workbook(_sheet(cell, f"<!DOCTYPE x [{entities}]>"))


def external_entity() -> bytes:
    """An entity that names a file of the machine."""
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>'
    return workbook(_sheet(cell, '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'))


def wide_entity() -> bytes:
    """The same in UTF-16, where a search for the ASCII letters finds nothing."""
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>'
    text = _sheet(cell, '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>').replace("UTF-8", "UTF-16")
    return workbook("", xl__worksheets__sheet2_xml=b"", **{"xl__sharedStrings.xml": text.encode("utf-16")})


def zip_bomb(megabytes: int = 300) -> bytes:
    """A small workbook that unpacks to 300 MB."""
    return workbook(_sheet(""), **{"xl__media__big.xml": b" " * (megabytes * 1_000_000)})


def lying_bomb(megabytes: int = 300) -> bytes:
    """The same, with a declared size of 1 kB for the large part."""
    data = bytearray(zip_bomb(megabytes))
    size = struct.pack("<I", megabytes * 1_000_000)
    at = data.find(size)
    while at >= 0:
        data[at : at + 4] = struct.pack("<I", 1000)
        at = data.find(size, at + 4)
    return bytes(data)


def many_parts() -> bytes:
    """Five thousand parts."""
    return workbook(_sheet(""), **{f"xl__media__{i}.xml": b"x" for i in range(5000)})


def locked() -> bytes:
    """What Excel writes for a workbook with a password: an old container with an encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2048)


def wide_csv() -> bytes:
    """Fifty thousand columns."""
    return (",".join(f"c{i}" for i in range(50_000)) + "\n" + ",".join(["1"] * 50_000) + "\n").encode()


def long_csv() -> bytes:
    """Three hundred thousand rows."""
    return b"id,vas_pre\n" + b"1,5\n" * 300_000


def endless_quote() -> bytes:
    """A quote that opens in row 2 and never closes, before 8 MB of text."""
    return b'id,note\n1,"' + b"text without end " * 500_000


def dishonest_sav() -> bytes:
    """An SPSS header that promises two billion variables' worth of data."""
    header = b"$FL2@(#) SPSS DATA FILE".ljust(64)
    return header + struct.pack("<iiiii", 2, 2_000_000_000, 1, 0, 2_000_000_000) + struct.pack("<d", 100.0) + bytes(200)


FILES: dict[str, Callable[[], bytes]] = {
    "far_cell.xlsx": far_cell,
    "many_far_cells.xlsx": many_far_cells,
    "billion_laughs.xlsx": billion_laughs,
    "external_entity.xlsx": external_entity,
    "wide_entity.xlsx": wide_entity,
    "zip_bomb.xlsx": zip_bomb,
    "lying_bomb.xlsx": lying_bomb,
    "many_parts.xlsx": many_parts,
    "locked.xlsx": locked,
    "wide.csv": wide_csv,
    "long.csv": long_csv,
    "endless_quote.csv": endless_quote,
    "dishonest.sav": dishonest_sav,
}


def main(folder: str) -> None:
    """Write every file."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (target / name).write_bytes(make())


if __name__ == "__main__":
    main(sys.argv[1])
