"""Make the synthetic registry: `python sample_data/make_registry.py [--out FOLDER]`.

2,000 invented patients after sacroiliac joint fusion in 12 invented centers, before surgery and 3, 12 and 24 months
after it. No real patient, center or result is in it. Same seed, same file. What each column is: registry.md.

Dates of revision, death and last contact come from a second generator with a seed of its own: what the first one drew
stays as it was.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20250930
DATES_SEED = 20261130
FIRST_SURGERY, LAST_SURGERY, EXTRACTION = dt.date(2021, 1, 4), dt.date(2025, 8, 29), dt.date(2025, 9, 30)
FOLLOW_UPS = (3, 12, 24)
Row = dict[str, Any]

# name: patients, first year, shift of age in years, of baseline severity and of result in SD, share lost on top of
# the usual, in percent. The results differ little between centers, the patients more.
CENTERS: dict[str, tuple[int, int, float, float, float, float]] = {
    "Alderwick": (430, 2021, 0.0, 0.00, 0.05, 0),
    "Brookmere": (340, 2021, 1.5, 0.10, 0.00, 3),
    "Castleford Bay": (280, 2021, -2.0, -0.10, 0.10, -5),
    "Dunmoor": (220, 2021, 3.0, 0.25, -0.15, 2),
    "Eastvale": (180, 2022, -1.0, 0.00, 0.00, 0),
    "Fernhill": (150, 2021, 0.0, -0.20, 0.15, -8),
    "Glenrock": (120, 2022, 4.0, 0.30, -0.05, 8),
    "Harrowgate": (95, 2021, -3.0, 0.00, -0.40, 0),
    "Ironbridge": (80, 2023, 0.0, 0.15, 0.05, 12),
    "Juniper Hill": (60, 2023, -4.0, -0.30, 0.10, -5),
    "Kingsmere": (30, 2024, 2.0, 0.20, 0.00, 5),
    "Larkfield": (15, 2024, 0.0, 0.00, 0.20, 0),
}
# name: share, mean age, share of women, effect on the result in SD
ETIOLOGIES: dict[str, tuple[float, float, float, float]] = {
    "Postpartum": (0.33, 40.0, 1.00, 0.25),
    "Prior spinal fusion": (0.19, 57.0, 0.62, -0.25),
    "Ehlers-Danlos syndrome": (0.07, 35.0, 0.90, -0.45),
    "Posttraumatic": (0.11, 46.0, 0.55, 0.05),
    "Degenerative": (0.18, 60.0, 0.66, 0.10),
    "Unknown": (0.12, 49.0, 0.70, -0.10),
}
SATISFACTION = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")
GLOBAL_CHANGE = (
    "Very much worse",
    "Much worse",
    "Slightly worse",
    "Unchanged",
    "Slightly improved",
    "Much improved",
    "Completely recovered",
)
# type: weight, timing, severities and procedures to draw from; serious follows from these two
EVENTS: dict[str, tuple[float, str, tuple[str, ...], tuple[str, ...]]] = {
    "Surgical wound infection": (
        0.24,
        "Postoperative",
        ("Mild", "Moderate", "Severe"),
        ("No procedure", "Debridement"),
    ),
    "Hematoma": (0.18, "Postoperative", ("Mild", "Mild", "Moderate"), ("No procedure", "No procedure", "Evacuation")),
    "Implant loosening": (
        0.26,
        "Postoperative",
        ("Moderate", "Severe"),
        ("No procedure", "Revision", "Revision planned"),
    ),
    "Nerve root injury": (0.14, "Intraoperative", ("Moderate", "Severe"), ("No procedure", "No procedure", "Revision")),
    "Implant malposition": (0.10, "Intraoperative", ("Mild", "Moderate"), ("No procedure", "Revision")),
    "Venous thromboembolism": (0.05, "Postoperative", ("Moderate", "Severe"), ("No procedure",)),
    "Sacral fracture": (0.03, "Intraoperative", ("Severe",), ("No procedure", "Revision")),
}
# The latent state of health at which a dimension passes from level 1 to 2 and from 2 to 3 (mobility has no easy 3).
CUTS = ((-0.9, 3.6), (0.35, 2.6), (-1.2, 1.5), (-2.1, 0.95), (0.2, 1.9))


def columns() -> list[str]:
    """The headings, one row per patient."""
    names = ["patient_id", "center", "surgery_date", "extraction_date", "age", "sex", "bmi", "asa", "smoker"]
    names += ["etiology", "side"]
    for when in ("pre", *(f"{months}m" for months in FOLLOW_UPS)):
        names += [f"{m}_{when}" for m in ("vas_back", "vas_leg", "odi", "eq5d_state", "eqvas", "opioids")]
        if when != "pre":
            names += [f"satisfaction_{when}", f"global_change_{when}"]
    return [*names, "adverse_event", "ae_timing", "ae_severity", "ae_serious", "ae_procedure", "reoperation"]


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


class Maker:
    """The random generator and the drawing rules that use it."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.Generator(np.random.PCG64(seed))

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        return float(self.rng.normal(mean, sd))

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def pick(self, options: Sequence[str], weights: Sequence[float] | None = None) -> str:
        p = None if weights is None else np.asarray(weights) / sum(weights)
        return str(options[int(self.rng.choice(len(options), p=p))])

    def surgery_date(self, first_year: int) -> dt.date:
        first = max(FIRST_SURGERY, dt.date(first_year, 2, 1))
        while True:
            day = first + dt.timedelta(days=int(self.rng.integers(0, (LAST_SURGERY - first).days + 1)))
            if day.weekday() < 5:
                return day

    # ----------------------------------------------------------------------------------------------- one patient
    def patient(self, center: str) -> Row:
        _, first_year, older, sicker, better, lost = CENTERS[center]
        cause = self.pick(list(ETIOLOGIES), [share for share, *_ in ETIOLOGIES.values()])
        _, age_mean, women, effect = ETIOLOGIES[cause]
        p: Row = dict.fromkeys(columns())
        p.update(center=center, surgery_date=self.surgery_date(first_year), extraction_date=EXTRACTION, etiology=cause)
        p["age"] = round(min(84, max(20, self.normal(age_mean + older, 8.5))))
        p["sex"] = "Female" if self.chance(women) else "Male"
        p["bmi"] = round(min(45.0, max(17.5, 27.2 + 4.6 * self._skewed())), 1)
        frailty = (p["age"] - 47) / 15 + (p["bmi"] - 27) / 6 + self.normal()
        p["asa"] = "I" if frailty < -0.9 else "II" if frailty < 1.6 else "III" if frailty < 4.6 else "IV"
        p["smoker"] = "Yes" if self.chance(0.20 + 0.04 * sicker) else "No"
        p["side"] = "Right" if self.chance(0.54) else "Left"
        severity = sicker + 0.15 * (p["smoker"] == "Yes") + self.normal()
        result = better + effect - 0.25 * (p["smoker"] == "Yes") - 0.12 * (p["asa"] in ("III", "IV")) + self.normal()
        result -= self._event(p)
        self._baseline(p, severity)
        self._follow_ups(p, severity, result)
        self._gaps(p, lost)
        return p

    def _skewed(self) -> float:
        return (math.exp(0.35 * self.normal()) - 1.06) / 0.39

    def _event(self, p: Row) -> float:
        """Fill the event columns of about 8%; returns how much worse the result becomes, in SD."""
        p["reoperation"] = "Yes" if self.chance(0.012) else "No"
        if not self.chance(0.08 + 0.02 * (p["smoker"] == "Yes")):
            return 0.5 * (p["reoperation"] == "Yes")
        kind = self.pick(list(EVENTS), [weight for weight, *_ in EVENTS.values()])
        _, timing, severities, procedures = EVENTS[kind]
        p.update(adverse_event=kind, ae_timing=timing, ae_severity=self.pick(severities))
        p["ae_procedure"] = self.pick(procedures)
        serious = p["ae_severity"] == "Severe" or p["ae_procedure"] != "No procedure"
        p["ae_serious"] = "Yes" if serious else "No"
        if p["ae_procedure"] in ("Debridement", "Evacuation", "Revision"):
            p["reoperation"] = "Yes"
        return 0.9 if kind == "Implant loosening" else 0.5 if serious else 0.1

    def _baseline(self, p: Row, severity: float) -> None:
        p["vas_back_pre"] = self._mm(76 + 8 * severity + self.normal(0, 9))
        p["vas_leg_pre"] = self._mm(44 + 9 * severity + self.normal(0, 24))
        p["odi_pre"] = self._odi(49 + 8 * severity + self.normal(0, 8), 12)
        p["eq5d_state_pre"] = self._state(0.75 + 0.45 * severity)
        p["eqvas_pre"] = self._eqvas(49 - 8 * severity + self.normal(0, 13))
        p["opioids_pre"] = "Yes" if self.chance(0.40 + 0.10 * severity) else "No"

    def _follow_ups(self, p: Row, severity: float, result: float) -> None:
        """Each occasion: a share of the patient's final gain, with noise of its own."""
        opioids = p["opioids_pre"] == "Yes"
        for months, share in zip(FOLLOW_UPS, (0.78, 1.0, 0.96), strict=True):
            gain = share * (1.0 + 0.75 * result) + self.normal(0, 0.30)
            back = self._mm(p["vas_back_pre"] - 34 * gain + self.normal(0, 9))
            leg = self._mm(p["vas_leg_pre"] * (1 - 0.38 * gain) + self.normal(0, 10))
            odi = self._odi(p["odi_pre"] - 19 * gain + self.normal(0, 6), 0)
            felt = 0.5 * (p["vas_back_pre"] - back) / 25 + 0.5 * (p["odi_pre"] - odi) / 15 + self.normal(0, 0.55)
            left = (50 - back) / 25 + 0.6 * felt + self.normal(0, 0.5)
            opioids = self.chance(0.85 if back > 45 else 0.60) if opioids else self.chance(0.08 if back > 60 else 0.02)
            values = {
                "vas_back": back,
                "vas_leg": leg,
                "odi": odi,
                "eq5d_state": self._state(0.75 + 0.45 * severity - 1.05 * gain),
                "eqvas": self._eqvas(p["eqvas_pre"] * 0.55 + 23 + 13 * gain + self.normal(0, 10)),
                "opioids": "Yes" if opioids else "No",
                "satisfaction": SATISFACTION[int(np.searchsorted((-1.6, -0.6, 0.35, 2.3), left))],
                "global_change": GLOBAL_CHANGE[int(np.searchsorted((-1.4, -0.8, -0.3, 0.35, 1.05, 2.5), felt))],
            }
            p.update({f"{name}_{months}m": value for name, value in values.items()})

    def _mm(self, value: float) -> int:
        """0 to 100 mm; people like tens on paper too."""
        near = round(min(100.0, max(0.0, value)))
        return min(100, max(0, 10 * round(near / 10))) if self.chance(0.3) else near

    def _odi(self, value: float, floor: int) -> int:
        """Ten items of 0 to 5: even percents; odd ones where an item was left out."""
        value = min(100.0, max(float(floor), value))
        return round(value) if self.chance(0.05) else 2 * round(value / 2)

    def _eqvas(self, value: float) -> int:
        value = min(100.0, max(2.0, value))
        return 5 * round(value / 5) if self.chance(0.8) else round(value)

    def _state(self, burden: float) -> str:
        levels = (burden + self.normal(0, 0.75) for _ in CUTS)
        return "".join(str(1 + (v > low) + (v > high)) for v, (low, high) in zip(levels, CUTS, strict=True))

    # -------------------------------------------------------------------------------------------- what is missing
    def _gaps(self, p: Row, lost: float) -> None:
        """Not yet due: blank. Else missing at random given what the file shows: center, age, smoking, last ODI seen."""
        young, smoker = max(0.0, (45 - p["age"]) / 10), p["smoker"] == "Yes"
        if self.chance(0.05 + lost / 150 * (lost > 0)):
            self._blank(p, "pre")
        last_odi = p["odi_pre"] if p["odi_pre"] is not None else 45
        gone = 0.0
        for months, usual in zip(FOLLOW_UPS, (-1.75, -1.35, -0.85), strict=True):
            logit = usual + lost / 15 + 0.25 * young + 0.35 * smoker + 0.015 * (last_odi - 40) + gone
            if add_months(p["surgery_date"], months) > EXTRACTION or self.chance(1 / (1 + math.exp(-logit))):
                gone = 1.1  # who skipped one questionnaire skips the next more easily
                self._blank(p, f"{months}m")
            else:
                gone, last_odi = 0.0, p[f"odi_{months}m"]
                for name in ("vas_leg", "eq5d_state", "eqvas", "satisfaction", "global_change", "opioids"):
                    if self.chance(0.015):
                        p[f"{name}_{months}m"] = None
        for name, share in (("bmi", 0.04), ("smoker", 0.06), ("asa", 0.01), ("etiology", 0.02)):
            if self.chance(share):
                p[name] = None

    def _blank(self, p: Row, when: str) -> None:
        for name in p:
            if name.endswith(f"_{when}"):
                p[name] = None


def registry(seed: int) -> list[Row]:
    """All patients in order of surgery."""
    maker = Maker(seed)
    rows = [maker.patient(center) for center, (size, *_) in CENTERS.items() for _ in range(size)]
    rows.sort(key=lambda p: p["surgery_date"])
    for number, p in enumerate(rows, 1):
        p["patient_id"] = f"R{number:04d}"
    return rows


DATES = ("revision_date", "death_date", "last_contact_date")


def add_dates(rows: list[Row], seed: int) -> None:
    """Revision (of those who had one), death by age, last contact; nothing after extraction or before what is known."""
    rng = np.random.Generator(np.random.PCG64(seed))
    for p in rows:
        followed = (EXTRACTION - p["surgery_date"]).days
        answered = max((m for m in FOLLOW_UPS if p[f"odi_{m}m"] is not None), default=0)
        seen = min((add_months(p["surgery_date"], answered) - p["surgery_date"]).days, followed)
        # a tenth is lost early, the others were heard of in the last half year
        lost = rng.random() < 0.10
        contact = (
            int(rng.uniform(seen, followed)) if lost else followed - int(rng.uniform(0, min(180, followed - seen)))
        )
        hazard = 0.008 * math.exp(0.085 * (p["age"] - 50)) * (2.0 if p["asa"] in ("III", "IV") else 1.0)
        death = seen + 1 + int(365.25 * rng.exponential(1 / hazard))
        revised = p["ae_procedure"] == "Revision" or (
            p["reoperation"] == "Yes" and p["ae_procedure"] not in ("Debridement", "Evacuation")
        )
        revision = 14 + int(rng.weibull(0.8) * 500)
        end = min(contact, death) if death <= followed else contact
        if death <= followed:
            p["death_date"] = p["surgery_date"] + dt.timedelta(days=death)
        if revised:
            day = revision if revision < end else max(1, int(end * rng.random()))
            p["revision_date"] = p["surgery_date"] + dt.timedelta(days=min(day, max(end, 1)))
        p["last_contact_date"] = p["surgery_date"] + dt.timedelta(days=max(end, 0))


def check(rows: list[Row]) -> None:
    """What the file promises in registry.md."""
    assert len(rows) == 2000
    assert len({p["patient_id"] for p in rows}) == 2000
    assert all(FIRST_SURGERY <= p["surgery_date"] <= LAST_SURGERY for p in rows)
    for p in rows:
        for months in FOLLOW_UPS:
            due = add_months(p["surgery_date"], months) <= EXTRACTION
            assert due or all(p[name] is None for name in p if name.endswith(f"_{months}m"))
        for name, value in p.items():
            if value is not None and name.startswith(("vas_", "odi_", "eqvas_")):
                assert 0 <= value <= 100
        for name in DATES:
            assert p[name] is None or p["surgery_date"] <= p[name] <= EXTRACTION
        assert p["death_date"] is None or p["last_contact_date"] <= p["death_date"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder for registry.csv")
    options = parser.parse_args()
    rows = registry(SEED)
    for p in rows:
        p.update(dict.fromkeys(DATES))
    add_dates(rows, DATES_SEED)
    check(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [*columns(), *DATES]
    writer.writerow(names)
    writer.writerows([["" if p[name] is None else p[name] for name in names] for p in rows])
    (options.out / "registry.csv").write_bytes(out.getvalue().encode("utf-8"))


if __name__ == "__main__":
    main()
