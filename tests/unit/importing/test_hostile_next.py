"""Hostile workbooks and slide templates of the second round: refused in time; the server's memory stays."""

from __future__ import annotations

import io
import resource
import threading
import time
import zipfile
from pathlib import Path

import pptx
import pytest

from lib.importing.files import worker
from lib.importing.files.encoding import decode
from lib.importing.files.limits import Limits
from lib.importing.files.worker import clean_template, parse_file
from lib.importing.findings import ImportProblem, ParseCancelled

FILES = Path(__file__).resolve().parents[2] / "hostile" / "files"
ROWS = [f"{i};{i % 10};{(i + 3) % 10}" for i in range(30)]
TABLE = "\n".join(["id;vas_pre;vas_post", *ROWS]).encode()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("29_ss_bomb_1MBx20000.xlsx", "repeat long texts"),
        ("33_redos_cell_spaces.xlsx", "which no program writes"),
        ("far_cell_in_dat_part.xlsx", "far outside the table|spans"),
    ],
)
def test_a_hostile_workbook_is_refused_at_once(name: str, says: str) -> None:
    began = time.monotonic()
    with pytest.raises(ImportProblem, match=says):
        parse_file((FILES / name).read_bytes(), name)
    assert time.monotonic() - began < Limits().seconds


def _cells(count: int) -> str:
    return "<c><v>1</v></c>" * count


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{_cells(300)}</row><row r="190000"><c><v>1</v></c></row>',
        f'<row r="1">{_cells(2)}</row><row r="1048576"><c r="XFD1048576"><!-- --><v>1</v></c></row>',
        f'<row r="1">{_cells(2)}</row><row r="2"><c {" " * 5000} r="XFD1048576"><v>1</v></c></row>',
        f'<row r="1">{_cells(2)}</row><row r="2"><c r="XFD1048576">{" " * 5000}<v>1</v></c></row>',
    ],
    ids=["cells without a place", "a comment between", "spaces in the tag", "spaces after the tag"],
)
def test_a_far_cell_cannot_hide(rows: str) -> None:
    from tests.hostile.make import _sheet, workbook

    with pytest.raises(ImportProblem, match=r"far outside the table|which no program writes|spans"):
        parse_file(workbook(_sheet(rows)), "far.xlsx")


def test_templates_are_cleaned_or_refused_in_the_child() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImportProblem, match="The template unpacks to more than"):
        clean_template((FILES / "bomb_template2.pptx").read_bytes())
    with pytest.raises(ImportProblem, match="declares XML entities"):
        clean_template((FILES / "tpl_xxe2.pptx").read_bytes())
    clean = clean_template((FILES / "tpl_ext.pptx").read_bytes())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "kB"
    assert len(pptx.Presentation(io.BytesIO(clean)).slide_layouts) > 0
    with zipfile.ZipFile(io.BytesIO(clean)) as package:
        assert not [n for n in package.namelist() if b"External" in package.read(n)]
    with pytest.raises(ImportProblem, match="not a PowerPoint file"):
        clean_template(b"no template")


def test_only_so_many_files_are_read_at_once_and_waiting_can_be_stopped() -> None:
    for _ in range(worker.MOST_AT_ONCE):
        assert worker._turns.acquire(timeout=5)
    begun, stop, ended = threading.Event(), threading.Event(), []

    def read() -> None:
        try:
            ended.append(parse_file(TABLE, "x.csv", cancelled=stop.is_set, begun=begun.set).sheet().n)
        except ParseCancelled:
            ended.append("stopped")

    first = threading.Thread(target=read)
    first.start()
    assert not begun.wait(0.5)
    stop.set()
    first.join(5)
    assert ended == ["stopped"]
    stop.clear()
    second = threading.Thread(target=read)
    second.start()
    for _ in range(worker.MOST_AT_ONCE):
        worker._turns.release()
    second.join(30)
    assert begun.is_set()
    assert ended == ["stopped", 30]


def test_memory_and_the_system_are_named_as_what_ended_a_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    big = ("id;a\n" + "".join(f"{i};{i}text{i}\n" for i in range(190_000))).encode()
    with pytest.raises(ImportProblem, match="more memory than there is"):
        parse_file(big, "big.csv", limits=replace(Limits(), memory_bytes=30_000_000))

    def killed(*how: str) -> object:
        process = start(*how)
        process.kill()
        return process

    start = worker._start
    worker.cool()
    monkeypatch.setattr(worker, "_start", killed)
    with pytest.raises(ImportProblem, match="more memory than there is"):
        parse_file(TABLE, "x.csv")


@pytest.mark.parametrize(
    "before", ["<!-- x -->", "<?xml version='1.0'?>\n<!-- a -->\n<!-- b --> ", "\n\ufeff <!--" + "x" * 5000 + "-->"]
)
def test_a_web_page_behind_a_comment_is_no_cohort(before: str) -> None:
    rows = "".join(f"<tr><td>{i}</td><td>{i}</td></tr>" for i in range(30))
    with pytest.raises(ImportProblem, match=r"web page|XML file"):
        parse_file(f"{before}<html><table>{rows}</table></html>".encode(), "page.xls")


def test_utf_7_is_refused_in_words() -> None:
    with pytest.raises(ImportProblem, match="UTF-7"):
        parse_file(TABLE.replace(b";", b"+ADs-"), "x.csv")


@pytest.mark.parametrize("codec", ["cp1252", "cp850", "mac_roman", "iso8859_15"])
@pytest.mark.parametrize(
    "words",
    [
        "patiënt;één;coëfficiënt\nJosé;Zoë;Noël",
        "Schmerz während Übung;größer;für\nÄrger;Müller;Straße",
        "opéré;façon;très;même\nHélène;François",
        "niño;mañana;según\nMuñoz;José",
        "smerte før;på\nSøren;Århus",
        "id;naam\n1;José",
    ],
)
def test_old_encodings_are_told_apart_by_how_words_look(words: str, codec: str) -> None:
    assert decode(words.encode(codec)).text == words
