"""The profiled likelihood against the textbook one with full matrices, and no better ratio anywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.mixed import fit_mixed
from lib.stats.results import NotComputed


def _dense(y: np.ndarray, time_point: np.ndarray, patient: np.ndarray, ratio: float) -> tuple[float, float, np.ndarray]:
    """Restricted log-likelihood, error variance and standard errors from V = I + ρ·ZZ′ (Patterson & Thompson 1971)."""
    design = (time_point[:, None] == np.unique(time_point)[None, :]).astype(float)
    v = np.eye(y.size) + ratio * (patient[:, None] == patient[None, :])
    inverse = np.linalg.inv(v)
    information = design.T @ inverse @ design
    beta = np.linalg.solve(information, design.T @ inverse @ y)
    residual = y - design @ beta
    free = y.size - design.shape[1]
    variance = float(residual @ inverse @ residual) / free
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
    likelihood = -(free * (np.log(2 * np.pi * variance) + 1) + logs) / 2
    return likelihood, variance, np.sqrt(variance * np.diag(np.linalg.inv(information)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=3, max_size=3).filter(lambda v: any(v)),
        min_size=4,
        max_size=14,
    )
)
def test_no_ratio_is_better_and_the_standard_errors_are_the_textbook_ones(table: list[list[int | None]]) -> None:
    rows = [(v, o, p) for p, line in enumerate(table) for o, v in enumerate(line) if v is not None]
    values, time_point, patient = (np.array([row[i] for row in rows]) for i in range(3))
    y = values.astype(float)
    result = fit_mixed(y, time_point, patient, None, time_points=3)
    if isinstance(result, NotComputed):
        return
    ratio = result.patient_variance / result.residual_variance
    likelihood, variance, errors = _dense(y, time_point, patient, ratio)
    assert result.log_likelihood == pytest.approx(likelihood, rel=1e-8, abs=1e-8)
    assert result.residual_variance == pytest.approx(variance, rel=1e-8)
    assert [mean.standard_error for mean in result.means] == pytest.approx(errors.tolist(), rel=1e-8)
    best = max(_dense(y, time_point, patient, float(other))[0] for other in [0.0, *np.exp(np.linspace(-9, 9, 73))])
    assert result.log_likelihood >= best - 1e-8
