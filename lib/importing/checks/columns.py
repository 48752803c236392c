"""Checks of what the columns were taken for: unsure ones, unknown directions, nothing to compare, identifiers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from lib.catalog import eq5d
from lib.catalog.instruments import INDEX_OF
from lib.catalog.value_sets import value_set
from lib.cohort.cohort import BASELINE
from lib.importing.checks.base import Recognised, decimal_text, finding, used_columns
from lib.importing.columns.eq5d_levels import proposed_set, version_of
from lib.importing.columns.identifiers import Suspect
from lib.importing.columns.lexicon import fit_instrument
from lib.importing.columns.patient_values import only_years
from lib.importing.columns.profile import Profile
from lib.importing.columns.recognise_time import MOST_TIME_POINTS, TOO_MANY
from lib.importing.columns.roles import AT_TIME_POINT, Role
from lib.importing.columns.scores import states_from_columns, states_from_texts
from lib.importing.columns.timepoints import split_names, time_point_of_key, time_point_of_text
from lib.importing.findings import Finding, Severity, quoted_list
from lib.importing.long_format import FROM_ROW, patient_indices, row_time_points

UNSURE = 0.62
MOST_NAMED = 60
ALIKE = 0.8
LEAST_COLUMNS = 3
MOST_LISTED = 500
LEAST_SCATTERED, SCATTERED = 5, 0.4
"""So many dated follow-ups, of which a patient has less than this share."""
SERIES = re.compile(r"^(.*?[A-Za-z])[ _.]?(\d{1,3})$")
INDEX_TOLERANCE = 0.0015


def nothing_to_compare(table: Recognised) -> Iterator[Finding]:
    """No measure before and after."""
    at: dict[str, set[str]] = defaultdict(set)
    for g in table.columns:
        if g.role in AT_TIME_POINT and g.role is not Role.STATEMENT:
            at[g.target if g.role in (Role.SCORE, Role.YESNO) else "eq5d"].add(g.time_point)
    if any({BASELINE, FROM_ROW} & keys and (len(keys) > 1 or FROM_ROW in keys) for keys in at.values()):
        return
    yield finding(
        table,
        "nothing_to_compare",
        Severity.WARNING,
        "No measure was found both before and after surgery, so there is nothing to compare yet. "
        "Say which columns are which measure at which time point.",
    )


def too_many_time_points(table: Recognised) -> Iterator[Finding]:
    """A column that would be the time of the row, had it not more time points than are read."""
    for guess in table.columns:
        if TOO_MANY not in guess.evidence:
            continue
        distinct = table.profiles[guess.name].distinct
        yield finding(
            table,
            "too_many_time_points",
            Severity.ERROR,
            f"{guess.name} tells the rows of a patient apart by {distinct:,} different texts, and at most "
            f"{MOST_TIME_POINTS} time points are read: it is not used, and the rows of a patient count as repeated. "
            "Keep the time points that matter (before, 3, 12 months) in the file, or put every other one into one "
            "of them.",
            guess.name,
            count=distinct,
        )


def sheets_alike(table: Recognised) -> Iterator[Finding]:
    """Other sheets with the same columns (one per center, one per year): only the chosen one is used."""
    if table.parsed.join is not None:
        return
    own = {n.strip().lower() for n in table.sheet.names()}
    alike = [
        s
        for s in table.parsed.sheets
        if s.name != table.sheet.name
        and s.n
        and len(own & (names := {n.strip().lower() for n in s.names()})) >= ALIKE * max(len(own), len(names))
    ]
    if len(own) < LEAST_COLUMNS or not alike or all(time_point_of_text(s.name) for s in (*alike, table.sheet)):
        return  # sheets named after time points are offered to be joined
    rows = sum(s.n for s in alike)
    yield finding(
        table,
        "sheets_alike",
        Severity.ERROR,
        f'Only sheet "{table.sheet.name}" is used. {quoted_list([s.name for s in alike])} '
        f"{'has' if len(alike) == 1 else 'have'} the same columns and {rows:,} more rows. If they are other patients, "
        "put all of them below each other on one sheet, with a column that says where they are from; if it is another "
        "time point, give each sheet the name of its time point.",
        count=rows,
    )


def scattered_time_points(table: Recognised) -> Iterator[Finding]:
    """Months counted to the day: many follow-ups of a few patients each, where one was planned for all."""
    time = next((c for c in table.columns if c.role is Role.TIME_POINT), None)
    if time is None:
        return
    patient, n = patient_indices(table.sheet, table.columns)
    place, keys = row_time_points(table.sheet.column(time.name), time)
    dated = [i for i, key in enumerate(keys) if key != BASELINE and time_point_of_key(key).months]
    own = np.isin(place, dated) & (patient >= 0)
    if len(dated) < LEAST_SCATTERED or n < LEAST_SCATTERED:
        return
    visits = len(np.unique(np.stack([patient[own], place[own]]), axis=1).T)
    per_patient = visits / max(1, len(np.unique(patient[own])))
    if per_patient > SCATTERED * len(dated):
        return
    yield finding(
        table,
        "scattered_time_points",
        Severity.ERROR,
        f"{time.name}: {len(dated)} follow-ups, but a patient has {per_patient:.1f} of them on average: the times "
        "differ from patient to patient. Each is a time point of its own; write the planned one (3, 12 months) in the "
        "file, or give several the same name under Time points.",
        time.name,
        count=len(dated),
    )


def listed_headings(table: Recognised) -> tuple[str, ...]:
    """What the first column lists that other tables have as headings, in a table with a column per patient."""
    if not table.columns or not 2 <= table.sheet.n <= MOST_LISTED:
        return ()
    texts = list(table.sheet.columns[0].filled_levels())
    known = tuple(
        t for t, timed in zip(texts, split_names(texts), strict=True) if timed.time_point and fit_instrument(timed.stem)
    )
    scores = any(c.role in AT_TIME_POINT for c in table.columns)
    return () if len(known) < 2 or scores or len(texts) < table.sheet.n - 1 else known


def on_its_side(table: Recognised) -> Iterator[Finding]:
    """A table with a column per patient."""
    known = listed_headings(table)
    if known:
        name = table.sheet.columns[0].name
        yield finding(
            table,
            "on_its_side",
            Severity.ERROR,
            f"The table seems to lie on its side: {name} lists {quoted_list(known, 3)}, and each other column is a "
            "patient. It is asked whether to turn it.",
            name,
            count=len(known),
        )


def unsure_columns(table: Recognised) -> Iterator[Finding]:
    """Columns whose meaning is a guess."""
    unsure = [c.name for c in table.columns if c.confidence < UNSURE and c.role not in (Role.IGNORE, Role.IDENTIFIER)]
    if unsure:
        yield finding(
            table,
            "unsure",
            Severity.WARNING,
            f"Please look at {quoted_list(unsure, 8)}: what "
            f"{'they mean is' if len(unsure) > 1 else 'it means is'} a guess.",
            unsure[0],
            count=len(unsure),
        )


def assumed_direction(table: Recognised) -> Iterator[Finding]:
    """Measures that neither the catalogue nor the user describes."""
    questioned = {c.target for c in table.columns if c.doubt is not None}
    assumed = {spec.key: spec.label for spec in table.specs if spec.assumed and spec.key not in questioned}
    names = [c.name for c in table.columns if c.role is Role.SCORE and c.target in assumed]
    if assumed:
        verb = "is" if len(assumed) == 1 else "are"
        yield finding(
            table,
            "direction_assumed",
            Severity.ERROR,
            f"{quoted_list(assumed.values())} ({quoted_list(names, 4)}) {verb} not in the catalogue. Lower is "
            "taken for "
            "better and the scale has no ends; say which direction is better, and the range.",
            names[0],
            count=len(names),
        )


def possible_series(table: Recognised) -> Iterator[Finding]:
    """`pk1`, `pk2`, `pk5`: perhaps one score at several time points."""
    groups: dict[str, list[str]] = defaultdict(list)
    for g, p in used_columns(table, Role.NUMBER):
        found = SERIES.match(g.name.strip())
        if found and p.distinct > 4 and g.target == re.sub(r"\W+", "_", g.name.lower()):
            groups[found.group(1).rstrip("_. ")].append(g.name)
    for stem, names in groups.items():
        if len(names) > 1:
            yield finding(
                table,
                "possible_series",
                Severity.WARNING,
                f'{quoted_list(names)} may be one score ("{stem}") at {len(names)} time points. If so, say '
                "which is which; "
                "now they are plain numbers of the patient.",
                names[0],
                count=len(names),
            )


def _of_years(table: Recognised, name: str) -> str:
    years = only_years(table.profiles[name])
    return "; only years are known, so each counts as born on 1 July (at most a year off)" if years else ""


def identifiers(table: Recognised) -> Iterator[Finding]:
    """Columns that identify persons are left out, and named."""
    out = [(c.name, Suspect(c.target, "").words) for c in table.columns if c.role is Role.IDENTIFIER]
    born = [c.name for c in table.columns if c.role is Role.BIRTH_DATE]
    if out:
        shown = ", ".join(f"{name} ({words})" for name, words in out[:MOST_NAMED])
        shown += f" and {len(out) - MOST_NAMED} more" if len(out) > MOST_NAMED else ""
        why, pronoun = ("they identify", "them") if len(out) > 1 else ("it identifies", "it")
        yield finding(
            table,
            "identifiers",
            Severity.NOTE,
            f"Left out because {why} persons: {shown}. Nothing of {pronoun} is kept.",
            out[0][0],
            count=len(out),
        )
    if born:
        has_surgery = any(c.target == "surgery_date" for c in table.columns)
        verb = (
            "became the age at surgery and is left out" + _of_years(table, born[0])
            if has_surgery
            else "is left out (with a date of surgery it would give the age)"
        )
        yield finding(
            table, "birth_date", Severity.NOTE, f"{quoted_list(born)}: the date of birth {verb}.", born[0], count=1
        )
    id_column = next((c for c in table.columns if c.role is Role.ID), None)
    if id_column is not None and any("11-test" in e or "national" in e for e in id_column.evidence):
        yield finding(
            table,
            "id_is_national",
            Severity.NOTE,
            f"{id_column.name} holds national numbers. They are replaced by a running number; only a salted "
            "hash stays.",
            id_column.name,
        )


def own_index_differs(table: Recognised) -> Iterator[Finding]:
    """An index in the file that is not the one computed from the states under the default value set."""
    for g, p in used_columns(table, Role.IGNORE):
        if g.target not in INDEX_OF.values():
            continue
        states = _states_at(table, g.time_point)
        if states is None:
            continue
        chosen = proposed_set(version_of(table.columns, table.profiles), table.columns, table.profiles)
        computed = eq5d.score(states, chosen)
        both = ~np.isnan(computed) & ~np.isnan(p.row_values())
        apart = both & (np.abs(computed - p.row_values()) > INDEX_TOLERANCE)
        if apart.any():
            biggest = float(np.abs(computed - p.row_values())[apart].max())
            yield finding(
                table,
                "other_index",
                Severity.WARNING,
                f"{g.name} differs from the index of {value_set(chosen).label} in {int(apart.sum())} of "
                f"{int(both.sum())} patients (by up to {decimal_text(round(biggest, 3))}): the file used "
                "another value set. The index "
                "computed from the health states counts.",
                g.name,
                apart,
            )


def _states_at(table: Recognised, time_point: str) -> np.ndarray | None:
    version = version_of(table.columns, table.profiles)
    dimensions: dict[str, Profile] = {}
    for g, p in used_columns(table, Role.EQ5D_STATE, Role.EQ5D_DIMENSION):
        if g.time_point == time_point:
            if g.role is Role.EQ5D_STATE:
                return states_from_texts(p, version)[0]
            dimensions[g.target.partition(":")[0]] = p
    return states_from_columns(dimensions, version)[0] if len(dimensions) == 5 else None
