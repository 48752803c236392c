"""The one "Compare by" control beside the filter: a column, thirds of a number, the filter against the rest, A and B.

Pages ask `comparison(analysis)` and get a Comparison or None. The address carries column keys, labels and ranges; names
that the user typed for a merged group or a pinned selection stay in the session.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.analysis import Analysis
from lib.analysis.groups.centers import is_many
from lib.analysis.groups.comparison import Comparison, compare, with_patients
from lib.analysis.groups.contrasts import Question
from lib.cohort.cohort import BASELINE, Category, Cohort
from lib.cohort.grouping import (
    ByBaseline,
    ByColumn,
    ByQuantile,
    Grouping,
    Merge,
    Named,
    TwoCohorts,
    VersusRest,
    parse_grouping,
)
from lib.cohort.selection import Selection, SelectionError, parse_selection, selection_text
from lib.present.wording import for_markdown
from lib.settings import MOST_PAIRED
from lib.ui import filters

COMPARE = "choice.compare"
AGAINST, PRIMARY = "choice.reference", "choice.primary"
ALL_PAIRS = "*"
"""In place of a reference: every pair."""
MERGE = "choice.merge."
"""Followed by the key of the column whose groups are merged: each column keeps its own."""
MERGE_NAME = "choice.merge_name."
"""Followed by the key of the column whose group is called so."""
PINS = {"A": "choice.pin_a", "B": "choice.pin_b"}
PIN_NAMES = {"A": "choice.pin_a_name", "B": "choice.pin_b_name"}
NOT_IN_ADDRESS = (MERGE_NAME, *PIN_NAMES.values())
"""What such keys begin with."""
NOTHING, REST, TWO = "", "rest", "two"
_PINNED = "_times_pinned"


def grouping(cohort: Cohort, selection: Selection) -> Grouping | None:
    """What is compared by in this session; None for one group. A choice this cohort does not have is no choice."""
    chosen = st.session_state.get(COMPARE) or NOTHING
    if chosen == REST:
        return None if selection.is_empty else VersusRest(selection)
    if chosen == TWO:
        first, second = (pinned(letter, cohort) for letter in PINS)
        return None if first is None or second is None else TwoCohorts(first, second)
    if not isinstance(chosen, str) or chosen == NOTHING:
        return None
    try:
        found = parse_grouping(chosen, cohort)
    except SelectionError:
        return None
    return _merged(found, cohort) if isinstance(found, ByColumn) and not found.merges else found


def comparison(analysis: Analysis) -> Comparison | None:
    """The groups of a page, None when nothing is compared."""
    found = grouping(analysis.cohort, analysis.selection)
    if found is None or is_many(found, analysis.cohort):
        return None
    return _comparison(analysis, found)


def _comparison(analysis: Analysis, found: Grouping) -> Comparison:
    """The comparison with what the user wants set against what; a reference that it does not have is none."""
    labels = compare(analysis, found).labels
    chosen = str(st.session_state.get(AGAINST) or "")
    primary = str(st.session_state.get(PRIMARY) or "")
    question = Question(chosen if chosen in labels else "", chosen == ALL_PAIRS, primary)
    return with_patients(compare(analysis, found, question))


def choose_against(comparison: Comparison, outcomes: Mapping[str, str]) -> None:
    """Draw the two controls of the page Compare: what each group is set against, and the primary outcome."""
    labels = comparison.labels
    words = {"": "the average of all"} | {label: label for label in labels}
    if len(labels) == 2:
        words = {"": f"{labels[0]} (the first)", labels[1]: labels[1]}
    elif len(labels) <= MOST_PAIRED:
        words |= {ALL_PAIRS: "each other (all pairs)"}
    _one_of("Compared with", AGAINST, words)
    _one_of("Primary outcome", PRIMARY, dict(outcomes))


def _one_of(name: str, key: str, words: Mapping[str, str]) -> None:
    if len(words) < 2:
        return
    chosen = st.session_state.get(key)
    # set in every run: where only the words of a value changed, the browser would go on showing the old ones
    st.session_state[key] = chosen if chosen in words else next(iter(words))
    shown = {value: for_markdown(label) for value, label in words.items()}
    st.selectbox(name, list(shown), key=key, format_func=shown.__getitem__, persist_state="session")


def many(analysis: Analysis) -> ByColumn | None:
    """The grouping of the Compare page (chosen, or its default) where it has too many groups for a comparison."""
    found = grouping(analysis.cohort, analysis.selection) or default_grouping(analysis.cohort)
    return too_many(found, analysis.cohort)


def too_many(found: Grouping | None, cohort: Cohort) -> ByColumn | None:
    """The grouping itself where it has too many groups for a comparison, else None."""
    return found if isinstance(found, ByColumn) and is_many(found, cohort) else None


def comparison_or_default(analysis: Analysis) -> Comparison | None:
    """The groups of the Compare page: those chosen, else those of `default_comparison`."""
    return comparison(analysis) or default_comparison(analysis)


def default_comparison(analysis: Analysis) -> Comparison | None:
    """What is compared before anybody chose: the arms of a trial, etiology, center or the first column with groups.

    Where the filter leaves one group of it, as "Postpartum" does of etiology, the filter against the rest: that is the
    comparison in which there is something to compare.
    """
    first, selection = default_grouping(analysis.cohort), analysis.selection
    if first is None or is_many(first, analysis.cohort):
        return None
    found = compare(analysis, first)
    if not selection.is_empty and sum(1 for _, group in found.groups if group.selected.any()) < 2:
        return _comparison(analysis, VersusRest(selection))
    return _comparison(analysis, first)


def pinned(letter: str, cohort: Cohort) -> Named | None:
    """The selection pinned as "A" or "B", None when there is none (or it does not fit this cohort)."""
    text = st.session_state.get(PINS[letter])
    if not isinstance(text, str) or not text:
        return None
    try:
        return Named(parse_selection(text, cohort), str(st.session_state.get(PIN_NAMES[letter]) or ""))
    except SelectionError:
        return None


def default_grouping(cohort: Cohort) -> Grouping | None:
    """What the Compare page opens with when nothing is chosen: the groups or arms that the user named, else etiology,
    center, or the first column with groups."""
    columns = sorted(_columns(cohort), key=lambda column: column.key != cohort.design.groups_by)
    return _merged(ByColumn(columns[0].key), cohort) if columns else None


def choose(cohort: Cohort, selection: Selection) -> None:
    """Draw the control: the list, then merging and pinning under it."""
    words = _options(cohort, selection)
    if len(words) == 1:
        return
    if st.session_state.get(COMPARE) not in words:
        st.session_state[COMPARE] = NOTHING
    st.selectbox("Compare by", list(words), key=COMPARE, format_func=words.__getitem__)
    with st.container(horizontal=True, key="compare-more", gap="xsmall", vertical_alignment="center"):
        if st.session_state[COMPARE] == NOTHING:
            st.markdown(f":gray[:small[{for_markdown(_automatic(cohort, selection))}]]", width="stretch")
        chosen = grouping(cohort, selection)
        if isinstance(chosen, ByColumn):
            _merging(cohort, chosen)
        _pinning(cohort, selection)


def _automatic(cohort: Cohort, selection: Selection) -> str:
    """What Compare and Statements show before anybody chose, as `default_comparison` chooses it."""
    first = default_grouping(cohort)
    if first is None:
        return ""
    left = [group for group in first.split(cohort) if (group.mask & selection.apply(cohort)).any()]
    rest = not selection.is_empty and len(left) < 2
    what = "this filter against the rest" if rest else f"by {first.describe(cohort).lower()}"
    return f"Automatic on Compare: {what}"


def _columns(cohort: Cohort) -> list[Category]:
    return [c for c in cohort.categories() if len(c.labels) >= 2]


def _options(cohort: Cohort, selection: Selection) -> dict[str, str]:
    words = {NOTHING: "One group"}
    words |= {ByColumn(c.key).text(): c.label for c in _columns(cohort)}
    groupings: list[Grouping] = [ByQuantile(n.key) for n in cohort.numbers()]
    groupings += [ByBaseline(m.key) for m in cohort.measures.values() if cohort.has_scores(m.key, BASELINE)]
    words |= {g.text(): g.describe(cohort) for g in groupings}
    if not selection.is_empty:
        words[REST] = "This filter against the rest"
    if all(pinned(letter, cohort) for letter in PINS):
        words[TWO] = "A against B (pinned)"
    return words


# --- merging ---------------------------------------------------------------------------------------------------------


def _merged(found: ByColumn, cohort: Cohort) -> ByColumn:
    """The same grouping with the merge of this session, if that belongs to its column."""
    text = st.session_state.get(MERGE + found.column)
    if not isinstance(text, str) or not text:
        return found
    try:
        stored = parse_grouping(text, cohort)
    except SelectionError:
        return found
    if not isinstance(stored, ByColumn) or stored.column != found.column:
        return found
    name = str(st.session_state.get(MERGE_NAME + found.column) or "")
    return ByColumn(found.column, tuple(Merge(m.labels, name) for m in stored.merges[:1]))


def _merging(cohort: Cohort, chosen: ByColumn) -> None:
    column = cohort.columns[chosen.column]
    if not isinstance(column, Category) or len(column.labels) < 3:
        return
    key = f"compare-merge-{column.key}"
    chosen_before = list(chosen.merges[0].labels) if chosen.merges else []
    # one label is on its way to two, and not yet a merge
    st.session_state[key] = chosen_before or st.session_state.get(key, [])[:1]
    with st.popover("Merge", icon=":material/merge:"):
        st.multiselect(
            f"Count as one group ({for_markdown(column.label)})",
            list(column.labels),
            key=key,
            placeholder="Choose two or more",
            on_change=_keep_merge,
            args=(column.key, key),
        )
        _name_field("Name of the group", MERGE_NAME + column.key, "Other")


def _keep_merge(column: str, key: str) -> None:
    labels = tuple(st.session_state.get(key) or ())
    st.session_state[MERGE + column] = ByColumn(column, (Merge(labels),)).text() if len(labels) > 1 else ""


# --- pinning ---------------------------------------------------------------------------------------------------------


def _pinning(cohort: Cohort, selection: Selection) -> None:
    for letter in PINS:
        found = pinned(letter, cohort)
        if found is not None:
            words = for_markdown(found.name or " · ".join(found.selection.describe(cohort)))
            st.button(
                f"**{letter}** {words}",
                icon=":material/close:",
                icon_position="right",
                key=f"unpin-{letter}",
                on_click=_unpin,
                args=(letter,),
                help="Take this pin away",
            )
    if all(pinned(letter, cohort) for letter in PINS) and st.session_state[COMPARE] != TWO:
        st.button("A against B →", key="pins-compare", on_click=_against)
    # another key is another popover: it closes after a pin
    with st.popover("Pin", icon=":material/push_pin:", key=f"pin-{st.session_state.get(_PINNED, 0)}"):
        st.markdown(
            "Keep two filters, by name, and set them against each other. Pinning opens the filter again, so that you "
            "can choose the other one."
        )
        if selection.is_empty:
            st.markdown(":gray[Nothing is filtered now: choose a filter above, then it can be pinned.]")
        for letter in PINS:
            found = pinned(letter, cohort)
            described = " · ".join(found.selection.describe(cohort)) if found else ""
            st.markdown(f"**{letter}** :gray[{for_markdown(described) if found else 'nothing pinned'}]")
            st.button(
                f"Pin the filter as {letter}",
                key=f"pin-{letter}",
                on_click=_pin,
                args=(letter, selection),
                disabled=selection.is_empty,
                width="stretch",
            )
            if found:
                _name_field(f"Name of {letter}", PIN_NAMES[letter], described)
        st.button("Forget both", key="pin-forget", on_click=_forget_pins, width="stretch")


def _pin(letter: str, selection: Selection) -> None:
    st.session_state[PINS[letter]] = selection_text(selection)
    st.session_state[PIN_NAMES[letter]] = ""
    st.session_state[_PINNED] = st.session_state.get(_PINNED, 0) + 1
    if all(st.session_state.get(key) for key in PINS.values()):
        st.session_state[COMPARE] = TWO
        st.toast("A and B are pinned and compared. The filter is open again.")
    else:
        other = "B" if letter == "A" else "A"
        st.toast(f"Pinned as {letter}. The filter is open again: choose the other one and pin it as {other}.")
    # the next filter usually is the other half
    filters.reset()


def _unpin(letter: str) -> None:
    st.session_state.pop(PINS[letter], None)
    st.session_state.pop(PIN_NAMES[letter], None)
    if st.session_state.get(COMPARE) == TWO:
        st.session_state[COMPARE] = NOTHING


def _against() -> None:
    st.session_state[COMPARE] = TWO


def _forget_pins() -> None:
    for key in (*PINS.values(), *PIN_NAMES.values()):
        st.session_state.pop(key, None)
    if st.session_state.get(COMPARE) == TWO:
        st.session_state[COMPARE] = NOTHING


def _name_field(label: str, stored: str, placeholder: str) -> None:
    """A text field whose value is kept beside the widget, so that it outlives a run that does not draw it."""
    widget = f"name-{stored}"
    st.session_state[widget] = str(st.session_state.get(stored) or "")
    st.text_input(label, key=widget, placeholder=placeholder, max_chars=40, on_change=_keep_name, args=(widget, stored))


def _keep_name(widget: str, stored: str) -> None:
    st.session_state[stored] = str(st.session_state.get(widget) or "").strip()
