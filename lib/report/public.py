"""The report for the public: rounded counts, shares of them, and coarse means; everything made of `disclosure.public`.

It has tables only, and fewer than the others: what is not named here is not shown. No interval and no test: with an SD
or a share they tell the number of patients that rounding hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib.analysis import Analysis
from lib.analysis.grouped_patients import groups_of, people_of
from lib.disclosure.public import (
    CoarseColumn,
    Count,
    RoundedCounts,
    coarse_column,
    coarse_pairs,
    rounded,
    rounded_counts,
)
from lib.disclosure.readers import REMARKS
from lib.present.charts.axes import same_scale
from lib.present.sentences.outcomes import rule_words
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, count, inside, number, percent, plain_spaces
from lib.report.methods import software
from lib.report.plan import Item, Origin, Plan, threshold_notes
from lib.settings import MOST_HIDDEN, ROUNDED_TO
from lib.stats.results import NotComputed
from lib.stats.table_one import CategoricalSummary

_NOTE = f"Counts up to {MOST_HIDDEN} are hidden, the others rounded to the nearest {ROUNDED_TO}; shares are of these."


def items(plan: Plan) -> tuple[Item, ...]:
    """Patients, scores, responders, statements, yes/no outcomes and adverse events, each group beside all."""
    tables = (("table_1", "Patients", _patients(plan)), ("before_after", "Scores before and after", _scores(plan)))
    more = (
        ("responders", "Responders", _responders(plan)),
        *((f"statements:{k}", "What patients say", table) for k, table in enumerate(_statements(plan))),
        ("yes_no", "Yes or no, and adverse events", _yes_no(plan)),
        ("safety", "Yes or no, and adverse events", _safety(plan)),
    )
    return tuple(
        Item(key, table.title, table.title, None, "", table, notes=table.notes, subject=subject)
        for key, subject, table in (*tables, *more)
        if table.rows
    )


def title(plan: Plan) -> str:
    """The filter, and how many patients it selects, rounded."""
    described = plan.analysis.selection.describe(plan.analysis.cohort)
    return f"{' · '.join(described) or 'All patients'}: {_patients_words(rounded(int(plan.analysis.selected.sum())))}"


def who(plan: Plan) -> str:
    """The strip: filter, patients rounded, time points."""
    invented = "Invented data · " if plan.analysis.cohort.provenance.synthetic else ""
    when = [" to ".join(plan.time_points)] if plan.time_points[0] else []
    return invented + " · ".join([title(plan), *when])


def results(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Scores, responders and yes/no outcomes of all patients as sentences, each with the name of what it is about."""
    tables = (("scores", _scores(plan)), ("responders", _responders(plan)), ("yes_no", _yes_no(plan)))
    return tuple((key, plain_spaces(_sentence(plan, table))) for key, table in tables if table.rows)


def _sentence(plan: Plan, table: Table) -> str:
    """ "VAS pain: 30 patients; before surgery, mean (SD) 7.8 (1.7); …", a sentence for each row of all patients."""
    everybody = _rows(plan)[0][0]
    heads = [inside(column.name) for column in table.columns[2:]]
    words = []
    for name, n, *cells in table.rows:
        label = name.text if plan.comparison is None else name.text.removesuffix(f": {everybody}")
        if plan.comparison is None or label != name.text:
            sentence = "; ".join(f"{head} {cell.text}" for head, cell in zip(heads, cells, strict=True))
            words.append(f"{label}: {n.text} patients; {sentence}.")
    return " ".join(words)


def methods(plan: Plan, origin: Origin) -> tuple[str, ...]:
    """What was counted, the thresholds, what is hidden, the software."""
    words = "Numbers before and after are of the patients with both scores; nothing was imputed and nothing tested."
    rules = [note for m in plan.measures for note in threshold_notes(m, plan.rules.get(m.key))]
    return tuple(plain_spaces(p) for p in (words, " ".join(rules), REMARKS[plan.reader], software(plan, origin)) if p)


# --- tables ----------------------------------------------------------------------------------------------------------


def _rows(plan: Plan) -> Sequence[tuple[str, Analysis]]:
    return (("All", plan.analysis),) if plan.comparison is None else plan.comparison.rows


def _patients(plan: Plan) -> Table:
    """Table 1: categories as rounded counts, numbers as coarse mean and SD."""
    found = plan.table_one(plan.comparison)
    people = people_of(plan.analysis, plan.comparison, plan.time)
    masks = [people, *(g.mask & people for g in groups_of(plan.comparison))]
    names = [name for name, _ in _rows(plan)]
    sizes = [Cell(_count(rounded(int(mask.sum())))) for mask in masks]
    body = [(Cell("Patients in this table"), *sizes)]
    for row in found.rows:
        variable = row.variable
        if variable.kind == "number":
            cells = [Cell(_mean_sd(coarse_column(variable.values[mask], variable.decimals))) for mask in masks]
            body.append((Cell(f"{variable.label}, mean (SD)"), *cells))
            continue
        counted = [rounded_counts(one) for one in (row.overall, *row.groups) if isinstance(one, CategoricalSummary)]
        for level, name in enumerate(variable.levels):
            body.append((Cell(f"{variable.label}: {name}"), *(_share(one, level) for one in counted)))
    return Table("Patients", _columns("", names), tuple(body), (_NOTE,))


def _scores(plan: Plan) -> Table:
    before, after = (label or default for label, default in zip(plan.time_points, ("Before", "After"), strict=True))
    body = []
    for measure in plan.measures:
        for name, analysis in _rows(plan):
            columns = coarse_pairs(analysis.pairs(measure.key, plan.time))
            n = Cell(_count(columns[0].n))
            body.append((Cell(_named(plan, measure.label, name)), n, *(Cell(_mean_sd(c)) for c in columns)))
    heads = ("Patients", f"{before}, mean (SD)", f"{after}, mean (SD)", "Improvement, mean (SD)")
    return Table("Scores before and after", _columns("Outcome", heads), tuple(body), (_NOTE,))


def _responders(plan: Plan) -> Table:
    body = []
    notes = [_NOTE]
    for measure in plan.measures:
        rule = plan.rules.get(measure.key)
        if rule is None:
            continue
        notes += threshold_notes(measure, rule)
        for name, analysis in _rows(plan):
            counted = rounded_counts(analysis.responders(measure.key, plan.time, rule, confidence=plan.confidence))
            label = _named(plan, f"{measure.label}, {rule_words(rule, measure)}", name)
            body.append((Cell(label), Cell(_count(counted.n)), _share(counted, 0)))
    return Table("Responders", _columns("Outcome", ("Patients", "Responders")), tuple(body), tuple(notes))


def _statements(plan: Plan) -> Iterator[Table]:
    for group in same_scale(plan.statements):
        body = []
        for statement in group:
            for name, analysis in _rows(plan):
                counted = rounded_counts(analysis.statement(statement.key, plan.time, confidence=plan.confidence))
                cells = (_share(counted, level) for level in range(len(statement.levels)))
                label = _named(plan, statement.short or statement.label, name)
                body.append((Cell(label), Cell(_count(counted.n)), *cells))
        heads = ("Patients", *group[0].levels)
        yield Table("What patients say", _columns("Statement", heads), tuple(body), (_NOTE,))


def _yes_no(plan: Plan) -> Table:
    body = []
    for outcome in plan.outcomes:
        for name, analysis in _rows(plan):
            counted = rounded_counts(analysis.yes_no(outcome.key, plan.time, confidence=plan.confidence))
            cells = (_share(counted, place) for place in (0, 1))
            body.append((Cell(_named(plan, outcome.label, name)), Cell(_count(counted.n)), *cells))
    heads = ("Patients", f"{plan.time_points[0]}: yes", f"{plan.time_points[1]}: yes")
    return Table("Yes or no, before and after", _columns("Outcome", heads), tuple(body), (_NOTE,))


def _safety(plan: Plan) -> Table:
    """Patients with an event, of everybody treated, and with each type of event."""
    found = [(name, analysis.safety(plan.time, confidence=plan.confidence)) for name, analysis in _rows(plan)]
    types = next((result.types for _, result in found if not isinstance(result, NotComputed)), None)
    if types is None:
        return Table("Adverse events", (), ())
    counted = [rounded_counts(result) for _, result in found]
    body = [(Cell("Patients"), *(Cell(_count(one.n)) for one in counted))]
    for place, label in enumerate(("With an adverse event", *types)):
        body.append((Cell(label), *(_share(one, place) for one in counted)))
    return Table("Adverse events", _columns("", [name for name, _ in found]), tuple(body), (_NOTE,))


# --- words -----------------------------------------------------------------------------------------------------------


def _columns(first: str, others: Sequence[str]) -> tuple[Column, ...]:
    return (Column(first), *(Column(name, "right") for name in others))


def _named(plan: Plan, label: str, group: str) -> str:
    return label if plan.comparison is None else f"{label}: {group}"


def _count(value: Count) -> str:
    return value.reason if isinstance(value, NotComputed) else count(value)


def _patients_words(value: Count) -> str:
    return f"{_count(value)} patients"


def _share(found: RoundedCounts, place: int) -> Cell:
    """ "20 (67%)" of the rounded counts; "7 or fewer"."""
    part = found.parts[place] if place < len(found.parts) else None
    if part is None:
        return Cell("not computed")
    if isinstance(part, NotComputed) or isinstance(found.n, NotComputed):
        return Cell(_count(part))
    return Cell(f"{count(part)} ({percent(part, found.n, 0)})", part)


def _mean_sd(column: CoarseColumn) -> str:
    if isinstance(column.mean, NotComputed):
        return column.mean.reason
    spread = "" if isinstance(column.sd, NotComputed) else f"{NBSP}({number(column.sd, column.decimals)})"
    return f"{number(column.mean, column.decimals)}{spread}"
