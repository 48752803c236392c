"""Shapiro–Wilk's W and its p value: algorithm AS R94, as in R's shapiro.test and SciPy.

Written out here because `scipy.stats`, which holds the same, takes longer to import than everything else a first page
needs; tests compare both.
"""

from __future__ import annotations

import math

import numpy as np

from lib.stats.scores import FloatArray

# Royston (1995), AS R94, Applied Statistics 44, 547–551: ascending powers.
_C1 = (0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056)
_C2 = (0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)
_C3 = (0.544, -0.39978, 0.025054, -6.714e-4)
_C4 = (1.3822, -0.77857, 0.062767, -0.0020322)
_C5 = (-1.5861, -0.31082, -0.083751, 0.0038915)
_C6 = (-0.4803, -0.082676, 0.0030302)
_G = (-2.273, 0.459)


def swilk(ordered: FloatArray) -> tuple[float, float]:
    """W and p of 3 to 5,000 values in ascending order, not all equal; R `shapiro.test(x)`."""
    weights = _weights(len(ordered))
    centred = ordered - ordered.mean()
    whole = np.concatenate([-weights, np.zeros(len(ordered) % 2), weights[::-1]])
    ssa, ssx, sax = float(whole @ whole), float(centred @ centred), float(whole @ centred)
    root = math.sqrt(ssa * ssx)
    missing = (root - sax) * (root + sax) / (ssa * ssx)  # 1 − W, exact where W is near 1
    return 1 - missing, _p(missing, len(ordered))


def _weights(n: int) -> FloatArray:
    """The weights of the largest n//2 values, largest first; those of the smallest are their negatives."""
    from scipy.special import ndtri

    if n == 3:
        return np.array([math.sqrt(0.5)])
    half = n // 2
    m: FloatArray = ndtri((np.arange(1, half + 1) - 0.375) / (n + 0.25))
    total = 2 * float(m @ m)
    rsn = 1 / math.sqrt(n)
    first = _poly(_C1, rsn) - m[0] / math.sqrt(total)
    if n <= 5:
        factor = math.sqrt((total - 2 * m[0] ** 2) / (1 - 2 * first**2))
        return np.concatenate([[first], -m[1:] / factor])
    second = _poly(_C2, rsn) - m[1] / math.sqrt(total)
    factor = math.sqrt((total - 2 * m[0] ** 2 - 2 * m[1] ** 2) / (1 - 2 * first**2 - 2 * second**2))
    return np.concatenate([[first, second], -m[2:] / factor])


def _p(missing: float, n: int) -> float:
    from scipy.special import ndtr

    if n == 3:
        return max(0.0, 6 / math.pi * (math.asin(math.sqrt(1 - missing)) - math.pi / 3))
    if missing <= 0:
        return 1.0
    y = math.log(missing)
    if n <= 11:
        gamma = _poly(_G, n)
        if y >= gamma:
            return 1e-99  # as R: an obvious value where the transformation ends
        z = (-math.log(gamma - y) - _poly(_C3, n)) / math.exp(_poly(_C4, n))
    else:
        x = math.log(n)
        z = (y - _poly(_C5, x)) / math.exp(_poly(_C6, x))
    return float(ndtr(-z))


def _poly(coefficients: tuple[float, ...], x: float) -> float:
    """Σ cₖ·xᵏ."""
    value = 0.0
    for coefficient in reversed(coefficients):
        value = value * x + coefficient
    return value
