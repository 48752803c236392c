"""225 real headings of public codebooks in seven languages, each with what it truly is, through `propose`.

`data/headings/headings.csv` says what a heading truly is; `columns.csv` holds the cells of forty invented patients,
drawn so that they improve in the true direction. *Wrong*: direction, range, time or instrument differs and no
question names the column. *Lost*: no measure of it and no question names it.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.proposal import Import
from tests.unit.importing.read_here import propose_columns

DATA = Path(__file__).parent / "data" / "headings"
SHARED = ("id", "center", "etiology")
ALONGSIDE = ("odi_pre", "odi_12m")
KNOWN = {"pain", "odi", "ndi", "eq_vas", "oks", "koos", "hoos", "quickdash", "eq5d3l_index", "sf36_pcs", "sf36_mcs"}
OUTCOMES = {"score", "item", "eq5d_dims"}
SAME = {"sf12_mcs": "sf36_mcs"}  # norm-based in the same way


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CELLS: dict[str, dict[str, list[str]]] = defaultdict(dict)
for _row in _rows("columns.csv"):
    CELLS[_row["nr"]][_row["column"]] = _row["cells"].split("|")
TRUTH = _rows("headings.csv")


def _file(*numbers: str) -> dict[str, list[str]]:
    """The cells of a file that holds these headings."""
    own = {name: cells for nr in numbers for name, cells in CELLS[nr].items()}
    lone = not any(t["role"] in OUTCOMES for t in TRUTH if t["nr"] in numbers)
    beside = [*SHARED, *(ALONGSIDE if lone else ())]
    taken = {t["role"] for t in TRUTH if t["nr"] in numbers}
    if "id" in taken:
        beside.remove("id")
    return {**{name: CELLS[""][name] for name in beside if name not in own}, **own}


@dataclass(frozen=True)
class Verdict:
    nr: str
    must: str
    heading: str
    word: str  # right, asked, wrong, lost
    why: str = ""


def judge(truth: dict[str, str], found: Import) -> Verdict:
    names = list(CELLS[truth["nr"]])
    guesses = [c for c in found.columns if c.name in names]
    asked = any(set(q.columns) & set(names) for q in found.questions)
    word, why = _reading(truth, guesses, found)
    if asked:
        word, why = "asked", f"{word} {why}"
    return Verdict(truth["nr"], truth["must"], truth["heading"], word, why)


def _reading(truth: dict[str, str], guesses: list[ColumnGuess], found: Import) -> tuple[str, str]:
    role = truth["role"]
    if role not in OUTCOMES:
        bad = [g for g in guesses if g.role in (Role.SCORE, Role.EQ5D_DIMENSION, Role.EQ5D_STATE)]
        bad += [g for g in guesses if g.role is Role.STATEMENT and role == "statement_code"]
        bad += [g for g in guesses if g.role is Role.EVENT_TYPE and role == "date"]
        if role == "id":
            bad += [g for g in guesses if g.role not in (Role.ID, Role.IDENTIFIER)]
        if role == "identifier":
            bad += [g for g in guesses if g.role not in (Role.IDENTIFIER, Role.IGNORE)]
        return ("wrong", f"{bad[0].role} {bad[0].target}") if bad else ("right", "")
    if role == "eq5d_dims":
        whole = len(guesses) == 10 and all(g.role is Role.EQ5D_DIMENSION for g in guesses)
        if (whole and {g.time_point for g in guesses} == {"baseline", "12m"}) or (whole and truth["nr"] == "010"):
            return "right", ""
        scores = [g for g in guesses if g.role in (Role.SCORE, Role.STATEMENT)]
        return ("wrong" if scores else "lost"), ", ".join(f"{g.role} {g.target}" for g in guesses)
    scores = [g for g in guesses if g.role is Role.SCORE]
    if not scores:
        return "lost", ", ".join(f"{g.name}: {g.role}" for g in guesses)
    for g in scores:
        measure = found.score_measures[g.target]
        ends = (truth["low"], truth["high"])
        wanted = SAME.get(truth["instrument"], truth["instrument"])
        if role == "item" or (measure.instrument or "") not in {wanted, truth["instrument"]}:
            return "wrong", f"taken for {measure.instrument or 'an own scale'}"
        if measure.higher_is_better != (truth["direction"] == "higher"):
            return "wrong", "direction"
        if measure.low is None or measure.high is None:
            return "wrong", "no range"
        if wanted in ("pain", "ndi", "odi") and (float(measure.low), float(measure.high)) != tuple(map(float, ends)):
            return "wrong", f"range {measure.low}–{measure.high}"
    times = [g.time_point for g in scores]
    if len(guesses) != len(scores) or len(set(times)) != len(times) or (len(times) > 1 and times[0] != "baseline"):
        return "wrong", f"times {times}"
    if len(times) > 1 and len({g.target for g in scores}) > 1:
        return "wrong", "two measures"
    return "right", ""


def one_file_each() -> list[Verdict]:
    return [judge(t, propose_columns(_file(t["nr"]))) for t in TRUTH]


def many_columns() -> list[Verdict]:
    """The headings of one source in one file; no two columns with one name."""
    sources: dict[str, list[dict[str, str]]] = defaultdict(list)
    for t in TRUTH:
        sources[t["source"]].append(t)
    found = []
    for members in sources.values():
        table = propose_columns(_file(*(t["nr"] for t in members)))
        found += [judge(t, table) for t in members]
    return found


def _bars(verdicts: list[Verdict]) -> dict[str, list[str]]:
    def named(word: str, must: str = "") -> list[str]:
        return [f"{v.nr} {v.heading}: {v.why}" for v in verdicts if v.word == word and must in ("", v.must)]

    return {
        "wrong": named("wrong"),
        "lost": named("lost"),
        "auto not right": [f"{v.nr} {v.heading}: {v.word}" for v in verdicts if v.must == "auto" and v.word != "right"],
        "any asked": named("asked", "any"),
    }


BARS = {"wrong": 0, "lost": 3, "auto not right": 0, "any asked": 37}
"""None wrong in silence, nothing certain asked, at most a third of what may go either way."""


@pytest.mark.parametrize("way", [one_file_each, many_columns])
def test_no_heading_is_read_wrong_without_a_question(way: Callable[[], list[Verdict]]) -> None:
    verdicts = way()
    assert len(verdicts) == 225
    for bar, names in _bars(verdicts).items():
        assert len(names) <= BARS[bar], f"{bar}: {names}"


if __name__ == "__main__":
    for way in (one_file_each, many_columns):
        verdicts = way()
        print(way.__name__, Counter((v.must, v.word) for v in verdicts))
        for bar, names in _bars(verdicts).items():
            print(f"  {bar} {len(names)}")
            for name in names:
                print("     ", name)
