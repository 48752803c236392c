"""The one table in which the user corrects what every column was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.cohort.columns import AT_OCCASION, WORDS, ColumnGuess, MeasureSpec
from lib.cohort.importing import Import
from lib.cohort.occasions import occasion_of_key
from lib.present.wording import compact

_ROLES = {words: role for role, words in WORDS.items()}
_NONE = "–"
COMMON_OCCASIONS = ("baseline", "6w", "3m", "6m", "12m", "24m", "60m")


def edit(found: Import, key: str) -> Import:
    """Draw the table; the import as it stands after the user's changes."""
    occasions = _occasions(found.columns)
    rows = [_row(column) for column in found.columns]
    edited: Any = st.data_editor(
        rows,
        key=key,
        hide_index=True,
        num_rows="fixed",
        height=min(38 + 36 * len(rows), 420),
        column_config={
            "Column": st.column_config.TextColumn(disabled=True, pinned=True),
            "Is a": st.column_config.SelectboxColumn(options=list(_ROLES), required=True, width="medium"),
            "At": st.column_config.SelectboxColumn(options=[_NONE, *occasions.values()]),
            "Name": st.column_config.TextColumn(help="Columns with one name and two time points are before and after"),
            "Sure": st.column_config.TextColumn(disabled=True, width="small"),
            "Values": st.column_config.TextColumn(disabled=True, width="large"),
        },
    )
    changed = [
        new
        for old, before, now in zip(found.columns, rows, edited, strict=True)
        if (new := _changed(old, before, now, occasions)) is not None
    ]
    return found.with_columns(changed) if changed else found


def edit_measures(found: Import, key: str) -> Import:
    """Range, direction and threshold of measures that the catalogue does not have; nothing when there are none."""
    specs = [s for s in found.specs if s.assumed]
    if not specs:
        return found
    st.markdown("**Measures the catalogue does not know.** Please say how they are scored.")
    rows = [_spec_row(s) for s in specs]
    edited: Any = st.data_editor(
        rows,
        key=key,
        hide_index=True,
        num_rows="fixed",
        column_config={
            "Measure": st.column_config.TextColumn(),
            "Lowest": st.column_config.NumberColumn(),
            "Highest": st.column_config.NumberColumn(),
            "Better is": st.column_config.SelectboxColumn(options=["lower", "higher"], required=True),
            "Smallest improvement that counts": st.column_config.NumberColumn(min_value=0.0),
        },
    )
    told = [_spec(s, now) for s, now in zip(specs, edited, strict=True)]
    return found.with_columns([], told)


def _occasions(columns: Sequence[ColumnGuess]) -> dict[str, str]:
    keys = [c.occasion for c in columns if c.occasion]
    return {k: occasion_of_key(k).label for k in dict.fromkeys([*keys, *COMMON_OCCASIONS])}


def _row(column: ColumnGuess) -> dict[str, str]:
    return {
        "Column": column.name,
        "Is a": WORDS[column.role],
        "At": occasion_of_key(column.occasion).label if column.occasion else _NONE,
        "Name": column.label,
        "Sure": _sure(column.confidence),
        "Values": ", ".join(column.samples),
    }


def _sure(confidence: float) -> str:
    if confidence >= 0.9:
        return "yes"
    return "likely" if confidence >= 0.6 else "please check"


def _changed(
    old: ColumnGuess, before: dict[str, str], now: dict[str, Any], occasions: dict[str, str]
) -> ColumnGuess | None:
    if all(now.get(k) == before[k] for k in ("Is a", "At", "Name")):
        return None
    role = _ROLES[now["Is a"]]
    label = str(now.get("Name") or old.label)
    at = next((k for k, words in occasions.items() if words == now.get("At")), "")
    target = old.target if role is old.role and label == old.label else _target(label)
    return old.with_role(role, target, at if role in AT_OCCASION else "", label)


def _target(label: str) -> str:
    from lib.cohort.look import slug

    return slug(label)


def _spec_row(spec: MeasureSpec) -> dict[str, Any]:
    return {
        "Measure": spec.label,
        "Lowest": None if spec.low is None else float(spec.low),
        "Highest": None if spec.high is None else float(spec.high),
        "Better is": "higher" if spec.higher_is_better else "lower",
        "Smallest improvement that counts": None if spec.threshold is None else float(spec.threshold),
    }


def _spec(old: MeasureSpec, now: dict[str, Any]) -> MeasureSpec:
    from dataclasses import replace
    from decimal import Decimal

    def number(name: str) -> Decimal | None:
        value = now.get(name)
        return None if value is None else Decimal(compact(float(value)).replace("−", "-"))

    return replace(
        old,
        label=str(now.get("Measure") or old.label),
        low=number("Lowest"),
        high=number("Highest"),
        higher_is_better=now.get("Better is") == "higher",
        threshold=number("Smallest improvement that counts"),
        assumed=False,
    )
