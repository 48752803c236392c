"""Published thresholds and those estimated from this cohort, on one axis, each with its interval where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lib.catalog.thresholds import Threshold
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, for_plotly, number
from lib.stats.anchor import AnchorMcid, DistributionBased
from lib.stats.predictive_mic import PredictiveMic
from lib.stats.results import Estimate, Interval, NotComputed

ROW = 44


def thresholds_data(
    measure: Measure,
    anchored: AnchorMcid | NotComputed,
    spread: DistributionBased | NotComputed,
    finding: str,
    mic: PredictiveMic | NotComputed | None = None,
) -> ChartData:
    """One row per threshold: published first, then anchor-based, then distribution-based."""
    rows: list[tuple[str, float, float | None, float | None, str]] = []
    for t in measure.thresholds:
        if t.kind == "absolute":
            rows.append((t.name, float(t.value), None, None, "published"))
    if isinstance(anchored, AnchorMcid):
        if isinstance(anchored.mean_improvement, Estimate):
            rows.append(_with_interval("Mean of the just improved", anchored.mean_improvement))
        if not isinstance(anchored.cut, NotComputed):
            ci = anchored.cut.interval
            rows.append(("ROC cut (Youden)", anchored.cut.chosen.value, ci.low, ci.high, "estimated"))
    if isinstance(mic, PredictiveMic):
        rows.append(_with_interval("Predictive MIC, adjusted", mic.leading))
    if isinstance(spread, DistributionBased):
        rows.append(("Half a baseline SD", spread.half_sd, None, None, "estimated"))
        if not isinstance(spread.sem, NotComputed):
            rows.append(("Standard error of measurement", spread.sem, None, None, "estimated"))
        if not isinstance(spread.mdc95, NotComputed):
            rows.append(("Smallest detectable change (MDC95)", spread.mdc95, None, None, "estimated"))
    high = max([1e-9, *(v for _, v, _, _, _ in rows), *(h for _, _, _, h, _ in rows if h is not None)])
    low = min([0.0, *(lo for _, _, lo, _, _ in rows if lo is not None)])
    step = nice_step(high - low, 5)
    ticks = tuple(round(k * step, 10) for k in range(int(low // step), int(high // step) + 2))
    series = Series(
        "Threshold",
        "thresholds",
        tuple(v for _, v, _, _, _ in rows),
        low=tuple(lo for _, _, lo, _, _ in rows),
        high=tuple(h for _, _, _, h, _ in rows),
        labels=tuple(kind for *_, kind in rows),
    )
    axis = Axis(f"improvement, {measure.unit}" if measure.unit else "improvement", ticks[0], ticks[-1], ticks=ticks)
    n = anchored.n if isinstance(anchored, AnchorMcid) else 0
    names = tuple(name for name, *_ in rows)
    return ChartData("forest", "Thresholds side by side", finding, names, (series,), n, x=axis)


def _with_interval(name: str, found: Estimate) -> tuple[str, float, float | None, float | None, str]:
    ci = found.interval
    low, high = (ci.low, ci.high) if isinstance(ci, Interval) else (None, None)
    return name, found.value, low, high, "estimated"


def thresholds_figure(data: ChartData, medium: Medium = SCREEN, *, decimals: int = 2) -> dict[str, Any]:
    """Published: hollow squares; estimated here: filled dots with their interval. Names above the marks."""
    assert data.x is not None
    series, rows = data.series[0], len(data.categories)
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = rows - 1 - i
        value = series.values[i] or 0.0
        low, high = (series.low or ())[i], (series.high or ())[i]
        published = (series.labels or ())[i] == "published"
        words = compact(round(value, 6)) if published else number(value, decimals)
        if low is not None and high is not None:
            traces.append(
                {"type": "scatter", "mode": "lines", "x": [low, high], "y": [y - 0.2, y - 0.2], "hoverinfo": "skip"}
                | {"line": {"color": PALETTE.ink, "width": medium.mark(3)}}
            )
            words += f"  {number(low, decimals)} to {number(high, decimals)}"
        fill = PALETTE.page if published else PALETTE.ink
        mark = {"symbol": "square" if published else "circle", "size": medium.mark(10), "color": fill}
        traces.append(
            {"type": "scatter", "mode": "markers", "x": [value], "y": [y - 0.2], "hoverinfo": "skip"}
            | {"marker": mark | {"line": {"color": PALETTE.ink, "width": 2}}}
        )
        place = {"xref": "paper", "y": y + 0.22, "font": {"size": medium.axis, "color": PALETTE.ink}}
        notes.append(place | {"x": 0, "xanchor": "left", "text": for_plotly(name)})
        notes.append(place | {"x": 1, "xanchor": "right", "text": f"<b>{words}</b>"})
    layout = theme.layout(
        medium,
        height=ROW * rows + 40,
        margin=medium.margin(6, 6, 4, 34),
        xaxis={
            "range": [data.x.low, data.x.high],
            "tickvals": list(data.x.ticks),
            "ticktext": [compact(t) for t in data.x.ticks],
            "showgrid": True,
        },
        yaxis={"range": [-0.6, rows - 0.4], "visible": False},
        annotations=notes,
    )
    return {"data": traces, "layout": layout}


# The threshold slider of a measure: its ends and step, and the published values beside it.

_STEPS = 200
_COMPUTED = 2
"""Decimals that are enough for a score without published values whose own are those of a computation."""


@dataclass(frozen=True, slots=True)
class ThresholdScale:
    """A slider from `low` to `high` in steps of `step`, in units of the measure."""

    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Both ends."""
        return self.low, self.high

    @property
    def whole(self) -> bool:
        """Whether every stop is a whole number."""
        return all(v == v.to_integral_value() for v in (self.low, self.high, self.step))


def published(measure: Measure, kind: str = "absolute") -> tuple[Threshold, ...]:
    """Published thresholds of one kind ("absolute", "percent", "state"), the default first."""
    return tuple(t for t in measure.thresholds if t.kind == kind)


def percent_scale() -> ThresholdScale:
    """5% to 100% of the baseline."""
    return ThresholdScale(Decimal(5), Decimal(100), Decimal(5))


def state_scale(measure: Measure) -> ThresholdScale:
    """The whole scale of the measure, in the steps of its threshold slider. Both ends must be known."""
    step = threshold_scale(measure).step
    low = measure.low if measure.low is not None else Decimal(0)
    high = measure.high if measure.high is not None else Decimal(100)
    if measure.resolution > step:
        step = measure.resolution
    return ThresholdScale((low / step).to_integral_value() * step, (high / step).to_integral_value() * step, step)


def threshold_scale(measure: Measure) -> ThresholdScale:
    """Up to half the span of the scale; one step is the resolution, or what the published values need.

    A whole-number scale with a published 2.7 moves in tenths; an index of four decimals moves in the decimals of its
    published values, or in hundredths, because a slider of ten thousand stops cannot be set.
    """
    span = (measure.high - measure.low) if measure.high is not None and measure.low is not None else Decimal(100)
    decimals = [_decimals(t.value) for t in published(measure)]
    own = _decimals(measure.resolution)
    if span * 10**own <= _STEPS:
        decimals.append(own)
    step = Decimal(1).scaleb(-max(decimals, default=min(own, _COMPUTED)))
    half = (span / 2 / step).to_integral_value() * step
    return ThresholdScale(step, max([half, *(t.value for t in published(measure))]), step)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
