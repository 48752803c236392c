"""EQ-5D-3L: every index of every value set against R, published figures, and the edges of parsing and scoring."""

import csv
import gzip
import math
import os
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.catalog import eq5d, value_sets
from lib.catalog.value_sets import DEFAULT_VALUE_SET, VALUE_SETS, ValueSet, value_set

GOLDEN = Path(__file__).parents[2] / "golden" / "eq5d" / "indices.csv.gz"
DATA = Path(eq5d.__file__).parent / "data"


def exact(key: str, state: str) -> Decimal:
    return eq5d.index_table(key)[tuple(map(int, state))]


def keys_by_set() -> dict[str, str]:
    with (DATA / "eq5d3l_references.csv").open(encoding="utf-8") as file:
        return {f"{row['type']} {row['country']}": row["key"] for row in csv.DictReader(file)}


def test_every_index_of_every_set_is_the_one_r_derived():
    # tests/golden/eq5d/derive.R: 243 states of 44 sets in exact decimals, from the coefficients alone
    keys = keys_by_set()
    with gzip.open(GOLDEN, "rt", encoding="utf-8") as file:
        derived = {(keys[row["set"]], row["state"]): Decimal(row["index"]) for row in csv.DictReader(file)}
    ours = {
        (key, "".join(map(str, state))): index for key in VALUE_SETS for state, index in eq5d.index_table(key).items()
    }
    assert len(derived) == 44 * 243
    assert ours == derived


def test_the_vectorised_score_is_the_double_nearest_to_the_exact_index():
    states = np.array(eq5d.STATES, dtype=np.int8)
    for key in VALUE_SETS:
        assert eq5d.score(states, key).tolist() == [float(index) for index in eq5d.index_table(key).values()]


@pytest.mark.parametrize(
    ("key", "state", "index"),
    [
        # Greiner 2003, Eur J Health Econ 4:222-31
        ("europe_vas", "33333", "-0.0742"),
        ("europe_vas", "22222", "0.4804"),
        ("europe_vas", "21232", "0.2982"),
        # Dolan 1997, Med Care 35:1095-108: worst state; and by hand 1 - 0.081 - 0.269 - 0.069 - 0.036 - 0.386 - 0.071
        ("uk_tto", "33333", "-0.594"),
        ("uk_tto", "21232", "0.088"),
        # Lamers 2006, Health Econ 15:1121-32: worst state
        ("netherlands_2006_tto", "33333", "-0.329"),
        # Golicki 2010, worst state as cited by Golicki 2019 (PMC6830402)
        ("poland_tto", "33333", "-0.523"),
        # Viney 2011: fixed, the model alone would give another value
        ("australia_tto", "33333", "-0.217"),
        ("australia_tto", "12133", "0.154"),
        # Burström 2014: full health is not 1
        ("sweden_tto", "11111", "0.9694"),
        # by hand: 1 - 5 coefficients + 4 D1 + 16 I3square + 4 I3 of Shaw 2005, to -0.109 in its table
        ("usa_tto", "33333", "-0.1090707"),
        # by hand, multiplicative: 0.9256 * 0.8174 = 0.75658544
        ("germany_vas", "11112", "0.756585"),
    ],
)
def test_published_indices(key, state, index):
    assert exact(key, state) == Decimal(index)


# tests/testthat/test-eq5d3l.R of the R package eq5d (fragla/eq5d, MIT), which took them from the published tables;
# three decimals. Its Germany TTO rows with MO3 are left out: the package has since corrected that coefficient.
PACKAGE = {
    "denmark_tto": {"32123": -0.017, "12111": 0.823, "12121": 0.761, "32323": -0.161, "33333": -0.624},
    "france_tto": {"11233": 0.201, "21212": 0.599, "32133": -0.227, "33333": -0.53},
    "germany_tto": {"12211": 0.912, "12213": 0.524},
    "italy_tto": {"33333": -0.38},
    "japan_tto": {"21111": 0.773, "31113": 0.318, "31223": 0.194, "33333": -0.111},
    "southkorea_tto": {"11121": 0.913, "22222": 0.677, "32322": 0.148, "33333": -0.171},
    "netherlands_2006_tto": {"21211": 0.861, "21231": 0.298, "21333": -0.052},
    "spain_tto": {"11122": 0.825, "23133": -0.135, "33133": -0.459, "33333": -0.654},
    "thailand_tto": {"11112": 0.766, "21212": 0.586, "23232": -0.004, "33333": -0.452},
    "uk_tto": {"11221": 0.760, "33221": -0.037, "12321": 0.329},
    "usa_tto": {"11121": 0.827, "22112": 0.759, "33113": 0.102, "33333": -0.109},
    "zimbabwe_tto": {"11211": 0.857, "23211": 0.570, "31131": 0.394, "33333": -0.145},
    "belgium_vas": {"21111": 0.774, "21311": 0.456, "32311": 0.299, "33333": -0.158},
    "denmark_vas": {"11131": 0.619, "23323": 0.037, "33213": 0.053, "33333": -0.167},
    "europe_vas": {"11221": 0.753, "33112": 0.215, "31233": 0.141, "33333": -0.074},
    "finland_vas": {"12111": 0.744, "32131": 0.361, "32333": 0.034, "33333": -0.011},
    "germany_vas": {"32111": 0.294, "31131": 0.170, "32232": 0.099, "33333": 0.021},
    "newzealand_vas": {"11211": 0.782, "12321": 0.401, "32123": 0.094, "33333": -0.085},
    "slovenia_vas": {"11112": 0.779, "23222": 0.222, "31133": 0.052, "33333": -0.242},
    "spain_vas": {"13111": 0.436, "13312": 0.274, "33222": 0.090, "33333": -0.076},
    "uk_vas": {"11211": 0.814, "22222": 0.503, "32323": 0.066, "33333": -0.073},
}


@pytest.mark.parametrize("key", PACKAGE)
def test_indices_of_the_r_package(key):
    for state, printed in PACKAGE[key].items():
        assert abs(exact(key, state) - Decimal(str(printed))) <= Decimal("0.0005"), state


def test_the_iranian_set_shows_every_figure_published_about_it():
    # Kiadaliri 2017, Int J Health Policy Manag (PMC5417148), abstract: Iran against UK, both VAS, all 243 states
    iran, uk = (np.array([float(i) for i in eq5d.index_table(key).values()]) for key in ("iran_vas", "uk_vas"))
    assert round(iran.mean(), 2) == round(uk.mean(), 2) == 0.31
    assert inverted_pairs("iran_vas") == 3
    assert round((np.abs(iran - uk) > 0.10).mean(), 2) == 0.36
    concordance = 2 * np.cov(iran, uk)[0, 1] / (iran.var(ddof=1) + uk.var(ddof=1) + (iran.mean() - uk.mean()) ** 2)
    assert round(concordance, 2) == 0.85
    once = np.triu_indices(243, 1)
    gains = [(index[:, None] - index[None, :])[once] for index in (iran, uk)]
    assert len(gains[0]) == 29_403
    assert [round(np.abs(gain).mean(), 2) for gain in gains] == [0.22, 0.20]
    assert round((gains[0] * gains[1] < 0).mean(), 2) == 0.15


def inverted_pairs(key):
    """How many of the 7,533 ordered pairs of states (worse on some dimension, better on none) the set ranks wrongly."""
    levels = np.array(eq5d.states_with(value_sets.value_set(key).levels))
    worse = (levels[:, None, :] <= levels[None, :, :]).all(axis=2)
    counts, _ = value_sets.exact_indices(key)
    return int((worse & (counts[None, :] > counts[:, None])).sum())


def test_sets_in_which_a_worse_state_can_score_higher_carry_a_caution():
    inverted = {key: inverted_pairs(key) for key in VALUE_SETS}
    assert {key for key, n in inverted.items() if n} == {"iran_vas", "argentina_tto", "portugal_tto", "srilanka_tto"}
    for key, n in inverted.items():
        assert not n or f"{n} of 7,533" in VALUE_SETS[key].caution


def test_inverted_pairs_counts_what_a_plain_loop_counts():
    table = eq5d.index_table("srilanka_tto")
    pairs = [
        (better, worse)
        for better, worse in product(table, table)
        if better != worse and all(a <= b for a, b in zip(better, worse, strict=True))
    ]
    assert len(pairs) == 7533
    assert inverted_pairs("srilanka_tto") == sum(table[worse] > table[better] for better, worse in pairs)


def test_the_best_index_is_full_health_and_ranges_and_steps_hold():
    for key in VALUE_SETS:
        low, high = eq5d.index_range(key)
        assert high == exact(key, "11111")
        assert low == min(eq5d.index_table(key).values())
        step = eq5d.resolution(key)
        assert all(index % step == 0 for index in eq5d.index_table(key).values())
        assert any(index % (step * 10) for index in eq5d.index_table(key).values()), "the step could be coarser"


def test_resolutions():
    steps = {key: eq5d.resolution(key) for key in ("europe_vas", "uk_tto", "usa_tto", "germany_vas", "portugal_tto")}
    assert steps == {
        "europe_vas": Decimal("0.0001"),
        "uk_tto": Decimal("0.001"),
        "usa_tto": Decimal("0.0000001"),
        "germany_vas": Decimal("0.000001"),
        "portugal_tto": Decimal("0.00001"),
    }


def test_no_multiplicative_index_lies_halfway_between_two_steps():
    # half up and half even agree: the six decimals do not depend on the rule, and none is rounded to the wrong side
    factors = {name: Fraction(c) for name, c in value_set("germany_vas").coefficients.items()}
    for state, index in eq5d.index_table("germany_vas").items():
        names = [f"{d}{level}" for d, level in zip(value_sets.DIMENSION_KEYS, state, strict=True) if level > 1]
        product_ = math.prod(
            [factors[name] for name in names], start=factors["AtLeastOne2Or3"] if names else Fraction(1)
        )
        assert abs(Fraction(index) - product_) < Fraction(1, 2_000_000), state


def test_value_sets_are_in_menu_order_and_say_where_they_are_from():
    assert len(VALUE_SETS) == 44
    assert next(iter(VALUE_SETS)) == DEFAULT_VALUE_SET == "europe_vas"
    sets = list(VALUE_SETS.values())
    assert [s.key for s in sets if s.citation is None] == ["ecuador_tto"] == [sets[-1].key]
    assert sets[-1].label == "Ecuador · TTO · no source"
    assert sets[-1].year is None
    assert [s.country for s in sets[1:-1]] == sorted(s.country for s in sets[1:-1])
    assert VALUE_SETS["europe_vas"].label == "Europe · VAS · Greiner 2003"
    assert len({s.label for s in sets}) == 44
    for chosen in sets[:-1]:
        assert any(word in chosen.citation for word in ("doi ", "PubMed ", "ISBN ")), chosen.key
        assert str(chosen.year) in chosen.citation, chosen.key
    assert {s.model for s in sets if s.key != "germany_vas"} == {"additive"}
    assert value_set("germany_vas").model == "multiplicative"
    assert len(value_set("australia_tto").fixed_states) == 22
    assert {"netherlands_2006_tto", "netherlands_2026_tto"} <= set(VALUE_SETS)


@pytest.mark.parametrize("call", [value_set, eq5d.index_table, eq5d.resolution, eq5d.index_range])
def test_an_unknown_value_set_is_named(call):
    with pytest.raises(KeyError, match="no EQ-5D value set 'atlantis_tto'"):
        call("atlantis_tto")


def test_a_parameter_without_a_definition_is_refused():
    chosen = VALUE_SETS["uk_tto"]
    odd = ValueSet(
        "odd", "Odd", "Odd", "TTO", None, None, "additive", {**chosen.coefficients, "N45": Decimal("0.1")}, {}, ""
    )
    with pytest.raises(ValueError, match="no definition for the value set parameter 'N45'"):
        value_sets.exact_index(odd, (1, 1, 1, 1, 1))


# --- scoring an array ---------------------------------------------------------------------------------------------


def test_no_rows_give_no_indices():
    assert eq5d.score(np.empty((0, 5), dtype=np.int8), "europe_vas").shape == (0,)


def test_missing_and_illegal_levels_give_no_index():
    states = np.array(
        [[1, 1, 1, 1, 1], [0, 1, 1, 1, 1], [6, 2, 3, 3, 1], [1, 1, 1, 1, 4], [0] * 5, [-1, 1, 1, 1, 1], [3] * 5],
        dtype=np.int8,
    )
    index = eq5d.score(states, "europe_vas")
    assert np.isnan(index).tolist() == [False, True, True, True, True, True, False]
    assert index[[0, 6]].tolist() == [1.0, -0.0742]
    assert eq5d.legal_rows(states).tolist() == [True, False, False, False, False, False, True]


def test_all_missing():
    assert np.isnan(eq5d.score(np.zeros((3, 5), dtype=np.int8), "uk_tto")).all()


@pytest.mark.parametrize("shape", [(5,), (2, 4), (1, 5, 1)])
def test_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"need the shape \(n, 5\)"):
        eq5d.score(np.ones(shape, dtype=np.int8), "europe_vas")


@settings(max_examples=50)
@given(st.lists(st.tuples(*[st.integers(-1, 6)] * 5), max_size=30), st.sampled_from(sorted(VALUE_SETS)))
def test_score_is_the_table_row_by_row(rows, key):
    states = np.array(rows, dtype=np.int8).reshape(-1, 5)
    index = eq5d.score(states, key)
    for row, own in zip(rows, index, strict=True):
        if eq5d.legal_rows(np.array([row], dtype=np.int8))[0]:
            assert own == float(eq5d.index_table(key)[row])
        else:
            assert np.isnan(own)


def test_two_indices_a_threshold_apart_are_so_in_whole_counts():
    # 0.074 apart in exact decimals; as doubles some of these pairs fail >= 0.074
    table = eq5d.index_table("europe_vas")
    step = eq5d.resolution("europe_vas")
    pairs = [(a, b) for a, b in product(table, table) if table[b] - table[a] == Decimal("0.074")]
    assert pairs
    score = {state: eq5d.score(np.array([state], dtype=np.int8), "europe_vas")[0] for state in table}
    counts = {state: int(np.rint(index / float(step))) for state, index in score.items()}
    assert all(counts[b] - counts[a] == 740 for a, b in pairs)
    assert any(score[b] - score[a] < 0.074 for a, b in pairs)


# --- states as text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("21232", (2, 1, 2, 3, 2)),
        (21232, (2, 1, 2, 3, 2)),
        (21232.0, (2, 1, 2, 3, 2)),
        (" 21232 ", (2, 1, 2, 3, 2)),
        ("21232.00", (2, 1, 2, 3, 2)),
        ("2-1-2-3-2", (2, 1, 2, 3, 2)),
        ("2, 1, 2, 3, 2", (2, 1, 2, 3, 2)),
        ("2 1 2 3 2", (2, 1, 2, 3, 2)),
        ("1.1.1.1.1", (1, 1, 1, 1, 1)),
        ("21932", (2, 1, 0, 3, 2)),
        ("21032", (2, 1, 0, 3, 2)),
        ("62331", (6, 2, 3, 3, 1)),
        ("12345", (1, 2, 3, 4, 5)),
        ("2123", None),
        ("212322", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        ("0.298", None),
        ("2123x", None),
        ("²1232", None),
    ],
)
def test_parse_state(text, state):
    assert eq5d.parse_state(text) == state


@given(st.sampled_from(eq5d.STATES))
def test_every_legal_state_survives_the_way_through_text(state):
    assert eq5d.parse_state("".join(map(str, state))) == state
    assert eq5d.parse_state(int("".join(map(str, state)))) == state
    assert eq5d.legal_rows(np.array([state], dtype=np.int8)).all()


@pytest.mark.parametrize("state", [(0, 1, 1, 1, 1), (4, 1, 1, 1, 1)])
def test_what_is_not_legal(state):
    assert not eq5d.legal_rows(np.array([state], dtype=np.int8)).any()


def test_states_in_words():
    assert eq5d.describe((1, 1, 1, 1, 1)) == "no trouble on any dimension"
    assert eq5d.describe((2, 1, 2, 3, 2)) == (
        "serious trouble with pain/discomfort; some trouble with mobility, usual activities, anxiety/depression; "
        "no trouble with self-care"
    )
    assert eq5d.describe((0, 3, 3, 3, 3)).endswith("not answered: mobility")
    assert len({eq5d.describe(state) for state in eq5d.STATES}) == 243


@pytest.mark.parametrize("state", [(4, 1, 1, 1, 1), (1, 1, 1, 1)])
def test_an_illegal_state_has_no_words(state):
    with pytest.raises(ValueError, match=r"is no EQ-5D state of 3 levels"):
        eq5d.describe(state)


def test_dimensions_are_in_the_order_of_the_digits():
    assert tuple(d.key for d in eq5d.DIMENSIONS) == value_sets.DIMENSION_KEYS == ("MO", "SC", "UA", "PD", "AD")
    for dimension in eq5d.DIMENSIONS:
        assert set(dimension.names) == set(dimension.words) == {"en", "nl", "de"}
    assert eq5d.STATES[0] == (1,) * 5
    assert all(a < b for a, b in pairwise(eq5d.STATES))


def test_the_public_example_of_the_r_package_has_77_complete_pairs():
    folder = os.environ.get("COHORTLENS_PUBLIC_DATA")
    if not folder:
        pytest.skip("COHORTLENS_PUBLIC_DATA is not set")
    legal = []
    for name in ("pre", "post"):
        with (Path(folder) / "eq5d_pre_post" / f"{name}.csv").open(encoding="utf-8") as file:
            states = [eq5d.parse_state(row["x"]) for row in csv.DictReader(file)]
        assert len(states) == 79
        legal.append(eq5d.legal_rows(np.array([state or (0,) * 5 for state in states], dtype=np.int8)))
    assert sum(a and b for a, b in zip(*legal, strict=True)) == 77  # as the README beside the data says
