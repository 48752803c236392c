"""The analysis file: what was asked, of which file, with which versions, and every result; no patient rows.

Loading it beside the same file reproduces every number or names the one that differs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lib.analysis import Analysis
from lib.analysis.groups.contrasts import Question
from lib.cohort.cohort import Cohort
from lib.cohort.design import FileCheck
from lib.cohort.selection import Population, Range, Selection, SelectionError
from lib.cohort.statement_order import with_statement_orders
from lib.export.options import Options
from lib.export.record_differences import ABSENT, both, changed_rule, more_words, same, shown
from lib.present.sentences.responders import rule_source
from lib.report.numbers import results
from lib.report.plan import Choices, Plan
from lib.report.report import Report
from lib.report.statistics import computed, versions
from lib.stats.responders import Rule

FORMAT = "cohortlens analysis"
FORMAT_VERSION = 2
READABLE = (1, 2)
_MOST_NAMED = 50

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
        "center_rates",
        "trend",
        "watch",
        "time_to_event",
        "time_to_event_groups",
        "what_if",
        "mcid",
    }
)
"""Kinds of results that the first analysis files did not hold: a file without any of a kind is not different in it."""


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
    grouping = report.plan.many if groups is None else groups.grouping
    record = analysis_file(
        report.plan,
        options.columns,
        options.repairs,
        sheet=options.sheet,
        date=report.origin.date,
        compare=options.compare or ("" if grouping is None else grouping.text(names=True)),
        question=groups.question if groups else Question(),
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
    question: Question | None = None,
) -> dict[str, Any]:
    """The record of a plan as plain JSON values; results of every follow-up, nothing rounded.

    With `compare`, a grouping as text or the key of a column, also every group's results and those between the groups,
    set against each other as `question` says.
    """
    analysis, given = plan.analysis, plan.analysis.cohort.provenance
    found = dict(results(plan, compare, question))
    used = computed(found)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "date": date,
        "versions": versions(used),
        "statistics": {s.name: list(s.code) for s in used},
        "file": {
            "name": given.file_name,
            "sha256": given.file_digest,
            "fingerprint": given.fingerprint,
            "synthetic": given.synthetic,
            "sheet": sheet,
            "left_out_columns": list(given.left_out),
            **({"guessed": list(given.guesses)} if given.guesses else {}),
            **_checked(given.checked),
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
        "thresholds_from": {
            m.key: rule_source(m, rule) for m in plan.measures if (rule := plan.rules.get(m.key)) is not None
        },
        "compare": compare,
        "against": asdict(question or Question()),
        "choices": asdict(plan.choices),
        "results": found,
    }


def _checked(checked: FileCheck) -> dict[str, Any]:
    """Findings beside blank cells, and every question with its answer; nothing where there is neither."""
    found = [asdict(f) for f in checked.beside_missing]
    answers = [asdict(a) for a in checked.answered]
    return {**({"findings": found} if found else {}), **({"answers": answers} if answers else {})}


def _rule_record(rule: Rule) -> dict[str, str | None]:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    found = {"kind": rule.kind, "threshold": text(rule.threshold), "state": text(rule.state)}
    if rule.reliability is not None:
        found |= {"reliability": text(rule.reliability), "source": rule.source}
    return found


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
        choices = Choices(**_choices(record.get("choices", {}), cohort))
        cohort = with_statement_orders(cohort, choices.turned, choices.orders)
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
    return Plan(Analysis(cohort, selection, population), follow_up, rules, confidence, choices=choices)


def _choices(saved: Mapping[str, Any], cohort: Cohort) -> Mapping[str, Any]:
    """With a reliability for each measure; a file of before has one number, of the only measure, or none."""
    orders = {str(key): tuple(map(int, places)) for key, places in dict(saved.get("orders", {})).items()}
    found = {**saved, "turned": tuple(map(str, saved.get("turned", ()))), "orders": orders}
    one = saved.get("reliability", {})
    if not isinstance(one, Mapping):
        found["reliability"] = {} if one is None else dict.fromkeys(cohort.measures, float(one))
    return found


def _ends(ends: Any) -> tuple[float | None, float | None]:
    low, high = ends
    return (None if low is None else float(low), None if high is None else float(high))


def _rule(rule: Mapping[str, Any]) -> Rule:
    def decimal(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    return Rule(
        rule["kind"],
        decimal(rule.get("threshold")),
        decimal(rule.get("state")),
        decimal(rule.get("reliability")),
        str(rule.get("source") or ""),
    )


def reproduce(record: Mapping[str, Any], cohort: Cohort) -> Reproduction:
    """Compute everything again on this cohort and compare it with the record, number by number.

    Floats agree within 1e-9 relative (another machine may differ in the last digit), everything else exactly. A result
    that only one side has is a difference, but for the kinds an older file does not know (`LATER`). Where a rule has
    changed since the file was written, the difference names it. Raises
    AnalysisFileError when the cohort lacks what the record asks for.
    """
    plan = plan_from(record, cohort)
    differences = []
    was, now = record["file"].get("fingerprint"), plan.analysis.cohort.provenance.fingerprint
    if was != now:
        differences.append(f"the file or its columns: fingerprint {str(was)[:12]} then, {now[:12]} now")
    try:
        found = dict(results(plan, str(record.get("compare") or ""), _question(record)))
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
        differences = [*differences[:_MOST_NAMED], *more_words(differences[_MOST_NAMED:])]
    return Reproduction(compared, tuple(differences), _other_versions(record, versions(computed(found))))


def _question(record: Mapping[str, Any]) -> Question:
    """What was set against what; a file that does not say was made when all pairs were."""
    given = record.get("against")
    if given is None:
        return Question()
    try:
        return Question(**given)
    except TypeError as error:
        raise AnalysisFileError("This analysis file is damaged: “against” cannot be read.") from error


def _other_versions(record: Mapping[str, Any], now: Mapping[str, str]) -> tuple[str, ...]:
    was = record.get("versions")
    if not isinstance(was, dict):
        return ()
    return tuple(f"{name} {was[name]} then, {now[name]} now" for name in now if was.get(name, now[name]) != now[name])
