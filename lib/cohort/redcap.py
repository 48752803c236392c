"""REDCap exports: rows of repeating forms get a time point, so that they can be read like any long file."""

from __future__ import annotations

from dataclasses import replace

from lib.cohort.occasions import occasion_of_text
from lib.cohort.sheets import Sheet, TextColumn, from_texts

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
    return replace(sheet, columns=(*sheet.columns, from_texts(TIME_POINT, texts)))


def _time_point(event: str, instance: str, form: str = "") -> str:
    """What tells the row apart; `form` only where several forms repeat: the second laboratory sheet and the second
    questionnaire need not be of one day.
    """
    if not instance:
        return event or RECORD
    if not event:
        return f"visit {instance} of {form}" if form else f"visit {instance}"
    if instance == "1" and occasion_of_text(event):
        return event
    return f"{event} {instance} of {form}" if form else f"{event} {instance}"
