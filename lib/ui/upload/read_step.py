"""Step Read: what the file is, what each column is taken for, and the first rows; columns are corrected here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.importing.columns.roles import EVENT_ROLES, Role
from lib.importing.findings import ImportProblem, Severity, rows_in_words
from lib.importing.proposal import Import
from lib.importing.questions.base import Question
from lib.importing.questions.of_findings import key_of
from lib.present.sentences.first_result import headline
from lib.present.tables.file_reading import group_lines, outcome_lines, statement_lines
from lib.present.wording import count, for_markdown, inside, plural
from lib.ui.cards import card, muted
from lib.ui.upload import answers, columns, detected, extras, measures, pieces, series, times
from lib.ui.upload.decisions import Draft, decide

_QUESTIONS_ELSEWHERE = frozenset({"duplicate_patient"})
"""Errors of the whole file that have a question of their own."""
GROUPED, COLUMNS = "grouped", "columns"
VIEW = "upload.view"
_LIKE_EQ5D = (Role.EQ5D_STATE, Role.EQ5D_DIMENSION)


def show(draft: Draft, result: Cohort | ImportProblem, key: str) -> None:
    """The file as understood; either grouped by what it is used for, or every column in a table to correct."""
    found = draft.found
    if isinstance(result, Cohort):
        result = _without_answers(draft, result)
    words = {GROUPED: "Grouped", COLUMNS: f"All {plural(len(found.columns), 'column')}"}
    if st.session_state.get(VIEW) not in words:
        st.session_state[VIEW] = GROUPED if isinstance(result, Cohort) else COLUMNS
    left, right = st.columns([74, 26], vertical_alignment="bottom")
    with left:
        if isinstance(result, Cohort):
            about = detected.summary_in_words(result)
            pieces.head(headline(result), detected.in_words(found), markdown=about)
        else:
            pieces.head("Nothing to explore yet", str(result), detected.in_words(found))
    with right, st.container(horizontal_alignment="right"):
        st.segmented_control(
            "View", list(words), key=VIEW, required=True, format_func=words.__getitem__, label_visibility="collapsed"
        )
    for finding in found.findings:
        if finding.severity is Severity.ERROR and finding.repair is None and finding.code not in _QUESTIONS_ELSEWHERE:
            st.markdown(f":material/error: {for_markdown(finding.sentence)}")
    if st.session_state[VIEW] == COLUMNS:
        _columns(draft, key)
    elif isinstance(result, Cohort):
        _grouped(draft, result)
    _left_out(draft, key)
    with card("import_rows"):
        detected.five_rows(found)
    _record(found)


def _grouped(draft: Draft, cohort: Cohort) -> None:
    tags = _tags(draft)
    left, right = st.columns([58, 41])
    lines = outcome_lines(cohort, _headings(draft.found))
    with left, card("import_outcomes", "Outcomes"):
        asked = [(plural(len(q.columns), "column"), q.text) for q in _asked_answers(draft)]
        if lines:
            pieces.outcomes([o.label for o in cohort.time_points], lines, tags)
        elif not asked:
            muted("No column is taken for an outcome.")
        if asked:
            pieces.pairs("Asked in the next step", asked, {name: "question" for name, _ in asked})
    with right:
        statements, groups = statement_lines(cohort), group_lines(cohort)
        if statements:
            with card("import_statements", "Statements"):
                pieces.pairs("Statements", statements, plain=True)
        with card("import_groups", "Groups, to filter and compare"):
            if groups:
                labels = {c.label or c.name: tags[c.name] for c in draft.found.columns if c.name in tags}
                pieces.pairs("Groups", groups, labels)
            else:
                muted("No column of groups.")


def _asked_answers(draft: Draft) -> list[Question]:
    """Open questions whether columns are the answers of a questionnaire."""
    return [c.question for c in draft.cards if not c.answer and c.question.code in ("item", "items")]


def _without_answers(draft: Draft, cohort: Cohort) -> Cohort:
    """Answers of a questionnaire are no outcomes, as long as it is open whether they are."""
    names = {name for question in _asked_answers(draft) for name in question.columns}
    open_ones = {c.target for c in draft.found.columns if c.name in names}
    return replace(cohort, measures={k: m for k, m in cohort.measures.items() if k not in open_ones})


def _headings(found: Import) -> dict[str, list[str]]:
    """Columns of the file by the key of the outcome they hold."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for column in found.columns:
        if column.role in _LIKE_EQ5D:
            by_key["eq5d"].append(column.name)
        elif column.role in EVENT_ROLES:
            by_key["events"].append(column.name)
        elif column.role in (Role.SCORE, Role.YESNO):
            by_key[column.target].append(column.name)
    return by_key


def _tags(draft: Draft) -> dict[str, str]:
    """Column → "question", or the row whose value is asked about."""
    tags: dict[str, str] = {}
    for each in draft.cards:
        if not each.answer:
            put = each.question
            words = f"row {put.rows[0]}" if each.repair is not None and len(put.rows) == 1 else "question"
            tags |= dict.fromkeys(put.columns, words)
    return tags


def _columns(draft: Draft, key: str) -> None:
    """Every column with what it is taken for, several changed at once, and the details of scores and answers."""
    table = f"{key}.table"
    with card("import_columns", "What each column is taken for"):
        line = st.container(horizontal=True, vertical_alignment="center")
        now = columns.edit(draft.start, table, line, partial(measures.direction_of_several, draft.base, key))
        with line:
            times.offer(now, f"{table}.times", table)
            series.offer(now, f"{table}.series")
        measures.edit(draft.base, key)
        answers.edit(draft.base, key)
        extras.boxes(draft.found, key)


def _left_out(draft: Draft, key: str) -> None:
    found = draft.found
    rows = [(name, "identifies persons") for name in found.left_out]
    unused = [c.name for c in found.columns if c.role is Role.IGNORE]
    if len(unused) > 6:
        rows.append((f"{count(len(unused))} columns", "not used: " + ", ".join(unused[:6]) + " …"))
    else:
        rows += [(c.name, _why(c.evidence)) for c in found.columns if c.role is Role.IGNORE]
    dropped = [r for r in found.repairs if r.kind == "drop_rows"]
    rows += [("Rows", inside(r.sentence)) for r in dropped]
    retained = [r for r in draft.start.automatic if r.kind == "drop_rows" and r not in found.repairs]
    rows += [(rows_in_words(r.rows).capitalize(), "kept as you said; counted as patients") for r in retained]
    if not rows:
        return
    with card("import_left_out", "Left out, and why"):
        if found.left_out:
            names = for_markdown(", ".join(found.left_out))
            st.markdown(f":material/visibility_off: **Left out, because it identifies persons:** {names}.")
        others = [r for r in rows if r[0] not in found.left_out]
        if others:
            pieces.pairs("Left out", others)
        for place, repair in enumerate(r for r in draft.start.automatic if r.kind == "drop_rows"):
            keep = repair not in retained
            words = rows_in_words(repair.rows)
            st.button(
                f"Keep {words}" if keep else f"Leave {words} out",
                key=f"upload.keep.{place}",
                type="tertiary",
                on_click=decide,
                args=(key, "left_as_is", key_of(repair), keep),
            )


def _why(evidence: tuple[str, ...]) -> str:
    return "; ".join(evidence[:2]) or "not used"


def _record(found: Import) -> None:
    """What was found and asks for nothing here; all of it stays in Data check."""
    noted = [f for f in found.findings if f.repair is None and f.code != "direction_assumed"]
    if not noted:
        return
    heavy = [f for f in noted if f.severity is not Severity.NOTE]
    words = f"{plural(len(noted), 'finding')} for Data check"
    if heavy:
        words += f", {count(len(heavy))} to look at"
    with st.expander(words, icon=":material/fact_check:"):
        shown = [*heavy, *(f for f in noted if f not in heavy)][:15]
        st.markdown("\n".join(f"- {for_markdown(f.sentence)}" for f in shown))
        if len(noted) > len(shown):
            muted(f"… and {plural(len(noted) - len(shown), 'more finding', 'more findings')}, all in Data check.")
