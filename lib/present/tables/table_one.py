"""Table 1 as a publication prints it, and the same unrounded for the workbook."""

from __future__ import annotations

from itertools import groupby

from lib.analysis.table_one import Described, TableOne, TableOneRow
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, count, inside, number, p_value, percent
from lib.settings import FEWEST_FOR_PERCENT
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
MANY_GROUPS = 3


def sections_heading(found: TableOne) -> str:
    """What its sections are about: "Index procedure and adverse events"; "" of none."""
    first, *others = dict.fromkeys(row.variable.heading for row in found.rows) or [""]
    return " and ".join((first, *map(inside, others)))


def table_one_table(found: TableOne, title: str = "Patients", *, overall: str = "All", p: bool = False) -> Table:
    """A column for all, one per group, the standardised difference, p with its test when asked, and the missing.

    With more than three groups what follows them stands before them: on a screen it would be out of sight.

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
    for section, members in groupby(found.rows, key=lambda r: r.variable.heading):
        rows.append((Cell(section), *(Cell(""),) * (len(columns) - 1)))
        for row in members:
            rows += _lines(found, row, balance, p)
    if len(found.labels) > MANY_GROUPS:
        groups = range(2, 2 + len(found.labels))
        order = [0, 1, *range(groups.stop, len(columns)), *groups]
        columns = [columns[k] for k in order]
        rows = [tuple(row[k] for k in order) for row in rows]
    return Table(title, tuple(columns), tuple(rows), _notes(found, balance, p))


def _whole(found: TableOne, overall: str) -> str:
    """What everybody is called: a group may have that name already."""
    return f"{overall} patients" if overall in found.labels else overall


def _head(label: str, n: int) -> Column:
    return Column(f"{label} (n{NBSP}={NBSP}{count(n)})", "right")


def _lines(found: TableOne, row: TableOneRow, balance: bool, p: bool) -> list[tuple[Cell, ...]]:
    variable = row.variable
    head = _name(row)
    tail = [*_difference(row, p)] if balance else []
    missing = Cell(count(row.overall.missing), row.overall.missing)
    if variable.kind == "number":
        numeric = [_numeric_cell(row, summary) for summary in (row.overall, *row.groups)]
        return [(Cell(INDENT + head), *numeric, *tail, missing)]
    if variable.alone is not None:
        return [(Cell(INDENT + head), *_level_cells(row, variable.alone), *tail, missing)]
    blanks = (Cell(""),) * (1 + len(found.labels))
    lines: list[tuple[Cell, ...]] = [(Cell(INDENT + head), *blanks, *tail, missing)]
    for k, level in enumerate(variable.levels):
        blank = (Cell(""),) * (len(tail) + 1)
        lines.append((Cell(INDENT * 2 + level), *_level_cells(row, k), *blank))
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
    head = f"{count(k)}{NBSP}of{NBSP}{count(found.n)}" if found.missing or found.n < FEWEST_FOR_PERCENT else count(k)
    return head if found.n < FEWEST_FOR_PERCENT else f"{head}{NBSP}({percent(k, found.n)})"


def _numeric_cell(row: TableOneRow, found: Described) -> Cell:
    assert isinstance(found, NumericSummary)
    assert row.display is not None
    return Cell(numeric_words(found, row.display.shown, row.variable.decimals))


def _level_cells(row: TableOneRow, level: int) -> list[Cell]:
    cells = []
    for summary in (row.overall, *row.groups):
        assert isinstance(summary, CategoricalSummary)
        cells.append(Cell(level_words(summary, level)))
    return cells


def _difference(row: TableOneRow, p: bool) -> list[Cell]:
    """SMD, p and test."""
    if isinstance(row.smd, NotComputed):
        words = "—" if row.variable.balance else ""
        return [Cell(words), *([Cell(words), Cell("")] if p else [])]
    smd = Cell(number(row.smd, 2), row.smd)
    if not p:
        return [smd]
    if isinstance(row.test, Test):
        name = TEST_WORDS.get(row.test.name, row.test.name)
        return [smd, Cell(p_value(row.test.p), row.test.p), Cell(name)]
    return [smd, Cell("—" if row.variable.balance else ""), Cell("")]


# --- what stands under it --------------------------------------------------------------------------------------------


def _notes(found: TableOne, balance: bool, p: bool) -> tuple[str, ...]:
    notes = ["Shares are of the patients with a value; missing ones are counted, never a category."]
    if any(r.display and r.display.shown == "median [Q1, Q3]" for r in found.rows):
        notes.append("Median and quartiles where a Shapiro–Wilk test rejects a normal distribution, or chosen.")
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
    for row in found.rows:
        groups = zip((_whole(found, overall), *found.labels), (row.overall, *row.groups), strict=True)
        for label, summary in groups:
            for answer, values in _values(row, summary):
                rows.append((Cell(row.variable.label), Cell(answer), Cell(label), *map(_number, values)))
    return Table("Patients, all numbers", columns, tuple(rows), ("Unrounded.",))


def _values(row: TableOneRow, found: Described) -> list[tuple[str, tuple[float | int | None, ...]]]:
    """Per line: the answer, and a number per column."""
    if isinstance(found, CategoricalSummary):
        lines: list[tuple[str, tuple[float | int | None, ...]]] = []
        for k, answer in enumerate(row.variable.levels):
            share = found.counts[k] / found.n if found.n else None
            lines.append((answer, (found.n, found.missing, found.counts[k], share, *(None,) * 7)))
        return lines
    v = found.values
    if isinstance(v, NotComputed):
        return [("", (found.n, found.missing, *(None,) * 9))]
    spread = (v.mean, _known(v.sd), v.median, v.q1, v.q3, _known(v.minimum), _known(v.maximum))
    return [("", (found.n, found.missing, None, None, *spread))]


def _number(value: float | int | None) -> Cell:
    if value is None:
        return Cell("")
    return Cell(count(value) if isinstance(value, int) else f"{value:.6g}", value)


def _known(value: float | NotComputed) -> float | None:
    return None if isinstance(value, NotComputed) else value
