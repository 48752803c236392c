"""The key of a chart with groups: one coloured field and its name per group."""

from __future__ import annotations

import html
from collections.abc import Mapping

import streamlit as st

from lib.present.theme import PALETTE, CategoryStyle


def show_groups(styles: Mapping[str, CategoryStyle], *, everybody: str = "All") -> None:
    """A line per group and one for everybody (ink), wrapping on a narrow screen."""
    colors = {everybody: PALETTE.ink, **{name: style.color for name, style in styles.items()}}
    cells = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:.4rem;margin-right:1rem">'
        f'<span style="width:1.25rem;height:.2rem;background:{color}"></span>{html.escape(name)}</span>'
        for name, color in colors.items()
    )
    st.html(f'<div style="font-size:.875rem;line-height:1.6;color:{PALETTE.muted}">{cells}</div>')
