"""Table 1 as a publication prints it, and the same unrounded for the workbook."""

from __future__ import annotations

from itertools import groupby

from lib.analysis.table_one import Described, TableOne, TableOneRow
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, count, number, p_value, percent
from lib.stats.results import NotComputed, Test
from lib.stats.table_one import CategoricalSummary, NumericSummary

INDENT = NBSP * 3
TEST_WORDS = {
    "Welch t test": "Welch t",
    "Welch ANOVA": "Welch ANOVA",
    "Mann–Whitney test": "Mann–Whitney",
    "Kruskal–Wallis test": "Kruskal–Wallis",
    "chi-square test": "Chi-square",
    "Fisher's exact test": "Fisher",
}
_OTHERS = "others"


def table_one_table(found: TableOne, title: str = "Patients", *, overall: str = "All", p: bool = False) -> Table:
    """A column for all, one per group, the standardised difference, p with its test when asked, and the missing.

    Sections and categories have lines of their own. Shares are of the patients with a value; the denominator is
    written where it is not the whole column.
    """
    balance = len(found.labels) > 1
    columns = [Column("Characteristic"), _head(_whole(found, overall), found.n)]
    columns += [_head(label, n) for label, n in zip(found.labels, found.sizes, strict=True)]
    if balance:
        columns.append(Column("SMD", "right"))
        if p:
            columns += [Column("p", "right"), Column("Test")]
    columns.append(Column("Missing", "right"))
    rows: list[tuple[Cell, ...]] = []
    people: list[tuple[tuple[str, int], ...]] = []
    for section, members in groupby(found.rows, key=lambda r: r.variable.section):
        rows.append((Cell(section), *(Cell(""),) * (len(columns) - 1)))
        people.append(())
        for row in members:
            for cells, parts in _lines(found, row, balance, p):
                rows.append(cells)
                people.append(parts)
    return Table(title, tuple(columns), tuple(rows), _notes(found, balance, p), tuple(people))


def _whole(found: TableOne, overall: str) -> str:
    """What everybody is called: a group may have that name already."""
    return f"{overall} patients" if overall in found.labels else overall


def _head(label: str, n: int) -> Column:
    return Column(f"{label} (n{NBSP}={NBSP}{count(n)})", "right")


def _lines(
    found: TableOne, row: TableOneRow, balance: bool, p: bool
) -> list[tuple[tuple[Cell, ...], tuple[tuple[str, int], ...]]]:
    variable = row.variable
    head = _name(row)
    tail = [*_difference(row, p)] if balance else []
    missing = Cell(count(row.overall.missing), row.overall.missing)
    if variable.kind == "number":
        numeric = [_numeric_cell(row, s, names) for s, names in _with_parts(found, row)]
        return [((Cell(INDENT + head), *numeric, *tail, missing), _sizes(found, row))]
    if variable.alone is not None:
        shown = _level_cells(found, row, variable.alone)
        return [((Cell(INDENT + head), *shown, *tail, missing), _level_parts(found, row, variable.alone))]
    blanks = (Cell(""),) * (1 + len(found.labels))
    lines: list[tuple[tuple[Cell, ...], tuple[tuple[str, int], ...]]] = [
        ((Cell(INDENT + head), *blanks, *tail, missing), ())
    ]
    for k, level in enumerate(variable.levels):
        blank = (Cell(""),) * (len(tail) + 1)
        cells = (Cell(INDENT * 2 + level), *_level_cells(found, row, k), *blank)
        lines.append((cells, _level_parts(found, row, k)))
    return lines


def _name(row: TableOneRow) -> str:
    variable = row.variable
    if variable.kind == "category":
        level = "" if variable.alone is None else variable.levels[variable.alone]
        yes_no = {name.casefold() for name in variable.levels} <= {"yes", "no", "ja", "nee", "nein", "oui", "non"}
        return f"{variable.label}, n (%)" if not level or yes_no else f"{variable.label}: {level}, n (%)"
    unit = f" ({variable.unit})" if variable.unit else ""
    shown = row.display.shown if row.display else "mean (SD)"
    return f"{variable.label}{unit}, {shown.replace(' ', NBSP)}"


def numeric_words(found: NumericSummary, shown: str, decimals: int) -> str:
    """ "45.6 (8.6)" or "45.0 [39.0, 51.0]"; "no values" for nobody."""
    values = found.values
    if isinstance(values, NotComputed):
        return values.reason
    if shown == "median [Q1, Q3]":
        ends = f"{number(values.q1, decimals)},{NBSP}{number(values.q3, decimals)}"
        return f"{number(values.median, decimals)}{NBSP}[{ends}]"
    mean = number(values.mean, decimals)
    return mean if isinstance(values.sd, NotComputed) else f"{mean}{NBSP}({number(values.sd, decimals)})"


def level_words(found: CategoricalSummary, level: int) -> str:
    """ "13 (44.8%)"; "27 of 28 (96.4%)" where some have no value; below 10 patients no percent: "3 of 4"."""
    k = found.counts[level]
    if found.n == 0:
        return "no values"
    head = f"{count(k)}{NBSP}of{NBSP}{count(found.n)}" if found.missing or found.n < 10 else count(k)
    return head if found.n < 10 else f"{head}{NBSP}({percent(k, found.n)})"


def _numeric_cell(row: TableOneRow, found: Described, names: tuple[str, ...]) -> Cell:
    assert isinstance(found, NumericSummary)
    assert row.display is not None
    return Cell(numeric_words(found, row.display.shown, row.variable.decimals), counts=names)


def _level_cells(found: TableOne, row: TableOneRow, level: int) -> list[Cell]:
    cells = []
    for summary, names in _with_parts(found, row):
        assert isinstance(summary, CategoricalSummary)
        words = level_words(summary, level)
        cells.append(Cell(words, counts=tuple(f"{name} with" for name in names)))
    return cells


def _difference(row: TableOneRow, p: bool) -> list[Cell]:
    smd = Cell("—") if isinstance(row.smd, NotComputed) else Cell(number(row.smd, 2), row.smd)
    if isinstance(row.smd, NotComputed) and not row.variable.balance:
        smd = Cell("")
    if not p:
        return [smd]
    if isinstance(row.test, Test):
        return [smd, Cell(p_value(row.test.p), row.test.p), Cell(TEST_WORDS.get(row.test.name, row.test.name))]
    return [smd, Cell("—" if row.variable.balance else ""), Cell("")]


# --- who each cell counts, for masking -------------------------------------------------------------------------------


def _parts(found: TableOne) -> tuple[str, ...]:
    """Names of the disjoint parts of the table's patients: its groups, and the others where there are any."""
    if not found.labels or found.overlap:
        return ("all",)
    return found.labels if found.partition else (*found.labels, _OTHERS)


def _with_parts(found: TableOne, row: TableOneRow) -> list[tuple[Described, tuple[str, ...]]]:
    parts = _parts(found)
    return [(row.overall, parts), *((s, (label,)) for s, label in zip(row.groups, found.labels, strict=True))]


def _sizes(found: TableOne, row: TableOneRow) -> tuple[tuple[str, int], ...]:
    return tuple(zip(_parts(found), _split(found, [row.overall.n, *(g.n for g in row.groups)]), strict=True))


def _level_parts(found: TableOne, row: TableOneRow, level: int) -> tuple[tuple[str, int], ...]:
    every = [s for s, _ in _with_parts(found, row)]
    counts = [s.counts[level] if isinstance(s, CategoricalSummary) else 0 for s in every]
    rests = [s.n - k for s, k in zip(every, counts, strict=True)]
    names = _parts(found)
    with_it = zip((f"{name} with" for name in names), _split(found, counts), strict=True)
    without = zip((f"{name} without" for name in names), _split(found, rests), strict=True)
    return (*with_it, *without)


def _split(found: TableOne, numbers: list[int]) -> list[int]:
    """All first, then the groups → one number per disjoint part."""
    if not found.labels or found.overlap:
        return numbers[:1]
    groups = numbers[1:]
    return groups if found.partition else [*groups, numbers[0] - sum(groups)]


# --- what stands under it --------------------------------------------------------------------------------------------


def _notes(found: TableOne, balance: bool, p: bool) -> tuple[str, ...]:
    notes = ["Shares are of the patients with a value; missing ones are counted, never a category."]
    if any(r.display and r.display.shown == "median [Q1, Q3]" for r in found.rows):
        notes.append(
            "Median and quartiles (type 7) where a Shapiro–Wilk test rejects a normal distribution, or chosen."
        )
    if found.overlap:
        notes.append("The groups share patients, so they are described and not compared.")
    elif balance:
        notes.append(
            "SMD: absolute standardised difference (Austin 2009), whatever the number of patients"
            + ("; of more than two groups the mean over all pairs" if len(found.labels) > 2 else "")
            + ". Above 0.10 is often called a difference."
        )
        notes += _absent(found)
    if balance and p:
        looks = sum(isinstance(r.test, Test) for r in found.rows)
        if looks:
            notes.append(f"p values are not corrected for looking {looks} times.")
        else:
            notes += _untested(found)
    return tuple(notes)


def _absent(found: TableOne) -> list[str]:
    """ "— Sex, ASA class: two of the groups …", variables with one reason together."""
    reasons: dict[str, list[str]] = {}
    for row in found.rows:
        if row.variable.balance and isinstance(row.smd, NotComputed):
            reasons.setdefault(row.smd.reason, []).append(row.variable.label)
    return [f"— {', '.join(labels)}: {reason}." for reason, labels in reasons.items()]


def _untested(found: TableOne) -> list[str]:
    """Why no row that describes a difference tests it, where that is one reason for all of them."""
    reasons = {r.test.reason for r in found.rows if isinstance(r.smd, float) and isinstance(r.test, NotComputed)}
    return [f"Not tested: {reason}." for reason in reasons] if len(reasons) == 1 else []


_NUMBERS = ("n", "missing", "count", "share", "mean", "SD", "median", "Q1", "Q3", "minimum", "maximum")


def table_one_numbers(found: TableOne, *, overall: str = "All") -> Table:
    """For the workbook: one line per variable, answer and group, one unrounded number per cell."""
    columns = (Column("Characteristic"), Column("Answer"), Column("Group"), *(Column(n, "right") for n in _NUMBERS))
    rows = []
    people = []
    for row in found.rows:
        for label, summary in zip((_whole(found, overall), *found.labels), (row.overall, *row.groups), strict=True):
            for answer, values, parts in _values(row, summary):
                cells = (_number(value, name) for value, name in zip(values, _NUMBERS, strict=True))
                rows.append((Cell(row.variable.label), Cell(answer), Cell(label), *cells))
                people.append(parts)
    return Table("Patients, all numbers", columns, tuple(rows), ("Unrounded.",), tuple(people))


_Line = tuple[str, tuple[float | int | None, ...], tuple[tuple[str, int], ...]]


def _values(row: TableOneRow, found: Described) -> list[_Line]:
    if isinstance(found, CategoricalSummary):
        lines: list[_Line] = []
        for k, level in enumerate(row.variable.levels):
            share = found.counts[k] / found.n if found.n else None
            values = (found.n, found.missing, found.counts[k], share, *(None,) * 7)
            lines.append((level, values, (("with", found.counts[k]), ("without", found.n - found.counts[k]))))
        return lines
    v = found.values
    if isinstance(v, NotComputed):
        return [("", (found.n, found.missing, *(None,) * 9), (("with", found.n),))]
    sd = None if isinstance(v.sd, NotComputed) else v.sd
    spread = (v.mean, sd, v.median, v.q1, v.q3, v.minimum, v.maximum)
    return [("", (found.n, found.missing, None, None, *spread), (("with", found.n),))]


def _number(value: float | int | None, name: str) -> Cell:
    if value is None:
        return Cell("")
    counts = ("with", "without") if name == "n" else () if name == "missing" else ("with",)
    return Cell(count(value) if isinstance(value, int) else f"{value:.6g}", value, counts)
