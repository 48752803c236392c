"""Heat tables: missing values per measure, center and month; and who agrees, per statement and group."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from lib.analysis.missing import Missing, MissingCell, MissingRow
from lib.present.charts.likert_groups import Block
from lib.present.theme import PALETTE
from lib.present.wording import count, percent
from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed

_RAMP = ("#F0F3F4", "#D3DBDE", "#9AA8AE", "#56656D")
_HATCHED = f"repeating-linear-gradient(45deg,{PALETTE.page} 0 3px,{PALETTE.hairline} 3px 5px)"
_MANY = 10
CSS = f"""
.heat table {{ border-collapse: separate; border-spacing: 1px; width: 100%; font-size: .8125rem; }}
.heat th {{ font-weight: 400; text-align: left; white-space: nowrap; padding: 0 .5rem 0 0; }}
.heat td {{ height: 1.375rem; min-width: 1rem; text-align: center; padding: 0 .1rem; }}
.heat thead th {{ color: {PALETTE.muted}; text-align: center; padding: 0; }}
.heat .t {{ text-align: right; white-space: nowrap; padding-left: .75rem; min-width: 5.5rem; }}
.heat .h1, .heat .key .h1 {{ background: {_RAMP[1]}; color: {PALETTE.ink}; }}
.heat .h2, .heat .key .h2 {{ background: {_RAMP[2]}; color: {PALETTE.ink}; }}
.heat .h3, .heat .key .h3 {{ background: {_RAMP[3]}; color: {PALETTE.page}; }}
.heat .h0, .heat .key .h0 {{ background: {_RAMP[0]}; }}
.heat .w {{ background: {_HATCHED}; }}
.heat .g {{ padding-left: .5rem; background: none; min-width: .4rem; }}
.heat .key span {{ display: inline-block; width: 1rem; height: .8rem; margin: 0 .35rem 0 1rem; vertical-align: -1px; }}
.heat .key {{ color: {PALETTE.muted}; font-size: .8125rem; margin-top: .5rem; }}
.agree td, .agree thead th {{ min-width: 4.25rem; height: 2.1rem; padding: 0 .35rem; }}
.agree thead th {{ vertical-align: bottom; white-space: normal; }}
.agree tbody th {{ min-width: 7.5rem; white-space: normal; font-size: .875rem; }}
.agree tbody td, .agree tbody th {{ vertical-align: middle; }}
.agree td {{ white-space: nowrap; }}
.agree i {{ display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin: 0 1px; }}
.agree .y {{ background: {PALETTE.follow_up}; }}
.agree .n {{ background: {PALETTE.unchanged_fill}; }}
@media print {{ html:has(.heat) {{ font-size: 11.5px; }} .heat td {{ min-width: .5rem; }} }}
"""


def show(missing: Missing) -> None:
    """Draw it with its key; it scrolls sideways by itself where the screen is narrow."""
    wide = len(missing.periods)
    body = "".join(_row(row, wide) for row in missing.rows)
    label = "Where values are missing: a number is how many patients have no value"
    unit = f"{missing.unit} of treatment" if missing.unit else ""
    st.html(
        f'<div class="ct heat" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<thead>{_heads(missing, unit)}</thead><tbody>{body}</tbody></table>{_key(missing)}</div>"
    )


def _heads(missing: Missing, unit: str) -> str:
    wide = len(missing.periods)
    names = "".join(
        f'{_gap(k)}<th colspan="{wide}" scope="colgroup"><strong>{html.escape(name)}</strong> '
        f"{count(n)} patient{'' if n == 1 else 's'}</th>"
        for k, (name, n) in enumerate(missing.centers)
    )
    first = f'<tr><th scope="col">&nbsp;</th>{names}<th class="t" scope="col">complete</th></tr>'
    if not missing.unit:
        return first
    years: list[tuple[str, int]] = []
    for period in missing.periods:
        year = period[:4]
        if years and years[-1][0] == year:
            years[-1] = (year, years[-1][1] + 1)
        else:
            years.append((year, 1))
    once = "".join(
        f'<th colspan="{n}" style="border-left:1px solid {PALETTE.border}">{y if n > 1 else f"’{y[2:]}"}</th>'
        for y, n in years
    )
    every = "".join(f"{_gap(k)}{once}" for k in range(len(missing.centers)))
    return f'{first}<tr><th scope="col" style="text-align:left">{unit}</th>{every}<th class="t">of those due</th></tr>'


def _gap(place: int) -> str:
    return '<td class="g"></td>' if place else ""


def _row(row: MissingRow, wide: int) -> str:
    cells = "".join((_gap(k // wide) if k % wide == 0 else "") + _cell(cell) for k, cell in enumerate(row.cells))
    share = f" {percent(row.complete, row.due, 0)}" if row.due >= _MANY else ""
    total = f'<td class="t"><strong>{count(row.complete)}</strong> of {count(row.due)}{share}</td>'
    return f'<tr><th scope="row">{html.escape(row.label)}</th>{cells}{total}</tr>'


def _cell(cell: MissingCell) -> str:
    if not cell.n:
        return "<td></td>"
    due = cell.n - cell.not_due - cell.died
    late = f"{count(cell.not_due)} not yet due" if cell.not_due else ""
    outside = ", ".join(filter(None, (late, f"{count(cell.died)} died before due" if cell.died else "")))
    if not due:
        return f'<td class="w" title="{outside}"></td>'
    words = ", ".join(filter(None, (f"{count(cell.missing)} of {count(due)} missing", outside)))
    text = count(cell.missing) if cell.missing else ""
    return f'<td class="h{_shade(cell)}" title="{words}">{text}</td>'


def _shade(cell: MissingCell) -> int:
    """By how many are missing where few patients are in a field, by their share from ten on."""
    if not cell.missing:
        return 0
    due = cell.n - cell.not_due - cell.died
    if due < _MANY:
        return min(cell.missing, 3)
    return 1 + (3 * cell.missing >= due) + (3 * cell.missing >= 2 * due)


def _key(missing: Missing) -> str:
    few = all(c.n < _MANY for row in missing.rows for c in row.cells)
    steps = ("1", "2", "3 or more") if few else ("up to a third", "up to two thirds", "more")
    fields = "".join(f'<span class="h{k}"></span>{w}' for k, w in enumerate(("none missing", *steps)))
    waiting = any(c.not_due + c.died for row in missing.rows for c in row.cells)
    late = '<span class="w"></span>not yet due or died before' if waiting else ""
    white = " · white: nobody treated then" if any(not c.n for row in missing.rows for c in row.cells) else ""
    n = count(missing.undated)
    undated = f" · {n} without a date of treatment are in the totals only" if missing.undated else ""
    return f'<div class="key">A number is how many patients have no value.{fields}{late}{white}{undated}</div>'


# Who agrees, per statement and group: a tint and a number from ten answers on, below that one square per patient.

_TINT = (0x67, 0xAA, 0xBA)
"""The second step of the ramp of answers: ink on it has 6 : 1."""


def show_agreement(blocks: Sequence[Block]) -> None:
    """Rows statements, columns groups, "all" first; every block must have the same groups."""
    heads = "".join(f'<th scope="col">{_group(name, blocks)}</th>' for name, _ in blocks[0][1])
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>{"".join(_share(found) for _, found in listed)}</tr>'
        for name, listed in blocks
    )
    few, many = (
        any(not isinstance(f, NotComputed) and (f.n < FEWEST_FOR_PERCENT) == small for _, b in blocks for _, f in b)
        for small in (True, False)
    )
    tint = f'<span style="background:linear-gradient(to right,{_mix(0)},{_mix(1)});width:3rem"></span>'
    key = f"{tint}0 to 100%, from {FEWEST_FOR_PERCENT} answers on" if many else ""
    if few:
        key += '<span class="y"></span>a patient in the best answers<span class="n"></span>one who is not; no percent'
    st.html(
        '<div class="ct heat agree" tabindex="0" role="region" aria-label="Best answers by group"><table>'
        f'<thead><tr><th scope="col">&nbsp;</th>{heads}</tr></thead><tbody>{body}</tbody></table>'
        f'<div class="key">{key}</div></div>'
    )


def _group(name: str, blocks: Sequence[Block]) -> str:
    """Its name and how many answered: one number where it is the same for every statement."""
    ns = sorted({found.n for _, listed in blocks for group, found in listed if group == name})
    n = count(ns[0]) if len(ns) == 1 else f"{count(ns[0])} to {count(ns[-1])}"
    shown = html.escape(name)
    return f"{f'<strong>{shown}</strong>' if ns[-1] >= FEWEST_FOR_PERCENT else shown}<br>n {n}"


def _share(found: LikertResult | NotComputed) -> str:
    if isinstance(found, NotComputed):
        return '<td title="nobody answered"></td>'
    best = found.top_two.count
    words = f"{count(best)} of {count(found.n)}"
    if found.n >= FEWEST_FOR_PERCENT:
        style = f"background:{_mix(found.top_two.share)};color:{PALETTE.ink}"
        return f'<td title="{words}" style="{style}"><strong>{count(best)}</strong> {percent(best, found.n, 0)}</td>'
    squares = "".join(f'<i class="{"y" if k < best else "n"}"></i>' for k in range(found.n))
    return f'<td title="{words}"><span role="img" aria-label="{words}">{squares}</span></td>'


def _mix(share: float) -> str:
    """The page's white towards the tint."""
    return "#" + "".join(f"{round(255 + (part - 255) * share):02X}" for part in _TINT)
