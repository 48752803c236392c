"""What every column of a sheet is taken for: each column by itself first, then the columns against one another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lib.catalog.eq5d import DIMENSIONS
from lib.catalog.instruments import INDEX_OF
from lib.catalog.statements import recognise_theme
from lib.cohort.cohort import BASELINE
from lib.importing.columns.coded_answers import ANSWER_CODES, APART
from lib.importing.columns.dates import EVENT_DATE, dates_an_event
from lib.importing.columns.doubts import ENOUGH, identities, unknown_directions, without_codes
from lib.importing.columns.eq5d_columns import eq5d_columns
from lib.importing.columns.lexicon import fit_instrument, meanings
from lib.importing.columns.look import Look, pretty, slug
from lib.importing.columns.profile import Profile
from lib.importing.columns.recognise_one import FEW_NUMBERS, own_words, recognise_one
from lib.importing.columns.recognise_time import find_time_point_column, what_varies
from lib.importing.columns.roles import AT_TIME_POINT, EVENT_ROLES, ColumnGuess, Role
from lib.importing.columns.series import series
from lib.importing.columns.timepoints import after, most_common_follow_up, split_names
from lib.importing.files.table import PATIENT, Sheet

ONCE = "once"
LEAST_ALIKE = 3
EXACT_NAME = 0.9
NUMBER_WORDS = frozenset(("number", "no", "numero", "num", "n"))
COUNTERS = frozenset(("id", "nr", "no", "nummer", "number", "record", "respondent", "volgnummer", "lfd nr"))
NOW = frozenset(
    (
        "now",
        "current",
        "currently",
        "today",
        "nu",
        "huidig",
        "huidige",
        "vandaag",
        "jetzt",
        "aktuell",
        "heute",
        "last",
        "final",
        "latest",
        "laatste",
        "letzte",
        "letzter",
        "letztes",
        "dernier",
        "derniere",
        "siste",
        "sista",
    )
)


def recognise(sheet: Sheet, profiles: Mapping[str, Profile]) -> tuple[ColumnGuess, ...]:
    """One guess per column, in file order."""
    looks = look_at(sheet, profiles)
    guesses = [recognise_one(look) for look in looks]
    guesses = eq5d_columns(looks, guesses)
    guesses = _one_id(looks, guesses)
    guesses = find_time_point_column(looks, guesses)
    guesses = what_varies(looks, guesses)
    guesses = _events_only_with_a_type(looks, guesses)
    guesses = _coded_statements(looks, guesses)
    guesses = identities(looks, guesses)
    guesses = _time_points(looks, guesses)
    guesses = _index_beside_states(guesses)
    guesses = _follow_up_dates(guesses)
    guesses = _distinct_targets(_distinct_scores(looks, guesses))
    return unknown_directions(series(looks, guesses))


def look_at(sheet: Sheet, profiles: Mapping[str, Profile]) -> list[Look]:
    """Names and longer names taken apart, all together."""
    names = sheet.names()
    timed = split_names(names)
    headings = split_names([c.heading for c in sheet.columns])
    unnamed = [bool(sheet.header_rows) and re.fullmatch(r"column [A-Z]+", name) is not None for name in names]
    return [
        Look(name, own, longer, profiles[name], blank)
        for name, own, longer, blank in zip(names, timed, headings, unnamed, strict=True)
    ]


def _one_id(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """The best id column; further ones identify persons. A hospital number serves when there is nothing else."""
    candidates = [i for i, g in enumerate(guesses) if g.role is Role.ID]
    if not candidates:
        numbers = ("record_number", "national_number")
        candidates = [i for i, g in enumerate(guesses) if g.role is Role.IDENTIFIER and g.target in numbers]
    candidates = candidates or [i for i, look in enumerate(looks) if _numbers_rows(look)][:1]
    if not candidates:
        return guesses

    def worth(index: int) -> tuple[float, float, int]:
        profile = looks[index].profile
        unique = profile.distinct / max(1, profile.filled)
        counted = len(candidates) > 1 and _counts_rows(looks[index])
        return round(guesses[index].confidence + 0.3 * (profile.filled > 0) + 0.2 * unique - counted, 2), unique, -index

    joined = [i for i in candidates if looks[i].name == PATIENT]
    best = joined[0] if joined else max(candidates, key=worth)
    for index in candidates:
        look, g = looks[index], guesses[index]
        if index == best:
            more = "" if g.role is Role.ID else "the only number of the patient"
            guesses[index] = look.guess(Role.ID, g.confidence, *g.evidence, more, target="id", label="Patient")
        else:
            because = f'a second number of the patient beside "{guesses[best].name}"'
            guesses[index] = look.guess(Role.IDENTIFIER, 0.8, because, target="record_number")
    return guesses


def _numbers_rows(look: Look) -> bool:
    """ "Dossiernr", "N° de cas": whole numbers that all differ under a word for a number, of nobody's score."""
    p = look.profile
    words = [w for text in look.reads for w in text.split()]
    if not any(w in NUMBER_WORDS or w.endswith(("nr", "nummer")) for w in words) or look.time_point:
        return False
    differ = p.numeric == 1 and p.whole and p.distinct == p.filled >= ENOUGH and p.values[0] >= 0
    return bool(differ and not any(map(fit_instrument, look.reads)))


def _counts_rows(look: Look) -> bool:
    """ "ID" that only counts the rows (1, 2, 3 …), as the programs of a survey write beside the patient's number."""
    if look.stem not in COUNTERS or not look.profile.whole or look.profile.numeric < 1:
        return False
    return bool(np.array_equal(look.profile.row_values(), np.arange(1, len(look.profile.column) + 1)))


def _events_only_with_a_type(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """ "Severity" or "timing" speak of adverse events only beside a column that says which event."""
    if any(g.role is Role.EVENT_TYPE for g in guesses):
        return _events_named_once(looks, guesses)
    return [
        looks[i].guess(Role.CATEGORY, 0.6, f"{looks[i].profile.distinct} different texts", target=slug(g.name))
        if g.role in EVENT_ROLES
        else g
        for i, g in enumerate(guesses)
    ]


def _events_named_once(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """ "Complication: yes" beside "which complication: infection" is one event, named by the second."""
    types = [i for i, g in enumerate(guesses) if g.role is Role.EVENT_TYPE]
    out = list(guesses)
    for index in types:
        if not looks[index].yes_no:
            continue
        answered_rows = ~looks[index].profile.column.blank()
        for other in types:
            named = ~looks[other].profile.column.blank()
            same = guesses[other].target == guesses[index].target and not looks[other].yes_no
            if same and named.any() and (answered_rows & named).sum() >= 0.5 * named.sum():
                because = f'which one stands in "{looks[other].name}"'
                key = slug(guesses[index].name)
                out[index] = looks[index].guess(Role.CATEGORY, 0.8, "yes and no", because, target=key)
    return out


def _coded_statements(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Unlabelled codes 1–5 (4, 6, 7): statements when the heading is a known one, or when many columns are alike."""
    alike: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, look in enumerate(looks):
        top = _coded_levels(look)
        g = guesses[index]
        if not top or g.confidence > 0.7 or g.role not in (Role.CATEGORY, Role.SCORE, Role.NUMBER):
            continue
        theme = next((t for t in map(recognise_theme, look.reads) if t), None)
        if theme:
            guesses[index] = look.guess(
                Role.STATEMENT, 0.6, f"codes 1 to {top}", f"about: {theme.labels['en']}",
                target=theme.key, time_point=look.time_point, label=own_words(look) or theme.labels["en"],
            )  # fmt: skip
        else:
            alike[look.time_point, top].append(index)
    for (time_point, top), members in alike.items():
        if len(members) < LEAST_ALIKE or top < 4:
            continue
        for index in members:
            guesses[index] = looks[index].guess(
                Role.STATEMENT, 0.4, f"codes 1 to {top}, as in {len(members)} columns",
                target=slug(looks[index].stem), time_point=time_point, label=guesses[index].label,
            )  # fmt: skip
    return guesses


def _coded_levels(look: Look) -> int:
    """4–7 when the column holds exactly the whole numbers 1 to that, else 0."""
    values = without_codes(look.profile.values)
    if not look.profile.whole or look.profile.column.labels or look.profile.numeric < 0.9 or not 2 <= len(values) <= 7:
        return 0
    if values[-1] in ANSWER_CODES and len(values) > 2 and values[-1] - values[-2] >= APART:
        values = values[:-1]
    top = int(values[-1])
    return top if values[0] >= 1 and 4 <= top <= 7 and look.profile.filled >= 3 else 0


def _time_points(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """A score without a time point: the row's in a long file, baseline beside a follow-up, else one of its own."""
    long = any(g.role is Role.TIME_POINT for g in guesses)
    usual = most_common_follow_up([look.timed for look in looks] + [look.heading_timed for look in looks])
    keys: dict[tuple[Role, str], set[str]] = defaultdict(set)
    for g in guesses:
        if g.role in AT_TIME_POINT:
            keys[g.role, g.target].add(g.time_point)
    out = []
    for look, g in zip(looks, guesses, strict=True):
        if g.role not in AT_TIME_POINT or g.time_point:
            out.append(g)
        elif long:
            out.append(replace(g, time_point="*"))
        elif g.role is Role.STATEMENT:
            key = usual.key if usual else ONCE
            out.append(replace(g, time_point=key, evidence=(*g.evidence, "no time point in the heading")))
        elif len(keys[g.role, g.target]) > 1 and BASELINE not in keys[g.role, g.target]:
            because = "no time point in the heading, but a follow-up has one"
            out.append(
                replace(g, time_point=BASELINE, confidence=min(g.confidence, 0.6), evidence=(*g.evidence, because))
            )
        elif BASELINE in keys[g.role, g.target] and NOW & {w for text in look.reads for w in text.split()}:
            because = "now, beside a score before the treatment"
            out.append(replace(g, time_point=after().key, evidence=(*g.evidence, because)))
        elif g.role is Role.SCORE and g.confidence < 0.5:
            out.append(look.guess(Role.NUMBER, 0.6, "numbers", target=slug(g.name)))
        else:
            because = "no time point in the heading"
            out.append(replace(g, time_point=ONCE, confidence=min(g.confidence, 0.6), evidence=(*g.evidence, because)))
    return _lonely_scores(looks, out)


def _lonely_scores(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """A number at one time point only, of no known instrument, is a number of the patient, not an outcome."""
    counts = Counter(g.target for g in guesses if g.role is Role.SCORE)
    answered = Counter(g.target for g in guesses if g.role is Role.YESNO)
    guesses = [
        looks[i].guess(Role.CATEGORY, 0.8, "yes and no, before the treatment only", target=slug(g.name))
        if g.role is Role.YESNO and g.time_point == BASELINE and answered[g.target] == 1 and g.target not in meanings()
        else g
        for i, g in enumerate(guesses)
    ]
    answered_in_codes = _only_codes(looks, guesses)
    out = list(guesses)
    for i, g in enumerate(guesses):
        if g.role is not Role.SCORE or g.confidence > 0.4 or g.time_point == "*":
            continue
        if g.target in answered_in_codes:
            out[i] = looks[i].guess(Role.CATEGORY, 0.6, "only two different numbers", target=slug(g.name))
        elif counts[g.target] == 1:
            p = looks[i].profile
            few = p.whole and p.distinct <= FEW_NUMBERS and p.filled >= ENOUGH
            role, because = (Role.CATEGORY, "a few whole numbers") if few else (Role.NUMBER, "numbers")
            out[i] = looks[i].guess(role, 0.6, f"{because}, at one time point only", target=slug(g.name))
    return out


def _only_codes(looks: Sequence[Look], guesses: Sequence[ColumnGuess]) -> set[str]:
    """Targets whose columns hold two different whole numbers at most, codes for missing aside: 1 yes, 2 no."""
    seen: dict[str, set[float]] = defaultdict(set)
    filled: Counter[str] = Counter()
    for look, g in zip(looks, guesses, strict=True):
        if g.role is Role.SCORE:
            seen[g.target] |= set(without_codes(look.profile.values).tolist())
            filled[g.target] += look.profile.filled
    whole = {t: v for t, v in seen.items() if all(x == int(x) for x in v)}
    return {t for t, v in whole.items() if len(v) <= 2 and filled[t] >= ENOUGH}


def _index_beside_states(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """The index is computed from the states; one that stands beside them in the file is compared, not used. States
    that stand beside all five of their columns say the same once more.
    """
    at = {g.time_point for g in guesses if g.role in (Role.EQ5D_STATE, Role.EQ5D_DIMENSION)}
    five = Counter(g.time_point for g in guesses if g.role is Role.EQ5D_DIMENSION)
    guesses = [
        replace(g, role=Role.IGNORE, evidence=(*g.evidence, "the five columns beside it say the same"))
        if g.role is Role.EQ5D_STATE and five[g.time_point] == len(DIMENSIONS)
        else g
        for g in guesses
    ]
    return [
        replace(g, role=Role.IGNORE, evidence=(*g.evidence, "the index is computed from the health states"))
        if g.role is Role.SCORE and g.target in INDEX_OF.values() and g.time_point in at
        else g
        for g in guesses
    ]


ONCE_DATES = (
    *("surgery_date", "extraction_date", "follow_up_date", EVENT_DATE),
    *("revision_date", "death_date", "last_contact_date"),
)
"""Dates that no word in their name makes the date of a questionnaire."""


def _follow_up_dates(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """A date with a time point in its name is the date of that questionnaire."""
    guesses = [replace(g, target=EVENT_DATE) if g.role is Role.DATE and dates_an_event(g.name) else g for g in guesses]
    return [
        replace(g, target="follow_up_date")
        if g.role is Role.DATE and g.time_point and g.target not in ONCE_DATES
        else g
        for g in guesses
    ]


def _distinct_scores(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Scores of one instrument at one time point are several measures: "VAS rust", "VAS bewegen". Each name keeps its
    own before and after; the plain key is only for a name that says nothing else.
    """
    out = list(guesses)
    for target in dict.fromkeys(g.target for g in guesses if g.role is Role.SCORE):
        members = [i for i, g in enumerate(guesses) if g.role is Role.SCORE and g.target == target]
        by_stem: dict[str, list[int]] = defaultdict(list)
        for index in members:
            by_stem[looks[index].stem].append(index)
        if len({guesses[i].time_point for i in members}) == len(members) or len(by_stem) < 2:
            continue
        order = sorted(by_stem.values(), key=lambda group: (-max(guesses[i].confidence for i in group), -len(group)))
        taken: set[str] = set()
        for group in order:
            own = {guesses[i].time_point for i in group}
            exact = max(guesses[i].confidence for i in group) >= EXACT_NAME
            if exact and not own & taken:
                taken |= own
                continue
            for index in group:
                stem = looks[index].stem
                name = slug(stem)
                key = target if name == target else name if name.startswith(f"{target}_") else f"{target}_{name}"
                out[index] = replace(out[index], target=key, label=_scale_name(stem) or out[index].label)
    return out


def _scale_name(stem: str) -> str:
    """ "vas rust" → "VAS rust"."""
    first, _, rest = pretty(stem).partition(" ")
    return f"{first.upper() if len(first) <= 4 else first} {rest}".strip()


def _distinct_targets(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """One column per meaning: of two "etiology" columns the surer keeps the key, the other gets its own name."""
    best: dict[tuple[str, str], int] = {}
    order = sorted(range(len(guesses)), key=lambda i: (-guesses[i].confidence, i))
    out = list(guesses)
    for index in order:
        g = guesses[index]
        if g.role in AT_TIME_POINT:
            place = (f"{g.role.value}:{g.target}", g.time_point)
        elif g.role in (Role.CATEGORY, Role.NUMBER, Role.DATE):
            place = (g.target, g.time_point if g.target == "follow_up_date" else "")
        else:
            continue
        if place in best:
            out[index] = replace(g, target=_own_target(g), label=pretty(g.name))
        else:
            best[place] = index
    return out


def _own_target(guess: ColumnGuess) -> str:
    own = slug(guess.name)
    if guess.role in (Role.EQ5D_DIMENSION, Role.EQ5D_STATE):
        return guess.target
    if guess.role is Role.SCORE and guess.target != own:
        return f"{guess.target}_{own}"
    return f"{own}_2" if own == guess.target else own
