"""Many visitors at once, each with a cohort of his own: how long a filter takes, and whether data ever crosses over.

    python bench/load.py [--sessions 10] [--reruns 1000] [--patients 2000]

Speaks Streamlit's own protocol over WebSockets, so that the processors serve and do not draw. Every session has other
patients, another number of them, and labels and a file name with a mark that no other has. Every byte that a session
receives is searched for the marks of all others, and so are the server's log and its temporary files; the numbers of
patients on screen are recounted after every filter. Then all sessions at once download every export and the tables of
their page, which are unpacked and searched. Time runs from sending a filter until the server says that the page's
script has finished.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import os
import random
import re
import secrets
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made_up import cohort  # noqa: E402
from lib.cohort.cohort import Category  # noqa: E402

PAGES = ("", "before_after", "responders", "statements", "eq5d", "compare", "patients", "safety")
_COUNTS = re.compile(r"^\*\*([\d,]+)\*\*(?: of ([\d,]+))? operated")


@dataclass
class Result:
    """What all sessions together saw."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seen_of_others: int = 0
    files: int = 0


@contextlib.contextmanager
def server() -> Iterator[tuple[Any, Path]]:
    """app.py with bench/load_app.py before it, in a folder of its own, and the folder of its temporary files."""
    from tests.browser.driver import serve

    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = (ROOT / "bench" / "load_app.py").read_text("utf-8").replace("PROJECT", str(ROOT))
        (folder / "app.py").write_text(first + (ROOT / "app.py").read_text("utf-8"), "utf-8")
        for part in ("pages", "static"):
            shutil.copytree(ROOT / part, folder / part)
        left = folder / "temporary"
        left.mkdir()
        os.environ |= {"PYTHONPATH": str(ROOT), "TMPDIR": str(left)}
        try:
            with serve(folder / "app.py") as running:
                yield running, left
        finally:
            os.environ.clear()
            os.environ |= before


class Visitor:
    """One open tab: connects, reads a page, changes its filter again and again, downloads what is offered."""

    def __init__(self, url: str, mark: str, others: list[str], patients: int, seed: int, result: Result) -> None:
        self.url, self.mark, self.patients, self.seed, self.result = url, mark, patients, seed, result
        self.others = [other.encode() for other in others]
        self.session = self.chips = self.export = ""
        self.offered: list[str] = []
        self.counted: tuple[int, int] | None = None
        self.files: dict[str, str] = {}
        column = cohort(patients, seed=seed).columns["etiology"]
        assert isinstance(column, Category)
        self.labels, self.codes = column.labels, column.codes

    async def run(self, reruns: int, page: str) -> None:
        """Connect, see the page once, then `reruns` filters, then the downloads."""
        from websockets.asyncio.client import connect

        address = self.url.replace("http", "ws") + "/_stcore/stream"
        async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            await self.ask(socket, f"mark={self.mark}&n={self.patients}&seed={self.seed}", page, [])
            if not self.chips:
                self.result.errors.append(f"{page}: no chips for the filter")
                return
            for _ in range(reruns):
                chosen = random.sample(self.offered, random.randint(1, len(self.offered) - 1))
                started = time.perf_counter()
                await self.ask(socket, "", page, chosen)
                self.result.seconds.append(time.perf_counter() - started)
                self.recount(page, chosen)
            await self.download_everything(socket, page, chosen if reruns else [])

    def recount(self, page: str, chosen: list[str]) -> None:
        """The sidebar's numbers, against this visitor's own cohort counted here."""
        codes = [self.labels.index(label.replace("\\", "").split(" canary")[0]) for label in chosen]
        expected = (int(np.isin(self.codes, codes).sum()), self.patients)
        if self.counted != expected:
            self.result.errors.append(f"{page}: {self.counted} on screen, {expected} recounted")

    async def download_everything(self, socket: Any, page: str, chosen: list[str]) -> None:
        """Every file the page offers, and every format of the export; each searched, unpacked."""
        if not self.export:
            self.result.errors.append(f"{page}: no button for the export")
            return
        await self.ask(socket, "", page, chosen, pressed=self.export)
        if sum(name.startswith("export.") for name in self.files) < 5:
            self.result.errors.append(f"{page}: the export offers {sorted(self.files)}")
        for name, file_id in list(self.files.items()):
            data = await self.download(socket, file_id)
            self.result.files += 1
            parts = unpacked(data)
            self.result.seen_of_others += sum(other in part for part in parts for other in self.others)
            if not any(self.mark.encode() in part for part in parts):
                self.result.errors.append(f"{page}: its own mark is not in {name}")

    async def download(self, socket: Any, file_id: str) -> bytes:
        """Ask the server to make a file, as a click on its button does, and fetch it."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.backend_operation_request.request_id = secrets.token_hex(8)
        message.backend_operation_request.session_id = self.session
        message.backend_operation_request.deferred_file.file_id = file_id
        await socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), timeout=120))
            if answer.WhichOneof("type") == "backend_operation_response":
                break
        made = answer.backend_operation_response
        if made.error_msg:
            self.result.errors.append(made.error_msg)
            return b""
        return await asyncio.to_thread(_fetch, self.url + made.deferred_file.url)

    async def ask(self, socket: Any, query: str, page: str, chosen: list[str], pressed: str = "") -> None:
        """Run the page once with these chips, and read everything it answers."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        if self.chips:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.chips
            state.string_array_value.data.extend(chosen)
        if pressed:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = pressed
            state.trigger_value = True
        await socket.send(message.SerializeToString())
        own = False
        self.files.clear()
        while True:
            raw = await asyncio.wait_for(socket.recv(), timeout=120)
            self.result.seen_of_others += sum(other in raw for other in self.others)
            own = own or self.mark.encode() in raw
            answer = ForwardMsg.FromString(raw)
            self.read(answer)
            finished = answer.WhichOneof("type") == "script_finished"
            if finished and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                break
        if not own:
            self.result.errors.append(f"{page}: its own mark was not there")

    def read(self, answer: Any) -> None:
        """Remember the chips, the export's button, the files on offer and the counts; note exceptions."""
        if answer.WhichOneof("type") == "new_session":
            self.session = answer.new_session.initialize.session_id
        if answer.WhichOneof("type") != "delta" or not answer.delta.HasField("new_element"):
            return
        element = answer.delta.new_element
        if element.HasField("exception"):
            self.result.errors.append(f"{element.exception.type}: {element.exception.message}")
        if element.HasField("button_group") and element.button_group.id.endswith("filter.etiology"):
            self.chips = element.button_group.id
            self.offered = [option.content for option in element.button_group.options]
        if element.HasField("button") and element.button.id.endswith("-export-open"):
            self.export = element.button.id
        if element.HasField("download_button"):
            button = element.download_button
            self.files[button.id.rsplit("-", 1)[-1]] = button.deferred_file_id
        if element.HasField("markdown") and (found := _COUNTS.match(element.markdown.body)):
            some, every = (number and int(number.replace(",", "")) for number in found.groups())
            self.counted = (some, every or some)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


def unpacked(data: bytes) -> list[bytes]:
    """A file and, when it is an archive (slides, documents, sheets), everything in it, workbooks in slides included."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [data]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [data, *(part for name in archive.namelist() for part in unpacked(archive.read(name)))]


async def everybody(url: str, sessions: int, reruns: int, patients: int) -> tuple[Result, list[str]]:
    marks = [f"canary{secrets.token_hex(6)}" for _ in range(sessions)]
    result = Result()
    visitors = [
        Visitor(url, mark, [m for m in marks if m != mark], patients + i, 100 + i, result).run(
            reruns // sessions, PAGES[i % len(PAGES)]
        )
        for i, mark in enumerate(marks)
    ]
    for outcome in await asyncio.gather(*visitors, return_exceptions=True):
        if isinstance(outcome, BaseException):
            result.errors.append(repr(outcome))
    return result, marks


def run(sessions: int, reruns: int, patients: int) -> Result:
    """Start the server, let all visitors in at once, look through its log."""
    with server() as (running, temporary):
        result, marks = asyncio.run(everybody(running.url, sessions, reruns, patients))
        log = running.printed()
        result.seen_of_others += sum(mark in log for mark in marks)
        for path in temporary.rglob("*"):
            written = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
            result.seen_of_others += sum(mark.encode() in written for mark in marks)
        if "Traceback" in log:
            result.errors.append(log[-1500:])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--reruns", type=int, default=1000)
    parser.add_argument("--patients", type=int, default=2000)
    asked = parser.parse_args()
    result = run(asked.sessions, asked.reruns, asked.patients)
    cuts = statistics.quantiles(result.seconds, n=20)
    print(
        f"{asked.sessions} sessions of {asked.patients:,} patients, {len(result.seconds):,} reruns: median "
        f"{statistics.median(result.seconds):.2f} s, p95 {cuts[18]:.2f} s, slowest {max(result.seconds):.2f} s, "
        f"{len(result.errors)} errors, {result.files} downloads, {result.seen_of_others} values of one session seen in "
        "another, in a download, in the log or in a temporary file"
    )
    for error in sorted(set(result.errors))[:10]:
        print(error)


if __name__ == "__main__":
    main()
