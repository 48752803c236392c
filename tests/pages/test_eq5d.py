"""EQ-5D through AppTest: the sample, every tab, other value sets, groups, files with an index only or with the 5L."""

from __future__ import annotations

import pytest

from lib.cohort.cohort import Cohort
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from tests.cohorts import cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words

TABS = ("Value sets", "Tests", "Profile grid", "Commonest states")


def read(*lines: str) -> Cohort:
    return propose(parse_file("\n".join(lines).encode(), "file.csv")).build()


def test_the_sample(open_app: OpenApp) -> None:
    shown = words(open_app("eq5d"))
    assert "17 of 29 patients better, 3 worse, 8 mixed, 1 the same" in shown
    assert "21 of 29 (72.4%) improved by ≥ 0.074" in shown
    assert "The threshold of 0.074 was found with United Kingdom" in shown
    assert "28 without a complete pair" in shown


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Value sets", "over 6 value sets; responders 18 to 22 of 29"),
        ("Tests", "Ordered marginal homogeneity test (p exact"),
        ("Profile grid", "24 of 29 patients moved to a state of better rank"),
        ("Commonest states", "no trouble on any dimension"),
    ],
)
def test_every_tab(open_app: OpenApp, tab: str, said: str) -> None:
    assert said in words(open_app("eq5d", state={"eq5d_tabs": tab}))


def test_another_value_set_from_the_address(open_app: OpenApp) -> None:
    shown = words(open_app("eq5d", query={"valueset": "uk_tto"}))
    assert "+0.338" in shown
    assert "Dolan 1997" in shown
    assert "The threshold of 0.074 was found with" not in shown
    assert "Europe" in words(open_app("eq5d", query={"valueset": "atlantis"}))


def test_cautions_and_sets_without_a_source(open_app: OpenApp) -> None:
    assert "worse state often scores higher" in words(open_app("eq5d", query={"valueset": "argentina_tto"}))
    assert "No source is on file" in words(open_app("eq5d", query={"valueset": "ecuador_tto"}))


def test_groups(open_app: OpenApp) -> None:
    app = open_app("eq5d", query={"compare": "center"})
    drawn = charts(app).values()
    rows = next(c for c in drawn if c["file_name"] == "changes")["table"]["rows"]
    better = {row[1]: row[2:] for row in rows if row[0] == "Better"}
    assert better == {"All": ["17", "29"], "Heerlen": ["9", "16"], "Enschede": ["8", "13"]}


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("n", [1, 2])
def test_few_patients(open_app: OpenApp, tab: str, n: int) -> None:
    lines = [f"P{k},21232,11121" for k in range(n)]
    made = read("patient_id,eq5d_state_pre,eq5d_state_12m", *lines)
    shown = words(open_app("eq5d", state={"_cohort": made, "eq5d_tabs": tab}))
    assert f"{n} of {n} patient" in shown


@pytest.mark.parametrize("tab", TABS)
def test_a_five_level_file_says_so_and_has_its_own_index(open_app: OpenApp, tab: str) -> None:
    lines = [f"P{k},11245,11121" for k in range(12)]
    made = read("patient_id,eq5d_state_pre,eq5d_state_12m", *lines)
    shown = words(open_app("eq5d", state={"_cohort": made, "eq5d_tabs": tab}))
    assert "12 of 12 patients better" in shown
    assert "EQ-5D-5L" in shown


def test_a_youth_file_from_upload_to_page(open_app: OpenApp) -> None:
    names = [f"eq5dy_{d}_{t}" for t in ("pre", "12m") for d in ("mo", "sc", "ua", "pd", "ad")]
    made = read(",".join(["id", *names]), *(f"P{k},2,1,2,3,2,1,1,1,2,1" for k in range(12)))
    assert made.eq5d_version == "Y-3L"
    shown = words(open_app("eq5d", state={"_cohort": made, "eq5d_tabs": "Profile grid"}))
    assert "12 of 12 patients better" in shown
    assert "EQ-5D-Y-3L" in shown
    assert "Netherlands" in shown


def test_an_index_alone(open_app: OpenApp) -> None:
    lines = [f"P{k},0.{310 + 7 * k},0.{520 + 11 * k}" for k in range(15)]
    made = read("patient_id,eq5d_index_pre,eq5d_index_12m", *lines)
    shown = words(open_app("eq5d", state={"_cohort": made}))
    assert "The index as the file has it" in shown
    assert "no health states" in shown


def test_no_eq5d_at_all(open_app: OpenApp) -> None:
    assert "No EQ-5D before and after" in words(open_app("eq5d", state={"_cohort": cohort(10)}))
