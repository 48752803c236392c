"""Entries as Markdown: the tooltip beside a number and the text in the guide. All of it is escaped."""

from __future__ import annotations

from lib.present.guide.entries import GuideEntry, entry
from lib.present.wording import for_markdown

COMPUTED = "How it is computed"
SOURCE = "Source"
R_CALL = "Agrees with R"
WHEN_NOT = "When not to trust it"


def tip(key: str) -> str:
    """The text for Streamlit's `help=`: plain words, formula, source, when not to trust it.

    KeyError for a key that the guide does not have.
    """
    return body(entry(key))


def body(of: GuideEntry, *, r: bool = False) -> str:
    """An entry in short paragraphs, plain words first; with `r` also the R call it agrees with."""
    parts = [
        for_markdown(of.plain),
        _headed(COMPUTED, of.formula),
        _headed(SOURCE, of.source),
    ]
    if r and of.r:
        parts.append(_headed(R_CALL, of.r))
    parts.append(_headed(WHEN_NOT, of.when_not))
    return "\n\n".join(parts)


def _headed(head: str, text: str) -> str:
    return f"**{head}**: {for_markdown(text)}"
