"""What each column of a file is taken for, and how that choice is saved as JSON and loaded again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from lib.cohort.design import Design, Kind
from lib.importing.columns.coded_answers import AnswerSpec
from lib.importing.files.table import JoinPlan
from lib.importing.findings import ImportProblem, Repair, refuse

FORMAT = "cohortlens columns"
VERSION = 1
MOST_MONTHS = 120  # on either side of a time point
UNANSWERED = "one of: "
"""How the answer of a question begins that nobody filled in yet."""


class Role(StrEnum):
    """What a column can be."""

    ID = "id"
    CATEGORY = "category"
    NUMBER = "number"
    DATE = "date"
    BIRTH_DATE = "birth_date"
    SCORE = "score"
    EQ5D_STATE = "eq5d_state"
    EQ5D_DIMENSION = "eq5d_dimension"
    STATEMENT = "statement"
    YESNO = "yesno"
    EVENT_TYPE = "event_type"
    EVENT_TIMING = "event_timing"
    EVENT_SEVERITY = "event_severity"
    EVENT_SERIOUS = "event_serious"
    EVENT_PROCEDURE = "event_procedure"
    TIME_POINT = "occasion"
    IDENTIFIER = "identifier"
    IGNORE = "ignore"


WORDS: dict[Role, str] = {
    Role.ID: "patient number",
    Role.CATEGORY: "category",
    Role.NUMBER: "number",
    Role.DATE: "date",
    Role.BIRTH_DATE: "date of birth (becomes the age)",
    Role.SCORE: "score",
    Role.EQ5D_STATE: "EQ-5D health state",
    Role.EQ5D_DIMENSION: "EQ-5D dimension",
    Role.STATEMENT: "statement with ordered answers",
    Role.YESNO: "yes or no at a time point",
    Role.EVENT_TYPE: "adverse event",
    Role.EVENT_TIMING: "adverse event: timing",
    Role.EVENT_SEVERITY: "adverse event: severity",
    Role.EVENT_SERIOUS: "adverse event: serious",
    Role.EVENT_PROCEDURE: "adverse event: procedure",
    Role.TIME_POINT: "time point of the row",
    Role.IDENTIFIER: "identifies a person: left out",
    Role.IGNORE: "not used",
}
AT_TIME_POINT = frozenset({Role.SCORE, Role.EQ5D_STATE, Role.EQ5D_DIMENSION, Role.STATEMENT, Role.YESNO})
EVENT_ROLES = frozenset(
    {Role.EVENT_TYPE, Role.EVENT_TIMING, Role.EVENT_SEVERITY, Role.EVENT_SERIOUS, Role.EVENT_PROCEDURE}
)


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure that the catalogue does not have, or the details the user changed.

    Attributes:
        key: target of its columns. label: name on screen.
        low, high: ends of the scale, None where open.
        higher_is_better: the direction.
        threshold: smallest improvement that counts, in the unit of the file; None: none known.
        unit: what one unit is called.
        assumed: True while nobody has confirmed range and direction.
    """

    key: str
    label: str
    low: Decimal | None
    high: Decimal | None
    higher_is_better: bool
    threshold: Decimal | None = None
    unit: str = "points"
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """What makes a guess a question: another reading would change sign, scale, time or denominator.

    Attributes:
        code: its kind ("identity", "direction", "item", "time", "statement"); the question has the same.
        words: words of the heading that nothing explains.
        near: key of the instrument that a part of the heading names, '' for none.
        group: columns with one group are one question; '' stands for the target.
        why: what else speaks for another reading, a sentence; '' for nothing; of a time: its number.
        then: what is asked next.
    """

    code: str
    words: tuple[str, ...] = ()
    near: str = ""
    group: str = ""
    why: str = ""
    then: Doubt | None = None


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column is taken for.

    Attributes:
        name: the column's name in the sheet.
        role: see `Role`.
        target: which one: measure key, statement, outcome or category key, EQ-5D dimension ("MO"), event number.
        time_point: key of the time point ("baseline", "12m"), '' where it has none.
        label: name on screen.
        confidence: 0–1; 1 is what the user said.
        evidence: why, in words.
        samples: a few values as in the file; empty for identifiers.
        texts: for an time point column, which text is which time point: ("visit 1", "12m") pairs.
        doubt: what has to be asked before the guess may be used; None for what is certain or what the user said.
    """

    name: str
    role: Role
    target: str = ""
    time_point: str = ""
    label: str = ""
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    doubt: Doubt | None = None

    def with_role(self, role: Role, target: str = "", time_point: str = "", label: str = "") -> ColumnGuess:
        """What the user says it is: certain."""
        return replace(
            self,
            role=role,
            target=target,
            time_point=time_point,
            label=label or self.label,
            confidence=1.0,
            evidence=("you said so",),
            doubt=None,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything the user can say about the columns of a file; what `columns_to_json` saves."""

    columns: tuple[ColumnGuess, ...]
    measures: tuple[MeasureSpec, ...] = ()
    decimal: str = ""
    day_first: bool | None = None
    extraction_date: str = ""
    join: JoinPlan | None = None
    answers: tuple[AnswerSpec, ...] = ()
    windows: tuple[tuple[str, float], ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    """(key of a question, key of its answer or "skip") pairs."""
    design: Design | None = None
    """None: as the headings suggest."""
    repairs: tuple[Repair, ...] = ()
    digest: str = ""
    """Of the file that the repairs were agreed for: their row numbers mean nothing in another one."""


def columns_to_json(choice: Choice) -> str:
    """The choice as JSON text: names, roles, targets, time points; of values only texts of time points and repairs."""
    record = {
        "format": FORMAT,
        "version": VERSION,
        "columns": [_column_record(c) for c in choice.columns],
        "measures": [_measure_record(m) for m in choice.measures],
        "decimal": choice.decimal,
        "day_first": choice.day_first,
        "extraction_date": choice.extraction_date,
    }
    if choice.join is not None:
        record["join"] = choice.join.to_json()
    if choice.answers:
        record["answers"] = [a.to_json() for a in choice.answers]
    if choice.windows:
        record["windows"] = [{"occasion": key, "months": months} for key, months in choice.windows]
    if choice.questions:
        record["questions"] = dict(choice.questions)
    if choice.design is not None:
        record["design"] = asdict(choice.design)
    if choice.repairs:
        record["repairs"] = [r.to_json() for r in choice.repairs]
        record["sha256"] = choice.digest
    return json.dumps(record, ensure_ascii=False, indent=1)


def columns_from_json(text: str | bytes) -> Choice:
    """The choice saved by `columns_to_json`, or written by hand: only "columns" with name and role is required.

    Raises ImportProblem naming the entry when something in it is not understood.
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse("columns_file", "The columns file is not JSON.") from error
    if not isinstance(record, dict) or not isinstance(record.get("columns"), list):
        raise refuse("columns_file", 'The columns file has no list "columns".')
    if record.get("version", VERSION) != VERSION:
        raise refuse("columns_file", f"The columns file has version {record['version']}; this product reads {VERSION}.")
    problems: list[str] = []
    columns = tuple(_each(record["columns"], _column, "column", problems))
    measures = tuple(_each(record.get("measures") or [], _measure, "measure", problems))
    join = next(iter(_each([record["join"]], JoinPlan.from_json, "join", problems)), None) if "join" in record else None
    answers = tuple(_each(record.get("answers") or [], AnswerSpec.from_json, "answers", problems))
    windows = tuple(_each(record.get("windows") or [], _window, "window", problems))
    given = [record["design"]] if isinstance(record.get("design"), dict) else []
    design = next(iter(_each(given, _design, "design", problems)), None)
    repairs = tuple(_each(record.get("repairs") or [], Repair.from_json, "repair", problems))
    if problems:
        raise ImportProblem(tuple(f for p in problems for f in refuse("columns_file", p).findings))
    day_first = record.get("day_first")
    return Choice(
        columns=columns,
        measures=measures,
        decimal=decimal if (decimal := str(record.get("decimal"))) in (".", ",") else "",
        day_first=day_first if isinstance(day_first, bool) else None,
        extraction_date=str(record.get("extraction_date") or ""),
        join=join,
        answers=answers,
        windows=windows,
        questions=_answered(record.get("questions")),
        repairs=repairs,
        digest=str(record.get("sha256") or ""),
        design=design,
    )


def _design(record: dict[str, Any]) -> Design:
    kind = record.get("kind", Kind.SERIES.value)
    if kind not in set(Kind):
        raise ValueError(f'"kind" is "{kind}"; known are {", ".join(Kind)}')
    words = {name: str(record[name]) for name in ("treatment", "groups_by", "name") if record.get(name)}
    return Design(kind=Kind(kind), **words)


def _answered(stored: Any) -> tuple[tuple[str, str], ...]:
    """The questions that somebody answered; a line of the form still as printed is none."""
    pairs = stored.items() if isinstance(stored, dict) else ()
    return tuple((str(k), str(v)) for k, v in pairs if v and not str(v).startswith(UNANSWERED))


def _each(records: Any, read: Any, what: str, problems: list[str]) -> Iterable[Any]:
    for number, record in enumerate(records if isinstance(records, list) else [records], start=1):
        try:
            yield read(record)
        except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as error:
            missing = f'it has no "{error.args[0]}"' if isinstance(error, KeyError) and error.args else ""
            stored = missing or (str(error) if isinstance(error, ValueError) else "not understood")
            problems.append(f"The columns file, {what} {number}: {stored}.")


def _column_record(column: ColumnGuess) -> dict[str, Any]:
    record: dict[str, Any] = {"name": column.name, "role": column.role.value}
    for field, value in (("target", column.target), ("occasion", column.time_point), ("label", column.label)):
        if value:
            record[field] = value
    if column.texts:
        record["texts"] = [list(pair) for pair in column.texts]
    return record


def _column(record: dict[str, Any]) -> ColumnGuess:
    if "name" not in record:
        raise ValueError('it has no "name"')
    try:
        role = Role(str(record.get("role")))
    except ValueError as error:
        known = ", ".join(r.value for r in Role)
        raise ValueError(f'"{record["name"]}" has the role "{record.get("role")}"; known are {known}') from error
    return ColumnGuess(
        name=str(record["name"]),
        role=role,
        target=str(record.get("target") or ""),
        time_point=str(record.get("occasion") or ""),
        label=str(record.get("label") or ""),
        confidence=1.0,
        evidence=("from the saved columns",),
        texts=tuple((str(a), str(b)) for a, b in record.get("texts") or ()),
    )


def _window(record: dict[str, Any]) -> tuple[str, float]:
    months = float(record["months"])
    if not 0 < months <= MOST_MONTHS:
        raise ValueError(f'"months" is no number above 0 and at most {MOST_MONTHS}')
    return str(record["occasion"]), months


def _measure_record(measure: MeasureSpec) -> dict[str, Any]:
    record = {name: getattr(measure, name) for name in measure.__dataclass_fields__}
    return {k: str(v) if isinstance(v, Decimal) else v for k, v in record.items()}


def _measure(record: dict[str, Any]) -> MeasureSpec:
    if not isinstance(record.get("higher_is_better"), bool):
        raise ValueError(f'"{record.get("key")}" does not say true or false for "higher_is_better"')
    key = str(record["key"])

    def number(name: str) -> Decimal | None:
        value = record.get(name)
        return None if value in (None, "") else Decimal(str(value))

    return MeasureSpec(
        key=key,
        label=str(record.get("label") or key),
        low=number("low"),
        high=number("high"),
        higher_is_better=record["higher_is_better"],
        threshold=number("threshold"),
        unit=str(record.get("unit", "points")),
        assumed=bool(record.get("assumed", False)),
    )
