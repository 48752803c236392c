"""Small pictures in the cells of a table of centers: where a center lies between its limits, and how it went over time.

Every row of a column is drawn on one scale. SVG texts, to be shown as pictures: a page's HTML holds no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.analysis.groups.centers import MeansOf, RatesOf
from lib.analysis.trends import CenterTrends
from lib.cohort.measure import Measure
from lib.present.theme import PALETTE
from lib.present.wording import count, number, signed
from lib.stats.centers import Z95, Z998
from lib.stats.funnel import FunnelLimits, limits

STRIP = (132, 22)
TREND = (168, 30)
_EDGE = 5.0
_BOX_95, _BOX_998 = "#D3DBDE", "#EDF1F2"


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing and what it says."""

    svg: str
    words: str


def strips(found: MeansOf | RatesOf, shown: tuple[int, ...], mine: str) -> tuple[Picture, ...]:
    """Per center: grey box of 95%, paler one of 99.8%, ink line of the average, the dot as in the funnel."""
    of = found.found
    middle = found.found.average if isinstance(found, MeansOf) else found.found.pooled
    values = found.found.means if isinstance(found, MeansOf) else found.found.rates
    judged = [v for v, ok in zip(values, of.judged, strict=True) if ok] or list(values)
    reach = max((abs(v - middle) for v in judged), default=0.0) * 1.15 or 1.0
    return tuple(
        _strip(
            [_position(e, middle, reach) for e in _limits(found, k)],
            _position(values[k], middle, reach),
            _dot(found, k, mine),
            hollow=not of.judged[k],
        )
        for k in shown
    )


def _limits(found: MeansOf | RatesOf, k: int) -> tuple[float, float, float, float]:
    """Lower 99.8%, lower 95%, upper 95%, upper 99.8% at this center's number of patients."""
    n = found.found.ns[k]
    if isinstance(found, MeansOf):
        m, error = found.found.average, found.found.sd / n**0.5
        return m - Z998 * error, m - Z95 * error, m + Z95 * error, m + Z998 * error
    ends = [limits(found.found.pooled, [n], level) for level in (0.95, 0.998)]
    low, high = zip(
        *(
            (0.0 if e.low[0] is None else e.low[0], 1.0 if e.high[0] is None else e.high[0])
            for e in ends
            if isinstance(e, FunnelLimits)
        ),
        strict=True,
    )
    return low[1], low[0], high[0], high[1]


def _position(value: float, middle: float, reach: float) -> float:
    width = STRIP[0] - 2 * _EDGE
    return min(max(_EDGE + width * (0.5 + (value - middle) / (2 * reach)), 0.0), float(STRIP[0]))


def _dot(found: MeansOf | RatesOf, k: int, mine: str) -> str:
    if found.members.labels[k] == mine:
        return PALETTE.follow_up
    of = found.found
    return PALETTE.ink if of.outside998[k] else PALETTE.muted if of.outside95[k] else PALETTE.baseline


def _strip(ends: list[float], dot: float, color: str, *, hollow: bool) -> Picture:
    wide, tall = STRIP
    a, b, c, d = ends
    x = min(max(dot, _EDGE), wide - _EDGE)
    fill, line = (PALETTE.page, PALETTE.baseline) if hollow else (color, PALETTE.page)
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}">'
        f'<rect x="{a:.1f}" y="7" width="{d - a:.1f}" height="8" fill="{_BOX_998}"/>'
        f'<rect x="{b:.1f}" y="7" width="{c - b:.1f}" height="8" fill="{_BOX_95}"/>'
        f'<rect x="{wide / 2 - 0.65:.1f}" y="2" width="1.3" height="18" fill="{PALETTE.ink}"/>'
        f'<circle cx="{x:.1f}" cy="11" r="4.5" fill="{fill}" stroke="{line}"/></svg>',
        "position between the limits",
    )


def trend_cells(found: CenterTrends, shown: tuple[int, ...], mine: str, measure: Measure) -> tuple[Picture | str, ...]:
    """Per center the mean of each period, the dotted average of all, the last period as a dot; words where there are
    none. A gap is a period with fewer than 5 pairs.
    """
    low, high = trend_scale(found)

    def at(period: int, value: float) -> tuple[float, float]:
        wide = TREND[0] - 2 * _EDGE
        x = _EDGE + wide * (period + 0.5) / len(found.periods)
        return x, TREND[1] - 4 - (TREND[1] - 8) * (value - low) / (high - low)

    cells: list[Picture | str] = []
    for k in shown:
        known = [(p, v) for p, v in enumerate(found.means[k]) if v is not None]
        if not known:
            cells.append(f"under {count(found.fewest)} pairs a {found.unit}")
            continue
        color = PALETTE.follow_up if found.labels[k] == mine else PALETTE.muted
        middle = at(0, found.average)[1]
        runs, last = "", -2
        for p, v in known:
            x, y = at(p, v)
            runs += f"{'L' if p == last + 1 else 'M'}{x:.1f} {y:.1f}"
            last = p
        x, y = at(*known[-1])
        words = f"{found.periods[known[0][0]]} {signed(known[0][1], measure.decimals)}"
        if len(known) > 1:
            words += f", {found.periods[known[-1][0]]} {signed(known[-1][1], measure.decimals)}"
        cells.append(
            Picture(
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{TREND[0]}" height="{TREND[1]}">'
                f'<path d="M{_EDGE} {middle:.1f}H{TREND[0] - _EDGE}" stroke="#9AA8AE" stroke-dasharray="1.5 2.5"/>'
                f'<path d="{runs}" fill="none" stroke="{color}" stroke-width="1.8" stroke-linejoin="round"/>'
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/></svg>',
                words,
            )
        )
    return tuple(cells)


def trend_scale(found: CenterTrends) -> tuple[float, float]:
    """Ends of the one scale of all rows."""
    shown = [v for row in found.means for v in row if v is not None] + [found.average]
    low, high = min(shown), max(shown)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def trend_note(found: CenterTrends, measure: Measure) -> str:
    """What the pictures of the trend show."""
    low, high = trend_scale(found)
    d, unit = measure.decimals, measure.unit or "points"
    return (
        f"Trend: not adjusted mean of each {found.unit} of treatment with at least {count(found.fewest)} pairs, every "
        f"row on the same scale ({number(low, d)} to {number(high, d)} {unit}); dotted: all centers, "
        f"{number(found.average, d)}; a gap is a {found.unit} with fewer."
    )
