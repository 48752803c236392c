"""Several visitors at once, each with his own cohort: no error, nobody sees another's data. See bench/load.py."""

from __future__ import annotations

import pytest

from bench.load import run


@pytest.mark.xdist_group("browser")
def test_nobody_sees_anothers_cohort() -> None:
    result = run(sessions=4, reruns=40, patients=300)
    assert result.errors == []
    assert result.seen_of_others == 0
    assert len(result.seconds) == 40
    assert result.files >= 4 * 5
