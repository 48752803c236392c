"""Centers of any number side by side: means and rates around their average, adjusted for who the patients are.

No Analysis per center and no pair of centers: everything is a sum by code over the pairs of one Analysis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import Category, Cohort, Number
from lib.cohort.grouping import ByColumn, Grouping
from lib.cohort.pairs import Pairs
from lib.settings import FEWEST_CENTERS, MOST_COMPARED
from lib.stats.case_mix import Covariate, Expected, linear, logistic
from lib.stats.centers import CenterMeans, CenterRates, Shrunken, center_means, center_rates, shrunken_means
from lib.stats.responders import NOT_EVALUABLE, Rule
from lib.stats.results import Floats, Ints, NotComputed

BASELINE_SCORE = "baseline"
FILE_EXPECTED = "expected:"
"""Followed by the key of the number column that holds each patient's expected follow-up score."""
_USUAL = ("age", "age_band", "age_group", "sex", "asa", "etiology")


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The complete pairs that have a center.

    Attributes:
        labels: centers with at least one such pair, the largest first.
        place: of each of those pairs among the pairs of the Analysis.
        code: center of each, a place in `labels`.
        without: pairs of patients whose center is not recorded.
    """

    labels: tuple[str, ...]
    place: Ints
    code: Ints
    without: int


@dataclass(frozen=True, slots=True, eq=False)
class MeansOf:
    """Mean improvement per center.

    Attributes:
        members: whose.
        found: around the average, adjusted as `adjust` says.
        plain: the same without adjustment (`found` itself where nothing is adjusted for).
        shrunken: of the adjusted gains.
        adjust: keys of what was adjusted for; `left_out`: names of those that say nothing here.
        outside: (words of an adjustment, centers outside 99.8%) by each adjustment, for comparison.
    """

    members: Members
    found: CenterMeans
    plain: CenterMeans
    shrunken: Shrunken | NotComputed
    adjust: tuple[str, ...]
    left_out: tuple[str, ...]
    outside: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RatesOf:
    """Responder rate per center; fields as in `MeansOf`."""

    members: Members
    found: CenterRates
    plain: CenterRates
    adjust: tuple[str, ...]
    left_out: tuple[str, ...]


def is_by_center(comparison: Comparison) -> bool:
    """Whether the groups are centers."""
    grouping = comparison.grouping
    if not isinstance(grouping, ByColumn):
        return False
    column = comparison.all.cohort.columns[grouping.column]
    return isinstance(column, Category) and column.role == "center"


def is_many(grouping: Grouping, cohort: Cohort) -> bool:
    """Whether these are too many groups for models, pairs and rows: only the centers view of Compare shows them."""
    column = cohort.columns.get(grouping.column) if isinstance(grouping, ByColumn) else None
    if not isinstance(grouping, ByColumn) or not isinstance(column, Category):
        return False
    return len(column.labels) - sum(len(m.labels) - 1 for m in grouping.merges) > MOST_COMPARED


def adjustments(cohort: Cohort, measure: str, grouping: ByColumn) -> dict[str, str]:
    """What gains can be adjusted for: key → words."""
    words = {BASELINE_SCORE: f"{cohort.measure(measure).label} before"}
    for column in cohort.columns.values():
        if column.key == grouping.column or not isinstance(column, Category | Number):
            continue
        if isinstance(column, Number) and any(w in column.label.casefold() for w in ("predicted", "expected")):
            words[FILE_EXPECTED + column.key] = f"the file’s expected score ({column.label})"
        elif isinstance(column, Number) or 2 <= len(column.labels) <= MOST_COMPARED:
            words[column.key] = column.label
    return words


def usual_adjustment(cohort: Cohort, measure: str, grouping: ByColumn) -> tuple[str, ...]:
    """Before anybody chose: the score before, age, sex, ASA class and diagnosis, as far as the file has them."""
    offered = adjustments(cohort, measure, grouping)
    roles = {c.role or c.key: c.key for c in cohort.columns.values()}
    return (BASELINE_SCORE, *(roles[r] for r in _USUAL if roles.get(r) in offered))


def members_of(analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str) -> Members:
    """Which complete pair belongs to which center; merged labels are one center."""

    def compute() -> Members:
        codes, names = center_codes(analysis.cohort, grouping)
        own = codes[analysis.pairs(measure, follow_up).rows]
        place = np.flatnonzero(own >= 0)
        counts = np.bincount(own[place], minlength=len(names))
        order = np.argsort(-counts, kind="stable")
        order = order[counts[order] > 0]
        new = np.full(len(names), -1, dtype=np.int64)
        new[order] = np.arange(order.size)
        return Members(tuple(names[k] for k in order), place, new[own[place]], int(own.size - place.size))

    return analysis.keep(("members", grouping, measure, follow_up), compute)


def center_codes(cohort: Cohort, grouping: ByColumn) -> tuple[Ints, tuple[str, ...]]:
    """The center of every patient of the cohort (−1: not recorded) as a place among names; merges applied."""
    column = cohort.columns[grouping.column]
    assert isinstance(column, Category)
    name = {label: label for label in column.labels}
    for merge in grouping.merges:
        name |= dict.fromkeys(merge.labels, merge.label)
    names = tuple(dict.fromkeys(name[label] for label in column.labels))
    to = np.array([*(names.index(name[label]) for label in column.labels), -1], dtype=np.int64)
    return to[column.codes], names


def center_gains(
    analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str, adjust: tuple[str, ...]
) -> MeansOf | NotComputed:
    """Mean improvement per center; adjusted: observed − expected + average, expected over all centers together."""
    return analysis.keep(
        ("center gains", grouping, measure, follow_up, adjust),
        lambda: _gains(analysis, grouping, measure, follow_up, adjust),
    )


def _gains(
    analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str, adjust: tuple[str, ...]
) -> MeansOf | NotComputed:
    members = members_of(analysis, grouping, measure, follow_up)
    if (absent := _too_few(members)) is not None:
        return absent
    pairs = analysis.pairs(measure, follow_up)
    gain = pairs.improvement[members.place]
    plain = center_means(gain, members.code, centers=len(members.labels))
    if isinstance(plain, NotComputed):
        return plain
    found, values = plain, gain
    left_out: tuple[str, ...] = ()
    if adjust:
        made = _adjusted(analysis, members, pairs, adjust)
        if isinstance(made, NotComputed):
            return made
        found, values, left_out = made
    outside = [("none", _outside(plain))]
    if adjust not in ((), (BASELINE_SCORE,)):
        only = _adjusted(analysis, members, pairs, (BASELINE_SCORE,))
        if not isinstance(only, NotComputed):
            outside.append(("score before", _outside(only[0])))
    if adjust:
        outside.append(("as chosen", _outside(found)))
    shrunken = shrunken_means(values, members.code, centers=len(members.labels))
    return MeansOf(members, found, plain, shrunken, adjust, left_out, tuple(outside))


def _adjusted(
    analysis: Analysis, members: Members, pairs: Pairs, adjust: tuple[str, ...]
) -> tuple[CenterMeans, Floats, tuple[str, ...]] | NotComputed:
    centers, gain = len(members.labels), pairs.improvement[members.place]
    of_file = next((key for key in adjust if key.startswith(FILE_EXPECTED)), None)
    if of_file is None:
        model = linear(gain, _covariates(analysis, members, pairs, adjust))
        if isinstance(model, NotComputed):
            return model
        values, sd, left_out = gain - model.values + gain.mean(), model.sigma, model.left_out
    else:
        column = analysis.cohort.columns[of_file.removeprefix(FILE_EXPECTED)]
        assert isinstance(column, Number)
        expected = column.values[pairs.rows[members.place]]
        if np.isnan(expected).any():
            lacking = int(np.isnan(expected).sum())
            return NotComputed(f"{lacking} patients with a pair have no expected score in the file", gain.size)
        after = pairs.follow_up[members.place]
        if abs(float((after - expected).mean())) > float(after.std()):
            return NotComputed(f"{column.label} lies on another scale than {pairs.measure.label}", gain.size)
        off = pairs.measure.sign * (after - expected)
        values, sd, left_out = off - off.mean() + gain.mean(), float(off.std(ddof=1)), ()
    found = center_means(values, members.code, centers=centers, sd=sd)
    return found if isinstance(found, NotComputed) else (found, values, left_out)


def _outside(found: CenterMeans) -> int:
    return sum(map(abs, found.outside998))


def center_responders(
    analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str, rule: Rule, adjust: tuple[str, ...]
) -> RatesOf | NotComputed:
    """Responder rate per center, standardised by a logistic model over all centers together."""

    def compute() -> RatesOf | NotComputed:
        members, met, model = expected_responders(analysis, grouping, measure, follow_up, rule, adjust)
        if (absent := _too_few(members)) is not None:
            return absent
        if isinstance(model, NotComputed):
            return model
        centers = len(members.labels)
        plain = center_rates(met, members.code, centers=centers)
        if isinstance(plain, NotComputed):
            return plain
        if not adjust:
            return RatesOf(members, plain, plain, (), ())
        found = center_rates(met, members.code, centers=centers, expected=model.values)
        return found if isinstance(found, NotComputed) else RatesOf(members, found, plain, adjust, model.left_out)

    return analysis.keep(("center rates", grouping, measure, follow_up, rule, adjust), compute)


def expected_responders(
    analysis: Analysis, grouping: ByColumn, measure: str, follow_up: str, rule: Rule, adjust: tuple[str, ...]
) -> tuple[Members, NDArray[np.bool_], Expected | NotComputed]:
    """Evaluable pairs with a center, who of them responded, and each one's expected probability.

    A file's expected score says nothing of responding: it is left out, and the score before stands for it.
    """

    def compute() -> tuple[Members, NDArray[np.bool_], Expected | NotComputed]:
        whole = members_of(analysis, grouping, measure, follow_up)
        evaluable = (analysis.outcomes(measure, follow_up, rule) != NOT_EVALUABLE)[whole.place]
        members = _only(whole, evaluable)
        met = analysis.responds(measure, follow_up, rule)[members.place]
        pairs = analysis.pairs(measure, follow_up)
        keys = tuple(dict.fromkeys(BASELINE_SCORE if k.startswith(FILE_EXPECTED) else k for k in adjust))
        model = logistic(met.astype(np.float64), _covariates(analysis, members, pairs, keys))
        return members, met, model

    return analysis.keep(("expected responders", grouping, measure, follow_up, rule, adjust), compute)


def _only(members: Members, keep: NDArray[np.bool_]) -> Members:
    if keep.all():
        return members
    counts = np.bincount(members.code[keep], minlength=len(members.labels))
    new = np.cumsum(counts > 0) - 1
    labels = tuple(label for label, n in zip(members.labels, counts, strict=True) if n)
    return Members(labels, members.place[keep], new[members.code[keep]], members.without)


def _too_few(members: Members) -> NotComputed | None:
    count = len(members.labels)
    if count >= FEWEST_CENTERS:
        return None
    groups = "1 group has" if count == 1 else f"{count} groups have"
    return NotComputed(f"{groups} pairs; a funnel needs at least {FEWEST_CENTERS}", int(members.place.size))


def _covariates(analysis: Analysis, members: Members, pairs: Pairs, adjust: tuple[str, ...]) -> list[Covariate]:
    """A value that is not recorded is a level of its own; beside a number it adds one (the number then is its mean)."""
    rows = pairs.rows[members.place]
    found = []
    for key in adjust:
        if key == BASELINE_SCORE:
            found.append(Covariate("score before", pairs.baseline[members.place]))
            continue
        column = analysis.cohort.columns[key]
        if isinstance(column, Number):
            values = column.values[rows]
            gone = np.isnan(values)
            if gone.all():
                continue
            found.append(Covariate(column.label, np.where(gone, np.nanmean(values), values)))
            if gone.any():
                found.append(Covariate(f"{column.label} not recorded", codes=gone.astype(np.int64), levels=2))
        elif isinstance(column, Category):
            codes = column.codes[rows].astype(np.int64)
            found.append(Covariate(column.label, codes=codes + 1, levels=len(column.labels) + 1))
    return found
