"""The Dockerfile without Docker: its files alone in a folder that cannot be written, started as it says.

What building needs beyond that (the lock file) is in tests/unit/test_requirements.py.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.app_pages import ROOT, AppPage, app_pages
from tests.browser.conftest import check_server
from tests.browser.driver import Server, serve, visit
from tests.browser.test_upload import choose, explore, open_dialog

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COPIES = [line.split()[1:] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
SETTINGS = dict(re.findall(r"\b(STREAMLIT_\w+)=(\S+)", DOCKERFILE))
ENTRY = json.loads(re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, re.MULTILINE)[0])


@pytest.fixture(scope="module")
def container(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The folder of the image, read-only, and its command line."""
    folder = tmp_path_factory.mktemp("srv")
    for *sources, target in COPIES:
        for source in sources:
            to = folder / target / Path(source).name if target.endswith("/") else folder / target
            to.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, to)
    before = _files(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        with serve(folder / ENTRY[-1], folder=folder) as server:
            yield server
            check_server(server)
    assert _files(folder) == before, "the app wrote into its own folder"


def _files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_it_runs_as_the_dockerfile_says() -> None:
    assert ENTRY[:4] == ["python", "-m", "streamlit", "run"]
    assert ENTRY[-1] == "asgi.py", "the entry with the security headers"
    assert SETTINGS["STREAMLIT_SERVER_ADDRESS"] == "0.0.0.0"
    assert re.search(r"^USER 10001", DOCKERFILE, re.MULTILINE), "no rights"
    assert "--require-hashes" in DOCKERFILE
    assert DOCKERFILE.index("USER 10001") > DOCKERFILE.rindex("RUN "), "nothing is installed by the user of the app"


@pytest.mark.parametrize("which", app_pages(), ids=str)
def test_every_page_opens_from_the_files_of_the_image(which: AppPage, container: Server, page: Page) -> None:
    visit(page, f"{container.url}/{which.url_path}")
    assert page.get_by_role("heading", level=1).count() == 1


def test_a_file_is_read_in_the_image(container: Server, page: Page) -> None:
    visit(page, container.url)
    open_dialog(page)
    choose(page, "misjf.xlsx")
    explore(page)
    expect(page.locator(".st-key-cohort")).to_contain_text("misjf.xlsx")
