"""The shipped sample files: what they must contain, that the four formats agree, and that the scripts still make them.

Everything is recomputed here from the raw files with the standard library, apart from the product's own code.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import math
import subprocess
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data"
GOLDEN = ROOT / "tests" / "golden" / "published_figures.csv"
Row = dict[str, str]

# Greiner 2003, European VAS, by hand from the published table, in ten-thousandths.
MAIN = ((0, 659, 1829), (0, 1173, 1559), (0, 264, 860), (0, 930, 1637), (0, 891, 1290))
MEASURES = {"vas_pain": "vas_pain", "eq5d3l_index:europe_vas": "eq5d_state", "eq_vas": "eqvas"}
AGREE = ("Agree", "Totally agree")


@cache
def misjf() -> tuple[Row, ...]:
    with (SAMPLE / "misjf.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def registry() -> tuple[Row, ...]:
    with (SAMPLE / "registry.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def analysed() -> list[Row]:
    return [p for p in misjf() if p["vas_pain_pre"] and p["vas_pain_12m"]]


def index(state: str) -> Fraction:
    levels = [int(level) for level in state]
    any_problem, any_severe = 1279 * (max(levels) > 1), 2288 * (max(levels) == 3)
    taken = sum(row[level - 1] for row, level in zip(MAIN, levels, strict=True))
    return Fraction(10_000 - any_problem - any_severe - taken, 10_000)


def scores(measure: str, time_point: str) -> list[Fraction]:
    column = f"{MEASURES[measure]}_{time_point}"
    score = index if MEASURES[measure] == "eq5d_state" else Fraction
    return [score(p[column]) for p in analysed()]


def improvements(measure: str) -> list[Fraction]:
    sign = -1 if measure == "vas_pain" else 1
    return [sign * (b - a) for a, b in zip(scores(measure, "pre"), scores(measure, "12m"), strict=True)]


def mean(values: list[Fraction]) -> Fraction:
    return Fraction(sum(values)) / len(values)


def sd(values: list[Fraction]) -> float:
    return math.sqrt(sum((v - mean(values)) ** 2 for v in values) / (len(values) - 1))


def t_of(values: list[Fraction]) -> float:
    return float(mean(values)) / (sd(values) / math.sqrt(len(values)))


def p_of(values: list[Fraction]) -> float:
    from scipy.stats import t

    return float(2 * t.sf(abs(t_of(values)), len(values) - 1))


def printed(value: Fraction | float | int, decimals: int) -> str:
    """Half up, from the exact fraction where there is one."""
    exact = (
        Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(repr(value))
    )
    return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


# ---------------------------------------------------------------------------------- every published figure, recomputed
def share(hits: list[bool], prefix: str = "") -> dict[str, Fraction]:
    return {
        f"{prefix}count": Fraction(sum(hits)),
        "n": Fraction(len(hits)),
        f"{prefix}percent": Fraction(100 * sum(hits), len(hits)),
    }


def flow(_: str) -> dict[str, Any]:
    return {"operated": len(misjf()), "analysed": len(analysed()), "lack_a_questionnaire": 57 - len(analysed())}


def number(column: str) -> dict[str, Any]:
    values = [Fraction(p[column]) for p in analysed()]
    return {"mean": mean(values), "sd": sd(values)}


def category(rest: str) -> dict[str, Any]:
    column, answer = rest.split("=")
    return share([p[column] == answer for p in analysed() if p[column]])


def yes_no(rest: str) -> dict[str, Any]:
    return share([p[rest.replace(":", "_")] == "Yes" for p in analysed()])


def paired(rest: str) -> dict[str, Any]:
    measure = rest.removesuffix(":12m")
    before, after, gain = scores(measure, "pre"), scores(measure, "12m"), improvements(measure)
    return {
        "mean_baseline": mean(before),
        "sd_baseline": sd(before),
        "mean_follow_up": mean(after),
        "sd_follow_up": sd(after),
        "mean_improvement": mean(gain),
        "sd_change": sd(gain),
        "sum_baseline": sum(before),
        "sum_follow_up": sum(after),
        "sum_improvement": sum(gain),
        "t": t_of(gain),
        "df": len(gain) - 1,
        "p": p_of(gain),
        "p_below": p_of(gain),
    }


def responders(rest: str) -> dict[str, Any]:
    measure, rule = rest.split(":12m:")
    if rule.startswith("score<="):
        return share([v <= Fraction(rule.removeprefix("score<=")) for v in scores(measure, "12m")])
    return share([v >= Fraction(rule.removeprefix("improvement>=")) for v in improvements(measure)])


def statement(rest: str) -> dict[str, Any]:
    return share([p[rest.replace(":", "_")] in AGREE for p in analysed()], "top_two_")


def yes_no_paired(rest: str) -> dict[str, Any]:
    from scipy.stats import binomtest, fisher_exact

    outcome = rest.removesuffix(":12m")
    counts = Counter((p[f"{outcome}_pre"], p[f"{outcome}_12m"]) for p in analysed())
    a, b, c, d = (counts[pair] for pair in (("Yes", "Yes"), ("Yes", "No"), ("No", "Yes"), ("No", "No")))
    return {
        "both": a,
        "stopped": b,
        "started": c,
        "neither": d,
        "p_fisher": float(fisher_exact([[a, b], [c, d]])[1]),
        "p_mcnemar_exact": float(binomtest(b, b + c).pvalue),
    }


def events(rest: str) -> dict[str, Any]:
    kind, _, value = rest.partition("=")
    column = {"any": "adverse_event", "type": "adverse_event", "timing": "ae_timing"}[kind]
    hit = [p for p in analysed() if (p[column] if kind == "any" else p[column] == value)]
    pains = [(p["vas_pain_pre"], p["vas_pain_12m"]) for p in hit]
    return share([p in hit for p in analysed()]) | {
        "patients_8_to_7": pains.count(("8", "7")),
        "patients_6_to_3": pains.count(("6", "3")),
        "patients_right_side": sum(p["side"] == "Right" for p in hit),
        "patients_same_surgery_again": sum(p["same_surgery_again_12m"] in AGREE for p in hit),
        "patients_inadequate_position": sum(p["implant_position"] == "Inadequate" for p in hit),
    }


RECOMPUTE = {
    "flow": flow,
    "number": number,
    "category": category,
    "yesno": yes_no,
    "paired": paired,
    "responders": responders,
    "statement": statement,
    "yesno_paired": yes_no_paired,
    "events": events,
}


def published() -> list[Row]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_published_figure_holds_in_the_file() -> None:
    wrong = []
    for row in published():
        kind, _, rest = row["key"].partition(":")
        value = RECOMPUTE[kind](rest)[row["statistic"]]
        if row["statistic"] == "p_below":
            holds = value < float(row["value"])
        else:
            holds = printed(value, int(row["decimals"])) == row["value"]
        if not holds:
            wrong.append((row["key"], row["statistic"], row["value"], value))
    assert wrong == []


def test_the_golden_file_covers_the_paper() -> None:
    rows = published()
    assert len({(r["section"], r["quantity"]) for r in rows}) == 61
    assert len({r["quantity"] for r in rows if r["slip"]}) == 6
    seen: dict[tuple[str, str], str] = {}
    for r in rows:  # the same figure given twice is the same figure
        assert seen.setdefault((r["key"], r["statistic"]), r["value"]) == r["value"]


# -------------------------------------------------------------------------------------------------- the MISJF cohort
def test_differences_look_normal_enough_for_the_paired_t() -> None:
    from scipy.stats import shapiro

    for measure in MEASURES:
        assert shapiro([float(v) for v in improvements(measure)]).pvalue > 0.10


def test_the_moments_of_vas_pain() -> None:
    before, after = scores("vas_pain", "pre"), scores("vas_pain", "12m")
    assert (sum(v * v for v in before), sum(v * v for v in after)) == (1859, 908)
    assert sum(v * v for v in improvements("vas_pain")) == 479


def test_nobody_sits_on_the_index_threshold() -> None:
    assert min(abs(v - Fraction("0.074")) for v in improvements("eq5d3l_index:europe_vas")) >= Fraction("0.001")


def test_scores_are_legal() -> None:
    for p in misjf():
        for time_point in ("pre", "12m"):
            pain, state, health = (p[f"{name}_{time_point}"] for name in ("vas_pain", "eq5d_state", "eqvas"))
            assert bool(pain) == bool(state) == bool(health)
            if pain:
                assert 0 <= int(pain) <= 10
                assert 0 <= int(health) <= 100
                assert len(state) == 5
                assert set(state) <= set("123")


def test_what_goes_together_in_one_patient() -> None:
    for p in misjf():
        if p["etiology"] == "Postpartum":
            assert p["sex"] == "Female"
        assert (p["etiology"] == "Prior spinal fusion") == (p["prior_spinal_fusion"] == "Yes")
        assert (p["prior_misjf_other_side"], p["staged_bilateral"]) != ("Yes", "Yes")
        assert bool(p["implant_position"]) == (p["ct_made"] == "Yes")
        assert (
            len({bool(p[c]) for c in ("adverse_event", "ae_timing", "ae_severity", "ae_serious", "ae_procedure")}) == 1
        )
    loose = [p for p in misjf() if p["adverse_event"] == "Implant loosening"]
    assert [(p["side"], p["staged_bilateral"], p["reoperation"]) for p in loose] == [("Right", "Yes", "No")] * 2
    nerve = [p for p in misjf() if p["adverse_event"] == "Nerve root injury"]
    assert [(p["side"], p["implant_position"], p["ae_timing"]) for p in nerve] == [
        ("Right", "Inadequate", "Intraoperative")
    ]


def test_who_is_missing_what() -> None:
    no_pre = [p for p in misjf() if not p["vas_pain_pre"]]
    no_post = [p for p in misjf() if not p["vas_pain_12m"]]
    assert (len(no_pre), len(no_post)) == (19, 9)
    assert not any(p["vas_pain_12m"] == "" for p in no_pre)
    assert sum(p["surgery_date"] >= "2020-03-01" for p in no_pre) == 14
    statements = ("complaints_reduced_12m", "satisfied_12m", "recommend_surgery_12m")
    for p in misjf():
        assert all(bool(p[name]) == bool(p["vas_pain_12m"]) for name in statements)
        assert all(
            p[name] for name in ("age", "sex", "bmi", "asa", "etiology", "center", "side", "implants", "imaging")
        )
        assert {p["opioids_pre"], p["opioids_12m"], p["reoperation"]} <= {"Yes", "No"}


def test_the_known_half_decides_nothing() -> None:
    """VAS pain 20 of 57 to 48 of 57; the index and the EQ VAS are just as open."""
    full, worst = Fraction(1), index("33333")
    assert worst == Fraction("-0.0742")
    for p in misjf():
        if not p["vas_pain_pre"]:
            assert int(p["vas_pain_12m"]) <= 8
            assert index(p["eq5d_state_12m"]) - worst >= Fraction("0.074")
            assert int(p["eqvas_12m"]) >= 7
        if not p["vas_pain_12m"]:
            assert int(p["vas_pain_pre"]) >= 2
            assert full - index(p["eq5d_state_pre"]) >= Fraction("0.074")
            assert int(p["eqvas_pre"]) <= 93


def test_dates_centers_and_the_57() -> None:
    dates = [p["surgery_date"] for p in misjf()]
    assert (dates[0], dates[-1]) == ("2019-04-15", "2020-06-19")
    assert dates == sorted(dates)
    assert [p["patient_id"] for p in misjf()] == [f"M{k:03d}" for k in range(1, 58)]
    assert Counter(p["center"] for p in misjf()) == {"Heerlen": 31, "Enschede": 26}
    assert Counter(p["center"] for p in analysed()) == {"Heerlen": 16, "Enschede": 13}
    assert Counter(p["etiology"] for p in misjf())["Postpartum"] == 24


def test_results_go_together_within_a_patient() -> None:
    satisfied = [p["satisfied_12m"] in AGREE for p in analysed()]
    gain = improvements("vas_pain")
    happy = [g for g, s in zip(gain, satisfied, strict=True) if s]
    unhappy = [g for g, s in zip(gain, satisfied, strict=True) if not s]
    assert mean(happy) > mean(unhappy) + 1
    for p in analysed():
        if int(p["vas_pain_12m"]) >= 8:
            assert p["eq5d_state_12m"][3] != "1"


# ------------------------------------------------------------------------------------------ four formats, one cohort
def test_excel_holds_the_same() -> None:
    import openpyxl

    sheet = openpyxl.load_workbook(SAMPLE / "misjf.xlsx").active
    heading, *rows = sheet.iter_rows(values_only=True)
    assert list(heading) == list(misjf()[0])
    for row, p in zip(rows, misjf(), strict=True):
        for name, value in zip(heading, row, strict=True):
            if isinstance(value, int | float):
                assert Fraction(str(value)) == Fraction(p[name])
            else:
                text = "" if value is None else str(value.date() if isinstance(value, dt.datetime) else value)
                assert text == p[name]
        assert not isinstance(row[heading.index("eq5d_state_12m")], int)


def test_spss_holds_the_same() -> None:
    import pyreadstat

    data, meta = pyreadstat.read_sav(str(SAMPLE / "misjf.sav"))
    assert list(data.columns) == list(misjf()[0])
    assert all(meta.column_labels)
    assert set(meta.variable_value_labels["satisfied_12m"].values()) == {
        "Totally disagree",
        "Disagree",
        "Neutral",
        "Agree",
        "Totally agree",
    }
    for name in data.columns:
        labels = meta.variable_value_labels.get(name)
        for value, p in zip(data[name].tolist(), misjf(), strict=True):
            if value is None or value != value:
                text = ""
            elif labels:
                text = labels[value]
            elif isinstance(value, float):
                text = p[name] if p[name] and value == float(p[name]) else repr(value)
            else:
                text = str(value)
            assert text == p[name]


def test_the_dutch_file_holds_the_same() -> None:
    raw = (SAMPLE / "misjf_nl.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError, match="utf-8"):
        raw.decode("utf-8")
    heading, *rows = csv.reader(raw.decode("cp1252").splitlines(), delimiter=";")
    names = list(misjf()[0])
    assert len(heading) == len(set(heading)) == len(names)
    answers: dict[int, dict[str, str]] = {k: {} for k in range(len(names))}
    for row, p in zip(rows, misjf(), strict=True):
        for k, name in enumerate(names):
            if name == "surgery_date":
                assert dt.datetime.strptime(row[k], "%d-%m-%Y").date().isoformat() == p[name]
            elif p[name].replace(".", "").isdigit():
                assert row[k].replace(",", ".") == p[name]
            else:  # an answer: always the same Dutch word, never one word for two answers
                assert answers[k].setdefault(p[name], row[k]) == row[k]
    for words in answers.values():
        assert len(set(words.values())) == len(words)
        assert words.get("", "") == ""
    assert all("," in row[heading.index("bmi")] for row in rows)


# --------------------------------------------------------------------------------------------- the scripts make them
def run(script: str, folder: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLE / script), "--out", str(folder)], check=True, timeout=170)


def test_the_script_makes_the_same_cohort_again(tmp_path: Path) -> None:
    run("make_misjf.py", tmp_path)
    for name in ("misjf.csv", "misjf_nl.csv"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes()
    # The containers of the other two carry the marks of the writing library; their values are compared above.
    assert (tmp_path / "misjf.xlsx").stat().st_size > 0
    assert (tmp_path / "misjf.sav").stat().st_size > 0


def test_the_script_makes_the_same_registry_again(tmp_path: Path) -> None:
    run("make_registry.py", tmp_path)
    assert (tmp_path / "registry.csv").read_bytes() == (SAMPLE / "registry.csv").read_bytes()


# ------------------------------------------------------------------------------------------------------ the registry
def months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), first_of_next - dt.timedelta(days=1))


OLD_COLUMNS = "5532a2c514f5c15ae9cd46eb50e3ead30da1952913272bf8b82e0aca92bac097"
"""SHA-256 of the 47 columns that the first generator makes."""


def test_dates_of_events_changed_no_other_value_of_the_registry() -> None:
    with (SAMPLE / "registry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][47:] == ["revision_date", "death_date", "last_contact_date"]
    text = "\n".join("\x1f".join(row[:47]) for row in rows)
    assert hashlib.sha256(text.encode()).hexdigest() == OLD_COLUMNS


def test_the_registry_has_its_shape() -> None:
    rows = registry()
    sizes = Counter(p["center"] for p in rows)
    assert (len(rows), len(sizes), min(sizes.values()), max(sizes.values())) == (2000, 12, 15, 430)
    assert len({p["patient_id"] for p in rows}) == 2000
    assert {p["extraction_date"] for p in rows} == {"2025-09-30"}
    assert min(p["surgery_date"] for p in rows) >= "2021-01-01"
    assert max(p["surgery_date"] for p in rows) < "2025-09-30"


@pytest.mark.parametrize(("months", "least_lost", "most_lost"), [(3, 0.10, 0.30), (12, 0.15, 0.40), (24, 0.25, 0.50)])
def test_registry_gaps_are_lost_or_not_yet_due(months: int, least_lost: float, most_lost: float) -> None:
    due = lost = 0
    for p in registry():
        answered = p[f"odi_{months}m"] != ""
        if months_later(dt.date.fromisoformat(p["surgery_date"]), months) <= dt.date(2025, 9, 30):
            due, lost = due + 1, lost + (not answered)
        else:
            assert not answered
            assert not any(value for name, value in p.items() if name.endswith(f"_{months}m"))
    assert 0 < due < 2000
    assert least_lost < lost / due < most_lost


def test_registry_values_are_legal() -> None:
    for p in registry():
        for name, value in p.items():
            if value and name.startswith(("vas_", "odi_", "eqvas_")):
                assert 0 <= int(value) <= 100
            if value and name.startswith("eq5d_"):
                assert len(value) == 5
                assert set(value) <= set("123")
        if p["etiology"] == "Postpartum":
            assert p["sex"] == "Female"


def test_the_registry_anchor_follows_the_change() -> None:
    gain: dict[str, list[int]] = {}
    for p in registry():
        if p["vas_back_pre"] and p["vas_back_12m"] and p["global_change_12m"]:
            gain.setdefault(p["global_change_12m"], []).append(int(p["vas_back_pre"]) - int(p["vas_back_12m"]))
    order = ("Very much worse", "Much worse", "Slightly worse", "Unchanged", "Slightly improved", "Much improved")
    means = [sum(gain[answer]) / len(gain[answer]) for answer in (*order, "Completely recovered")]
    assert means == sorted(means)
