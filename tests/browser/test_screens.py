"""What only a browser can see: what moves under the pointer, what is cut off, what a click on a bar opens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import Server, settle, visit

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 720}

BEYOND = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
  const edge = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('text')].filter(t => {
    const box = t.getBoundingClientRect();
    return box.width && !t.closest('.hoverlayer') && (box.left < edge.left - 1 || box.right > edge.right + 1);
  }).map(t => t.textContent);
})"""
MEETING = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
  const words = [...plot.querySelectorAll('text')].filter(t => t.textContent.trim() && !t.closest('.hoverlayer'));
  const boxes = words.map(t => t.getBoundingClientRect());
  const found = [];
  for (let i = 0; i < words.length; i++) for (let j = i + 1; j < words.length; j++) {
    const across = Math.min(boxes[i].right, boxes[j].right) - Math.max(boxes[i].left, boxes[j].left);
    const down = Math.min(boxes[i].bottom, boxes[j].bottom) - Math.max(boxes[i].top, boxes[j].top);
    if (boxes[i].width && boxes[j].width && across > 2 && down > 4)
      found.push(`${words[i].textContent} | ${words[j].textContent}`);
  }
  return found;
})"""


def chip(page: Page, name: str):
    return page.locator(".st-key-filter-etiology").get_by_role("button", name=re.compile(f"^{name}"))


def view(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True).click()
    settle(page)


def test_a_chip_stays_under_the_pointer_that_clicked_it(app: Server, page: Page) -> None:
    visit(page, app.url)
    before = chip(page, "Posttraumatic").bounding_box()
    chip(page, "Posttraumatic").click()
    settle(page)
    expect(page.locator(".st-key-active")).to_contain_text("Posttraumatic")
    assert chip(page, "Posttraumatic").bounding_box() == before


def test_cards_of_two_patients_are_as_high_as_those_of_all(app: Server, page: Page) -> None:
    visit(page, app.url)
    cards = page.locator("[class*='st-key-card_measure']")
    before = [card.bounding_box() for card in cards.all()]
    chip(page, "Posttraumatic").click()
    settle(page)
    expect(cards.first).to_contain_text("no CI and no test")
    assert [card.bounding_box() for card in cards.all()] == before


def test_a_click_on_who_is_missing_lists_the_patients_by_row(app: Server, page: Page) -> None:
    visit(page, f"{app.url}/patients")
    view(page, "Who is missing")
    bar = page.locator(".st-key-centers .js-plotly-plot .trace.bars").nth(1).locator(".point").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Heerlen: no baseline score")
    expect(dialog).to_contain_text("9 patients")
    expect(dialog.locator("tbody tr")).to_have_count(9)


def test_a_patient_pointed_at_in_one_chart_is_named_in_the_other(app: Server, page: Page) -> None:
    visit(page, f"{app.url}/before_after")
    page.locator(".st-key-improvements .points path").nth(5).hover(force=True)  # a layer for the pointer lies above
    label = ".hoverlayer .hovertext"
    expect(page.locator(f".st-key-improvements {label}")).to_have_text("row 16: +5")
    expect(page.locator(f".st-key-lines {label}")).to_have_text("row 16: 8 to 3")
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(label)).to_have_count(0)


@pytest.mark.parametrize("path", ["", "before_after", "before_after?measure=eq5d3l_index:europe_vas", "responders"])
def test_on_a_phone_no_word_of_a_chart_is_cut_off(app: Server, page: Page, path: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, f"{app.url}/{path}")
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(MEETING) == []


def test_on_a_phone_the_names_of_published_cohorts_do_not_meet_their_values(app: Server, page: Page) -> None:
    page.set_viewport_size(PHONE)
    visit(page, f"{app.url}/compare")
    controls = page.locator(".st-key-compare-controls").get_by_role("radio", name="Best two answers").bounding_box()
    assert controls is not None
    assert controls["x"] + controls["width"] <= PHONE["width"]
    view(page, "Published cohorts")
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(MEETING) == []


def test_the_table_of_outcomes_shows_all_its_columns_on_a_laptop(app: Server, page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    visit(page, f"{app.url}/compare")
    view(page, "Who did not improve?")
    table = page.locator(".st-key-outcome_cells .dvn-scroller")
    table.wait_for()
    assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_no_label_of_a_card_is_cut_off_on_a_laptop(app: Server, page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    visit(page, app.url)
    cut = page.evaluate(
        "() => [...document.querySelectorAll('[data-testid=stMetricLabel] p')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    )
    assert page.locator("[data-testid=stMetricLabel] p").count() >= 5
    assert cut == []


def test_on_a_phone_the_time_points_of_a_registry_do_not_meet(app: Server, page: Page) -> None:
    visit(page, app.url)
    page.get_by_role("button", name="Use my own file").click()
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(SAMPLES / "registry.csv")
    page.get_by_role("button", name="Open the cohort").click(timeout=30_000)
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("link", name="Compare", exact=True).click()
    settle(page)
    page.set_viewport_size(PHONE)
    view(page, "Over time")
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(MEETING) == []


@pytest.mark.parametrize("rule", ["percent", "state", "change and state"])
def test_on_a_phone_a_rule_and_its_rate_do_not_meet(app: Server, page: Page, rule: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, f"{app.url}/responders?kind={rule}")
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(MEETING) == []
