"""The analysis file holds EQ-5D, Table 1 and groups: reproduced, a changed number named, older files still read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare, with_patients
from lib.cohort.grouping import ByBaseline, ByColumn, ByQuantile, Grouping, Merge, Named, TwoCohorts, VersusRest
from lib.cohort.selection import Selection
from lib.cohort.statement_order import with_statement_orders
from lib.export import Options, export
from lib.export.record import LATER, AnalysisFileError, read, reproduce, write
from lib.export.record_differences import changed_rule, flat, more_words
from lib.report.numbers import results
from lib.report.plan import Choices
from lib.report.report import build_report
from tests.cohorts import cohort
from tests.sample import sample

HEERLEN = Selection.of({"center": ["Heerlen"]})
POSTPARTUM = Selection.of({"etiology": ["Postpartum"]})
GROUPINGS: tuple[Grouping, ...] = (
    ByColumn("center"),
    ByColumn("etiology", (Merge(("Trauma", "Unknown"), "The others"),)),
    ByQuantile("age"),
    ByBaseline("pain"),
    VersusRest(POSTPARTUM),
    TwoCohorts(Named(POSTPARTUM, "Mothers"), Named(HEERLEN)),
)


def record_of(grouping: Grouping | None = None, selection: Selection | None = None) -> dict[str, Any]:
    analysis = Analysis(sample(), selection or Selection())
    groups = None if grouping is None else with_patients(compare(analysis, grouping))
    return read(export(build_report(analysis, comparison=groups, date="2024-05-01"), "json"))


@pytest.mark.parametrize("grouping", GROUPINGS, ids=lambda g: type(g).__name__)
def test_any_grouping_is_recorded_and_reproduced(grouping: Grouping) -> None:
    record = record_of(grouping, POSTPARTUM if isinstance(grouping, VersusRest) else HEERLEN)
    assert record["compare"] == grouping.text(names=True)
    name = f"comparison:{record['compare']}:12m"
    assert record["results"][name]["groups"][0]["label"] == "All"
    assert record["results"][f"comparison_table_one:{record['compare']}:12m"]["groups"]
    found = reproduce(json.loads(json.dumps(record)), sample())
    assert found.differences == ()
    assert found.compared > 2000


PLACES = [
    ("table_one:12m", "variables", "age", "overall", "values", "mean"),
    ("eq5d_classes:12m", "better"),
    ("eq5d_dimensions:12m", "test_p", "adjusted", 0),
    ("eq5d_index:europe_vas:12m", "paired", "mean_change", "value"),
    ("comparison_table_one:center:12m", "variables", "age", "smd"),
    ("comparison_rates:center:12m", "results", 0, "rates", 0, "count"),
    ("comparison_eq5d:center:12m", 1, "classes", "worse"),
    ("comparison:center:12m", "between", "scores", "results", 0, "n_per_group", 0),
]


@pytest.fixture(scope="module")
def by_center() -> str:
    return json.dumps(record_of(ByColumn("center")))


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p[0])
def test_a_changed_number_is_named(by_center: str, place: tuple[Any, ...]) -> None:
    record = json.loads(by_center)
    inside = record["results"]
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] += 1
    (difference,) = reproduce(record, sample()).differences
    assert difference.startswith(f"{place[0]} · {'.'.join(str(step) for step in place[1:])}: ")


def test_an_older_file_without_the_new_kinds_is_no_difference(by_center: str) -> None:
    record = json.loads(by_center)
    # above 12 groups, with dates of events, with an anchor or a center chosen: not this sample
    of_other_files = {"centers", "center_rates", "trend", "watch", "time_to_event", "time_to_event_groups", "mcid"}
    assert {name.partition(":")[0] for name in record["results"]} >= LATER - of_other_files
    old = {name: r for name, r in record["results"].items() if name.partition(":")[0] not in LATER}
    assert reproduce({**record, "results": old}, sample()).matches
    del record["results"]["eq5d_index:europe_vas:12m"]  # but one of a kind that the file does know is missed
    (difference,) = reproduce(record, sample()).differences
    assert difference.startswith("eq5d_index:europe_vas:12m: absent then")
    number = {**json.loads(by_center), "compare": "age"}  # the bare key of a number, as the first files had it
    number["results"] = {n.replace(":center:", ":age:"): r for n, r in old.items() if not n.startswith("comparison")}
    told = reproduce(number, sample()).differences
    assert told
    assert all(d.startswith("comparison:age:") for d in told)


def test_no_patient_is_in_the_file(by_center: str) -> None:
    record = json.loads(by_center)
    names = {field.rpartition(".")[2] for _, result in record["results"].items() for field, _ in flat(result)}
    assert not names & {"rows", "source_rows", "mask", "before_states"}

    def lists(value: Any) -> list[int]:
        if isinstance(value, dict):
            return [n for inner in value.values() for n in lists(inner)]
        return [len(value), *(n for v in value for n in lists(v))] if isinstance(value, list) else []

    assert max(lists(record["results"])) < sample().n


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_patients(n: int) -> None:
    found = cohort(n)
    report = build_report(Analysis(found), comparison=compare(Analysis(found), ByColumn("center")))
    assert reproduce(read(export(report, "json")), found).differences == ()


def test_groups_that_the_cohort_does_not_have(by_center: str) -> None:
    record = {**json.loads(by_center), "compare": "hospital"}
    with pytest.raises(AnalysisFileError, match="hospital"):
        reproduce(record, sample())
    plan = build_report(Analysis(cohort(20))).plan
    assert not [name for name, _ in results(plan) if name.startswith(("eq5d", "comparison"))]


def test_what_is_not_named_one_by_one_is_counted_by_rule() -> None:
    ruled = [f"paired:x · choice: {k} then, 0 now ({changed_rule('paired:x', 'choice')})" for k in range(3)]
    words = list(more_words([*ruled, "flow:12m · n: 1 then, 2 now"]))
    assert words[0] == "and 4 more"
    assert words[1] == "1 of them: no rule changed"
    assert words[2].startswith("3 of them: rule changed: which method leads")


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("statement:s:24m", "missing", "had not come"),
        ("comparison:center:3m", "trajectories.odi.model.n", "repeated measures"),
        ("comparison:center:3m", "between.answers.rows.0.delta.interval.low", "Šidák"),
        ("comparison:center:3m", "between.answers.test_p.adjusted.0", "Šidák"),
    ],
)
def test_every_changed_number_has_its_rule(name: str, field: str, words: str) -> None:
    assert words in changed_rule(name, field)


def test_a_threshold_of_another_population_is_recorded_with_it() -> None:
    written = record_of()
    assert "cancer" in written["thresholds_from"]["eq_vas"]
    assert written["thresholds"]["eq_vas"]["threshold"] == "7"


def test_statements_that_the_user_turned_are_read_so_again() -> None:
    imported = sample()
    key, other = list(imported.statements)[:2]
    order = tuple(reversed(range(len(imported.statements[other].levels))))
    choices = Choices(turned=(key,), orders={other: order})
    read_so = with_statement_orders(imported, choices.turned, choices.orders)
    made = read(write(build_report(Analysis(read_so), choices=choices), Options()))
    assert made["file"]["fingerprint"] != imported.provenance.fingerprint
    again = reproduce(made, imported)
    assert again.matches, again.differences
    del made["choices"]["turned"]
    assert not reproduce(made, imported).matches
