"""Everything an Analysis says, in order and frozen: figures, tables, the methods and results text, and its origin.

Slides, documents, sheets and the shell are made from a `Report` and nothing else, so that they agree with each other.
With `outside` it is masked throughout (`lib.present.disclosure`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from lib.analysis import Analysis, default_rule
from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import TimePoint
from lib.cohort.grouping import ByColumn
from lib.present import disclosure
from lib.present.sentences import outcomes
from lib.present.sizes import sizes
from lib.present.table import Table
from lib.report.plan import Choices, Item, Origin, Plan
from lib.settings import DEFAULTS, VERSION
from lib.stats.responders import Rule
from lib.stats.results import NotComputed


@dataclass(frozen=True, eq=False)
class Report:
    """One Analysis as words, figures and tables.

    Attributes:
        title: the finding in one sentence.
        who: the strip: filter, operated, analysed, time points.
        footer: what stands on every slide besides its n.
        items: figures and tables in the order of the overview.
        workbook: tables for a workbook: those of the items, and the unrounded numbers.
        methods, results: paragraphs.
        origin: file, fingerprint, version, date.
        plan: the analysis behind it.
    """

    title: str
    who: str
    footer: str
    items: tuple[Item, ...]
    workbook: tuple[Table, ...]
    methods: tuple[str, ...]
    results: tuple[str, ...]
    origin: Origin
    plan: Plan = field(repr=False)

    @property
    def outside(self) -> bool:
        """Whether it is masked for readers outside the department."""
        return self.plan.outside

    def item(self, key: str) -> Item:
        """The item with that key. Raises KeyError naming the known ones."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"no item {key!r}; there are {', '.join(i.key for i in self.items)}")


def build_report(
    analysis: Analysis,
    follow_up: TimePoint | None = None,
    *,
    rules: Mapping[str, Rule | None] | None = None,
    confidence: float = DEFAULTS.confidence,
    outside: bool = False,
    date: str | None = None,
    comparison: Comparison | None = None,
    choices: Choices | None = None,
    many: ByColumn | None = None,
) -> Report:
    """The report of an analysis.

    Args:
        analysis: cohort, selection and population.
        follow_up: the time point; without it the one pages open with.
        rules: responder rule by measure key; a measure that is not named has its published default.
        confidence: of all intervals.
        outside: mask small counts and single patients.
        date: as printed, YYYY-MM-DD; without it today.
        comparison: of the same analysis; adds the groups side by side, masked with the rest.
        choices: what was chosen on the pages: test, intervals, Table 1, value set, order of statements, centers.
        many: a grouping of too many groups for a comparison; adds centers only.
    """
    from lib.report.items import report_items, workbook_tables
    from lib.report.methods import methods_text
    from lib.report.results import results_text

    asked = dict(rules or {})
    every = {m.key: asked.get(m.key, default_rule(m)) for m in analysis.cohort.measures.values()}
    time = follow_up or analysis.default_follow_up()
    plan = Plan(analysis, time, {**every, **asked}, confidence, outside, comparison, choices or Choices(), many)
    given = analysis.cohort.provenance
    day = date or dt.date.today().isoformat()
    origin = Origin(
        given.file_name, given.fingerprint, given.synthetic, VERSION, day, given.guesses, given.checked.open_errors
    )
    described = analysis.selection.describe(analysis.cohort)
    return Report(
        title=headline(plan),
        who=who(plan),
        footer=" · ".join(described) or "All patients",
        items=report_items(plan),
        workbook=workbook_tables(plan),
        methods=methods_text(plan, origin),
        results=results_text(plan),
        origin=origin,
        plan=plan,
    )


def headline(plan: Plan) -> str:
    """The overview's first sentence, as its page says it; outside without what would name 1 to 4 patients."""
    primary = plan.measures[0] if plan.measures else None
    paired = plan.paired(primary) if primary else None
    responders = plan.responders(primary) if primary else None
    satisfied = next((s for s in plan.analysis.cohort.statements.values() if "satisf" in s.key), None)
    agreed = plan.statement(satisfied) if satisfied else None
    safety = plan.safety()
    events = None if isinstance(safety, NotComputed) else safety.by_type.patients
    if plan.outside:
        paired = None if paired is None else disclosure.protected(paired)
        responders = None if responders is None else disclosure.protected(responders)
        agreed = None if agreed is None else disclosure.protected(agreed)
        told = None if events is None else disclosure.protected(events)
        events = None if isinstance(told, NotComputed) else told
    return outcomes.overview_sentence(primary, paired, responders, agreed, events)


def who(plan: Plan) -> str:
    """The strip: filter, operated, analysed, time points; outside without what would tell of 1 to 4 patients."""
    analysis = plan.analysis
    flow, described = analysis.flow(plan.time), analysis.selection.describe(analysis.cohort)
    invented = "Invented data · " if analysis.cohort.provenance.synthetic else ""
    if not plan.outside:
        return invented + outcomes.strip(described, flow, plan.time_points)
    known = sizes(flow, outside=True)
    parts = [" · ".join(described) or "All patients"]
    if known.selected is None and known.analysed_selected is None:
        return f"{invented}{parts[0]} · {disclosure.REASON}"
    parts += outcomes.sizes_words(known)
    if plan.time_points[0]:
        parts.append(" to ".join(plan.time_points))
    return invented + " · ".join(parts)
