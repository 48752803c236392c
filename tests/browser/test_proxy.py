"""The nginx settings of docs/hosting.md, as printed there, in front of two replicas: pages, an upload, closed doors.

Only addresses, ports and the certificate are put in. Skips without nginx and openssl.
"""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bench.made_up_file import csv
from tests.app_pages import ROOT
from tests.browser.conftest import DESKTOP, check_server
from tests.browser.driver import Server, is_local, serve, settle, visit
from tests.browser.test_upload import choose, explore, open_dialog

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
PRINTED = re.search(r"```nginx\n(map .+?)```", (ROOT / "docs" / "hosting.md").read_text("utf-8"), re.DOTALL)
AROUND = """daemon off; pid {0}/pid; error_log {0}/error.log; worker_processes 1; events {{}}
http {{ client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u;
scgi_temp_path {0}/s;
{1}
}}"""


@dataclass
class Proxied:
    """The public address, both replicas, and the proxy's folder."""

    url: str
    replicas: tuple[Server, Server]
    folder: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def proxied(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """nginx with the printed settings, and two servers behind it."""
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("no nginx or openssl on this machine")
    assert PRINTED, "docs/hosting.md has an nginx block"
    folder = tmp_path_factory.mktemp("nginx")
    subject = ["-subj", "/CN=localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject],
        check=True,
        capture_output=True,
    )
    port = _free_port()
    with serve(ROOT / "asgi.py") as one, serve(ROOT / "asgi.py") as two:
        settings = PRINTED[1]
        for printed, ours in (
            ("127.0.0.1:8501", one.url.removeprefix("http://")),
            ("127.0.0.1:8502", two.url.removeprefix("http://")),
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("cohortlens.hospital.example", "localhost"),
            ("/etc/ssl/cohortlens.pem", str(folder / "cert.pem")),
            ("/etc/ssl/cohortlens.key", str(folder / "key.pem")),
            ("/var/log/nginx/cohortlens.log", str(folder / "access.log")),
        ):
            assert printed in settings, printed
            settings = settings.replace(printed, ours)
        (folder / "nginx.conf").write_text(AROUND.format(folder, settings), "utf-8")
        # as root, nginx gives its worker to nobody, who must get into the folder
        for above in (folder, folder.parent):
            above.chmod(0o755)
        with (folder / "stderr.log").open("wb") as said:
            nginx = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=said)
        try:
            deadline = time.monotonic() + 20
            while not (folder / "pid").exists():
                assert nginx.poll() is None, (folder / "stderr.log").read_text("utf-8")
                assert time.monotonic() < deadline, "nginx did not start"
                time.sleep(0.1)
            yield Proxied(f"https://localhost:{port}", (one, two), folder)
        finally:
            nginx.terminate()
            nginx.wait(10)
            check_server(one)
            check_server(two)


@pytest.fixture
def visitor(browser: Browser, proxied: Proxied) -> Iterator[Page]:
    """A window that accepts the certificate of this test; whatever it asks for stays on this machine."""
    asked: list[str] = []
    errors: list[str] = []
    with browser.new_context(viewport=DESKTOP, locale="en-GB", ignore_https_errors=True) as context:
        context.on("request", lambda request: asked.append(request.url))
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
    assert [url for url in asked if not is_local(url)] == []
    assert errors == []


def ask(url: str) -> tuple[int, dict[str, str]]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=10, context=trusting) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}
    except urllib.error.HTTPError as refused:
        return refused.code, {}


def test_a_page_a_filter_and_a_large_upload_through_the_proxy(proxied: Proxied, visitor: Page) -> None:
    visit(visitor, f"{proxied.url}/?f.etiology=Postpartum")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("of 13 improved")
    visitor.locator(".st-key-filter-center").get_by_role("button", name=re.compile("^Heerlen")).click()
    settle(visitor)
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("of 8 improved")
    open_dialog(visitor)
    data = csv(130_000)
    assert 20e6 < len(data) < 50e6
    file = proxied.folder / "twenty.csv"
    file.write_bytes(data)
    visitor.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(file)
    explore(visitor)
    expect(visitor.locator(".st-key-cohort")).to_contain_text("twenty.csv", timeout=60_000)
    kept = [p for name in ("body", "proxy") for p in (proxied.folder / name).rglob("*") if p.is_file()]
    assert kept == [], "the proxy wrote a part of the upload to its disk"


def test_the_log_of_the_proxy_has_no_query(proxied: Proxied, visitor: Page) -> None:
    visit(visitor, f"{proxied.url}/responders?f.etiology=Postpartum")
    log = (proxied.folder / "access.log").read_text("utf-8")
    assert "/responders" in log
    assert "Postpartum" not in log
    assert "?" not in log


def test_what_the_proxy_closes_and_adds(proxied: Proxied) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json"):
        assert ask(proxied.url + path)[0] == 404, path
    status, headers = ask(proxied.url + "/")
    assert status == 200
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY", "once, from the app"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_visitor_stays_on_one_replica(proxied: Proxied, visitor: Page) -> None:
    """Both reload and upload find the session: the same computer, the same replica."""
    visit(visitor, proxied.url)
    open_dialog(visitor)
    choose(visitor, "misjf.sav")
    explore(visitor)
    expect(visitor.locator(".st-key-cohort")).to_contain_text("misjf.sav")
    for link in ("Responders", "Statements"):
        visitor.get_by_role("link", name=link, exact=True).first.click()
        settle(visitor)
        expect(visitor.locator(".st-key-cohort")).to_contain_text("misjf.sav")
