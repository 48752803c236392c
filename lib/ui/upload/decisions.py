"""What the user said of the file while the dialog is open, and the file as it is with that: columns, answers, repairs.

Widgets of a step that is not shown lose their state, so everything said is kept here, beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from lib.cohort.design import Design
from lib.importing.columns.coded_answers import AnswerSpec
from lib.importing.columns.roles import MeasureSpec
from lib.importing.findings import Finding, ImportProblem, Repair
from lib.importing.proposal import Import
from lib.importing.questions.base import SKIP, Question, Stake
from lib.importing.questions.codes import CODE
from lib.importing.questions.of_findings import AGREE, KEEP, is_safe, key_of, value_question
from lib.ui.upload import columns
from lib.ui.upload.state import keep

_SLOT = "_upload.decisions."
CLEAN_UP = "clean up"


@dataclass(eq=False)
class Decisions:
    """Everything said of one table. `round` counts the changes, so that nothing is worked out twice.

    Attributes:
        questions: key of a question → key of its answer or `SKIP`, in the order given.
        repairs: key of a repair → whether it was agreed to.
        kept: key of a repair made without asking → whether the cells stay as they are all the same.
    """

    round: int = 0
    questions: dict[str, str] = field(default_factory=dict)
    repairs: dict[str, bool] = field(default_factory=dict)
    measures: dict[str, MeasureSpec] = field(default_factory=dict)
    coded: dict[str, AnswerSpec] = field(default_factory=dict)
    windows: dict[str, float] = field(default_factory=dict)
    left_as_is: dict[str, bool] = field(default_factory=dict)
    date: str | None = None
    design: Design | None = None


@dataclass(frozen=True, eq=False)
class Card:
    """A question with the answer given, '' while it is open. `repair`: the change of values it stands for."""

    question: Question
    answer: str
    repair: Repair | None = None


@dataclass(frozen=True, eq=False)
class Draft:
    """The file with everything said of it.

    Attributes:
        start: before anything was said. base: its columns as said, nothing answered. found: with answers and repairs.
        cards: questions, then changes of values. safe: clean-up that may be agreed to together.
    """

    start: Import
    base: Import
    found: Import
    cards: tuple[Card, ...]
    safe: tuple[tuple[Finding, Repair], ...]
    cleaned: bool
    agreed: frozenset[str]

    @property
    def left(self) -> int:
        """Questions and changes of values not answered, and one while clean-up is not agreed to."""
        return sum(not c.answer for c in self.cards) + (bool(self.safe) and not self.cleaned)

    @property
    def first_open(self) -> str:
        """Key of the first card without an answer, '' when there is none."""
        keys = [c.question.key for c in self.cards if not c.answer]
        if self.safe and not self.cleaned:
            keys.append(CLEAN_UP)
        return next(iter(keys), "")


def decided(key: str) -> Decisions:
    """What was said of the table with this key so far."""
    found: Decisions = st.session_state.setdefault(_SLOT + key, Decisions())
    return found


def decide(key: str, what: str, name: str, value: Any) -> None:
    """Remember one thing: `say(key, "questions", "direction:pain", "higher")`. For use in a callback."""
    now = decided(key)
    if name:
        getattr(now, what)[name] = value
    else:
        setattr(now, what, value)
    now.round += 1


def draft_of(found: Import, key: str) -> Draft:
    """The file with everything said of it; worked out once for each thing said."""
    changed = columns.edited_columns(f"{key}.table")
    about = (found.fingerprint, id(found.parsed), decided(key).round, tuple(changed.items()))
    return keep("draft", about, lambda: _tell(found, decided(key), key))


def without(draft: Draft, key: str, card: Card) -> Import:
    """The file as it would be had this card not been answered: from there its answers are tried."""
    now = decided(key)
    other = replace(
        now,
        questions={k: v for k, v in now.questions.items() if k != card.question.key},
        repairs={k: v for k, v in now.repairs.items() if k != card.question.key},
    )
    about = (draft.base.fingerprint, now.round, card.question.key)
    return keep("without", about, lambda: _answered(draft.base, other)[0])


def _tell(found: Import, now: Decisions, key: str) -> Draft:
    base = _edited(found, now, columns.edited_columns(f"{key}.table"))
    done, cards, safe = _answered(base, now)
    here = set(columns.edited_columns(f"{key}.table"))
    cards = tuple(c for c in cards if c.answer or not _is_answered(c.question, here))
    keys = {key_of(r) for _, r in safe}
    agreed = frozenset(k for k in keys if now.repairs.get(k))
    return Draft(found, base, done, cards, safe, all(k in now.repairs for k in keys), agreed)


def _edited(found: Import, now: Decisions, changed: dict[str, Any]) -> Import:
    for repair in found.automatic:
        if now.left_as_is.get(key_of(repair)):
            found = found.without(repair)
    if changed or now.measures:
        found = found.with_columns(changed.values(), now.measures.values())
    if now.coded:
        found = found.with_answers(now.coded.values())
    if now.windows:
        found = found.with_windows(now.windows.items())
    if now.date is not None and now.date != found.extraction_date:
        found = replace(found, extraction_date=now.date)
    return found if now.design is None else replace(found, design=now.design)


def _answered(base: Import, now: Decisions) -> tuple[Import, tuple[Card, ...], tuple[tuple[Finding, Repair], ...]]:
    found = base
    cards: list[Card] = []
    seen: set[str] = set()
    order = {q.key: place for place, q in enumerate(base.questions)}
    while (put := _next(found, now, seen)) is not None:
        seen.add(put.key)
        try:
            found = found.with_answer(put.key, now.questions[put.key])
        except ImportProblem:  # an answer that this file's question does not have
            continue
        cards.append(Card(put, now.questions[put.key]))
    cards += [Card(q, "") for q in found.questions if q.key not in {c.question.key for c in cards}]
    cards.sort(key=lambda c: order.get(c.question.key, len(order)))
    questioned = {name for c in cards if c.question.code == CODE for name in c.question.columns}
    offered = [
        (f, f.repair)
        for f in found.findings
        if f.repair is not None and not (f.code == "missing_code" and f.column in questioned)
    ]
    safe = tuple((f, r) for f, r in offered if is_safe(f))
    for finding, repair in offered:
        if not is_safe(finding):
            put = value_question(found, finding, repair)
            answer = now.questions.get(put.key, "")
            cards.append(Card(put, answer, repair))
    agreed = [r for c in cards if c.answer == AGREE and (r := c.repair) is not None]
    agreed += [r for _, r in safe if now.repairs.get(key_of(r))]
    return (found.accept(*agreed) if agreed else found), tuple(cards), safe


def _is_answered(question: Question, here: set[str]) -> bool:
    """Whether the table of columns says already what is asked: all of its columns, or when one of them was asked."""
    about = set(question.columns)
    return bool(about) and (about <= here or (question.stakes == (Stake.TIME,) and bool(about & here)))


def _next(found: Import, now: Decisions, seen: set[str]) -> Question | None:
    return next((q for q in found.questions if now.questions.get(q.key) and q.key not in seen), None)


def answer(key: str, card: Card, chosen: str) -> None:
    """Give a card an answer. For use in a callback."""
    decide(key, "questions", card.question.key, chosen)


def agree_to_all(key: str, draft: Draft) -> None:
    """Every safe repair agreed to. For use in a callback."""
    for _, repair in draft.safe:
        decide(key, "repairs", key_of(repair), True)


def skip_all(key: str, draft: Draft) -> None:
    """Every open card that can be skipped is skipped, and clean-up left as it is. For use in a callback."""
    for card in draft.cards:
        if not card.answer and card.question.skip:
            decide(key, "questions", card.question.key, SKIP)
    leave(key, draft)


def undo(key: str, draft: Draft, repair: Repair) -> None:
    """The cells as in the file; a question whose answer changed them is open again. For use in a callback."""
    name = key_of(repair)
    if repair in draft.start.automatic:
        decide(key, "left_as_is", name, True)
    elif name in draft.agreed:
        decide(key, "repairs", name, False)
    elif any(c.question.key == name for c in draft.cards):
        decide(key, "questions", name, KEEP)
    else:
        for card in draft.cards:
            if any(repair in a.repairs for a in card.question.answers):
                decide(key, "questions", card.question.key, "")


def leave(key: str, draft: Draft) -> None:
    """Clean-up that nobody agreed to stays undone. For use in a callback."""
    for _, repair in draft.safe:
        decide(key, "repairs", key_of(repair), key_of(repair) in draft.agreed)
