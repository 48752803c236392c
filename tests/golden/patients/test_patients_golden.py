"""Table 1, attrition and safety of the sample through the product, against base R (make_patients.R) and the paper."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.attrition import analysed_against_not, by_period, gap
from lib.analysis.safety import SafetyOf, after_surgery, per_procedure, populations, safety_of
from lib.analysis.table_one import TableOne, TableOneRow
from lib.analysis.table_one import table_one as make
from lib.present.table import Table
from lib.present.tables.table_one import table_one_table
from lib.stats.proportions import Proportion
from lib.stats.results import Interval, NotComputed, Test
from lib.stats.table_one import NumericSummary
from tests.sample import sample

HERE = Path(__file__).parent
R = {row["case"]: row["value"] for row in csv.DictReader((HERE / "expected.csv").read_text("utf-8").splitlines())}
PUBLISHED = list(csv.DictReader((HERE.parent / "published_figures.csv").read_text("utf-8").splitlines()))
KEYS = {"eqvas_pre": "score:eq_vas", "vas_pain_pre": "score:pain", "opioids_pre": "yesno:opioids"}


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return Analysis(sample())


@pytest.fixture(scope="module")
def against(analysis: Analysis) -> TableOne:
    found = analysed_against_not(analysis, "pain", "12m")
    assert isinstance(found, TableOne)
    return found


def row_of(found: TableOne, name: str) -> TableOneRow:
    return next(r for r in found.rows if r.variable.key == KEYS.get(name, name))


@pytest.mark.parametrize("case", [c for c in R if c.startswith("smd:")])
def test_standardised_differences(case: str, against: TableOne) -> None:
    assert row_of(against, case.removeprefix("smd:")).smd == pytest.approx(float(R[case]), rel=1e-9)


@pytest.mark.parametrize("name", ["sex", "prior_spinal_fusion", "staged_bilateral", "asa", "etiology"])
def test_fisher_where_an_expected_count_is_below_5(name: str, against: TableOne) -> None:
    test = row_of(against, name).test
    assert isinstance(test, Test)
    name_of_test = "fisher" if test.name.startswith("Fisher") else "chisq"
    assert test.p == pytest.approx(float(R[f"{name_of_test}:{name}"]), rel=1e-9)


@pytest.mark.parametrize("name", ["opioids_pre", "side"])
def test_chi_square_without_yates_elsewhere(name: str, against: TableOne) -> None:
    test = row_of(against, name).test
    assert isinstance(test, Test)
    assert test.name == "chi-square test"
    assert test.p == pytest.approx(float(R[f"chisq:{name}"]), rel=1e-9)


def test_welch_t_for_age(against: TableOne) -> None:
    test = row_of(against, "age").test
    assert isinstance(test, Test)
    assert test.p == pytest.approx(float(R["p:age"]), rel=1e-9)


@pytest.mark.parametrize("name", ["age", "bmi", "procedure_minutes", "eqvas_pre", "vas_pain_pre"])
def test_quartiles_are_type_7_and_the_form_follows_shapiro(name: str, analysis: Analysis) -> None:
    row = row_of(make(analysis, analysis.people("12m")), name)
    assert isinstance(row.overall, NumericSummary)
    assert not isinstance(row.overall.values, NotComputed)
    v = row.overall.values
    assert (v.median, v.q1, v.q3) == pytest.approx(tuple(float(R[f"{k}:{name}"]) for k in ("median", "q1", "q3")))
    assert row.display is not None
    p = float(R[f"shapiro:{name}"])
    assert isinstance(row.display.shapiro, Test)
    assert row.display.shapiro.p == pytest.approx(p, rel=1e-6)
    assert row.display.shown == ("median [Q1, Q3]" if p < 0.05 else "mean (SD)")


def test_exact_intervals(analysis: Analysis) -> None:
    people = analysis.people("12m")
    everyone, chosen = (safety_of(analysis, group) for group in populations(analysis, "12m"))
    assert isinstance(chosen, SafetyOf)
    assert isinstance(everyone, SafetyOf)
    operations = per_procedure(analysis, people)
    assert not isinstance(operations, NotComputed)
    outcomes = {o.key: o.answers[0][1] for o in after_surgery(analysis, people)}
    types = chosen.tallies[0]
    found = {
        "any event": chosen.any.patients,
        "all operated": everyone.any.patients,
        "Hematoma": types.summary.by_type[types.names.index("Hematoma")].patients,
        **outcomes,
    }
    # two operations of one patient are not independent: their interval is tested in rates/test_operations.py
    assert (operations.with_event.count, operations.with_event.n) == (
        int(R["operations:count"]),
        int(R["operations:n"]),
    )
    for case in ("any event", "all operated", "implant_position", "reoperation", "Hematoma"):
        rate = found[case]
        assert isinstance(rate, Proportion)
        assert isinstance(rate.interval, Interval)
        assert (rate.count, rate.n) == (int(R[f"{case}:count"]), int(R[f"{case}:n"]))
        assert rate.interval.low == pytest.approx(float(R[f"{case}:low"]), rel=1e-9, abs=1e-12)
        assert rate.interval.high == pytest.approx(float(R[f"{case}:high"]), rel=1e-9)


def test_the_gap_of_the_paper_is_found(analysis: Analysis) -> None:
    periods = by_period(analysis, "pain", "12m")
    assert not isinstance(periods, NotComputed)
    found = gap(periods)
    assert found is not None
    assert (found.first, found.last) == (R["gap:first"], R["gap:last"]) == ("2020-03", "2020-06")
    assert (found.complete, found.due) == (int(R["gap:complete"]), int(R["gap:due"]))


# --- the printed tables, to the last digit ----------------------------------------------------------------------------

ROWS_OF_THE_PAPER = {
    "number:age": "Age (years), mean (SD)",
    "category:sex=Female": "Sex: Female, n (%)",
    "number:bmi": "BMI (kg/m²), mean (SD)",
    "category:asa=I": "I",
    "category:asa=II": "II",
    "category:asa=III": "III",
    "yesno:opioids:pre": "Opioid use, before surgery, n (%)",
    "category:prior_spinal_fusion=Yes": "Prior spinal fusion, n (%)",
    "category:prior_misjf_other_side=Yes": "Prior SIJ fusion, other side, n (%)",
    "category:other_spine_surgery=Yes": "Other spine surgery, n (%)",
    "category:imaging=No abnormality": "No abnormality",
    "category:imaging=Degenerative SIJ": "Degenerative SIJ",
    "category:imaging=Other": "Other",
    "category:etiology=Postpartum": "Postpartum",
    "category:etiology=Prior spinal fusion": "Prior spinal fusion",
    "category:etiology=Ehlers-Danlos syndrome": "Ehlers-Danlos syndrome",
    "category:etiology=Posttraumatic": "Posttraumatic",
    "category:etiology=Degenerative": "Degenerative",
    "category:etiology=Unknown": "Unknown",
    "category:side=Right": "Side: Right, n (%)",
    "category:implants=2": "2",
    "category:implants=3": "3",
    "number:procedure_minutes": "Duration of the procedure (minutes), mean (SD)",
    "category:staged_bilateral=Yes": "Staged bilateral, n (%)",
    "events:timing=Intraoperative": "Intraoperative, n (%)",
    "events:timing=Postoperative": "Postoperative, n (%)",
    "events:type=Implant loosening": "Implant loosening, n (%)",
    "events:type=Surgical wound infection": "Surgical wound infection, n (%)",
    "events:type=Nerve root injury": "Nerve root injury, n (%)",
}


def printed(table: Table) -> dict[str, str]:
    """Name of the row → its cell for all, with ordinary spaces."""
    return {row[0].text.replace("\u00a0", " ").strip(): row[1].text.replace("\u00a0", " ") for row in table.rows}


@pytest.mark.parametrize(("key", "name"), ROWS_OF_THE_PAPER.items())
def test_tables_1_and_2_of_the_paper_as_printed(key: str, name: str, analysis: Analysis) -> None:
    table = printed(table_one_table(make(analysis, analysis.people("12m"))))
    known = {row["statistic"]: row["value"] for row in PUBLISHED if row["key"] == key}
    number = known["mean"] if "mean" in known else known["count"]
    inside = known["sd"] if "sd" in known else f"{known['percent']}%"
    assert table[name] == f"{number} ({inside})"


def test_sections_follow_the_paper(analysis: Analysis) -> None:
    everyone = np.ones(57, dtype=bool)
    found = make(analysis, everyone)
    assert found.n == 57
    assert [r.variable.heading for r in found.rows] == sorted(
        (r.variable.heading for r in found.rows),
        key=["Patients", "Before surgery", "Medical history", "Diagnosis", "Index procedure", "Adverse events"].index,
    )
