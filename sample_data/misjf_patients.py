"""The 57 operated patients around the outcome scores: who they are, what they answered, what went wrong.

Every draw comes from one seeded `random.Random`. Invented beyond the paper: the split over the two centers, which
patient has which combination of characteristics, everything about the 28 patients who were not analysed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from misjf_outcomes import (
    Pair,
    State,
    eq5d_states,
    eqvas_pairs,
    index_ten_thousandths,
    paired_p,
    sd,
    shapiro_p,
    vas_pairs,
)

Patient = dict[str, Any]

ETIOLOGIES = (
    "Postpartum",
    "Prior spinal fusion",
    "Ehlers-Danlos syndrome",
    "Posttraumatic",
    "Degenerative",
    "Unknown",
)
LEVELS = ("Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree")
# Of 29: how many answered totally disagree, disagree, neutral, agree, totally agree. The top two are the paper's.
STATEMENTS = {
    "complaints_reduced_12m": (1, 2, 3, 13, 10),
    "free_of_complaints_12m": (6, 9, 6, 6, 2),
    "health_improved_12m": (2, 4, 7, 10, 6),
    "qol_improved_12m": (2, 3, 7, 10, 7),
    "same_surgery_again_12m": (1, 1, 3, 9, 15),
    "recommend_surgery_12m": (1, 1, 2, 11, 14),
    "satisfied_12m": (1, 2, 8, 11, 7),
}
PRE = ("vas_pain_pre", "eq5d_state_pre", "eqvas_pre")
POST = ("vas_pain_12m", "eq5d_state_12m", "eqvas_12m", *STATEMENTS)
EVENT = ("adverse_event", "ae_timing", "ae_severity", "ae_serious", "ae_procedure")
NERVE_ROOT = ("Nerve root injury", "Intraoperative", "Moderate", "No", "No procedure")
INFECTION = ("Surgical wound infection", "Postoperative", "Moderate", "Yes", "Debridement")
LOOSENING = ("Implant loosening", "Postoperative", "Moderate", "Yes", "Revision planned")
HEMATOMA = ("Hematoma", "Postoperative", "Mild", "No", "No procedure")
MILD_INFECTION = ("Surgical wound infection", "Postoperative", "Mild", "No", "No procedure")


def with_moments(rng: random.Random, draws: Sequence[float], mean: float, spread: float, scale: int) -> list[float]:
    """Move draws, in steps of 1/scale, until mean and SD lie well inside what prints as `mean` (`spread`)."""
    values = [round(v * scale) for v in draws]
    short = round(mean * len(values) * scale) - sum(values)
    for k in range(abs(short)):
        values[k % len(values)] += 1 if short > 0 else -1
    target = spread * scale
    while abs(sd(values) - target) > 0.03 * scale:  # the sum stays: one up, one down, kept when the SD comes nearer
        i, j = rng.sample(range(len(values)), 2)
        far = abs(sd(values) - target)
        values[i], values[j] = values[i] + 1, values[j] - 1
        if abs(sd(values) - target) > far:
            values[i], values[j] = values[i] - 1, values[j] + 1
    return [v / scale if scale > 1 else v for v in values]


def _pick(rng: random.Random, weights: dict[int, float], count: int) -> set[int]:
    """`count` different keys, the heavier the likelier (Efraimidis & Spirakis 2006)."""
    order = sorted(weights, key=lambda i: rng.random() ** (1 / max(weights[i], 1e-9)), reverse=True)
    return set(order[:count])


# ------------------------------------------------------------------------------------------------- the 29 analysed
def _outcomes(seed: int, eq5d_seed: int) -> list[Patient]:
    """29 patients with VAS pain, EQ-5D-3L and EQ VAS, the two loosenings first."""
    vas = vas_pairs(seed)
    for cell in ((6, 3), (8, 7)):
        vas.remove(cell)
        vas.insert(0, cell)
    before, after = eq5d_states(vas, eq5d_seed)
    index = [(index_ten_thousandths(b), index_ten_thousandths(a)) for b, a in zip(before, after, strict=True)]
    rng = random.Random(seed)
    expected = []
    for (pain_before, pain_after), (x, y) in zip(vas, index, strict=True):
        low = 50 + 18 * (x - 2660) / 1290 + 4 * (7.8 - pain_before) + rng.gauss(0, 16)
        high = 61 + 11 * (y - 4990) / 2600 + 3.5 * (5.0 - pain_after) + rng.gauss(0, 10)
        expected.append((min(95.0, max(8.0, low)), min(97.0, max(8.0, high))))
    eqvas = eqvas_pairs(expected, seed)
    _check_shapes(vas, before, after, eqvas)
    return [
        {
            "vas_pain_pre": pain[0],
            "vas_pain_12m": pain[1],
            "eq5d_state_pre": "".join(map(str, b)),
            "eq5d_state_12m": "".join(map(str, a)),
            "eqvas_pre": health[0],
            "eqvas_12m": health[1],
        }
        for pain, b, a, health in zip(vas, before, after, eqvas, strict=True)
    ]


def _check_shapes(vas: list[Pair], before: list[State], after: list[State], eqvas: list[Pair]) -> None:
    changes = (
        [a - b for b, a in vas],
        [index_ten_thousandths(a) - index_ten_thousandths(b) for b, a in zip(before, after, strict=True)],
        [a - b for b, a in eqvas],
    )
    for name, d in zip(("VAS pain", "EQ-5D-3L index", "EQ VAS"), changes, strict=True):
        if shapiro_p(d) <= 0.12:  # the paired t of the paper must be what the rule chooses, here and in R
            raise RuntimeError(f"{name}: the differences look too little like a normal distribution")
    if not 0.0346 < paired_p(changes[2]) < 0.0354:
        raise RuntimeError("EQ VAS: p does not print as 0.035")


def _assign_etiology(rng: random.Random, patients: list[Patient]) -> None:
    """Better results go more often to postpartum patients, poorer ones to EDS and prior fusion, with much noise."""
    counts = dict(zip(ETIOLOGIES, (13, 3, 4, 2, 2, 5), strict=True))
    counts["Postpartum"] -= 1  # the loosenings: one postpartum, one of unknown cause
    counts["Unknown"] -= 1
    patients[0]["etiology"], patients[1]["etiology"] = "Postpartum", "Unknown"
    pull = dict(zip(ETIOLOGIES, (0.6, -0.5, -1.1, 0.2, 0.1, -0.1), strict=True))
    places = [(pull[name] + rng.gauss(0, 1.0), name) for name, count in counts.items() for _ in range(count)]
    order = sorted(patients[2:], key=_benefit)
    for patient, (_, name) in zip(order, sorted(places), strict=True):
        patient["etiology"] = name


def _benefit(p: Patient) -> float:
    """One number for how well a patient did: pain gone, pain left, index at 12 months."""
    return float(p["vas_pain_pre"] - p["vas_pain_12m"]) + 0.7 * (5 - p["vas_pain_12m"]) + 4 * index_at(p, "12m")


def index_at(p: Patient, time_point: str) -> float:
    return index_ten_thousandths([int(level) for level in p[f"eq5d_state_{time_point}"]]) / 10_000


def _yes(patients: list[Patient], column: str, chosen: set[int]) -> None:
    for i, p in enumerate(patients):
        p[column] = "Yes" if i in chosen else "No"


def assign_history(rng: random.Random, patients: list[Patient], counts: tuple[int, int, int]) -> None:
    """Prior fusion is exactly the etiology of that name; prior MISJF and staged bilateral are different patients."""
    other_side, spine, bilateral = counts
    _yes(patients, "prior_spinal_fusion", {i for i, p in enumerate(patients) if p["etiology"] == "Prior spinal fusion"})
    loose = {i for i, p in enumerate(patients) if p["adverse_event"] == "Implant loosening"}
    free = {i: 1.0 + (p["etiology"] == "Ehlers-Danlos syndrome") for i, p in enumerate(patients) if i not in loose}
    twice = loose | _pick(rng, free, bilateral - len(loose))
    _yes(patients, "staged_bilateral", twice)
    other = _pick(rng, {i: w for i, w in free.items() if i not in twice}, other_side)
    _yes(patients, "prior_misjf_other_side", other)
    operable = {i: 1.0 for i in free if patients[i]["prior_spinal_fusion"] == "No" and i not in other}
    _yes(patients, "other_spine_surgery", _pick(rng, operable, spine))


def assign_person(rng: random.Random, patients: list[Patient], men: int, asa: tuple[int, int, int]) -> None:
    not_postpartum = {i: 1.0 for i, p in enumerate(patients) if p["etiology"] not in ("Postpartum",)}
    male = _pick(rng, {i: 1 + 2 * (patients[i]["etiology"] == "Posttraumatic") for i in not_postpartum}, men)
    for i, p in enumerate(patients):
        p["sex"] = "Male" if i in male else "Female"
    centre = dict(zip(ETIOLOGIES, (42.5, 52.0, 38.0, 46.0, 59.0, 48.0), strict=True))
    ages = [max(25.0, min(68.0, rng.gauss(centre[p["etiology"]], 6.5))) for p in patients]
    bmis = [max(19.0, min(38.5, rng.gauss(27.1, 4.2))) for _ in patients]
    for p, age, bmi in zip(
        patients, _moments(rng, ages, 45.6, 8.6, 1), _moments(rng, bmis, 27.1, 4.4, 10), strict=True
    ):
        p["age"], p["bmi"] = age, bmi
    frail = sorted(
        range(len(patients)), key=lambda i: patients[i]["age"] / 9 + patients[i]["bmi"] / 5 + rng.gauss(0, 1)
    )
    for rank, i in enumerate(frail):
        patients[i]["asa"] = "I" if rank < asa[0] else "II" if rank < asa[0] + asa[1] else "III"


def _moments(rng: random.Random, draws: list[float], mean: float, spread: float, scale: int) -> list[float]:
    return (
        with_moments(rng, draws, mean, spread, scale)
        if len(draws) == 29
        else [round(v * scale) / scale if scale > 1 else round(v) for v in draws]
    )


def assign_procedure(rng: random.Random, patients: list[Patient], right: int, two: int, no_ct: int) -> None:
    on_right = {i for i, p in enumerate(patients) if p["adverse_event"] in ("Implant loosening", "Nerve root injury")}
    rest = {i: 1.0 for i in range(len(patients)) if i not in on_right}
    on_right |= _pick(rng, rest, right - len(on_right))
    fewer, without = _pick(rng, rest, two), _pick(rng, rest, no_ct)
    draws = [max(25.0, min(95.0, rng.lognormvariate(3.82, 0.30))) for _ in patients]
    minutes = _moments(rng, draws, 47.8, 14.7, 1)
    for i, p in enumerate(patients):
        p["side"] = "Right" if i in on_right else "Left"
        p["implants"] = 2 if i in fewer else 3
        p["procedure_minutes"] = round(minutes[i])
        p["ct_made"] = "No" if i in without else "Yes"
        position = "Inadequate" if p["adverse_event"] == "Nerve root injury" else "Adequate"
        p["implant_position"] = None if i in without else position
        p["reoperation"] = "Yes" if p["ae_procedure"] == "Debridement" else "No"


def assign_imaging(rng: random.Random, patients: list[Patient], counts: tuple[int, int]) -> None:
    worn = {i: 0.02 * max(p["age"] - 30, 1) + 1000 * (p["etiology"] == "Degenerative") for i, p in enumerate(patients)}
    degenerative = _pick(rng, worn, counts[0])
    fused = {
        i: 1.0 + 20 * (p["prior_spinal_fusion"] == "Yes" or p["prior_misjf_other_side"] == "Yes")
        for i, p in enumerate(patients)
        if i not in degenerative
    }
    other = _pick(rng, fused, counts[1])
    for i, p in enumerate(patients):
        p["imaging"] = "Degenerative SIJ" if i in degenerative else "Other" if i in other else "No abnormality"


def assign_opioids(rng: random.Random, patients: list[Patient], table: tuple[int, int, int]) -> None:
    both, stopped, started = table
    users = _pick(rng, {i: 1 + max(p.get("vas_pain_pre", 7) - 6, 0) for i, p in enumerate(patients)}, both + stopped)
    stop = _pick(rng, {i: 3.0 ** (_benefit(patients[i]) / 4) for i in users}, stopped)
    free = {i: 3.0 ** (-_benefit(p) / 3) for i, p in enumerate(patients) if i not in users}
    _yes(patients, "opioids_pre", users)
    _yes(patients, "opioids_12m", (users - stop) | _pick(rng, free, started))


def _assign_statements(rng: random.Random, patients: list[Patient]) -> None:
    """Each statement orders the patients by benefit plus own noise; the published counts cut that order."""
    again = "same_surgery_again_12m"
    for column, counts in STATEMENTS.items():
        score = [_benefit(p) + 0.05 * p["eqvas_12m"] + rng.gauss(0, 2.0) for p in patients]
        if column == again:  # both patients with a loose implant would have the surgery again
            score[0], score[1] = (sorted(score)[-12] - 0.01, sorted(score)[-9] - 0.01)
        answers = [level for level, count in zip(LEVELS, counts, strict=True) for _ in range(count)]
        for i, answer in zip(sorted(range(len(patients)), key=score.__getitem__), answers, strict=True):
            patients[i][column] = answer


def _assign_events(rng: random.Random, patients: list[Patient]) -> None:
    """The paper's four: the loosenings are the first two patients; the other two fall on average results."""
    middle = sorted(range(2, 29), key=lambda i: _benefit(patients[i]))[9:19]
    nerve, wound = rng.sample(middle, 2)
    for i, p in enumerate(patients):
        event = LOOSENING if i < 2 else NERVE_ROOT if i == nerve else INFECTION if i == wound else (None,) * 5
        p.update(zip(EVENT, event, strict=True))


def analysed(seed: int, eq5d_seed: int) -> list[Patient]:
    """The 29 patients of the paper, every published figure included."""
    rng = random.Random(1000 + seed)
    patients = _outcomes(seed, eq5d_seed)
    _assign_etiology(rng, patients)
    _assign_events(rng, patients)
    assign_history(rng, patients, (4, 3, 6))
    assign_person(rng, patients, 4, (5, 22, 2))
    assign_procedure(rng, patients, 16, 2, 1)
    assign_imaging(rng, patients, (7, 9))
    assign_opioids(rng, patients, (6, 7, 1))
    _assign_statements(rng, patients)
    return patients
