"""Numbers and sentences. Decimals, p-value style and verbs are decided here and nowhere else.

A true minus sign, the sign of a change always shown, ranges with "to", non-breaking spaces inside "p = 0.070".
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.results import Estimate, Interval, NotComputed, Test

MINUS = "−"
NBSP = "\u00a0"


def number(value: float | Decimal, decimals: int) -> str:
    """A number with fixed decimals, half up on the number as written, and a true minus sign; never "−0.00"."""
    quantum = Decimal(1).scaleb(-decimals)
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(quantum, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}".replace(",", "\u2009") if abs(rounded) >= 10000 else f"{abs(rounded):f}"
    return (MINUS if rounded < 0 else "") + text


def signed(value: float | Decimal, decimals: int) -> str:
    """A change: the sign is always shown, except for zero."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or float(text.replace("\u2009", "")) == 0 else "+" + text


def compact(value: Decimal | float) -> str:
    """A threshold as people write it: "2", "0.074", "7.5"."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{abs(exact):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (MINUS if exact < 0 else "") + text


def count(value: int) -> str:
    """A count of patients, thousands set apart by a thin space from 10,000 on."""
    return number(Decimal(value), 0)


def percent(count: int, n: int, decimals: int = 1) -> str:
    """A share of people in percent, half up from the exact fraction: percent(20, 29) = "69.0%"."""
    scaled = Fraction(count * 100 * 10**decimals, n)
    whole = int(scaled + Fraction(1, 2))
    return number(Decimal(whole).scaleb(-decimals), decimals) + "%"


def share(k: int, n: int, of_what: str = "") -> str:
    """ "20 of 29 (69.0%)", "20 of 29 patients (69.0%)" with `of_what` in the singular.

    Below 10 patients no percent, because one patient would be more than ten of them.
    """
    words = f"{count(k)} of {plural(n, of_what) if of_what else count(n)}"
    return words if n < FEWEST_FOR_PERCENT else f"{words} ({percent(k, n)})"


def p_value(p: float) -> str:
    """ "p < 0.001", "p > 0.999", else three decimals; with non-breaking spaces."""
    if p < 0.001:
        return f"p{NBSP}<{NBSP}0.001"
    if p > 0.999:
        return f"p{NBSP}>{NBSP}0.999"
    return f"p{NBSP}={NBSP}{number(p, 3)}"


def confidence_words(confidence: float) -> str:
    """ "95% CI"; a level corrected for several intervals to two decimals, "99.49% CI"."""
    return f"{compact(round(Decimal(repr(confidence)) * 100, 2))}%{NBSP}CI"


def interval(found: Interval | NotComputed, decimals: int, *, sign: bool = False) -> str:
    """ "−3.98 to −1.75", or the reason why there is none."""
    if isinstance(found, NotComputed):
        return found.reason
    write = signed if sign else number
    return f"{write(found.low, decimals)} to {write(found.high, decimals)}"


def interval_with_level(found: Interval | NotComputed, decimals: int, *, sign: bool = False) -> str:
    """ "95% CI −3.98 to −1.75", or the reason why there is none."""
    if isinstance(found, NotComputed):
        return f"no CI: {found.reason}"
    return f"{confidence_words(found.confidence)} {interval(found, decimals, sign=sign)}"


def percent_interval(found: Interval | NotComputed, decimals: int = 1) -> str:
    """An interval of a share in percent: "95% CI 50.8 to 82.7%"."""
    if isinstance(found, NotComputed):
        return f"no CI: {found.reason}"
    low, high = number(found.low * 100, decimals), number(found.high * 100, decimals)
    return f"{confidence_words(found.confidence)} {low} to {high}%"


def result_of_test(test: Test | NotComputed, decimals: int = 2) -> str:
    """ "t = −5.25, df = 28, p < 0.001", or the reason why there is no test."""
    if isinstance(test, NotComputed):
        return f"not computed: {test.reason}"
    parts = [f"{test.statistic_name}{NBSP}={NBSP}{number(test.statistic, decimals)}"]
    if test.df:
        parts.append(f"df{NBSP}={NBSP}" + ", ".join(compact(Decimal(repr(round(d, 1)))) for d in test.df))
    return ", ".join([*parts, p_value(test.p)])


def estimate_words(estimate: Estimate, decimals: int, *, sign: bool = False) -> str:
    """ "0.41 (95% CI 0.03 to 0.79)"."""
    write = signed if sign else number
    return f"{write(estimate.value, decimals)} ({interval_with_level(estimate.interval, decimals, sign=sign)})"


def plain_spaces(text: str) -> str:
    """The same sentence for the clipboard: ordinary spaces."""
    return text.replace(NBSP, " ")


def plural(n: int, one: str, many: str | None = None) -> str:
    """ "1 patient", "29 patients"."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def signed_tick(value: float) -> str:
    """A tick of an axis of improvement: "+2", "0", "−2"; as many decimals as it needs."""
    return f"+{compact(value)}" if value > 0 else compact(value)


def inside(words: str) -> str:
    """A name of the file inside a sentence: "before surgery", "etiology"; "ASA class", "EQ VAS", "T0" keep capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def at_time(time_point: str) -> str:
    """When, inside a sentence: "at 12 months", but "before surgery"."""
    words = inside(time_point)
    starts = ("before", "after", "pre", "post", "during", "at ")
    return words if words.lower().startswith(starts) else f"at {words}"


def joined(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


# From change (follow-up − baseline) to improvement (positive is better): the one place where signs are turned.

_SIGNED = {"t", "z"}


def improvement(estimate: Estimate, sign: int) -> Estimate:
    """An estimate of change as an estimate of improvement; `sign` is the measure's (+1 higher is better)."""
    if sign > 0:
        return estimate
    return Estimate(estimate.name, -estimate.value, _turned(estimate.interval))


def improvement_test(test: Test, sign: int) -> Test:
    """A test of change as a test of improvement: t and z change their sign, p does not."""
    if sign > 0 or test.statistic_name not in _SIGNED:
        return test
    return replace(test, statistic=-test.statistic)


def _turned(interval: Interval | NotComputed) -> Interval | NotComputed:
    if isinstance(interval, NotComputed):
        return interval
    return replace(interval, low=-interval.high, high=-interval.low)


# Text from a file is text: escaped at each edge where it could be taken for markup.

_BREAKS = re.compile(r"[\t\n\r\f\v ]+")  # a non-breaking space stays one
# Not the round brackets: without a link's square ones they mean nothing, and a slider reads its label out unparsed.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+\-.!|~$:<>&])")
# What is found in the text itself after the escapes were read: addresses become links, "->" becomes an arrow. A word
# joiner, which has no width, stands between.
_JOINER = "\u2060"
_FOUND_LATER = re.compile(
    r"(?i)(https?:(?=//)|ftp:(?=//)|www(?=\.)|(?<=[\w.+-])@(?=[\w-])|<(?=[-=])|-(?=[->])|>(?==)|~(?==))"
)


def for_plotly(text: str) -> str:
    """Plotly reads a few HTML tags and %{…} in its texts; the result shows the characters as typed."""
    return html.escape(text, quote=False).replace("%{", "%&#123;")


def for_markdown(text: str) -> str:
    """Streamlit reads Markdown, :colour[…], $LaTeX$ and HTML in its texts; line breaks become spaces."""
    return _MARKDOWN.sub(r"\\\1", _FOUND_LATER.sub(rf"\1{_JOINER}", _BREAKS.sub(" ", text)))
