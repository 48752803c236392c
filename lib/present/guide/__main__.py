"""Write docs/guide.md and docs/statistics.md from the entries: `python -m lib.present.guide`."""

from __future__ import annotations

from pathlib import Path

from lib.present.guide.documents import clinicians_page, reviewers_page

DOCS = Path(__file__).resolve().parents[3] / "docs"


def main() -> None:
    """Both pages, in the docs folder of the project."""
    (DOCS / "guide.md").write_text(clinicians_page(), encoding="utf-8")
    (DOCS / "statistics.md").write_text(reviewers_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
