"""The analysis file: what was asked, of which file, with which versions, and every result; no patient rows.

Loading it beside the same file reproduces every number or names the one that differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lib.analysis import Analysis
from lib.analysis.eq5d import change_classes, dimensions, has_states, state_pairs
from lib.analysis.grouped_patients import patients_table
from lib.analysis.groups.centers import is_many
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.rates import rate_family, responder_rates
from lib.analysis.survival import events_of, time_to_event
from lib.analysis.table_one import table_one_record
from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.grouping import ByColumn, Grouping, parse_grouping
from lib.cohort.selection import Population, Range, Selection, SelectionError
from lib.export.options import Options
from lib.export.record_differences import ABSENT, both, changed_rule, same, shown
from lib.export.record_groups import centers_record, comparison_record
from lib.report.groups_text import grouping_of
from lib.report.items.eq5d import value_sets_of
from lib.report.methods import versions
from lib.report.plan import Plan
from lib.report.report import Report
from lib.settings import VERSION
from lib.stats.responders import Rule
from lib.stats.results import to_record

FORMAT = "cohortlens analysis"
FORMAT_VERSION = 2
READABLE = (1, 2)
_MOST_NAMED = 50


class AnalysisFileError(ValueError):
    """A file that is no analysis file, or asks for something this cohort does not have."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of computing everything again.

    Attributes:
        compared: numbers and words compared.
        differences: one line each, the file first; empty when everything matches.
        versions: one line per program that was another one then; no difference by itself.
    """

    compared: int
    differences: tuple[str, ...]
    versions: tuple[str, ...] = ()

    @property
    def matches(self) -> bool:
        """Whether every number is the same (to 1e-9 relative) and the file too."""
        return not self.differences


def write(report: Report, options: Options) -> bytes:
    """The analysis file as UTF-8 JSON, with the groups of the report where it has any."""
    groups = report.plan.comparison
    record = analysis_file(
        report.plan,
        options.columns,
        options.repairs,
        sheet=options.sheet,
        date=report.origin.date,
        compare=options.compare or (groups.grouping.text(names=True) if groups else ""),
    )
    return (json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def analysis_file(
    plan: Plan,
    columns: Mapping[str, Any] | None = None,
    repairs: Sequence[Mapping[str, Any]] = (),
    *,
    sheet: str = "",
    date: str = "",
    compare: str = "",
) -> dict[str, Any]:
    """The record of a plan as plain JSON values; results of every follow-up, nothing rounded.

    With `compare`, a grouping as text or the key of a column, also every group's results and those between the groups.
    """
    analysis, given = plan.analysis, plan.analysis.cohort.provenance
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "date": date,
        "versions": {"cohortlens": VERSION, **versions()},
        "file": {
            "name": given.file_name,
            "sha256": given.file_digest,
            "fingerprint": given.fingerprint,
            "synthetic": given.synthetic,
            "sheet": sheet,
            "left_out_columns": list(given.left_out),
            **({"guessed": list(given.guesses)} if given.guesses else {}),
            **({"joined": [{"name": n, "sha256": d} for n, d in given.parts]} if given.parts else {}),
        },
        "columns": columns,
        "repairs": [dict(r) for r in repairs],
        "selection": {
            "chosen": {key: list(labels) for key, labels in analysis.selection.chosen},
            "ranges": {key: [r.low, r.high] for key, r in analysis.selection.ranges},
        },
        "population": analysis.population.value,
        "follow_up": plan.time,
        "confidence": plan.confidence,
        "thresholds": {key: None if rule is None else _rule_record(rule) for key, rule in sorted(plan.rules.items())},
        "compare": compare,
        "results": dict(results(plan, compare)),
    }


def _rule_record(rule: Rule) -> dict[str, str | None]:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    return {"kind": rule.kind, "threshold": text(rule.threshold), "state": text(rule.state)}


# --- reading it back -------------------------------------------------------------------------------------------------


def read(data: bytes | str) -> dict[str, Any]:
    """The analysis file as a dict. Raises AnalysisFileError when it is none."""
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise AnalysisFileError("This is not an analysis file: it is not JSON.") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise AnalysisFileError("This is not an analysis file of CohortLens.")
    if record.get("format_version") not in READABLE:
        known = " and ".join(map(str, READABLE))
        raise AnalysisFileError(
            f"This analysis file has version {record.get('format_version')}; versions {known} can be read."
        )
    for key, kind in (("selection", dict), ("results", dict), ("thresholds", dict), ("file", dict)):
        if not isinstance(record.get(key), kind):
            raise AnalysisFileError(f"This analysis file is damaged: “{key}” is missing.")
    return record


def plan_from(record: Mapping[str, Any], cohort: Cohort) -> Plan:
    """The plan that a record asks for, on this cohort. Raises AnalysisFileError when the cohort cannot do it."""
    try:
        selection = Selection.of(
            record["selection"].get("chosen", {}),
            {key: Range(*_ends(ends)) for key, ends in record["selection"].get("ranges", {}).items()},
        )
        selection.apply(cohort)
        rules = {key: None if rule is None else _rule(rule) for key, rule in record["thresholds"].items()}
        population = Population(record.get("population", Population.ANALYSED.value))
        confidence = float(record.get("confidence", 0.95))
    except SelectionError as error:
        raise AnalysisFileError(str(error)) from error
    except (TypeError, ValueError, KeyError, AttributeError, InvalidOperation) as error:
        raise AnalysisFileError("This analysis file is damaged: its selection or thresholds cannot be read.") from error
    if not 0 < confidence < 1:
        raise AnalysisFileError(f"This analysis file is damaged: a confidence of {confidence}.")
    wanted = record.get("follow_up") or ""
    follow_up = next((o for o in cohort.follow_ups if o.key == wanted), None)
    if wanted and follow_up is None:
        known = ", ".join(o.key for o in cohort.follow_ups) or "none"
        raise AnalysisFileError(
            f"The cohort has no time point “{wanted}” as the analysis file asks for; it has: {known}."
        )
    return Plan(Analysis(cohort, selection, population), follow_up, rules, confidence)


def _ends(ends: Any) -> tuple[float | None, float | None]:
    low, high = ends
    return (None if low is None else float(low), None if high is None else float(high))


def _rule(rule: Mapping[str, Any]) -> Rule:
    def decimal(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    return Rule(rule["kind"], decimal(rule.get("threshold")), decimal(rule.get("state")))


def reproduce(record: Mapping[str, Any], cohort: Cohort) -> Reproduction:
    """Compute everything again on this cohort and compare it with the record, number by number.

    Floats agree within 1e-9 relative (another machine may differ in the last digit), everything else exactly. A result
    that only one side has is a difference, but for the kinds an older file does not know (`LATER`). Where a rule has
    changed since the file was written, the difference names it. Raises
    AnalysisFileError when the cohort lacks what the record asks for.
    """
    plan = plan_from(record, cohort)
    differences = []
    was, now = record["file"].get("fingerprint"), cohort.provenance.fingerprint
    if was != now:
        differences.append(f"the file or its columns: fingerprint {str(was)[:12]} then, {now[:12]} now")
    try:
        found = dict(results(plan, str(record.get("compare") or "")))
    except SelectionError as error:
        raise AnalysisFileError(str(error)) from error
    except KeyError as error:
        raise AnalysisFileError(f"The cohort has no {error} as the analysis file asks for.") from error
    older = record.get("format_version") != FORMAT_VERSION
    compared, known = 0, {name.partition(":")[0] for name in record["results"]}
    for name in {**record["results"], **found}:
        kind = name.partition(":")[0]
        if kind in LATER and kind not in known:
            continue
        then, today = record["results"].get(name, ABSENT), found.get(name, ABSENT)
        for field, a, b in both(then, today):
            if older and a is ABSENT:  # what version 1 did not hold
                continue
            compared += 1
            if not same(a, b):
                place = f"{name} · {field}" if field else name
                rule = changed_rule(name, field) if older else ""
                differences.append(f"{place}: {shown(a)} then, {shown(b)} now{f' ({rule})' if rule else ''}")
    if len(differences) > _MOST_NAMED:
        more = len(differences) - _MOST_NAMED
        differences = [*differences[:_MOST_NAMED], f"and {more} more"]
    return Reproduction(compared, tuple(differences), _other_versions(record))


def _other_versions(record: Mapping[str, Any]) -> tuple[str, ...]:
    was, now = record.get("versions"), {"cohortlens": VERSION, **versions()}
    if not isinstance(was, dict):
        return ()
    return tuple(f"{name} {was[name]} then, {now[name]} now" for name in now if was.get(name, now[name]) != now[name])


LATER = frozenset(
    {
        "table_one",
        "eq5d_pairs",
        "eq5d_dimensions",
        "eq5d_classes",
        "eq5d_index",
        "comparison_table_one",
        "comparison_rates",
        "comparison_eq5d",
        "centers",
        "time_to_event",
    }
)
"""Kinds of results that the first analysis files did not hold: a file without any of a kind is not different in it."""


def results(plan: Plan, compared: str = "") -> Iterator[tuple[str, Any]]:
    """Every result of the analysis by name ("paired:vas_pain:12m"), as plain JSON values.

    `compared`: a grouping as text ("center", "age/3", "rest:etiology=Postpartum") or the bare key of a column; adds the
    groups. Raises GroupingError when this cohort has no such groups.
    """
    grouping = _grouping(plan, compared) if compared else None
    many = grouping if isinstance(grouping, ByColumn) and is_many(grouping, plan.analysis.cohort) else None
    groups = None if grouping is None or many is not None else compare(plan.analysis, grouping)
    for time_point in plan.analysis.cohort.follow_ups:
        at = replace(plan, follow_up=time_point)
        for name, result in (*_at(at), *_patients(at), *_eq5d(at)):
            yield name, _without_rows(to_record(result))
        if many is not None:
            for measure in at.measures:
                of = centers_record(at, many, measure.key)
                yield f"centers:{measure.key}:{compared}:{time_point.key}", to_record(of)
        if groups is not None:
            for name, result in _groups(at, groups, f"{compared}:{time_point.key}"):
                yield name, _without_rows(to_record(result))


def comparison_of(plan: Plan, compared: str) -> Comparison:
    """The plan's analysis by a grouping in text form or a column's key. Raises GroupingError for what groups nobody."""
    return compare(plan.analysis, _grouping(plan, compared))


def _grouping(plan: Plan, compared: str) -> Grouping:
    cohort = plan.analysis.cohort
    return grouping_of(cohort, compared) if compared in cohort.columns else parse_grouping(compared, cohort)


def _at(plan: Plan) -> Iterator[tuple[str, Any]]:
    analysis, time = plan.analysis, plan.time
    yield f"flow:{time}", analysis.flow(time)
    for measure in plan.measures:
        at = f"{measure.key}:{time}"
        yield f"excluded:{at}", analysis.pairs(measure.key, time).excluded
        yield f"paired:{at}", plan.paired(measure)
        yield f"curve:{at}", analysis.responder_curve(measure.key, time, confidence=plan.confidence)
        rule = plan.rules.get(measure.key)
        if rule is not None:
            words = rule_words(rule)
            yield f"responders:{at}:{words}", plan.responders(measure)
            bounds = analysis.responder_bounds(measure.key, time, rule, confidence=plan.confidence)
            yield f"bounds:{at}:{words}", bounds
    for statement in plan.statements:
        yield f"statement:{statement.key}:{time}", plan.statement(statement)
    for outcome in analysis.cohort.outcomes.values():
        for time_point in (BASELINE, time):
            share = analysis.share_yes(outcome.key, time_point, time, confidence=plan.confidence)
            yield f"yesno:{outcome.key}:{time_point}:{time}", share
        yield f"yesno_paired:{outcome.key}:{time}", plan.yes_no(outcome)
    yield f"events:{time}", plan.safety()
    for event in events_of(analysis.cohort):
        yield f"time_to_event:{event}:{time}", time_to_event(analysis, event, confidence=plan.confidence)


def _patients(plan: Plan) -> Iterator[tuple[str, Any]]:
    yield f"table_one:{plan.time}", table_one_record(patients_table(plan.analysis, None, plan.time))


def _eq5d(plan: Plan) -> Iterator[tuple[str, Any]]:
    analysis, time = plan.analysis, plan.time
    if not has_states(analysis, time):
        return
    yield f"eq5d_pairs:{time}", state_pairs(analysis, time).excluded
    yield f"eq5d_dimensions:{time}", dimensions(analysis, time, confidence=plan.confidence)
    yield f"eq5d_classes:{time}", change_classes(analysis, time)
    for found in value_sets_of(plan):
        yield f"eq5d_index:{found.value_set}:{time}", found


def _groups(plan: Plan, comparison: Comparison, at: str) -> Iterator[tuple[str, Any]]:
    time, confidence = plan.time, plan.confidence
    yield f"comparison:{at}", comparison_record(comparison, time, confidence=confidence)
    yield f"comparison_table_one:{at}", table_one_record(patients_table(plan.analysis, comparison, time))
    rates = []
    for measure in plan.measures:
        rule = plan.rules.get(measure.key)
        if rule is not None:
            found = responder_rates(comparison, measure.key, time, rule, confidence=confidence)
            rates.append((f"{measure.key}:{rule_words(rule)}", found))
    if rates:
        yield f"comparison_rates:{at}", rate_family(comparison, rates, confidence=confidence)
    if has_states(plan.analysis, time):
        classes = [{"label": label, "classes": change_classes(a, time)} for label, a in comparison.rows]
        yield f"comparison_eq5d:{at}", classes


def rule_words(rule: Rule) -> str:
    """A rule in a result's name: "improvement>=2", "percent>=30", "state@3"."""
    if rule.kind == "state":
        return f"state@{rule.state}"
    name = "percent" if rule.kind == "percent" else "improvement"
    return f"{name}>={rule.threshold}" + (f" and state@{rule.state}" if rule.state is not None else "")


def _without_rows(value: Any) -> Any:
    """Positions of single patients become their number."""
    if isinstance(value, dict):
        return {k: _number_of(v) if k == "not_evaluable" else _without_rows(v) for k, v in value.items()}
    return [_without_rows(v) for v in value] if isinstance(value, list) else value


def _number_of(rows: Any) -> Any:
    return len(rows) if isinstance(rows, list) else rows
