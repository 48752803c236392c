"""What a report is asked for (`Plan`), what it is made of (`Item`) and where its numbers come from (`Origin`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lib.analysis import Analysis, SafetyResult
from lib.analysis.eq5d import has_states, index_key
from lib.analysis.grouped_patients import patients_table
from lib.analysis.groups.centers import adjustments, is_by_center, usual_adjustment
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.mcid import anchor_based, by_distribution, parse_anchor, predictive
from lib.analysis.table_one import Form, TableOne
from lib.analysis.what_if import WhatIf, what_if
from lib.analysis.what_if_people import usual
from lib.catalog.value_sets import value_set
from lib.cohort.cohort import BASELINE, Statement, TimePoint, YesNo
from lib.cohort.grouping import ByColumn
from lib.cohort.measure import Measure
from lib.disclosure.readers import Reader
from lib.disclosure.released import ReleasedAnalysis
from lib.present import wording
from lib.present.chart_data import ChartData
from lib.present.charts.axes import Order
from lib.present.sentences import outcomes
from lib.present.sentences.responders import rule_source
from lib.present.table import Table
from lib.present.tables.before_after import NAMES
from lib.present.wording import p_value, result_of_test
from lib.settings import DEFAULTS, FEWEST_CENTERS
from lib.stats.anchor import AnchorMcid, DistributionBased
from lib.stats.likert import LikertResult
from lib.stats.paired import Choice, PairedResult
from lib.stats.predictive_mic import PredictiveMic
from lib.stats.proportions import RateMethod
from lib.stats.responders import ResponderBounds, ResponderResult, Rule
from lib.stats.results import NotComputed
from lib.stats.yes_no import YesNoResult


@dataclass(frozen=True, slots=True)
class Origin:
    """Where every number comes from: the file, its fingerprint, the program, the day."""

    file_name: str
    fingerprint: str
    synthetic: bool
    version: str
    date: str
    guesses: tuple[str, ...] = ()
    """Questions about the file that nobody answered."""
    open_errors: int = 0
    """Errors of the file that nobody settled."""

    @property
    def words(self) -> str:
        """One line for notes and footers."""
        invented = " (synthetic data)" if self.synthetic else ""
        open_ = "; GUESSED, not answered: " + " ".join(self.guesses) if self.guesses else ""
        if self.open_errors:
            open_ += f"; {wording.plural(self.open_errors, 'error')} of the file open"
        return (
            f"{self.file_name}{invented}, fingerprint {self.fingerprint[:12]}, CohortLens {self.version}, "
            f"{self.date}{open_}"
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One figure or table of the report.

    Attributes:
        key: stable ("paired:vas_pain", "statements:0"); what a checklist names.
        heading: what it is about ("VAS pain: before and after").
        finding: one neutral sentence with its numbers; the title of its slide.
        chart: None for a table.
        figure: which of `figures.FIGURES` draws the chart on screen; "" for a table.
        table: the table itself, or the numbers that belong beside the chart; None where the chart's own table will do.
        decimals: of the measure.
        n: patients behind it, as a footer prints them; None where there is no one number.
        sentences: text beside it.
        notes: tests, value set, threshold with its source: the notes of its slide.
        usual: whether a deck has it unless told otherwise.
        subject: the heading under which a checklist lists it; `report_items` gives it.
    """

    key: str
    heading: str
    finding: str
    chart: ChartData | None
    figure: str
    table: Table | None
    decimals: int = 2
    n: int | None = None
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    usual: bool = True
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose on the pages beside filter, time point and thresholds; each changes a number or a table.

    Attributes:
        test: the test that leads in every measure, None: by the rule.
        interval: of responder rates.
        over_all: whether responders are counted over all who are due, the missing as not improved.
        numbers: how Table 1 shows numbers.
        p_values: whether Table 1 has a column of tests.
        value_set: an EQ-5D value set whose index stands beside the one of the file; "" for none.
        order: of the statements.
        turned: keys of the statements that the user turned around; orders: statement key → places of its answers. The
            cohort of the plan is read that way already; a record needs them to read the file so again.
        adjust: what centers are adjusted for, keys parted by commas ("": nothing); None: what is usual.
        center: "my center", "" for none.
        anchor: the question for the MCID and its just improved answers, "global_change=4"; "" while it is open.
        reliability: measure key → its reliability as stated, for SEM and MDC95; anchor_reliability: of the anchor.
    """

    test: Choice | None = None
    interval: RateMethod = "wilson"
    over_all: bool = False
    numbers: Form = "auto"
    p_values: bool = False
    value_set: str = ""
    order: Order = "file"
    turned: tuple[str, ...] = ()
    orders: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    adjust: str | None = None
    center: str = ""
    anchor: str = ""
    reliability: Mapping[str, float] = field(default_factory=dict)
    anchor_reliability: float | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """Estimates of the MCID of one measure: by the anchor, predictive, by the spread."""

    anchored: AnchorMcid | NotComputed
    predictive: PredictiveMic | NotComputed
    spread: DistributionBased | NotComputed


@dataclass(frozen=True, eq=False)
class Plan:
    """What is asked: an analysis, a follow-up, a rule per measure, a confidence, who will see it, groups, choices.

    `many`: a grouping of too many groups for a comparison; only centers are shown of it.
    """

    analysis: Analysis
    follow_up: TimePoint | None
    rules: Mapping[str, Rule | None]
    confidence: float = DEFAULTS.confidence
    reader: Reader = Reader.DEPARTMENT
    comparison: Comparison | None = None
    choices: Choices = Choices()
    many: ByColumn | None = None

    @property
    def outside(self) -> bool:
        """Whether somebody outside the department will read it."""
        return self.reader is not Reader.DEPARTMENT

    def opened(self) -> Plan:
        """The same plan for the department."""
        analysis = self.analysis
        whole = analysis.base if isinstance(analysis, ReleasedAnalysis) else analysis
        groups = self.comparison and compare(whole, self.comparison.grouping, self.comparison.question)
        return replace(self, analysis=whole, reader=Reader.DEPARTMENT, comparison=groups)

    @property
    def centers(self) -> ByColumn | None:
        """The grouping that is shown as centers: more than 12 groups, or 5 centers and more; None without."""
        found = self.comparison
        if self.many is not None or found is None or not is_by_center(found) or len(found.every) < FEWEST_CENTERS:
            return self.many
        return found.grouping if isinstance(found.grouping, ByColumn) else None

    def adjust(self, measure: str, grouping: ByColumn) -> tuple[str, ...]:
        """What centers are adjusted for, as chosen and as far as the file has it."""
        cohort, chosen = self.analysis.cohort, self.choices.adjust
        if chosen is None:
            return usual_adjustment(cohort, measure, grouping)
        offered = adjustments(cohort, measure, grouping)
        return tuple(key for key in chosen.split(",") if key in offered)

    @property
    def time(self) -> str:
        """Key of the follow-up; "" when the file has none."""
        return self.follow_up.key if self.follow_up else ""

    @property
    def time_points(self) -> tuple[str, str]:
        """Labels of both time points."""
        baseline = self.analysis.cohort.baseline
        return (baseline.label if baseline else "", self.follow_up.label if self.follow_up else "")

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Measures with a before and an after at this follow-up; last the index under the chosen value set."""
        cohort = self.analysis.cohort
        if not self.follow_up or not cohort.baseline:
            return ()
        found = cohort.measures_at(self.time)
        if not self.choices.value_set or not has_states(self.analysis, self.time):
            return found
        chosen = index_key(self.choices.value_set)
        if chosen in cohort.measures:
            return found
        return (*found, cohort.measure(chosen))

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Statements asked at this follow-up."""
        cohort = self.analysis.cohort
        return tuple(s for s in cohort.statements.values() if (s.key, self.time) in cohort.answers)

    @property
    def outcomes(self) -> tuple[YesNo, ...]:
        """Yes/no outcomes recorded at both time points."""
        known = self.analysis.cohort.yesno
        both = (y for y in self.analysis.cohort.outcomes.values() if (y.key, BASELINE) in known)
        return tuple(y for y in both if (y.key, self.time) in known)

    def paired(self, measure: Measure) -> PairedResult | NotComputed:
        """The comparison of a measure."""
        return self.analysis.paired(measure.key, self.time, confidence=self.confidence, force=self.choices.test)

    def responders(self, measure: Measure) -> ResponderResult | NotComputed | None:
        """Responders by the measure's rule, None without one."""
        rule = self.rules.get(measure.key)
        if rule is None:
            return None
        method = self.choices.interval
        return self.analysis.responders(measure.key, self.time, rule, confidence=self.confidence, method=method)

    def bounds(self, measure: Measure) -> ResponderBounds | NotComputed | None:
        """Worst and best case by the measure's rule, None without one."""
        rule = self.rules.get(measure.key)
        if rule is None:
            return None
        method = self.choices.interval
        return self.analysis.responder_bounds(measure.key, self.time, rule, confidence=self.confidence, method=method)

    def origins(self, measure: Measure) -> Origins | None:
        """Where the MCID could come from: by the anchor chosen, by the spread at the reliability stated; None while
        there is neither."""
        anchor = parse_anchor(self.choices.anchor, self.analysis, self.time)
        stated = self.choices.reliability.get(measure.key)
        if anchor is None and stated is None:
            return None
        analysis, key = self.analysis, measure.key
        spread = by_distribution(analysis, key, self.time, stated)
        if anchor is None:
            absent = NotComputed("no anchor question was chosen", 0)
            return Origins(absent, absent, spread)
        of_anchor = self.choices.anchor_reliability
        return Origins(
            anchor_based(analysis, key, self.time, anchor, confidence=self.confidence),
            predictive(analysis, key, self.time, anchor, of_anchor, confidence=self.confidence),
            spread,
        )

    def what_if(self, measure: Measure) -> WhatIf | NotComputed:
        """What if the missing differ, with the usual covariates."""
        grouping = None if self.comparison is None else self.comparison.grouping
        covariates = usual(self.analysis.cohort, measure.key, grouping)
        rule = self.rules.get(measure.key)
        return what_if(self.analysis, measure.key, self.time, rule, covariates, confidence=self.confidence)

    def table_one(self, comparison: Comparison | None) -> TableOne:
        """Table 1 of the population, by the groups of a comparison where there is one."""
        return patients_table(self.analysis, comparison, self.time, form=self.choices.numbers)

    def statement(self, statement: Statement) -> LikertResult | NotComputed:
        """Answers to a statement."""
        return self.analysis.statement(statement.key, self.time, confidence=self.confidence)

    def yes_no(self, outcome: YesNo) -> YesNoResult | NotComputed:
        """A yes/no outcome before and after."""
        return self.analysis.yes_no(outcome.key, self.time, confidence=self.confidence)

    def safety(self) -> SafetyResult | NotComputed:
        """Adverse events."""
        return self.analysis.safety(self.time, confidence=self.confidence)


# What stands in the notes of a slide: tests and why, value set, threshold with its source.


def test_notes(plan: Plan, measure: Measure) -> tuple[str, ...]:
    """Test and why, the p values of all tests (of too few pairs none), the value set of an index."""
    result = plan.paired(measure)
    notes = []
    if isinstance(result, PairedResult):
        both = []
        if result.choice is not None and not isinstance(result.t_test, NotComputed):
            test = wording.improvement_test(result.t_test, measure.sign)
            both.append(f"{NAMES['t']}: {result_of_test(test)}")
        if result.choice is not None and not isinstance(result.wilcoxon, NotComputed):
            both.append(f"{NAMES['wilcoxon']}: {p_value(result.wilcoxon.test.p)} ({result.wilcoxon.test.method})")
        if result.choice is not None and not isinstance(result.counts, NotComputed):
            both.append(f"{NAMES['counts']}: {p_value(result.counts.test.p)}")
        named = "Shapiro" in result.reason
        shapiro = f" ({p_value(result.shapiro.p)})" if named and not isinstance(result.shapiro, NotComputed) else ""
        notes.append(f"{measure.label}: {result.reason}{shapiro}. {'; '.join(both)}{'.' if both else ''}".strip())
    if measure.value_set:
        found = value_set(measure.value_set)
        notes.append(f"{measure.label}: value set {found.label}; {found.citation}.")
    return tuple(notes)


def threshold_notes(measure: Measure, rule: Rule | None) -> tuple[str, ...]:
    """The rule in words with the source of its threshold."""
    if rule is None:
        return ()
    words = f"{measure.label}: responder when improved by at least {outcomes.rule_words(rule, measure)}"
    if rule.kind == "state":
        words = f"{measure.label}: responder when ended at {outcomes.rule_words(rule, measure)}"
    return (f"{words} ({rule_source(measure, rule)}).",)
