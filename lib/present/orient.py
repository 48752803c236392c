"""From change (follow-up − baseline) to improvement (positive is better): the one place where signs are turned."""

from __future__ import annotations

from dataclasses import replace

from lib.stats.results import Estimate, Interval, NotComputed, Test

_SIGNED = {"t", "z"}


def improvement(estimate: Estimate, sign: int) -> Estimate:
    """An estimate of change as an estimate of improvement; `sign` is the measure's (+1 higher is better)."""
    if sign > 0:
        return estimate
    return Estimate(estimate.name, -estimate.value, _turned(estimate.interval))


def improvement_test(test: Test, sign: int) -> Test:
    """A test of change as a test of improvement: t and z change their sign, p does not."""
    if sign > 0 or test.statistic_name not in _SIGNED:
        return test
    return replace(test, statistic=-test.statistic)


def _turned(interval: Interval | NotComputed) -> Interval | NotComputed:
    if isinstance(interval, NotComputed):
        return interval
    return replace(interval, low=-interval.high, high=-interval.low)
