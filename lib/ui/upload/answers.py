"""Statements answered in numbers: which end is best, from which to which number, and what the ends mean."""

from __future__ import annotations

import streamlit as st

from lib.importing.columns.coded_answers import AnswerSpec, Series, ends_fit, listed_series
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import Role
from lib.importing.proposal import Import
from lib.present.wording import for_markdown, plural
from lib.ui.upload.decisions import decide

HIGH_BEST, LOW_BEST = "high", "low"
_ENDS = (LOW_BEST, HIGH_BEST)
_WIDTHS = (2, 2.6, 1, 1, 1.7, 1.7)
_MANY_NAMES = 3


def edit(found: Import, key: str) -> None:
    """One line per series of statements in numbers. Nothing is drawn where there is none."""
    series = _series(found)
    if not series:
        return
    with st.expander(f"Answers in numbers: {plural(len(series), 'series', 'series')}", icon=":material/pin:"):
        st.markdown("Which end is best, which numbers could be chosen, and what do the ends mean? All of it may stay.")
        own = f"{key}.answers"
        specs_chosen = [
            _line(each, _default_spec(found, each), own, first=place == 0) for place, each in enumerate(series)
        ]
    changed = [spec for each, spec in zip(series, specs_chosen, strict=True) if spec != _default_spec(found, each)]
    if changed:
        for spec in changed:
            decide(key, "coded", spec.series, spec)
        st.rerun()


def _series(found: Import) -> tuple[Series, ...]:
    listed: dict[str, tuple[str, list[Profile]]] = {}
    for column in found.columns:
        if column.role is Role.STATEMENT:
            name = column.label or column.name
            listed.setdefault(column.target, (name, []))[1].append(found.profiles[column.name])
    return listed_series(listed)


def _default_spec(found: Import, series: Series) -> AnswerSpec:
    return next((a for a in found.answers if a.series == series.key), AnswerSpec(series.key))


def in_words(series: Series) -> str:
    """ "A1 … A5", "Trust in the surgeon"."""
    if len(series.names) <= _MANY_NAMES:
        return ", ".join(series.names)
    return f"{series.names[0]} … {series.names[-1]}"


def _line(series: Series, chosen: AnswerSpec, key: str, *, first: bool) -> AnswerSpec:
    own = f"{key}.{series.key}"
    name = in_words(series)
    columns = st.columns(_WIDTHS, vertical_alignment="bottom")

    def words(label: str) -> str:
        return label if first else f"{label}, {for_markdown(name)}"

    columns[0].markdown(f"{for_markdown(name)}  \n:gray[:small[seen {series.low} to {series.high}]]")
    low = columns[2].number_input(
        words("Lowest"), value=chosen.low, step=1, placeholder=str(series.low), key=f"{own}.low", min_value=-100
    )
    high = columns[3].number_input(
        words("Highest"), value=chosen.high, step=1, placeholder=str(series.high), key=f"{own}.high", max_value=1000
    )
    ends = {LOW_BEST: series.low if low is None else low, HIGH_BEST: series.high if high is None else high}
    best = columns[1].segmented_control(
        words("Best answer"),
        list(_ENDS),
        default=LOW_BEST if chosen.low_is_best else HIGH_BEST,
        key=f"{own}.best",
        required=True,
        format_func=lambda way: f"{ends[way]} is best",
        help="The last of the answers in charts and tables",
    )
    low_label = columns[4].text_input(
        words("Lowest means"), value=chosen.low_label, key=f"{own}.low_label", max_chars=40, placeholder="not at all"
    )
    high_label = columns[5].text_input(
        words("Highest means"), value=chosen.high_label, key=f"{own}.high_label", max_chars=40, placeholder="completely"
    )
    if not ends_fit(ends[LOW_BEST], ends[HIGH_BEST]):
        st.markdown(f":material/error: {for_markdown(name)}: the lowest answer must lie below the highest.")
        low, high = chosen.low, chosen.high
    return AnswerSpec(series.key, low, high, best == LOW_BEST, low_label.strip(), high_label.strip())
