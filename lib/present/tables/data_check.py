"""The page Data check in words and tables: what was found, what was answered, and the workbook for a data manager."""

from __future__ import annotations

import datetime as dt

from lib.analysis.missing import Missing
from lib.cohort.cohort import Cohort, Provenance
from lib.cohort.design import FileCheck, Found
from lib.importing.findings import ROWS_OF_A_TABLE, rows_in_words
from lib.importing.versions import Versions
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, joined, percent, plural, signed

GROUPS = (("error", "Wrong number possible"), ("warning", "Please look"), ("note", "For the record"))
OPEN, AGREED = "open", "answered"
_FEW_TO_CALL = 2000


def title(cohort: Cohort, missing: Missing) -> str:
    """ "VAS pain at 12 months: known in 52 of 62 patients; three findings are open"."""
    still = open_findings(cohort.provenance.checked)
    words = {0: "nothing is open", 1: "one finding is open"}.get(still, f"{plural(still, 'finding')} are open")
    worst = min(missing.rows, key=lambda r: r.complete / r.due if r.due else 1.0, default=None)
    if worst is None or worst.complete == worst.due:
        return f"No value is missing; {words}" if missing.rows else f"{plural(cohort.n, 'patient')}; {words}"
    return f"{worst.label}: known in {count(worst.complete)} of {plural(worst.due, 'patient')}; {words}"


def about(cohort: Cohort, day: dt.date) -> str:
    """ "SI.xlsx, sheet Results · 62 patients · 29 columns · checked on 14 March 2025 · 4 answers given"."""
    checked = cohort.provenance.checked
    sheet = f", sheet {checked.sheet}" if checked.sheet and checked.sheet != cohort.provenance.file_name else ""
    parts = [f"{cohort.provenance.file_name}{sheet}", plural(cohort.n, "patient")]
    if checked.columns:
        parts.append(f"{plural(checked.rows, 'row')}, {plural(checked.columns, 'column')}")
    return " · ".join([*parts, f"checked on {day.day} {day:%B %Y}", f"{plural(len(checked.answered), 'answer')} given"])


def still_open(given: Provenance) -> str:
    """What stands behind about whom on every page, slide of a talk and picture while the file is not settled."""
    open_ = [
        *([f"{plural(given.checked.open_errors, 'error')} of the file open"] if given.checked.open_errors else []),
        *([f"{plural(len(given.guesses), 'question')} guessed"] if given.guesses else []),
    ]
    return "".join(f" · {words}" for words in open_)


def open_findings(checked: FileCheck) -> int:
    """Findings that may make a number wrong or want a look, and that nobody settled."""
    return sum(f.state == OPEN and f.severity != "note" for f in checked.found)


def findings_words(checked: FileCheck) -> str:
    """ "1 error is open and 2 findings want a look"; empty where nothing is open."""
    errors = checked.open_errors
    looks = open_findings(checked) - errors
    parts = [f"{plural(errors, 'error')} {'is' if errors == 1 else 'are'} open"] if errors else []
    parts += [f"{plural(looks, 'finding')} {'wants' if looks == 1 else 'want'} a look"] if looks else []
    return joined(parts)


def counts(checked: FileCheck) -> dict[str, int]:
    """How many findings each choice of `findings_table` shows."""
    return {w: sum(_shown(f, w) for f in checked.found) for w in ("", OPEN, AGREED)}


def findings_table(checked: FileCheck, which: str = "", *, beside_missing: bool = False) -> Table:
    """Findings in three groups; `which`: only the open ones, or only those answered.

    `beside_missing`: without those about blank cells. Rows and values are of single patients.
    """
    rows: list[tuple[Cell, ...]] = []
    for severity, words in GROUPS:
        listed = checked.beside_missing if beside_missing else checked.found
        own = [f for f in listed if f.severity == severity and _shown(f, which)]
        if own:
            rows.append((Cell(words), Cell(""), Cell(""), Cell("")))
            rows += [(Cell(f.column or "The file"), Cell(f.sentence), Cell(_rows(f)), Cell(_state(f))) for f in own]
    columns = (Column("Where"), Column("What"), Column("Rows in the file"), Column("State"))
    return Table("What was found", columns, tuple(rows), () if rows else ("Nothing.",))


def _shown(found: Found, which: str) -> bool:
    is_open = found.state == OPEN and found.severity != "note"
    return not which or (is_open if which == OPEN else found.state != OPEN)


def _rows(found: Found) -> str:
    words = rows_in_words(found.rows, found.count or len(found.rows)) if found.rows else ""
    return words.removeprefix("rows ").removeprefix("row ")


def _state(found: Found) -> str:
    if found.state != OPEN:
        return f"agreed: {found.state}"
    return "noted" if found.severity == "note" else OPEN


def answers_table(checked: FileCheck) -> Table:
    """Questions with the answer given and what it changed."""
    rows = tuple((Cell(a.question), Cell(a.answer or "skipped"), Cell(a.effect)) for a in checked.answered)
    columns = (Column("Question"), Column("Answer"), Column("What it changed"))
    notes = () if rows else ("Nothing had to be asked of this file.",)
    return Table("Questions and answers", columns, rows, notes)


def changes_table(repairs: tuple[str, ...]) -> Table:
    """What was changed in the cells of the file, as agreed to."""
    rows = tuple((Cell(r),) for r in repairs)
    return Table("What was changed", (Column("Change of the file's cells"),), rows, () if rows else ("Nothing.",))


def missing_table(missing: Missing) -> Table:
    """The heat table as a plain one: complete per measure, missing per center."""
    wide = len(missing.periods)
    centers = [name for name, _ in missing.centers if name]
    columns = (Column("Value"), Column("Complete", "right"), Column("Of those due", "right"), *(
        Column(f"Missing, {name}", "right") for name in centers
    ))  # fmt: skip
    rows = []
    for row in missing.rows:
        by_center = [sum(c.missing for c in row.cells[k * wide : (k + 1) * wide]) for k in range(len(centers))]
        share = percent(row.complete, row.due) if row.due else ""
        cells = (Cell(row.label), Cell(count(row.complete), row.complete), Cell(f"{count(row.due)} {share}", row.due))
        rows.append((*cells, *(Cell(count(k), k) for k in by_center)))
    notes = ("Patients who are not yet due, or died before, are not counted as missing.",)
    return Table("Where values are missing", columns, tuple(rows), notes)


def to_call_table(missing: Missing) -> Table:
    """Rows of the file whose value is missing, one line each."""
    lines = [(label.label, row) for label in missing.rows for row in label.to_call]
    shown = lines[:_FEW_TO_CALL]
    rows = tuple((Cell(str(r % ROWS_OF_A_TABLE), r % ROWS_OF_A_TABLE), Cell(label)) for label, r in shown)
    more: tuple[str, ...] = ("Rows of single patients: for inside the hospital only.",)
    more += (f"… and {count(len(lines) - len(shown))} more.",) if len(lines) > len(shown) else ()
    return Table("Missing, row by row", (Column("Row in the file", "right"), Column("Missing")), rows, more)


def workbook_tables(cohort: Cohort, missing: Missing) -> tuple[Table, ...]:
    """The sheets for the data manager."""
    checked = cohort.provenance.checked
    done = changes_table(cohort.provenance.repairs)
    found = (missing_table(missing), to_call_table(missing), findings_table(checked), answers_table(checked))
    return (*found, done) if done.rows else found


# Two versions of a file.


def versions_title(found: Versions) -> str:
    """ "6 patients are new, nobody is gone, 3 cells changed"."""

    def who(people: tuple[str, ...], words: str) -> str:
        n = len(people)
        return f"{plural(n, 'patient')} {'is' if n == 1 else 'are'} {words}" if n else f"nobody is {words}"

    return f"{who(found.new, 'new')}, {who(found.gone, 'gone')}, {plural(len(found.changed), 'cell')} changed"


def headlines_table(found: Versions, labels: dict[str, str]) -> Table:
    """What the new version does to every result: pairs and mean change, before → now."""
    rows = tuple(
        (
            Cell(f"{h.measure}, {labels.get(h.time_point, h.time_point)}"),
            Cell(f"{count(h.pairs[0])} → {count(h.pairs[1])}"),
            Cell(" → ".join("none" if c is None else signed(c, 2) for c in h.mean_change)),
        )
        for h in found.headlines
    )
    columns = (Column("Result"), Column("Pairs, then → now", "right"), Column("Mean change, then → now", "right"))
    return Table("What it does to the results", columns, rows)


def changed_table(found: Versions) -> Table:
    """Cells of patients in both versions that hold another text now."""
    columns = (Column("Row now"), Column("Patient"), Column("Column"), Column("Then"), Column("Now"))
    rows = tuple(
        (Cell(str(c.row), c.row), Cell(c.patient), Cell(c.column), Cell(c.before or "blank"), Cell(c.after or "blank"))
        for c in found.changed
    )
    return Table("Cells that changed", columns, rows, () if rows else ("No cell of a patient in both changed.",))


def people_table(found: Versions) -> Table:
    """Who is new and who is gone, by the number of the file."""
    rows = tuple((Cell(p), Cell("new")) for p in found.new) + tuple((Cell(p), Cell("gone")) for p in found.gone)
    notes = []
    for names, words in ((found.columns_new, "New"), (found.columns_gone, "Gone")):
        if names:
            notes.append(f"{words} columns: {joined(list(names))}.")
    return Table("New and gone", (Column("Patient"), Column("Now")), rows, tuple(notes))
