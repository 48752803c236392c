"""Checks of rows that are no patients: totals, remarks, headings of groups and of a second table; and cells left blank
because the row above says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from lib.importing.checks.base import NUMERIC_ROLES, Recognised, cells, every_row, finding, in_rows
from lib.importing.columns.lexicon import meanings
from lib.importing.columns.roles import Role
from lib.importing.files.table import TextColumn
from lib.importing.findings import Finding, Repair, Severity, quoted_list

Rows = NDArray[np.bool_]

SUMMARY = re.compile(
    r"^(?:mean|average|avg|gem|gemiddelde?|mittelwert|mw|total|totaal|summe|gesamt|sum|som|sd|stdev|std|n|aantal|median"
    r"|mediaan|moyenne|mediane|médiane|ecart.type|écart.type|media|medel(?:värde)?|gjennomsnitt|standaard ?deviatie"
    r"|standardabweichung|standard deviation|iqr|range|spreiding|variance"
    r"|p(?=\s*[<=:]|\s*$)|p[ -]?(?:value|waarde|wert)|95 ?% ?(?:ci|bi)"
    r"|ci|sem|valid n|missing|anzahl|effectif|t ?-?test|wilcoxon|min|max|minimum|maximum|count)"
    r"\b[\s.:=()\d,%<>]*$",
    re.IGNORECASE,
)
SUMMARY_OF = re.compile(
    r"^(?:sub|eind|grand|zwischen|gesamt|deel)?[ -]?(?:total|totaal|totalen|totals|summe|mean|average|gemiddelden?"
    r"|mittelwert|median|mediaan|sd|standaarddeviatie|standard deviation|standardabweichung|sum|som)\b",
    re.IGNORECASE,
)
SUMMARY_END = re.compile(
    r"^(.+) (?:total|totaal|summe|ergebnis|gesamt|mean|average|gemiddelde|mittelwert|moyenne|median|count|aantal"
    r"|anzahl)$",
    re.IGNORECASE,
)
STATISTICS: tuple[Callable[[NDArray[np.float64]], float], ...] = (
    lambda v: float(np.mean(v)),
    lambda v: float(np.std(v, ddof=1)),
    lambda v: float(np.median(v)),
    lambda v: float(np.sum(v)),
    lambda v: float(len(v)),
)
LEAST_WORKED_OUT = 2
DIGITS = dict.fromkeys(map(ord, "0123456789"))
LOOK_AT_LAST = 10
LEAST_COLUMNS = 3
LEAST_ROWS = 6
MOST_SHAPES = 200
LOOK_AT_MOST = 20_000
MOST_NOTES = 40


def _filled(table: Recognised) -> NDArray[np.int64]:
    """(n,) how many cells of each row hold something."""
    count = np.zeros(table.sheet.n, dtype=np.int64)
    for column in table.sheet.columns:
        count += ~column.blank()
    return count


def _columns_in_use(table: Recognised) -> int:
    return sum(1 for c in table.sheet.columns if table.profiles[c.name].filled)


def _level_marks(column: TextColumn, levels: NDArray[np.bool_]) -> Rows:
    return levels[column.codes] if len(levels) else np.zeros(len(column), dtype=bool)


def _id_column(table: Recognised) -> TextColumn | None:
    name = next((g.name for g in table.columns if g.role is Role.ID), None)
    return None if name is None else table.sheet.column(name)


def summaries(table: Recognised) -> Rows:
    """(n,) rows such as "Mean" below the patients, or "Subtotal Zwolle" between them."""
    n = table.sheet.n
    mask = np.zeros(n, dtype=bool)
    if n < 3:
        return mask
    for column in table.sheet.columns[:3]:
        for index in range(max(0, n - LOOK_AT_LAST), n):
            text = column.levels[column.codes[index]].strip()
            if text and SUMMARY.match(text) and int((column.codes == column.codes[index]).sum()) == 1:
                mask[index] = True
    numbered = _id_column(table)
    nobody = np.ones(n, dtype=bool) if numbered is None else numbered.blank()
    if numbered is not None:
        mask |= _worked_out(table, nobody)
    for column in table.sheet.columns[:3]:
        if numbered is not None and _may_say_summary(column):
            summarises = np.array([bool(SUMMARY_OF.match(t)) for t in column.stripped], dtype=bool)
            mask |= _level_marks(column, summarises) & (nobody | (column is numbered))
            mask |= _level_marks(column, _totals_of_levels(column)) & nobody
    return mask


def _totals_of_levels(column: TextColumn) -> NDArray[np.bool_]:
    """Per level: "Zwolle Total" where "Zwolle" is another one, and "Grand Total", as Excel writes them."""
    known = set(column.stripped)
    found = (SUMMARY_END.match(t) for t in column.stripped)
    marks = [m is not None and (m[1].strip() in known or m[1].strip().lower() == "grand") for m in found]
    return np.array(marks, dtype=np.bool_)


def _worked_out(table: Recognised, nobody: Rows) -> Rows:
    """(n,) last rows without a number that hold the mean (sum, SD, median …) of the columns above them."""
    n = table.sheet.n
    mask = np.zeros(n, dtype=bool)
    last = [i for i in range(max(0, n - LOOK_AT_LAST), n) if nobody[i]]
    patients = ~nobody
    names = [g.name for g in table.columns if g.role in NUMERIC_ROLES]
    if not last or int(patients.sum()) < LEAST_ROWS or len(names) < LEAST_WORKED_OUT:
        return mask
    values = {name: table.profiles[name].row_values() for name in names}
    whole = {name: bool((v[patients & ~np.isnan(v)] % 1 == 0).all()) for name, v in values.items()}
    for index in last:
        own = {name: v[index] for name, v in values.items() if not np.isnan(v[index])}
        broken = [name for name, value in own.items() if whole[name] and value % 1]
        mask[index] = len(broken) >= LEAST_WORKED_OUT  # 7.4583 below whole numbers
        for statistic in STATISTICS:
            same = 0
            for name, value in own.items():
                known = values[name][patients]
                known = known[~np.isnan(known)]
                text = table.sheet.column(name).levels[table.sheet.column(name).codes[index]].strip()
                step = 10.0 ** -len(re.split("[.,]", text)[-1]) if re.search("[.,]", text) else 1.0
                same += len(known) > 1 and abs(statistic(known) - value) <= 0.51 * step
            if len(own) >= LEAST_WORKED_OUT and same == len(own):
                mask[index] = True
    return mask


def surely_summaries(table: Recognised) -> Rows:
    """(n,) those that stand where the patient's number should: nobody's row, whatever it holds."""
    mask = summaries(table)
    numbered = _id_column(table)
    ending = np.zeros(len(mask), dtype=bool) if numbered is None else _words_at_the_end(numbered)
    if not mask.any():
        return ending
    column = numbered or table.sheet.columns[0]
    summarises = np.array([bool(SUMMARY.match(t) or SUMMARY_OF.match(t)) for t in column.stripped], dtype=bool)
    marked = _level_marks(column, summarises)
    if marked.any():  # a patient called "P 7" among P 1, P 2 … is no p value
        marked &= _unlike(column, ~mask)
    return ending | (mask & (column.blank() | marked))


def _words_at_the_end(numbered: TextColumn) -> Rows:
    """(n,) last rows with a word where everybody before them has a number: "Standardabw." below 1, 2, 3."""
    mask = np.zeros(len(numbered), dtype=bool)
    texts = numbered.stripped
    for index in range(len(numbered) - 1, max(-1, len(numbered) - LOOK_AT_LAST - 1), -1):
        text = texts[numbered.codes[index]]
        if sum(c.isalpha() for c in text) < 2 or any(c.isdigit() for c in text):
            break
        mask[index] = True
    others = [texts[code] for code in np.unique(numbered.codes[~mask])] if mask.any() else []
    fits = int((~mask).sum()) >= LEAST_ROWS and all(any(c.isdigit() for c in t) for t in others if t)
    return mask if fits and any(others) else np.zeros(len(numbered), dtype=bool)


def _may_say_summary(column: TextColumn) -> bool:
    """Whether any text, its digits aside, begins like a summary: of ids, a text per patient, hardly one is left."""
    without_digits = set("\n".join(column.stripped).translate(DIGITS).split("\n"))
    return any(map(SUMMARY_OF.match, without_digits)) or any(map(SUMMARY_END.match, without_digits))


def summary_rows(table: Recognised) -> Iterator[Finding]:
    """ "Mean", "Total" or "Subtotal" among the patients."""
    mask = summaries(table)
    if mask.any():
        many = int(mask.sum()) > 1
        what = "not patients but summaries" if many else "not a patient but a summary"
        yield finding(
            table,
            "summary_row",
            Severity.ERROR,
            f"{in_rows(table, mask).capitalize()}: {what} (mean, total …). {_counts(many)} left out.",
            mask=mask,
            repair=Repair("drop_rows", (), f"Leave out {in_rows(table, mask)} (summary)", (), every_row(table, mask)),
        )


def _counts(many: bool) -> str:
    return "They count as patients unless they are" if many else "It counts as a patient unless it is"


def _shape(text: str) -> str:
    """What a text looks like: "S001" and "S12" are a9, "bron: HiX" is a: a."""
    return re.sub(r"\s+", " ", re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip())))


def _unlike(column: TextColumn, patients: Rows) -> Rows:
    """(n,) cells with words that look like no cell of the patients' rows."""
    levels = list(column.stripped)
    used = {levels[code] for code in np.unique(column.codes[patients])} if len(levels) else set()
    shapes = {_shape(t) for t in used}
    if len(shapes) > MOST_SHAPES:
        return np.zeros(len(column), dtype=bool)
    strange = np.array(
        [bool(t) and any(c.isalpha() for c in t) and _shape(t) not in shapes for t in levels], dtype=bool
    )
    return _level_marks(column, strange)


def remarks(table: Recognised) -> Rows:
    """(n,) rows of one text and nothing else that looks like no patient: a footnote, the name of a group."""
    none: Rows = np.zeros(table.sheet.n, dtype=bool)
    if table.sheet.n < 3 or table.sheet.n > LOOK_AT_MOST or _columns_in_use(table) < LEAST_COLUMNS:
        return none
    filled = _filled(table)
    alone = filled == 1
    numbered = _id_column(table)
    if not alone.any() or alone.mean() > 0.5:
        return _notes_below(table, numbered) & ~summaries(table)
    words = _words_alone(table)
    patients = filled > 1 if words.all() else ~words
    mask = none
    for column in (numbered,) if numbered is not None else table.sheet.columns:
        mask = mask | (alone & ~column.blank() & _unlike(column, patients))
    if numbered is not None:  # a remark in another column, under nobody's number
        mask = mask | (alone & numbered.blank() & words)
    return (mask | _notes_below(table, numbered)) & ~summaries(table)


def _notes_below(table: Recognised, numbered: TextColumn | None) -> Rows:
    """(n,) a legend after an empty row at the end: "1 = man" and "2 = vrouw" beside each other, nobody's number."""
    mask = np.zeros(table.sheet.n, dtype=bool)
    gaps = np.flatnonzero(np.diff(table.sheet.row_numbers) > 1)
    if numbered is None or not len(gaps) or table.sheet.n - gaps[-1] - 1 > MOST_NOTES:
        return mask
    start = next(int(g) + 1 for g in gaps if table.sheet.n - g - 1 <= MOST_NOTES)
    patients = np.arange(table.sheet.n) < start
    few = _filled(table) <= max(2, _columns_in_use(table) // 2)
    nobody = _unlike(numbered, patients) | (numbered.blank() & few)
    if start >= LEAST_ROWS and nobody[start:].all():
        mask[start:] = True
    return mask


def _words_alone(table: Recognised) -> Rows:
    """(n,) rows in which no cell is a number."""
    number = np.zeros(table.sheet.n, dtype=bool)
    for column in table.sheet.columns:
        number |= _level_marks(column, table.profiles[column.name].numbers.is_number)
    return ~number


def remark_rows(table: Recognised) -> Iterator[Finding]:
    """Footnotes and names of groups that would count as patients."""
    mask = remarks(table)
    if not mask.any():
        return
    many = int(mask.sum()) > 1
    looks = "They look like remarks or headings, not like patients" if many else "It looks like a remark or a heading"
    between = bool(np.flatnonzero(mask)[0] < np.flatnonzero(~mask).max(initial=0))
    more = " If it names the group of the rows below it, put it in a column of its own in the file." if between else ""
    yield finding(
        table,
        "remark_row",
        Severity.ERROR,
        f"{in_rows(table, mask).capitalize()}: one text and nothing else. {looks}. {_counts(many)} left out.{more}",
        mask=mask,
        repair=Repair("drop_rows", (), f"Leave out {in_rows(table, mask)} (no patient)", (), every_row(table, mask)),
    )


def second_table(table: Recognised) -> Iterator[Finding]:
    """A row of words where the others hold numbers: the heading once more, or that of another table below."""
    n = table.sheet.n
    numeric = [g.name for g in table.columns if g.role in NUMERIC_ROLES]
    first = _id_column(table) or (table.sheet.columns[0] if table.sheet.columns else None)
    if n < 3 or n > LOOK_AT_MOST or not numeric or first is None:
        return
    number = np.zeros(n, dtype=bool)
    words = np.zeros(n, dtype=bool)
    for name in numeric:
        p = table.profiles[name]
        number |= _level_marks(p.column, p.numbers.is_number)
        words |= p.rows_with(p.numbers.not_numbers)
    if number.sum() < 0.5 * n:
        return
    repeated = first.stripped.index(first.name.strip()) if first.name.strip() in first.stripped else -1
    like_heading = first.codes == repeated if repeated >= 0 else np.zeros(n, dtype=bool)
    units = np.zeros(n, dtype=bool)
    units[0] = first is _id_column(table) and bool(first.blank()[0])  # "years", "0-10" below the headings
    heading = ~number & words & (like_heading | _unlike(first, number) | units) & ~summaries(table)
    heading &= ~_notes_below(table, _id_column(table))
    if not heading.any():
        return
    at = int(np.flatnonzero(heading)[0])
    rows = table.sheet.row_numbers
    remark = remarks(table)
    start = at
    while start > 0 and remark[start - 1]:
        start -= 1
    apart = start < at or (at > 0 and rows[at] - rows[at - 1] > 1)
    mask = heading.copy()
    if apart or not number[at:].any():
        mask[start:] = True
        sentence = (
            f"{in_rows(table, mask).capitalize()} look like a second table below the first. They are read as if they "
            "belonged to the columns above; leave them out here, and put that table on a sheet of its own."
        )
        what = f"Leave out {in_rows(table, mask)} (a second table)"
    else:
        sentence = (
            f"{in_rows(table, mask).capitalize()}: words where the other rows hold numbers, like a heading. It counts "
            "as a patient unless it is left out."
        )
        what = f"Leave out {in_rows(table, mask)} (heading)"
    yield finding(
        table,
        "heading_within",
        Severity.ERROR,
        sentence,
        first.name,
        mask,
        repair=Repair("drop_rows", (), what, (), tuple(int(r) for r in rows[mask])),
    )


def filled_once(table: Recognised) -> Iterator[Finding]:
    """A center or a patient number that stands only in the first row of its block."""
    n = table.sheet.n
    if n < LEAST_ROWS:
        return
    known = meanings()
    for guess in table.columns:
        if guess.role is not Role.ID and not (guess.role is Role.CATEGORY and guess.target in known):
            continue
        p = table.profiles[guess.name]
        if not p.column.once_per_block() or (guess.role is Role.CATEGORY and p.numeric > 0.5):
            continue
        blank = p.column.blank()
        yield finding(
            table,
            "filled_once",
            Severity.WARNING,
            f"{guess.name} is filled in {cells(p.filled)}, each time with another text, and blank in the "
            f"{int(blank.sum())} rows below them: perhaps each ({quoted_list(p.levels, 3)}) holds for the rows below "
            "it. Blank cells count as not recorded unless you say so.",
            guess.name,
            blank,
            repair=Repair("fill_down", (guess.name,), f"{guess.name}: blank cells take the text above them"),
        )
