"""Many visitors at once, each with a cohort of his own: how long a filter takes, and whether data ever crosses over.

    python bench/load.py [--sessions 10] [--reruns 1000] [--patients 2000]

Speaks Streamlit's own protocol over WebSockets, so that the processors serve and do not draw. Every session's labels
and file name hold a mark that no other has; every byte a session receives is searched for the marks of all others, and
so is the server's log. Time runs from sending a filter until the server says that the page's script has finished.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PAGES = ("", "before_after", "responders", "statements")


@dataclass
class Result:
    """What all sessions together saw."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seen_of_others: int = 0


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
    """One open tab: connects, reads a page, changes its filter again and again."""

    def __init__(self, url: str, mark: str, others: list[str], patients: int, result: Result) -> None:
        self.url, self.mark, self.patients, self.result = url, mark, patients, result
        self.others = [other.encode() for other in others]
        self.chips = ""
        self.offered: list[str] = []

    async def run(self, reruns: int, page: str) -> None:
        """Connect, see the page once, then `reruns` filters."""
        from websockets.asyncio.client import connect

        address = self.url.replace("http", "ws") + "/_stcore/stream"
        async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            await self.ask(socket, f"mark={self.mark}&n={self.patients}", page, [])
            if not self.chips:
                self.result.errors.append(f"{page}: no chips for the filter")
                return
            for _ in range(reruns):
                chosen = random.sample(self.offered, random.randint(1, len(self.offered) - 1))
                started = time.perf_counter()
                await self.ask(socket, "", page, chosen)
                self.result.seconds.append(time.perf_counter() - started)

    async def ask(self, socket: Any, query: str, page: str, chosen: list[str]) -> None:
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
        await socket.send(message.SerializeToString())
        finished = 0
        own = False
        while True:
            raw = await asyncio.wait_for(socket.recv(), timeout=60)
            self.result.seen_of_others += sum(other in raw for other in self.others)
            own = own or self.mark.encode() in raw
            answer = ForwardMsg.FromString(raw)
            self.read(answer)
            if answer.WhichOneof("type") == "script_finished":
                finished = answer.script_finished
                if finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    break
        if not own:
            self.result.errors.append(f"{page}: its own mark was not there")

    def read(self, answer: Any) -> None:
        """Remember the chips' widget; note exceptions."""
        if answer.WhichOneof("type") != "delta" or not answer.delta.HasField("new_element"):
            return
        element = answer.delta.new_element
        if element.HasField("exception"):
            self.result.errors.append(f"{element.exception.type}: {element.exception.message}")
        if element.HasField("button_group") and element.button_group.id.endswith("filter.etiology"):
            self.chips = element.button_group.id
            self.offered = [option.content for option in element.button_group.options]


async def everybody(url: str, sessions: int, reruns: int, patients: int) -> tuple[Result, list[str]]:
    marks = [f"canary{secrets.token_hex(6)}" for _ in range(sessions)]
    result = Result()
    visitors = [
        Visitor(url, mark, [m for m in marks if m != mark], patients, result).run(
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
        f"{len(result.errors)} errors, {result.seen_of_others} values of one session seen in another or in the log"
    )
    for error in sorted(set(result.errors))[:10]:
        print(error)


if __name__ == "__main__":
    main()
