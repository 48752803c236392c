"""Draws the house from its imports: `make tour` writes docs/pictures/house.svg and prints its figures.

A room is a folder of lib/ (a module beside them is a room of one), a floor is the longest way down through the imports,
an arrow says "imports". tests/unit/test_tour.py draws it again and compares, so the drawing cannot go stale.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "docs" / "pictures" / "house.svg"
WHAT = {
    "app": "one page, one question",
    "cli": "the same analysis from a shell",
    "ui": "session, address, dialogs (Streamlit)",
    "export": "slides, documents, sheets, record",
    "report": "items, methods text, results text",
    "disclosure": "what readers outside may see",
    "present": "words, tables, charts: the only rounding",
    "analysis": "every number of the product",
    "importing": "file → questions → cohort",
    "cohort": "patients, pairs, selection, grouping",
    "catalog": "instruments, thresholds, value sets",
    "stats": "arrays in, frozen results out",
    "settings": "defaults and limits, once",
    "notebook": "the same cohort in Python",
}
NAMES = {"app": "app.py · pages/"}
WIDTH, ROW, BOX, BOX_HEIGHT, GAP = 960, 104, 290, 56, 30


def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for path in [ROOT / "app.py", ROOT / "asgi.py", *ROOT.glob("pages/*.py"), *ROOT.glob("lib/**/*.py")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(known: dict[str, Path]) -> dict[str, set[str]]:
    """Module → modules of the product that it imports, inside functions too."""
    found: dict[str, set[str]] = {}
    for module, path in known.items():
        found[module] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    target = full if full in known else node.module
                    if target in known and target != module:
                        found[module].add(target)
    return found


def room_of(module: str) -> str:
    """The room a module lives in: its folder in lib/; app.py, asgi.py and pages/ are one."""
    parts = module.split(".")
    if parts[0] != "lib":
        return "app"
    name = parts[1] if len(parts) > 1 else "app"
    return "cli" if name == "__main__" else name


def rooms(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Room → rooms that it imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, targets in graph.items():
        found[room_of(module)] |= {room_of(t) for t in targets} - {room_of(module)}
    return dict(found)


def depth(graph: dict[str, set[str]], start: str, inside: frozenset[str], seen: dict[str, int]) -> int:
    """The longest way down from a module or room through the imports, among `inside`."""
    if start not in seen:
        below = [depth(graph, t, inside, seen) for t in graph.get(start, ()) if t in inside]
        seen[start] = 1 + max(below, default=0)
    return seen[start]


def drawing(graph: dict[str, set[str]]) -> str:
    """The house as SVG: one row per floor, arrows to the nearest floors below that nothing between leads to."""
    between = rooms(graph)
    everything, seen = frozenset(between), {}
    floors: dict[int, list[str]] = defaultdict(list)
    for room in sorted(between):
        floors[depth(between, room, everything, seen)].append(room)
    top, places = max(floors), {}
    for floor, names in floors.items():
        # who is imported from just above stands in the middle, who is imported from far above beside it
        above = {n: [depth(between, r, everything, seen) for r in between if n in between[r]] for n in names}
        order = sorted(names, key=lambda n: min(above[n], default=0))
        names = [*order[1::2], order[0], *order[2::2]] if len(order) > 2 else order
        left = (WIDTH - len(names) * BOX - (len(names) - 1) * GAP) / 2
        for index, name in enumerate(names):
            places[name] = (left + index * (BOX + GAP), 20 + (top - floor) * ROW)
    lines = []
    for room, targets in sorted(between.items()):
        for target in sorted(targets):
            if any(target in between[other] for other in targets if other != target):
                continue  # a way through another room says the same
            (x1, y1), (x2, y2) = places[room], places[target]
            lines.append(
                f'<line x1="{x1 + BOX / 2:g}" y1="{y1 + BOX_HEIGHT:g}" x2="{x2 + BOX / 2:g}" y2="{y2:g}" '
                f'stroke="#8a9299" marker-end="url(#end)"><title>{room} imports {target}</title></line>'
            )
    for name, (x, y) in sorted(places.items()):
        lines.append(
            f'<rect x="{x:g}" y="{y:g}" width="{BOX}" height="{BOX_HEIGHT}" rx="6" fill="#fff" stroke="#0f5c66"/>'
            f'<text x="{x + 14:g}" y="{y + 23:g}" font-weight="600">{NAMES.get(name, name)}</text>'
            f'<text x="{x + 14:g}" y="{y + 43:g}" font-size="12" fill="#4a5560">{escape(WHAT.get(name, ""))}</text>'
        )
    height = 20 + top * ROW
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="15">\n'
        '<title>The rooms of lib/ and what they import</title>\n<rect width="100%" height="100%" fill="#f6f7f7"/>\n'
        '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="#8a9299"/></marker></defs>\n{body}\n</svg>\n'
    )


def code_lines(source: str) -> int:
    """Lines without blanks, comments and docstrings."""
    tree = ast.parse(source)
    docs: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for first in body if isinstance(body, list) else []:
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                docs |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate(source.splitlines(), 1)
    return sum(1 for number, line in lines if number not in docs and line.strip() and not line.strip().startswith("#"))


def figures(known: dict[str, Path], graph: dict[str, set[str]]) -> str:
    """Files, lines, lines of code, files under 50 lines and the depth of the import chain, per room and in all."""
    by_room: dict[str, list[str]] = defaultdict(list)
    for module in known:
        by_room[room_of(module)].append(module)
    rows = [f"{'room':<11}{'files':>6}{'lines':>8}{'code':>8}{'<50':>5}{'depth':>7}"]
    total = [0, 0, 0, 0]
    for room, members in sorted(by_room.items()):
        sources = [known[m].read_text("utf-8") for m in members]
        small = sum(
            1 for m, s in zip(members, sources, strict=True) if known[m].stem != "__init__" and s.count("\n") < 50
        )
        row = [len(members), sum(s.count("\n") for s in sources), sum(map(code_lines, sources)), small]
        inside, seen = frozenset(members), {}
        deepest = max(depth(graph, m, inside, seen) for m in members)
        rows.append(f"{room:<11}{row[0]:>6}{row[1]:>8,}{row[2]:>8,}{row[3]:>5}{deepest:>7}")
        if room != "app":
            total = [a + b for a, b in zip(total, row, strict=True)]
    rows.append(f"{'lib/':<11}{total[0]:>6}{total[1]:>8,}{total[2]:>8,}{total[3]:>5}")
    return "\n".join(rows)


def main() -> int:
    """Write the drawing and print the figures."""
    known = modules()
    graph = imports(known)
    DRAWING.write_text(drawing(graph), encoding="utf-8")
    print(figures(known, graph))
    return 0


if __name__ == "__main__":
    sys.exit(main())
