"""Take every page at three sizes into build/screenshots/: `make screenshots`. A script, not a test: a person looks."""

from __future__ import annotations

import sys

from tests.app_pages import ROOT, app_pages
from tests.browser.driver import chromium, find_chromium, serve, tall, visit

SIZES = ((1440, 900), (1280, 720), (390, 844))
OUT = ROOT / "build" / "screenshots"


def main() -> int:
    """Write <page>-<width>x<height>.png (what one sees first) and <page>-<width>-whole.png (all of the page)."""
    executable = find_chromium()
    if executable is None:
        print("Screenshots need Chromium or Chrome; COHORTLENS_CHROMIUM names one elsewhere.", file=sys.stderr)
        return 1
    pages = app_pages()
    if not pages:
        print("There is no app.py yet.", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with serve() as server, chromium(executable) as browser:
        for width, height in SIZES:
            with browser.new_context(viewport={"width": width, "height": height}, locale="en-GB") as context:
                page = context.new_page()
                for which in pages:
                    visit(page, f"{server.url}/{which.url_path}")
                    page.screenshot(path=OUT / f"{which}-{width}x{height}.png")
                    with tall(page):
                        page.screenshot(path=OUT / f"{which}-{width}-whole.png")
                    print(f"{which} {width}x{height}")
    print(f"in {OUT.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
