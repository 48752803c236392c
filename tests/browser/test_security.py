"""What a running server lets in and out: its real settings, its headers, its files, its closed doors."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app_pages import ROOT, app_pages
from tests.browser.conftest import check_server
from tests.browser.driver import Server, serve, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ASGI = ROOT / "asgi.py"
SETTINGS_APP = Path(__file__).parent / "apps" / "settings.py"
PAGES = app_pages()
# What the browser needs: the typeface, plotly.js, the logo; beside them their licences.
STATIC_KINDS = {".woff2", ".js", ".svg", ".png", ".txt"}


@pytest.fixture(scope="module")
def guarded(browser: Browser) -> Iterator[Server]:
    """The app through asgi.py."""
    with serve(ASGI) as server:
        yield server
        check_server(server)


def ask(server: Server, path: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request: status, headers in lower case, body."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=10)
    try:
        connection.putrequest(method, path, skip_host="host" in {name.lower() for name in headers})
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def websocket_status(server: Server, **headers: str) -> int:
    """What the server answers to somebody who wants to talk to an app."""
    wanted = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec_WebSocket_Protocol": "streamlit",
        **headers,
    }
    return ask(server, "/_stcore/stream", **wanted)[0]


def test_settings_of_the_running_server(page: Page, console: list[str]) -> None:
    with serve(SETTINGS_APP) as server:
        visit(page, server.url)
        found = json.loads(page.get_by_test_id("stText").inner_text())
        page.goto("about:blank")
    console[:] = [line for line in console if "HankenGrotesk" not in line]  # the typeface lies beside app.py
    assert found["browser.gatherUsageStats"] is False
    assert found["browser.serverAddress"] == "127.0.0.1", "a server on 0.0.0.0 would ask the internet who it is"
    assert found["client.showErrorDetails"] in ("type", "none")
    assert found["client.showErrorLinks"] is False
    assert found["client.toolbarMode"] == "viewer"
    assert found["global.developmentMode"] is False
    assert found["server.address"] == "127.0.0.1"
    assert sorted(found["server.allowedHosts"]) == ["127.0.0.1", "localhost"]
    assert found["server.corsAllowedOrigins"] == []
    assert found["server.enableAgentApi"] is False
    assert found["server.enableCORS"] is True, "True is the protection"
    assert found["server.enableStaticServing"] is True, "what it serves: test_only_its_own_fonts_and_scripts_are_served"
    assert found["server.enableXsrfProtection"] is True
    assert found["server.fileWatcherType"] == "none"
    assert found["runner.magicEnabled"] is False
    assert found["server.maxUploadSize"] <= 50
    assert found["server.disconnectedSessionTTL"] <= 120
    assert found["server.showEmailPrompt"] is False
    assert not found["server.trustedUserHeaders"]


def test_every_answer_carries_the_headers(guarded: Server) -> None:
    for path in ("/", "/statements", "/_stcore/health", "/app/static/logo.svg", "/nothing/here", "/_stcore/metrics"):
        _, headers, _ = ask(guarded, path)
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'self'", path
        assert policy["frame-ancestors"] == "'none'", path
        assert policy["object-src"] == "'none'", path
        assert "unsafe" not in policy["script-src"], path
        assert "*" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["referrer-policy"] == "no-referrer", path


@pytest.mark.parametrize("which", PAGES, ids=str)
def test_pages_work_under_the_strict_policy(which: object, guarded: Server, page: Page) -> None:
    # The page fixture fails on any error in the console: a blocked script, style, picture or font is one.
    visit(page, f"{guarded.url}/{which.url_path}")  # type: ignore[attr-defined]
    assert page.get_by_role("heading", level=1).count() == 1
    # Streamlit's own chart would stand in for a component that was blocked.
    assert page.get_by_test_id("stPlotlyChart").count() == 0


def test_metrics_are_closed(guarded: Server) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=session"):
        for method in ("GET", "OPTIONS", "POST"):
            status, _, body = ask(guarded, path, method=method)
            assert status == 404, (method, path)
            assert b"bytes" not in body


def test_no_door_for_agents(guarded: Server, app: Server) -> None:
    for server in (guarded, app):
        for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"):
            for method in ("GET", "POST"):
                assert ask(server, path, method=method)[0] == 404, (method, path)


def test_a_foreign_host_or_origin_cannot_talk_to_the_app(guarded: Server, app: Server, page: Page) -> None:
    # And nobody is called while refusing: check_server at the end of both servers (see lib/ui/memory.py).
    visit(page, app.url)
    for server in (guarded, app):
        assert websocket_status(server) == 101
        assert websocket_status(server, Origin="https://elsewhere.example") == 403
        assert websocket_status(server, Host="elsewhere.example", Origin="http://elsewhere.example") in (400, 403)
        _, headers, _ = ask(server, "/_stcore/health", Origin="https://elsewhere.example")
        assert headers.get("access-control-allow-origin") in (None, server.url)


def test_plain_app_py_asks_nobody_before_its_first_session() -> None:
    # Streamlit 1.67 by itself looks for its own address (8.8.8.8, checkip.amazonaws.com) when a foreign page calls.
    with serve() as server:
        assert websocket_status(server, Origin="https://elsewhere.example") == 403
        status, headers, _ = ask(server, "/statements", Origin="http://127.0.0.1:9")
        assert status == 200
        assert headers["x-frame-options"] == "DENY"
        assert ask(server, "/_stcore/metrics")[0] == 404
        check_server(server)


def test_an_upload_needs_the_token_of_the_page(guarded: Server, app: Server) -> None:
    for server in (guarded, app):
        status, _, _ = ask(server, "/_stcore/upload_file/somebody/something", method="PUT")
        assert status in (400, 401, 403), status


def test_only_its_own_fonts_and_scripts_are_served(guarded: Server, app: Server) -> None:
    kept = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    assert kept
    assert {path.suffix for path in kept} <= STATIC_KINDS, "static/ is open to everybody"
    for server in (guarded, app):
        for path in kept:
            status, _, body = ask(server, f"/app/static/{path.relative_to(ROOT / 'static').as_posix()}")
            assert (status, body) == (200, path.read_bytes()), path.name


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../app.py",
        "/app/static/%2e%2e/app.py",
        "/app/static/..%2fapp.py",
        "/app/static/%2e%2e%2fsample_data%2fmisjf.csv",
        "/app/static//etc/passwd",
        "/app/static/..%5capp.py",
        "/app/sample_data/misjf.csv",
        "/sample_data/misjf.csv",
        "/app.py",
        "/.streamlit/config.toml",
        "/_stcore/bidi-components/cohortlens.chart/../chart.py",
        "/_stcore/bidi-components/cohortlens.chart/%2e%2e/chart.py",
        "/_stcore/bidi-components/cohortlens.chart/..%2fchart.py",
        "/_stcore/bidi-components/cohortlens.connection/../connection.py",
    ],
)
def test_nothing_else_of_the_folder_is_served(path: str, guarded: Server, app: Server) -> None:
    secrets = ((ROOT / "app.py").read_bytes(), (ROOT / "lib" / "ui" / "chart.py").read_bytes(), b"root:", b"patient_id")
    for server in (guarded, app):
        _, _, body = ask(server, path)
        assert not any(secret in body for secret in secrets), path
        assert b"[server]" not in body
