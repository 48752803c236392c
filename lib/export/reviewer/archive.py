"""For the reviewer: one zip with the patients of the selection, and an R script that computes the numbers again.

It holds a row per patient, without identifiers, dates and free text. The script needs R alone, no package; it prints
our number beside R's and ends with an error where one differs. numbers.csv lists every number of the report; one that
base R cannot compute from the zip (random draws of NumPy, what needs dates, Cox regression) stands there with the
reason, and the script counts it apart.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lib.catalog.spreadsheet import no_formula
from lib.export import record
from lib.export.options import Options
from lib.export.reviewer.data import Variable, columns
from lib.export.reviewer.numbers import numbers
from lib.report.report import Report

WARNING = "It holds a row per patient of the selection, without identifiers, dates and free text."
_SCRIPT = Path(__file__).with_name("recompute.R")
_HEAD = ["kind", "columns", "where", "number", "ours"]


def write(report: Report, options: Options) -> bytes:
    """The zip: data.csv, data.sav, dictionary.csv, numbers.csv, recompute.R, analysis.json, readme.txt."""
    plan = report.plan.opened()
    variables = list(columns(plan))
    rows = zip(*(v.values for v in variables), strict=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", _csv([v.name for v in variables], rows))
        archive.writestr("data.sav", _sav(variables))
        archive.writestr("dictionary.csv", _csv(["column", "meaning", "codes", "recorded"], map(_described, variables)))
        archive.writestr("numbers.csv", _csv(_HEAD, numbers(plan, {v.name: v for v in variables})))
        archive.writestr("recompute.R", _SCRIPT.read_text("utf-8"))
        archive.writestr("analysis.json", record.write(replace(report, plan=plan), options))
        archive.writestr("readme.txt", _readme(report))
    return out.getvalue()


def _readme(report: Report) -> str:
    return (
        f"{report.who}\n{report.origin.words}\n\n{WARNING} Treat it as patient data. The order is that of the file.\n\n"
        "Rscript recompute.R prints every number of the report beside the one that R computes from data.csv, and at "
        "the end how many it leaves out and why. analysis.json, loaded beside the file, reproduces the whole analysis "
        "in CohortLens.\n"
    )


def _described(variable: Variable) -> list[Any]:
    codes = "; ".join(f"{code} {words}" for code, words in variable.words.items())
    return [variable.name, variable.label, codes, sum(v is not None for v in variable.values)]


def _csv(head: list[str], rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([no_formula(name) for name in head])
    for row in rows:
        writer.writerow(["" if v is None else no_formula(v) if isinstance(v, str) else repr(v) for v in row])
    return out.getvalue()


def _sav(variables: list[Variable]) -> bytes:
    """The same for SPSS: names that it accepts, the meaning as label, the words of codes as value labels."""
    import pandas as pd
    import pyreadstat

    names = [f"v{i}_{v.name}".replace(":", "_").replace(" ", "_")[:60] for i, v in enumerate(variables)]
    frame = pd.DataFrame({name: pd.array(v.values, dtype="Float64") for name, v in zip(names, variables, strict=True)})
    labels: dict[str, str | None] = {
        name: f"{v.name}: {v.label}"[:250] for name, v in zip(names, variables, strict=True)
    }
    words = {
        name: {float(code): text[:120] for code, text in v.words.items()}
        for name, v in zip(names, variables, strict=True)
        if v.words
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(frame.astype("float64"), path, column_labels=labels, variable_value_labels=words)
        return path.read_bytes()
