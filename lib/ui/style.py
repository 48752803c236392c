"""The few rules of style that Streamlit's theme cannot say.

They hang on the keys of containers (Streamlit writes `st-key-<key>`, which is documented) and on plain elements, never
on its generated class names. Should one be lost in a new Streamlit, only spacing changes. `:has()` stands on the few
wrappers of containers only: the browser looks at every element that could match whenever something in it changes.

Keys a page may use: `card_…` for a card, `finding` for the title that states the finding, `strip` for the line of
numbers under it, `present` for everything in Present mode.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.present import slide_html
from lib.present.theme import PALETTE, PROJECTOR
from lib.ui import cards, heat

CSS = f"""
[class*="st-key-card_"] h2 {{ padding-top: 0; }}
section[data-testid="stSidebar"] [data-testid="stVerticalBlock"] {{ gap: .625rem; }}
[data-testid="stPopoverBody"] {{ max-width: 22rem !important; }}
@media (max-width: 800px) {{
  [data-testid="stMain"] [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) {{ flex-wrap: wrap; }}
  [data-testid="stMain"] [data-testid="stColumn"] {{ min-width: 100%; flex: 1 1 100%; }}
}}
@media (forced-colors: active) {{
  :is([aria-checked="true"], [aria-pressed="true"], [data-testid$="Active"]) {{
    forced-color-adjust: none; background: Highlight; color: HighlightText;
  }}
  [data-testid="stSlider"] * {{ forced-color-adjust: none; }}
  /* Streamlit's ring is a shadow, and forced colours take every shadow away */
  :focus-visible {{ outline: 2px solid Highlight !important; outline-offset: 2px; }}
}}
.st-key-finding h1 {{ padding: 0 0 .25rem; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-strip) {{
  position: sticky; top: 3.75rem; z-index: 90; background: {PALETTE.page};
}}
[class*="st-key-few_"] [data-testid="stMetricValue"] {{
  font-size: 1.3125rem; font-weight: 500; line-height: 3rem; height: 3rem; color: {PALETTE.muted};
}}
[class*="st-key-card_measure"] .ct td {{ white-space: nowrap; padding-right: .4rem; }}
[class*="st-key-card_measure"] p small {{ line-height: 1.3; }}
/* half a second of drawing the whole window beside the charts, at every click */
[data-testid="stProgress"] * {{ transition: none !important; }}
.st-key-compare-controls [data-testid="stButtonGroup"] > div {{ flex-wrap: wrap; overflow: visible; }}
button[data-variant="pills"] {{ height: auto; min-height: 2rem; }}
button[data-variant="pills"] * {{ white-space: normal; height: auto; overflow: visible; text-align: left; }}
[class*="st-key-published_"] button {{ min-height: 1.75rem; padding: 0; }}
/* cut where it is narrow; our own words say it */
[data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-connection_watch) {{ position: absolute; }}
[data-testid="stMainMenuItem-recordScreencast"],
[data-testid="stMainMenuPopover"] div:has(> .stMenuVersionCopyButton) {{ display: none; }}
@media (prefers-reduced-motion: reduce) {{
  *, *::before, *::after {{ animation-duration: .01ms !important; transition-duration: 0s !important; }}
}}
@media (forced-colors: active) {{
  .ct td, .ct i, .ct .key span, .lc-figure, [data-testid="stProgress"] * {{ forced-color-adjust: none; }}
  .lc-figure, .ct td {{ background-color: {PALETTE.page}; }}
  .ct td {{ color: {PALETTE.ink}; }}
}}
@media print {{
  html {{ font-size: 14px; }}
  section[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToast"], [class*="st-key-no_print"],
  [class*="st-key-card_no_print"], [data-testid="stTooltipIcon"], [data-testid="stButton"], [data-testid="stPopover"],
  [data-testid="stButtonGroup"], [data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stSlider"],
  [data-testid="stDownloadButton"], [data-testid="stTextInput"], [data-testid="stExpander"] details:not([open]) {{
    display: none;
  }}
  [data-testid="stMainBlockContainer"] {{ padding: 0; max-width: none; }}
  [data-testid="stHorizontalBlock"] {{ display: block; }}
  [data-testid="stColumn"] {{ width: 100% !important; min-width: 100% !important; margin-bottom: 1rem; }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-strip) {{ position: static; }}
  [class*="st-key-card_"], .ct tr, [data-testid="stBidiComponentRegular"] {{ break-inside: avoid; }}
  [class*="st-key-card_"]:has(tr:nth-child(22)) {{ break-inside: auto; }}
  h1, h2, h3 {{ break-after: avoid; }}
  .ct {{ overflow: visible; background: none; }}
  .ct tr > :first-child, .ct p {{ position: static; }}
  .ct table {{ font-size: .8125rem; }}
  .ct th, .ct td {{ padding: .2rem .4rem .2rem 0; }}
  .ct, .ct * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
@page {{
  size: A4 portrait; margin: 15mm; @bottom-right {{ content: counter(page) " / " counter(pages); font-size: 9pt; }}
}}
"""

_TYPE = f"{PROJECTOR.text / 16:g}rem"


def _zooms() -> str:
    """A slide is made for 1280 × 720 and shown as large as the screen allows: in steps, CSS divides no lengths yet."""
    steps = [0.8, *(round(1 + k / 20, 2) for k in range(1, 41))]
    return "\n".join(
        f"@media (min-width: {901 if z < 1 else 1280 * z:.0f}px) and (min-height: {720 * z:.0f}px) and "
        f"({'max' if z < 1 else 'min'}-width: {1279 if z < 1 else 1280 * z:.0f}px) "
        f'{{ [data-testid="stMain"] {{ zoom: {z}; }} }}'
        for z in steps
    )


PRESENT = f"""
[data-testid="stMainBlockContainer"] {{ padding: 1.25rem 4rem 0; max-width: none; }}
[data-testid="stHeader"] {{ display: none; }}
.st-key-present {{ gap: .5rem; }}
.st-key-present h1 {{ font-size: {PROJECTOR.title / 16:g}rem; line-height: 1.15; padding: 0; }}
.st-key-present h1 {{ min-height: 2.3em; text-wrap: balance; }}
.st-key-present p {{ font-size: {_TYPE}; line-height: 1.25; margin: 0; }}
.st-key-present [data-testid="stMarkdownContainer"] {{ margin-bottom: 0; }}
.st-key-present [data-testid="stIconMaterial"] {{ font-size: {_TYPE}; }}
.st-key-present_keys kbd, .st-key-present_keys [data-testid="stShortcut"] {{ display: none; }}
.st-key-present h1, .st-key-present > .stElementContainer p {{
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
}}
.st-key-present > .stElementContainer p {{ -webkit-line-clamp: 1; }}
[data-testid="stPopoverBody"] {{ max-width: none !important; }}
.st-key-present .lc-tools, [data-testid="stToast"] {{ display: none; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-present_keys) {{
  position: fixed; bottom: .75rem; left: 4rem; right: 4rem; width: auto;
}}
.st-key-present_keys button {{ padding: .1rem .8rem; min-height: 0; }}
.st-key-present_keys {{ flex-wrap: nowrap; justify-content: space-between; }}
.st-key-present_move {{
  position: absolute; right: 6rem; bottom: 0; width: max-content; background: {PALETTE.page}; opacity: 0; z-index: 60;
}}
.st-key-present_keys:hover .st-key-present_move, .st-key-present_move:has(:focus-visible) {{ opacity: 1; }}
.st-key-present_keys > * {{ min-width: 0; flex: 0 1 auto; }}
.st-key-present_keys > :has(button), .st-key-present_keys > :last-child {{ flex: none; }}
.st-key-present_keys p {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
[role="menuitem"] * {{ font-size: {_TYPE}; }}
.st-key-clicker {{ position: absolute; left: -200vw; }}
.st-key-present_down {{ position: fixed; inset: 0 0 4rem; width: auto; z-index: 50; opacity: 0; }}
.st-key-present_down button {{ position: fixed; inset: 0 0 4rem; width: auto; height: auto; cursor: default; }}
.st-key-present:has(.sl.big) h1 {{ font-size: 4.75rem; padding-top: 3rem; min-height: 0; }}
.st-key-present_stage:has(.sl.big) {{ padding-top: 2rem; }}
.black {{ position: fixed; inset: 0; z-index: 9999; background: #000; }}
{slide_html.CSS}
{_zooms()}
@media (hover: none) {{ .st-key-present_move {{ opacity: 1; }} }}
@media (max-width: 900px) {{
  [data-testid="stMainBlockContainer"] {{ padding: .5rem 1rem; }}
  .st-key-present h1 {{ font-size: 1.5rem; -webkit-line-clamp: 5; }}
  .st-key-present p, .st-key-present .sl {{ font-size: 1.125rem; }}
  .sl thead {{ display: none; }}
  .sl tr {{ display: grid; grid-template-columns: 1fr auto auto; }}
  .sl td:first-child {{ grid-column: 1 / -1; border-bottom: 0; }}
  .sl .w {{ width: auto; }}
  .sl .bar i {{ padding-left: 1px; }}
  .st-key-present_down {{ position: static; }}
  .st-key-present > .stElementContainer p {{ -webkit-line-clamp: 3; }}
  .st-key-present_stage, [data-testid="stLayoutWrapper"]:has(> .st-key-present_stage) {{ height: auto !important; }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-present_keys) {{ position: static; }}
  .st-key-present_keys {{ flex-wrap: wrap; }}
  .st-key-present_move {{ position: static; opacity: 1; }}
}}
"""
"""On a projector of 1280 × 720 nothing is written smaller than 24 points; a phone shows the same, one below another."""


def apply() -> None:
    """Put the rules into the page. Once per run, in the frame; it takes no room."""
    st.html(f"<style>{cards.CSS}{heat.CSS}{CSS}</style>")


def frame(words: str, nothing_on: Mapping[str, str]) -> None:
    """What stands above every printed page, and the pages of the menu that are grey: address and reason of each."""
    grey = "".join(_grey(f'a[href$="/{page}"]', reason) for page, reason in nothing_on.items())
    st.html(f"<style>@page {{ @top-left {{ content: {_quoted(words)}; font-size: 9pt; }} }}{grey}</style>")


def _grey(link: str, reason: str) -> str:
    """Grey in the menu; the reason under it while it is pointed at or reached by keyboard, and always read aloud."""
    tip = f"content: {_quoted(reason)}; position: absolute; top: 100%; left: 0; z-index: 99; width: max-content;"
    tip += f" max-width: 18rem; padding: .3rem .6rem; background: {PALETTE.ink}; color: {PALETTE.page}; opacity: 0;"
    found = f'[data-testid="stTopNavLinkContainer"]:has({link})'
    shown = f"{found}:is(:hover, :focus-within)"
    return (
        f"{found} {{ position: relative; }} {found} :is(a, span, p) {{ color: {PALETTE.muted}; font-style: italic; }}"
        f"{found}::after {{ {tip} pointer-events: none; }} {shown}::after {{ opacity: 1; }}"
    )


def unit_beside(key: str, unit: str) -> None:
    """The unit of the large number in the container of this key, small and quiet beside it."""
    place = f'.st-key-{key} [data-testid="stMetricValue"] > div'
    quiet = f"font-size: 1rem; line-height: 1; font-weight: 400; color: {PALETTE.muted}"
    st.html(f"<style>{place}::after {{ content: {_quoted(' ' + unit)}; {quiet}; }}</style>")


def _quoted(words: str) -> str:
    """As text of CSS: what is no letter, number or space goes in as its number."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x} " for c in words) + '"'


def present() -> None:
    """The rules of Present mode, only there: some hold for the whole page, also for what stands outside of its own."""
    st.html(f"<style>section[data-testid='stSidebar'] {{ display: none; }}{PRESENT}</style>")
