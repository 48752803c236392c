"""Malformed files from a seed: 5 families, each a good file damaged in one of many ways.

Damage with a place (a row, a column, a sheet) carries the codes of the findings that must name it.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HEADINGS = ("patient_id", "center", "surgery_date", "age", "sex", "etiology", "vas_pain_pre", "vas_pain_12m",
            "eq5d_state_pre", "eq5d_state_12m", "satisfied_12m", "adverse_event")  # fmt: skip
ANSWERS = ("Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree")
Mutation = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """One malformed file. `codes`: findings of which one must name the place; empty when the damage has no place."""

    name: str
    data: bytes
    codes: frozenset[str] = frozenset()


FOUND_AS = {
    "text among numbers": "not_a_number",
    "code for missing": "missing_code out_of_range",
    "outside the scale": "out_of_range missing_code",
    "illegal state": "out_of_range",
    "repeated row": "repeated_row duplicate_patient",
    "same patient twice": "duplicate_patient repeated_row",
    "a row too long": "too_many_values unnamed_column",
    "a row too short": "too_few_values",
    "a heading twice": "repeated_heading",
    "a heading empty": "unnamed_column",
    "no heading": "no_heading",
    "heading only": "no_rows",
    "a mean below": "summary_row",
    "no ids": "blank_id empty_column",
    "a quote never closed": "stray_quote unreadable_row too_many_values too_few_values",
}


def rows(rng: random.Random, n: int = 40) -> list[list[str]]:
    """A plausible cohort as text."""
    out = [list(HEADINGS)]
    for i in range(n):
        state = ["".join(rng.choice("123") for _ in range(5)) for _ in range(2)]
        out.append(
            [f"P{i:03}", rng.choice(["Noord", "Zuid"]), f"2020-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
             str(rng.randint(20, 80)), rng.choice(["F", "M"]), rng.choice(["Postpartum", "Unknown", "Trauma"]),
             str(rng.randint(4, 10)), str(rng.randint(0, 8)), *state, rng.choice(ANSWERS),
             rng.choice(["", "", "", "Infection"])]
        )  # fmt: skip
    return out


def csv_bytes(table: list[list[str]], delimiter: str = ",") -> bytes:
    """The table as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return out.getvalue().encode()


def xlsx_bytes(table: list[list[str]]) -> bytes:
    """The table as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "patients"
    for row in table:
        sheet.append([float(c) if c.replace(".", "", 1).isdigit() else c for c in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def sav_bytes(seed: int) -> bytes:
    """The table as an SPSS file."""
    import pandas as pd
    import pyreadstat

    table = rows(random.Random(seed))
    frame = pd.DataFrame(table[1:], columns=table[0])
    for name in ("age", "vas_pain_pre", "vas_pain_12m"):
        frame[name] = frame[name].astype(float)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sav"
        pyreadstat.write_sav(frame, str(path))
        return path.read_bytes()


def redcap_rows(rng: random.Random) -> list[list[str]]:
    """A longitudinal REDCap export."""
    out = [["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "age", "vas_pain",
            "eq5d_state", "demographics_complete"]]  # fmt: skip
    for i in range(15):
        for event in ("baseline_arm_1", "month_3_arm_1", "month_12_arm_1"):
            state = "".join(rng.choice("123") for _ in range(5))
            age = str(rng.randint(20, 80)) if event.startswith("base") else ""
            out.append([str(i + 1), event, "", "", age, str(rng.randint(0, 10)), state, "2"])
    return out


# --- damage to tables: (what, the table) -----------------------------------------------------------------------------
def _cell(rng: random.Random, table: list[list[str]], column: str, text: str) -> list[list[str]]:
    index = table[0].index(column)
    for _ in range(rng.randint(1, 3)):
        table[rng.randint(1, len(table) - 1)][index] = text
    return table


def _table_damage(rng: random.Random, table: list[list[str]]) -> tuple[str, list[list[str]]]:
    scores = [c for c in table[0] if c.startswith("vas")]
    column = rng.choice(scores)
    state = next(c for c in table[0] if c.startswith("eq5d"))
    row = rng.randint(1, len(table) - 1)
    kind = rng.randrange(14)
    if kind == 0:
        return "text among numbers", _cell(rng, table, column, rng.choice(["pain", "7-8", "zeven", "??7"]))
    if kind == 1:
        return "code for missing", _cell(rng, table, column, rng.choice(["99", "999", "-1", "-9"]))
    if kind == 2:
        return "outside the scale", _cell(rng, table, column, rng.choice(["11", "55", "-3"]))
    if kind == 3:
        return "illegal state", _cell(rng, table, state, rng.choice(["62331", "1123", "99x11"]))
    if kind == 4:
        table.insert(row, list(table[row]))
        return "repeated row", table
    if kind == 5:
        again = list(table[row])
        again[table[0].index(column)] = "3" if again[table[0].index(column)] != "3" else "4"
        table.append(again)
        return "same patient twice", table
    if kind == 6:
        table[row] = [*table[row], "extra", "more"]
        return "a row too long", table
    if kind == 7:
        table[row] = table[row][: rng.randint(1, len(table[row]) - 2)]
        return "a row too short", table
    if kind == 8:
        table[0][table[0].index(column)] = rng.choice([c for c in table[0] if c != column])
        return "a heading twice", table
    if kind == 9:
        table[0][rng.randint(1, len(table[0]) - 1)] = ""
        return "a heading empty", table
    if kind == 10:
        return "no heading", table[1:]
    if kind == 11:
        return "heading only", table[:1]
    if kind == 12:
        mean = ["Mean"] + [""] * (len(table[0]) - 1)
        return "a mean below", [*table, mean]
    for line in table[1:]:
        line[0] = ""
    return "no ids", table


# --- damage to bytes -------------------------------------------------------------------------------------------------
def _truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randint(1, max(2, len(data) - 1))]


def _flip(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def _insert(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes(rng.randrange(256) for _ in range(rng.randint(1, 60))) + data[at:]


def _zeros(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes(rng.randint(4, 200)) + data[at + 20 :]


def _swap(rng: random.Random, data: bytes) -> bytes:
    a, b = sorted(rng.sample(range(len(data)), 2))
    return data[b:] + data[a:b] + data[:a]


def _quote(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\r\n")
    at = rng.randrange(1, max(2, len(lines) - 1))
    lines[at] = lines[at].replace(b",", b',"', 1)
    return b"\r\n".join(lines)


def _wide(rng: random.Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(["utf-16", "utf-16-le", "utf-32"]))


BYTES: tuple[tuple[str, Mutation], ...] = (
    ("cut off", _truncate),
    ("bytes changed", _flip),
    ("bytes inserted", _insert),
    ("zeros inside", _zeros),
    ("halves swapped", _swap),
)


def _inside_archive(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    """Damage to one part of a workbook, the archive itself intact."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        victim = rng.choice([n for n in names if n.endswith(".xml")])
        kind = rng.choice(["left out", "cut", "changed", "emptied"])
        for name in names:
            content = source.read(name)
            if name == victim:
                if kind == "left out":
                    continue
                content = {"cut": _truncate, "changed": _flip, "emptied": lambda r, d: b""}[kind](rng, content)
            target.writestr(name, content)
    return f"{victim} {kind}", out.getvalue()


def _codes(what: str) -> frozenset[str]:
    return frozenset(FOUND_AS.get(what, "").split())


def csv_case(rng: random.Random) -> Case:
    """A damaged CSV file."""
    table = rows(rng)
    if rng.random() < 0.6:
        what, table = _table_damage(rng, table)
        return Case(f"csv: {what}", csv_bytes(table, rng.choice(",;\t|")), _codes(what))
    what, mutate = rng.choice([*BYTES, ("a quote never closed", _quote), ("wide characters", _wide)])
    return Case(f"csv: {what}", mutate(rng, csv_bytes(table)), _codes(what))


def xlsx_case(rng: random.Random) -> Case:
    """A damaged workbook."""
    table = rows(rng)
    dice = rng.random()
    if dice < 0.4:
        what, table = _table_damage(rng, table)
        return Case(f"xlsx: {what}", xlsx_bytes(table), frozenset() if what == "a row too short" else _codes(what))
    if dice < 0.7:
        what, data = _inside_archive(rng, xlsx_bytes(table))
        return Case(f"xlsx: {what}", data)
    what, mutate = rng.choice(BYTES)
    return Case(f"xlsx: {what}", mutate(rng, xlsx_bytes(table)))


def sav_case(rng: random.Random) -> Case:
    """A damaged SPSS file."""
    what, mutate = rng.choice(BYTES)
    return Case(f"sav: {what}", mutate(rng, sav_bytes(rng.randrange(3))))


def redcap_case(rng: random.Random) -> Case:
    """A damaged REDCap export."""
    table = redcap_rows(rng)
    if rng.random() < 0.7:
        what, table = _table_damage(rng, table)
        return Case(f"redcap: {what}", csv_bytes(table), _codes(what))
    what, mutate = rng.choice([*BYTES, ("a quote never closed", _quote)])
    return Case(f"redcap: {what}", mutate(rng, csv_bytes(table)), _codes(what))


def renamed_case(rng: random.Random) -> Case:
    """A file that is not what its name says."""
    noise = bytes(rng.randrange(256) for _ in range(rng.randint(20, 3000)))
    starts = {
        "pdf": b"%PDF-1.7\n", "png": b"\x89PNG\r\n\x1a\n", "zip": b"PK\x03\x04", "gz": b"\x1f\x8b\x08\x00",
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sav": b"$FL2@(#) SPSS", "dta": b"r\x02\x01\x00",
        "newdta": b"<stata_dta><header>",
        "html": b"<html><table><tr><td>1</td>",
        "xml": b"<?xml version='1.0'?><a>",
        "json": b'{"patients": [',
        "rtf": b"{\\rtf1",
        "noise": b"",
        "sqlite": b"SQLite format 3\x00",
        "jpg": b"\xff\xd8\xff",
        "empty": b"", "spaces": b"   \n\n  \n",
    }  # fmt: skip
    kind = rng.choice(list(starts))
    if kind in ("empty", "spaces"):
        return Case(f"renamed: {kind}", starts[kind])
    if kind in ("html", "json", "xml", "rtf"):
        noise = b"x" * rng.randint(1, 200)
    return Case(f"renamed: {kind}", starts[kind] + noise)


FAMILIES: dict[str, Callable[[random.Random], Case]] = {
    "csv": csv_case, "xlsx": xlsx_case, "sav": sav_case, "redcap": redcap_case, "renamed": renamed_case,
}  # fmt: skip


def corpus(seed: int, each: int) -> Iterator[tuple[str, Case]]:
    """`each` cases of every family: (file name, case)."""
    for family, make in FAMILIES.items():
        for number in range(each):
            rng = random.Random(f"{seed}/{family}/{number}")
            ending = {"redcap": "csv", "renamed": rng.choice(["csv", "xlsx", "sav"])}.get(family, family)
            yield f"{family}_{number}.{ending}", make(rng)
