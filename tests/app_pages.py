"""The pages of the app as the tests see them, read from the app's own registry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app.py"


@dataclass(frozen=True)
class AppPage:
    """A page: its path in the URL ("" for the first), its title and its file."""

    url_path: str
    title: str
    file: Path

    def __str__(self) -> str:
        return self.url_path or "overview"


def _page(record: Any) -> AppPage:
    return AppPage(record.url_path, record.title, ROOT / record.file)


def app_pages() -> list[AppPage]:
    """Every page of `lib.ui.navigation.PAGES`; none while there is no app.

    An app without a registry is an ImportError: tests that quietly run over nothing prove nothing.
    """
    if not APP.exists():
        return []
    from lib.ui.navigation import PAGES

    return [_page(record) for record in PAGES]
