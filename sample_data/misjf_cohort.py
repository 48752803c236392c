"""The 28 operated patients who were not analysed, and the order of all 57.

All of this is invented: the paper says how many there were, and that the questionnaire before surgery was hardly
collected during the pandemic.
"""

from __future__ import annotations

import datetime as dt
import random

from misjf_outcomes import state_cost
from misjf_patients import (
    ETIOLOGIES,
    EVENT,
    HEMATOMA,
    LEVELS,
    MILD_INFECTION,
    POST,
    PRE,
    STATEMENTS,
    Patient,
    analysed,
    assign_history,
    assign_imaging,
    assign_opioids,
    assign_person,
    assign_procedure,
    index_at,
)


def undecided(p: Patient, time_point: str) -> bool:
    """Whether this half alone leaves the responder questions open (VAS pain 2, index 0.074, EQ VAS 7).

    In ten-thousandths the index runs from -742 (33333) to 10000.
    """
    vas, eqvas, index = p[f"vas_pain_{time_point}"], p[f"eqvas_{time_point}"], round(index_at(p, time_point) * 10_000)
    if time_point == "pre":
        return vas >= 2 and eqvas <= 93 and index <= 10_000 - 740
    return vas <= 8 and eqvas >= 7 and index >= -742 + 740


def not_analysed(seed: int, donors: list[Patient]) -> list[Patient]:
    """28 patients: 19 without the questionnaire before surgery, then 9 without the one at 12 months.

    Both halves are drawn from an analysed patient of the same etiology where there is one and then disturbed, so
    that pain, states and statements belong together; the missing half is deleted at the end.
    """
    rng = random.Random(2000 + seed)
    causes = [name for name, n in zip(ETIOLOGIES, (11, 4, 3, 3, 3, 4), strict=True) for _ in range(n)]
    rng.shuffle(causes)
    patients = []
    for i, cause in enumerate(causes):
        like = [d for d in donors if d["etiology"] == cause and undecided(d, "12m" if i < 19 else "pre")] or donors
        patients.append(_disturbed(rng, rng.choice(like), cause))
    for i, event in ((4, HEMATOMA), (22, MILD_INFECTION)):
        patients[i].update(zip(EVENT, event, strict=True))
    assign_history(rng, patients, (3, 3, 4))
    assign_person(rng, patients, 4, (5, 20, 3))
    assign_procedure(rng, patients, 15, 3, 2)
    assign_imaging(rng, patients, (6, 8))
    assign_opioids(rng, patients, (6, 5, 2))
    for i, p in enumerate(patients):
        for column in PRE if i < 19 else POST:
            p[column] = None
    return patients


def _disturbed(rng: random.Random, donor: Patient, cause: str) -> Patient:
    time_points = [o for o in ("pre", "12m") if undecided(donor, o)]
    p: Patient = {**{column: donor[column] for column in (*PRE, *POST)}, **dict.fromkeys(EVENT), "etiology": cause}
    for time_point in time_points:
        while True:
            shift = rng.choice((-1, 0, 0, 1))
            p[f"vas_pain_{time_point}"] = min(10, max(0, donor[f"vas_pain_{time_point}"] + shift))
            p[f"eqvas_{time_point}"] = min(
                95, max(10, 5 * round(donor[f"eqvas_{time_point}"] / 5) + rng.choice((-10, -5, 0, 5, 10)))
            )
            levels = [int(level) for level in donor[f"eq5d_state_{time_point}"]]
            dimension = rng.choice((0, 1, 2, 4))
            levels[dimension] = max(1, min(2, levels[dimension] + rng.choice((-1, 0, 1))))
            p[f"eq5d_state_{time_point}"] = "".join(map(str, levels))
            state = tuple(int(level) for level in p[f"eq5d_state_{time_point}"])
            odd = state_cost(state, p[f"vas_pain_{time_point}"], time_point == "pre")  # type: ignore[arg-type]
            if undecided(p, time_point) and odd < 3:
                break
    for column in STATEMENTS:
        place = LEVELS.index(donor[column]) + rng.choice((-1, 0, 0, 0, 1))
        p[column] = LEVELS[min(4, max(0, place))]
    return p


FIRST, LAST, GAP = dt.date(2019, 4, 15), dt.date(2020, 6, 19), dt.date(2020, 3, 1)


# Dutch public holidays on a weekday in that time; nobody is operated on them.
HOLIDAYS = {
    *(dt.date(2019, month, day) for month, day in ((4, 22), (5, 30), (6, 10), (12, 25), (12, 26))),
    *(dt.date(2020, month, day) for month, day in ((1, 1), (4, 13), (4, 27), (5, 5), (5, 21), (6, 1))),
}


def _weekdays(first: dt.date, last: dt.date) -> list[dt.date]:
    days = (first + dt.timedelta(days=k) for k in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in HOLIDAYS]


def cohort(seed: int, eq5d_seed: int) -> list[Patient]:
    """All 57 in order of surgery, numbered M001 to M057."""
    complete = analysed(seed, eq5d_seed)
    incomplete = not_analysed(seed, complete)
    rng = random.Random(3000 + seed)
    early = [*rng.sample(_weekdays(FIRST, GAP)[1:], 40), FIRST]
    late = [*rng.sample(_weekdays(GAP, LAST)[:-1], 15), LAST]
    # From March 2020 the questionnaire before surgery was hardly collected: 14 of the 16 operated since lack it.
    after_gap = incomplete[:14] + incomplete[19:20] + [complete[-1]]
    before_gap = incomplete[14:19] + incomplete[20:] + complete[:-1]
    patients = []
    for days, group in ((early, before_gap), (late, after_gap)):
        rng.shuffle(group)
        patients += [{**p, "surgery_date": day} for p, day in zip(group, sorted(days), strict=True)]
    for number, p in enumerate(patients, 1):
        p["patient_id"] = f"M{number:03d}"
    _assign_centers(rng, patients)
    return patients


def _assign_centers(rng: random.Random, patients: list[Patient]) -> None:
    """The paper gives no split. Ours: 31 and 26 operated, of whom 16 and 13 analysed."""
    known = [i for i, p in enumerate(patients) if p["vas_pain_pre"] is not None and p["vas_pain_12m"] is not None]
    rest = [i for i in range(len(patients)) if i not in known]
    enschede = set(rng.sample(known, 13)) | set(rng.sample(rest, 13))
    for i, p in enumerate(patients):
        p["center"] = "Enschede" if i in enschede else "Heerlen"
