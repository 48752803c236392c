"""The guide as pages of the documentation: docs/guide.md for clinicians, docs/statistics.md for a reviewer.

`python -m lib.present.guide` writes them; a test fails where an entry and its page differ.
"""

from __future__ import annotations

from importlib.resources import files

from lib.present.guide.entries import TOPICS, GuideEntry, entry
from lib.present.guide.pages import FRAME_ENTRIES, PAGE_GUIDES, PageGuide, first_steps

_MADE = "<!-- Written by `python -m lib.present.guide` from lib/present/guide/data; change the entries there. -->"


def clinicians_page() -> str:
    """docs/guide.md: the first steps, how each page is read, and every number in plain words."""
    parts = [
        "# Guide",
        _MADE,
        "For everybody who uses CohortLens; no statistics needed. The same texts stand in the app, under *Guide* and "
        "behind the question mark beside a number. Formulas and sources: [statistics.md](statistics.md).",
        "## First steps",
        *(f"**{step.title}** {step.text}" for step in first_steps()),
        "## The pages",
        "On every page: " + _links(FRAME_ENTRIES) + ".",
        *(_page(guide) for guide in PAGE_GUIDES.values()),
        "## The numbers",
    ]
    for topic in TOPICS.values():
        parts.append(f"### {topic.title}")
        parts += [_plain(one) for one in topic.entries]
    return "\n\n".join(parts) + "\n"


def reviewers_page() -> str:
    """docs/statistics.md: the rules for all numbers, then each with formula, source, R call and its limits."""
    head = files("lib.present.guide").joinpath("data/statistics_head.md").read_text(encoding="utf-8").strip()
    parts = [head.replace("\n", f"\n\n{_MADE}\n\n", 1)]
    for topic in TOPICS.values():
        parts.append(f"## {topic.title}")
        parts += [_formal(one) for one in topic.entries]
    return "\n\n".join(parts) + "\n"


def _page(guide: PageGuide) -> str:
    return f"### Page: {guide.title}\n\n*{guide.question}* {guide.read}\n\nNumbers: {_links(guide.keys)}."


def _links(keys: tuple[str, ...]) -> str:
    return " · ".join(f"[{_text(entry(key).title)}](#{key})" for key in keys)


def _plain(one: GuideEntry) -> str:
    return (
        f'<a id="{one.key}"></a>\n**{_text(one.title)}**\n{_text(one.plain)}  \n*When not to trust it:* '
        f"{_text(one.when_not)}"
    )


def _formal(one: GuideEntry) -> str:
    lines = [
        f"### {_text(one.title)}",
        "",
        _text(one.plain),
        "",
        f"- Formula: {_text(one.formula)}",
        f"- Source: {_text(one.source)}",
    ]
    if one.r:
        lines.append(f"- R: `{one.r}`")
    lines.append(f"- When not to trust it: {_text(one.when_not)}")
    return "\n".join(lines)


def _text(text: str) -> str:
    """What Markdown would take for markup: a bar in |x|, a tilde in a model formula, a lone star, angle brackets."""
    for sign in "\\*_|~<>[]":
        text = text.replace(sign, "\\" + sign)
    return text
