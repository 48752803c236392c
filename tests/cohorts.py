"""Cohorts made by hand for tests: every kind of content, any number of patients, and labels that bite."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from lib.catalog.thresholds import thresholds_for
from lib.cohort.cohort import BASELINE, Category, Cohort, Events, Number, Provenance, Statement, TimePoint, YesNo
from lib.cohort.measure import Measure

FOLLOW_UP = "12m"
LEVELS = ("Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree")
PAIN = Measure(
    "vas_pain",
    "VAS pain",
    "pain",
    "points",
    Decimal(0),
    Decimal(10),
    higher_is_better=False,
    resolution=Decimal(1),
    better_words="less pain",
    worse_words="more pain",
    thresholds=thresholds_for("pain", Decimal(0), Decimal(10)),
)
EQ_VAS = Measure(
    "eq_vas",
    "EQ VAS",
    "eq_vas",
    "points",
    Decimal(0),
    Decimal(100),
    higher_is_better=True,
    resolution=Decimal(1),
    decimals=1,
    better_words="better health",
    worse_words="worse health",
    thresholds=thresholds_for("eq_vas", Decimal(0), Decimal(100)),
)
ETIOLOGIES = ("Postpartum", "Trauma", "Degenerative", "Unknown")
STATEMENTS = {
    "satisfied": "I am satisfied with the results of the surgery",
    "recommend_surgery": "I would recommend the surgery to others with the same complaints",
    "free_of_complaints": "I am completely free of complaints",
}


def cohort(
    n: int = 60,
    *,
    seed: int = 1,
    etiologies: tuple[str, ...] = ETIOLOGIES,
    statements: dict[str, str] | None = None,
    measures: tuple[Measure, ...] = (PAIN, EQ_VAS),
    missing: float = 0.2,
    events: bool = True,
    synthetic: bool = True,
) -> Cohort:
    """A seeded cohort of n patients at baseline and 12 months; about `missing` of each score is blank.

    Pain is whole numbers 0–10, EQ VAS 0–100 in fives; three statements, opioids, one event for about a tenth.
    """
    rng = np.random.default_rng(seed)
    scores = {}
    for measure in measures:
        assert measure.low is not None
        assert measure.high is not None
        span = int(measure.high - measure.low)
        step = max(1, span // 20) if span > 10 else 1
        before = np.round(rng.normal(0.7 if measure.sign < 0 else 0.45, 0.16, n) * span / step) * step
        after = np.round((before / span + measure.sign * rng.normal(0.25, 0.22, n)) * span / step) * step
        for key, values in ((BASELINE, before), (FOLLOW_UP, after)):
            found = np.clip(values, 0, span) + float(measure.low)
            found[rng.random(n) < missing] = np.nan
            scores[measure.key, key] = found
    asked = STATEMENTS if statements is None else statements
    answers = {
        (key, FOLLOW_UP): np.clip(np.round(rng.normal(3.0 - 0.7 * i, 1.1, n)), 0, 4).astype(np.int8)
        for i, key in enumerate(asked)
    }
    before_yes = (rng.random(n) < 0.45).astype(np.int8)
    after_yes = np.where(rng.random(n) < 0.5, before_yes, 0).astype(np.int8)
    hurt = np.flatnonzero(rng.random(n) < 0.1)
    return Cohort(
        n=n,
        source_rows=np.arange(2, n + 2),
        columns={
            "etiology": Category(
                "etiology",
                "Etiology",
                etiologies,
                rng.integers(0, len(etiologies), n).astype(np.int32),
                role="etiology",
            ),
            "center": Category(
                "center", "Center", ("Heerlen", "Enschede"), rng.integers(0, 2, n).astype(np.int32), role="center"
            ),
            "age": Number("age", "Age", np.round(rng.normal(45, 11, n)), unit="years", role="age"),
        },
        time_points=(TimePoint(BASELINE, "Baseline", 0), TimePoint(FOLLOW_UP, "12 months", 12)),
        measures={m.key: m for m in measures},
        primary=(measures[0].key,) if measures else (),
        scores=scores,
        provenance=Provenance("cohort.csv", "d" * 64, "f" * 64, synthetic=synthetic),
        statements={key: Statement(key, label, LEVELS) for key, label in asked.items()},
        answers=answers,
        outcomes={"opioids": YesNo("opioids", "Opioid use")},
        yesno={("opioids", BASELINE): before_yes, ("opioids", FOLLOW_UP): after_yes},
        events=Events(
            patient=hurt.astype(np.int64),
            type=tuple(("Wound infection", "Implant loosening")[i % 2] for i in range(len(hurt))),
            timing=tuple("Postoperative" for _ in hurt),
        )
        if events
        else None,
    )
