"""The catalogue of instruments, thresholds on the scale of a file, benchmarks, and carrying figures over."""

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.catalog import eq5d
from lib.catalog.answers import normalise
from lib.catalog.benchmarks import BENCHMARKS, benchmarks_for
from lib.catalog.instruments import INSTRUMENTS, LANGUAGES, PAIN_SITES, instrument
from lib.catalog.thresholds import THRESHOLDS, carried_over, default_threshold, thresholds_for
from lib.catalog.value_sets import VALUE_SETS

D = Decimal
TEN, HUNDRED = (D(0), D(10)), (D(0), D(100))

# --- instruments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "low", "high", "higher_is_better"),
    [
        ("pain", 0, 10, False),
        ("odi", 0, 100, False),
        ("rmdq", 0, 24, False),
        ("qbpds", 0, 100, False),
        ("pgq", 0, 100, False),
        ("comi", 0, 10, False),
        ("ndi", 0, 100, False),
        ("mjoa", 0, 18, True),
        ("srs22", 1, 5, True),
        ("eq_vas", 0, 100, True),
        ("sf36_pcs", 0, 100, True),
        ("sf36_mcs", 0, 100, True),
        ("dash", 0, 100, False),
        ("quickdash", 0, 100, False),
        ("hoos", 0, 100, True),
        ("koos", 0, 100, True),
        ("ohs", 0, 48, True),
        ("oks", 0, 48, True),
        ("hhs", 0, 100, True),
        ("lefs", 0, 80, True),
        ("eq5d3l_index", -2, 1, True),
    ],
)
def test_range_and_direction(key, low, high, higher_is_better):
    found = instrument(key)
    assert (found.low, found.high, found.higher_is_better) == (low, high, higher_is_better)


def test_every_instrument_is_complete():
    for key, found in INSTRUMENTS.items():
        assert found.key == key
        assert set(found.names) == set(LANGUAGES) <= set(found.synonyms)
        assert all(found.names.values())
        assert found.citation
        assert found.better_words != found.worse_words
        assert all(low < high for low, high in found.scales)
        if found.resolution is not None:
            assert all((high - low) % found.resolution == 0 for low, high in found.scales)


def test_pain_is_read_on_both_scales():
    assert instrument("pain").scales == (TEN, HUNDRED)
    assert instrument("ndi").scales == (HUNDRED, (D(0), D(50)))


def test_synonyms_are_written_as_they_are_compared_and_belong_to_one_instrument():
    owners: dict[str, set[str]] = {}
    for found in INSTRUMENTS.values():
        for words in found.synonyms.values():
            for word in words:
                assert normalise(word) == word, word
                owners.setdefault(word, set()).add(found.key)
    assert {word: own for word, own in owners.items() if len(own) > 1} == {}
    for word in ("vas", "nrs", "odi", "rmdq", "eqvas", "sf 36 pcs", "mcs", "ndi", "mjoa", "quickdash"):
        assert word in owners


def test_places_of_pain_have_their_own_words():
    seen: dict[tuple[str, str], str] = {}
    for site in PAIN_SITES.values():
        assert set(site.names) == set(site.words) == set(LANGUAGES)
        for language, words in site.words.items():
            for word in words:
                assert normalise(word) == word
                assert seen.setdefault((language, word), site.key) == site.key, word


def test_an_index_has_the_range_of_its_value_set():
    index = instrument("eq5d3l_index:europe_vas")
    assert (index.low, index.high, index.resolution) == (D("-0.0742"), D(1), D("0.0001"))
    assert index.key == "eq5d3l_index:europe_vas"
    assert instrument("eq5d3l_index:sweden_tto").high == D("0.9694")
    plain = instrument("eq5d3l_index")
    assert plain.resolution is None
    assert all(plain.low < eq5d.index_range(key)[0] and eq5d.index_range(key)[1] <= plain.high for key in VALUE_SETS)


@pytest.mark.parametrize("key", ["nothing", "pain:europe_vas", ""])
def test_an_unknown_instrument_is_named(key):
    with pytest.raises(KeyError, match=f"no instrument '{key}'"):
        instrument(key)


def test_an_index_of_an_unknown_value_set_is_named():
    with pytest.raises(KeyError, match="no EQ-5D value set 'atlantis'"):
        instrument("eq5d3l_index:atlantis")


# --- thresholds ---------------------------------------------------------------------------------------------------


def values(key, scale, kind="absolute"):
    return {t.key: (t.value, t.converted) for t in thresholds_for(key, *scale) if t.kind == kind}


def test_pain_thresholds_on_the_scale_of_their_source_and_on_the_other():
    # Kube & Muir 2016 2.0 of 10; INSITE 20 and 25 of 100; Ostelo 2008 15 of 100, 2 of 10; Parai 2020 2.7 of 10
    assert values("pain", TEN) == {
        "pain_kube_2016": (D("2.0"), False),
        "pain_insite": (D("2"), True),
        "pain_insite_substantial": (D("2.5"), True),
        "pain_ostelo_vas": (D("1.5"), True),
        "pain_ostelo_nrs": (D(2), False),
        "pain_parai": (D("2.7"), False),
    }
    assert values("pain", HUNDRED) == {
        "pain_kube_2016": (D(20), True),
        "pain_insite": (D(20), False),
        "pain_insite_substantial": (D(25), False),
        "pain_ostelo_vas": (D(15), False),
        "pain_ostelo_nrs": (D(20), True),
        "pain_parai": (D(27), True),
    }


def test_the_detectable_change_is_carried_over_with_the_threshold():
    (here,) = (t for t in thresholds_for("pain", *HUNDRED) if t.key == "pain_parai")
    assert here.smallest_detectable_change == D(36)
    (there,) = (t for t in thresholds_for("pain", *TEN) if t.key == "pain_parai")
    assert there.smallest_detectable_change == D("3.6")


def test_percent_rules_and_states():
    assert values("pain", TEN, "percent") == {"pain_dworkin_30": (D(30), False), "pain_dworkin_50": (D(50), False)}
    assert values("pain", TEN, "state") == {"pain_pass_mannion": (D(3), False)}
    assert values("pain", HUNDRED, "state") == {"pain_pass_mannion": (D(30), True)}
    assert values("odi", HUNDRED, "state") == {"odi_pass_mannion": (D(18), False)}


def test_a_state_moves_with_the_low_end_of_the_scale_and_a_difference_does_not():
    scale = (D(1), D(11))
    assert values("pain", scale, "state") == {"pain_pass_mannion": (D(4), True)}
    assert values("pain", scale)["pain_kube_2016"] == (D(2), True)


def test_percent_rules_are_not_offered_where_the_scale_goes_below_zero():
    assert values("pain", (D(-5), D(5)), "percent") == {}


def test_what_has_no_finite_decimal_on_a_scale_is_left_out():
    assert values("rmdq", HUNDRED) == {}  # 5 of 24 is 20.8333…
    assert values("rmdq", (D(0), D(12))) == {"rmdq_ostelo": (D("2.5"), True)}


@pytest.mark.parametrize(
    ("key", "scale", "kind", "default"),
    [
        ("pain", TEN, "absolute", "2.0"),
        ("pain", HUNDRED, "absolute", "20"),
        ("pain", TEN, "percent", "30"),
        ("pain", TEN, "state", "3"),
        ("odi", HUNDRED, "absolute", "15"),
        ("odi", HUNDRED, "state", "18"),
        ("eq_vas", HUNDRED, "absolute", "7"),
        ("eq5d3l_index:europe_vas", (D("-0.0742"), D(1)), "absolute", "0.074"),
        ("rmdq", (D(0), D(24)), "absolute", "5"),
        ("sf36_pcs", HUNDRED, "absolute", "4"),
        ("sf36_mcs", HUNDRED, "absolute", "4"),
    ],
)
def test_defaults(key, scale, kind, default):
    chosen = default_threshold(key, *scale, kind)
    assert chosen is not None
    assert chosen.value == D(default)
    assert chosen.default
    assert next(t for t in thresholds_for(key, *scale) if t.kind == kind) == chosen


def test_no_default_where_nothing_is_published():
    assert default_threshold("hhs", *HUNDRED) is None
    assert thresholds_for("hhs", *HUNDRED) == ()
    assert default_threshold("eq_vas", *HUNDRED, "state") is None


def test_one_default_per_instrument_and_kind():
    kinds = {(t.instrument, t.kind) for t in THRESHOLDS}
    assert sorted((t.instrument, t.kind) for t in THRESHOLDS if t.default) == sorted(kinds)


def test_every_threshold_says_where_it_is_from():
    assert len({t.key for t in THRESHOLDS}) == len(THRESHOLDS)
    for threshold in THRESHOLDS:
        assert threshold.instrument in INSTRUMENTS
        assert threshold.citation
        assert threshold.population
        assert threshold.unit == ("%" if threshold.kind == "percent" else "points")
        assert threshold.value > 0
        assert threshold.value_set is None or threshold.value_set in VALUE_SETS


def test_an_index_is_told_when_its_threshold_comes_from_another_value_set():
    scale = (D("-0.594"), D(1))
    walters = {
        key: next(t for t in thresholds_for(key, *scale) if t.key == "eq5d_walters")
        for key in ("eq5d3l_index:uk_tto", "eq5d3l_index:europe_vas", "eq5d3l_index")
    }
    assert walters["eq5d3l_index:uk_tto"].note == ""
    assert walters["eq5d3l_index:europe_vas"].note == (
        "Found with the value set United Kingdom · TTO · Dolan 1997; this index uses Europe · VAS · Greiner 2003"
    )
    assert walters["eq5d3l_index"].note.endswith("the value set of this index is not known")
    assert {t.value for t in walters.values()} == {D("0.074")}
    assert not any(t.converted for t in walters.values())


def test_an_unknown_instrument_or_an_empty_scale_is_refused():
    with pytest.raises(KeyError, match="no instrument 'nothing'"):
        thresholds_for("nothing", *TEN)
    with pytest.raises(KeyError, match="no EQ-5D value set 'atlantis'"):
        thresholds_for("eq5d3l_index:atlantis", D(0), D(1))
    with pytest.raises(ValueError, match="a low end below its high end"):
        thresholds_for("pain", D(10), D(10))


# --- benchmarks ---------------------------------------------------------------------------------------------------


def test_benchmarks_are_carried_over_and_say_so():
    on_ten = {(b.study, b.time_point, b.quantity): b for b in benchmarks_for("pain", *TEN)}
    imia = on_ten["iMIA (Europe)", "24 months", "mean change"]  # PMC6467578: −45 (−54 to −37) of 100
    assert (imia.value, imia.ci_low, imia.ci_high) == (D("-4.5"), D("-5.4"), D("-3.7"))
    assert imia.converted
    assert imia.scale_note == "printed on 0–100, shown here on 0–10"
    assert imia.site == "back"
    hermans = on_ten["Hermans 2022 (NL; two centers)", "12 months", "mean change"]
    assert (hermans.value, hermans.sd, hermans.converted, hermans.scale_note) == (D("-2.86"), D("2.94"), False, "")
    on_hundred = {(b.study, b.time_point, b.quantity): b for b in benchmarks_for("pain", *HUNDRED)}
    assert on_hundred["Hermans 2022 (NL; two centers)", "12 months", "mean change"].sd == D("29.4")
    assert len(on_ten) == len(on_hundred) == 12


def test_a_mean_moves_with_the_low_end_and_a_change_does_not():
    moved = {(b.study, b.time_point, b.quantity): b.value for b in benchmarks_for("pain", D(1), D(11))}
    assert moved["Hermans 2022 (NL; two centers)", "baseline", "mean"] == D("8.83")
    assert moved["Hermans 2022 (NL; two centers)", "12 months", "mean change"] == D("-2.86")


def test_an_index_is_compared_with_its_own_value_set_only():
    scale = (D("-0.0742"), D(1))
    own = benchmarks_for("eq5d3l_index:europe_vas", *scale)
    assert [b.value for b in own] == [D("0.232"), D("0.266"), D("0.499")]
    assert benchmarks_for("eq5d3l_index:uk_tto", *scale) == ()
    assert benchmarks_for("eq5d3l_index", *scale) == ()


def test_every_benchmark_is_complete():
    assert len(BENCHMARKS) == 21
    for benchmark in BENCHMARKS:
        assert benchmark.source
        assert benchmark.instrument in INSTRUMENTS
        assert benchmark.n > 0
        assert benchmark.quantity in {"mean", "mean change"}
        assert benchmark.site is None or benchmark.site in PAIN_SITES
        assert (benchmark.ci_low is None) == (benchmark.ci_high is None)
        if benchmark.ci_low is not None:
            assert benchmark.ci_low < benchmark.value < benchmark.ci_high


def test_a_benchmark_without_a_finite_decimal_is_left_out():
    assert benchmarks_for("odi", D(0), D(30)) != ()
    assert all(b.value != 0 for b in benchmarks_for("odi", D(0), D(7)))
    assert benchmarks_for("hhs", *HUNDRED) == ()


def test_an_unknown_instrument_or_an_empty_scale_has_no_benchmarks():
    with pytest.raises(KeyError, match="no instrument 'nothing'"):
        benchmarks_for("nothing", *TEN)
    with pytest.raises(ValueError, match="a low end below its high end"):
        benchmarks_for("pain", D(10), D(0))


# --- scales -------------------------------------------------------------------------------------------------------


def test_carried_over_by_hand():
    assert carried_over(D("2.0"), TEN, HUNDRED, "difference") == D(20)
    assert carried_over(D(35), HUNDRED, TEN, "score") == D("3.5")
    assert carried_over(D(3), TEN, (D(1), D(11)), "score") == D(4)
    assert carried_over(D(1), (D(0), D(3)), (D(0), D(1)), "difference") is None
    with pytest.raises(ValueError, match="a low end below its high end"):
        carried_over(D(1), (D(1), D(1)), TEN, "score")


@settings(max_examples=60)
@given(st.integers(-200, 200), st.sampled_from([TEN, HUNDRED, (D(1), D(5)), (D(-10), D(10))]))
def test_there_and_back_is_the_same_figure(tenths, scale):
    value = D(tenths) / 10
    for kind in ("difference", "score"):
        there = carried_over(value, scale, HUNDRED, kind)
        assert there is not None
        assert carried_over(there, HUNDRED, scale, kind) == value
    stretch = Fraction(100) / Fraction(scale[1] - scale[0])
    assert Fraction(carried_over(value, scale, HUNDRED, "difference")) == Fraction(value) * stretch


@pytest.mark.parametrize(
    ("fact", "field"),
    [(instrument("pain"), "low"), (THRESHOLDS[0], "value"), (BENCHMARKS[0], "value"), (VALUE_SETS["uk_tto"], "year")],
)
def test_facts_cannot_be_changed_by_accident(fact, field):
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{field}'"):
        setattr(fact, field, 0)


def test_the_catalogue_cannot_be_changed_by_accident():
    with pytest.raises(TypeError, match="does not support item assignment"):
        INSTRUMENTS["pain"] = None
    with pytest.raises(TypeError, match="does not support item assignment"):
        eq5d.index_table("uk_tto")[1, 1, 1, 1, 1] = D(0)
