"""The pages of the app, in the order of the menu. Adding a page is one file in pages/ and one row here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page: its file, its name in the menu and its address ("" is the page that opens first)."""

    file: str
    title: str
    url_path: str

    @property
    def name(self) -> str:
        """The name by which links and tests call the page."""
        return self.url_path or "overview"


PAGES: tuple[PageRecord, ...] = (
    PageRecord("pages/overview.py", "Overview", ""),
    PageRecord("pages/before_after.py", "Before and after", "before_after"),
    PageRecord("pages/responders.py", "Responders", "responders"),
    PageRecord("pages/statements.py", "Statements", "statements"),
    PageRecord("pages/eq5d.py", "EQ-5D", "eq5d"),
    PageRecord("pages/compare.py", "Compare", "compare"),
    PageRecord("pages/patients.py", "Patients", "patients"),
    PageRecord("pages/safety.py", "Safety and opioids", "safety"),
)
