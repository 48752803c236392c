"""Everything an Analysis says, in order and frozen: figures, tables, the methods and results text, and its origin.

Slides, documents, sheets and the shell are made from a `Report` and nothing else, so that they agree with each other.
`lib.disclosure` gives it the results that its reader may see; nothing else here knows who that is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from lib.analysis import Analysis, default_rule
from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import TimePoint
from lib.cohort.grouping import ByColumn
from lib.disclosure.readers import Reader
from lib.disclosure.released import ReleasedAnalysis, released_comparison
from lib.present.sentences import outcomes
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
        write_methods: makes the paragraphs of `methods`.
        parts: the paragraphs of the results, each with the name of what it is about.
        origin: file, fingerprint, version, date.
        plan: the analysis behind it.
    """

    title: str
    who: str
    footer: str
    items: tuple[Item, ...]
    workbook: tuple[Table, ...]
    write_methods: Callable[[], tuple[str, ...]] = field(repr=False)
    parts: tuple[tuple[str, str], ...]
    origin: Origin
    plan: Plan = field(repr=False)

    @property
    def outside(self) -> bool:
        """Whether somebody outside the department will read it."""
        return self.plan.outside

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The methods paragraphs, made when somebody reads them: they name what computed every number of the report,
        imputed ones too, which takes half a minute for 45,000 patients and 36 measures."""
        return self.write_methods()

    @property
    def results(self) -> tuple[str, ...]:
        """The results paragraphs."""
        return tuple(words for _, words in self.parts)

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
    reader: Reader = Reader.DEPARTMENT,
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
        reader: who will see it (`lib.disclosure`).
        date: as printed, YYYY-MM-DD; without it today.
        comparison: of the same analysis; adds the groups side by side.
        choices: what was chosen on the pages: test, intervals, Table 1, value set, order of statements, centers.
        many: a grouping of too many groups for a comparison; adds centers only.
    """
    from lib.report.items import report_items, workbook_tables
    from lib.report.methods import methods_text
    from lib.report.results import results_parts

    chosen = dict(rules or {})
    every = {m.key: chosen.get(m.key, default_rule(m)) for m in analysis.cohort.measures.values()}
    time = follow_up or analysis.default_follow_up()
    plan = Plan(analysis, time, {**every, **chosen}, confidence, reader, comparison, choices or Choices(), many)
    if reader is Reader.CONGRESS:
        groups = None if comparison is None else released_comparison(comparison)
        plan = replace(plan, analysis=ReleasedAnalysis(analysis), comparison=groups)
    given = analysis.cohort.provenance
    day = date or dt.date.today().isoformat()
    origin = Origin(
        given.file_name, given.fingerprint, given.synthetic, VERSION, day, given.guesses, given.checked.open_errors
    )
    described = analysis.selection.describe(analysis.cohort)
    if reader is Reader.PUBLIC:
        return _for_the_public(plan, origin)
    return Report(
        title=headline(plan),
        who=who(plan),
        footer=" · ".join(described) or "All patients",
        items=report_items(plan),
        workbook=workbook_tables(plan),
        write_methods=partial(methods_text, plan, origin),
        parts=results_parts(plan),
        origin=origin,
        plan=plan,
    )


def headline(plan: Plan) -> str:
    """The overview's first sentence, as its page says it."""
    primary = plan.measures[0] if plan.measures else None
    paired = plan.paired(primary) if primary else None
    responders = plan.responders(primary) if primary else None
    satisfied = next((s for s in plan.analysis.cohort.statements.values() if "satisf" in s.key), None)
    agreed = plan.statement(satisfied) if satisfied else None
    safety = plan.safety()
    events = None if isinstance(safety, NotComputed) else safety.by_type.patients
    return outcomes.overview_sentence(primary, paired, responders, agreed, events)


def who(plan: Plan) -> str:
    """The strip: filter, operated, analysed, time points."""
    analysis = plan.analysis
    flow, described = analysis.flow(plan.time), analysis.selection.describe(analysis.cohort)
    invented = "Invented data · " if analysis.cohort.provenance.synthetic else ""
    return invented + outcomes.strip(described, flow, plan.time_points)


def _for_the_public(plan: Plan, origin: Origin) -> Report:
    from lib.report import public

    items = public.items(plan)
    return Report(
        title=public.title(plan),
        who=public.who(plan),
        footer=" · ".join(plan.analysis.selection.describe(plan.analysis.cohort)) or "All patients",
        items=items,
        workbook=tuple(item.table for item in items if item.table is not None),
        write_methods=partial(public.methods, plan, origin),
        parts=public.results(plan),
        origin=origin,
        plan=plan,
    )
