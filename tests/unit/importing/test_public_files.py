"""Real files that nobody in this project wrote: each is read, or refused for a stated reason (docs/import.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.cohort.cohort import Cohort
from lib.importing.columns.roles import MeasureSpec, Role
from lib.importing.files.worker import parse_file
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import, propose

REFUSED = {
    "empty-rows.csv": "The file is empty",
    "single-column.csv": "The file is empty",
    "billion_laughs.xlsx": "declares XML entities",
    "longitudinal_dictionary.csv": "data dictionary",
    "far_cell.xlsx": "far outside the table",
    "pyreadstat_segfault.sav": "damaged",
    "xxe.xlsx": "declares XML entities",
    "zipbomb_300MB.xlsx": "unpacks to 300 MB",
}
DATA = {".csv", ".xlsx", ".sav", ".zsav"}
# Not a cohort: read, but after the names are left out there is nothing to explore.
NOTHING = {"nonnumeric-record-id.csv"}


def load(path: Path) -> Import:
    return propose(parse_file(path.read_bytes(), path.name))


def test_every_public_file_is_read_or_refused_for_a_stated_reason(public_data: Path) -> None:
    files = sorted(p for p in public_data.rglob("*") if p.suffix in DATA)
    assert len(files) > 40
    for path in files:
        if path.name in REFUSED:
            with pytest.raises(ImportProblem, match=REFUSED[path.name]):
                load(path)
            continue
        table = load(path)
        assert table.findings is not None
        if path.name in NOTHING:
            with pytest.raises(ImportProblem, match="None of the columns holds"):
                table.build()
        else:
            assert table.build().n > 0, path.name


# --- the headache trial: Vickers 2004, BMJ 328:744 -------------------------------------------------------------------
def headache(path: Path) -> Cohort:
    table = load(path)
    column = {c.name: c for c in table.columns}
    times = {"pk1": "baseline", "pk2": "3m", "pk5": "12m"}
    told = table.with_columns(
        [column[name].with_role(Role.SCORE, "headache", time, "Headache severity") for name, time in times.items()],
        [MeasureSpec("headache", "Headache severity", None, None, higher_is_better=False)],
    )
    return told.build()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "sav"])
def test_the_headache_trial_in_three_formats(public_data: Path, ending: str) -> None:
    cohort = headache(public_data / "acupuncture_headache" / f"acupuncture.{ending}")
    first = headache(public_data / "acupuncture_headache" / "acupuncture.csv")
    assert cohort.n == 401
    for key in first.scores:
        np.testing.assert_array_equal(first.scores[key], cohort.scores[key])
    assert cohort.measures == first.measures
    assert cohort.id_hashes == first.id_hashes
    for key, column in first.columns.items():
        assert repr(column) == repr(cohort.columns[key])
    center = cohort.columns["center"]
    assert len(center.labels) == 36  # type: ignore[union-attr]


def test_the_known_answers_of_the_headache_trial(public_data: Path) -> None:
    # published means and responders as listed in the data's own README: 24.6 (14.1) → 16.2 (13.7), 87/161;
    # 26.7 (16.8) → 22.3 (17.0), 45/140
    cohort = headache(public_data / "acupuncture_headache" / "acupuncture.csv")
    group = cohort.columns["group"]
    for label, n, before, sd_before, after, sd_after, responders in (
        ("1", 161, 24.6, 14.1, 16.2, 13.7, 87),
        ("0", 140, 26.7, 16.8, 22.3, 17.0, 45),
    ):
        chosen = group.codes == group.labels.index(label)  # type: ignore[union-attr]
        everybody = cohort.scores["headache", "baseline"][chosen]
        pairs = cohort.pairs("headache", "baseline", "12m", chosen)
        assert pairs.n == n
        follow_up = cohort.scores["headache", "12m"][chosen]
        follow_up = follow_up[~np.isnan(follow_up)]
        paired = pairs.baseline
        assert before in {round(float(everybody.mean()), 1), round(float(paired.mean()), 1)}
        assert sd_before in {round(float(everybody.std(ddof=1)), 1), round(float(paired.std(ddof=1)), 1)}
        assert (round(float(follow_up.mean()), 1), round(float(follow_up.std(ddof=1)), 1)) == (after, sd_after)
        assert int(np.sum(100 * pairs.improvement_counts >= 35 * pairs.baseline_counts)) == responders


def test_the_zeros_of_the_headache_trial_are_found(public_data: Path) -> None:
    table = load(public_data / "acupuncture_headache" / "acupuncture.csv")
    zeros = {f.column: f for f in table.findings if f.code == "zero_for_missing"}
    assert set(zeros) == {"f2", "f5"}
    assert (zeros["f2"].count, zeros["f5"].count) == (75, 100)
    assert zeros["f5"].repair is not None
    repaired = table.accept(zeros["f5"].repair)
    blank = repaired.profiles["f5"].column.blank()
    np.testing.assert_array_equal(blank, repaired.profiles["pk5"].column.blank())


# --- the others ------------------------------------------------------------------------------------------------------
def test_anorexia_and_sleep(public_data: Path) -> None:
    anorexia = load(public_data / "paired" / "anorexia.csv").build()
    treatment = anorexia.columns["group"]
    family = treatment.codes == treatment.labels.index("FT")  # type: ignore[union-attr]
    pairs = anorexia.pairs("wt", "baseline", "follow_up", family)
    # R MASS::anorexia, FT: 7.264705882353 (STATISTICS section 2)
    assert (pairs.n, float(np.mean(pairs.follow_up - pairs.baseline))) == (17, pytest.approx(7.264705882353, rel=1e-9))
    sleep = load(public_data / "paired" / "sleep.csv").build()
    change = sleep.pairs("extra", "baseline", "follow_up").change_counts
    assert (len(change), change.mean()) == (10, 15.8)  # 1.58 hours (STATISTICS section 2)


def test_five_items_of_personality(public_data: Path) -> None:
    cohort = load(public_data / "paired" / "psych_bfi.csv").build()
    answers = cohort.answers["a1", "once"]
    shares = np.bincount(answers[answers >= 0], minlength=6) / np.sum(answers >= 0)
    # the README of the public data
    assert [round(100 * s, 1) for s in shares] == [33.1, 29.4, 14.4, 12.1, 8.0, 2.9]


def test_eq5d_states_as_digits_and_as_columns_are_the_same(public_data: Path) -> None:
    folder = public_data / "eq5d_pre_post"
    for name in ("pre", "post"):
        digits, columns = load(folder / f"{name}.csv").build(), load(folder / f"{name}_df.csv").build()
        complete = (digits.states["once"] > 0).all(axis=1)
        assert complete.sum() >= 77
        np.testing.assert_array_equal(digits.states["once"][complete], columns.states["once"][complete])
    illegal = load(folder / "pre.csv").build().illegal["eq5d3l", "once"]
    assert np.flatnonzero(illegal).tolist() == [0]  # 62331
    states = load(folder / "eq5d3l_five_digit_example.xlsx").build().states["once"]
    np.testing.assert_array_equal(states, load(folder / "eq5d3l_example.csv").build().states["once"])


def test_redcap_exports_leave_persons_out(public_data: Path) -> None:
    for name in ("clinical-trial-1.csv", "simple.csv", "longitudinal.csv", "dag.csv", "survey.csv"):
        table = load(public_data / "redcap_exports" / name)
        kept = {c.name for c in table.columns if c.role not in (Role.IDENTIFIER, Role.IGNORE, Role.BIRTH_DATE, Role.ID)}
        for word in ("name", "phone", "email", "address", "dob", "comment"):
            assert not [n for n in kept if word in n and n != "redcap_event_name"], (name, word)


def test_redcap_events_become_time_points(public_data: Path) -> None:
    table = load(public_data / "redcap_exports" / "longitudinal.csv")
    event = next(c for c in table.columns if c.role is Role.TIME_POINT)
    assert event.name == "redcap_event_name"
    cohort = table.build()
    assert cohort.n == len(set(table.sheet.column("study_id").texts()))


def test_both_decimal_marks_in_one_file(public_data: Path) -> None:
    cohort = load(public_data / "redcap_exports" / "decimal-comma-and-dot.csv").build()
    dot, comma = cohort.columns["height"], cohort.columns["height_comma"]
    np.testing.assert_array_equal(dot.values, comma.values)  # type: ignore[union-attr]
    np.testing.assert_array_equal(dot.values[:2], [1.54, 1.84])  # type: ignore[union-attr]


def test_user_missing_values_of_spss_are_missing(public_data: Path) -> None:
    table = load(public_data / "spss_sav" / "sample_missing.sav")
    assert table.sheet.column("mynum").declared_missing == ("-1", "2500")
    assert {f.column for f in table.findings if f.code == "declared_missing"} == {"mynum", "mylabl", "myord"}
