"""What outsiders do not see: counts of 1 to 4 patients, what rests on them, what gives them away, and single patients.

Off by default; "outside" is chosen at export. Applied to ChartData and Table, so that screen, slide and sheet agree,
and to results before sentences are made of them. It says what it hid. It cannot know what was given out before: two
exports with different filters can still be compared, and `STILL_POSSIBLE` says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from lib.analysis import SafetyResult
from lib.present.chart_data import ChartData, Series
from lib.present.masked_tables import (
    HIDDEN,
    mask_table,
    mask_tables,
    names_few,
    nothing_hidden,
    why_hidden,
    without_numbers,
)
from lib.present.small_counts import FEWEST_SHOWN, Sum, hidden_rows, hidden_sums, is_small, pooled, small_share, thinned
from lib.present.telling import name_only, subject, tells_few
from lib.stats.likert import LikertResult
from lib.stats.paired import PairedResult
from lib.stats.paired_tests import SignResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult
from lib.stats.results import NotComputed
from lib.stats.yes_no import YesNoResult

REASON = f"hidden, because fewer than {FEWEST_SHOWN} patients could be recognised"
WHAT = (
    f"For readers outside the department counts of 1 to {FEWEST_SHOWN - 1} patients are hidden, with their percents, "
    "intervals and means, and further cells from which they could be worked out. Single patients, smallest and largest "
    "values are left out."
)
STILL_POSSIBLE = "Two exports with different filters can still be compared with each other."
TOLD = "told"
"""Role of a series of cumulative shares that stand elsewhere in the report; it is never drawn."""
_NO_DOTS = "Single patients are left out."

__all__ = [
    "HIDDEN",
    "REASON",
    "STILL_POSSIBLE",
    "WHAT",
    "mask_chart",
    "mask_table",
    "mask_tables",
    "names_few",
    "nothing_hidden",
    "protected",
]

Result = TypeVar("Result", PairedResult, ResponderResult, LikertResult, Proportion, YesNoResult, SafetyResult)


def protected(result: Result | NotComputed) -> Result | NotComputed:
    """The result as a sentence may tell it: NotComputed when its headline names 1 to 4 patients.

    Headline: the pairs of a comparison; the responders, the best two answers, the patients with an event, and in each
    case also those who are not; for yes/no any of the four groups. The n of the NotComputed is 0: it is hidden too.
    """
    if isinstance(result, SafetyResult) and not isinstance(result.analysed, NotComputed):
        result = replace(result, analysed=NotComputed(REASON, 0))  # the difference of the two figures is few
    if isinstance(result, NotComputed) or not _names_few(result):
        return result
    return NotComputed(REASON, 0)


def _names_few(
    result: PairedResult | ResponderResult | LikertResult | Proportion | YesNoResult | SafetyResult,
) -> bool:
    if isinstance(result, PairedResult):
        counts = result.counts if result.choice == "counts" else None
        signs = (counts.rose, counts.unchanged, counts.fell) if isinstance(counts, SignResult) else ()
        return any(is_small(k) for k in (result.n, *signs))
    if isinstance(result, ResponderResult):
        return small_share(result.responders, result.evaluable)
    if isinstance(result, LikertResult):
        return small_share(result.top_two.count, result.n)
    if isinstance(result, YesNoResult):
        return any(is_small(k) for k in (result.both, result.stopped, result.started, result.neither))
    if isinstance(result, SafetyResult):
        return _names_few(result.by_type.patients)
    return small_share(result.count, result.n)


# --- charts ----------------------------------------------------------------------------------------------------------


def mask_chart(data: ChartData, finding: str | None = None) -> ChartData:
    """The chart for outsiders; the same object when nothing had to be hidden.

    Counts: hidden values become None and a series with the role "hidden" holds what is missing to the row's n. Single
    patients are left out. A histogram adds small bars to their neighbours, a curve keeps only steps of 5 or more.
    `finding` replaces the sentence of a chart in which a count was hidden; without one its title does, also where the
    sentence itself tells of few ("27 of 29 improved").
    """
    title = subject(data.title)
    if is_small(data.n):
        return replace(
            data, title=title, finding=finding or title, categories=(), series=(), n=0, notes=(f"{title}: {REASON}.",)
        )
    data = _without_few_in_words(data, title, finding)
    alone = tuple(s for s in data.series if s.rows)
    kept = replace(data, series=tuple(s for s in data.series if not s.rows))
    masked = _BY_KIND.get(data.kind, _mask_values)(kept)
    if any(tells_few(label) for s in masked.series for label in s.labels or ()):
        # shares whose parts nobody named ("3 of 26" of a center) give each other away: all of it, or nothing
        return replace(
            data, finding=finding or title, categories=(), series=(), notes=(f"{title}: {REASON}.",), references=()
        )
    notes = list(data.notes)
    counts_hidden = masked is not kept
    if counts_hidden:
        notes = [*without_numbers(data.notes), f"Hidden: {why_hidden()}."]
    if alone:
        notes.append(_NO_DOTS)
    if not counts_hidden and not alone:
        return data
    said = (finding or title) if counts_hidden else data.finding
    return replace(masked, notes=tuple(notes), finding=said)


def _without_few_in_words(data: ChartData, title: str, finding: str | None) -> ChartData:
    """The chart without words that tell of few: sentence, notes, names with their n. The same object where none do."""
    said = (finding or title) if tells_few(data.finding) else data.finding
    cleaned = replace(
        data,
        title=title,
        finding=title if tells_few(said) else said,
        categories=tuple(map(name_only, data.categories)),
        series=tuple(s if name_only(s.name) == s.name else replace(s, name=name_only(s.name)) for s in data.series),
        references=tuple(replace(r, label=name_only(r.label)) for r in data.references),
        notes=tuple(note for note in data.notes if not tells_few(note)),
    )
    return data if cleaned == data else cleaned


def _mask_stacked(data: ChartData) -> ChartData:
    """Each row by itself, and, where the first row is the total of the others, down the columns too."""
    counted = [k for k, s in enumerate(data.series) if s.role.startswith("level:") or s.role in _OUTCOMES]
    rates = [k for k, s in enumerate(data.series) if s.role in ("top two", "rate")]
    rows = [_StackedRow(data, i, counted, rates) for i in range(len(data.categories))]
    _down(rows, counted)
    others = [s for k, s in enumerate(data.series) if k not in counted and k not in rates]
    if not any(row.hidden for row in rows) and all(_without_small(s) == s for s in others):
        return data
    series = [
        replace(
            s,
            values=_blank(s.values, gone := [row.hides(k) for row in rows]) or (),
            low=_blank(s.low, gone),
            high=_blank(s.high, gone),
            labels=None if s.labels is None else _words(s.labels, gone),
            n=None if s.n is None else tuple(0 if row.all_hidden else n for row, n in zip(rows, s.n, strict=True)),
        )
        for k, s in enumerate(data.series)
    ]
    rest = tuple(None if row.all_hidden or not row.rest(counted) else float(row.rest(counted)) for row in rows)
    series = [_without_small(s) if k not in counted and k not in rates else s for k, s in enumerate(series)]
    series.append(Series("Hidden", "hidden", rest, labels=tuple("" if v is None else HIDDEN for v in rest)))
    return replace(data, series=tuple(series))


def _without_small(series: Series) -> Series:
    """Patients without an answer, counted beside the bar."""
    gone = [v is not None and is_small(round(v)) for v in series.values]
    return replace(series, values=_blank(series.values, gone) or ())


_OUTCOMES = ("improved", "unchanged", "worsened")


class _StackedRow:
    """One row of a stacked chart: its parts, the sums shown (by series), and which of them are hidden."""

    def __init__(self, data: ChartData, i: int, counted: list[int], rates: list[int]) -> None:
        self.values = {k: int(data.series[k].values[i] or 0) for k in counted}
        self.parts = {data.series[k].role: value for k, value in self.values.items()}
        self.shown: dict[int, Sum] = {k: frozenset({data.series[k].role}) for k in counted}
        for k in rates:
            self._add_rate(data.series[k], k, i)
        self.everyone: Sum = frozenset(self.parts)
        self.hidden: set[Sum] = set()
        self.hide(set())

    def _add_rate(self, series: Series, k: int, i: int) -> None:
        value, n = series.values[i], (series.n or ())[i] if series.n else 0
        if value is None or not n:
            return
        count = round(value * n)
        if series.role == "rate":
            kept = count - self.parts.get("improved", 0)
            if kept > 0:
                self.parts["kept"] = kept
                self.parts["unchanged"] = self.parts.get("unchanged", 0) - kept
                for j, s in list(self.shown.items()):
                    self.shown[j] = s | {"kept"} if "unchanged" in s else s
            self.shown[k] = frozenset({"improved", "kept"} & set(self.parts))
            return
        levels = sorted((r for r in self.parts if r.startswith("level:")), key=lambda r: int(r.split(":")[1]))
        take = 2 if len(levels) > 3 else 1
        best, worst = frozenset(levels[-take:]), frozenset(levels[:take])
        self.shown[k] = best if sum(self.parts[r] for r in best) == count else worst

    def hide(self, forced: set[Sum]) -> None:
        """Decide again, with more that must be hidden."""
        if not sum(self.parts.values()):
            return
        often = list(self.shown.values())
        shown = {s: len(s) > 1 or often.count(s) > 1 for s in often}
        self.hidden = hidden_sums(self.parts, shown | {self.everyone: True}, forced)

    @property
    def all_hidden(self) -> bool:
        """Whether even the number of patients is."""
        return self.everyone in self.hidden

    def hides(self, k: int) -> bool:
        """Whether the value of series k is hidden."""
        return k in self.shown and self.shown[k] in self.hidden

    def rest(self, counted: list[int]) -> int:
        """Patients in the hidden parts of the bar."""
        return sum(self.values[k] for k in counted if self.hides(k))


def _down(rows: list[_StackedRow], counted: list[int]) -> None:
    """A first row that holds all the others is their total: protect down the columns, and who is in none of them."""
    rests = {k: rows[0].values[k] - sum(row.values[k] for row in rows[1:]) for k in counted}
    if len(rows) < 3 or any(rest < 0 for rest in rests.values()):
        return
    again = True
    while again:
        again = False
        for k in counted:
            if rows[0].hides(k):
                continue
            gone = {i for i, row in enumerate(rows[1:]) if row.hides(k)} | ({len(rows) - 1} if rests[k] else set())
            below = [*(row.values[k] for row in rows[1:]), rests[k]]
            for i in hidden_rows(rows[0].values[k], below, gone) - gone:
                rows[i + 1].hide(rows[i + 1].hidden | {rows[i + 1].shown[k]})
                again = True


def _mask_values(data: ChartData) -> ChartData:
    """Values with an n each (means, rates, forest rows): hidden where n is 1 to 4, and one more where all add up."""
    series = [_pool(s) if s.role.endswith("density") else _without_few(s) for s in data.series]
    return replace(data, series=tuple(series)) if tuple(series) != data.series else data


def _without_few(series: Series) -> Series:
    gone = _few(series)
    if not any(gone):
        return series
    return replace(
        series,
        values=_blank(series.values, gone) or (),
        low=_blank(series.low, gone),
        high=_blank(series.high, gone),
        n=None if series.n is None else tuple(0 if g else k for g, k in zip(gone, series.n, strict=True)),
        labels=None if series.labels is None else _words(series.labels, gone),
    )


def _few(series: Series) -> list[bool]:
    if series.n is None:
        return [False] * len(series.values)
    gone = {i for i, n in enumerate(series.n) if is_small(n)}
    rest = series.n[0] - sum(series.n[1:]) if len(series.n) > 2 else -1
    if rest >= 0:  # the first row holds all the others, and who is in none of them
        unseen = {i - 1 for i in gone if i} | ({len(series.n) - 1} if rest else set())
        gone |= {i + 1 for i in hidden_rows(series.n[0], (*series.n[1:], rest), unseen) if i + 1 < len(series.n)}
    return [i in gone for i in range(len(series.values))]


def _mask_histogram(data: ChartData) -> ChartData:
    """Outcomes that few patients have are left out, and small bars are added to their neighbours."""
    totals = {s.role: int(sum(v or 0 for v in s.values)) for s in data.series if s.x is not None}
    shown: dict[Sum, bool] = {frozenset({role}): False for role in totals}
    hidden = hidden_sums(totals, {**shown, frozenset(totals): True}) if totals else set()
    left = [s for s in data.series if s.x is None or frozenset({s.role}) not in hidden]
    series = tuple(s if s.x is None else _pool(s) for s in left)
    return replace(data, series=series) if series != data.series else data


def _pool(series: Series) -> Series:
    return replace(series, values=tuple(float(v) for v in pooled([int(v or 0) for v in series.values])))


def _mask_curve(data: ChartData) -> ChartData:
    """Steps of one patient tell his score: corners are kept only where 5 or more patients lie between them, and
    between them and what is told beside the curve: the rate at the threshold, and a series with the role "told"."""
    series, changed = [], False
    beside = [round((v or 0) * data.n) for s in data.series if s.role in ("current", TOLD) for v in s.values]
    for s in data.series:
        if s.role == TOLD:
            changed = True
            continue
        if s.role == "current":
            gone = small_share(round((s.values[0] or 0) * (s.n or (0,))[0]), (s.n or (0,))[0])
            changed |= gone
            if not gone:
                series.append(s)
            continue
        keep = thinned(
            [round((v or 0) * data.n) for v in s.values], data.n, () if s.role.startswith("group:") else beside
        )
        changed |= len(keep) < len(s.values)
        series.append(_only(s, keep))
    return replace(data, series=tuple(series)) if changed else data


def _only(series: Series, keep: list[int]) -> Series:
    def pick(values: tuple[float | None, ...] | None) -> tuple[float | None, ...] | None:
        return None if values is None else tuple(values[i] for i in keep)

    x = None if series.x is None else tuple(series.x[i] for i in keep)
    return replace(series, values=pick(series.values) or (), x=x, low=pick(series.low), high=pick(series.high))


def _blank(values: tuple[float | None, ...] | None, gone: list[bool]) -> tuple[float | None, ...] | None:
    return None if values is None else tuple(None if g else v for g, v in zip(gone, values, strict=True))


def _words(labels: tuple[str, ...], gone: list[bool]) -> tuple[str, ...]:
    return tuple(HIDDEN if g else label for g, label in zip(gone, labels, strict=True))


_BY_KIND = {
    "stacked bars": _mask_stacked,
    "histogram": _mask_histogram,
    "curve": _mask_curve,
}
