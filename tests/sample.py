"""The shipped sample cohorts, read as the product reads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lib.cohort.cohort import Cohort

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"


@cache
def sample(name: str = "misjf.csv") -> Cohort:
    """A cohort of sample_data/ through parse, propose and build, as an upload would go that is confirmed unchanged."""
    from lib.importing.files.worker import parse_file
    from lib.importing.proposal import propose

    return propose(parse_file((SAMPLES / name).read_bytes(), name)).build()
