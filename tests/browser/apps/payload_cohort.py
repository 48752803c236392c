"""A cohort whose every text is a payload, for tests/browser/test_payloads.py."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from lib.cohort.cohort import Cohort, Statement, YesNo
from tests.cohorts import EQ_VAS, LEVELS, PAIN
from tests.cohorts import cohort as made


def payload_cohort(which: int) -> Cohort:
    """40 patients; group `which` of the payloads as every name that a file can bring."""
    texts = json.loads(Path(os.environ["COHORTLENS_PAYLOADS"]).read_text("utf-8"))[which]
    filled = (texts * 6)[:6]
    measures = (replace(PAIN, label=filled[0], unit=filled[1]), replace(EQ_VAS, label=filled[2]))
    base = made(40, etiologies=tuple(dict.fromkeys(filled)), measures=measures, synthetic=False)
    columns = {
        key: replace(column, label=filled[3 + i]) for i, (key, column) in enumerate(base.columns.items()) if i < 3
    }
    statements = {
        key: Statement(key, text, (filled[4], *LEVELS[1:]), text)
        for key, text in zip(base.statements, filled, strict=False)
    }
    time_points = (base.time_points[0], replace(base.time_points[1], label=filled[5]))
    assert base.events is not None
    events = replace(base.events, type=tuple(filled[i % 6] for i in range(len(base.events.type))))
    origin = replace(base.provenance, file_name=filled[0] + ".csv")
    return replace(
        base,
        columns=columns,
        statements=statements,
        time_points=time_points,
        events=events,
        provenance=origin,
        outcomes={"opioids": YesNo("opioids", filled[2])},
    )
