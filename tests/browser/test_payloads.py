"""Sixty texts that want to be more than text, as column names, answers, labels and file names, in a real browser.

No dialog opens, nothing is asked of another machine (the page fixture watches), no element appears that a file wrote,
and the text is shown as typed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.app_pages import ROOT, app_pages
from tests.browser.conftest import check_server
from tests.browser.driver import Server, serve, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ELSEWHERE = "elsewhere.example"

HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    f"<img src=https://{ELSEWHERE}/a.png>",
    "<svg onload=alert(3)>",
    "<b>bold</b>",
    "<a href='javascript:alert(4)'>press</a>",
    f"<iframe src=//{ELSEWHERE}></iframe>",
    f"<link rel=stylesheet href=https://{ELSEWHERE}/a.css>",
    "<style>body{display:none}</style>",
    f"<meta http-equiv=refresh content=0;url=https://{ELSEWHERE}>",
    "</td></tr></table><h1>broken out</h1>",
    "</style><script>alert(5)</script>",
    '"><script>alert(6)</script>',
    "' onmouseover='alert(7)",
    "<!-- comment -->",
    "&lt;script&gt;alert(8)&lt;/script&gt;",
    "&#60;b&#62;entity&#60;/b&#62;",
    "<details open ontoggle=alert(9)>",
    f"<form action=https://{ELSEWHERE}><button>send</button></form>",
    f"<object data=https://{ELSEWHERE}/x>",
]
MARKDOWN = [
    "**bold** and *italic*",
    "# heading",
    "[press](javascript:alert(10))",
    f"[press](https://{ELSEWHERE}/)",
    f"![picture](https://{ELSEWHERE}/b.png)",
    f"https://{ELSEWHERE}/plain",
    f"www.{ELSEWHERE}",
    f"someone@{ELSEWHERE}",
    f"<https://{ELSEWHERE}>",
    "`code`",
    "~~struck~~",
    "- item",
    "1. one",
    "> quoted",
    "| a | b |",
    "---",
    ":red[red words]",
    ":material/delete:",
    ":smile:",
    ":blue-badge[badge]",
    "a -> b <- c",
    "a >= b <= c",
    "x -- y",
    "[^1] footnote",
    "_under_ __scores__",
    "back\\slash \\* star",
]
LATEX = ["$x^2$", "$$\\int_0^1 x$$", "\\(x\\)", "\\[x\\]", "costs $5 and $6", "\\href{javascript:alert(11)}{x}"]
PLOTLY = ["%{x} and %{customdata}", f"<a href='https://{ELSEWHERE}'>x</a>", "<br>line<br>line", "<sup>up</sup>"]
CODE = ["{{7*7}} ${7*7} #{7*7}", "=HYPERLINK(1)", "'; DROP TABLE patients; --", "__proto__"]
PAYLOADS = [*HTML, *MARKDOWN, *LATEX, *PLOTLY, *CODE]
AT_ONCE = 6


GROUPS = [PAYLOADS[i : i + AT_ONCE] for i in range(0, len(PAYLOADS), AT_ONCE)]
EVERY = range(len(GROUPS))
FEW = (0, 4, 9)
# Put before app.py: the session opens this cohort. It exists in this test only.
FIRST = """
import streamlit as st
from tests.browser.apps.payload_cohort import payload_cohort
if __name__ == "__main__" and "_cohort" not in st.session_state:
    st.session_state["_cohort"] = payload_cohort(int(st.query_params.get("which", 0)))
    st.query_params.clear()
"""


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[Server]:
    """The app, in which a session opens the cohort of payloads that its address names."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "payloads.json").write_text(json.dumps(GROUPS), "utf-8")
        (folder / "app.py").write_text(FIRST + (ROOT / "app.py").read_text("utf-8"), "utf-8")
        for part in ("pages", "static"):
            shutil.copytree(ROOT / part, folder / part)
        os.environ |= {"COHORTLENS_PAYLOADS": str(folder / "payloads.json"), "PYTHONPATH": str(ROOT)}
        try:
            with serve(folder / "app.py") as running:
                yield running
                check_server(running)
        finally:
            os.environ.clear()
            os.environ |= before


def shown(page: Page) -> str:
    """Everything a person can read: the page's text and the words inside the drawings, white space evened out."""
    text = page.evaluate(
        "[document.body.innerText, ...[...document.querySelectorAll('svg text')].map((e) => e.textContent)].join(' ')"
    )
    return " ".join(text.replace("\u2060", "").split())  # the word joiner of lib/present/wording.py has no width


def written_by_the_file(page: Page) -> list[str]:
    """Elements that only a payload can have made."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll(`script:not([src]), iframe, object, form, [ontoggle], [onerror],
              [onload], [onmouseover], [href^='javascript'], [href*='elsewhere.example'], [src*='elsewhere.example'],
              [action*='elsewhere.example'], meta[http-equiv=refresh], .katex, [data-testid=stMain] blockquote`)]
              .filter((e) => !e.closest('head') || e.matches('meta[http-equiv=refresh], link[href*=elsewhere]'))
              .filter((e) => !(e.matches('script') && e.textContent.includes('window.prerenderReady')))
              .map((e) => e.outerHTML.slice(0, 200))"""
        )
    )


def go_on(page: Page, path: str) -> None:
    """To another page by the menu, as a user goes: a third of the time that a fresh load takes."""
    title = next(p.title for p in app_pages() if p.url_path == path)
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page).to_have_url(re.compile(f"/{path}([?].*)?$"))
    settle(page)


@pytest.mark.parametrize("which", range(len(GROUPS)))
def test_a_payload_is_text(which: int, server: Server, page: Page) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visit(page, f"{server.url}/?which={which}")
    for path in ("", "statements", "before_after", "safety"):
        go_on(page, path)
        text = shown(page)
        missing = [p for p in GROUPS[which] if " ".join(p.split()) not in text]
        assert missing == [], f"{path or 'overview'}: not shown as typed"
        assert written_by_the_file(page) == [], path
        assert page.get_by_test_id("stException").count() == 0
    assert dialogs == []


@pytest.mark.parametrize("which", EVERY if os.environ.get("COHORTLENS_EVERY_PAYLOAD") else FEW)
def test_a_payload_is_text_in_groups_dialogs_and_present(which: int, server: Server, page: Page) -> None:
    """One group of each kind in a normal run, all with COHORTLENS_EVERY_PAYLOAD=1."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visit(page, f"{server.url}/compare?which={which}&compare=etiology")
    for path in ("compare", "patients", "eq5d", "responders"):
        go_on(page, path)
        assert written_by_the_file(page) == [], path
        if path == "compare":  # its groups are six payloads
            text = shown(page)
            assert [p for p in GROUPS[which] if " ".join(p.split()) not in text] == [], "compare: not shown as typed"
    for button in ("Export", "Guide", "Open another file"):
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_role("dialog").wait_for()
        settle(page)
        assert written_by_the_file(page) == [], button
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
    visit(page, f"{server.url}/?which={which}&present=on")
    for _ in range(3):
        assert written_by_the_file(page) == [], "Present"
        page.keyboard.press("ArrowRight")
        settle(page)
    assert dialogs == []


def test_there_are_sixty() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 60
