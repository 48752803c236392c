"""Write docs/guide.md, statistics.md and instruments.md: `python -m lib.present.guide`."""

from __future__ import annotations

from pathlib import Path

from lib.present.guide.documents import clinicians_page, reviewers_page
from lib.present.guide.instruments import instruments_page

DOCS = Path(__file__).resolve().parents[3] / "docs"


def main() -> None:
    """All three pages, in the docs folder of the project."""
    (DOCS / "guide.md").write_text(clinicians_page(), encoding="utf-8")
    (DOCS / "statistics.md").write_text(reviewers_page(), encoding="utf-8")
    (DOCS / "instruments.md").write_text(instruments_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
