"""`python -m lib`: exit codes, words instead of tracebacks, the same numbers as the pages, and back again."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lib.__main__ import main
from lib.cli.options import CannotUse, selection_of
from lib.cohort.selection import NOT_RECORDED, Range
from tests.cohorts import cohort

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = str(ROOT / "sample_data" / "misjf.csv")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def go(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return go


def test_alone_it_prints_help(run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run()
    assert code == 0
    assert "usage: python -m lib" in out


def test_overview_of_the_sample(run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(SAMPLE)
    assert code == 0
    assert out.startswith("VAS pain fell from 7.8 to 5.0; 20 of 29 improved by at least 2 points")
    assert "Synthetic data: no real patients." in out
    assert "What the check of the file found" in out


def test_where_selects_and_repeats_mean_or(run) -> None:  # type: ignore[no-untyped-def]
    _, one, _ = run(SAMPLE, "--where", "etiology=Postpartum")
    assert "24 of 57 operated · 13 of 29 analysed" in one
    _, two, _ = run(SAMPLE, "--where", "etiology=Postpartum", "--where", "etiology=Unknown", "--where", "age=30..50")
    assert "Postpartum or Unknown · Age 30 to 50" in " ".join(two.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv"], "There is no file"),
        ([str(ROOT / "lib")], "is a folder"),
        ([SAMPLE, "--where", "etiology=postpartum"], "It has: Postpartum"),
        ([SAMPLE, "--where", "cause=Postpartum"], "Columns that can be filtered: etiology, center"),
        ([SAMPLE, "--where", "etiology"], "is no filter"),
        ([SAMPLE, "--where", "age=young"], "is no range"),
        ([SAMPLE, "--where", "age=200..300"], "Nobody in this cohort"),
        ([SAMPLE, "--where", "age=1..2", "--where", "age=3..4"], "two ranges"),
        ([SAMPLE, "--where", "surgery_date=2019"], "is a date"),
        ([SAMPLE, "--follow-up", "5y"], "Time points after baseline: 12m"),
        ([SAMPLE, "--threshold", "weight=2"], "There is no measure"),
        ([SAMPLE, "--threshold", "pain=0"], "above 0"),
        ([SAMPLE, "--columns", "none.json"], "There is no columns file"),
        ([SAMPLE, "--sheet", "Second"], "There is no sheet"),
        ([SAMPLE, "--export", "out.gif"], "Known endings: .pptx"),
        ([SAMPLE, "--export", "/no/such/folder/out.xlsx"], "cannot be written"),
        ([SAMPLE, "--reproduce", SAMPLE], "not an analysis file"),
        ([SAMPLE, "--compare", "cause"], "There is no column “cause”"),
        ([SAMPLE, "--compare", "surgery_date"], "number column"),
        ([SAMPLE, "--record", "r.json", "--outside"], "--reader department only"),
        ([SAMPLE, "--reader", "congress", "--outside"], "name one reader"),
    ],
)
def test_unusable_is_said_in_words(run, arguments: list[str], words: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run(*arguments)
    assert code == 2
    assert words in err
    assert out == ""


def test_check_has_four_answers(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run(SAMPLE, "--check")[0] == 0
    bad = tmp_path / "bad.csv"
    bad.write_text("patient_id,vas_pain_pre,vas_pain_12m\n1,8,3\n2,7,2\n3,14,1\n4,5,2\n5,4,7\n", "utf-8")
    code, out, _ = run(str(bad), "--check")
    assert code == 1
    assert "error: " in out
    twice = tmp_path / "twice.csv"
    twice.write_text("patient_id,vas_pain_pre,vas_pain_12m\n1,8,3\n1,7,2\n2,5,1\n", "utf-8")
    code, out, _ = run(str(twice), "--check")
    assert code == 3
    assert "what is one row?" in out
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert run(str(empty), "--check")[0] == 2


def test_record_and_reproduce(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    record = tmp_path / "record.json"
    assert run(SAMPLE, "--where", "center=Heerlen", "--threshold", "pain=3", "--record", str(record))[0] == 0
    code, out, _ = run(SAMPLE, "--reproduce", str(record))
    assert (code, out.startswith("match: ")) == (0, True)
    told = json.loads(record.read_text("utf-8"))
    assert told["selection"]["chosen"] == {"center": ["Heerlen"]}
    told["results"]["paired:pain:12m"]["mean_change"]["value"] += 0.001
    record.write_text(json.dumps(told), "utf-8")
    code, out, _ = run(SAMPLE, "--reproduce", str(record))
    assert code == 2
    assert "paired:pain:12m · mean_change.value" in out


@pytest.mark.parametrize(
    ("change", "words", "code"),
    [
        ({"follow_up": "99m"}, "no time point “99m” as the analysis file asks for; it has: 12m", 2),
        ({"repairs": [{"x": 1}]}, "its repairs cannot be read", 2),
        ({"repairs": 5}, "its repairs cannot be read", 2),
        ({"thresholds": {"pain": 5}}, "its selection or thresholds cannot be read", 2),
        ({"population": "everyone"}, "its selection or thresholds cannot be read", 2),
        ({"confidence": 0.9}, "paired:pain:12m · confidence: 0.95 then, 0.9 now", 2),
        ({"compare": "nowhere"}, "no column “nowhere”", 2),
        ({"versions": {"cohortlens": "0.0.1"}}, "made with cohortlens 0.0.1 then", 0),
        (
            {"thresholds": {"pain": {"kind": "absolute", "threshold": "3", "state": None}}},
            "responders:pain:12m:improvement>=2.0: there then, absent now",
            2,
        ),
    ],
)
def test_a_tampered_record_is_named(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, untouched: str, change: dict[str, object], words: str, code: int
) -> None:
    record = tmp_path / "tampered.json"
    record.write_text(json.dumps(json.loads(untouched) | change), "utf-8")
    found, out, err = run(SAMPLE, "--reproduce", str(record))
    assert words in out + err
    assert found == code
    assert max(len(line) for line in (out + err).splitlines()) < 300
    assert "program went wrong" not in err


def test_one_changed_cell_and_half_a_record_are_named(run, tmp_path: Path, untouched: str) -> None:  # type: ignore[no-untyped-def]
    record, other = tmp_path / "record.json", tmp_path / "cohort.csv"
    record.write_text(untouched, "utf-8")
    lines = Path(SAMPLE).read_text("utf-8").splitlines()
    cells = lines[2].split(",")
    place = lines[0].split(",").index("vas_pain_12m")
    cells[place] = str(int(cells[place]) + 1)
    other.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]) + "\n", "utf-8")
    code, out, _ = run(str(other), "--reproduce", str(record))
    assert code == 2
    assert out.splitlines()[1].startswith("the file or its columns: fingerprint ")
    assert "paired:pain:12m · mean_change.value: " in out
    record.write_text(untouched[:5000], "utf-8")
    code, _, err = run(SAMPLE, "--reproduce", str(record))
    assert (code, "not JSON" in err) == (2, True)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> str:
    record = tmp_path_factory.mktemp("record") / "record.json"
    assert main([SAMPLE, "--record", str(record)]) == 0
    return record.read_text("utf-8")


def test_groups_side_by_side_and_in_the_record(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    record = tmp_path / "record.json"
    code, out, _ = run(SAMPLE, "--compare", "Center", "--record", str(record))
    assert code == 0
    assert "VAS pain by group" in out
    assert "Exploratory." in out
    told = json.loads(record.read_text("utf-8"))
    groups = told["results"]["comparison:center:12m"]["groups"]
    assert [g["label"] for g in groups] == ["All", "Heerlen", "Enschede"]
    assert groups[1]["paired"]["pain"]["n"] + groups[2]["paired"]["pain"]["n"] == groups[0]["paired"]["pain"]["n"]
    assert run(SAMPLE, "--reproduce", str(record))[0] == 0
    assert run(SAMPLE, "--compare", "age")[0] == 0


def test_another_file_with_the_same_values_differs_in_the_file_only(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    record = tmp_path / "record.json"
    run(SAMPLE, "--record", str(record))
    code, out, _ = run(str(ROOT / "sample_data" / "misjf.xlsx"), "--reproduce", str(record))
    assert code == 2
    assert out.count("\n") == 2
    assert "fingerprint" in out


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pptx", "html", "json"])
def test_export_writes_a_file(run, tmp_path: Path, ending: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"out.{ending}"
    assert run(SAMPLE, "--export", str(path))[0] == 0
    assert path.stat().st_size > 10_000


def test_a_label_cannot_steer_the_terminal(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "colours.csv"
    lines = "".join(f"{i},{7 + i % 3},{2 + i % 4},\x1b[31mRed\n" for i in range(1, 15))
    path.write_text("patient_id,vas_pain_pre,vas_pain_12m,etiology\n" + lines, "utf-8")
    assert "\x1b" not in "".join(map(str, run(str(path))[1:]))
    assert "\x1b" not in run(str(path), "--where", "etiology=x")[2]


def test_a_fault_of_ours_is_no_traceback(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("row 7: Jansen")

    monkeypatch.setattr("lib.importing.files.worker.parse_file", broken)
    code, _, err = run(SAMPLE)
    assert code == 2
    assert "RuntimeError" in err
    assert "Jansen" not in err


def test_wishes_become_a_selection() -> None:
    found = cohort(20)
    selection = selection_of(found, ["Etiology=Trauma", "etiology=Unknown", "age=30,5..", "center = Heerlen"])
    assert selection.labels("etiology") == ("Trauma", "Unknown")
    assert dict(selection.ranges) == {"age": Range(30.5, None)}
    assert selection_of(found, ["age=40"]).ranges[0][1] == Range(40, 40)
    assert selection_of(found, [f"etiology={NOT_RECORDED}"]).labels("etiology") == (NOT_RECORDED,)
    with pytest.raises(CannotUse, match="no filter"):
        selection_of(found, ["=x"])


def test_it_starts_from_a_real_shell() -> None:
    done = subprocess.run([sys.executable, "-m", "lib", SAMPLE, "--where", "sex=Robot"], cwd=ROOT, capture_output=True)
    assert done.returncode == 2
    assert done.stdout == b""
    assert "does not occur in" in done.stderr.decode("utf-8")


@pytest.mark.parametrize("reader", ["department", "congress", "public"])
def test_patient_rows_leave_only_after_a_yes(reader: str, run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "x.reviewer.zip"
    code, _, err = run(SAMPLE, "--reader", reader, "--export", str(out))
    assert code != 0
    assert "a row per patient" in err
    assert "--patient-rows" in err
    assert not out.exists()
    code, _, err = run(SAMPLE, "--reader", reader, "--export", str(out), "--patient-rows")
    assert code == 0, err
    with zipfile.ZipFile(out) as archive:
        assert len(archive.read("data.csv").splitlines()) == 1 + 57


def test_the_yes_to_patient_rows_puts_them_into_no_other_file(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    made = [tmp_path / "without.json", tmp_path / "with.json"]
    run(SAMPLE, "--export", str(made[0]))
    run(SAMPLE, "--export", str(made[1]), "--patient-rows")
    first, second = (json.loads(path.read_text("utf-8")) for path in made)
    assert first == second
