"""Every file of real trouble through the shell: exit code, the words of its questions, the right values in the record.

The reader runs in this process; `lib.cli` and everything behind it is what a user starts.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.__main__ import main
from lib.importing.files import worker
from tests.unit.importing.read_here import parse_here

CASES = Path(__file__).parents[1] / "importing" / "data" / "cases"
with (CASES / "cases.csv").open(encoding="utf-8", newline="") as _file:
    TRUTH = {row["file"]: row for row in csv.DictReader(_file)}
NOTHING_OPEN, ERROR, UNUSABLE, QUESTION = range(4)


@pytest.fixture(autouse=True)
def _read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(data: bytes, name: str, options: Any = None, **_: Any) -> Any:
        return parse_here(data, name, options=options)

    monkeypatch.setattr(worker, "parse_file", parse)


def flat(found: Any) -> Iterator[float]:
    if isinstance(found, dict):
        for value in found.values():
            yield from flat(value)
    elif isinstance(found, list):
        for value in found:
            yield from flat(value)
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield float(found)


@pytest.mark.parametrize("name", TRUTH, ids=lambda n: n.split(".")[0])
def test_a_file_ends_with_the_right_exit_code_and_words(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    truth = TRUTH[name]
    code = main([str(CASES / name), "--check", "--json"])
    printed = capsys.readouterr()
    if code == UNUSABLE:
        assert truth["ask"] in ("error", "look")
        assert len(printed.err) > 40
        return
    told = json.loads(printed.out)
    errors = [f for f in told["findings"] if f["severity"] == "error"]
    assert code == (QUESTION if told["questions"] else ERROR if errors else NOTHING_OPEN)
    if truth["ask"] == "error" and not (truth["auto_ok"] and truth["numbers"]):
        assert code in (ERROR, QUESTION)
    if truth["must_say"] and truth["ask"]:
        assert re.search(truth["must_say"], printed.out)
    assert set(told["answers_file"]["questions"]) == {q["key"] for q in told["questions"]}


@pytest.mark.parametrize("name", [n for n, t in TRUTH.items() if t["ask"] in ("", "say") and t["numbers"]])
def test_the_record_holds_the_right_values_or_nothing_is_written(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code = main([str(CASES / name), "--record", str(out)])
    assert out.exists() == (code in (NOTHING_OPEN, ERROR))
    if out.exists():
        have = list(flat(json.loads(out.read_text("utf-8"))))
        for wanted in map(float, filter(None, TRUTH[name]["numbers"].split(";"))):
            assert any(math.isclose(v, wanted, rel_tol=6e-5, abs_tol=6e-5) for v in have), wanted
    else:
        assert code == QUESTION
