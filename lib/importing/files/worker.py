"""File bytes → sheets of text, in a child process.

A damaged file can abort or hang a C parser, and a small one can ask for all memory. So the reading happens in `python
-m lib.importing.files.worker`, which gets limits and options in a first line and then the bytes on stdin, and answers
on stdout (see `wire`), under a time and output limit everywhere and a memory limit where the system has one. Nothing
touches the disk, in either process. One process reads one file; `warm` starts the next one while somebody still looks
for a file, so that it need not import anything first.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.findings import ImportProblem, ParseCancelled, refuse

if TYPE_CHECKING:
    from lib.importing.files.table import Parsed

ROOT = Path(__file__).resolve().parents[3]
PASSED_VARIABLES = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
READY = "--ready"
WAITS = 180.0
"""Seconds after which a process started by `warm` ends by itself."""
_FRESH = 150.0
_spare: list[tuple[subprocess.Popen[bytes], float]] = []  # at most one, and when it was started
_one_at_a_time = threading.Lock()
MOST_AT_ONCE = 2
"""Files read at the same time, of all sessions; each may take the memory of `Limits`."""
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


def warm() -> None:
    """Start the process that will read the next file, unless one is waiting. It knows nothing of anybody yet."""
    with _one_at_a_time:
        if _usable() is None:
            _spare.append((_start(READY), time.monotonic()))


def cool() -> None:
    """End the process that waits, if there is one."""
    with _one_at_a_time:
        _drop()


atexit.register(cool)


def _usable() -> subprocess.Popen[bytes] | None:
    """The process that waits; one that ended, or is about to, is done away with."""
    if _spare:
        process, started = _spare[0]
        if process.poll() is None and time.monotonic() - started < _FRESH:
            return process
        _drop()
    return None


def _drop() -> None:
    for process, _ in _spare:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
    _spare.clear()


def _take() -> subprocess.Popen[bytes]:
    """The process that waits, else a new one."""
    with _one_at_a_time:
        waiting = _usable()
        _spare.clear()
    return waiting or _start()


def _start(*how: str) -> subprocess.Popen[bytes]:
    environment = {k: v for k in PASSED_VARIABLES if (v := os.environ.get(k))}
    environment |= {
        "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve more address space than the limit allows
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "lib.importing.files.worker", *how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a library's message could quote the file
        cwd=ROOT,
        env=environment,
    )


def parse_file(
    data: bytes,
    file_name: str,
    *,
    limits: Limits | None = None,
    options: ReadOptions | None = None,
    cancelled: Callable[[], bool] | None = None,
    begun: Callable[[], None] | None = None,
) -> Parsed:
    """The sheets of a file as text.

    Args:
        data: the bytes of the file.
        file_name: only for display; the content decides what the file is.
        limits: sizes, seconds and memory allowed.
        options: what the user says about encoding, separator and heading instead of what would be detected.
        cancelled: asked about ten times a second; True stops the reading.
        begun: called when the reading begins; until then it waits for other files (`MOST_AT_ONCE`).

    Raises:
        ImportProblem: the file cannot be used; its findings say why, what is allowed and what to do.
        ParseCancelled: `cancelled` said so.
    """
    limits = limits or Limits()
    if len(data) > limits.bytes:
        raise refuse(
            "file_too_large",
            f"The file has {len(data) / 1e6:,.0f} MB; at most {limits.bytes / 1e6:,.0f} MB can be read.",
        )
    wanted = {"limits": limits.to_json(), "options": (options or ReadOptions()).to_json()}
    answer = _ask_child(data, wanted, limits, cancelled, begun)
    from lib.importing.files.wire import UNBELIEVED, ReaderCrashError, decode

    try:
        parsed = decode(answer, file_name, hashlib.sha256(data).hexdigest())
    except MemoryError as error:
        raise _died("memory") from error
    except ReaderCrashError as crash:
        raise _died("memory" if str(crash) == "MemoryError" else "crash") from crash
    except UNBELIEVED as error:
        raise _died("crash") from error
    return with_patients(parsed)


def with_patients(parsed: Parsed) -> Parsed:
    """The same file. Raises ImportProblem when its largest table has a heading and nothing below it."""
    sheet = parsed.sheet()
    if not sheet.n:
        where = f' of sheet "{sheet.name}"' if sheet.name else ""
        raise refuse(
            "no_rows",
            f"There are column names in row {sheet.header_rows[0] if sheet.header_rows else 1}{where} "
            "but no patients below them.",
            sheet=sheet.name,
            rows=sheet.header_rows,
        )
    return parsed


def clean_template(data: bytes) -> bytes:
    """An uploaded slide template as `slide_template.cleaned` makes it, in the child. Raises ImportProblem."""
    from lib.importing.files.wire import UNBELIEVED, ReaderCrashError, decode_template

    limits = Limits()
    answer = _ask_child(data, {"limits": limits.to_json(), "template": True}, limits, None, None)
    try:
        return decode_template(answer)
    except ReaderCrashError as crash:
        raise _died("memory" if str(crash) == "MemoryError" else "crash") from crash
    except UNBELIEVED as error:
        raise _died("crash") from error


def _ask_child(
    data: bytes,
    wanted: dict[str, Any],
    limits: Limits,
    cancelled: Callable[[], bool] | None,
    begun: Callable[[], None] | None,
) -> bytes:
    while not _turns.acquire(timeout=0.1 if cancelled else None):
        if cancelled and cancelled():
            raise ParseCancelled(refuse("cancelled", "Reading the file was stopped.").findings)
    try:
        if begun is not None:
            begun()
        return _answer_of_child(data, json.dumps(wanted).encode(), limits, cancelled)
    finally:
        _turns.release()


def _answer_of_child(data: bytes, request: bytes, limits: Limits, cancelled: Callable[[], bool] | None) -> bytes:
    process = _take()
    assert process.stdin is not None
    assert process.stdout is not None
    pieces: list[bytes] = []
    too_much = threading.Event()
    feeding = threading.Thread(target=_feed, args=(process.stdin, request, data), daemon=True)
    draining = threading.Thread(
        target=_drain, args=(process.stdout, pieces, limits.output_bytes, too_much), daemon=True
    )
    feeding.start()
    draining.start()
    try:
        _wait(draining, limits, too_much, cancelled)
        process.wait(timeout=5)
    except subprocess.TimeoutExpired as error:
        raise _died("time") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        draining.join(1)
        feeding.join(1)
        process.stdout.close()
    if process.returncode != 0:
        raise _died(_ENDED_BY.get(-process.returncode, "crash"))
    return b"".join(pieces)


def _feed(pipe: IO[bytes], request: bytes, data: bytes) -> None:
    # a child that dies early closes the pipe; why it died is told by its exit
    with contextlib.suppress(OSError):
        pipe.write(request + b"\n")
        pipe.write(data)
    with contextlib.suppress(OSError):
        pipe.close()


def _drain(pipe: IO[bytes], pieces: list[bytes], most: int, too_much: threading.Event) -> None:
    size = 0
    with contextlib.suppress(OSError, ValueError):
        while piece := pipe.read(1 << 20):
            size += len(piece)
            if size > most:
                too_much.set()
                return
            pieces.append(piece)


def _wait(
    draining: threading.Thread, limits: Limits, too_much: threading.Event, cancelled: Callable[[], bool] | None
) -> None:
    end = time.monotonic() + limits.seconds
    while draining.is_alive():
        draining.join(0.1 if cancelled else min(1.0, limits.seconds))
        if cancelled and cancelled():
            raise ParseCancelled(refuse("cancelled", "Reading the file was stopped.").findings)
        if draining.is_alive() and time.monotonic() > end:
            raise _died("time")
    if too_much.is_set():
        raise _died("output")


# SIGABRT: Rust and C++ give up so when there is no memory; SIGKILL: the system took it back; SIGXCPU: the time limit.
# Exit 1: Python found no memory to say so; every other exception is caught.
_ENDED_BY = {-1: "memory", 6: "memory", 9: "memory", 24: "time"}


def _died(why: str) -> ImportProblem:
    sentences = {
        "time": (
            "too_slow",
            "Reading the file took too long and was stopped. "
            "Leave out sheets and columns that are not needed, or save the table as CSV.",
        ),
        "memory": (
            "too_much_memory",
            "Reading the file needs more memory than there is for one file, so it was stopped. A value far outside the "
            "table can cause this; copy the table into a new workbook, or save it as CSV.",
        ),
        "output": (
            "too_much_text",
            "The file holds more text than can be read. Leave out sheets and columns that are not needed.",
        ),
        "crash": (
            "damaged",
            "The file is damaged in a way that stops its reader. Nothing of it was kept. "
            "Open it in the program it came from, save it again and upload that.",
        ),
    }
    return refuse(*sentences[why])


def _limit_this_process(limits: Limits) -> None:
    """Memory, processor time, no files, no core dump (it would hold patients). Windows has none of these."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_DATA, limits.memory_bytes),  # what it writes to; libraries only mapped do not count
        (resource.RLIMIT_AS, 3 * limits.memory_bytes),
        (resource.RLIMIT_CPU, int(limits.seconds) + 2),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _first_line_when_ready() -> bytes:
    """Import what most files need, then wait for the first line, but not for ever."""
    nobody_came = threading.Timer(WAITS, os._exit, (0,))
    nobody_came.daemon = True
    nobody_came.start()
    from lib.importing.files import formats

    formats.prepare()
    request = sys.stdin.buffer.readline()
    nobody_came.cancel()
    return request


def main(arguments: list[str]) -> int:
    """The child: reads stdin, answers on stdout. Exit 0 whenever an answer was written, and when nothing was asked."""
    answer_to = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # a library that prints must not spoil the answer
    request = _first_line_when_ready() if READY in arguments else sys.stdin.buffer.readline()
    if not request:
        return 0
    wanted = json.loads(request)
    limits, options = Limits(**wanted["limits"]), ReadOptions(**wanted.get("options", {}))
    _limit_this_process(limits)
    data = sys.stdin.buffer.read()
    from lib.importing.files import formats
    from lib.importing.files.arrow import encode_crash, encode_file, encode_problem, encode_template

    try:
        if wanted.get("template"):
            from lib.importing.files.slide_template import cleaned

            pieces = list(encode_template(cleaned(data)))
        else:
            pieces = list(encode_file(formats.read(data, limits, options)))
    except ImportProblem as problem:
        pieces = list(encode_problem(problem.findings))
    except BaseException as error:  # a Rust panic is no Exception; only its class name leaves this process
        pieces = list(encode_crash("MemoryError" if isinstance(error, MemoryError) else type(error).__name__))
    for piece in pieces:
        answer_to.write(piece)
    answer_to.flush()
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # the answer is out; tidying up would keep somebody waiting
