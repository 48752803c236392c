"""Step Answer: a card per question, then one per change of values, then the clean-up that is safe to agree together."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lib.importing.columns.roles import AT_TIME_POINT, Role
from lib.importing.findings import Finding, ImportProblem, Repair, rows_in_words
from lib.importing.proposal import Import
from lib.importing.questions.base import SKIP, Answer, Question
from lib.importing.questions.of_findings import AGREE, SAFE, key_of
from lib.present.sentences.first_result import FirstResult, first_result
from lib.present.wording import count, for_markdown, plural
from lib.ui.cards import card, muted
from lib.ui.upload import decisions, pieces
from lib.ui.upload.decisions import CLEAN_UP, Card, Draft
from lib.ui.upload.state import keep

HERE = "_upload.card"
_LONGEST = 60
_MOST_CELLS = 4
_EQ5D = (Role.EQ5D_STATE, Role.EQ5D_DIMENSION)
_NO_INDEX = "No value set for these answers is built in; the five questions are shown."
_WHY_SAFE = {
    "summary_row": "a mean or a total, not a person",
    "remark_row": "one text and nothing else",
    "heading_within": "the headings once more",
    "alike_labels": "the same letters",
    "misspelt_answer": "one answer, misspelt",
    "missing_word": "words for “not known”",
    "missing_word_in_labels": "words for “not known”",
    "missing_code": "the scale has no such value",
}


def current(draft: Draft) -> str:
    """Key of the card that is open: the chosen one, else the first without an answer, else the last."""
    keys = [c.question.key for c in draft.cards] + ([CLEAN_UP] if draft.safe else [])
    here: str = st.session_state.get(HERE, "")
    if here in keys:
        return here
    return draft.first_open or (keys[-1] if keys else "")


def after(draft: Draft, here: str) -> str:
    """Key of the next card without an answer, '' when nothing is left."""
    keys = [c.question.key for c in draft.cards] + ([CLEAN_UP] if draft.safe else [])
    still = {c.question.key for c in draft.cards if not c.answer}
    still |= {CLEAN_UP} if draft.safe and not draft.cleaned else set()
    place = keys.index(here) + 1 if here in keys else 0
    return next((k for k in [*keys[place:], *keys[:place]] if k in still and k != here), "")


def show(draft: Draft, key: str) -> None:
    """The list at the left, the open card at the right."""
    here = current(draft)
    if not here:
        pieces.head("Nothing to ask", "Every column of this file is clear. Go on to Open.")
        return
    left, right = st.columns([3, 10])
    with left:
        _list(draft, here)
    with right:
        open_card = next((c for c in draft.cards if c.question.key == here), None)
        if open_card is None:
            _clean_up(draft, key)
        else:
            _card(draft, open_card, key)


def _list(draft: Draft, here: str) -> None:
    with st.container(key="import_list", gap="xxsmall"):
        groups = (
            ("Questions", [c for c in draft.cards if c.repair is None]),
            ("Change a value: look at each", [c for c in draft.cards if c.repair is not None]),
        )
        for title, cards in groups:
            if cards:
                st.markdown(f"**:small[{title}]**")
            for each in cards:
                _entry(each.question.key, _short(each.question.text), bool(each.answer), here)
        if draft.safe:
            st.markdown("**:small[Safe to agree together]**")
            _entry(CLEAN_UP, f"Tidy up {plural(len(draft.safe), 'thing')}", draft.cleaned, here)


def _entry(key: str, words: str, done: bool, here: str) -> None:
    icon = ":material/check_circle:" if done else ":material/radio_button_unchecked:"
    with st.container(key="import_here" if key == here else f"import_entry_{abs(hash(key))}"):
        st.button(
            for_markdown(words),
            key=f"upload.go.{key}",
            icon=icon,
            type="tertiary",
            width="stretch",
            on_click=go,
            args=(key,),
        )


def go(key: str) -> None:
    """Open a card. For use in a callback."""
    st.session_state[HERE] = key


def _short(text: str) -> str:
    words = text.rstrip("?")
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _card(draft: Draft, put: Card, key: str) -> None:
    question = put.question
    pieces.head(question.text, question.why)
    if question.evidence.rows:
        with card("import_evidence"):
            st.markdown("**:small[What the file says]**")
            pieces.evidence(question.evidence, question.columns)
    start = decisions.without(draft, key, put)
    results = [_result(start, question, choice) for choice in question.answers]
    places = st.columns(len(question.answers))
    for number, (place, choice, found) in enumerate(zip(places, question.answers, results, strict=True), start=1):
        with place:
            _answer(put, choice, found, number, key)
    same = len({(r.head, r.numbers, r.line) for r in results}) == 1 and results[0].before is not None
    skipped = question.skip or "This one cannot be skipped: every count depends on it."
    pieces.skipping(skipped + (" Either way this result is the same." if same else ""))


def _answer(put: Card, choice: Answer, found: FirstResult, number: int, key: str) -> None:
    chosen = put.answer == choice.key
    name = f"answer_{'on' if chosen else 'off'}_{number}"
    with st.container(border=True, height="stretch", key=name):
        st.markdown(f"**{for_markdown(choice.label)}**")
        muted(choice.effect or "\u00a0")
        if put.repair is not None and choice.key == AGREE:
            pieces.becomes(_cells(put))
        st.space("stretch")
        pieces.result(found)
        st.button(
            "Chosen" if chosen else "Choose this",
            key=f"upload.answer.{put.question.key}.{choice.key}",
            icon=":material/radio_button_checked:" if chosen else ":material/radio_button_unchecked:",
            width="stretch",
            shortcut=str(number),
            on_click=decisions.answer,
            args=(key, put, choice.key),
        )


def _cells(put: Card) -> list[tuple[str, str]]:
    """What stands in the cells of a repair and what they become; nothing where rows are concerned."""
    repair, evidence = put.repair, put.question.evidence
    if repair is None or repair.kind not in ("replace", "blank"):
        return []
    if repair.kind == "replace":
        return [(a, b or "blank") for a, b in repair.values[:_MOST_CELLS]]
    places = [i for i, name in enumerate(evidence.head, start=1) if name in repair.columns]
    texts = [row[p] for row in evidence.rows if row[0].isdigit() and int(row[0]) in evidence.hit for p in places]
    return [(text, "blank") for text in dict.fromkeys(t for t in texts if t)][:_MOST_CELLS]


def _result(start: Import, question: Question, choice: Answer) -> FirstResult:
    """What the first result would be with this answer; worked out for the open card only, and kept."""

    def compute() -> FirstResult:
        try:
            if any(q.key == question.key for q in start.questions):  # an answer is columns, repairs and more
                tried = start.with_answer(question.key, choice.key)
            else:
                tried = start.accept(*choice.repairs)
            cohort = tried.build()
        except ImportProblem as problem:
            return FirstResult("Then", "nothing to explore", str(problem))
        concerned = [c for c in tried.columns if c.name in set(question.columns)]
        outcome = [c for c in start.columns if c.name in set(question.columns) and c.role in AT_TIME_POINT]
        name = (outcome[0].label or outcome[0].name) if len(outcome) == len(concerned) and outcome else ""
        made = set(tried.sheet.names()) - set(start.sheet.names())  # a score of answers
        about = {c.target for c in tried.columns if c in concerned or c.name in made}
        if concerned and all(c.role in _EQ5D for c in concerned):
            found = first_result(cohort, about | {"eq5d3l", "eq5d5l"}, "EQ-5D index")
            return replace(found, line=_NO_INDEX) if found.before is None and cohort.states else found
        return first_result(cohort, about, name, {c.target for c in tried.columns if c.doubt is not None})

    return keep(f"result.{choice.key}", (start.fingerprint, question.key, choice.key), compute)


# The clean-up that changes no patient's number.


def _clean_up(draft: Draft, key: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top", key="import_tidy"):
        pieces.head(
            f"Tidy up {plural(len(draft.safe), 'thing')}? No patient’s number changes",
            "Spelling of one and the same word, codes for “not known”, rows that are no patients.",
        )
        st.button(
            f"Agree to all {count(len(draft.safe))}",
            key="upload.agree",
            icon=":material/done_all:",
            shortcut="a",
            on_click=decisions.agree_to_all,
            args=(key, draft),
        )
    rows = [_clean_row(f, r) for f, r in draft.safe]
    edited = st.data_editor(
        [{"Agree": key_of(r) in draft.agreed, **row} for row, (_, r) in zip(rows, draft.safe, strict=True)],
        key=f"{key}.clean.{decisions.decided(key).round}",
        hide_index=True,
        num_rows="fixed",
        disabled=["Kind", "Where", "In the file → becomes", "How many", "Why it is safe", "What was found"],
        alt="Clean-up that changes no patient's number",
    )
    wanted = {key_of(r): bool(row["Agree"]) for row, (_, r) in zip(edited, draft.safe, strict=True)}
    if {k for k, yes in wanted.items() if yes} != set(draft.agreed):
        for name, yes in wanted.items():
            decisions.decide(key, "repairs", name, yes)
        st.rerun(scope="app")
    with card("import_never", "Never agreed together"):
        st.markdown(
            "A number that becomes another number or blank · two names that may be two groups · which end of a scale "
            "is better · who is one patient · when something was asked. Each of these has its own question."
        )
    pieces.skipping("If you skip this: the words stay as they are in the file, and Data check lists them as open.")


def _clean_row(finding: Finding, repair: Repair) -> dict[str, str]:
    if repair.kind == "drop_rows":
        becomes = "left out"
    else:
        becomes = ", ".join(f"{a} → {b or 'blank'}" for a, b in repair.values[:4]) or repair.sentence
    where = ", ".join(repair.columns[:3]) or rows_in_words(repair.rows)
    return {
        "Kind": SAFE[finding.code],
        "Where": where,
        "In the file → becomes": becomes,
        "How many": plural(finding.count or len(repair.rows), "row" if repair.kind == "drop_rows" else "cell"),
        "Why it is safe": _WHY_SAFE.get(finding.code, SAFE[finding.code]),
        "What was found": finding.sentence,
    }


def skippable(draft: Draft, here: str) -> bool:
    """Whether the open card may be skipped."""
    put = next((c for c in draft.cards if c.question.key == here), None)
    return here == CLEAN_UP or (put is not None and bool(put.question.skip))


def skip(draft: Draft, key: str, here: str) -> None:
    """Skip the open card and go to the next. For use in a callback."""
    put = next((c for c in draft.cards if c.question.key == here), None)
    if put is not None:
        decisions.answer(key, put, SKIP)
    else:
        decisions.leave(key, draft)
    st.session_state[HERE] = after(draft, here)
