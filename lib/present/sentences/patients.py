"""Findings of the Patients page in neutral words: who they were, who is missing."""

from __future__ import annotations

from lib.analysis import Flow
from lib.analysis.attrition import Gap, MeasureFlow, Periods
from lib.analysis.table_one import TableOne, TableOneRow
from lib.cohort.cohort import Cohort
from lib.present.tables.attrition import STATE_WORDS
from lib.present.tables.table_one import level_words, numeric_words
from lib.present.wording import count, inside, joined, number, plural, share
from lib.stats.results import NotComputed
from lib.stats.table_one import CategoricalSummary, NumericSummary

SAMPLE = "Synthetic sample cohort"


def called(cohort: Cohort) -> str:
    """What a cohort is called wherever it is named: the sample as such, else as the user calls it, else by its file."""
    if cohort.provenance.synthetic:
        return SAMPLE
    return cohort.design.name or cohort.provenance.file_name


def patients_title(flow: Flow, found: TableOne) -> str:
    """ "29 of 57 operated patients are analysed: mean age 45.6 years, 25 of 29 female"."""
    if flow.analysed_selected is None:
        head = plural(flow.selected, _patient(flow.treated))
    else:
        head = f"{_analysed(flow, flow.analysed_selected)} analysed"
    # two pinned selections, or a filter against the rest, are other patients than those of the filter
    same = found.n == (flow.selected if flow.analysed_selected is None else flow.analysed_selected)
    parts = [_age(found), _sex(found)] if same or found.n == flow.selected else []
    reasons_listed = joined([p for p in parts if p], "and")
    return f"{head}: {reasons_listed}" if reasons_listed else head


def _patient(treated: str) -> str:
    """Only a surgical cohort is said to be one; another word could be any."""
    return "operated patient" if treated == "operated" else "patient"


def _analysed(flow: Flow, some: int) -> str:
    """Of those due; how many are not, and why, stands in the flow: a title has no room for it on the wall."""
    of, who = flow.due, _patient(flow.treated)
    due = " due" if flow.due < flow.selected else ""
    if some == of and of:
        return f"The one {who}{due} is" if of == 1 else f"All {count(of)} {who}s{due} are"
    return f"{count(some)} of {plural(of, who)}{due} {'is' if some == 1 else 'are'}"


def _age(found: TableOne) -> str:
    row = next((r for r in found.rows if r.variable.key == "age"), None)
    if row is None or not isinstance(row.overall, NumericSummary) or isinstance(row.overall.values, NotComputed):
        return ""
    unit = f" {row.variable.unit}" if row.variable.unit else ""
    mean = "mean age" if row.overall.n > 1 else "age"
    return f"{mean} {number(row.overall.values.mean, 1)}{unit}"


def _sex(found: TableOne) -> str:
    row = next((r for r in found.rows if r.variable.key == "sex"), None)
    if row is None or not isinstance(row.overall, CategoricalSummary) or not row.overall.n:
        return ""
    level = row.variable.alone or 0
    counts = row.overall.counts
    word = row.variable.levels[level]
    # a code ("1") says nothing by itself: the column's name goes with it
    named = inside(word) if word[:1].isalpha() and len(word) > 2 else f"with {inside(row.variable.label)} {word}"
    return f"{count(counts[level])} of {count(row.overall.n)} {named}"


def missing_title(flow: MeasureFlow) -> str:
    """ "28 of 57 are not analysed: 19 no baseline score, 9 no follow-up score"; of those due, who waits comes last."""
    waiting, died = left_before(flow)
    due, apart = flow.operated - waiting - died, apart_words(waiting, died)
    gone, later = due - flow.pairs, f"; {apart}" if apart else ""
    if not gone:
        what = _patient(flow.treated) + (" due" if apart else "")
        if not due:
            return f"No follow-up is due yet{later}"
        return f"{f'The one {what} has' if due == 1 else f'All {count(due)} {what}s have'} a complete pair{later}"
    found = tuple(item for item in reasons(flow) if item[0] not in _APART)
    only = STATE_WORDS[found[0][0]] if len(found) == 1 else ""  # its number has just been said
    listed = only or joined([f"{count(n)} {STATE_WORDS[reason]}" for reason, n in found])
    of = f"{count(due)}{' due' if apart else ''}"
    return f"{count(gone)} of {of} {'is' if gone == 1 else 'are'} not analysed: {listed}{later}"


_APART = ("not_yet_due", "died")


def left_before(flow: MeasureFlow) -> tuple[int, int]:
    """Patients whose follow-up had not come yet, and those who died before it: both are in no denominator of it."""
    found = dict(reasons(flow))
    return found.get("not_yet_due", 0), found.get("died", 0)


def apart_words(waiting: int, died: int) -> str:
    """ "1,030 not yet due, 14 died before"; "" for nobody."""
    parts = [f"{count(waiting)} not yet due"] if waiting else []
    parts += [f"{count(died)} died before due"] if died else []
    return ", ".join(parts)


def reasons(flow: MeasureFlow) -> tuple[tuple[str, int], ...]:
    """Every reason with its patients over all steps, the commonest first; not yet due and died before come last."""
    total: dict[str, int] = {}
    for step in flow.steps:
        for reason, n in step.left:
            total[reason] = total.get(reason, 0) + n
    lost = [(reason, n) for reason, n in total.items() if n]
    return tuple(sorted(lost, key=lambda item: (item[0] in _APART, -item[1])))


def completeness_words(flow: MeasureFlow) -> str:
    """ "29 of 57 (50.9%) of those due have a complete pair; 3 are not yet due and not counted as lost"."""
    waiting, died = left_before(flow)
    due = flow.operated - waiting - died
    if not due:
        return "No follow-up is due yet."
    words = f"Complete pairs of those due: {share(flow.pairs, due)}."
    if waiting:
        words += f" {plural(waiting, 'patient is', 'patients are')} not yet due and not counted as lost."
    if died:
        words += f" {plural(died, 'patient')} died before it was due and {'is' if died == 1 else 'are'} in no share."
    return words


def gap_words(found: Gap | None, periods: Periods) -> str:
    """ "Fewest complete pairs: 2020-03 to 2020-06, 1 of 16 against 28 of 41 in the other months"; "" for none."""
    if found is None:
        return ""
    span = found.first if found.first == found.last else f"{found.first} to {found.last}"
    return (
        f"Fewest complete pairs: {span}, {share(found.complete, found.due)} of those due, against "
        f"{share(found.complete_elsewhere, found.due_elsewhere)} in the other {periods.unit}s. "
        "Found by looking, so it is not tested."
    )


def balance_words(found: TableOne) -> str:
    """ "Largest differences: EQ VAS (SMD 0.37), …"; below 0.10 none."""
    known = [(r, r.smd) for r in found.rows if not isinstance(r.smd, NotComputed)]
    largest = sorted((item for item in known if item[1] > 0.1), key=lambda item: -item[1])[:3]
    if not largest:
        return "No standardised difference above 0.10."
    listed = joined([f"{r.variable.label} (SMD {number(smd, 2)})" for r, smd in largest])
    return f"Largest differences: {listed}."


def row_words(row: TableOneRow, groups: tuple[str, ...]) -> str:
    """The row in one sentence, for who does not see its distribution."""
    parts = zip(groups, row.groups, strict=True) if groups else [("All", row.overall)]
    summaries = "; ".join(f"{label}: {_summary(row, found)}" for label, found in parts)
    return f"{row.variable.label}. {summaries}"


def _summary(row: TableOneRow, found: NumericSummary | CategoricalSummary) -> str:
    if isinstance(found, NumericSummary):
        shown = row.display.shown if row.display else "mean (SD)"
        return f"{shown} {numeric_words(found, shown, row.variable.decimals)}, n {count(found.n)}"
    return ", ".join(f"{level} {level_words(found, k)}" for k, level in enumerate(row.variable.levels))


def display_words(row: TableOneRow) -> str:
    """Why mean or median: "Mean (SD): the Shapiro–Wilk test does not reject a normal distribution"."""
    if row.display is None:
        return "Shares are of the patients with a value."
    return f"{row.display.shown[0].upper()}{row.display.shown[1:]}: {row.display.reason}."
