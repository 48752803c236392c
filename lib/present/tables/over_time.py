"""Centers over time as tables: what did not come back, whom to contact, and all centers patient by patient."""

from __future__ import annotations

from lib.analysis.groups.surveillance import Surveillance
from lib.analysis.trends import Due, Response, Trend
from lib.cohort.measure import Measure
from lib.present.sentences.over_time import crossed_words
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, percent, plural, share, signed
from lib.settings import FEWEST_TO_TEST
from lib.stats.proportions import Proportion
from lib.stats.results import NotComputed

MOST_ROWS = 25
MOST_NUMBERS = 30


def trend_table(own: Trend, measure: Measure, *, rate: bool) -> Table:
    """Per period: treated, answered of those due, pairs, value with its interval."""
    d, by = (1, 100) if rate else (measure.decimals, 1)
    names = ("Treated", "Answered of due", "Pairs", "Improved enough" if rate else "Mean improvement", "95% CI")
    rows = []
    for p in own.periods:
        cells = [Cell(p.label), Cell(count(p.treated), p.treated)]
        cells.append(
            Cell(share(p.answered, p.due)) if p.due else Cell("not yet due" if p.treated else "nobody treated")
        )
        cells.append(Cell(count(p.n), p.n))
        if isinstance(p.value, NotComputed):
            rows.append((*cells, Cell(""), Cell("")))
            continue
        value = p.value.share if isinstance(p.value, Proportion) else p.value.value
        ends = p.value.interval
        low_high = "" if isinstance(ends, NotComputed) else f"{signed(by * ends.low, d)} to {signed(by * ends.high, d)}"
        if isinstance(p.value, Proportion):
            text, low_high = percent(p.value.count, p.value.n), low_high.replace("+", "")
        else:
            text = signed(value, d)
        rows.append((*cells, Cell(text, value), Cell(low_high)))
    columns = (Column(f"{own.unit.capitalize()} of treatment"), *(Column(n, "right") for n in names))
    notes = (f"{plural(own.undated, 'patient')} without a date of treatment left out.",) if own.undated else ()
    return Table(f"{measure.label} by {own.unit} of treatment", columns, tuple(rows), notes)


def response_table(found: Response, point: Due, mine: str) -> Table:
    """Centers × months: how many did not come back; blank: none due. My center first, then the most missing."""
    order = in_order_of_missing(found, point, mine)
    columns = (
        Column("Center"),
        Column("Answered", "right"),
        *(Column(month[2:].replace("-", "/"), "right") for month in point.months),
    )
    rows = []
    for k in order[:MOST_ROWS]:
        due, gone = point.due[k], point.missing[k]
        cells = [
            Cell("·" if d == 0 else str(g) if g else "0", g if d else None) for d, g in zip(due, gone, strict=True)
        ]
        rows.append((Cell(found.centers[k]), Cell(share(sum(due) - sum(gone), sum(due))), *cells))
    notes = ["The number in a month is what did not come back, by the month in which it fell due; · none due."]
    if len(order) > MOST_ROWS:
        notes.append(f"{MOST_ROWS} of {plural(len(order), 'center')} shown, those with most not answered.")
    return Table(f"{point.label}: not answered", columns, tuple(rows), tuple(notes))


def in_order_of_missing(found: Response, point: Due, mine: str) -> list[int]:
    """Places of the centers that had anything due: my center, then those with most not answered."""
    some = [k for k in range(len(found.centers)) if sum(point.due[k])]
    return sorted(some, key=lambda k: (found.centers[k] != mine, -sum(point.missing[k]), found.centers[k].casefold()))


def to_contact_table(found: Response, mine: str, *, now: bool = False) -> Table:
    """Row numbers, as a spreadsheet shows them, of those who have not answered; of my center where one is chosen.

    `now`: those whose window is still open; else those of the last 12 months whose window has closed.
    """
    rows = []
    for point in found.time_points:
        of = point.now if now else point.rows
        order = [k for k in range(len(of)) if of[k] and (not mine or found.centers[k] == mine)]
        order.sort(key=lambda k: (-len(of[k]), found.centers[k].casefold()))
        for k in order[:MOST_ROWS]:
            numbers = ", ".join(map(str, of[k][:MOST_NUMBERS])) + (" …" if len(of[k]) > MOST_NUMBERS else "")
            rows.append((Cell(point.label), Cell(found.centers[k]), Cell(count(len(of[k])), len(of[k])), Cell(numbers)))
    columns = (Column("Time point"), Column("Center"), Column("Not answered", "right"), Column("Rows of the file"))
    if now:
        title, note = "To contact this week", "due two weeks ago or longer and still in the window"
    else:
        title, note = "Closed without an answer", "fell due in these 12 months, the window has closed"
    note = f"Row numbers as a spreadsheet shows them; {note}."
    return Table(title, columns, tuple(rows), (note,) if rows else (f"Nobody: {note[0].lower()}{note[1:]}",))


def watched_table(found: Surveillance) -> Table:
    """Pairs, observed − expected, and whether a limit was crossed; the largest center first."""
    columns = (Column("Center"), Column("Pairs", "right"), Column("Observed − expected", "right"), Column("CUSUM"))
    rows = []
    order = sorted(found.others, key=lambda row: row[0] != found.chosen.label)
    for label, n, off, watched in order[: 2 * MOST_ROWS]:
        gap = Cell(signed(off, 1), off) if n >= FEWEST_TO_TEST else Cell("·")
        rows.append((Cell(label), Cell(count(n), n), gap, Cell(crossed_words(watched, n))))
    note = f"{2 * MOST_ROWS} of {plural(len(found.others), 'center')}." if len(found.others) > 2 * MOST_ROWS else ""
    return Table("All centers", columns, tuple(rows), (note,) if note else ())
