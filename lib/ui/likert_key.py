"""The key of a Likert chart: one strip of its colours with the name of every answer."""

from __future__ import annotations

import html

import streamlit as st

from lib.present.theme import PALETTE, PROJECTOR, likert_ramp


def show_ends(levels: tuple[str, ...]) -> None:
    """The same for a projector, in one line: the names of both ends, the colours between them."""
    fills = [color.fill for color in likert_ramp(len(levels))]
    fields = "".join(f'<span style="width:2.5rem;height:1.5rem;background:{fill}"></span>' for fill in fills)
    first, last = html.escape(levels[0]), html.escape(levels[-1])
    st.html(
        f'<div style="display:flex;align-items:center;gap:.75rem;font-size:{PROJECTOR.text / 16:g}rem;line-height:1.25;'
        f'color:{PALETTE.muted}"><span>{first}</span><span style="display:flex">{fields}</span>'
        f"<span>{last}</span></div>"
    )


def show_key(levels: tuple[str, ...], fills: tuple[str, ...] = ()) -> None:
    """A coloured field and its name per level, in order, wrapping on a narrow screen; `fills` in place of the ramp."""
    fills = fills or tuple(color.fill for color in likert_ramp(len(levels)))
    cells = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:.4rem;margin-right:1rem">'
        f'<span style="width:1rem;height:.75rem;border-radius:2px;background:{fill}"></span>'
        f"{html.escape(level)}</span>"
        for level, fill in zip(levels, fills, strict=True)
    )
    st.html(f'<div style="font-size:.875rem;line-height:1.6;color:{PALETTE.muted}">{cells}</div>')
