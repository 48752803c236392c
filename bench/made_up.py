"""Made-up cohorts of any size, the same every time: the shape of the sample (three measures, seven statements, opioids,
events) without a file. For measuring only; nobody's data.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.catalog.thresholds import thresholds_for
from lib.cohort.cohort import BASELINE, Category, Cohort, Events, Number, Provenance, Statement, TimePoint, YesNo
from lib.cohort.measure import Measure

YEAR = "12m"
ETIOLOGIES = ("Postpartum", "Prior spinal fusion", "Ehlers–Danlos syndrome", "Posttraumatic", "Degenerative", "Unknown")
LEVELS = ("Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree")
STATEMENTS = {
    "complaints_reduced": "Complaints reduced",
    "complaint_free": "Completely free of complaints",
    "health_improved": "Health improved",
    "quality_of_life_improved": "Quality of life improved",
    "same_surgery_again": "Would have the same surgery again",
    "would_recommend": "Would recommend the surgery",
    "satisfied_with_results": "Satisfied with the results",
}


def _measures(fine: bool) -> tuple[Measure, ...]:
    """Pain 0–10, a 0–100 scale, and an index; `fine` measures pain to 0.0001, which has no short list of values."""
    step = Decimal("0.0001") if fine else Decimal(1)
    ten, hundred, one = Decimal(10), Decimal(100), Decimal(1)
    index = "eq5d3l_index:europe_vas"
    return (
        Measure("vas_pain", "VAS pain", "pain", "points", Decimal(0), ten, False, step, 2, "less pain", "more pain")
        if fine
        else Measure(
            "vas_pain",
            "VAS pain",
            "pain",
            "points",
            Decimal(0),
            ten,
            False,
            step,
            2,
            "less pain",
            "more pain",
            thresholds_for("pain", Decimal(0), ten),
        ),
        Measure(
            "eq_vas",
            "EQ VAS",
            "eq_vas",
            "points",
            Decimal(0),
            hundred,
            True,
            Decimal(1),
            1,
            "better health",
            "worse health",
            thresholds_for("eq_vas", Decimal(0), hundred),
        ),
        Measure(
            index,
            "EQ-5D-3L index",
            "eq5d3l_index",
            "",
            -one,
            one,
            True,
            Decimal("0.0001"),
            3,
            "better health",
            "worse health",
            thresholds_for("eq5d3l_index", -one, one),
            "europe_vas",
        ),
    )


def cohort(n: int, *, seed: int = 7, fine: bool = False, name: str = "made_up.csv", mark: str = "") -> Cohort:
    """n patients, a third without one of the questionnaires. `mark` is put into labels, to recognise whose they are."""
    rng = np.random.default_rng(seed)
    measures = _measures(fine)
    absent = rng.random(n)
    scores: dict[tuple[str, str], NDArray[np.float64]] = {}
    states = {}
    for measure in measures:
        before, after = _scores(measure, n, rng)
        before[absent < 0.2], after[absent > 0.87] = np.nan, np.nan
        if measure.value_set is None:
            scores[measure.key, BASELINE], scores[measure.key, YEAR] = before, after
    for time_point, gone in ((BASELINE, absent < 0.2), (YEAR, absent > 0.87)):
        found = rng.integers(1, 4, (n, 5)).astype(np.int8)
        found[gone] = 0
        states[time_point] = found
    answers = {}
    for key in STATEMENTS:
        chosen = rng.choice(5, n, p=[0.08, 0.12, 0.2, 0.35, 0.25]).astype(np.int8)
        chosen[absent > 0.87] = -1
        answers[key, YEAR] = chosen
    hurt = np.flatnonzero(rng.random(n) < 0.05).astype(np.int64)
    kinds = ("Nerve root injury", "Wound infection", "Implant loosening")
    return Cohort(
        n=n,
        source_rows=np.arange(2, n + 2),
        columns={
            "etiology": Category(
                "etiology",
                f"Etiology{mark}",
                tuple(e + mark for e in ETIOLOGIES),
                rng.choice(6, n, p=[0.42, 0.1, 0.14, 0.07, 0.09, 0.18]).astype(np.int32),
                "etiology",
            ),
            "center": Category(
                "center",
                f"Center{mark}",
                ("Heerlen" + mark, "Enschede" + mark),
                rng.integers(0, 2, n).astype(np.int32),
                "center",
            ),
            "sex": Category("sex", "Sex", ("Woman", "Man"), rng.choice(2, n, p=[0.85, 0.15]).astype(np.int32), "sex"),
            "age": Number("age", "Age", np.clip(np.rint(rng.normal(45, 9, n)), 18, 90), "years", role="age"),
        },
        time_points=(TimePoint(BASELINE, "Baseline", 0), TimePoint(YEAR, "12 months", 12)),
        measures={m.key: m for m in measures},
        primary=("vas_pain",),
        scores=scores,
        states=states,
        statements={key: Statement(key, label + mark, LEVELS, label + mark) for key, label in STATEMENTS.items()},
        answers=answers,
        outcomes={"opioids": YesNo("opioids", "Opioid use")},
        yesno={
            ("opioids", BASELINE): rng.choice(2, n).astype(np.int8),
            ("opioids", YEAR): rng.choice(2, n, p=[0.7, 0.3]).astype(np.int8),
        },
        events=Events(hurt, tuple(kinds[i % 3] for i in range(len(hurt))), tuple("postoperative" for _ in hurt)),
        provenance=Provenance(name, f"{seed:064x}", f"{seed:032x}{n:032x}", synthetic=False),
    )


def _scores(measure: Measure, n: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Before and after on the scale of a measure, in whole steps."""
    low, high = float(measure.low or 0), float(measure.high or 0)
    toward = (high - low) * 0.29 * measure.sign
    centre = high - 0.22 * (high - low) if measure.sign < 0 else low + 0.4 * (high - low)
    before = rng.normal(centre, 0.17 * (high - low), n)
    after = before + rng.normal(toward, 0.29 * (high - low), n)
    per_unit = float(1 / measure.resolution)
    return tuple(np.rint(np.clip(v, low, high) * per_unit) / per_unit for v in (before, after))  # type: ignore[return-value]
