"""An empty cohort file with a data dictionary, so that a center can collect in a form that is read without a click."""

from __future__ import annotations

import io
from dataclasses import dataclass

from lib.settings import VERSION

TIME_POINTS = (("pre", "before surgery"), ("12m", "at 12 months"))
AGREEMENT = "Totally disagree; Disagree; Neutral; Agree; Totally agree"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of the template: heading, what it is, what may stand in it, an example."""

    name: str
    meaning: str
    allowed: str
    example: str


def _at_each(name: str, meaning: str, allowed: str, examples: tuple[str, str]) -> tuple[TemplateColumn, ...]:
    return tuple(
        TemplateColumn(f"{name}_{key}", f"{meaning} {words}", allowed, example)
        for (key, words), example in zip(TIME_POINTS, examples, strict=True)
    )


COLUMNS: tuple[TemplateColumn, ...] = (
    TemplateColumn(
        "patient_id", "A number of the study, not of the hospital", "text, different for every patient", "S001"
    ),
    TemplateColumn("center", "Where the patient was operated", "name of the center", "North"),
    TemplateColumn("surgery_date", "Day of the operation", "year-month-day", "2024-03-14"),
    TemplateColumn("age", "Age at surgery", "whole years", "45"),
    TemplateColumn("sex", "Sex", "Female; Male", "Female"),
    TemplateColumn("bmi", "Body mass index, kg/m²", "number", "27.1"),
    TemplateColumn("asa", "ASA class", "I; II; III; IV", "II"),
    TemplateColumn(
        "etiology", "Cause of the complaints", "text, always spelled the same way; Unknown is an answer", "Postpartum"
    ),
    TemplateColumn("side", "Operated side", "Left; Right", "Right"),
    *_at_each("vas_pain", "Pain", "0 (none) to 10 (worst)", ("8", "3")),
    *_at_each(
        "eq5d_state",
        "EQ-5D-3L: mobility, self-care, usual activities, pain, anxiety",
        "five digits 1 to 3",
        ("21232", "11121"),
    ),
    *_at_each("eqvas", "EQ VAS: health", "0 (worst) to 100 (best)", ("50", "75")),
    *_at_each("opioids", "Opioid use", "Yes; No", ("Yes", "No")),
    TemplateColumn("satisfied_12m", "Satisfied with the result", AGREEMENT, "Agree"),
    TemplateColumn("recommend_surgery_12m", "Would recommend the surgery", AGREEMENT, "Agree"),
    TemplateColumn("same_surgery_again_12m", "Would have the same surgery for the same result", AGREEMENT, "Agree"),
    TemplateColumn("adverse_event", "What went wrong; blank: nothing", "text", ""),
    TemplateColumn("ae_timing", "When", "Intraoperative; Postoperative", ""),
    TemplateColumn("ae_severity", "How severe", "Mild; Moderate; Severe", ""),
    TemplateColumn("ae_serious", "Serious adverse event", "Yes; No", ""),
    TemplateColumn("ae_procedure", "What was done about it", "text", ""),
)
RULES = (
    "One row per patient. Leave a cell blank when something is not known; do not write 0, 99 or 999.",
    "No names, dates of birth, hospital numbers or addresses: they are left out when the file is read.",
    "Other time points: the same columns with another ending, for example vas_pain_3m, vas_pain_24m.",
    "Columns that you do not need may be deleted; columns of your own may be added.",
)


def template_xlsx() -> bytes:
    """A workbook: the sheet "patients" with the headings, and the data dictionary beside it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    patients = book.active
    assert patients is not None
    patients.title = "patients"
    patients.append([c.name for c in COLUMNS])
    patients.freeze_panes = "B2"
    meaning = book.create_sheet("data dictionary")
    meaning.append(["column", "meaning", "allowed", "example"])
    for column in COLUMNS:
        # a leading apostrophe is not needed: the cells are text already
        meaning.append([column.name, column.meaning, column.allowed, column.example])
    for rule in RULES:
        meaning.append([rule])
    for sheet in (patients, meaning):
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = 24
    book.properties.creator = f"CohortLens {VERSION}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
