"""Numbers as a journal writes them: P values, percentages and intervals of finished sentences, by its own rules.

AMA (Manual of Style, 11th ed., 18.7.1 and 19.5, as JMIR's Guidelines for Reporting Statistics print them): no 0 before
a P value; two digits from .01 on, three below, and where two would hide which side of .05 it lies; percentages of fewer
than 100 patients without decimals; "95% CI, 1.75-3.98", with "to" beside a minus sign. NEJM (its author guidelines, in
Wayant 2019, BMJ Evid Based Med, doi 10.1136/bmjebm-2019-111264): P values above 0.01 with two decimals, from 0.001 to
0.01 with three, below as P<0.001. BMJ: P values as computed, three decimals, no spaces; "95% confidence interval 1.75
to 3.98". No page of the BMJ's house style that could be read names decimals: this form follows its printed papers.

Words are made with three decimals; nothing is rounded twice: a P value whose third digit is 5 keeps it, and a
percentage is computed again from its counts or stays.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from lib.present.wording import MINUS, percent

NumberStyle = Literal["", "AMA", "BMJ", "NEJM"]
STYLES: tuple[NumberStyle, ...] = get_args(NumberStyle)[1:]
_SPACE = "[ \u00a0]?"
_P = re.compile(rf"\bp{_SPACE}([=<>]){_SPACE}0\.(\d{{3}})(?!\d)")
_COUNT_OF = re.compile(r"(?<![\d\u2009.])(\d+) of (\d+)((?: [a-z]+)*) \((\d+\.\d)%\)")
_COUNT = re.compile(r"^(\d+) \((\d+\.\d)%\)$")
_INTERVAL = re.compile(rf"(\d+(?:\.\d+)?%)[ \u00a0]CI ([{MINUS}+]?[\d.]*\d) to ([{MINUS}+]?[\d.]*\d)(%?)")
_BELOW = 100
"""Percentages of fewer patients have no decimals."""


def in_style(words: str, style: NumberStyle) -> str:
    """The words with their numbers in the style of a journal; "" leaves them."""
    if not style:
        return words
    words = _P.sub(lambda found: _p(found[1], found[2], style), words)
    words = _COUNT_OF.sub(lambda m: f"{m[1]} of {m[2]}{m[3]} ({_share(int(m[1]), (int(m[2]),), m[4])})", words)
    words = _COUNT.sub(lambda m: f"{m[1]} ({_share(int(m[1]), _possible(int(m[1]), m[2]), m[2])})", words)
    return _INTERVAL.sub(lambda found: _interval(found, style), words)


def _p(sign: str, digits: str, style: NumberStyle) -> str:
    thousandths = int(digits)
    if style != "BMJ" and sign == "=" and thousandths >= 10 and digits[2] != "5" and not 45 <= thousandths < 50:
        hundredths = (thousandths + 5) // 10
        sign, digits = (">", "99") if hundredths == 100 else ("=", f"{hundredths:02d}")
    elif style != "BMJ" and sign == ">":
        digits = digits[:2]
    return f"P\u00a0{sign}\u00a0.{digits}" if style == "AMA" else f"P{sign}0.{digits}"


def _possible(count: int, words: str) -> tuple[int, ...]:
    """Every number of patients of whom so many are this percentage; none where it can be any."""
    share = float(words)
    if count == 0 or share <= 0:
        return (0,) if count == 0 else ()
    most = int(100 * count / max(share - 0.06, 0.05)) + 1
    if most > 50 * _BELOW:
        return ()
    return tuple(n for n in range(count, most + 1) if percent(count, n) == f"{words}%")


def _share(count: int, of: tuple[int, ...], words: str) -> str:
    """Without decimals where all that it can be a share of are fewer than 100 and agree."""
    if of == (0,):
        return "0%"
    short = {percent(count, n, 0) for n in of}
    return short.pop() if len(short) == 1 and max(of) < _BELOW else f"{words}%"


def _interval(found: re.Match[str], style: NumberStyle) -> str:
    level, low, high, unit = found.groups()
    if style == "BMJ":
        return f"{level} confidence interval {low} to {high}{unit}"
    if style == "AMA" and MINUS not in low + high and "+" not in low + high:
        return f"{level} CI, {low}{unit}-{high}{unit}"
    return f"{level} CI, {low}{unit} to {high}{unit}"
