"""What weak eyes, a small screen or a finger meet: contrast of words in charts, cut words, small targets."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.browser.driver import tall, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST = 4.5
MOSTLY = 0.12
"""The share of the ground behind a word that may be poorer: a gridline, a thin interval or a rim may pass under it."""

_WORDS = """() => [...document.querySelectorAll('svg text')].filter((e) => {
  const box = e.getBoundingClientRect();
  const over = '[role=dialog], [data-testid=stPopoverBody], [data-testid=stToast], [data-testid=stSidebar]';
  const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2)?.closest(over);
  const modal = [...document.querySelectorAll('[role=dialog][aria-modal=true], [data-testid=stDialog]')].at(-1);
  return e.textContent.trim() && (!top || top.contains(e)) && (!modal || modal.contains(e));
}).map((e) => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect(), svg = e.ownerSVGElement.getBoundingClientRect();
  let see = parseFloat(style.fillOpacity);
  for (let up = e; up && up.nodeType === 1; up = up.parentElement) {
    see *= parseFloat(getComputedStyle(up).opacity);
    if (getComputedStyle(up).visibility === 'hidden' || getComputedStyle(up).display === 'none') see = 0;
  }
  return {text: e.textContent, fill: style.fill, see, size: parseFloat(style.fontSize),
          box: [box.left, box.top, box.right, box.bottom], svg: [svg.left, svg.top, svg.right, svg.bottom]};
}).filter((w) => w.see > 0 && w.box[2] > w.box[0] && w.box[3] > w.box[1])"""
_CUT = """() => {
  const found = [];
  for (const e of document.querySelectorAll('[data-testid=stMain] *, [role=dialog] *')) {
    if (e.closest('svg, canvas, .ct-scroll, [data-testid=stDataFrame], [data-baseweb=select]')) continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (own && ['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
      found.push(`cut: ${e.textContent.trim().slice(0, 60)} (${e.scrollWidth} px in ${e.clientWidth})`);
  }
  return found;
}"""


def words_in_charts(page: Page) -> list[dict[str, Any]]:
    """Every word drawn in a chart: its text, colour, box, and the box of its drawing."""
    return list(page.evaluate(_WORDS))


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG 2.2: relative luminance of two colours, lighter over darker."""
    light, dark = sorted(
        (
            sum(w * _channel(round(c)) for w, c in zip((0.2126, 0.7152, 0.0722), rgb, strict=True))
            for rgb in (one, other)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def faults(page: Page, *, axe: bool = True, picture: bool = True) -> list[str]:
    """Everything somebody could stumble over, with the window as high as the page."""
    with tall(page):
        found = [*(violations(page) if axe else []), *cut_words(page), *too_wide(page)]
        return [*found, *(weak_words(page)[1] if picture else [])]


def weak_words(page: Page) -> tuple[int, list[str]]:
    """How many words in charts were judged, and those with less than 4.5:1 against what is painted behind them.

    The ground is taken from a picture of the page in which the words are hidden; what is out of the window is not seen.
    """
    from PIL import Image

    words = words_in_charts(page)
    if not words:
        return 0, []
    style = page.add_style_tag(content="svg text { visibility: hidden !important; }")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    style.evaluate("e => e.remove()")
    weak, judged = [], 0
    for word in words:
        left, top, right, bottom = (round(v) for v in word["box"])
        area = (max(left, 0), max(top, 0), min(right, picture.width), min(bottom, picture.height))
        if area[2] <= area[0] or area[3] <= area[1]:
            continue
        ground = Counter(picture.crop(area).get_flattened_data())
        judged += 1
        rgb = tuple(
            float(v) for v in word["fill"].removeprefix("rgba(").removeprefix("rgb(").rstrip(")").split(",")[:3]
        )
        poor = 0
        worst = 21.0
        for behind, count in ground.items():
            seen = tuple(word["see"] * c + (1 - word["see"]) * b for c, b in zip(rgb, behind, strict=True))
            value = contrast(seen, behind)
            poor += count * (value < LEAST)
            if count > MOSTLY * sum(ground.values()):
                worst = min(worst, value)
        if poor > MOSTLY * sum(ground.values()):
            weak.append(f"{word['text'][:50]}: {worst:.2f}:1, {word['fill']} at {word['see']:.2f}")
    return judged, sorted(set(weak))


def cut_words(page: Page) -> list[str]:
    """Words that do not fit: cut by their box, or drawn beyond the edge of their chart or of the window."""
    found = list(page.evaluate(_CUT))
    width = page.evaluate("innerWidth")
    for word in words_in_charts(page):
        (left, _, right, _), (low, _, high, _) = word["box"], word["svg"]
        if left < max(low, 0) - 1 or right > min(high, width) + 1:
            found.append(
                f"beyond its chart: {word['text'][:60]} ({left:.0f} to {right:.0f} in {low:.0f} to {high:.0f})"
            )
    return sorted(set(found))


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical in the window, the rule on the size of targets (24 px) with it."""
    from axe_playwright_python.sync_playwright import Axe

    # Without resultTypes axe also writes down all that passes: 2.5 s a page where the violations take 1.1 s.
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    response: dict[str, Any] = Axe().run(page, options=options).response
    return [
        f"{found['impact']} {found['id']}: {found['help']}: "
        + " | ".join(f"{node['html'][:160]} ({node.get('failureSummary', '')[:200]})" for node in found["nodes"][:3])
        for found in response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
