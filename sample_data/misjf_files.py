"""One list of patients, four files: CSV, Excel, SPSS and the Dutch CSV. Same input, same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Patient = dict[str, Any]
AGREEMENT = {
    "Totally disagree": "Helemaal mee oneens",
    "Disagree": "Mee oneens",
    "Neutral": "Neutraal",
    "Agree": "Mee eens",
    "Totally agree": "Helemaal mee eens",
}
YES_NO = {"No": "Nee", "Yes": "Ja"}


@dataclass(frozen=True)
class Column:
    """A column: its heading in both languages, its SPSS label, its answers (English → Dutch) in SPSS order."""

    name: str
    dutch: str
    label: str
    answers: dict[str, str] | None = None
    measure: str = "scale"
    first_code: int = 1


def _yes_no(name: str, dutch: str, label: str) -> Column:
    return Column(name, dutch, label, YES_NO, "nominal", 0)


def _statement(name: str, dutch: str, label: str) -> Column:
    return Column(name, dutch, f"{label} (12 months)", AGREEMENT, "ordinal")


COLUMNS = (
    Column("patient_id", "patiëntnummer", "Patient number (synthetic)", measure="nominal"),
    Column("center", "centrum", "Center", {"Heerlen": "Heerlen", "Enschede": "Enschede"}, "nominal"),
    Column("surgery_date", "operatiedatum", "Date of surgery"),
    Column("age", "leeftijd", "Age at surgery, years"),
    Column("sex", "geslacht", "Sex", {"Female": "Vrouw", "Male": "Man"}, "nominal"),
    Column("bmi", "bmi", "Body mass index, kg/m2"),
    Column("asa", "asa", "ASA classification", {"I": "I", "II": "II", "III": "III"}, "ordinal"),
    Column(
        "etiology",
        "etiologie",
        "Cause of SIJ dysfunction",
        {
            "Postpartum": "Postpartum",
            "Prior spinal fusion": "Eerdere spondylodese",
            "Ehlers-Danlos syndrome": "Ehlers-Danlos-syndroom",
            "Posttraumatic": "Posttraumatisch",
            "Degenerative": "Degeneratief",
            "Unknown": "Onbekend",
        },
        "nominal",
    ),
    _yes_no("prior_spinal_fusion", "eerdere_spondylodese", "Prior spinal fusion"),
    _yes_no("prior_misjf_other_side", "eerdere_misjf_andere_zijde", "Prior MISJF on the other side"),
    _yes_no("other_spine_surgery", "andere_rugoperatie", "Other spine surgery"),
    Column(
        "imaging",
        "beeldvorming",
        "Abnormality on preoperative imaging",
        {"No abnormality": "Geen afwijking", "Degenerative SIJ": "Degeneratief SIG", "Other": "Anders"},
        "nominal",
    ),
    Column("side", "zijde", "Operated side", {"Left": "Links", "Right": "Rechts"}, "nominal"),
    Column("implants", "aantal_implantaten", "Number of implants placed"),
    Column("procedure_minutes", "operatieduur_minuten", "Duration of the procedure, minutes"),
    _yes_no("staged_bilateral", "bilateraal_in_twee_keer", "Staged bilateral procedure within one year"),
    _yes_no("opioids_pre", "opioïden_voor", "Opioid use before surgery"),
    _yes_no("opioids_12m", "opioïden_12m", "Opioid use at 12 months"),
    Column("vas_pain_pre", "vas_pijn_voor", "VAS pain before surgery (0 no pain, 10 worst pain imaginable)"),
    Column("vas_pain_12m", "vas_pijn_12m", "VAS pain at 12 months (0 no pain, 10 worst pain imaginable)"),
    Column("eq5d_state_pre", "eq5d_profiel_voor", "EQ-5D-3L health state before surgery", measure="nominal"),
    Column("eq5d_state_12m", "eq5d_profiel_12m", "EQ-5D-3L health state at 12 months", measure="nominal"),
    Column("eqvas_pre", "eqvas_voor", "EQ VAS before surgery (0 worst, 100 best imaginable health)"),
    Column("eqvas_12m", "eqvas_12m", "EQ VAS at 12 months (0 worst, 100 best imaginable health)"),
    _statement("complaints_reduced_12m", "klachten_verminderd_12m", "My complaints were reduced by the surgery"),
    _statement("free_of_complaints_12m", "klachtenvrij_12m", "I am completely free of complaints"),
    _statement("health_improved_12m", "gezondheid_verbeterd_12m", "My health improved"),
    _statement("qol_improved_12m", "kwaliteit_van_leven_verbeterd_12m", "My quality of life improved"),
    _statement(
        "same_surgery_again_12m", "zelfde_operatie_opnieuw_12m", "I would have the same surgery for the same result"
    ),
    _statement("recommend_surgery_12m", "operatie_aanbevelen_12m", "I would recommend the surgery to others"),
    _statement("satisfied_12m", "tevreden_12m", "I am satisfied with the result"),
    Column(
        "adverse_event",
        "complicatie",
        "Adverse event (blank: none)",
        {
            "Nerve root injury": "Zenuwwortelletsel",
            "Surgical wound infection": "Wondinfectie",
            "Implant loosening": "Loslating implantaat",
            "Hematoma": "Hematoom",
        },
        "nominal",
    ),
    Column(
        "ae_timing",
        "complicatie_moment",
        "Adverse event: timing",
        {"Intraoperative": "Peroperatief", "Postoperative": "Postoperatief"},
        "nominal",
    ),
    Column(
        "ae_severity",
        "complicatie_ernst",
        "Adverse event: severity",
        {"Mild": "Licht", "Moderate": "Matig", "Severe": "Ernstig"},
        "ordinal",
    ),
    _yes_no("ae_serious", "complicatie_sae", "Adverse event: serious (SAE)"),
    Column(
        "ae_procedure",
        "complicatie_ingreep",
        "Adverse event: procedure",
        {
            "No procedure": "Geen ingreep",
            "Debridement": "Debridement",
            "Revision planned": "Revisie gepland",
        },
        "nominal",
    ),
    _yes_no("ct_made", "ct_gemaakt", "Postoperative CT made"),
    Column(
        "implant_position",
        "positie_implantaten",
        "Implant position on the postoperative CT",
        {"Adequate": "Adequaat", "Inadequate": "Inadequaat"},
        "nominal",
    ),
    _yes_no("reoperation", "heroperatie", "Reoperation within 12 months (planned ones not counted)"),
)


def write_all(patients: list[Patient], folder: Path) -> None:
    """Write misjf.csv, misjf_nl.csv, misjf.xlsx and misjf.sav into `folder`."""
    (folder / "misjf.csv").write_bytes(_csv(patients).encode("utf-8"))
    (folder / "misjf_nl.csv").write_bytes(_dutch_csv(patients).encode("cp1252"))
    (folder / "misjf.xlsx").write_bytes(_xlsx(patients))
    _write_sav(patients, folder / "misjf.sav")


def _lines(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _csv(patients: list[Patient]) -> str:
    rows = [["" if p[c.name] is None else str(p[c.name]) for c in COLUMNS] for p in patients]
    return _lines([[c.name for c in COLUMNS], *rows], ",")


def _dutch(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.answers:
        return column.answers[value]
    if isinstance(value, dt.date):
        return value.strftime("%d-%m-%Y")
    return str(value).replace(".", ",")


def _dutch_csv(patients: list[Patient]) -> str:
    rows = [[_dutch(c, p[c.name]) for c in COLUMNS] for p in patients]
    return _lines([[c.dutch for c in COLUMNS], *rows], ";")


def _xlsx(patients: list[Patient]) -> bytes:
    """One sheet; numbers and dates as such, states as text. The clock is taken out of the file afterwards."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "misjf"
    sheet.append([c.name for c in COLUMNS])
    for p in patients:
        sheet.append([p[c.name] for c in COLUMNS])
    bmi = [c.name for c in COLUMNS].index("bmi") + 1
    for row in range(2, len(patients) + 2):
        sheet.cell(row, bmi).number_format = "0.0"
    sheet.freeze_panes = "B2"
    book.properties.title = "Synthetic MISJF cohort"
    book.properties.creator = "sample_data/make_misjf.py"
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2021-06-19T00:00:00Z", content)
            entry = zipfile.ZipInfo(item.filename, (2021, 6, 19, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()


def _write_sav(patients: list[Patient], path: Path) -> None:
    import pandas as pd
    import pyreadstat

    values: dict[str, list[Any]] = {}
    labels: dict[str, dict[Any, str]] = {}
    formats: dict[str, str] = {}
    for c in COLUMNS:
        column = [p[c.name] for p in patients]
        if c.answers:
            codes = {answer: code for code, answer in enumerate(c.answers, c.first_code)}
            labels[c.name] = {float(code): answer for answer, code in codes.items()}
            column = [None if v is None else float(codes[v]) for v in column]
            formats[c.name] = "F1.0"
        elif isinstance(next(v for v in column if v is not None), str):
            column = ["" if v is None else v for v in column]
        elif c.name != "surgery_date":
            column = [None if v is None else float(v) for v in column]
            formats[c.name] = "F4.1" if c.name == "bmi" else "F3.0"
        values[c.name] = column
    pyreadstat.write_sav(
        pd.DataFrame(values),
        str(path),
        file_label="Synthetic MISJF cohort (CohortLens sample)",
        column_labels=[c.label for c in COLUMNS],
        variable_value_labels=labels,
        variable_measure={c.name: c.measure for c in COLUMNS},
        variable_format=formats,
    )
    content = bytearray(path.read_bytes())
    content[92:109] = b"19 Jun 2100:00:00"  # creation date and time in the header (9 + 8 bytes)
    path.write_bytes(bytes(content))
