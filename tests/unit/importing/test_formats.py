"""SAS, Parquet, R and packed tables: files that another program wrote (`data/formats`), and hostile ones."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from lib.importing.files import packed
from lib.importing.files.formats import ENDINGS
from lib.importing.files.worker import parse_file
from lib.importing.findings import ImportProblem
from lib.importing.proposal import propose
from tests.unit.importing.read_here import parse_here

FILES = Path(__file__).parent / "data" / "formats"
CSV = b"patient,vas_pre,vas_12m\n001,8,3\n002,7,2\n003,9,4\n"
OF_R = ("cohort_gzip.rds", "cohort_bzip2.rds", "cohort_xz.rds", "cohort_plain.rds", "cohort.rda")


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", [*OF_R, "cohort.xpt", "cohort.sas7bdat", "cohort.csv.gz", "cohort.zip"])
def test_one_cohort_in_every_format_that_r_writes(name: str) -> None:
    sheet = parse_here((FILES / name).read_bytes(), name).sheet()
    assert sheet.column("patient").texts()[:2] == ["001", "002"]
    assert sheet.column("center").texts()[:3] == ["Zwolle", "Enschede", ""]
    assert sheet.column("surgery_date").texts()[:2] == ["2021-01-04", "2021-02-03"]
    assert sheet.column("vas_pre").texts()[6:9] == ["9", "", "8"]
    assert sheet.column("vas_12m").texts()[:3] == ["3.5", "2", "4"]
    assert sheet.column("smoker").texts()[:2] in (["TRUE", "FALSE"], ["1", "0"])
    cohort = propose(parse_here((FILES / name).read_bytes(), name)).build()
    pairs = cohort.pairs("pain", "baseline", "12m")
    assert (pairs.n, float(pairs.baseline.mean()), float(pairs.follow_up.mean())) == (10, 7.6, 2.7)


def test_a_parquet_file_that_arrow_did_not_write() -> None:
    found = parse_here((FILES / "cohort.parquet").read_bytes(), "cohort.parquet")
    sheet = found.sheet()
    assert sheet.column("patient").texts()[:2] == ["001", "002"]
    assert sheet.column("surgery_date").texts()[:2] == ["2021-01-04", "2021-02-03"]
    assert sheet.column("center").texts()[:3] == ["Enschede", "", "Zwolle"]
    assert sheet.column("vas_pre").texts()[6:9] == ["9", "", "7"]
    assert sheet.column("vas_12m").texts()[:2] == ["1.5", "2.5"]
    assert sheet.column("smoker").texts()[:2] == ["TRUE", "FALSE"]
    assert "visits" not in sheet.names()
    assert [f.code for f in sheet.findings] == ["nested_column"]


def test_a_data_set_that_sas_wrote() -> None:
    sheet = parse_here((FILES / "iris.sas7bdat").read_bytes(), "iris.sas7bdat").sheet()
    assert (sheet.n, sheet.column("Sepal_Length").texts()[:2]) == (150, ["5.1", "4.9"])
    assert set(sheet.column("Species").levels) - {""} == {"setosa", "versic", "virgin"}  # six letters in the file


def test_the_child_reads_them_within_its_limits() -> None:
    for name in ("cohort_xz.rds", "cohort.parquet", "cohort.xpt"):
        assert parse_file((FILES / name).read_bytes(), name).sheet().n == 12


def test_one_table_beside_what_is_none() -> None:
    beside = {
        "__MACOSX/._x.csv": b"..",
        "readme.txt": b"about",
        "map/cohort.csv": CSV,
        "map/guide.pdf": b"%PDF",
    }
    assert parse_here(zipped(**beside), "pack.zip").sheet().n == 3
    assert parse_here(zipped(**{"../../etc/cohort.csv": CSV}), "pack.zip").sheet().n == 3
    found = parse_here(zipped(**{"a.csv": CSV}), "a.zip")
    assert next(f.sentence for f in found.findings if f.code == "unpacked").endswith('It holds "a.csv".')
    assert parse_here(gzip.compress(CSV[:30]) + gzip.compress(CSV[30:]), "a.csv.gz").sheet().n == 3


def test_a_workbook_in_a_zip_is_a_workbook() -> None:
    book = (Path(__file__).parent / "data" / "cases" / "41_notes_below.xlsx").read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("cohort.xlsx", book)
    assert parse_here(out.getvalue(), "cohort.zip").format == "xlsx"


LYING = bytearray(zipped(**{"a.csv": b"id,x\n" + b"1,2\n" * 200_000}))
_size = LYING.rindex(b"PK\x01\x02") + 24
LYING[_size : _size + 4] = (100).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(**{"pre.csv": CSV, "post.csv": CSV}), 'not hold exactly one table. It holds "pre.csv" and "post.csv"'),
        (zipped(), "not hold exactly one table. It is empty|zip archive"),
        (zipped(**{"a.csv.gz": gzip.compress(CSV)}), "holds another archive"),
        (zipped(**{"b.zip": zipped(**{"a.csv": CSV})}), "holds another archive"),
        (gzip.compress(gzip.compress(CSV)), "holds another archive"),
        (gzip.compress(bytes(60_000_000)), "unpacks to more than 50 MB"),
        (zipped(**{"a.csv": bytes(60_000_000)}), "unpacks to more than 50 MB"),
        (bytes(LYING), "damaged|exactly"),
        (gzip.compress(CSV * 900)[:-40], "damaged or ends early"),
        (gzip.compress(b"%PDF-1.4 not a table"), "This is a PDF"),
        (b"PAR1" + bytes(400) + b"PAR1", "Parquet file is damaged"),
        ((FILES / "cohort.parquet").read_bytes()[:-30], "Parquet file is damaged"),
        ((FILES / "cohort_plain.rds").read_bytes()[:400], "R file is damaged"),
        ((FILES / "cohort_gzip.rds").read_bytes()[:200], "damaged or ends early"),
        ((FILES / "no_table.rds").read_bytes(), "holds no data frame"),
        ((FILES / "cohort.sas7bdat").read_bytes()[:3000], "SAS file is damaged"),
        ((FILES / "cohort.xpt").read_bytes() * 2, "holds 2 data sets"),
    ],
    ids=range(17),
)
def test_hostile_ones_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        parse_here(data, "cohort")


def test_the_bomb_of_r_stops_while_it_comes_out() -> None:
    bomb = gzip.compress(b"X\n\x00\x00\x00\x03" + bytes(5_000_000))
    assert packed.begins_with(bomb, packed.R_DATA)
    with pytest.raises(ImportProblem, match="unpacks to more than 1 MB"):
        packed.unpacked(bomb, 1_000_000)


def test_the_new_endings_are_in_the_one_list() -> None:
    assert {"sas7bdat", "xpt", "parquet", "rds", "rda", "zip", "gz"} <= set(ENDINGS)
