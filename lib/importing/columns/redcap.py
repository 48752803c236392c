"""REDCap's data dictionary, given beside a raw export: codes get their labels, columns their names, persons stay out.

A dictionary (the CSV of "Download the current Data Dictionary", or the API) has one row per field.
Choices are written "1, Yes | 2, No". A column `field___2` of the export is the choice 2 of a checkbox.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lib.catalog.answers import normalise
from lib.importing.columns.timepoints import time_point_of_text
from lib.importing.files.table import Parsed, Sheet, TextColumn, from_texts
from lib.importing.findings import Finding, Repair, Severity, quoted_list, refuse

IDENTIFIES = "identifier"
"""The kind of a column that the dictionary marks as identifying persons."""
_HEADINGS = {
    "name": ("variable field name", "field name"),
    "type": ("field type",),
    "label": ("field label",),
    "choices": ("choices calculations or slider labels", "select choices or calculations", "choices or calculations"),
    "identifier": ("identifier",),
}
_NEEDED = ("name", "type", "label", "choices")
_WITH_CHOICES = ("radio", "dropdown", "checkbox", "yesno", "truefalse")
_FIXED: Mapping[str, Mapping[str, str]] = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
MOST_LETTERS = 60
_TAG = re.compile(r"<[^<>]*>")
_NUMBER_GOES_ON = re.compile(r"[\d.]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the dictionary: its name in the export, type, label, choices (code → label), identifier or not."""

    name: str
    type: str
    label: str
    choices: Mapping[str, str]
    identifier: bool


def _places(sheet: Sheet) -> dict[str, str]:
    """Which column of the sheet is which part of a dictionary."""
    found = {}
    for what, headings in _HEADINGS.items():
        for column in sheet.columns:
            if normalise(column.name) in headings:
                found[what] = column.name
                break
    return found


def is_dictionary(sheet: Sheet) -> bool:
    """Whether a table is a data dictionary and holds no patients."""
    return set(_NEEDED) <= set(_places(sheet))


def refuse_dictionary(sheet: Sheet) -> None:
    """Raises ImportProblem with what to do when a table of patients was expected and this is a dictionary."""
    if is_dictionary(sheet):
        raise refuse(
            "data_dictionary",
            f"This is a REDCap data dictionary ({sheet.n} fields): it tells what codes mean and holds no patients. "
            "Upload the export of the data (CSV, raw) and add this file to it: the dictionary labels its codes.",
        )


def fields(sheet: Sheet) -> dict[str, Field]:
    """Every field of a dictionary by its name."""
    places = _places(sheet)
    texts = {what: sheet.column(name).texts() for what, name in places.items()}
    found = {}
    for row in range(sheet.n):
        name, kind = texts["name"][row].strip(), texts["type"][row].strip().lower()
        if not name:
            continue
        choices = dict(_FIXED.get(kind, {}))
        if kind in _WITH_CHOICES and not choices:
            choices = _choices(texts["choices"][row])
        is_identifier = texts["identifier"][row].strip().lower() if "identifier" in texts else ""
        found[name] = Field(
            name, kind, _plain(texts["label"][row]), choices, is_identifier in ("y", "yes", "1", "true")
        )
    return found


def _plain(text: str) -> str:
    """A label without markup and line breaks."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _choices(text: str) -> dict[str, str]:
    """ "1, Yes | 2, No" → {"1": "Yes", "2": "No"}; a label may hold commas."""
    parts = (part.partition(",") for part in text.split("|"))
    return {code.strip(): _plain(label) for code, _, label in parts if code.strip() and _plain(label)}


def _are_numbers(choices: Mapping[str, str]) -> bool:
    """Choices that only repeat their code ("0, 0 = no pain | 1, 1 | …"): a scale, whose codes are the scores."""
    return all(
        label.startswith(code) and not _NUMBER_GOES_ON.match(label, len(code)) for code, label in choices.items()
    )


def with_dictionary(data: Parsed, dictionary: Parsed) -> Parsed:
    """An export with the labels of its dictionary.

    Args:
        data: a raw export. A labelled one has its labels already; it keeps them.
        dictionary: a file whose first table is a dictionary (`is_dictionary`).

    Returns:
        The export as another file: its digest is that of both, and a note tells what the dictionary did.
    """
    known = fields(dictionary.sheet())
    sheets = tuple(_labelled(s, known, dictionary.file_name) for s in data.sheets)
    both = json.dumps([data.digest, dictionary.digest]).encode()
    return replace(
        data,
        sheets=sheets,
        digest=hashlib.sha256(both).hexdigest(),
        file_name=f"{data.file_name} + {dictionary.file_name}",
        parts=(*(data.parts or ((data.file_name, data.digest),)), (dictionary.file_name, dictionary.digest)),
    )


def _labelled(sheet: Sheet, known: Mapping[str, Field], file_name: str) -> Sheet:
    columns, findings = [], []
    first = next(iter(known), "")
    named, marked, strange = 0, 0, []
    for column in sheet.columns:
        base, _, code = column.name.partition("___")
        field = known.get(column.name) or known.get(base)
        if field is None:
            own = is_structure(column.name) or column.name.endswith(("_complete", "_timestamp"))
            strange += [] if own or column.name.startswith("redcap_") else [column.name]
            columns.append(column)
            continue
        named += 1
        marked += field.identifier and column.name != first
        # the number of the record stays the patient's number: only its hash is kept
        kind = IDENTIFIES if field.identifier and column.name != first else column.kind
        new = _with_field(column, field, code)
        columns.append(replace(new, kind=kind))
        findings += _unknown_codes(new) if not code else []
    if not named:
        is_identifier = f"{file_name} is a data dictionary of other columns; it names none of this table."
        findings.append(Finding("dictionary", Severity.ERROR, is_identifier, sheet=sheet.name))
    else:
        findings.insert(0, _about(file_name, sheet, named, marked, strange))
    return replace(sheet.of_columns(columns), findings=(*sheet.findings, *findings))


def _with_field(column: TextColumn, field: Field, code: str) -> TextColumn:
    if code:
        wanted = code.lower()
        choice = next((label for c, label in field.choices.items() if c.lower().replace("-", "_") == wanted), code)
        return replace(column, heading=_short(f"{field.label}: {choice}" if field.label else choice))
    labels = {} if not field.choices or _are_numbers(field.choices) else dict(field.choices)
    return replace(column, heading=_short(field.label) or column.heading, labels=labels or column.labels)


def _short(label: str) -> str:
    """A question as a name on screen."""
    return label if len(label) <= MOST_LETTERS else label[: MOST_LETTERS - 1].rstrip() + "…"


def _unknown_codes(column: TextColumn) -> list[Finding]:
    """Codes that are none of the choices: missing-data codes of the project, or another version of the form."""
    if not column.labels:
        return []
    strange = [t for t in column.filled_levels() if t.strip() not in column.labels]
    if not strange or set(column.filled_levels()) & set(column.labels.values()):
        return []  # a labelled export holds the labels themselves
    cells = int(sum(n for t, n in zip(column.levels, column.counts.tolist(), strict=True) if t in strange))
    return [
        Finding(
            "not_a_choice",
            Severity.WARNING,
            f"{column.name}: {quoted_list(strange)} ({cells} cell{'' if cells == 1 else 's'}) is none of the choices "
            "of the data dictionary. It may be a code for missing data.",
            column=column.name,
            count=cells,
            repair=Repair(
                "replace",
                (column.name,),
                f"{column.name}: {quoted_list(strange)} becomes blank",
                tuple((t, "") for t in strange),
            ),
        )
    ]


def _about(file_name: str, sheet: Sheet, named: int, marked: int, strange: list[str]) -> Finding:
    parts = [f"{file_name} names {named} of the {len(sheet.columns)} columns"]
    if marked:
        parts.append(f"{marked} marked as identifier {'is' if marked == 1 else 'are'} left out")
    if strange:
        parts.append(f"not in it: {quoted_list(strange)}")
    return Finding("dictionary", Severity.NOTE, f"{'; '.join(parts)}.", sheet=sheet.name, count=named)


# REDCap exports: rows of repeating forms get a time point, so that they can be read like any long file.

TIME_POINT = "REDCap time point"
EVENT = ("redcap_event_name", "event name")
FORM = ("redcap_repeat_instrument", "repeat instrument")
INSTANCE = ("redcap_repeat_instance", "repeat instance")
RECORD = "record (baseline)"


def _column(sheet: Sheet, names: tuple[str, ...]) -> TextColumn | None:
    return next((c for c in sheet.columns if c.name.strip().lower() in names), None)


def is_structure(name: str) -> bool:
    """Whether a column is REDCap's own: event, repeated form, number of the repetition."""
    return name.strip().lower() in (*EVENT, *FORM, *INSTANCE)


def prepare(sheet: Sheet) -> Sheet:
    """The sheet with one more column that says which time point a row is about; any other sheet unchanged.

    A row of the record itself is baseline, the third repetition of a form is `visit 3`, a row of an event keeps the
    name of the event; a repeated form within an event carries both. Where several forms repeat, each has time points of
    its own: `visit 3 of labs`.
    """
    instance = _column(sheet, INSTANCE)
    if instance is None or instance.blank().all() or TIME_POINT in sheet.names():
        return sheet
    event = _column(sheet, EVENT)
    events = event.texts() if event is not None else [""] * sheet.n
    form = _column(sheet, FORM)
    forms = form.texts() if form is not None and len(form.filled_levels()) > 1 else [""] * sheet.n
    texts = [
        _time_point(e.strip(), i.strip(), f.strip()) for e, i, f in zip(events, instance.texts(), forms, strict=True)
    ]
    return sheet.with_columns(from_texts(TIME_POINT, texts))


def _time_point(event: str, instance: str, form: str = "") -> str:
    """What tells the row apart; `form` only where several forms repeat: the second laboratory sheet and the second
    questionnaire need not be of one day.
    """
    if not instance:
        return event or RECORD
    if not event:
        return f"visit {instance} of {form}" if form else f"visit {instance}"
    if instance == "1" and time_point_of_text(event):
        return event
    return f"{event} {instance} of {form}" if form else f"{event} {instance}"
