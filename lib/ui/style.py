"""The few rules of style that Streamlit's theme cannot say.

They hang on the keys of containers (Streamlit writes `st-key-<key>`, which is documented) and on plain elements, never
on its generated class names. Should one be lost in a new Streamlit, only spacing changes.

Keys a page may use: `card_…` for a card, `finding` for the title that states the finding, `strip` for the line of
numbers under it, `present` for everything in Present mode.
"""

from __future__ import annotations

import streamlit as st

from lib.present.theme import PALETTE, PROJECTOR
from lib.ui import html_table

CSS = f"""
[class*="st-key-card_"] h2 {{ padding-top: 0; }}
.st-key-finding h1 {{ padding: 0 0 .25rem; }}
.st-key-present h1 {{ font-size: {PROJECTOR.title / 16}rem; padding-top: 0; }}
.st-key-present p {{ font-size: {PROJECTOR.text / 16}rem; }}
div:has(> .st-key-strip) {{ position: sticky; top: 3.75rem; z-index: 90; background: {PALETTE.page}; }}
div:has(> .st-key-present_keys) {{ position: fixed; bottom: .5rem; left: 5rem; right: 5rem; width: auto; z-index: 90; }}
.st-key-present {{ gap: .5rem; }}
[class*="st-key-card_measure"] p small {{ line-height: 1.3; }}
[class*="st-key-published_"] button {{ min-height: 1.75rem; padding: 0; }}
.st-key-clicker {{ position: absolute; left: -200vw; }}
div:has(> .st-key-connection_watch) {{ position: absolute; }}
.st-key-present_keys button p, .st-key-present_keys p {{ font-size: 1.25rem; }}
@media print {{ section[data-testid="stSidebar"] {{ display: none; }} }}
"""


def apply() -> None:
    """Put the rules into the page. Once per run, in the frame; it takes no room."""
    st.html(f"<style>{CSS}{html_table.CSS}</style>")
