"""The outcome scores of the 29 analysed patients: found by search, so that the published figures hold exactly.

VAS pain: an integer programme over the 121 (before, after) cells. EQ-5D-3L states and EQ VAS: simulated annealing,
with the published moments as hard limits and clinical plausibility (pain level in line with VAS pain, nobody
confined to bed, answers in tens and fives) as the soft part. Everything is seeded; scores are whole numbers
throughout (an EQ-5D index is a whole number of ten-thousandths), so no comparison depends on floats.
"""

from __future__ import annotations

import functools
import itertools
import math
import random
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import shapiro, t

N = 29
Pair = tuple[int, int]
State = tuple[int, int, int, int, int]

# Greiner W, et al. A single European currency for EQ-5D health states. Eur J Health Econ 2003;4:222-231 (VAS model), as
# tabulated in Szende, Oppe, Devlin (eds). EQ-5D value sets, Springer 2007. In ten-thousandths.
FULL_HEALTH, ANY_PROBLEM, ANY_SEVERE = 10_000, 1_279, 2_288
DECREMENTS = ((0, 659, 1829), (0, 1173, 1559), (0, 264, 860), (0, 930, 1637), (0, 891, 1290))


def index_ten_thousandths(state: Sequence[int]) -> int:
    """The European VAS index of one state (five levels, each 1 to 3), in ten-thousandths: 22222 gives 4804."""
    index = FULL_HEALTH - (ANY_PROBLEM if max(state) > 1 else 0) - (ANY_SEVERE if max(state) == 3 else 0)
    return index - sum(row[level - 1] for row, level in zip(DECREMENTS, state, strict=True))


def sd(values: Sequence[int]) -> float:
    """Standard deviation with n - 1, from exact integer sums."""
    n = len(values)
    return math.sqrt((n * sum(v * v for v in values) - sum(values) ** 2) / (n * (n - 1)))


def paired_p(differences: Sequence[int]) -> float:
    """Two-sided p of the paired t test."""
    statistic = sum(differences) / len(differences) / (sd(differences) / math.sqrt(len(differences)))
    return float(2 * t.sf(abs(statistic), len(differences) - 1))


def shapiro_p(differences: Sequence[int]) -> float:
    """p of the Shapiro-Wilk test on the differences."""
    return float(shapiro(np.asarray(differences, dtype=float)).pvalue)


# ---------------------------------------------------------------------------------------------------------- VAS pain
def vas_pairs(seed: int) -> list[Pair]:
    """29 (before, after) scores with every published figure; random whole-number costs make the optimum unique."""
    cells = [(b, a) for b in range(11) for a in range(11)]
    rows: list[tuple[Callable[[int, int], int], int]] = [
        (lambda b, a: 1, N),
        (lambda b, a: b, 227),
        (lambda b, a: a, 144),
        (lambda b, a: b * b, 1859),
        (lambda b, a: a * a, 908),
        (lambda b, a: (b - a) ** 2, 479),
        (lambda b, a: int(b - a >= 2), 20),
        (lambda b, a: int(a <= 3), 9),
    ]
    matrix = np.array([[rule(b, a) for b, a in cells] for rule, _ in rows], dtype=float)
    target = np.array([value for _, value in rows], dtype=float)
    draws = np.random.Generator(np.random.PCG64(seed)).integers(0, 1000, len(cells))
    # A low score before surgery, and pain that grew by more than 2, are rare in patients selected for fusion.
    costs = [int(draw) + 2000 * (b < 4) + 1500 * (a - b > 2) for draw, (b, a) in zip(draws, cells, strict=True)]
    lower = np.array([1.0 if cell in ((8, 7), (6, 3)) else 0.0 for cell in cells])  # the two loosenings
    result = milp(
        costs,
        constraints=LinearConstraint(matrix, target, target),
        integrality=np.ones(len(cells)),
        bounds=Bounds(lower, np.full(len(cells), 2.0)),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        raise RuntimeError(f"VAS pain: {result.message}")
    return [cell for cell, count in zip(cells, result.x, strict=True) for _ in range(round(count))]


# ---------------------------------------------------------------------------------------------------------- EQ-5D-3L
def _outside(value: float, low: float, high: float) -> float:
    return max(0.0, low - value, value - high)


def state_cost(state: State, vas: int, before: bool) -> float:
    """How unlikely a state is beside a VAS pain score (0 = nothing odd)."""
    mobility, self_care, activities, pain, mood = state
    cost = 8.0 * (mobility == 3) + 3.0 * (self_care == 3) + 1.5 * (mood == 3)
    cost += (0.3 if before and vas >= 7 else 2.0) * (activities == 3)
    by_level = (
        (0.0, 0.0, 0.5, 1.5, 4, 6, 6, 6, 6, 6, 6),
        (2.0, 1.0, 0.0, 0.0, 0, 0, 0, 0.2, 0.7, 2, 4),
        (6.0, 6.0, 6.0, 6.0, 5, 2, 0.8, 0.3, 0, 0, 0),
    )
    cost += 1.5 * by_level[pain - 1][vas]
    problems = sum(level > 1 for level in (mobility, self_care, activities))
    if vas >= 5:  # a painful joint is felt in walking and daily activities
        cost += 0.8 * (mobility == 1) + 0.8 * (activities == 1)
    if vas <= 1:
        cost += 0.5 * problems
    return cost


def _spread(total: int, squares: int) -> float:
    return math.sqrt((N * squares - total * total) / (N * (N - 1)))


def _states_hard(sums: Sequence[int]) -> float:
    """Distance from the published figures, 0 when every one of them prints as in the paper; `sums` as in `_sums`."""
    x, y, xx, yy, xy, responders, near = sums
    hard = _outside(x / N, 2655.5, 2664.5) + _outside(y / N, 4985.5, 4994.5) + _outside((y - x) / N, 2315.5, 2324.5)
    hard += _outside(_spread(x, xx), 1285.5, 1294.5) + _outside(_spread(y, yy), 2595.5, 2604.5)
    hard += _outside(_spread(y - x, xx + yy - 2 * xy), 2425.5, 2434.5)
    # Nobody within 0.001 of the threshold: 21 of 29 then holds in any software, floats or not.
    return hard + 25 * abs(responders - 21) + 10 * near


def _sums(x: int, y: int) -> tuple[int, ...]:
    """What one patient adds: index before, after, squares, product, improved by 0.074, within 0.001 of that."""
    return x, y, x * x, y * y, x * y, int(y - x >= 740), int(abs(y - x - 740) < 10)


def _pair_cost(before: State, after: State, pain: Pair) -> float:
    cost = state_cost(before, pain[0], True) + state_cost(after, pain[1], False)
    gained = index_ten_thousandths(after) - index_ten_thousandths(before) >= 740
    cost += 1.2 * ((pain[0] - pain[1] >= 2) != gained)
    if pain[0] - pain[1] >= 2:
        cost += 0.8 * sum(f > b for b, f in zip(before, after, strict=True))
    return cost


def eq5d_states(vas: Sequence[Pair], seed: int, steps: int = 300_000) -> tuple[list[State], list[State]]:
    """States before and after in the order of `vas`; raises RuntimeError when the limits were not all reached."""
    rng = random.Random(seed)
    states: list[State] = list(itertools.product((1, 2, 3), (1, 2), (1, 2, 3), (1, 2, 3), (1, 2, 3)))
    index = {state: index_ten_thousandths(state) for state in states}
    pairs: list[tuple[State, State]] = [((2, 1, 2, 3, 2), (2, 1, 2, 2, 1))] * N
    cost_of = functools.lru_cache(maxsize=None)(_pair_cost)
    costs = [cost_of(*pair, pain) for pair, pain in zip(pairs, vas, strict=True)]
    parts = [_sums(index[before], index[after]) for before, after in pairs]
    sums = [sum(column) for column in zip(*parts, strict=True)]
    hard = _states_hard(sums)
    best: tuple[float, list[tuple[State, State]]] | None = None
    for step in range(steps):
        temperature = 3.0 * (0.05 / 3.0) ** (step / steps)
        chosen = rng.sample(range(N), rng.choice((1, 1, 2)))
        old = [(i, pairs[i], costs[i], parts[i]) for i in chosen]
        old_sums = sums
        for i in chosen:
            half, state = rng.randrange(2), rng.choice(states)
            pairs[i] = (state, pairs[i][1]) if half == 0 else (pairs[i][0], state)
            before, after = pairs[i]
            costs[i], new = cost_of(before, after, vas[i]), _sums(index[before], index[after])
            sums = [total + n - o for total, n, o in zip(sums, new, parts[i], strict=True)]
            parts[i] = new
        new_hard = _states_hard(sums)
        rise = 0.06 * (new_hard - hard) + sum(costs[i] - cost for i, _, cost, _ in old)
        if rise <= 0 or rng.random() < math.exp(-rise / temperature):
            hard = new_hard
            if hard == 0 and (best is None or sum(costs) < best[0]):
                best = (sum(costs), list(pairs))
        else:
            sums = old_sums
            for i, pair, cost, part in old:
                pairs[i], costs[i], parts[i] = pair, cost, part
    if best is None:
        raise RuntimeError("EQ-5D-3L: no states with the published moments")
    return [before for before, _ in best[1]], [after for _, after in best[1]]


# ------------------------------------------------------------------------------------------------------------ EQ VAS
def _eqvas_hard(values: list[list[int]]) -> float:
    d = [b - a for a, b in zip(*values, strict=True)]
    hard = abs(sum(values[0]) - 1437) + abs(sum(values[1]) - 1775)
    hard += 20 * (_outside(sd(values[0]), 19.76, 19.84) + _outside(sd(values[1]), 21.36, 21.44))
    return hard + 20 * _outside(sd(d), 28.26, 28.34)


def _eqvas_cost(value: int, expected: float) -> float:
    """Distance from what is expected; people answer in tens, sometimes in fives, rarely in between."""
    return ((value - expected) / 12) ** 2 + (0.0 if value % 10 == 0 else 0.25 if value % 5 == 0 else 2.5)


def eqvas_pairs(expected: Sequence[tuple[float, float]], seed: int, steps: int = 60_000) -> list[Pair]:
    """EQ VAS before and after, near what the patient's states and pain let expect."""
    rng = random.Random(seed)
    values = [[max(5, min(100, 5 * round(e[half] / 5))) for e in expected] for half in range(2)]
    hard = _eqvas_hard(values)
    best: tuple[float, list[Pair]] | None = None
    for step in range(steps):
        temperature = 4.0 * (0.02 / 4.0) ** (step / steps)
        half, i = rng.randrange(2), rng.randrange(N)
        old = values[half][i]
        value = old + rng.choice((-10, -5, -2, -1, 1, 2, 5, 10))
        if not 5 <= value <= 98:
            continue
        values[half][i] = value
        new_hard = _eqvas_hard(values)
        rise = 0.5 * (new_hard - hard) + _eqvas_cost(value, expected[i][half]) - _eqvas_cost(old, expected[i][half])
        if rise <= 0 or rng.random() < math.exp(-rise / temperature):
            hard = new_hard
            if hard == 0:
                soft = sum(_eqvas_cost(v, e[h]) for h in range(2) for v, e in zip(values[h], expected, strict=True))
                if best is None or soft < best[0]:
                    best = (soft, list(zip(*values, strict=True)))
        else:
            values[half][i] = old
    if best is None:
        raise RuntimeError("EQ VAS: no scores with the published moments")
    return best[1]
