"""Pictures of a slide that are rows of words, bars and dots: plain HTML, readable from the back row, in 24 points.

Order is always good to bad, left to right. A bar is as long as its share of those who answered; a dot is a patient.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib.present.chart_data import ChartData, Series
from lib.present.table import Table
from lib.present.theme import PALETTE, likert_ramp
from lib.present.wording import NBSP, count
from lib.settings import FEWEST_TO_TEST

MOST_ROWS, MOST_FACTS, MOST_DOTS = 8, 6, 120
_PER_DIGIT, _BESIDE_DIGITS = 0.043, 0.02
"""Share of a bar that a digit of its number takes, and what stands beside them."""
_FACT = 3
"""Spaces before the name of a characteristic; its answers have more."""
_LONGEST = 28


@dataclass(frozen=True, slots=True)
class BarRow:
    """A name, its segments as (patients, colour, colour of the number), what stands at the right, the interval of the
    leading share in 0 to 1 or None, and whether the title speaks of it."""

    name: str
    segments: tuple[tuple[int, str, str], ...]
    columns: tuple[str, ...]
    interval: tuple[float, float, float] | None = None
    bold: bool = False


def bars(rows: Sequence[BarRow], heads: Sequence[str], ends: tuple[str, str]) -> str:
    """Rows of bars: name, bar, columns. `heads` are those of the columns, `ends` the words over both ends of a bar."""
    shown = rows[:MOST_ROWS]
    # of fewer than ten there is neither interval nor p: a column with nothing in it is none
    used = [k for k in range(len(heads)) if any(row.columns[k] for row in shown)]
    # squares have no end where the second word could stand
    over = (" to ".join(ends).strip(),) if all(map(_few, shown)) and all(ends) else ends
    top = f'<th></th><th class="e">{"".join(f"<span>{_text(words)}</span>" for words in over)}</th>'
    head = top + "".join(f'<th class="r">{_text(heads[k])}</th>' for k in used)
    body = "".join(_bar_row(row, [row.columns[k] for k in used]) for row in shown)
    left = len(rows) - len(shown)
    more = f"<p>{count(left)} more on its page</p>" if left else ""
    return f'<div class="sl"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</div>'


def _bar_row(row: BarRow, shown: Sequence[str]) -> str:
    """Fewer than ten are a square each, of one size in every row."""
    total = sum(n for n, _, _ in row.segments) or 1
    few = _few(row)
    parts = "".join(
        f'<i class="one" style="background:{fill}"></i>' * n
        if few
        else f'<i style="flex:{n};background:{fill};color:{ink}">{_number(n, total)}</i>'
        for n, fill, ink in row.segments
        if n
    )
    line = ""
    if row.interval is not None and not few:
        at, low, high = (f"{100 * value:.2f}%" for value in row.interval)
        line = f'<b style="left:{low};right:calc(100% - {high})"></b><u style="left:{at}"></u>'
    columns = "".join(f'<td class="r">{_text(words)}</td>' for words in shown)
    name = f"<strong>{_text(row.name)}</strong>" if row.bold else _text(row.name)
    bar = f'<div class="bar">{parts}</div><div class="ci">{line}</div>'
    return f'<tr><td>{name}</td><td class="w">{bar}</td>{columns}</tr>'


def _number(n: int, total: int) -> str:
    """The number of a segment, "" where it would be cut: 119 needs more room than 2."""
    words = count(n)
    return words if n / total >= len(words) * _PER_DIGIT + _BESIDE_DIGITS else ""


def _few(row: BarRow) -> bool:
    return sum(n for n, _, _ in row.segments) < FEWEST_TO_TEST


def statement_rows(data: ChartData) -> list[BarRow]:
    """Most agreed first: counts of each answer, how many agree and the interval of their share."""
    levels = [s for s in data.series if s.role.startswith("level:")][::-1]
    ramp = likert_ramp(len(levels))[::-1]
    best = next(s for s in data.series if s.role == "top two")
    rows = []
    for i, name in enumerate(data.categories):
        share = best.values[i]
        if share is None:
            continue
        segments = tuple((int(s.values[i] or 0), c.fill, c.label) for s, c in zip(levels, ramp, strict=True))
        found = _interval(best, i)
        n = sum(k for k, _, _ in segments)
        few = n < FEWEST_TO_TEST
        words = "" if found is None or few else f"{100 * found[1]:.0f} to {100 * found[2]:.0f}%"
        agree = count(round(share * n))
        rows.append((share, BarRow(_short(name), segments, (f"{agree} of {n}" if few else agree, words), found)))
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])]


def _interval(series: Series, i: int) -> tuple[float, float, float] | None:
    at = series.values[i]
    low = series.low[i] if series.low else None
    high = series.high[i] if series.high else None
    return None if at is None or low is None or high is None else (at, low, high)


_FILLS = (
    (PALETTE.improved, PALETTE.page),
    (PALETTE.unchanged_fill, PALETTE.ink),
    (PALETTE.worsened, PALETTE.page),
)
"""Better, same and worse: the filling and the number on it."""


def responders(data: ChartData, worse: Sequence[int]) -> str:
    """Improved, changed by less, worsened, worse than before by any amount; of fewer than ten a square each."""
    parts = [next(s for s in data.series if s.role == role) for role in ("improved", "unchanged", "worsened")]
    labels = next(s.labels or () for s in data.series if s.role == "rate")
    rows = []
    for i, name in enumerate(data.categories):
        segments = tuple((int(s.values[i] or 0), *fill) for s, fill in zip(parts, _FILLS, strict=True))
        rows.append(BarRow(name, segments, (labels[i].partition(" (")[0], count(worse[i]))))
    return bars(rows, ("improved", "worse than before"), ("", ""))


def dimension_rows(table: Table) -> list[BarRow]:
    """EQ-5D dimensions, the one with the largest net change first: patients better, same and worse; corrected p."""
    place = {column.name: c for c, column in enumerate(table.columns)}
    rows = []
    for row in table.rows:
        values = [row[place[name]].value for name in ("Better", "Same", "Worse")]
        if not all(isinstance(v, int) for v in values):
            continue
        better, same, worse = (int(v or 0) for v in values)
        segments = tuple((n, *fill) for n, fill in zip((better, same, worse), _FILLS, strict=True))
        p = row[place["corrected"]].text.removeprefix(f"p{NBSP}={NBSP}").removeprefix(f"p{NBSP}")
        few = better + same + worse < FEWEST_TO_TEST
        rows.append((worse - better, few, BarRow(row[0].text.strip(), segments, ("" if few else p,))))
    ordered = sorted(rows, key=lambda found: found[0])
    return [replace(row, bold=k == 0 and not few) for k, (_, few, row) in enumerate(ordered)]


def facts(table: Table) -> str:
    """The first characteristics of Table 1 that are one number: name, number, and its spread in grey."""
    cells = "".join(
        f'<tr><td>{_text(name)}</td><td class="r"><strong>{_text(number)}</strong></td>'
        f'<td class="r q">{_text(spread)}</td></tr>'
        for name, words in fact_words(table)
        for number, _, spread in (words.partition(NBSP),)
    )
    return f'<div class="sl"><table><tbody>{cells}</tbody></table></div>'


def fact_words(table: Table) -> tuple[tuple[str, str], ...]:
    """The first characteristics of Table 1 that are one number, as (name, number with its spread)."""
    rows = [row for row in table.rows if _depth(row[0].text) == _FACT and row[1].text.strip()][:MOST_FACTS]
    return tuple((_short(_fact_name(row[0].text)), row[1].text) for row in rows)


def plain(table: Table) -> str:
    """A table as it is."""
    head = "".join(f"<th>{_text(column.name)}</th>" for column in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{_text(c.text)}</td>" for c in row) + "</tr>" for row in table.rows)
    return f'<div class="sl"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _fact_name(text: str) -> str:
    """ "Age (years)" of "Age (years), mean (SD)"; the line under the title says how numbers are shown."""
    return text.strip().replace(NBSP, " ").split(", ")[0]


def flow(data: ChartData) -> str:
    """Who is analysed: each step with its patients as dots, between them those who left, hollow, with the reason."""
    people, *losses = data.series
    total = int(people.values[0] or 0)
    lines = []
    for i, step in enumerate(data.categories):
        for loss in losses:
            left = int(loss.values[i] or 0)
            if left:
                lines.append(f'<p class="q">−{count(left)} {_text(loss.name)}</p>{_dots(0, left, total)}')
        here = int(people.values[i] or 0)
        dots = _dots(here, 0, total) if i == len(data.categories) - 1 else ""
        if i in (0, len(data.categories) - 1):
            words = "analysed" if i else step[:1].lower() + step[1:]
            lines.append(f"<p><strong>{count(here)}</strong> {_text(words)}</p>{dots}")
    return f'<div class="sl">{"".join(lines)}</div>'


def _dots(filled: int, hollow: int, of: int) -> str:
    if of > MOST_DOTS:
        share = 100 * (filled + hollow) / of
        kind = "f" if filled else "h"
        return f'<div class="share"><i class="{kind}" style="width:{share:.2f}%"></i></div>'
    return f'<div class="dots">{"<i class=f></i>" * filled}{"<i class=h></i>" * hollow}</div>'


def events(data: ChartData) -> str:
    """Patients with an event among all as dots, then a row for each kind of event with its patients."""
    found = next(s for s in data.series if s.role == "event")
    counts = found.n or ()
    of = data.n
    anyone = int(counts[0] or 0)
    rows = "".join(
        f'<tr><td>{_text(_short(name))}</td><td class="r">{_dots(int(k or 0), 0, of) if of <= MOST_DOTS else ""}</td>'
        f'<td class="r"><strong>{count(int(k or 0))}</strong></td></tr>'
        for name, k in list(zip(data.categories, counts, strict=True))[1:6]
    )
    among = _dots(anyone, of - anyone, of)
    return f'<div class="sl">{among}<table><tbody>{rows}</tbody></table></div>'


def title_dots(data: ChartData) -> str:
    """The flow itself: one dot a patient, filled when analysed, and the words of both."""
    people = data.series[0]
    total, analysed = int(people.values[0] or 0), int(people.values[-1] or 0)
    lack = total - analysed
    everybody = _text(data.categories[0].lower())
    words = f"<strong>{count(total)}</strong> {everybody} · <strong>{count(analysed)}</strong> analysed"
    more = f' <span class="q">· {count(lack)} lack a score</span>' if lack else ""
    return f'<div class="sl big">{_dots(analysed, lack, total)}<p>{words}{more}</p></div>'


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(NBSP))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


def _text(words: str) -> str:
    return html.escape(words)


CSS = f"""
.sl {{ font-size: 2rem; line-height: 1.2; }}
.sl table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
.sl th, .sl td {{ border: 0; border-bottom: 1px solid {PALETTE.hairline}; padding: .2em .5em .2em 0; }}
.sl th {{ font-weight: 400; white-space: nowrap; }}
.sl td {{ white-space: nowrap; vertical-align: middle; text-align: left; }}
.sl th {{ color: {PALETTE.muted}; padding: 0 .5em 0 0; }}
.sl .w {{ width: 42%; padding-right: .5em; }}
.sl td.r, .sl th.r {{ padding-left: .5em; }}
.sl :is(td, th):last-child {{ padding-right: 0; }}
.sl .e span {{ float: left; margin-left: -1.5em; }}
.sl .e span + span {{ float: right; margin-left: 0; }}
.sl .r {{ text-align: right; }}
.sl .q {{ color: {PALETTE.muted}; }}
.sl p {{ margin: .1em 0; }}
.sl .bar {{ display: flex; height: 1.1em; gap: 2px; }}
.sl .bar i {{ font-style: normal; padding-left: .25em; line-height: 1.1; overflow: hidden; min-width: 0; }}
.sl .bar .one {{ flex: none; width: 1.1em; padding: 0; }}
.sl .ci {{ position: relative; height: .28em; }}
.sl .ci b {{ position: absolute; top: .1em; height: 3px; background: {PALETTE.ink}; }}
.sl .ci u {{ position: absolute; top: 0; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%;
  background: {PALETTE.ink}; }}
.sl .dots {{ display: flex; flex-wrap: wrap; gap: 6px; margin: .15em 0 .35em; }}
.sl td .dots {{ justify-content: flex-end; margin: 0; }}
.sl .dots i {{ width: 16px; height: 16px; box-sizing: border-box; }}
.sl .dots i {{ border-radius: 50%; border: 2px solid {PALETTE.axis}; }}
.sl .dots .f {{ background: {PALETTE.improved}; border-color: {PALETTE.improved}; }}
.sl.big .dots {{ gap: 14px; }}
.sl.big .dots i {{ width: 30px; height: 30px; }}
.sl .share {{ background: {PALETTE.panel}; height: .45em; margin: .1em 0 .25em; }}
.sl .share i {{ display: block; height: 100%; background: {PALETTE.improved}; }}
.sl .share .h {{ background: {PALETTE.axis}; }}
"""
