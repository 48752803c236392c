"""The few rules of style that Streamlit's theme cannot say.

They hang on the keys of containers (Streamlit writes `st-key-<key>`, which is documented) and on plain elements, never
on its generated class names. Should one be lost in a new Streamlit, only spacing changes. `:has()` stands on the few
wrappers of containers only: the browser looks at every element that could match whenever something in it changes.

Keys a page may use: `card_…` for a card, `finding` for the title that states the finding, `strip` for the line of
numbers under it, `present` for everything in Present mode.
"""

from __future__ import annotations

import streamlit as st

from lib.present.theme import PALETTE, PROJECTOR
from lib.ui import cards, heat

CSS = f"""
[class*="st-key-card_"] h2 {{ padding-top: 0; }}
.st-key-finding h1 {{ padding: 0 0 .25rem; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-strip) {{
  position: sticky; top: 3.75rem; z-index: 90; background: {PALETTE.page};
}}
[class*="st-key-card_measure"] p small {{ line-height: 1.3; }}
.st-key-compare-controls [data-testid="stButtonGroup"] > div {{ flex-wrap: wrap; overflow: visible; }}
button[data-variant="pills"] {{ height: auto; min-height: 2rem; }}
button[data-variant="pills"] * {{ white-space: normal; height: auto; overflow: visible; text-align: left; }}
[class*="st-key-published_"] button {{ min-height: 1.75rem; padding: 0; }}
/* cut where it is narrow; our own words say it */
[data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-connection_watch) {{ position: absolute; }}
@media print {{
  section[data-testid="stSidebar"], [data-testid="stHeader"], [class*="st-key-no_print"],
  [class*="st-key-card_no_print"] {{ display: none; }}
  .ct tr {{ break-inside: avoid; }}
}}
"""

_TYPE = f"{PROJECTOR.text / 16:g}rem"
PRESENT = f"""
[data-testid="stMainBlockContainer"] {{ padding: .5rem 3rem 0; max-width: none; }}
[data-testid="stHeader"] {{ display: none; }}
.st-key-present {{ gap: .5rem; }}
.st-key-present h1 {{ font-size: {PROJECTOR.title / 16:g}rem; line-height: 1.15; padding: 0; }}
.st-key-present p {{ font-size: {_TYPE}; line-height: 1.25; margin: 0; }}
.st-key-present [data-testid="stMarkdownContainer"] {{ margin-bottom: 0; }}
.st-key-present [data-testid="stIconMaterial"] {{ font-size: {_TYPE}; }}
.st-key-present_keys kbd, .st-key-present_keys [data-testid="stShortcut"] {{ display: none; }}
.st-key-present h1, .st-key-present > .stElementContainer p {{
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
}}
.st-key-present > .stElementContainer p {{ -webkit-line-clamp: 1; }}
.st-key-present .ct {{ line-height: 1.2; }}
.st-key-present .ct th, .st-key-present .ct td {{ padding: .12em .4em .12em 0; font-size: inherit; }}
.st-key-present .ct th:last-child, .st-key-present .ct td:last-child {{ padding-right: 0; }}
.st-key-present .lc-tools, [data-testid="stToast"] {{ display: none; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-present_keys) {{
  position: fixed; bottom: .25rem; left: 3rem; right: 3rem; width: auto;
}}
.st-key-present_keys button {{ padding: .1rem .8rem; min-height: 0; }}
.st-key-present_keys {{ flex-wrap: nowrap; justify-content: space-between; }}
.st-key-present_move {{ margin-left: auto; opacity: 0; }}
.st-key-present_keys:hover .st-key-present_move, .st-key-present_move:has(:focus-visible) {{ opacity: 1; }}
.st-key-present_keys p {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 26rem; }}
[role="menuitem"] * {{ font-size: {_TYPE}; }}
.st-key-clicker {{ position: absolute; left: -200vw; }}
@media (min-width: 1600px) and (min-height: 880px) {{ [data-testid="stMain"] {{ zoom: 1.25; }} }}
@media (min-width: 1900px) and (min-height: 1000px) {{ [data-testid="stMain"] {{ zoom: 1.48; }} }}
@media (hover: none) {{ .st-key-present_move {{ opacity: 1; }} }}
@media (min-width: 901px) and (max-width: 1200px) {{
  .st-key-present h1 {{ -webkit-line-clamp: 3; }}
  .st-key-present_hint {{ display: none; }}
}}
@media (max-width: 900px) {{
  [data-testid="stMainBlockContainer"] {{ padding: .5rem 1rem; }}
  .st-key-present h1 {{ font-size: 1.5rem; -webkit-line-clamp: 5; }}
  .st-key-present p, .st-key-present .ct th, .st-key-present .ct td {{ font-size: 1.125rem; }}
  .st-key-present > .stElementContainer p {{ -webkit-line-clamp: 3; }}
  .st-key-present .ct {{ font-size: 1.125rem !important; }}
  .st-key-present_stage {{ height: auto !important; }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-present_keys) {{ position: static; }}
  .st-key-present_keys {{ flex-wrap: wrap; }}
  .st-key-present_move {{ margin-left: 0; opacity: 1; }}
}}
"""
"""On a projector of 1280 × 720 nothing is written smaller than 24 points; a phone shows the same, one below another."""


def apply() -> None:
    """Put the rules into the page. Once per run, in the frame; it takes no room."""
    st.html(f"<style>{CSS}{cards.CSS}{heat.CSS}</style>")


def present() -> None:
    """The rules of Present mode, only there: some hold for the whole page, also for what stands outside of its own."""
    st.html(f"<style>section[data-testid='stSidebar'] {{ display: none; }}{PRESENT}</style>")
