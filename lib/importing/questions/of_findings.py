"""Findings that offer a repair: one question each where a value would change, a list where no patient's number does."""

from __future__ import annotations

from lib.importing.checks.base import Recognised
from lib.importing.columns.roles import Role
from lib.importing.findings import ROWS_OF_A_TABLE, Finding, Repair, rows_in_words
from lib.importing.questions.base import Answer, Evidence, Question, Stake

AGREE, KEEP = "agree", "keep"
_HIT_ROWS, _OTHER_ROWS, _MOST_COLUMNS = 3, 2, 5
_LONGEST = 60

SAFE: dict[str, str] = {
    "summary_row": "No patient",
    "remark_row": "No patient",
    "heading_within": "No patient",
    "alike_labels": "Spelling",
    "misspelt_answer": "Spelling",
    "missing_word": "Code for “not known”",
    "missing_word_in_labels": "Code for “not known”",
    "missing_code": "Code for “not known”",
}
"""Codes of findings whose repair changes no patient's number, with the kind in words."""


def is_safe(finding: Finding) -> bool:
    """Whether its repair may be agreed to together with others.

    A drop of rows is safe only for rows that are no patients; a replacement that makes a number of another number, or
    two names one where they differ in more than their letters (MUMC, MUMC+), is not.
    """
    repair = finding.repair
    if repair is None or finding.code not in SAFE:
        return False
    return finding.code != "alike_labels" or all(_letters(a) == _letters(b) for a, b in repair.values)


def _letters(text: str) -> str:
    return "".join(text.split()).casefold().rstrip(".,;:")


def value_question(table: Recognised, finding: Finding, repair: Repair) -> Question:
    """The repair of one finding as a question: made, or left as it is."""
    where = _cut(", ".join(repair.columns[:2]) or finding.column)
    window, doubted = finding.code == "outside_window", finding.code == "event_in_doubt"
    return Question(
        code=finding.code,
        key=key_of(repair),
        text=_text(finding, repair, where),
        why=finding.sentence,
        stakes=(Stake.SCALE,) if repair.kind == "scale" else (Stake.DENOMINATOR,),
        answers=(
            Answer(
                AGREE,
                "No: too early or too late" if window else "It is not known" if doubted else _claim(repair),
                repair.sentence,
                repairs=(repair,),
            ),
            Answer(
                KEEP,
                "Yes: they count"
                if window
                else "Yes: each is an event"
                if doubted
                else "It stays as it is in the file",
                "No cell changes.",
            ),
        ),
        columns=repair.columns,
        rows=finding.rows,
        skip="If you skip this: nothing is changed, and Data check lists it as open.",
        evidence=_evidence(table, finding, repair),
    )


def key_of(repair: Repair) -> str:
    """A short stable name of what a repair does."""
    import hashlib
    import json

    return "repair:" + hashlib.sha256(json.dumps(repair.to_json(), sort_keys=True).encode()).hexdigest()[:12]


def _text(finding: Finding, repair: Repair, where: str) -> str:
    rows = rows_in_words(finding.rows, finding.count) if 0 < len(finding.rows) <= 3 else f"{finding.count} cells"
    if finding.code == "event_in_doubt":
        return f"{where}, {rows}: did it happen?"
    if finding.code == "outside_window":
        return f"{finding.column}: do {finding.count} questionnaires outside the window count?"
    if repair.kind == "scale":
        return f"{where}: is it written in another unit?"
    if repair.kind == "drop_rows":
        few = 0 < len(repair.rows) <= 3
        return (
            f"Does {rows_in_words(repair.rows)} count?"
            if few and len(repair.rows) == 1
            else (f"Do {rows_in_words(repair.rows) if few else f'{len(repair.rows)} rows'} count?")
        )
    if repair.kind == "fill_down":
        return f"{where}: is a blank cell the same as the one above it?"
    if repair.kind == "replace":
        return f"{where}: do some words mean the same?"
    return f"{where}, {rows}: is it a mistake?"


def _claim(repair: Repair) -> str:
    claims = {
        "blank": "It is not known",
        "scale": "Yes: another unit",
        "drop_rows": "No: they are left out",
        "fill_down": "Yes: it holds for the rows below",
        "replace": "Yes: they become one",
    }
    if repair.kind == "scale" and repair.factor:
        return f"Yes: times {repair.factor}"
    return claims[repair.kind]


def _evidence(table: Recognised, finding: Finding, repair: Repair) -> Evidence:
    """The rows in question, then two others; no column that identifies a person."""
    sheet, by_role = table.sheet, {c.name: c.role for c in table.columns}
    private = (Role.IDENTIFIER, Role.BIRTH_DATE, Role.ID)
    own = [n for n in repair.columns or (finding.column,) if by_role.get(n, Role.ID) not in private]
    targets = {c.target for c in table.columns if c.name in own and c.role is Role.SCORE}
    same = [c.name for c in table.columns if c.role is Role.SCORE and c.target in targets]
    others = [c.name for c in table.columns if c.role in (Role.CATEGORY, Role.SCORE)]
    names = list(dict.fromkeys([*(same or own), *own, *others]))[:_MOST_COLUMNS]
    numbers = sheet.row_numbers.tolist()
    places = {number: place for place, number in enumerate(numbers)}
    in_question = set(finding.rows) | set(repair.rows)
    hit = [places[row] for row in list(finding.rows or repair.rows)[:_HIT_ROWS] if row in places]
    rest = [p for p, number in enumerate(numbers[:200]) if number not in in_question][:_OTHER_ROWS]
    rows = tuple(
        (str(int(row) % ROWS_OF_A_TABLE), *(_cut(t, 30) for t in texts))
        for row, *texts in sheet.texts_of([*hit, *rest], names)
    )
    return Evidence(tuple(_cut(n, 30) for n in names), rows, tuple(numbers[p] % ROWS_OF_A_TABLE for p in hit))


def _cut(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
