"""SPSS (.sav, .zsav), Stata (.dta), SAS (.sas7bdat, .xpt): text, value labels, missing values the file declares."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from lib.importing.files.arrow import ReadFile, ReadSheet, coded, column_field
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.workbook import number_text
from lib.importing.findings import Finding, Severity, quoted_list, refuse

SPSS_EPOCH = dt.datetime(1582, 10, 14)
STATA_EPOCH = dt.datetime(1960, 1, 1)
SPSS_DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS", "MOYR", "QYR", "WKYR")
NAMES = {"sav": "SPSS", "dta": "Stata", "sas7bdat": "SAS", "xpt": "SAS"}
SAS_DATES = re.compile(r"(?:DATE|DDMMYY|MMDDYY|YYMMDD|E8601DA|B8601DA|IS8601DA|JULIAN|MONYY|WEEKDAT|WORDDAT|EURDFD)")
SAS_MOMENTS = re.compile(r"(?:DATETIME|DATEAMPM|E8601DT|B8601DT|IS8601DT|MDYAMPM)")
SAS_TIMES = re.compile(r"(?:TIME|HHMM|E8601TM|TOD)")
FALLBACK_ENCODING = "WINDOWS-1252"


def read_spss(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The variables of an SPSS file."""
    import pyreadstat

    return _read(pyreadstat.read_sav, data, "sav", limits, options)


def read_stata(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The variables of a Stata file."""
    import pyreadstat

    return _read(pyreadstat.read_dta, data, "dta", limits, options)


def read_sas(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The variables of a SAS data set; its labels of codes stand in another file (a catalog) and are not known."""
    import pyreadstat

    return _read(pyreadstat.read_sas7bdat, data, "sas7bdat", limits, options)


def read_xpt(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The variables of the one data set in a SAS transport file."""
    import pyreadstat

    members = sum(data.count(b"HEADER RECORD*******" + kind) for kind in (b"MEMBER  HEADER", b"MEMBV8  HEADER"))
    if members > 1:
        raise refuse(
            "not_a_table",
            f"The SAS transport file holds {members} data sets; one is needed. Write one file for each of them.",
            count=members,
        )
    return _read(pyreadstat.read_xport, data, "xpt", limits, options)


def _read(reader: Any, data: bytes, kind: str, limits: Limits, options: ReadOptions) -> ReadFile:
    name = NAMES[kind]
    findings: list[Finding] = []
    try:
        values, meta, encoding = _with_encoding(reader, data, options.encoding, limits)
    except Exception as error:
        # the C library reports every kind of damage through its own exceptions, ValueError or RuntimeError
        raise refuse(
            "damaged_statistics_file",
            f"The {name} file is damaged or incomplete and cannot be read. Save it again from {name} and upload that.",
        ) from error
    if encoding:
        findings.append(
            Finding(
                "encoding", Severity.NOTE, f"The {name} file does not name its encoding; it was read as {encoding}."
            )
        )
    n = meta.number_rows or max((len(v) for v in values.values()), default=0)
    if not meta.column_names or not n:
        raise refuse("empty", f"The {name} file has no {'patients' if meta.column_names else 'variables'} in it.")
    if n > limits.rows:
        raise refuse("too_many_rows", f"{n:,} rows; at most {limits.rows:,} are read.", count=n)
    if len(meta.column_names) > limits.columns:
        raise refuse("too_many_columns", f"{len(meta.column_names):,} columns; at most {limits.columns:,} are read.")
    sheet = ReadSheet("", [], [], range(2, n + 2))
    for variable in meta.column_names:
        described, texts, note = _column(variable, values[variable], meta, kind)
        sheet.fields.append(described)
        sheet.texts.append(texts)
        sheet.findings += note
    return ReadFile(kind, [sheet], findings=findings)


def _with_encoding(reader: Any, data: bytes, encoding: str, limits: Limits) -> tuple[dict[str, Any], Any, str]:
    """Values, metadata, and the encoding that had to be assumed ('' when the file's own worked)."""
    more: dict[str, Any] = {"output_format": "dict", "disable_datetime_conversion": True}
    if reader.__name__ != "read_xport":  # which has no such option
        more["user_missing"] = True
    more["row_limit"] = limits.rows + 1
    if encoding:
        return (*reader(io.BytesIO(data), encoding=encoding, **more), "")
    try:
        return (*reader(io.BytesIO(data), **more), "")
    except Exception as first:
        if (
            "encod" not in str(first).lower()
            and "convert" not in str(first).lower()
            and "utf" not in str(first).lower()
        ):
            raise
        return (*reader(io.BytesIO(data), encoding=FALLBACK_ENCODING, **more), FALLBACK_ENCODING)


def _column(name: str, values: Any, meta: Any, kind: str) -> tuple[Any, Any, list[Finding]]:
    """The field of a variable, its texts, and what to say of it."""
    stated = str(meta.original_variable_types.get(name, "")).upper()
    as_date = _date_reader(stated, kind)
    labels = {_text(k, None): str(v) for k, v in meta.variable_value_labels.get(name, {}).items()}
    ranges = [(r["lo"], r["hi"]) for r in meta.missing_ranges.get(name, [])]
    letters = {str(v) for v in meta.missing_user_values.get(name, [])} if kind in ("dta", "sas7bdat") else set()
    texts: list[str] = []
    declared: dict[str, int] = {}
    made: dict[Any, str] = {}
    for value in values.tolist() if hasattr(values, "tolist") else values:
        if value is None or value != value:
            texts.append("")
            continue
        if value not in made:
            made[value] = _text(value, as_date)
        text = made[value]
        if (ranges and _in_ranges(value, ranges)) or (letters and value in letters):
            declared[text] = declared.get(text, 0) + 1
            text = ""
        texts.append(text)
    heading = meta.column_names_to_labels.get(name) or ""
    described = column_field(
        name,
        heading=" ".join(heading.split()),
        labels=labels,
        declared_missing=list(declared),
        kind="date" if as_date else "text" if meta.readstat_variable_types.get(name) == "string" else "number",
    )
    return described, coded(texts), _declared_finding(name, declared, labels, kind)


def _declared_finding(name: str, declared: dict[str, int], labels: dict[str, str], kind: str) -> list[Finding]:
    if not declared:
        return []
    declared_words = [f"{text} = {labels[text]}" if text in labels else text for text in declared]
    count = sum(declared.values())
    return [
        Finding(
            "declared_missing",
            Severity.NOTE,
            f"{name}: the file itself declares {quoted_list(declared_words)} missing; "
            f"{count} cell{' counts' if count == 1 else 's count'} as blank.",
            column=name,
            count=count,
        )
    ]


def _in_ranges(value: Any, ranges: list[tuple[Any, Any]]) -> bool:
    for low, high in ranges:
        try:
            if low <= value <= high:
                return True
        except TypeError:
            # a text range compares with text only; SPSS pads its texts with spaces
            if str(value).rstrip() == str(low).rstrip():
                return True
    return False


def _date_reader(stated: str, kind: str) -> Any:
    if kind == "sav":
        letters = stated.rstrip("0123456789.")
        return _spss_date if letters in SPSS_DATES else _spss_time if letters in ("TIME", "DTIME") else None
    if kind in ("sas7bdat", "xpt"):
        if SAS_MOMENTS.match(stated):
            return lambda value: _moment(STATA_EPOCH, value)
        if SAS_TIMES.match(stated):
            return _spss_time
        return (lambda value: _moment(STATA_EPOCH, value * 86400)) if SAS_DATES.match(stated) else None
    if stated.startswith(("%TD", "%D")):
        return lambda value: _moment(STATA_EPOCH, value * 86400)
    if stated.startswith("%TC"):
        return lambda value: _moment(STATA_EPOCH, value / 1000)
    return None


def _spss_date(value: float) -> str:
    return _moment(SPSS_EPOCH, value)


def _spss_time(value: float) -> str:
    return number_text(value / 3600)


def _moment(epoch: dt.datetime, seconds: float) -> str:
    try:
        moment = epoch + dt.timedelta(seconds=round(seconds))
    except OverflowError:
        return number_text(seconds)
    return moment.date().isoformat() if moment.time() == dt.time(0) else moment.isoformat(sep=" ")


def _text(value: Any, as_date: Any) -> str:
    if isinstance(value, str):
        return value.rstrip()
    if isinstance(value, bytes):
        return value.decode("cp1252", "replace").rstrip()
    if as_date is not None:
        return str(as_date(float(value)))
    return number_text(float(value))
