"""All questions of a file, in one list. A kind is a function from a recognised table to questions; add it to `KINDS`.

One module per subject; `base.py` has the objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lib.importing.checks.base import Recognised
from lib.importing.questions import answers, columns, eq5d, scales
from lib.importing.questions.base import Question
from lib.importing.questions.codes import blank_or_no, code_or_no
from lib.importing.questions.headings import on_its_side, three_headings
from lib.importing.questions.items import scored_from_items
from lib.importing.questions.repeats import repeats
from lib.importing.questions.same_patient import same_patient
from lib.importing.questions.side_by_side import side_by_side
from lib.importing.questions.total import total_of_answers
from lib.importing.questions.turned import turned_round
from lib.importing.questions.unit import unit_of_analysis

KINDS: tuple[Callable[[Recognised], Iterable[Question]], ...] = (
    on_its_side,
    three_headings,
    same_patient,
    unit_of_analysis,
    side_by_side,
    scored_from_items,
    total_of_answers,
    columns.visits,
    columns.times,
    columns.measures,
    repeats,
    scales.two_units,
    scales.from_0_to_1,
    scales.points_or_percent,
    turned_round,
    eq5d.eq5d_version,
    eq5d.eq5d_index,
    eq5d.eq5d_from_zero,
    eq5d.eq5d_spelling,
    answers.coded,
    answers.survey_codes,
    answers.two_languages,
    code_or_no,
    blank_or_no,
)


def ask(table: Recognised) -> tuple[Question, ...]:
    """Every question of every kind, in the order in which they are put."""
    return tuple(question for kind in KINDS for question in kind(table))
