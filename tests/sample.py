"""The shipped sample cohorts, read as the product reads them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from lib.cohort.cohort import Cohort
from lib.cohort.design import Design, Kind

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"


@cache
def sample(name: str = "misjf.csv") -> Cohort:
    """A cohort of sample_data/ through parse, propose and build, as an upload would go that is confirmed unchanged."""
    from lib.importing.files.worker import parse_file
    from lib.importing.proposal import propose

    return propose(parse_file((SAMPLES / name).read_bytes(), name)).build()


@cache
def headache(folder: Path, kind: Kind = Kind.RANDOMISED) -> Cohort:
    """The acupuncture trial (Vickers 2004) of the public data, its arms as the design says they were made."""
    from lib.importing.files.worker import parse_file
    from lib.importing.proposal import columns_from_json, propose

    file = folder / "acupuncture_headache" / "acupuncture.csv"
    codebook = Path(__file__).with_name("codebooks") / "headache.json"
    choice = columns_from_json(codebook.read_text("utf-8"))
    found = propose(parse_file(file.read_bytes(), file.name), choice=choice).build()
    return replace(found, design=Design("treated", kind, "group"))
