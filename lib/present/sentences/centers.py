"""Centers in words: how many lie outside, my center, chance. Names stand in chart and table, never in a title."""

from __future__ import annotations

from lib.analysis.groups.centers import MeansOf, RatesOf
from lib.cohort.measure import Measure
from lib.present.wording import count, number, plural, share, signed
from lib.settings import FEWEST_TO_TEST
from lib.stats.centers import CenterMeans, CenterRates, Shrunken

NOT_AN_ANSWER = "Outside is a question, not an answer."


def centers_title(of: CenterMeans | CenterRates) -> str:
    """ "262 of 272 centers lie within the 99.8% limits; 4 above, 6 below"; says where some are too small to judge."""
    judged = sum(of.judged)
    if not judged:
        return f"{plural(len(of.ns), 'center')}, none with 10 patients"
    above, below = (sum(1 for s in of.outside998 if s == side) for side in (1, -1))
    off = ", ".join(f"{count(n)} {word}" for n, word in ((above, "above"), (below, "below")) if n)
    centers = plural(judged, "center") + (f" with {FEWEST_TO_TEST} patients or more" if judged < len(of.ns) else "")
    within = f"{count(judged - above - below)} of {centers} lie within the 99.8% limits"
    return f"{within}; {off}" if off else f"All {centers} lie within the 99.8% limits"


def not_judged_words(of: CenterMeans | CenterRates) -> str:
    """ "8 centers with fewer than 10 patients are drawn hollow and not judged", "" where there are none."""
    few = len(of.ns) - sum(of.judged)
    return (
        f"{plural(few, 'center')} with fewer than {FEWEST_TO_TEST} patients: drawn hollow, not judged." if few else ""
    )


def chance_words(of: CenterMeans | CenterRates, decimals: int, unit: str) -> str:
    """What chance alone would do, what is there, and what remains beside the wider limits."""
    judged = sum(of.judged)
    far, off = (sum(map(abs, sides)) for sides in (of.outside998, of.outside95))
    few = "fewer than 1" if judged * 0.002 < 0.5 else f"about {number(judged * 0.002, 0)}"
    words = (
        f"By chance alone {few} of {count(judged)} would lie outside the 99.8% limits and "
        f"about {number(judged * 0.05, 0)} outside the 95% limits; {count(far)} and {count(off)} do."
    )
    if of.spread.tau > 0:
        tau = number(of.spread.tau, 2) if isinstance(of, CenterRates) else f"{number(of.spread.tau, decimals)} {unit}"
        of_what = " of observed / expected" if isinstance(of, CenterRates) else ""
        wide, wide95 = (sum(map(abs, sides)) for sides in (of.wide998, of.wide95))
        words += (
            f" The pale zone and the dotted limits also allow for the spread between centers "
            f"(SD {tau.strip()}{of_what}, outermost tenths pulled in): {count(wide)} and {count(wide95)}."
        )
    return f"{words} {NOT_AN_ANSWER}"


def adjustment_words(found: MeansOf) -> str:
    """How many lie outside by each adjustment; "" where nothing is adjusted for."""
    if len(found.outside) < 2:
        return ""
    return "Outside the 99.8% limits by adjustment: " + " · ".join(f"{w} {count(n)}" for w, n in found.outside) + "."


def my_center_words(found: MeansOf | RatesOf, mine: str, measure: Measure) -> str:
    """My center adjusted and not adjusted, and where it lies; "" without one."""
    if mine not in found.members.labels:
        return ""
    k = found.members.labels.index(mine)
    where = place_words(found.found, k)
    if isinstance(found, RatesOf):
        of = found.found
        words = f"{mine}: {share(of.observed[k], of.ns[k])} improved enough"
        if found.adjust:
            words += f", {number(of.expected[k], 1)} expected (standardised {number(100 * of.rates[k], 1)}%)"
        return f"{words}, {where}."
    mean, plain = found.found.means[k], found.plain.means[k]
    beside = f" (not adjusted {signed(plain, measure.decimals)})" if found.adjust else ""
    unit = measure.unit or "points"
    return (
        f"{mine}: {signed(mean, measure.decimals)} {unit} in {plural(found.found.ns[k], 'patient')}{beside}, {where}."
    )


def place_words(of: CenterMeans | CenterRates, k: int) -> str:
    """ "inside all limits", "above the 95% limit", "too few to judge"."""
    if not of.judged[k]:
        return "too few to judge"
    if of.outside998[k]:
        return f"{_side(of.outside998[k])} the 99.8% limit"
    return f"{_side(of.outside95[k])} the 95% limit" if of.outside95[k] else "inside all limits"


def _side(side: int) -> str:
    return "above" if side > 0 else "below"


def rank_words(found: Shrunken, labels: tuple[str, ...], mine: str) -> str:
    """The interval of a center's place, counted from the lowest; "" without one."""
    if mine not in labels:
        return ""
    k = labels.index(mine)
    return (
        f"The place of {mine} among {plural(len(labels), 'center')}, counted from the lowest, is anywhere from "
        f"{count(found.rank_low[k])} to {count(found.rank_high[k])} (95%)."
    )


def spread_words(found: Shrunken, of: CenterMeans, decimals: int, unit: str) -> str:
    """Both spreads, and why they differ."""
    return (
        f"Spread between centers {number(found.tau, decimals)} {unit} (REML, all centers); the funnel’s zone uses "
        f"{number(of.spread.tau, decimals)}, because there the outermost tenths are pulled in: centers far "
        "out do not widen the limits they are judged by."
    )
