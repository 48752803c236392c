"""Every regular expression that sees the content of a file is linear: none takes long for 100,000 characters."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator

import pytest

import lib.catalog
import lib.importing

LENGTH = 100_000
UNITS = (" ", "1", "a", ",", "'", "<", "<c ", "<c r=", "1 ", "a.", "1,", "a@", '="', "x:", "12 3", "No.")


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for package in (lib.importing, lib.catalog):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value
                elif isinstance(value, tuple):
                    for each in value:
                        parts = each if isinstance(each, tuple) else (each,)
                        yield from ((f"{found.name}.{name}", p) for p in parts if isinstance(p, re.Pattern))


class TooSlowError(Exception):
    """The alarm rang."""


def ring(*_: object) -> None:
    raise TooSlowError


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(n, p, id=n) for n, p in patterns()])
def test_no_pattern_takes_long_for_a_long_cell(name: str, pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    before = signal.signal(signal.SIGVTALRM, ring)
    slow = []
    try:
        for unit in UNITS:
            for start, end in (("", ""), ("", "!"), ("a1 <c ", "!"), ("1", "\n")):
                text = start + unit * (LENGTH // len(unit)) + end
                given = text.encode() if isinstance(pattern.pattern, bytes) else text
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.5)
                try:
                    pattern.search(given)  # type: ignore[arg-type]
                    pattern.match(given)  # type: ignore[arg-type]
                except TooSlowError:
                    slow.append((unit, start, end))
                    break
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert not slow, name
