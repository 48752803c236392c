"""A question that only the user can answer stops the shell (exit 3) until it is answered, and a guess is marked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.__main__ import main
from lib.importing import questions
from lib.importing.checks.base import Recognised
from lib.importing.columns.roles import Role, columns_from_json, columns_to_json
from lib.importing.files.worker import parse_file
from lib.importing.findings import Repair
from lib.importing.proposal import propose
from lib.importing.questions.base import Answer, Question, Stake

TEXT = "id,vas_pain_pre,vas_pain_12m\n" + "".join(f"{i},{6 + i % 4},{i % 4}\n" for i in range(1, 25))


def tenfold(table: Recognised) -> Iterator[Question]:
    """Asks about the first column until its values are divided."""
    if table.profiles["vas_pain_pre"].values[-1] > 1:
        divide = Repair("scale", ("vas_pain_pre",), "vas_pain_pre was divided by 10", factor="0.1")
        yield Question(
            "scale",
            "scale:vas_pain_pre",
            "Is vas_pain_pre in millimetres?",
            "Its values are 6 to 9.",
            (Stake.SCALE,),
            (Answer("keep", "No"), Answer("divide", "Yes: divide it by 10", repairs=(divide,))),
            columns=("vas_pain_pre",),
            skip="vas_pain_pre is left out.",
        )


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(questions, "KINDS", (tenfold,))
    path = tmp_path / "own.csv"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.mark.parametrize("more", [[], ["--check"], ["--record", "OUT"], ["--export", "OUT"]])
def test_an_open_question_writes_nothing(
    file: Path, more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert main([str(file), *(str(out) if m == "OUT" else m for m in more)]) == 3
    printed = capsys.readouterr().out
    for words in ("Is vas_pain_pre in millimetres?", "divide: Yes: divide it by 10.", "skip: ", "one of: keep, divide"):
        assert words in printed
    assert not out.exists()


@pytest.mark.parametrize(("answer", "mean"), [("keep", 7.5), ("divide", 0.75)])
def test_the_printed_form_filled_in_is_the_answer(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, mean: float
) -> None:
    main([str(file), "--check", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [q["key"] for q in told["questions"]] == ["scale:vas_pain_pre"]
    (measure,) = told["measures"]
    assert measure["columns"] == ["vas_pain_pre", "vas_pain_12m"]
    assert (measure["n"], measure["higher_is_better"]) == ({"baseline": 24, "12m": 24}, False)
    form, answers, out = told["answers_file"], tmp_path / "answers.json", tmp_path / "out.json"
    answers.write_text(json.dumps(form), "utf-8")
    assert main([str(file), "--columns", str(answers)]) == 3  # nothing filled in
    form["questions"]["scale:vas_pain_pre"] = answer
    answers.write_text(json.dumps(form), "utf-8")
    assert main([str(file), "--columns", str(answers), "--record", str(out)]) == 0
    record = json.loads(out.read_text("utf-8"))
    assert record["results"]["paired:pain:12m"]["baseline"]["mean"] == pytest.approx(mean)
    assert "guessed" not in record["file"]
    assert main([str(file), "--reproduce", str(out)]) == 0


def test_an_answer_nobody_offered_is_refused(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"columns": [], "questions": {"scale:vas_pain_pre": "perhaps"}}), "utf-8")
    assert main([str(file), "--columns", str(answers)]) == 2
    assert '"keep", "divide" and "skip"' in capsys.readouterr().err


def test_a_guess_that_is_insisted_on_is_marked_in_every_output(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = [tmp_path / f"out{ending}" for ending in (".html", ".json")]
    assert main([str(file), "--accept-guesses", *(x for o in outputs for x in ("--export", str(o)))]) == 0
    for text in (capsys.readouterr().out, *(o.read_text("utf-8") for o in outputs)):
        assert "Is vas_pain_pre in millimetres?" in " ".join(text.split())
    record = json.loads(outputs[1].read_text("utf-8"))
    assert record["file"]["guessed"] == ["Is vas_pain_pre in millimetres?"]
    # a guess does not become certain by being saved
    assert "vas_pain_pre" not in [c["name"] for c in record["columns"]["columns"]]


def test_saved_columns_bring_the_same_cohort_back(file: Path) -> None:
    parsed = parse_file(TEXT.encode(), "own.csv")
    blank = Repair("blank", ("vas_pain_12m",), "one cell was made blank", rows=(3,))
    done = propose(parsed).accept(blank).with_answer("scale:vas_pain_pre", "divide")
    again = propose(parsed, None, columns_from_json(columns_to_json(done.choice)))
    assert (again.fingerprint, again.repairs, again.answered) == (done.fingerprint, done.repairs, done.answered)
    # next month's file: the answer holds, the row number does not
    later = parse_file((TEXT + "99,8,1\n").encode(), "own.csv")
    next_month = propose(later, None, columns_from_json(columns_to_json(done.choice)))
    assert [r.kind for r in next_month.repairs] == ["scale"]
    assert next_month.questions == ()


def test_a_skipped_question_leaves_its_columns_out(file: Path) -> None:
    found = propose(parse_file(TEXT.encode(), "own.csv")).with_answer("scale:vas_pain_pre", "skip")
    assert next(c for c in found.columns if c.name == "vas_pain_pre").role is Role.IGNORE
