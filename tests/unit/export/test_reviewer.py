"""For the reviewer: the zip holds what it says, nothing that names a patient, and R computes every number again."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort, Dates
from lib.disclosure.readers import Reader
from lib.export import ExportError, Options, export, format_of
from lib.export.record import read, reproduce
from lib.export.reviewer.data import columns
from lib.export.reviewer.numbers import numbers
from lib.report.groups_text import grouping_of
from lib.report.plan import Choices, Plan
from lib.report.report import Report, build_report
from lib.stats.responders import Rule
from tests.cohorts import cohort
from tests.sample import headache, sample

YES = Options(patient_rows=True)


def _zip(report: Report) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(export(report, "reviewer.zip", YES)))


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return _zip(build_report(Analysis(sample())))


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"))))


def test_it_holds_the_patients_without_what_names_them(archive: zipfile.ZipFile) -> None:
    people = sample()
    rows = _rows(archive, "data.csv")
    assert len(rows) == people.n
    assert sum(row["counted"] == "1" for row in rows) == 29
    dates = {key for key, column in people.columns.items() if isinstance(column, Dates)}
    assert dates
    assert not {f"about_{key}" for key in dates} & set(rows[0])
    assert not any("id" in name.split("_") for name in rows[0])
    assert [row["column"] for row in _rows(archive, "dictionary.csv")] == list(rows[0])


def test_the_file_for_spss_has_the_same_values_and_the_words_of_codes(archive: zipfile.ZipFile, tmp_path: Path) -> None:
    rows = _rows(archive, "data.csv")
    (tmp_path / "data.sav").write_bytes(archive.read("data.sav"))
    frame, meta = pyreadstat.read_sav(tmp_path / "data.sav")
    assert frame.shape == (len(rows), len(rows[0]))
    for place, name in enumerate(rows[0]):
        told = [float(row[name]) for row in rows if row[name]]
        assert frame.iloc[:, place].dropna().tolist() == told, name
        assert meta.column_labels[place].startswith(f"{name}: ")
    etiology = next(name for name in frame.columns if name.endswith("about_etiology"))
    assert "Postpartum" in meta.variable_value_labels[etiology].values()


def test_a_column_that_names_nearly_everybody_is_left_out() -> None:
    people = cohort(40, etiologies=tuple(f"Person {k}" for k in range(40)))
    names = _rows(_zip(build_report(Analysis(people))), "data.csv")[0]
    assert "about_etiology" not in names
    assert any(name.startswith("about_") for name in names)


def test_its_analysis_file_reproduces_itself(archive: zipfile.ZipFile) -> None:
    assert reproduce(read(archive.read("analysis.json")), sample()).matches


@pytest.mark.parametrize("reader", list(Reader))
def test_it_needs_a_yes_that_says_what_it_holds(reader: Reader) -> None:
    assert format_of("x.reviewer.zip").ending == "reviewer.zip"
    report = build_report(Analysis(cohort(12)), reader=reader)
    with pytest.raises(ExportError, match="a row per patient"):
        export(report, "reviewer.zip")
    assert len(_rows(_zip(report), "data.csv")) == 12


RULES = {
    "as published": {},
    "percent": {"pain": Rule("percent", threshold=Decimal(30))},
    "state": {"pain": Rule("state", state=Decimal(3))},
    "both": {"pain": Rule("change and state", threshold=Decimal(2), state=Decimal(3))},
}


def by(people: Cohort, group: str, **more: Any) -> Report:
    analysis = Analysis(people)
    return build_report(analysis, comparison=compare(analysis, grouping_of(people, group)), **more)


OTHER = Choices(interval="clopper-pearson", numbers="mean (SD)", test="wilcoxon", value_set="netherlands_2006_tto")
REPORTS: dict[str, Callable[[Path], Report]] = {
    **{
        f"sample, responders {name}": lambda _, rules=rules: build_report(Analysis(sample()), rules=rules)
        for name, rules in RULES.items()
    },
    "four patients": lambda _: build_report(Analysis(cohort(4))),
    "sample by center": lambda _: by(sample(), "center"),
    "sample by center, other choices": lambda _: by(sample(), "center", choices=OTHER),
    "made up, by etiology": lambda _: by(cohort(60), "etiology"),
    "headache trial": lambda folder: by(
        headache(folder), "group", rules={"headache": Rule("percent", threshold=Decimal(35))}
    ),
    "registry": lambda _: build_report(Analysis(sample("registry.csv"))),
}


@pytest.mark.proof
@pytest.mark.parametrize("name", REPORTS)
def test_r_computes_every_number_again(
    name: str,
    tmp_path: Path,
    program: Callable[[str], str],
    proven: Callable[[str], None],
    request: pytest.FixtureRequest,
) -> None:
    order = [program("Rscript"), "recompute.R"]
    folder = request.getfixturevalue("public_data") if name == "headache trial" else Path()
    archive = _zip(REPORTS[name](folder))
    archive.extractall(tmp_path)
    rows = _rows(archive, "numbers.csv")
    left_out = sum(row["kind"].startswith("not in R: ") for row in rows)
    found = subprocess.run(order, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr
    lines = found.stdout.strip().splitlines()
    reasons = [line for line in lines if " not computed again: " in line]
    assert lines[-1] == f"{len(rows) - left_out} of {len(rows) - left_out} numbers are the same"
    assert sum(int(line.split()[0]) for line in reasons) == left_out
    assert left_out < len(rows) / 10
    assert len(rows) - left_out > (1000 if "sample" in name or name == "registry" else 300)
    proven(f"R, the reviewer's script, {name}: {lines[-1]}; {left_out} not computed again.")


def _listed(plan: Plan) -> list[tuple[str, str]]:
    return [(kind.split()[0], name) for kind, _, _, name, _ in numbers(plan, {v.name: v for v in columns(plan)})]


def test_what_a_report_shows_is_in_the_list() -> None:
    """Table 1, the dimensions and classes of EQ-5D, the groups, time to event: none of them was in it once."""
    kinds = {kind for kind, _ in _listed(by(sample(), "center").plan)}
    assert {"describe", "balance", "dimension", "classes", "ancova", "welch", "rates", "statement", "events"} <= kinds
    people = Analysis(sample("registry.csv"))
    names = {name for kind, name in _listed(Plan(people, people.default_follow_up(), {})) if kind == "survival"}
    assert names >= {"KM share", "KM low", "per 100 years", "median follow-up", "at risk"}


@pytest.mark.proof
def test_nothing_to_compute_is_no_failure(
    archive: zipfile.ZipFile, tmp_path: Path, program: Callable[[str], str]
) -> None:
    archive.extractall(tmp_path)
    head = archive.read("numbers.csv").decode().splitlines()[0]
    (tmp_path / "numbers.csv").write_text(f"{head}\n", "utf-8")
    found = subprocess.run(
        [program("Rscript"), "recompute.R"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "0 of 0 numbers are the same"


@pytest.mark.proof
def test_the_script_fails_where_a_number_differs(
    archive: zipfile.ZipFile, tmp_path: Path, program: Callable[[str], str]
) -> None:
    archive.extractall(tmp_path)
    (tmp_path / "numbers.csv").write_text(archive.read("numbers.csv").decode().replace(",n,", ",n,9", 1), "utf-8")
    found = subprocess.run([program("Rscript"), "recompute.R"], cwd=tmp_path, capture_output=True, check=False)
    assert found.returncode == 1
