"""What the steps of the dialog are drawn with: a head, tables with a tag, rows of evidence, a result on its axis."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

import streamlit as st

from lib.importing.questions.base import Evidence
from lib.present.sentences.first_result import FirstResult
from lib.present.tables.file_reading import Line
from lib.present.theme import PALETTE
from lib.present.wording import for_markdown
from lib.ui.cards import muted

TAG = f"background:{PALETTE.tint};color:{PALETTE.accent};font-weight:600;border-radius:4px;padding:0 .4rem"
_MARKED = f"outline:1px solid {PALETTE.accent};outline-offset:-1px;padding-left:.4rem"
_HIT = f"background:{PALETTE.tint};font-weight:600;{_MARKED}"

_MOST_ROWS = 5
_CELL = "display:inline-block;padding:.1rem .5rem;border-radius:4px"

STYLE = f"""<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-import_bar) {{
  position: sticky; top: -2.25rem; z-index: 20; background: {PALETTE.page}; padding: .25rem 0;
  border-bottom: 1px solid {PALETTE.border};
}}
[data-testid="stDialog"] > div {{ overflow: clip; }} /* "hidden" would keep the bar from staying in view */
.st-key-import_body {{ margin-top: -.25rem; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-import_bar) {{ margin-top: -1.25rem; }}
.st-key-import_head h2 {{ font-size: 1.375rem; line-height: 1.3; padding: 0 0 .5rem; }}
.st-key-import_head p {{ line-height: 1.35; }}
.st-key-card_import_evidence .ct td, .st-key-card_import_evidence .ct th {{ padding: .1rem .5rem .1rem .4rem; }}
[class*="st-key-card_import"] h2 {{ font-size: 1.0625rem; padding: 0 0 .5rem; }}
.st-key-upload_rows .ct th, .st-key-upload_rows .ct td {{ white-space: nowrap; padding: .2rem .75rem .2rem 0; }}
[class*="st-key-answer_on_"] {{ outline: 2px solid {PALETTE.accent}; outline-offset: -1px; }}
.st-key-import_list button {{ justify-content: flex-start; text-align: left; padding: .35rem .5rem; }}
.st-key-import_list button * {{ white-space: normal; text-align: left; }}
.st-key-import_list button > div {{ width: 100%; justify-content: flex-start; }}
.st-key-import_list .st-key-import_here button {{ background: {PALETTE.tint}; font-weight: 600; }}
@media (max-width: 640px) {{
  [data-testid="stColumn"]:has(.st-key-import_list) {{ display: none; }}
  .st-key-import_bar kbd, .st-key-import_bar [data-testid="stShortcut"] {{ display: none; }}
  .st-key-import_foot kbd, .st-key-import_foot [data-testid="stShortcut"] {{ display: none; }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-import_foot) {{
    position: fixed; bottom: 0; left: 0; right: 0; z-index: 30; padding: .6rem 1rem; width: 100vw; max-width: none;
    background: {PALETTE.page}; border-top: 1px solid {PALETTE.border};
  }}
  .st-key-import_foot {{ justify-content: space-between; width: 100%; }}
  .st-key-import_foot > :only-child {{ margin-left: auto; }}
  .st-key-import_tidy kbd, .st-key-import_tidy [data-testid="stShortcut"] {{ display: none; }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-import_bar) {{ position: static; }}
  .st-key-import_bar {{ gap: .25rem; }}
  .st-key-import_bar button[data-variant="segmented_control"] {{ padding: .25rem .45rem; font-size: .8125rem; }}
  .st-key-import_bar [data-testid="stSpace"] {{ display: none; }}
  .st-key-import_tidy {{ flex-direction: column; }}
  [data-testid="stDialog"]:has(.st-key-import_foot) .st-key-import_body {{ padding-bottom: 4.5rem; }}
  [class*="st-key-answer_o"] kbd, [class*="st-key-answer_o"] [data-testid="stShortcut"] {{ display: none; }}
}}
</style>"""


HIDE_UPLOADER = "<style>[data-testid='stDialog'] .st-key-upload_place { display: none; }</style>"
"""Once a file is read, another is chosen behind its name."""


def head(title: str, *lines: str, markdown: str = "") -> None:
    """The finding or the question, and muted lines under it on what it rests; `markdown` stands as it is."""
    with st.container(key="import_head", gap="xxsmall"):
        st.header(for_markdown(title), anchor=False)
        if markdown:
            st.markdown(f":gray[:small[{markdown}]]")
        for line in lines:
            if line:
                muted(line)


def outcomes(heads: Sequence[str], lines: Sequence[Line], tags: dict[str, str]) -> None:
    """One line per outcome, time points side by side; `tags`: column of the file → what will be asked."""
    top = "".join(f'<th scope="col">{_safe(h)}</th>' for h in ("In the file", *heads, "Better is"))
    body = []
    for line in lines:
        tag = next((tags[c] for c in line.columns if c in tags), "")
        name = f"<strong>{_safe(line.name)}</strong> {_safe(line.more)}{_tag(tag)}"
        cells = "".join(
            f"<td><strong>{_safe(a)}</strong><br>{_quiet(b)}</td>" if b else f"<td>{_quiet(a)}</td>"
            for a, b in line.cells
        )
        row = f'<th scope="row">{name}<br>{_quiet(line.headings)}</th>{cells}<td>{_safe(line.better)}</td>'
        body.append(f"<tr>{row}</tr>")
    _draw("Outcomes", f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>")


def pairs(
    label: str, rows: Sequence[tuple[str, str]], tags: dict[str, str] | None = None, *, plain: bool = False
) -> None:
    """A name and what is known of it, per line; `plain`: a sentence of the file, and a number in one line."""
    first, second = ("", ' style="white-space:nowrap;padding-right:0"') if plain else (' class="h"', "")
    body = "".join(
        f'<tr><th scope="row"{first}>{_safe(a)}</th><td{second}>{_safe(b)}{_tag((tags or {}).get(a, ""))}</td></tr>'
        for a, b in rows
    )
    _draw(label, f"<tbody>{body}</tbody>")


def table(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table of texts."""
    top = "".join(f'<th scope="col">{_safe(h)}</th>' for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{_safe(c)}</td>" for c in row) + "</tr>" for row in rows)
    _draw(label, f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>")


def evidence(found: Evidence, columns: Collection[str]) -> None:
    """Rows of the file; the cells in question are marked."""
    hit = set(found.hit)
    wide = bool(found.rows) and len(found.rows[0]) == len(found.head) + 1
    heads = ["Row", *found.head] if wide else list(found.head)
    top = "".join(f'<th scope="col">{_safe(h)}</th>' for h in heads)
    body = ""
    for row in found.rows if len(found.rows) <= _MOST_ROWS else found.rows[: _MOST_ROWS - 1]:  # pairs stay pairs
        marked = row[0].isdigit() and int(row[0]) in hit
        cells = []
        for place, text in enumerate(row):
            questioned = marked and place > 0 and heads[place] in columns
            cells.append(f'<td style="{_HIT if questioned else ""}">{_safe(text) or "&nbsp;"}</td>')
        body += f"<tr>{''.join(cells)}</tr>"
    _draw("What the file says", f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>")


def result(found: FirstResult) -> None:
    """A measure before and after: the two numbers, both places on the axis, and who improved."""
    color = PALETTE.worsened if found.better is False else PALETTE.follow_up
    axis = '<div style="height:2.4rem"></div>'
    if found.before is not None and found.after is not None:
        low, high = sorted((found.before, found.after))
        axis = (
            '<div style="position:relative;height:1.1rem;margin:0 .5rem">'
            f'<div style="position:absolute;top:.5rem;left:0;right:0;height:2px;background:{PALETTE.hairline}"></div>'
            f'<div style="position:absolute;top:.42rem;left:{low:.1%};width:{high - low:.1%};height:4px;'
            f'background:{color};opacity:.4"></div>'
            f"{_dot(found.before, PALETTE.page, PALETTE.baseline)}{_dot(found.after, color, color)}</div>"
            f'<div style="display:flex;justify-content:space-between;color:{PALETTE.muted};font-size:.8125rem">'
            f"<span>{_safe(found.ends[0])}</span><span>{_safe(found.ends[1])}</span></div>"
        )
    st.html(
        f'<div style="font-size:.875rem;color:{PALETTE.muted}">{_safe(found.head)}</div>'
        f'<div style="font-size:1.375rem;font-weight:600;line-height:1.4">{_safe(found.numbers)}</div>{axis}'
        f'<div style="font-size:.9375rem">{_safe(found.line)}</div>'
    )


def becomes(cells: Sequence[tuple[str, str]]) -> None:
    """What stands in the file, struck out on grey, and what it becomes, on tint."""
    old = f"background:{PALETTE.hairline};color:{PALETTE.muted};text-decoration:line-through;{_CELL}"
    new = f"background:{PALETTE.tint};font-weight:600;{_CELL}"
    body = "".join(
        f'<div><span style="{old}">{_safe(a)}</span> → <span style="{new}">{_safe(b)}</span></div>' for a, b in cells
    )
    if body:
        st.html(f'<div style="font-size:.9375rem">{body}</div>')


def skipping(words: str) -> None:
    """The last line of a card: what skipping does, its first words in bold."""
    first, colon, rest = words.partition(":")
    st.markdown(f":gray[:small[**{for_markdown(first + colon)}**{for_markdown(rest)}]]")


def _dot(place: float, fill: str, edge: str) -> str:
    return (
        f'<div style="position:absolute;top:.15rem;left:calc({place:.1%} - .4rem);width:.8rem;height:.8rem;'
        f'box-sizing:border-box;border-radius:50%;background:{fill};border:2px solid {edge}"></div>'
    )


def _draw(label: str, inside: str) -> None:
    st.html(
        f'<div class="ct" style="font-size:.875rem" tabindex="0" role="region" aria-label="{_safe(label)}">'
        f"<table>{inside}</table></div>"
    )


def _tag(text: str) -> str:
    return f' <span style="{TAG}">{_safe(text)}</span>' if text else ""


def _quiet(text: str) -> str:
    return f'<span style="color:{PALETTE.muted}">{_safe(text)}</span>'


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
