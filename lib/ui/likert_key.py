"""The key of a Likert chart: one strip of its colours with the name of every answer."""

from __future__ import annotations

import html

import streamlit as st

from lib.present.theme import PALETTE, likert_ramp


def show_key(levels: tuple[str, ...]) -> None:
    """A coloured field and its name per level, in order, wrapping on a narrow screen."""
    cells = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:.4rem;margin-right:1rem">'
        f'<span style="width:1rem;height:.75rem;border-radius:2px;background:{color.fill}"></span>'
        f"{html.escape(level)}</span>"
        for level, color in zip(levels, likert_ramp(len(levels)), strict=True)
    )
    st.html(f'<div style="font-size:.875rem;line-height:1.6;color:{PALETTE.muted}">{cells}</div>')
