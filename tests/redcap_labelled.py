"""A raw REDCap export and its data dictionary → the labelled export REDCap would give: `… RAW.csv DICTIONARY.csv`.

REDCap's labelled CSV has the field labels as headings, the labels of choices as values, "Checked" and "Unchecked" for
checkboxes (heading "Label (choice=Monday)"), "Event Name", "Repeat Instrument", "Repeat Instance" and "Complete?".
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

STRUCTURE = {
    "redcap_event_name": "Event Name",
    "redcap_repeat_instrument": "Repeat Instrument",
    "redcap_repeat_instance": "Repeat Instance",
    "redcap_data_access_group": "Data Access Group",
}
FIXED = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
STATUS = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}


def _choices(row: dict[str, str]) -> dict[str, str]:
    if row["Field Type"] in FIXED:
        return FIXED[row["Field Type"]]
    if row["Field Type"] not in ("radio", "dropdown", "checkbox"):
        return {}
    parts = [p.split(",", 1) for p in row["Choices, Calculations, OR Slider Labels"].split("|")]
    return {code.strip(): label.strip() for code, label in parts}


def labelled(raw: str, dictionary: str) -> str:
    """The labelled export as CSV text."""
    fields = {row["Variable / Field Name"]: row for row in csv.DictReader(io.StringIO(dictionary))}
    rows = list(csv.reader(io.StringIO(raw)))
    heading, tables = [], []
    for name in rows[0]:
        base, mark, code = name.partition("___")
        field = fields.get(base)
        if name in STRUCTURE or field is None:
            heading.append(STRUCTURE.get(name, "Complete?" if name.endswith("_complete") else name))
            tables.append(STATUS if name.endswith("_complete") else {})
        elif mark:
            heading.append(f"{field['Field Label'].strip()} (choice={_choices(field).get(code, code)})")
            tables.append({"1": "Checked", "0": "Unchecked"})
        else:
            heading.append(field["Field Label"].strip())
            tables.append(_choices(field))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    for row in rows[1:]:
        cells = []
        for name, text, table in zip(rows[0], row, tables, strict=True):
            event = text.removesuffix("_arm_1").replace("_", " ").capitalize()
            cells.append(event if name == "redcap_event_name" else table.get(text, text))
        writer.writerow(cells)
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.write(labelled(*(Path(p).read_text("utf-8-sig") for p in sys.argv[1:3])))
