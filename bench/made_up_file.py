"""Made-up cohort files of any size, the same every time, with what real ones have: numbers of the patient, dates,
blanks, comorbidity in words, five columns of EQ-5D levels twice, statements in words. For measuring only.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

AGREEMENT = ("Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree")
STATEMENTS = (
    "complaints_reduced", "free_of_complaints", "health_improved", "qol_improved", "same_surgery_again",
    "recommend_surgery", "satisfied",
)  # fmt: skip
ETIOLOGIES = ("Postpartum", "Prior spinal fusion", "Ehlers-Danlos syndrome", "Posttraumatic", "Degenerative", "Unknown")
DIMENSIONS = ("mobility", "selfcare", "activities", "pain", "anxiety")
COLUMNS = 40


def table(n: int, seed: int = 40) -> pd.DataFrame:
    """n patients in 40 columns that leave nothing to ask; one in seven answered no questionnaire at 12 months."""
    rng = np.random.default_rng(seed)
    gone = rng.random(n) < 0.14
    operated = np.datetime64("2014-01-01") + rng.integers(0, 3650, n).astype("timedelta64[D]")
    answered = (operated + rng.integers(340, 400, n).astype("timedelta64[D]")).astype(str)
    frame: dict[str, object] = {
        "patient_id": [f"P{i:06d}" for i in range(1, n + 1)],
        "center": rng.choice(["Heerlen", "Enschede", "Gent", "Oslo"], n),
        "surgery_date": operated.astype(str),
        "follow_up_date_12m": np.where(gone, "", answered),
        "age": np.clip(np.rint(rng.normal(46, 11, n)), 18, 92).astype(int),
        "sex": rng.choice(["Female", "Male"], n, p=[0.8, 0.2]),
        "bmi": np.round(np.clip(rng.normal(26.5, 4.5, n), 15, 60), 1),
        "asa": rng.choice(["I", "II", "III"], n, p=[0.4, 0.5, 0.1]),
        "etiology": rng.choice(ETIOLOGIES, n),
        "side": rng.choice(["Left", "Right"], n),
        "smoker": rng.choice(["Yes", "No", ""], n, p=[0.2, 0.7, 0.1]),
        "implants": rng.integers(2, 5, n),
        "procedure_minutes": np.clip(np.rint(rng.normal(52, 14, n)), 20, 240).astype(int),
        "opioids_pre": rng.choice(["Yes", "No"], n),
        "opioids_12m": _blank(rng.choice(["Yes", "No"], n, p=[0.3, 0.7]), gone),
        "vas_pain_pre": _numbers(rng.normal(7.6, 1.6, n), 0, 10),
        "vas_pain_3m": _numbers(rng.normal(5.4, 2.3, n), 0, 10),
        "vas_pain_12m": _blank(_numbers(rng.normal(4.8, 2.6, n), 0, 10), gone),
        "odi_pre": _numbers(rng.normal(48, 14, n), 0, 100),
        "odi_12m": _blank(_numbers(rng.normal(33, 18, n), 0, 100), gone),
        "eqvas_pre": _numbers(rng.normal(52, 18, n), 0, 100),
        "eqvas_12m": _blank(_numbers(rng.normal(66, 19, n), 0, 100), gone),
    }
    for time, worse in (("pre", 0.5), ("12m", 0.2)):
        for dimension in DIMENSIONS:
            levels = rng.choice(["1", "2", "3"], n, p=[0.5 - worse / 2, 0.4, 0.1 + worse / 2])
            frame[f"eq5d3l_{dimension}_{time}"] = _blank(levels, gone & (time == "12m"))
    for statement in STATEMENTS:
        frame[f"{statement}_12m"] = _blank(rng.choice(AGREEMENT, n, p=[0.08, 0.12, 0.2, 0.35, 0.25]), gone)
    frame["reoperation"] = rng.choice(["Yes", "No"], n, p=[0.03, 0.97])
    return pd.DataFrame(frame)


def _numbers(values: NDArray[np.float64], low: int, high: int) -> NDArray[np.str_]:
    return np.clip(np.rint(values), low, high).astype(int).astype(str)


def _blank(texts: NDArray[np.str_], where: NDArray[np.bool_]) -> NDArray[np.object_]:
    return np.where(where, "", texts.astype(object))


def csv(n: int, seed: int = 40) -> bytes:
    """The table as CSV text."""
    return table(n, seed).to_csv(index=False, lineterminator="\n").encode()


def xlsx(n: int, seed: int = 40) -> bytes:
    """The table as a workbook, numbers as numbers."""
    frame = table(n, seed)
    for name in frame.columns:
        read = pd.to_numeric(frame[name], errors="coerce")
        if read.notna().any():
            frame[name] = read
    out = io.BytesIO()
    frame.to_excel(out, index=False)
    return out.getvalue()


MAKERS: dict[str, Callable[[int], bytes]] = {"csv": csv, "xlsx": xlsx}
