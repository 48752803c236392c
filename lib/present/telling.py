"""Words that tell of few: "27 of 29", "(n = 3)", "2 pairs; at least 3 are needed". What outsiders must not read.

Tables and charts name whom their numbers count; free text does not. So a finding, a note, a heading or the reason why
something could not be computed is searched for what it would say. "Fewer than 3 pairs" names nobody.
"""

from __future__ import annotations

import re

from lib.present.small_counts import small_share

_SHARE = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})*|\d+)\sof\s(\d{1,3}(?:,\d{3})*|\d+)(?![\d.])")
_LIMIT = r"(?<!than\s)(?<!least\s)(?<!below\s)(?<!under\s)(?<!to\s)(?<!looking\s)"
_KIND = r"(?:other\s|operated\s|analysed\s|complete\s)?"
_WHO = _KIND + r"(?:patients?|pairs?|answers?|values?|scores?|differences|events?|residuals)"
_FEW = re.compile(
    rf"{_LIMIT}(?<![\d.,:–−+-])[1-4]\s(?:{_WHO}|operated|analysed|without|did|had|no)\b"
    r"|\bn\s?=\s?[1-4]\b(?!\.\d)|\bgroups\sof\s(?:[1-4]\b|\d+\sand\s[1-4]\b)|\([1-4]\)"
)
_IN_NAME = re.compile(r"\s*(?:\(n\s?=\s?[1-4]\)|\bn\s?=\s?[1-4]\b(?!\.\d))")


def tells_few(words: str) -> bool:
    """Whether a text tells of 1 to 4 patients: as a count, or as what is left of "27 of 29"."""
    if _FEW.search(words):
        return True
    shares = ((int(k.replace(",", "")), int(n.replace(",", ""))) for k, n in _SHARE.findall(words))
    return any(small_share(k, n) for k, n in shares if k <= n)


def name_only(name: str) -> str:
    """A name without the number of its patients, where that is 1 to 4."""
    return _IN_NAME.sub("", name)


def subject(title: str) -> str:
    """A title without what it tells of few: "Adverse events, 3 analysed patients" is "Adverse events"."""
    if not tells_few(title):
        return title
    kept = re.split(r"[,:;(.]", title)[0].strip()
    return "" if tells_few(kept) else kept
