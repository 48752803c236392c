"""What was found in a file: errors first, each with its repair to agree to; what is only for the record in a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import streamlit as st

from lib.importing.findings import Finding, Repair, Severity, rows_in_words
from lib.importing.proposal import Import
from lib.present.wording import count, for_markdown, plural
from lib.ui.upload import extras

_LOOKS: dict[Severity | None, tuple[str, str]] = {
    Severity.ERROR: (":material/error:", "Numbers would be wrong or missing"),
    Severity.WARNING: (":material/warning:", "Please look at"),
    Severity.NOTE: (":material/build:", "Could be tidied"),
    None: (":material/info:", "For the record"),
}
_SAID_ELSEWHERE = ("direction_assumed",)
MOST_LINES = 15


def show(found: Import, key: str) -> tuple[Import, int]:
    """Draw errors and warnings; the import with the repairs agreed to, and how many errors have a repair nobody chose.

    A repair is made only when its box is ticked. New findings of repaired columns are not asked for again.
    """
    found = extras.told(found, key)
    listed = [f for f in found.findings if f.code not in _SAID_ELSEWHERE]
    accepted: list[Repair] = []
    for severity in (Severity.ERROR, Severity.WARNING):
        accepted += _expander([f for f in listed if f.severity is severity], severity, key)
    extras.boxes(found, key)
    accepted += _expander([f for f in listed if f.severity is Severity.NOTE and f.repair], Severity.NOTE, key)
    open_errors = sum(
        f.severity is Severity.ERROR and f.repair is not None and f.repair not in accepted for f in listed
    )
    return (found.accept(*accepted) if accepted else found), open_errors


def for_the_record(found: Import, key: str) -> None:
    """Draw the notes that ask for nothing."""
    _expander([f for f in found.findings if f.severity is Severity.NOTE and not f.repair], None, key)


def _expander(findings: Sequence[Finding], severity: Severity | None, key: str) -> list[Repair]:
    if not findings:
        return []
    icon, words = _LOOKS[severity]
    with st.expander(
        f"{words} ({count(len(findings))})",
        icon=icon,
        expanded=severity is Severity.ERROR,
        key=f"{key}.{severity or 'record'}",
    ):
        return _group(findings, key)


def _group(findings: Sequence[Finding], key: str) -> list[Repair]:
    with_repair = [f for f in findings if f.repair is not None]
    without = [f for f in findings if f.repair is None]
    repairs = [f.repair for f in with_repair if f.repair is not None]
    if len(repairs) > 2:
        boxes = [_box(key, r) for r in repairs]
        st.button(f"Agree to all {count(len(repairs))} repairs", key=f"{boxes[0]}.all", on_click=_tick, args=(boxes,))
    accepted = []
    for finding, repair in zip(with_repair, repairs, strict=True):
        st.markdown(for_markdown(_with_rows(finding)))
        if st.checkbox(for_markdown(repair.sentence), key=_box(key, repair)):
            accepted.append(repair)
    if len(without) > MOST_LINES:
        rows = [{"Column": f.column or "the file", "What was found": _with_rows(f)} for f in without]
        st.dataframe(rows, hide_index=True, height=300, alt="What was found")
    elif without:
        st.markdown("\n".join(f"- {for_markdown(_with_rows(f))}" for f in without))
    return accepted


def _tick(boxes: list[str]) -> None:
    for box in boxes:
        st.session_state[box] = True


def _box(key: str, repair: Repair) -> str:
    """A box belongs to what the repair does, so that it cannot stand for another one when findings come and go."""
    what = json.dumps(repair.to_json(), sort_keys=True).encode()
    return f"{key}.repair.{hashlib.sha256(what).hexdigest()[:16]}"


def _with_rows(finding: Finding) -> str:
    said = "row" in finding.sentence.lower()
    where = f" ({rows_in_words(finding.rows, finding.count)})" if finding.rows and not said else ""
    return finding.sentence + where


def in_words(found: Import, open_errors: int) -> str:
    """What the bar says about repairs nobody agreed to, or about a table without before and after; else empty."""
    if open_errors:
        return f"{plural(open_errors, 'proposed repair')} not agreed to: numbers may be wrong."
    codes = {f.code: f for f in reversed(found.findings)}  # the first of each
    if "nothing_to_compare" not in codes:
        return ""
    series = codes.get("possible_series")
    if series is not None:
        return series.sentence.partition(". ")[0] + '. Say when each was asked: "Same score at several time points".'
    return (
        "Nothing to compare before and after: if there is, say which columns are scores and when, in the table below."
    )
