"""For the reviewer: one zip with the patients of the selection, and an R script that computes the numbers again.

It holds a row per patient, without identifiers, dates and free text. The script needs R alone, no package; it prints
our number beside R's and ends with an error where one differs. What it computes is listed in numbers.csv: scores,
responders, statements, yes/no outcomes and adverse events; Table 1 and comparisons of groups are not among it.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from lib.catalog.spreadsheet import no_formula
from lib.cohort.cohort import BASELINE, Category, Number
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.export import record
from lib.export.options import Options
from lib.report.plan import Plan
from lib.report.report import Report
from lib.stats.likert import LikertResult
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderBounds, ResponderResult
from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.yes_no import YesNoResult

WARNING = "It holds a row per patient of the selection, without identifiers, dates and free text."
_SCRIPT = Path(__file__).with_name("reviewer.R")
_MOST_LABELS = 12
"""A column of more texts than this that are as many as half of its patients names persons; it is left out."""

_Number = tuple[str, str, str, float]
"""Kind of computation, the columns it needs ("a;b"), what is computed, ours."""


@dataclass(frozen=True, slots=True)
class _Variable:
    """A column of the data: values per patient, None where blank; the words of a coded value."""

    name: str
    label: str
    values: list[Any]
    words: dict[int, str] = field(default_factory=dict)


def write(report: Report, options: Options) -> bytes:
    """The zip: data.csv, data.sav, dictionary.csv, numbers.csv, recompute.R, analysis.json, readme.txt."""
    plan = report.plan.opened()
    variables = list(_variables(plan))
    rows = zip(*(v.values for v in variables), strict=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", _csv([v.name for v in variables], rows))
        archive.writestr("data.sav", _sav(variables))
        archive.writestr("dictionary.csv", _csv(["column", "meaning", "codes", "recorded"], map(_described, variables)))
        archive.writestr("numbers.csv", _csv(["kind", "columns", "number", "ours"], _ours(plan)))
        archive.writestr("recompute.R", _SCRIPT.read_text("utf-8"))
        archive.writestr("analysis.json", record.write(replace(report, plan=plan), options))
        archive.writestr("readme.txt", _readme(report))
    return out.getvalue()


def _readme(report: Report) -> str:
    return (
        f"{report.who}\n{report.origin.words}\n\n{WARNING} Treat it as patient data. The order is that of the file.\n\n"
        "Rscript recompute.R prints every number of numbers.csv beside the one that R computes from data.csv. Table 1 "
        "and comparisons of groups are not in it; analysis.json, loaded beside the file, reproduces the whole analysis "
        "in CohortLens.\n"
    )


def _described(variable: _Variable) -> list[Any]:
    codes = "; ".join(f"{code} {words}" for code, words in variable.words.items())
    return [variable.name, variable.label, codes, sum(v is not None for v in variable.values)]


def _variables(plan: Plan) -> Iterator[_Variable]:
    """Every column of the selected patients."""
    cohort, chosen = plan.analysis.cohort, plan.analysis.selected
    people = plan.analysis.people(plan.time)[chosen]
    yield _Variable("patient", "number within the selection", list(range(1, int(chosen.sum()) + 1)))
    counted = "statements and yes/no answers are counted over this patient; events over everybody"
    yield _Variable("counted", counted, [int(p) for p in people], {0: "no", 1: "yes"})
    for column in cohort.columns.values():
        if isinstance(column, Category):
            codes = column.codes[chosen]
            if len(column.labels) > _MOST_LABELS and 2 * len(column.labels) >= (column.codes >= 0).sum():
                continue
            words = dict(enumerate(column.labels))
            yield _Variable(f"about_{column.key}", column.label, [None if c < 0 else int(c) for c in codes], words)
        elif isinstance(column, Number):
            values = [None if np.isnan(v) else float(v) for v in column.values[chosen]]
            yield _Variable(f"about_{column.key}", column.label, values)
    for measure in plan.measures:
        for time, words_of in zip((BASELINE, plan.time), plan.time_points, strict=True):
            counts = cohort.counts(measure.key, time)[chosen]
            scores = [None if c == MISSING else float(int(c) * measure.resolution) for c in counts]
            better = "higher is better" if measure.higher_is_better else "lower is better"
            yield _Variable(f"score_{measure.key}_{time}", f"{measure.label}, {words_of} ({better})", scores)
    for statement in plan.statements:
        answers = [None if c < 0 else int(c) for c in cohort.answers[statement.key, plan.time][chosen]]
        yield _Variable(f"answer_{statement.key}", statement.label, answers, dict(enumerate(statement.levels)))
    for outcome in plan.outcomes:
        for time, words_of in zip((BASELINE, plan.time), plan.time_points, strict=True):
            answers = [None if c < 0 else int(c) for c in cohort.yesno[outcome.key, time][chosen]]
            yield _Variable(f"yes_{outcome.key}_{time}", f"{outcome.label}, {words_of}", answers, {0: "no", 1: "yes"})
    if cohort.events is not None:
        of_each = np.bincount(cohort.events.patient, minlength=cohort.n)[chosen]
        known = cohort.events_known[chosen]
        values = [int(n) if k else None for n, k in zip(of_each, known, strict=True)]
        yield _Variable("events", "adverse events of this patient", values)


def _csv(head: list[str], rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([no_formula(name) for name in head])
    for row in rows:
        writer.writerow(["" if v is None else no_formula(v) if isinstance(v, str) else repr(v) for v in row])
    return out.getvalue()


def _sav(variables: list[_Variable]) -> bytes:
    """The same for SPSS: names that it accepts, the meaning as label, the words of codes as value labels."""
    import pandas as pd
    import pyreadstat

    names = [f"v{i}_{v.name}".replace(":", "_").replace(" ", "_")[:60] for i, v in enumerate(variables)]
    frame = pd.DataFrame({name: pd.array(v.values, dtype="Float64") for name, v in zip(names, variables, strict=True)})
    labels: dict[str, str | None] = {
        name: f"{v.name}: {v.label}"[:250] for name, v in zip(names, variables, strict=True)
    }
    words = {
        name: {float(code): text[:120] for code, text in v.words.items()}
        for name, v in zip(names, variables, strict=True)
        if v.words
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(frame.astype("float64"), path, column_labels=labels, variable_value_labels=words)
        return path.read_bytes()


def _ours(plan: Plan) -> Iterator[_Number]:
    """Every number that the script computes again."""
    for measure in plan.measures:
        columns = f"score_{measure.key}_{BASELINE};score_{measure.key}_{plan.time}"
        found = plan.paired(measure)
        if isinstance(found, PairedResult):
            kind = f"paired {plan.confidence}"
            yield from ((kind, columns, name, value) for name, value in _paired(found))
        yield from _responders(plan, measure, columns)
    for statement in plan.statements:
        answers = plan.statement(statement)
        if isinstance(answers, LikertResult):
            column = f"answer_{statement.key}"
            for level, n in enumerate(answers.counts):
                yield f"answers {plan.confidence} {level}", column, "answered so", n
            best = ",".join(map(str, answers.top_levels))
            yield from _share(f"answers {plan.confidence} {best}", column, "best answers", answers.top_two)
    for outcome in plan.outcomes:
        yes = plan.yes_no(outcome)
        if isinstance(yes, YesNoResult):
            columns, kind = f"yes_{outcome.key}_{BASELINE};yes_{outcome.key}_{plan.time}", f"yes_no {plan.confidence}"
            yield from _share(kind, columns, "before", yes.before)
            yield from _share(kind, columns, "after", yes.after)
            yield kind, columns, "difference", yes.difference.value
            yield from _ends(kind, columns, "difference", yes.difference)
            yield from ((kind, columns, "McNemar p", yes.exact.p) for _ in [0] if isinstance(yes.exact, Test))
    safety = plan.safety()
    if not isinstance(safety, NotComputed):
        yield f"events {plan.confidence}", "events", "events", safety.by_type.events
        yield from _share(f"events {plan.confidence}", "events", "patients", safety.by_type.patients)


def _share(kind: str, columns: str, name: str, found: Proportion) -> Iterator[_Number]:
    yield kind, columns, name, found.count
    yield kind, columns, f"{name} of", found.n
    if isinstance(found.interval, Interval):
        method = "exact" if "Clopper" in found.interval.method else "Wilson"
        yield kind, columns, f"{name} {method} low", found.interval.low
        yield kind, columns, f"{name} {method} high", found.interval.high


def _ends(kind: str, columns: str, name: str, found: Estimate) -> Iterator[_Number]:
    if isinstance(found.interval, Interval):
        yield kind, columns, f"{name} low", found.interval.low
        yield kind, columns, f"{name} high", found.interval.high


def _all_due(plan: Plan) -> bool:
    """The script has no dates: it counts everybody, which is right where everybody is due."""
    cohort = plan.analysis.cohort
    return bool(cohort.due(plan.time, np.zeros(cohort.n, dtype=bool)).all())


def _responders(plan: Plan, measure: Measure, columns: str) -> Iterator[_Number]:
    rule, found, bounds = plan.rules.get(measure.key), plan.responders(measure), plan.bounds(measure)
    if rule is None or not isinstance(found, ResponderResult):
        return
    sign = "up" if measure.higher_is_better else "down"
    word = rule.kind.replace(" ", "_")
    limits = " ".join("NA" if x is None else str(x) for x in (rule.threshold, rule.state))
    kind = f"responders {plan.confidence} {sign} {word} {limits}"
    yield kind, columns, "improved", found.improved
    yield kind, columns, "worsened", found.worsened
    if not isinstance(found.rate, NotComputed):
        yield from _share(kind, columns, "rate", found.rate)
    if isinstance(bounds, ResponderBounds) and _all_due(plan):
        yield kind, columns, "worst case", bounds.worst.count
        yield kind, columns, "patients of both cases", bounds.n


def _paired(found: PairedResult) -> Iterator[tuple[str, float]]:
    yield "n", found.n
    for words, summary in (("before", found.baseline), ("after", found.follow_up), ("change", found.change)):
        yield f"mean {words}", summary.mean
        yield f"median {words}", summary.median
        yield f"q1 {words}", summary.q1
        yield f"q3 {words}", summary.q3
        if not isinstance(summary.sd, NotComputed):
            yield f"sd {words}", summary.sd
    for name, estimate in (("mean", found.mean_change), ("Hodges-Lehmann", found.hodges_lehmann)):
        yield f"{name} estimate", estimate.value
        yield from ((what, value) for _, _, what, value in _ends("", "", name, estimate))
    if isinstance(found.shapiro, Test):
        yield "Shapiro p", found.shapiro.p
    if isinstance(found.t_test, Test):
        yield "t p", found.t_test.p
    if not isinstance(found.wilcoxon, NotComputed):
        yield "signed-rank p", found.wilcoxon.test.p
    if not isinstance(found.counts, NotComputed):
        yield "rose", found.counts.rose
        yield "fell", found.counts.fell
        yield "sign p", found.counts.test.p
        yield from ((what, value) for _, _, what, value in _share("", "", "risen", found.counts.share_risen))
