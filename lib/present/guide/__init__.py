"""The guide: every number on screen explains itself, in plain words first.

`tip(key)` is the text behind the question mark of a number, `PAGE_ENTRIES` says which numbers a page shows. The texts
are in `data/`, one file per topic. Adding a number is one table in one of those files and its key in `pages.toml`; then
`python -m lib.present.guide` writes the two pages in docs/.
"""

from lib.present.guide.documents import clinicians_page, reviewers_page
from lib.present.guide.entries import ENTRIES, TOPICS, GuideEntry, Topic, body, entry, tip
from lib.present.guide.pages import FRAME_ENTRIES, PAGE_ENTRIES, PAGE_GUIDES, PageGuide, Step, first_steps

__all__ = [
    "ENTRIES",
    "FRAME_ENTRIES",
    "PAGE_ENTRIES",
    "PAGE_GUIDES",
    "TOPICS",
    "GuideEntry",
    "PageGuide",
    "Step",
    "Topic",
    "body",
    "clinicians_page",
    "entry",
    "first_steps",
    "reviewers_page",
    "tip",
]
