"""Every statistic of the product in one list: what it is called, whose code computes it, what it is checked against.

The list is `data/statistics.toml`. Methods text, analysis file and workbook name the libraries and statistics of what
they hold by it and by nothing else. `tests/unit/report/test_statistics.py` makes every library call fail in turn and
expects exactly the statistics to fail that name it; `tests/test_architecture.py` refuses a library call in `lib/stats/`
that no row names.
"""

from __future__ import annotations

import dataclasses
import platform
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from lib.settings import VERSION

NAMES = {"numpy": "NumPy", "scipy": "SciPy", "statsmodels": "statsmodels", "pandas": "pandas"}
"""Libraries that may compute, as a methods section writes them. NumPy holds every value, so it always does."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic.

    Attributes:
        name: as a methods section names it.
        function: what computes it, in `lib.stats`.
        code: the library calls it rests on ("scipy.special.stdtr"); none where the code is our own.
        marks: how a result shows that it was computed: the name of a test, the method of an interval, or the class of a
            result, each from its beginning.
        checked: what its golden numbers come from.
    """

    name: str
    function: str
    code: tuple[str, ...]
    marks: tuple[str, ...]
    checked: str


def _read() -> tuple[Statistic, ...]:
    text = files("lib.report").joinpath("data/statistics.toml").read_text(encoding="utf-8")
    return tuple(
        Statistic(r["name"], r["function"], tuple(r.get("code", ())), tuple(r["marks"]), r["checked"])
        for r in tomllib.loads(text)["statistic"]
    )


STATISTICS: tuple[Statistic, ...] = _read()
_NAMED = ("Test", "Interval", "Incidence")
"""Classes of results that several statistics share: their name or method tells them apart."""


def computed(results: Any) -> tuple[Statistic, ...]:
    """The statistics that results hold, in the order of the list; results as objects or as in an analysis file."""
    found = set(_marks(results))
    return tuple(s for s in STATISTICS if any(mark.startswith(s.marks) for mark in found))


def libraries(statistics: Iterable[Statistic]) -> tuple[str, ...]:
    """The libraries that computed them, by name, NumPy first."""
    used = {"numpy", *(call.partition(".")[0] for s in statistics for call in s.code)}
    return tuple(name for name in NAMES if name in used)


def versions(statistics: Iterable[Statistic]) -> dict[str, str]:
    """CohortLens, Python and the libraries that computed these statistics, each with its version."""
    found = {"cohortlens": VERSION, "python": platform.python_version()}
    return found | {name: version(name) for name in libraries(statistics)}


def _marks(value: Any) -> Iterator[str]:
    """ "Test paired t test", "Interval Wilson", "LikertResult": once per result inside the value."""
    if isinstance(value, dict):
        if isinstance(value.get("kind"), str):
            yield _mark(value["kind"], value)
        for inner in value.values():
            yield from _marks(inner)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        yield _mark(type(value).__name__, fields)
        for inner in fields.values():
            yield from _marks(inner)
    elif isinstance(value, list | tuple) and value and not isinstance(value[0], str | int | float):
        for inner in value:
            yield from _marks(inner)


def _mark(kind: str, fields: dict[str, Any]) -> str:
    if kind == "Rule":
        return str(fields["kind"])  # as an analysis file has it
    return f"{kind} {fields['name' if kind == 'Test' else 'method']}" if kind in _NAMED else kind
