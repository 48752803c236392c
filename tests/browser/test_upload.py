"""The upload in a real browser: a large file with a way to stop, and the table of columns by keyboard.

A broken file: test_hostile_upload.py. A reload: test_journey.py. What is judged by eye: test_access.py.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import Server, settle, visit

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


def choose(page: Page, name: str, data: bytes | None = None) -> None:
    """Drop a file on the open dialog."""
    place = page.locator("[data-testid=stFileUploader] input[type=file]").first
    if data is None:
        place.set_input_files(SAMPLES / name)
    else:
        place.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def open_dialog(page: Page, button: str = "Use my own file") -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_text("Stays on this computer, gone when you close this tab.").first.wait_for()


def explore(page: Page) -> None:
    page.get_by_role("button", name="Open the cohort").click(timeout=30_000)
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)


def slow_file() -> bytes:
    """33 MB of text near the limit of rows; a blank line in it keeps the fast reader out."""
    rng = random.Random(7)
    items = ",".join('"1"' for _ in range(36))
    lines = ["id,note,vas_pain_pre,vas_pain_12m," + ",".join(f"item{i}" for i in range(36)), ""]
    lines += [f'{i},"a ""b"" {i}",{rng.randint(0, 10)},{rng.randint(0, 10)},{items}' for i in range(195_000)]
    return "\n".join(lines).encode()


def test_a_slow_file_can_be_stopped_and_the_next_one_is_read(app: Server, page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(slow_file())
    visit(page, app.url)
    open_dialog(page)
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(large)
    expect(page.get_by_text("Reading the file …")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Stop reading").click()
    expect(page.get_by_text("Reading was stopped. Choose another file.")).to_be_visible(timeout=5_000)
    expect(page.locator(".st-key-cohort")).to_contain_text("Synthetic sample cohort")

    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    open_dialog(page)
    choose(page, "misjf.csv")
    explore(page)
    expect(page.locator(".st-key-cohort")).to_contain_text("misjf.csv")


def test_a_role_is_corrected_in_the_table_by_keyboard(app: Server, page: Page) -> None:
    """A column taken for a number is told to be not used; the saved columns say so."""
    rows = [f"{i},{3 + i % 7},{2 + i % 5},{1 + i % 9}" for i in range(1, 31)]
    visit(page, app.url)
    open_dialog(page)
    choose(page, "stay.csv", "\n".join(["id,vas_pain_pre,vas_pain_12m,zzz", *rows]).encode())
    expect(page.get_by_role("dialog").get_by_role("heading", name="30 patients")).to_be_visible(timeout=15_000)
    page.get_by_role("radio", name="All 4 columns").click()
    settle(page)
    table = page.get_by_test_id("stDataFrame").last
    table.locator("[role=gridcell]").first.wait_for(state="attached")
    texts = [cell.text_content() for cell in table.locator("[role=gridcell]").all()]
    assert texts[0] == "zzz", "the least certain column comes first"
    assert texts[1] == "number"
    table.locator(".dvn-scroller").dblclick(position={"x": 250, "y": 36 + 17})
    editor = page.locator("#portal")
    editor.locator("input").first.wait_for()
    page.keyboard.type("not used", delay=20)
    expect(editor.get_by_text("not used", exact=True).last).to_be_visible()
    page.keyboard.press("Enter")
    editor.locator("input").first.wait_for(state="detached")
    settle(page)
    page.get_by_role("radio", name="3 Open").click()
    settle(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save columns and answers").click()
    columns = json.loads(Path(saved.value.path()).read_text("utf-8"))["columns"]
    assert {c["name"]: c["role"] for c in columns}["zzz"] == "ignore"
    explore(page)
    expect(page.locator(".st-key-cohort")).to_contain_text("30 patients")
