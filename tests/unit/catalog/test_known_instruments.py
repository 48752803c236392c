"""Every instrument that was asked for, name by name: range, direction, step, threshold or an honest blank."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.scoring import questionnaires
from lib.catalog.thresholds import THRESHOLDS
from lib.present.guide.instruments import facts

DOMAINS = ("pf", "rp", "bp", "gh", "vt", "sf", "re", "mh")
# name → (keys, low, high, higher is better); the ranges are those of the cited sources
ASKED: dict[str, tuple[tuple[str, ...], str, str, bool]] = {
    "ODI": (("odi",), "0", "100", False),
    "NDI": (("ndi",), "0", "100", False),
    "RMDQ": (("rmdq",), "0", "24", False),
    "QBPDS": (("qbpds",), "0", "100", False),
    "COMI back and neck": (("comi", "comi_neck"), "0", "10", False),
    "PGQ": (("pgq",), "0", "100", False),
    "mJOA": (("mjoa",), "0", "18", True),
    "SRS-22r and its domains": (
        ("srs22", *(f"srs22_{d}" for d in ("function", "pain", "image", "mental", "satisfaction"))),
        "1",
        "5",
        True,
    ),
    "PSFS": (("psfs",), "0", "10", True),
    "HOOS and KOOS sub-scales": (
        tuple(f"{j}_{d}" for j in ("hoos", "koos") for d in ("pain", "symptoms", "adl", "sport", "qol")),
        "0",
        "100",
        True,
    ),
    "-PS, 100 best": (("hoosps_100best", "koosps_100best"), "0", "100", True),
    "-PS, 0 best": (("hoosps_0best", "koosps_0best"), "0", "100", False),
    "-JR": (("hoos_jr", "koos_jr"), "0", "100", True),
    "HOOS-12 and KOOS-12": (
        tuple(f"{j}12{d}" for j in ("hoos", "koos") for d in ("", "_pain", "_function", "_qol")),
        "0",
        "100",
        True,
    ),
    "OHS and OKS": (("ohs", "oks"), "0", "48", True),
    "OHS and OKS, 12 to 60": (("ohs_12_60", "oks_12_60"), "12", "60", False),
    "HHS": (("hhs",), "0", "100", True),
    "WOMAC": (("womac",), "0", "96", False),
    "FJS-12": (("fjs",), "0", "100", True),
    "IKDC, Lysholm": (("ikdc", "lysholm"), "0", "100", True),
    "ASES, Constant": (("ases", "constant"), "0", "100", True),
    "OSS": (("oss",), "0", "48", True),
    "DASH and QuickDASH": (("dash", "quickdash", "quickdash_work", "quickdash_sport"), "0", "100", False),
    "PRWE": (("prwe",), "0", "100", False),
    "BCTQ": (("bctq_symptoms", "bctq_function"), "1", "5", False),
    "FAOS": (tuple(f"faos_{d}" for d in ("pain", "symptoms", "adl", "sport", "qol")), "0", "100", True),
    "FFI": (("ffi",), "0", "100", False),
    "AOFAS": (("aofas",), "0", "100", True),
    "LEFS": (("lefs",), "0", "80", True),
    "SF-36 and RAND-36 domains": (tuple(f"{f}_{d}" for f in ("sf36", "rand36") for d in DOMAINS), "0", "100", True),
    "PCS and MCS of SF-36 and SF-12": (("sf36_pcs", "sf36_mcs", "sf12_pcs", "sf12_mcs"), "0", "100", True),
    "PROMIS T, high is better": (("promis_pf", "promis_sr"), "10", "90", True),
    "PROMIS T, high is worse": (
        tuple(f"promis_{d}" for d in ("pi", "depression", "anx", "fat", "sd")),
        "10",
        "90",
        False,
    ),
    "PROMIS Global physical": (("promis10_physical",), "16.2", "67.7", True),
    "PROMIS Global mental": (("promis10_mental",), "21.2", "67.6", True),
    "HADS": (("hads_anxiety", "hads_depression"), "0", "21", False),
    "PHQ-9": (("phq9",), "0", "27", False),
    "GAD-7": (("gad7",), "0", "21", False),
    "PCS (catastrophizing)": (("pcs_catastrophizing",), "0", "52", False),
    "PSEQ": (("pseq",), "0", "60", True),
    "TSK": (("tsk",), "17", "68", False),
    "TSK of 11 items": (("tsk11",), "11", "44", False),
    "FABQ work": (("fabq_work",), "0", "42", False),
    "FABQ activity": (("fabq_activity",), "0", "24", False),
    "painDETECT": (("paindetect",), "-1", "38", False),
    "BPI": (("bpi_severity", "bpi_interference"), "0", "10", False),
    "PDI": (("pdi",), "0", "70", False),
    "EORTC-style function": (("eortc_function",), "0", "100", True),
    "EORTC-style symptom": (("eortc_symptom",), "0", "100", False),
    "PGIC": (("pgic",), "1", "7", False),
    "GRC": (("grc",), "-7", "7", True),
    "EQ VAS": (("eq_vas",), "0", "100", True),
}
TO_SCORE = (
    *("odi", "ndi", "rmdq", "comi", "comi_neck", "ohs", "oks", "koos", "hoos", "koos_ps", "hoos_ps", "quickdash"),
    *("dash", "womac", "fjs12", "hads", "phq9", "gad7", "pcs_catastrophizing", "tsk17", "pseq", "psfs", "srs22"),
    *("rand36", "promis10", "lefs", "bctq"),
)


@pytest.mark.parametrize("name", ASKED)
def test_it_is_known_with_range_direction_and_a_threshold_or_an_honest_blank(name: str) -> None:
    keys, low, high, higher = ASKED[name]
    for key in keys:
        found = INSTRUMENTS[key]
        assert (found.low, found.high, found.higher_is_better) == (Decimal(low), Decimal(high), higher), key
        assert found.citation
        assert found.resolution is None or found.resolution > 0
        told = [t for t in THRESHOLDS if t.instrument == key]
        assert all(t.citation and t.population for t in told)
        blank = "- Threshold: none confirmed; the smallest improvement that counts is asked."
        assert (blank in list(facts(key))) == (not told), key


def test_there_are_at_least_60_totals_and_sub_scales() -> None:
    assert len({key for keys, *_ in ASKED.values() for key in keys}) >= 60
    assert len(ASKED) == 52


@pytest.mark.parametrize("key", TO_SCORE)
def test_what_must_be_scored_from_items_is(key: str) -> None:
    assert any(scale.instrument in INSTRUMENTS and scale.offered for scale in questionnaires()[key].scales)
