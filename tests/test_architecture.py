"""The house rules of docs/development.md, proved on the syntax tree of every module.

Each rule is a function from source to a list of complaints. It runs over the real modules, and over a few made-up lines
that break it: a rule that cannot fail proves nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the top of the house down: a room sees itself and the rooms named here. Statistics knows no cohort, the catalogue
# knows no statistics, and a shell has no screen.
ROOMS: dict[str, set[str]] = {}
for _room, _sees in {
    "settings": "",
    "catalog": "settings",
    "cohort": "catalog settings",
    "importing": "catalog cohort settings",
    "stats": "settings",
    "analysis": "catalog cohort importing stats settings",
    "present": "catalog cohort importing stats settings analysis",
    "disclosure": "catalog cohort importing stats settings analysis",
    "report": "disclosure catalog cohort importing stats settings analysis present",
    "export": "disclosure catalog cohort importing stats settings analysis present report",
    "ui": "disclosure catalog cohort importing stats settings analysis present report export",
    "cli": "disclosure catalog cohort importing stats settings analysis present report export",
    "notebook": "disclosure catalog cohort importing stats settings analysis present report export cli",
    "__main__": "disclosure catalog cohort importing stats settings analysis present report export cli",
}.items():
    ROOMS[_room] = set(_sees.split())

NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc"}
MAX_LINES = 400
NETWORK = {
    "aiohttp", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket", "ssl", "urllib.request",
    "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
CALCULATORS = {"math", "numpy", "pandas", "scipy", "statistics", "statsmodels"}
CALCULATIONS = {"abs", "divmod", "pow", "round", "sum"}


# --- what a module imports -------------------------------------------------------------------------------------------


def imports(source: str, module: str = "", is_package: bool = False) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything imported anywhere in the module, inside functions and type checks too.

    `from lib import stats` yields lib.stats; relative imports are resolved; import_module("x") counts.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                parts = parts[: len(parts) - node.level + (1 if is_package else 0)]
                base = ".".join([*parts, base] if base else parts)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"import_module", "__import__"}:
                yield node.lineno, str(node.args[0].value)


def within(name: str, forbidden: set[str]) -> bool:
    """Whether a dotted name is one of the forbidden modules or lies inside one."""
    return any(name == module or name.startswith(module + ".") for module in forbidden)


def forbidden_imports(source: str, forbidden: set[str]) -> list[str]:
    """Complaints about imports of the forbidden modules."""
    return [f"line {line}: imports {name}" for line, name in imports(source) if within(name, forbidden)]


def room_of(module: str) -> str:
    """The room of lib.<room>…; a module directly in lib is its own room."""
    return module.split(".")[1]


def wrong_rooms(source: str, module: str, is_package: bool = False) -> list[str]:
    """Complaints about imports from a room below, or from a room nobody knows."""
    room = room_of(module)
    if room not in ROOMS:
        return [f"lib.{room} is in no room: give it a place in ROOMS in tests/test_architecture.py"]
    complaints = []
    for line, name in imports(source, module, is_package):
        if not name.startswith("lib."):
            continue
        other = room_of(name)
        if other != room and other not in ROOMS[room]:
            complaints.append(f"line {line}: {room} must not know {other} ({name})")
    return complaints


def arrows(sources: Mapping[str, tuple[str, bool]]) -> dict[str, set[str]]:
    """Which module imports which, from {module: (source, is it a package's face)}."""
    found: dict[str, set[str]] = {}
    for module, (source, is_package) in sources.items():
        found[module] = set()
        for _, name in imports(source, module, is_package):
            target = name if name in sources else name.rpartition(".")[0]
            if target in sources and target != module:
                found[module].add(target)
    return found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import one another, directly or by way of others (strongly connected components)."""
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        return [list(error.args[1])]
    return []


# --- what a page does ------------------------------------------------------------------------------------------------


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def arithmetic(source: str) -> list[str]:
    """Complaints about calculating or rounding in a page: that belongs to analysis and present.

    Allowed: joining text, `X | None` in a type, len(), comparisons. Adding two lists looks like adding two numbers to
    this check; write [*a, *b].
    """
    complaints = []
    numeric = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, numeric):
            if not (isinstance(node.op, ast.Add) and (_is_text(node.left) or _is_text(node.right))):
                complaints.append(f"line {node.lineno}: calculates {ast.unparse(node)}")
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, numeric):
            if not _is_text(node.value):
                complaints.append(f"line {node.lineno}: calculates {ast.unparse(node)}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALCULATIONS:
            complaints.append(f"line {node.lineno}: calculates {ast.unparse(node)}")
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            complaints.append(f"line {node.lineno}: rounds {ast.unparse(node.value)}; lib/present/wording.py does that")
    return complaints


# --- how a module is written -----------------------------------------------------------------------------------------


def undocumented(source: str) -> list[str]:
    """Complaints about a module, public class, or public function or method without a docstring."""
    tree = ast.parse(source)
    complaints = [] if ast.get_docstring(tree) else ["line 1: the module has no docstring"]

    def look(body: list[ast.stmt], where: str) -> None:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            overload = any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
            if not overload and not ast.get_docstring(node):
                complaints.append(f"line {node.lineno}: {where}{node.name} has no docstring")
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{node.name}.")

    look(tree.body, "")
    return complaints


def nameless(stem: str) -> bool:
    """Whether a module's name says only that things lie about in it (utils, cohort_helpers, …)."""
    return stem.lower().lstrip("_") in NAMELESS or stem.lower().rsplit("_", 1)[-1] in NAMELESS


def unnamed_limits(source: str) -> list[str]:
    """Complaints about a comparison of a number of patients, or of a p value, with a number that has no name.

    Such a limit stands once, in lib/settings.py. One to four are none: without a degree of freedom nothing is computed.
    """
    complaints = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or len(node.comparators) != 1:
            continue
        name = getattr(node.left, "attr", getattr(node.left, "id", ""))
        limit = node.comparators[0]
        if not isinstance(limit, ast.Constant) or not isinstance(limit.value, int | float):
            continue
        if (name == "n" and limit.value > 4) or (name == "p" and 0.01 <= limit.value < 0.5):
            complaints.append(f"line {node.lineno}: {ast.unparse(node)}; lib/settings.py names every limit")
    return complaints


def too_long(source: str) -> bool:
    """Whether a module has more lines than one can hold in mind."""
    return len(source.splitlines()) > MAX_LINES


# --- the real modules ------------------------------------------------------------------------------------------------


def files(*places: str) -> list[Path]:
    """All Python files of the given files and folders that exist."""
    found: list[Path] = []
    for place in places:
        path = ROOT / place
        found.extend([path] if path.is_file() else sorted(path.rglob("*.py")))
    return found


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


LIB = files("lib")
SCREEN = files("app.py", "pages")
EVERYTHING = files("app.py", "asgi.py", "pages", "lib", "tests", "bench", "sample_data")


def check(path: Path, complaints: list[str]) -> None:
    assert not complaints, "\n".join(f"{relative(path)} {complaint}" for complaint in complaints)


@pytest.mark.parametrize("path", [p for p in LIB if p != ROOT / "lib" / "__init__.py"], ids=relative)
def test_a_module_knows_only_its_room_and_the_rooms_above(path: Path) -> None:
    check(path, wrong_rooms(path.read_text("utf-8"), module_name(path), path.name == "__init__.py"))


@pytest.mark.parametrize("path", [p for p in LIB if ROOT / "lib" / "ui" not in p.parents], ids=relative)
def test_only_ui_and_pages_know_streamlit(path: Path) -> None:
    check(path, forbidden_imports(path.read_text("utf-8"), {"streamlit"}))


@pytest.mark.parametrize("path", [*LIB, *SCREEN], ids=relative)
def test_nothing_can_call_out(path: Path) -> None:
    check(path, forbidden_imports(path.read_text("utf-8"), NETWORK))


@pytest.mark.parametrize("path", SCREEN, ids=relative)
def test_a_page_chooses_and_shows_but_does_not_calculate(path: Path) -> None:
    source = path.read_text("utf-8")
    check(path, forbidden_imports(source, CALCULATORS) + arithmetic(source))


@pytest.mark.parametrize("path", LIB, ids=relative)
def test_public_things_say_what_they_are(path: Path) -> None:
    check(path, undocumented(path.read_text("utf-8")))


@pytest.mark.parametrize("path", [*LIB, *SCREEN], ids=relative)
def test_a_module_is_short(path: Path) -> None:
    assert not too_long(path.read_text("utf-8")), f"{relative(path)} has more than {MAX_LINES} lines: split it"


@pytest.mark.parametrize("room", ["stats", "analysis", "present", "report", "export", "ui"])
def test_every_limit_has_one_name(room: str) -> None:
    found = {relative(p): unnamed_limits(p.read_text("utf-8")) for p in files(f"lib/{room}", "pages")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_module_imports_itself_by_way_of_others() -> None:
    sources = {module_name(p): (p.read_text("utf-8"), p.name == "__init__.py") for p in LIB}
    assert circles(arrows(sources)) == []


def test_every_module_has_a_telling_name() -> None:
    assert [relative(path) for path in EVERYTHING if nameless(path.stem) or nameless(path.parent.name)] == []


# --- the rules can fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("lib.catalog.eq5d", "from lib.cohort.cohort import Cohort"),
        ("lib.stats.paired", "import lib.cohort"),
        ("lib.stats.paired", "from lib import measures"),
        ("lib.cohort.pairs", "from ..stats import results"),
        ("lib.present.tables", "def f():\n    from lib.ui import session"),
        ("lib.present.guide.texts", "from ...export import pptx"),
        ("lib.analysis", "if TYPE_CHECKING:\n    from lib.present.wording import p_value"),
        ("lib.export.pptx.deck", "import importlib\nimportlib.import_module('lib.ui.chart')"),
        ("lib.__main__", "import lib.ui"),
        ("lib.cohort.cohort", "from lib.importing.build import build_cohort"),
        ("lib.attic", "import os"),
    ],
)
def test_rooms_rule_finds(module: str, line: str) -> None:
    assert wrong_rooms(line, module)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("lib.cohort.pairs", "from lib.catalog import catalogue\nfrom .cohort import Cohort"),
        ("lib.analysis", "from lib.cohort.pairs import Pairs\nfrom lib.stats.results import Test"),
        ("lib.ui.session", "import streamlit\nfrom lib.export import json"),
        ("lib.stats.paired", "import library\nfrom scipy import stats"),
    ],
)
def test_rooms_rule_allows(module: str, line: str) -> None:
    assert wrong_rooms(line, module) == []


def test_circles_rule_finds_and_allows() -> None:
    lines = {"lib.a": "from lib import b", "lib.b": "def f():\n    from lib.c import x", "lib.c": "import lib.a"}
    sources = {"lib": ("", True), **{name: (source, False) for name, source in lines.items()}}
    assert circles(arrows(sources))
    assert circles(arrows(sources | {"lib.c": ("import os", False)})) == []


def test_relative_import_in_a_package_file_is_its_own_room() -> None:
    assert list(imports("from .paired import t_test", "lib.stats", is_package=True)) == [(1, "lib.stats.paired.t_test")]
    assert list(imports("from .results import Test", "lib.stats.paired")) == [(1, "lib.stats.results.Test")]


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from urllib import request",
        "import urllib.request as u",
        "def f():\n    import socket",
        "from http.client import HTTPSConnection",
    ],
)
def test_network_rule_finds(line: str) -> None:
    assert forbidden_imports(line, NETWORK)


def test_network_rule_allows_the_rest() -> None:
    assert forbidden_imports("from urllib.parse import quote\nfrom html import escape", NETWORK) == []


@pytest.mark.parametrize("line", ["import streamlit as st", "from streamlit.delta_generator import DeltaGenerator"])
def test_streamlit_rule_finds(line: str) -> None:
    assert forbidden_imports(line, {"streamlit"})


@pytest.mark.parametrize("line", ["import pandas as pd", "from scipy import stats", "import math", "import numpy"])
def test_page_import_rule_finds(line: str) -> None:
    assert forbidden_imports(line, CALCULATORS)


@pytest.mark.parametrize(
    "line",
    [
        "x = a.mean - b.mean",
        "x = 100 * k / n",
        "x = a + b",
        "n += 1",
        "x = round(p, 3)",
        "x = sum(r.n for r in rs)",
        "x = f'{p:.3f}'",
        "x = '%.2f' % p",
    ],
)
def test_arithmetic_rule_finds(line: str) -> None:
    assert arithmetic(line)


def test_arithmetic_rule_allows_text_types_and_counting() -> None:
    source = "title = 'By ' + name + f' {label}'\ndef f(x: int | None = -1): return len(rows) > 3\ntext += ' more'"
    assert arithmetic(source) == []


def test_docstring_rule_finds() -> None:
    source = '"""M."""\ndef f(): ...\nclass A:\n    """A."""\n    def g(self): ...\n    def _h(self): ...\n'
    assert undocumented(source) == ["line 2: f has no docstring", "line 5: A.g has no docstring"]
    assert undocumented("x = 1") == ["line 1: the module has no docstring"]


def test_name_and_length_rules_find() -> None:
    assert all(nameless(stem) for stem in ("utils", "_helpers", "cohort_utils", "common"))
    assert not any(nameless(stem) for stem in ("wording", "commonest_states", "__init__"))
    assert too_long("\n" * (MAX_LINES + 1))
    assert not too_long("\n" * MAX_LINES)


# --- what computes ---------------------------------------------------------------------------------------------------


def library_calls(source: str) -> set[str]:
    """What a module takes from the libraries that compute: "scipy.special.ndtr", "statsmodels.api.OLS"."""
    tree, found, modules = ast.parse(source), set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in COMPUTING:
            for alias in node.names:
                if node.module in COMPUTING or alias.name == "api":
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                else:
                    found.add(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in COMPUTING:
                    modules[alias.asname or alias.name.partition(".")[0]] = alias.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found.add(f"{modules[node.value.id]}.{node.attr}")
    return found


COMPUTING = {"pandas", "scipy", "statsmodels"}


def test_every_library_call_of_a_statistic_stands_in_the_list_of_statistics() -> None:
    from lib.report.statistics import STATISTICS

    sources = list((ROOT / "lib" / "stats").glob("*.py"))
    used = {name for path in sources for name in library_calls(path.read_text("utf-8"))}
    named = {call for statistic in STATISTICS for call in statistic.code}
    missing, gone = used - named, named - used
    assert not missing, f"name {sorted(missing)} in the rows of lib/report/data/statistics.toml that rest on them"
    assert not gone, f"{sorted(gone)} is called nowhere in lib/stats: out of lib/report/data/statistics.toml"


def test_library_calls_are_found_however_they_are_imported() -> None:
    source = (
        "from scipy import special, stats as s\nfrom scipy.special import ndtr\nimport statsmodels.api as sm\n"
        "import pandas as pd\nimport math\n"
        "special.stdtr(1)\ns.binom.cdf(1)\nsm.OLS(1)\npd.DataFrame()\nmath.sin(1)\n"
    )
    assert library_calls(source) == {
        "scipy.special.ndtr",
        "scipy.special.stdtr",
        "scipy.stats.binom",
        "statsmodels.api.OLS",
        "pandas.DataFrame",
    }


@pytest.mark.parametrize("line", ["x = n < 10", "x = result.n >= 5", "if test.p < 0.05: pass"])
def test_limits_rule_finds(line: str) -> None:
    assert unnamed_limits(line)


@pytest.mark.parametrize("line", ["x = n < FEWEST_TO_TEST", "x = n < 2", "x = p == 0.0", "x = len(a) > 3"])
def test_limits_rule_allows(line: str) -> None:
    assert unnamed_limits(line) == []
