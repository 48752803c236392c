"""The first result of a file while its questions are answered."""

import pytest

from lib.present.sentences.first_result import first_result
from tests.unit.importing.test_columns import table


@pytest.mark.parametrize(("answer", "way"), [("higher", "worse"), ("lower", "better")])
def test_better_is_said_only_after_somebody_said_which_end_is(answer: str, way: str) -> None:
    text = "\n".join(["id,burden_score_pre,burden_score_12m", *(f"{i},{40 + i % 9},{20 + i % 7}" for i in range(30))])
    found = table(text)
    question = next(q for q in found.questions if q.code in ("direction", "identity"))
    measure = next(c.target for c in found.columns if c.doubt is not None)
    cohort = found.with_answer(question.key, answer).build()
    assert first_result(cohort, {measure}).line == f"30 patients with both values; on average {way}"
    unsaid = first_result(cohort, {measure}, undirected={measure})
    assert unsaid.line == "30 patients with both values; on average lower"
    assert unsaid.better is None
