"""Two sides of one patient: variances of time to event by patient, the influences of one patient added, then squared.

SciPy and statsmodels have no variance by cluster for Kaplan–Meier, Aalen–Johansen or the log-rank test, and
statsmodels' `PHReg` none with Efron's ties; R `survfit(cluster =)` and `coxph(cluster =)` have, and are what these
functions equal (tests/golden/registry). Sums over sorted times, no loop over patients.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lib.stats.results import Floats, Ints


def incidence_errors(t: Floats, s: Ints, cluster: Ints, steps: Floats) -> Floats:
    """Standard error of the share with the event (1) at each step, another event (2) competing; 0 is censored.

    R `survfit(Surv(time, factor(status)) ~ 1, cluster = id)`: infinitesimal jackknife. A patient's influence on the
    share F at t is B(t) while at risk and c + a·F(t) afterwards, so that sums of squares change only where a time ends.
    """
    times = np.unique(t[s > 0])
    whole = np.sort(t)
    at_risk = (whole.size - np.searchsorted(whole, times)).astype(np.float64)
    place = np.searchsorted(times, t[s > 0])
    both = np.bincount(place, minlength=times.size).astype(np.float64)
    first = np.bincount(place, weights=s[s > 0] == 1, minlength=times.size)
    left = at_risk - both
    before = np.append(1.0, np.cumprod(left / at_risk)[:-1])
    inverse = np.divide(1.0, left, out=np.zeros(times.size), where=left > 0)
    a_sum = np.cumsum(both / at_risk * inverse)
    share = np.cumsum(before * first / at_risk)
    b_sum = np.cumsum(before * first / at_risk * (np.append(0.0, a_sum[:-1]) - 1.0 / at_risk))

    def until(sums: Floats, at: Floats) -> Floats:
        found: Floats = np.append(0.0, sums)[np.searchsorted(times, at, side="right")]
        return found

    own = np.clip(np.searchsorted(times, t), 0, times.size - 1)
    a = until(a_sum, t) - np.where(s > 0, inverse[own], 0.0)
    c = until(b_sum, t) + np.where(s == 1, before[own] / at_risk[own], 0.0) - a * until(share, t)
    order = np.lexsort((t, cluster))
    code, size = (
        np.unique(cluster[order], return_inverse=True)[1],
        np.bincount(np.unique(cluster, return_inverse=True)[1]),
    )
    starts = np.cumsum(size) - size
    rank = np.arange(t.size) - starts[code]

    def running(values: Floats) -> Floats:
        total = np.cumsum(values[order])
        found: Floats = total - np.append(0.0, total)[starts][code]
        return found

    p, q, r = running(c), running(a), (size[code] - rank - 1).astype(np.float64)
    was = (p - c[order], q - a[order], r + 1.0)
    now = (p, q, r)
    sorted_times = np.argsort(t[order], kind="stable")
    upto = np.searchsorted(whole, steps, side="right")

    def squares(i: int, j: int) -> Floats:
        change = np.cumsum((now[i] * now[j] - was[i] * was[j])[sorted_times])
        start = float((size.astype(np.float64) ** 2).sum()) if i == j == 2 else 0.0
        found: Floats = start + np.append(0.0, change)[upto]
        return found

    f, b = until(share, steps), until(b_sum, steps)
    variance = squares(0, 0) + f**2 * squares(1, 1) + b**2 * squares(2, 2)
    variance = variance + 2 * f * squares(0, 1) + 2 * b * squares(0, 2) + 2 * f * b * squares(1, 2)
    return np.sqrt(np.maximum(variance, 0.0))


def cox_error(
    t: Floats, happened: npt.NDArray[np.bool_], x: npt.NDArray[np.bool_], cluster: Ints, beta: float
) -> float:
    """Standard error of a log hazard ratio (Efron); R `coxph(ties = "efron", cluster = id)`."""
    times, events = np.unique(t[happened], return_counts=True)
    second = np.bincount(np.searchsorted(times, t[happened & x]), minlength=times.size)
    hazard = float(np.exp(beta))
    whole, those = np.sort(t), np.sort(t[x])
    n, n2 = (group.size - np.searchsorted(group, times) for group in (whole, those))
    place = np.repeat(np.arange(times.size), events)
    thin = (np.arange(place.size) - (np.cumsum(events) - events)[place]) / events[place]
    upper = hazard * (n2[place] - thin * second[place])
    lower = (n - n2)[place] - thin * (events - second)[place] + upper
    mean = upper / lower

    def at(weights: Floats) -> Floats:
        return np.bincount(place, weights=weights, minlength=times.size).astype(np.float64)

    h0, h1, g0, g1 = at(1 / lower), at(mean / lower), at((1 - thin) / lower), at((1 - thin) * mean / lower)
    middle, information = at(mean) / events, float((mean * (1 - mean)).sum())
    until = np.searchsorted(times, t, side="right")
    risk = np.where(x, hazard, 1.0)
    score = -risk * (x * np.append(0.0, np.cumsum(h0))[until] - np.append(0.0, np.cumsum(h1))[until])
    own = np.searchsorted(times, t[happened])
    xe = x[happened].astype(np.float64)
    score[happened] += risk[happened] * (xe * (h0 - g0)[own] - (h1 - g1)[own]) + xe - middle[own]
    per_patient = np.bincount(np.unique(cluster, return_inverse=True)[1], weights=score)
    return float(np.sqrt((per_patient**2).sum()) / information)


def log_rank_statistic(
    t: Floats, happened: npt.NDArray[np.bool_], code: Ints, groups: int, cluster: Ints
) -> tuple[float, int]:
    """Robust χ² of the log-rank scores and its df; R `summary(coxph(ties = "breslow", cluster = id))$robscore`."""
    times, events = np.unique(t[happened], return_counts=True)
    n = (t.size - np.searchsorted(np.sort(t), times)).astype(np.float64)
    until = np.searchsorted(times, t, side="right")
    patient = np.unique(cluster, return_inverse=True)[1]
    hazard = np.append(0.0, np.cumsum(events / n))[until]
    sums = []
    for g in range(groups):
        mine = code == g
        own = np.sort(t[mine])
        share = (own.size - np.searchsorted(own, times)) / n
        score = np.append(0.0, np.cumsum(share * events / n))[until] - mine * hazard
        score[happened] += mine[happened] - share[np.searchsorted(times, t[happened])]
        sums.append(np.bincount(patient, weights=score))
    by_patient = np.column_stack(sums)
    total, spread = by_patient.sum(axis=0), by_patient.T @ by_patient
    rank = int(np.linalg.matrix_rank(spread, hermitian=True))
    return float(total @ np.linalg.pinv(spread, hermitian=True) @ total), rank
