"""Sheet and confirmed columns → Cohort. Everything that can be wrong was said before, by the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lib.cohort import build_columns, build_scores, coded_answers
from lib.cohort.build_events import events_from_columns
from lib.cohort.coded_answers import AnswerSpec
from lib.cohort.cohort import BASELINE, Cohort, Events, Occasion, Provenance, Statement, YesNo
from lib.cohort.columns import AT_OCCASION, ColumnGuess, MeasureSpec, Role
from lib.cohort.five_levels import is_five_level
from lib.cohort.identifiers import hash_ids
from lib.cohort.long_format import Wide
from lib.cohort.measure import Measure
from lib.cohort.not_due import not_due
from lib.cohort.occasions import in_order, occasion_of_key
from lib.cohort.patient_columns import Dates, Number, PatientColumn
from lib.cohort.profiles import Profile
from lib.measures import answers

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
    """
    guesses = wide.guesses
    parts = _Parts()
    _patient_columns(parts, guesses, profiles)
    _all_scores(parts, guesses, profiles, {s.key: s for s in specs})
    _all_states(parts, guesses, profiles)
    _order_measures(parts, guesses)
    _all_statements(parts, guesses, profiles, {s.series: s for s in answer_specs})
    _all_outcomes(parts, guesses, profiles)
    occasions = in_order([occasion_of_key(g.occasion) for g in guesses if g.role in AT_OCCASION and g.occasion])
    hashes = _hashes(guesses, profiles, wide)
    own_events = events_from_columns(row_guesses, row_profiles, wide.patient_of_row)
    return Cohort(
        n=wide.sheet.n,
        source_rows=wide.sheet.row_numbers.copy(),
        columns=parts.columns,
        occasions=occasions,
        measures=parts.measures,
        primary=_primary(parts, occasions),
        scores=parts.scores,
        provenance=provenance,
        illegal=parts.illegal,
        states=parts.states,
        statements=parts.statements,
        answers=parts.answers,
        outcomes=parts.outcomes,
        yesno=parts.yesno,
        events=(events(hashes) if events else None) or own_events,
        not_due=not_due(parts.columns, occasions, extraction_date, windows),
        id_hashes=hashes,
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
            made = build_columns.category(guess, p)
        elif guess.role is Role.NUMBER:
            made = build_columns.number(guess, p)
        elif guess.role is Role.DATE:
            made = build_columns.dates(guess, p)
        elif guess.role is Role.BIRTH_DATE:
            births.append(p)
        if made is not None:
            key = made.key if made.key not in parts.columns else f"{made.key}_{len(parts.columns)}"
            parts.columns[key] = replace(made, key=key)
    surgery = parts.columns.get("surgery_date")
    if births and isinstance(surgery, Dates) and "age" not in parts.columns:
        age: Number = build_columns.age_at(build_columns.days_of(births[0]), surgery.days)
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
            place = (target, guess.occasion)
            parts.scores[place], parts.illegal[place] = build_scores.scores(p, measure)


def _all_states(parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles) -> None:
    for guess in guesses:
        if guess.role is Role.EQ5D_STATE:
            states, illegal = build_scores.states_from_texts(profiles[guess.name])
            parts.states[guess.occasion], parts.illegal[STATES, guess.occasion] = states, illegal
    levels: dict[str, dict[str, Profile]] = defaultdict(dict)
    for guess in guesses:
        if guess.role is Role.EQ5D_DIMENSION and guess.occasion not in parts.states:
            levels[guess.occasion][guess.target] = profiles[guess.name]
    for occasion, columns in levels.items():
        parts.states[occasion], parts.illegal[STATES, occasion] = build_scores.states_from_columns(columns)
    if is_five_level(
        (profiles[g.name] for g in guesses if g.role is Role.EQ5D_STATE),
        (profiles[g.name] for g in guesses if g.role is Role.EQ5D_DIMENSION),
    ):
        # 11121 of the five-level questionnaire is not 11121 of the three-level one: no state may be scored
        for occasion, states in parts.states.items():
            parts.illegal[STATES, occasion] = parts.illegal[STATES, occasion] | (states != 0).any(axis=1)
            parts.states[occasion] = np.zeros_like(states)
    if parts.states:
        measure = build_scores.index_measure()
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
            parts.answers[target, guess.occasion] = (
                coded_answers.coded(p, codes) if codes else build_scores.answer_codes(p, made.levels, scale)
            )


def _all_outcomes(parts: _Parts, guesses: Sequence[ColumnGuess], profiles: Profiles) -> None:
    for target, listed in _by_target(guesses, Role.YESNO).items():
        parts.outcomes[target] = build_scores.outcome(listed[0])
        for guess in listed:
            parts.yesno[target, guess.occasion] = build_scores.yes_no_codes(profiles[guess.name])


def _primary(parts: _Parts, occasions: Sequence[Occasion]) -> tuple[str, ...]:
    """Measures with a baseline and any follow-up: a complete pair of one of them makes a patient "analysed"."""

    def has(measure: Measure, occasion: str) -> bool:
        return (measure.key, occasion) in parts.scores or (measure.value_set is not None and occasion in parts.states)

    later = [o.key for o in occasions if o.key != BASELINE]
    return tuple(k for k, m in parts.measures.items() if has(m, BASELINE) and any(has(m, o) for o in later))
