"""Bytes → sheets of text in the child process: formats, encodings, headings, limits, files that attack the reader."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from lib.importing.files import worker
from lib.importing.files.arrow import CODED, ReadFile, ReadSheet, coded, column_field, encode_file
from lib.importing.files.encoding import decode
from lib.importing.files.formats import limits_in_words
from lib.importing.files.headings import column_letter, find_heading
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.table import Sheet
from lib.importing.files.text_table import detect_delimiter
from lib.importing.files.wire import UNBELIEVED, BadAnswerError
from lib.importing.files.wire import decode as decode_answer
from lib.importing.files.worker import parse_file
from lib.importing.findings import Finding, ImportProblem, ParseCancelled, Severity
from tests.hostile import make

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data"


def read(data: bytes, name: str = "x.csv", **options: object) -> Sheet:
    return parse_file(data, name, options=ReadOptions(**options)).sheet()  # type: ignore[arg-type]


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {f.code for f in findings}


# --- text ------------------------------------------------------------------------------------------------------------
def test_ids_keep_their_zeros_and_all_digits() -> None:
    sheet = read(b"id,center\n00123,NA\n12345678901234567,Noord\n")
    assert sheet.column("id").texts() == ["00123", "12345678901234567"]
    assert sheet.column("center").texts() == ["NA", "Noord"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_accents_survive_every_encoding(encoding: str) -> None:
    text = "id;naam;opioïden\n1;José;ja\n2;Zoë Müller;nee\n" * 4
    data = text.encode(encoding)
    assert decode(data).text == text


def test_other_encodings_than_utf8_are_told_and_can_be_overridden() -> None:
    data = "id;plaats\n1;Eindhoven\n2;Curaçao é\n".encode("cp1252")
    parsed = parse_file(data, "x.csv")
    assert parsed.encoding == "cp1252"
    assert "Curaçao" in next(f.sentence for f in parsed.findings if f.code == "encoding")
    assert read(data, encoding="latin-1").column("plaats").texts()[1] == "Curaçao é"
    with pytest.raises(ImportProblem, match="cannot be read as UTF-8"):
        parse_file(data, "x.csv", options=ReadOptions(encoding="utf-8"))


def test_mojibake_and_mixed_encodings_are_reported() -> None:
    twice = "id,x\n1,José\n".encode().decode("cp1252").encode()
    assert "mojibake" in codes(parse_file(twice, "x").findings)
    mixed = "id,x\n1,José\n".encode() + "2,André\n".encode("cp1252")
    assert "mixed_encoding" in codes(parse_file(mixed, "x").findings)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_and_line_endings(delimiter: str, ending: str) -> None:
    lines = ["id|vas pre|note", '1|7.5|"a\nb, c; d"', "2||x"]
    text = ending.join(line.replace("|", delimiter) for line in lines) + ending
    sheet = read(text.encode())
    assert sheet.names() == ("id", "vas pre", "note")
    assert sheet.column("vas pre").texts() == ["7.5", ""]
    assert sheet.row_numbers.tolist() == [2, 3]


def test_a_semicolon_file_with_decimal_commas_is_not_taken_for_a_comma_file() -> None:
    assert detect_delimiter("id;a;b\n1;7,5;3,2\n2;6,5;1,2\n") == ";"
    assert detect_delimiter("one\ntwo\n") == ","


def test_the_hint_of_excel_counts_as_row_1() -> None:
    sheet = read(b"sep=;\nid;x\n1;2\n")
    assert (sheet.names(), sheet.header_rows, sheet.row_numbers.tolist()) == (("id", "x"), (2,), [3])


def test_large_regular_files_read_the_same_the_fast_and_the_careful_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.importing.files import text_table
    from lib.importing.files.formats import read as read_here

    text = "title,,\nid,vas,note\n" + "".join(f'{i:06},{i % 11},"a ""b"", {i}"\n' for i in range(400))
    careful = read_here(text.encode(), Limits(), ReadOptions())
    monkeypatch.setattr(text_table, "FAST_FROM", 10)
    called = []
    real = text_table._fast
    monkeypatch.setattr(text_table, "_fast", lambda *a: called.append(real(*a)) or called[-1])
    fast = read_here(text.encode(), Limits(), ReadOptions())
    assert called[0] is not None
    assert b"".join(encode_file(fast)) == b"".join(encode_file(careful))


@pytest.mark.parametrize(
    ("extra", "why"),
    [("\n\n5,5\n", "a blank line"), ("1,2,3\n", "a long row"), (",\n", "an empty row"), ("7\n", "a short row")],
)
def test_the_fast_way_leaves_what_is_unusual_to_the_careful_one(
    monkeypatch: pytest.MonkeyPatch, extra: str, why: str
) -> None:
    from lib.importing.files import text_table

    text = "id,vas\n" + "1,2\n" * 50 + extra + "3,4\n" * 50
    assert text_table._fast(text, ",", Limits(), ReadOptions(), False) is None, why


# --- headings and rows -----------------------------------------------------------------------------------------------
def test_title_rows_above_the_heading() -> None:
    sheet = read(b"Cohort SIJ 2021;;\n;;\nid;vas_pre;vas_12m\nA1;7;3\nA2;8;2\n")
    assert (sheet.names(), sheet.header_rows) == (("id", "vas_pre", "vas_12m"), (3,))
    assert sheet.row_numbers.tolist() == [4, 5]


def test_two_row_headings_are_joined() -> None:
    rows = [["id", "VAS pain", "", "EQ VAS", ""], ["", "pre", "12m", "pre", "12m"], ["1", "7", "3", "50", "70"]]
    heading = find_heading(rows)
    assert heading.names == ("id", "VAS pain pre", "VAS pain 12m", "EQ VAS pre", "EQ VAS 12m")
    assert heading.data_from == 2
    merged = [((0, 1), (0, 2)), ((0, 3), (0, 4)), ((0, 0), (1, 0))]
    assert find_heading(rows, merged).names == heading.names


def test_a_second_row_of_words_is_data() -> None:
    heading = find_heading([["name", "sex", ""], ["Anna", "F", "x"], ["Bert", "M", "y"]])
    assert heading.rows == 1


def test_the_user_can_say_where_the_heading_is() -> None:
    sheet = read(b"a,b\nid,vas\n1,2\n", header_row=2)
    assert sheet.names() == ("id", "vas")


def test_no_heading_is_an_error_but_no_row_is_lost() -> None:
    sheet = read(b"1,7,3\n2,8,4\n")
    assert sheet.names() == ("column A", "column B", "column C")
    assert sheet.n == 2
    assert "no_heading" in codes(sheet.findings)


def test_repeated_and_empty_headings_get_names() -> None:
    sheet = read(b"id,vas,VAS,\n1,2,3,4\n2,3,4,5\n")
    assert sheet.names() == ("id", "vas", "VAS (C)", "column D")
    assert codes(sheet.findings) == {"repeated_heading", "unnamed_column"}


def test_blank_rows_keep_the_row_numbers_right() -> None:
    assert read(b"id,x\n\n1,2\n,\n3,4\n\n").row_numbers.tolist() == [3, 5]


def test_a_row_split_by_a_decimal_comma_is_never_read_as_another_number() -> None:
    with pytest.raises(ImportProblem, match=r"[Rr]ows 2 and 3: 3 values under 2 headings"):
        parse_file(b"id,vas\n1,7,5\n2,3,0\n", "x")
    good = "".join(f"{i},{i % 10}\n" for i in range(30))
    sheet = read(f"id,vas\n{good}31,7,5\n".encode())
    assert sheet.n == 30
    assert next(f for f in sheet.findings if f.code == "too_many_values").rows == (32,)


def test_short_rows_and_stray_quotes_name_their_row() -> None:
    sheet = read(b"id,vas,x\n1,2,3\n2\n")
    assert next(f for f in sheet.findings if f.code == "too_few_values").rows == (3,)
    parsed = parse_file(b'id,vas\n1,2\n2,"3\n4,5\n', "x")
    assert next(f for f in parsed.findings if f.code == "stray_quote").rows == (3,)
    assert parsed.sheet().n == 3


def test_column_letters() -> None:
    assert [column_letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# --- workbooks and statistics packages -------------------------------------------------------------------------------
def _workbook(build: object) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    build(book)  # type: ignore[operator]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook_cells_are_text_as_excel_shows_them() -> None:
    import datetime as dt

    def build(book: object) -> None:
        sheet = book.active  # type: ignore[attr-defined]
        for row in (["id", "x", "d", "b"], ["007", 0.1 + 0.2, dt.date(2020, 3, 4), True], [8, 3.0, None, False]):
            sheet.append(row)

    sheet = read(_workbook(build), "anything.txt")
    assert sheet.column("id").texts() == ["007", "8"]
    assert sheet.column("x").texts() == ["0.3", "3"]
    assert sheet.column("d").texts() == ["2020-03-04", ""]
    assert sheet.column("b").texts() == ["TRUE", "FALSE"]


def test_sheets_merged_headings_and_the_largest_one_first() -> None:
    def build(book: object) -> None:
        first = book.active  # type: ignore[attr-defined]
        first.title = "readme"
        first.append(["see the other sheet"])
        second = book.create_sheet("data")  # type: ignore[attr-defined]
        second.append(["Cohort 2021"])
        second.append(["id", "VAS pain", None])
        second.append([None, "pre", "12m"])
        second.merge_cells("B2:C2")
        for i in range(5):
            second.append([i, 7, 3])
        book.create_sheet("empty")  # type: ignore[attr-defined]

    parsed = parse_file(_workbook(build), "x.xlsx")
    assert parsed.sheet().name == "data"
    assert parsed.sheet().names() == ("id", "VAS pain pre", "VAS pain 12m")
    assert parsed.sheet().row_numbers.tolist() == [4, 5, 6, 7, 8]
    assert "empty" not in [s.name for s in parsed.sheets]


def test_formatted_empty_cells_far_down_are_harmless() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>vas</t></is></c></row>'
    )
    rows += (
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>7</v></c></row><row r="1048576"><c r="AB1048576" s="0"/></row>'
    )
    assert read(make.workbook(make._sheet(rows)), "x.xlsx").n == 1


def test_old_excel_and_open_document_by_content(tmp_path: Path) -> None:
    sample = SAMPLE / "misjf.xlsx"
    assert parse_file(sample.read_bytes(), "misjf.csv").format == "xlsx"


def test_value_labels_and_declared_missing_values(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"sex": [1.0, 2.0, 9.0], "vas": [7.0, 99.0, 3.5], "word": ["a", "zz", "b"]})
    path = tmp_path / "x.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={"vas": "VAS pain before surgery"},
        variable_value_labels={"sex": {1: "Vrouw", 2: "Man", 9: "onbekend"}},
        missing_ranges={"vas": [99], "sex": [{"lo": 8, "hi": 9}], "word": ["zz"]},
    )
    sheet = read(path.read_bytes(), "x.dat")
    assert sheet.column("sex").texts() == ["1", "2", ""]
    assert sheet.column("sex").labels["2"] == "Man"
    assert sheet.column("vas").texts() == ["7", "", "3.5"]
    assert sheet.column("vas").heading == "VAS pain before surgery"
    assert sheet.column("word").texts() == ["a", "", "b"]
    told = [f for f in sheet.findings if f.code == "declared_missing"]
    assert {f.column for f in told} == {"sex", "vas", "word"}


def test_stata_with_dates_and_labels(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"id": [1, 2], "d": pd.to_datetime(["2020-03-04", "2021-12-31"]), "g": pd.Categorical(["a", "b"])}
    )
    path = tmp_path / "x.dta"
    frame.to_stata(path, write_index=False, convert_dates={"d": "td"})
    sheet = read(path.read_bytes(), "x")
    assert sheet.column("d").texts() == ["2020-03-04", "2021-12-31"]
    assert sheet.column("g").labels == {"0": "a", "1": "b"}


# --- what is refused -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"  \n \n", "The file is empty"),
        (b"id,vas\n", "no patients below them"),
        (b"%PDF-1.4 ...", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "This is a picture"),
        (b"PK\x03\x04" + bytes(50), "zip archive"),
        (b"\x1f\x8b\x08....", "compressed file is damaged"),
        (b"BZh91AY....", "compressed archive"),
        (b"<html><table>", "web page"),
        (b'{"a": 1}', "JSON"),
        (b"ASCII SPSS PORT FILE", "portable"),
        (b"SQLite format 3\x00", "database"),
        (bytes(range(256)) * 4, "not text"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        parse_file(data, "cohort.csv")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("far_cell.xlsx", "far outside the table, in cell XFD1048576"),
        ("many_far_cells.xlsx", "spans 199,999 rows × 1,000 columns"),
        ("billion_laughs.xlsx", "declares XML entities"),
        ("external_entity.xlsx", "declares XML entities"),
        ("wide_entity.xlsx", "declares XML entities"),
        ("zip_bomb.xlsx", "unpacks to 300 MB; at most 250 MB"),
        ("lying_bomb.xlsx", "damaged|unpacks"),
        ("many_parts.xlsx", "5,005 parts"),
        ("locked.xlsx", "locked with a password"),
        ("wide.csv", "50,000 columns; at most 1,000"),
        ("long.csv", "300,001 rows; at most 200,000"),
        ("endless_quote.csv", "Row 2 cannot be read"),
        ("dishonest.sav", "damaged"),
    ],
)
def test_hostile_files_are_refused_in_words(name: str, words: str) -> None:
    data = make.FILES[name]()
    began = time.monotonic()
    with pytest.raises(ImportProblem, match=words):
        parse_file(data, name)
    assert time.monotonic() - began < 20


def test_public_hostile_files_are_refused(public_data: Path) -> None:
    for path in sorted((public_data / "hostile").iterdir()):
        with pytest.raises(ImportProblem, match=r"\w+ \w+"):
            parse_file(path.read_bytes(), path.name)


def test_another_session_goes_on_while_a_bad_file_is_read() -> None:
    refused: list[str] = []

    def bad() -> None:
        try:
            parse_file(make.endless_quote(), "x")
        except ImportProblem as problem:
            refused.append(str(problem))

    thread = threading.Thread(target=bad)
    thread.start()
    assert read(b"id,vas\n1,2\n").n == 1
    thread.join()
    assert len(refused) == 1


# --- limits ----------------------------------------------------------------------------------------------------------
def test_size_limit_before_anything_is_read() -> None:
    with pytest.raises(ImportProblem, match=r"The file has 2 MB; at most 1 MB"):
        parse_file(b"x" * 2_000_000, "x", limits=replace(Limits(), bytes=1_000_000))


def test_time_limit_kills_the_reader() -> None:
    with pytest.raises(ImportProblem, match="took too long and was stopped"):
        parse_file(b"id,x\n1,2\n", "x", limits=replace(Limits(), seconds=0.0))


def test_output_limit_kills_the_reader() -> None:
    with pytest.raises(ImportProblem, match="more text than can be read"):
        parse_file(b"id,x\n" + b"1,2\n" * 2000, "x", limits=replace(Limits(), output_bytes=100))


def test_memory_limit_is_told_in_words() -> None:
    pytest.importorskip("resource")
    data = ("id,x\n" + "".join(f"{i},{'y' * 50}{i}\n" for i in range(150_000))).encode()
    with pytest.raises(ImportProblem, match="more memory than there is for one file"):
        parse_file(data, "x", limits=replace(Limits(), memory_bytes=60_000_000))


def test_the_user_can_stop_it() -> None:
    with pytest.raises(ParseCancelled, match="was stopped"):
        parse_file(b"id,x\n" + b"1,2\n" * 190_000, "x", cancelled=lambda: True)


def test_limits_in_words() -> None:
    assert limits_in_words(Limits()).startswith("At most 50 MB, 200,000 rows and 1,000 columns")


# --- the answer of the child -----------------------------------------------------------------------------------------
def _answer(texts: object = None, field: object = None) -> bytes:
    finding = Finding("n", Severity.NOTE, "é", rows=(1,))
    columns = [coded(["a", ""]) if texts is None else texts]
    sheet = ReadSheet("", [field or column_field("x", labels={"a": "\ud800ä"})], columns, [2, 3], [1], [finding])
    return b"".join(encode_file(ReadFile("csv", [sheet])))


def test_the_answer_comes_back_as_it_was() -> None:
    parsed = decode_answer(_answer(), "f", "d")
    assert parsed.sheets[0].column("x").texts() == ["a", ""]
    assert parsed.sheets[0].column("x").labels == {"a": "?ä"}, "a lone surrogate cannot be shown"
    assert parsed.sheets[0].findings[0].sentence == "é"
    assert parsed.sheets[0].row_numbers.tolist() == [2, 3]


@pytest.mark.parametrize("cut", [0, 3, 11, 40, -1])
def test_a_damaged_answer_is_not_believed(cut: int) -> None:
    with pytest.raises(BadAnswerError, match=r"\w"):
        decode_answer(_answer()[:cut], "f", "d")


def _texts(indices: object, levels: object) -> object:
    return pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(levels, pa.string()), safe=False)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (_texts([0, 7], ["a"]), None),  # a code outside its levels
        (_texts([0, -1], ["a"]), None),
        (_texts([0, None], ["a"]), None),
        (_texts([0, 1], ["a", None]), None),
        (pa.array([1, 2], pa.int32()), pa.field("x", pa.int32())),
        (None, pa.field("x", CODED)),  # nothing said of the column
        (None, pa.field("x", CODED, metadata={"cohortlens": "[1]"})),
        (None, pa.field("x", CODED, metadata={"cohortlens": '{"heading": "\\ud800"}'})),
        (None, pa.field("x", CODED, metadata={"cohortlens": '{"heading": "", "labels": [1]}'})),
        (
            pa.DictionaryArray.from_arrays(
                pa.array([0, 0], pa.int32()),
                pa.StringArray.from_buffers(1, pa.array([0, 1], pa.int32()).buffers()[1], pa.py_buffer(b"\xff")),
            ),
            None,
        ),
    ],
)
def test_an_answer_that_no_reader_writes_is_not_believed(texts: object, field: object) -> None:
    with pytest.raises(UNBELIEVED, match=r"\w"):
        decode_answer(_answer(texts, field), "f", "d")


def test_bytes_after_the_last_sheet_are_not_believed() -> None:
    with pytest.raises(BadAnswerError, match="left over"):
        decode_answer(_answer() + b"\x00", "f", "d")


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMP", str(tmp_path))
    monkeypatch.setenv("TEMP", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for name in ("misjf.csv", "misjf.xlsx", "misjf.sav"):
        parse_file((SAMPLE / name).read_bytes(), name)
    assert list(tmp_path.iterdir()) == []


# --- a process that waits for its file -------------------------------------------------------------------------------


def test_a_process_that_waits_reads_one_file_and_is_gone() -> None:
    worker.cool()
    worker.warm()
    (waiting, _), *more = worker._spare
    worker.warm()
    assert not more
    assert worker._spare[0][0] is waiting, "one is enough"
    sheet = parse_file(b"id,pain\n001,7\n002,5\n", "x.csv").sheet()
    assert sheet.column("id").texts() == ["001", "002"]
    assert waiting.returncode == 0
    assert not worker._spare


def test_limits_hold_in_a_process_that_waited() -> None:
    worker.warm()
    with pytest.raises(ImportProblem, match="at most 2 are read"):
        parse_file(b"id,pain\n1,7\n2,5\n3,4\n", "x.csv", limits=Limits(rows=2))


def test_a_process_that_ended_or_waited_too_long_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    worker.cool()
    worker.warm()
    dead = worker._spare[0][0]
    dead.kill()
    dead.wait()
    assert parse_file(b"id,pain\n1,7\n2,5\n", "x.csv").sheet().n == 2
    worker.warm()
    old = worker._spare[0][0]
    monkeypatch.setattr(worker, "_FRESH", 0.0)
    assert parse_file(b"id,pain\n1,7\n2,5\n", "x.csv").sheet().n == 2
    assert old.poll() is not None
    worker.cool()


def test_the_one_list_of_formats_stands_in_the_docs_and_in_every_uploader() -> None:
    from lib.importing.files.formats import ENDINGS

    root = Path(__file__).resolve().parents[3]
    docs = (root / "docs" / "import.md").read_text("utf-8")
    assert [e for e in ENDINGS if f".{e}" not in docs] == []
    assert all(f".{e}" in limits_in_words(Limits()) for e in ENDINGS)
    for file in (root / "lib" / "ui").rglob("*.py"):
        text = file.read_text("utf-8")
        assert '"zsav"' not in text, file
        assert '"tsv"' not in text, file
