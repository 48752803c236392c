"""Missing answers, codes that do not exist, and the rules that the golden cases do not reach."""

from __future__ import annotations

import numpy as np
import pytest

from lib.catalog.scoring import questionnaires, score


def _row(*values: float | None) -> np.ndarray:
    return np.array([[np.nan if v is None else v for v in values]], dtype=float)


def test_at_least_25_questionnaires_each_with_its_rule_and_source() -> None:
    found = questionnaires()
    assert len(found) >= 25
    for rules in found.values():
        assert rules.missing
        assert rules.citation
        assert len(set(rules.items)) == len(rules.items)
        assert all(0 <= place < len(rules.items) for scale in rules.scales for place in scale.items)


def test_oxford_two_missing_are_the_mean_of_the_others_and_three_are_no_score() -> None:
    two = score("oks", _row(4, 4, 4, 4, 4, 2, 2, 2, 2, 2, None, None))["oks"]
    three = score("oks", _row(4, 4, 4, 4, 4, 2, 2, 2, 2, None, None, None))["oks"]
    assert two.values[0] == 36.0
    assert np.isnan(three.values[0])
    assert three.too_few[0]


def test_a_code_that_does_not_exist_is_no_answer_and_no_score() -> None:
    scored = score("oks", _row(9, *[2] * 11))["oks"]
    assert np.isnan(scored.values[0])
    assert scored.illegal[0]
    assert not scored.too_few[0]


def test_an_empty_form_is_said_to_be_empty() -> None:
    scored = score("phq9", _row(*[None] * 9))["phq9"]
    assert scored.empty[0]
    assert np.isnan(scored.values[0])


def test_koos_needs_half_and_never_rounds() -> None:
    form = [None] * 42
    form[:5] = [1, 1, 1, 1, 2]
    scored = score("koos", _row(*form))
    assert scored["pain"].values[0] == pytest.approx(100 - 1.2 * 25, abs=1e-12)
    form[4] = None
    assert score("koos", _row(*form))["pain"].too_few[0]


def test_womac_total_needs_its_three_parts() -> None:
    form = [1.0] * 24
    form[5] = form[6] = np.nan
    scored = score("womac", np.array([form]))
    assert scored["pain"].values[0] == 5
    assert np.isnan(scored["stiffness"].values[0])
    assert np.isnan(scored["total"].values[0])


def test_both_published_directions_of_the_short_forms() -> None:
    for key, n in (("koos_ps", 7), ("hoos_ps", 5)):
        for code in range(5):
            scored = score(key, _row(*[code] * n))
            assert scored[key].values[0] + scored[f"{key}_100best"].values[0] == pytest.approx(100)
    assert score("koos_ps", _row(*[0] * 7))["koos_ps"].values[0] == 0
    assert score("koos_ps", _row(*[0] * 7))["koos_ps_100best"].values[0] == 100


def test_another_number_of_items_is_refused() -> None:
    with pytest.raises(ValueError, match="Oxford Knee Score has 12 items"):
        score("oks", np.zeros((3, 11)))
    with pytest.raises(KeyError):
        score("no such form", np.zeros((1, 1)))


def test_no_rows() -> None:
    for key, rules in questionnaires().items():
        scored = score(key, np.empty((0, len(rules.items))))
        assert all(len(s.values) == 0 for s in scored.values())


@pytest.mark.parametrize("key", questionnaires())
def test_the_best_and_the_worst_form_are_the_ends_of_every_scale_that_has_items(key: str) -> None:
    rules = questionnaires()[key]
    lowest = np.array([[rules.codes(place)[0] for place in range(len(rules.items))]], dtype=float)
    highest = np.array([[rules.codes(place)[1] for place in range(len(rules.items))]], dtype=float)
    for scale in rules.scales:
        ends = [score(key, form)[scale.key].values[0] for form in (lowest, highest)]
        assert not np.isnan(ends).any(), scale.key
