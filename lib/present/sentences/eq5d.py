"""Sentences about EQ-5D: who changed, which value set, what must be known about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lib.analysis.eq5d import SetResult, StatePairs
from lib.analysis.norms import BesideNorm
from lib.catalog import eq5d
from lib.catalog.value_sets import ValueSet, Version, value_set
from lib.present.sentences.outcomes import excluded_words
from lib.present.wording import count, interval, joined, number, plural, signed
from lib.stats.health_states import PchcResult, ProfileGrid
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult
from lib.stats.results import NotComputed
from lib.stats.yes_no import DimensionMoves

HANDFUL = (
    "europe_vas",
    "uk_tto",
    "netherlands_2006_tto",
    "germany_tto",
    "usa_tto",
    "sweden_tto",
)
"""Value sets of the 3L the strip opens with, beside the chosen one."""
HANDFUL_OF: Mapping[Version, tuple[str, ...]] = {
    "3L": HANDFUL,
    "5L": ("5l_netherlands_2016", "5l_germany_2018", "5l_usa_2019", "5l_uk_2026", "crosswalk_uk_2012"),
    "Y-3L": ("y3l_netherlands_2022", "y3l_germany_2022", "y3l_spain_2022"),
}

_ROWS_NAMED = 8


def dimension_names() -> tuple[str, ...]:
    """The five dimensions in plain words, with a capital."""
    return tuple(d.names["en"].capitalize() for d in eq5d.DIMENSIONS)


def change_title(found: PchcResult | NotComputed) -> str:
    """ "EQ-5D health state: 17 of 29 patients better, 3 worse, 8 mixed, 1 the same"."""
    if isinstance(found, NotComputed):
        return f"EQ-5D health state: not computed, {found.reason}"
    same = found.same_with_problems + found.no_problems
    return (
        f"EQ-5D health state: {count(found.better)} of {plural(found.n, 'patient')} better, "
        f"{count(found.worse)} worse, {count(found.mixed)} mixed, {count(same)} the same"
    )


def moved_title(moves: Sequence[DimensionMoves | NotComputed], names: Sequence[str]) -> str:
    """ "EQ-5D: largest net change in pain/discomfort, 13 of 29 patients better and 1 worse"; "" where none is known."""
    known = [(m, name) for m, name in zip(moves, names, strict=True) if isinstance(m, DimensionMoves)]
    if not known:
        return ""
    if not any(m.better + m.worse for m, _ in known):
        return "EQ-5D: nobody moved in any dimension"
    most = max(abs(m.better - m.worse) for m, _ in known)
    if most == 0:
        return "EQ-5D: as many patients better as worse in every dimension"
    first = [(m, name) for m, name in known if abs(m.better - m.worse) == most]
    if len(first) > 1:
        listed = joined([name.lower() for _, name in first])
        return f"EQ-5D: largest net change in {listed}, {plural(most, 'patient')} each"
    m, name = first[0]
    of = f"{count(m.better)} of {plural(m.n, 'patient')}"
    return f"EQ-5D: largest net change in {name.lower()}, {of} better and {count(m.worse)} worse"


CHANGE_NOTE = (
    "Better: at least one dimension better and none worse. Worse: the reverse. Mixed: some better, some worse. "
    "No value set is needed for this."
)


def pairs_words(pairs: StatePairs) -> str:
    """Who is not in these results, with the rows of illegal states."""
    words = excluded_words(pairs.excluded)
    if pairs.illegal_rows:
        rows = [str(row) for row in pairs.illegal_rows[:_ROWS_NAMED]]
        more = len(pairs.illegal_rows) - len(rows)
        named = f"{', '.join(rows)} and {more} more" if more > 0 else joined(rows)
        words += (
            f". A level outside 1 to {pairs.levels} stands in {'row' if len(pairs.illegal_rows) == 1 else 'rows'} "
            f"{named} of the file"
            + ("; levels 4 or 5 would mean the EQ-5D-5L, which has value sets of its own" if pairs.levels == 3 else "")
        )
    return words + "." if words else ""


def set_label(key: str) -> str:
    """A value set for a menu: "Europe · VAS · Greiner 2003", and "!" where there is a caution."""
    found = value_set(key)
    return f"{found.label} (see caution)" if found.caution and found.citation else found.label


def set_source(found: ValueSet) -> str:
    """Where the coefficients come from."""
    return f"Source: {found.citation}." if found.citation else "No source is on file for this set."


def set_scale(found: ValueSet) -> str:
    """Ends of the index under this set, for who has to read it."""
    low, high = eq5d.index_range(found.key)
    return f"This set runs from {number(low, 3)} to {number(high, 3)}."


def threshold_note(threshold: float, of_set: str | None, chosen: str) -> str:
    """With which set the threshold was found, when that is another one."""
    if value_set(chosen).version != "3L":
        return (
            f"The threshold of {number(threshold, 3)} was found with the EQ-5D-3L; this index is of the "
            f"EQ-5D-{value_set(chosen).version}, whose steps have another size."
        )
    if of_set is None or of_set == chosen:
        return ""
    return f"The threshold of {number(threshold, 3)} was found with {value_set(of_set).label}."


def sets_title(found: Sequence[SetResult]) -> str:
    """Smallest and largest mean improvement and responder rate over the sets shown."""
    means = [f.paired.mean_change.value for f in found if isinstance(f.paired, PairedResult)]
    rates = [
        f.responders.rate
        for f in found
        if isinstance(f.responders, ResponderResult) and isinstance(f.responders.rate, Proportion)
    ]
    if not means:
        return "No index under these value sets for this selection"
    words = (
        f"Mean improvement {signed(min(means), 3)} to {signed(max(means), 3)} over {plural(len(means), 'value set')}"
    )
    if rates:
        low, high = min(rates, key=lambda r: r.share), max(rates, key=lambda r: r.share)
        words += f"; responders {count(low.count)} to {count(high.count)} of {count(high.n)}"
    return words


def grid_title(found: ProfileGrid | NotComputed) -> str:
    """ "24 of 29 patients moved to a state of better rank, 4 to a worse one"."""
    if isinstance(found, NotComputed):
        return f"Not computed: {found.reason}"
    return (
        f"{count(found.better)} of {plural(found.n, 'patient')} moved to a state of better rank, "
        f"{count(found.worse)} to one of worse rank; {count(found.equal)} {'has' if found.equal == 1 else 'have'} the "
        "rank of before"
    )


def norm_words(
    before: BesideNorm | NotComputed,
    after: BesideNorm | NotComputed,
    time_points: tuple[str, str],
    digits: int = 3,
    *,
    short: bool = False,
) -> str:
    """ "12 months: still 0.312 below people of their age and sex in England (…)"; "" where there is no norm.

    `short`: without the means, the interval, the source and how many are left out.
    """
    if isinstance(after, NotComputed) or isinstance(before, NotComputed):
        return ""
    norm = after.norm
    side = "below" if after.difference < 0 else "above"
    still = "still " if (before.difference < 0) == (after.difference < 0) else ""
    spread = f", {interval(after.interval, digits)}" if not isinstance(after.interval, NotComputed) else ""
    left = f" {plural(after.left_out, 'patient')} without age, sex or band: in neither mean." if after.left_out else ""
    whom = f"people of their age and sex in {norm.country}"
    if norm.constant is not None:
        whom = f"the mean of {norm.country}"
    sentence = f"{time_points[1]}: {still}{number(abs(after.difference), digits)} {side} {whom}"
    if short:
        return sentence
    under = f" Both under {value_set(norm.value_set).label}; norm:" if norm.value_set else " Norm:"
    return (
        f"{sentence} ({number(after.mean, digits)} against {number(after.expected, digits)}{spread}; "
        f"n {count(after.n)}). "
        f"{time_points[0]}: {signed(before.difference, digits)}.{under} {norm.source}.{left}"
    )
