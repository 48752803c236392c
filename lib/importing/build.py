"""Sheet and confirmed columns → Cohort. Everything that can be wrong was said before, by the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.catalog import answers
from lib.catalog.value_sets import Version
from lib.cohort.cohort import (
    BASELINE,
    Cohort,
    Dates,
    Events,
    Number,
    PatientColumn,
    Provenance,
    Statement,
    TimePoint,
    YesNo,
)
from lib.cohort.design import SERIES, Design
from lib.cohort.due import died_before_due, not_due
from lib.cohort.measure import Measure
from lib.importing.columns import coded_answers, patient_values
from lib.importing.columns import scores as build_scores
from lib.importing.columns.coded_answers import AnswerSpec
from lib.importing.columns.dates import EVENT_DATE
from lib.importing.columns.eq5d_levels import proposed_set, version_of
from lib.importing.columns.identifiers import hash_ids
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import AT_TIME_POINT, EVENT_ROLES, ColumnGuess, MeasureSpec, Role
from lib.importing.columns.timepoints import in_order, time_point_of_key
from lib.importing.design_guess import named_for
from lib.importing.event_dates import dates_from_events
from lib.importing.event_words import EVENT_WORD, PERHAPS_SEVERAL, no_event, unknown_event, without_yes
from lib.importing.long_format import Wide

STATES = "eq5d3l"
Profiles = Mapping[str, Profile]
JoinedEvents = Callable[[Sequence[str]], Events | None]


@dataclass(eq=False)
class _Parts:
    """The pieces of a cohort while they are collected."""

    columns: dict[str, PatientColumn] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    scores: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    illegal: dict[tuple[str, str], NDArray[np.bool_]] = field(default_factory=dict)
    states: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    version: Version = "3L"
    statements: dict[str, Statement] = field(default_factory=dict)
    answers: dict[tuple[str, str], NDArray[np.int8]] = field(default_factory=dict)
    outcomes: dict[str, YesNo] = field(default_factory=dict)
    yesno: dict[tuple[str, str], NDArray[np.int8]] = field(default_factory=dict)


def build_cohort(
    wide: Wide,
    profiles: Profiles,
    row_profiles: Profiles,
    row_guesses: Sequence[ColumnGuess],
    specs: Sequence[MeasureSpec],
    provenance: Provenance,
    extraction_date: str = "",
    events: JoinedEvents | None = None,
    answer_specs: Sequence[AnswerSpec] = (),
    windows: Mapping[str, float] | None = None,
    design: Design = SERIES,
) -> Cohort:
    """The cohort.

    Args:
        wide: one row per patient. profiles: its columns by name.
        row_profiles, row_guesses: the sheet as in the file, for events of a long file.
        specs: measures the user described.
        extraction_date: ISO date on which the data were extracted, '' when not known.
        events: given the id hashes of the patients, the events of a second table.
        answer_specs: what the user said about answers in numbers.
        windows: time point → months on either side within which its follow-up is due, where told.
        design: what was done to the patients, and in which groups.
    """
    guesses = wide.guesses
    parts = _Parts()
    _patient_columns(parts, guesses, profiles)
    _all_scores(parts, guesses, profiles, {s.key: s for s in specs})
    _all_states(parts, guesses, profiles)
    _order_measures(parts, guesses)
    _all_statements(parts, guesses, profiles, {s.series: s for s in answer_specs})
    _all_outcomes(parts, guesses, profiles)
    time_points = named_for(
        design, in_order([time_point_of_key(g.time_point) for g in guesses if g.role in AT_TIME_POINT and g.time_point])
    )
    hashes = _hashes(guesses, profiles, wide)
    found = (events(hashes) if events else None) or events_from_columns(row_guesses, row_profiles, wide.patient_of_row)
    parts.columns = dates_from_events(found, wide.sheet.n) | parts.columns
    return Cohort(
        n=wide.sheet.n,
        source_rows=wide.sheet.row_numbers.copy(),
        columns=parts.columns,
        time_points=time_points,
        measures=parts.measures,
        primary=_primary(parts, time_points),
        scores=parts.scores,
        provenance=provenance,
        illegal=parts.illegal,
        states=parts.states,
        eq5d_version=parts.version,
        statements=parts.statements,
        answers=parts.answers,
        outcomes=parts.outcomes,
        yesno=parts.yesno,
        events=found,
        not_due=not_due(parts.columns, time_points, extraction_date, windows),
        died=died_before_due(parts.columns, time_points, windows),
        id_hashes=hashes,
        design=design if design.groups_by in parts.columns else replace(design, groups_by=""),
    )


def _hashes(guesses: Sequence[ColumnGuess], profiles: Profiles, wide: Wide) -> tuple[str, ...]:
    id_name = next((g.name for g in guesses if g.role is Role.ID), None)
    if id_name is None:
        return tuple(hash_ids(f"row {row}" for row in wide.sheet.row_numbers.tolist()))
    column = profiles[id_name].column
    of_level = hash_ids(column.levels)
    return tuple(map(of_level.__getitem__, column.codes.tolist()))


def _patient_columns(parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles) -> None:
    births: list[Profile] = []
    for guess in guesses:
        p = profiles[guess.name]
        made: PatientColumn | None = None
        if guess.role is Role.CATEGORY:
            made = patient_values.category(guess, p)
        elif guess.role is Role.NUMBER:
            made = patient_values.number(guess, p)
        elif guess.role is Role.DATE:
            made = patient_values.dates(guess, p)
        elif guess.role is Role.BIRTH_DATE:
            births.append(p)
        if made is not None:
            key = made.key if made.key not in parts.columns else f"{made.key}_{len(parts.columns)}"
            parts.columns[key] = replace(made, key=key)
    surgery = parts.columns.get("surgery_date")
    if births and isinstance(surgery, Dates) and "age" not in parts.columns:
        age: Number = patient_values.age_at(patient_values.births_of(births[0], surgery.days), surgery.days)
        parts.columns["age"] = age


def _by_target(guesses: Sequence[ColumnGuess], role: Role) -> dict[str, list[ColumnGuess]]:
    found: dict[str, list[ColumnGuess]] = defaultdict(list)
    for guess in guesses:
        if guess.role is role:
            found[guess.target].append(guess)
    return found


def _all_scores(
    parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles, specs: Mapping[str, MeasureSpec]
) -> None:
    for target, columns in _by_target(guesses, Role.SCORE).items():
        read = [profiles[g.name] for g in columns]
        measure = build_scores.measure_of(target, columns[0].label, read, specs.get(target))
        parts.measures[target] = measure
        for guess, p in zip(columns, read, strict=True):
            place = (target, guess.time_point)
            parts.scores[place], parts.illegal[place] = build_scores.scores(p, measure)


def _all_states(parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles) -> None:
    parts.version = version_of(guesses, profiles)
    for guess in guesses:
        if guess.role is Role.EQ5D_STATE:
            states, illegal = build_scores.states_from_texts(profiles[guess.name], parts.version)
            parts.states[guess.time_point], parts.illegal[STATES, guess.time_point] = states, illegal
    levels: dict[str, dict[str, Profile]] = defaultdict(dict)
    for guess in guesses:
        if guess.role is Role.EQ5D_DIMENSION and guess.time_point not in parts.states:
            levels[guess.time_point][guess.target.partition(":")[0]] = profiles[guess.name]
    for time_point, columns in levels.items():
        found = build_scores.states_from_columns(columns, parts.version)
        parts.states[time_point], parts.illegal[STATES, time_point] = found
    if parts.states:
        measure = build_scores.index_measure(proposed_set(parts.version, guesses, profiles))
        parts.measures[measure.key] = measure


def _order_measures(parts: _Parts, guesses: Sequence[ColumnGuess]) -> None:
    """Measures in the order of the file; the index where its states stand."""
    place: dict[str, int] = {}
    for index, guess in enumerate(guesses):
        if guess.role is Role.SCORE:
            place.setdefault(guess.target, index)
        elif guess.role in (Role.EQ5D_STATE, Role.EQ5D_DIMENSION):
            for key, measure in parts.measures.items():
                if measure.value_set:
                    place.setdefault(key, index)
    ordered = sorted(parts.measures.items(), key=lambda item: place.get(item[0], len(guesses)))
    parts.measures = dict(ordered)


def _all_statements(
    parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles, specs: Mapping[str, AnswerSpec]
) -> None:
    columns = _by_target(guesses, Role.STATEMENT)
    # one questionnaire has one set of answers: what nobody ticked in one statement is seen in another
    everything = {w for listed in columns.values() for g in listed for w in profiles[g.name].words}
    common = answers.recognise(everything) if everything else None
    in_numbers = coded_answers.by_series({t: [profiles[g.name] for g in listed] for t, listed in columns.items()})
    for target, listed in columns.items():
        read = [profiles[g.name] for g in listed]
        words = {w for p in read for w in p.words}
        scale = common if common is not None and common.kind != "yes/no" else answers.recognise(words)
        series = coded_answers.series_of(target)
        codes = None if scale else coded_answers.answer_codes(read, in_numbers[series], specs.get(series))
        made = build_scores.statement(listed[0], read, scale, codes)
        parts.statements[target] = made
        for guess, p in zip(listed, read, strict=True):
            parts.answers[target, guess.time_point] = (
                coded_answers.coded(p, codes) if codes else build_scores.answer_codes(p, made.levels, scale)
            )


def _all_outcomes(parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles) -> None:
    for target, listed in _by_target(guesses, Role.YESNO).items():
        parts.outcomes[target] = build_scores.outcome(listed[0])
        for guess in listed:
            parts.yesno[target, guess.time_point] = build_scores.yes_no_codes(profiles[guess.name])


def _primary(parts: _Parts, time_points: Sequence[TimePoint]) -> tuple[str, ...]:
    """Measures with a baseline and any follow-up: a complete pair of one of them makes a patient "analysed"."""

    def has(measure: Measure, time_point: str) -> bool:
        return (measure.key, time_point) in parts.scores or (
            measure.value_set is not None and time_point in parts.states
        )

    later = [o.key for o in time_points if o.key != BASELINE]
    return tuple(k for k, m in parts.measures.items() if has(m, BASELINE) and any(has(m, o) for o in later))


# Adverse events: from columns beside the patient, or from a sheet or file with one row per event.


def events_from_columns(
    guesses: Sequence[ColumnGuess], profiles: Mapping[str, Profile], patient_of_row: NDArray[np.int64]
) -> Events | None:
    """Events of all event columns; None when the file has none. A blank (or "none") in a type column is no event.

    Args:
        guesses: all columns; `target` of an event column is its number ("1", "2": several events beside one patient).
        profiles: by column name, over the rows of the sheet.
        patient_of_row: (rows,) index of the patient each row is about; −1: none, its events are left out.
    """
    types = [g for g in guesses if g.role is Role.EVENT_TYPE]
    if not types:
        return None
    found = pd.concat([_one_column(g, guesses, profiles, patient_of_row) for g in types])
    found = found.sort_values("patient", kind="stable")

    def texts(role: Role) -> tuple[str, ...] | None:
        return tuple(found[role].fillna("")) if role in found else None

    patient, serious = found["patient"].to_numpy(), texts(Role.EVENT_SERIOUS)
    return Events(
        patient=patient,
        type=texts(Role.EVENT_TYPE) or (),
        timing=texts(Role.EVENT_TIMING),
        severity=texts(Role.EVENT_SEVERITY),
        serious=None if serious is None else tuple(answers.yes_no(t) if t else None for t in serious),
        procedure=texts(Role.EVENT_PROCEDURE),
        unknown=_unknown(types, profiles, patient_of_row, set(patient.tolist())),
        day=found[Role.DATE].to_numpy("datetime64[D]") if Role.DATE in found else None,
    )


def _unknown(
    types: Sequence[ColumnGuess],
    profiles: Mapping[str, Profile],
    patient_of_row: NDArray[np.int64],
    with_event: set[int],
) -> tuple[int, ...]:
    """Patients of whom a type column says "unknown" and none names an event."""
    found: set[int] = set()
    for guess in types:
        p = profiles[guess.name]
        not_known = p.rows_with([t for t in p.column.levels if t.strip() and unknown_event(p.column.labels.get(t, t))])
        found |= set(patient_of_row[not_known].tolist())
    return tuple(sorted(found - with_event - {-1}))


def _one_column(
    guess: ColumnGuess,
    guesses: Sequence[ColumnGuess],
    profiles: Mapping[str, Profile],
    patient_of_row: NDArray[np.int64],
) -> pd.DataFrame:
    """A row per event in one type column: its patient, and by role the texts of the columns that belong to it."""
    profile = profiles[guess.name]
    yes_no = _only_yes_and_no(profile)
    named = {level: _event_name(profile, level, guess.label if yes_no else "") for level in profile.column.levels}
    in_cell = _events_in_cells({named[level] for level in profile.column.filled_levels()} - {""})
    of_level = pd.Series([in_cell.get(named[level], []) for level in profile.column.levels], dtype=object)
    found = pd.DataFrame({"patient": patient_of_row})
    found[Role.EVENT_TYPE] = of_level.iloc[profile.column.codes].to_numpy()
    for other in guesses:
        if other.role in EVENT_ROLES and other.role is not Role.EVENT_TYPE and other.target == guess.target:
            detail = profiles[other.name]
            words = [" ".join(detail.column.labels.get(t, t).split()) for t in detail.column.levels]
            found[other.role] = np.array(words, dtype=object)[detail.column.codes]
    dated = [g for g in guesses if g.role is Role.DATE and g.target == EVENT_DATE]
    if len(dated) == 1:
        found[Role.DATE] = patient_values.days_of(profiles[dated[0].name]).astype("datetime64[s]")
    return found[found["patient"] >= 0].explode(Role.EVENT_TYPE).dropna(subset=[Role.EVENT_TYPE])


def _events_in_cells(names: set[str]) -> dict[str, list[str]]:
    """Cell → its events: "infection; hematoma" is two; a comma or "and" parts only what are events by themselves."""
    parts: dict[str, int] = defaultdict(int)
    for name in names:
        for part in {p.strip().casefold() for p in PERHAPS_SEVERAL.split(name)}:
            parts[part] += 1
    found = {}
    for name in names:
        several = [p.strip() for p in PERHAPS_SEVERAL.split(name)]
        apart = len(several) > 1 and all(p and (parts[p.casefold()] > 1 or EVENT_WORD.search(p)) for p in several)
        found[name] = [p for p in (several if apart else (p.strip() for p in name.split(";"))) if p]
    return found


def _only_yes_and_no(profile: Profile) -> bool:
    words = [w for w in profile.words if not answers.is_non_answer(w)]
    return bool(words) and all(answers.yes_no(w) is not None for w in words)


def _event_name(profile: Profile, level: str, column_label: str) -> str:
    """What happened, '' for nothing. In a yes/no column the column's own label is the event."""
    word = " ".join(profile.column.labels.get(level, level).split())
    if not word or no_event(word) or unknown_event(word) or answers.is_non_answer(word):
        return ""
    if column_label:
        return column_label if answers.yes_no(word) else ""
    return without_yes(word)
