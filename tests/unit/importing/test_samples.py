"""The sample cohort in four files and forty locales: one cohort, one analysis."""

from __future__ import annotations

import csv
import io
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.cohort.cohort import Category, Cohort, Number
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose, read_trusted
from lib.stats.results import to_record

SAMPLES = Path(__file__).resolve().parents[3] / "sample_data"
FILES = ("misjf.csv", "misjf.xlsx", "misjf.sav", "misjf_nl.csv")
LOCALES = list(
    product(
        ",;\t|",
        ".,",
        [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\r\n"), ("cp1252", "\r\n"), ("mac_roman", "\r")],
    )
)


def load(name: str) -> Cohort:
    return propose(parse_file((SAMPLES / name).read_bytes(), name)).build()


def analyses(cohort: Cohort) -> list[object]:
    """Every number of the overview as plain values."""
    analysis = Analysis(cohort)
    found: list[object] = [to_record(analysis.flow("12m"))]
    found += [to_record(analysis.paired(key, "12m")) for key in cohort.measures]
    found += [to_record(analysis.statement(key, "12m")) for key in cohort.statements]
    found += [to_record(analysis.yes_no(key, "12m")) for key in cohort.outcomes]
    return found


def assert_same(a: Cohort, b: Cohort) -> None:
    """Everything except the language of the labels."""
    assert list(a.columns) == list(b.columns)
    for key, column in a.columns.items():
        other = b.columns[key]
        if isinstance(column, Category):
            assert isinstance(other, Category)
            np.testing.assert_array_equal(column.codes, other.codes, err_msg=key)
            assert (len(column.labels), column.ordered, column.role) == (len(other.labels), other.ordered, other.role)
        elif isinstance(column, Number):
            assert isinstance(other, Number)
            np.testing.assert_array_equal(column.values, other.values, err_msg=key)
            assert column.resolution == other.resolution
    for name in ("scores", "illegal", "states", "answers", "yesno"):
        mine, theirs = getattr(a, name), getattr(b, name)
        assert list(mine) == list(theirs)
        for key in mine:
            np.testing.assert_array_equal(mine[key], theirs[key], err_msg=f"{name} {key}")
    assert dict(a.measures) == dict(b.measures)
    assert (a.time_points, a.primary, a.id_hashes) == (b.time_points, b.primary, b.id_hashes)
    assert a.events is not None
    assert b.events is not None
    np.testing.assert_array_equal(a.events.patient, b.events.patient)
    np.testing.assert_array_equal(a.source_rows, b.source_rows)


@pytest.mark.parametrize("name", FILES[1:])
def test_four_files_give_one_cohort(name: str) -> None:
    first, other = load("misjf.csv"), load(name)
    assert_same(first, other)
    assert analyses(first) == analyses(other)


def test_what_the_sample_holds() -> None:
    cohort = load("misjf.csv")
    assert cohort.n == 57
    assert [o.key for o in cohort.time_points] == ["baseline", "12m"]
    assert list(cohort.measures) == ["pain", "eq5d3l_index:europe_vas", "eq_vas"]
    pairs = cohort.pairs("pain", "baseline", "12m")
    assert (pairs.n, pairs.excluded.no_baseline, pairs.excluded.no_follow_up) == (29, 19, 9)
    # Hermans 2022: integer scores that sum to 227 and 144 (published_figures.csv)
    assert (int(pairs.baseline_counts.sum()), int(pairs.follow_up_counts.sum())) == (227, 144)
    etiology = cohort.columns["etiology"]
    assert isinstance(etiology, Category)
    assert etiology.labels[0] == "Postpartum"
    assert etiology.labels[-1] == "Unknown"
    assert len(cohort.statements) == 7
    assert cohort.events is not None
    assert cohort.source_rows.tolist() == list(range(2, 59))


def test_trusted_reading_is_the_same_as_the_childs() -> None:
    path = SAMPLES / "misjf.csv"
    cohort = read_trusted(path.read_bytes(), path.name, synthetic=True)
    assert_same(cohort, load("misjf.csv"))
    assert cohort.provenance.synthetic
    assert cohort.provenance.file_digest == load("misjf.csv").provenance.file_digest


@pytest.mark.parametrize("name", FILES)
def test_the_sample_has_no_finding_of_weight(name: str) -> None:
    table = propose(parse_file((SAMPLES / name).read_bytes(), name))
    assert [f.sentence for f in table.findings if f.severity.value != "note"] == []
    assert all(c.confidence > 0.9 for c in table.columns)


def _in_locale(delimiter: str, decimal: str, encoding: str, ending: str) -> bytes:
    """The Dutch sample, spelled with accents, in another locale."""
    text = (SAMPLES / "misjf_nl.csv").read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    bmi = rows[0].index("bmi")
    for row in rows[1:]:
        row[bmi] = row[bmi].replace(",", decimal)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return out.getvalue().encode(encoding)


def test_forty_locales_give_forty_identical_analyses() -> None:
    assert len(LOCALES) == 40
    first = load("misjf_nl.csv")
    wanted = analyses(first)
    for delimiter, decimal, (encoding, ending) in LOCALES:
        data = _in_locale(delimiter, decimal, encoding, ending)
        cohort = propose(parse_file(data, "x")).build()
        assert_same(first, cohort)
        assert analyses(cohort) == wanted, (delimiter, decimal, encoding)
