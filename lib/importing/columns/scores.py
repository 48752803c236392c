"""Text → scores, health states, answers and yes/no outcomes at each time point."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.catalog import answers, eq5d
from lib.catalog.instruments import INDEX_OF, INSTRUMENTS, Instrument, instrument
from lib.catalog.statements import THEMES
from lib.catalog.thresholds import Threshold, thresholds_for
from lib.catalog.value_sets import DEFAULT_VALUE_SET, LEVELS_OF, Version, value_set
from lib.cohort.cohort import DONT_KNOW, NO_ANSWER, Statement, YesNo
from lib.cohort.eq5d_index import index_label
from lib.cohort.measure import Measure
from lib.importing.columns.coded_answers import AnswerCodes
from lib.importing.columns.eq5d_levels import dimension_levels
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, MeasureSpec

Levels = NDArray[np.int8]
WIDE_SPAN = Decimal(50)
LARGER_SCALE_SHARE = 0.05
HUNDRED = Decimal(100)
PERCENT = re.compile(r"%|\b(?:pct|percent|percentage|procent|prozent|pourcent)", re.IGNORECASE)
"""What a heading says of a score that is given in percent of the points."""
GOOD_NEWS = re.compile(
    r"\b(?:work|working|werk|arbeit|sport|return|recovered|hersteld|free|vrij)\b"
    r"|\b(?:satisf|tevreden|zufrieden|recommend|aanraden|aanbevel|weiterempf)"
)


def instrument_of(target: str) -> Instrument | None:
    """The instrument of a measure key: "pain", "pain_back", "koos_sport", "eq5d3l_index:europe_vas"; None: unknown."""
    base = target.partition(":")[0]
    parts = base.split("_")
    for end in range(len(parts), 0, -1):
        key = "_".join(parts[:end])
        if key in INSTRUMENTS:
            return instrument(target) if ":" in target else INSTRUMENTS[key]
    return None


def scale_of(found: Instrument, profiles: Sequence[Profile]) -> tuple[Decimal, Decimal]:
    """Which of the instrument's scales the file uses: the smallest that holds the values, missing-value codes aside.

    A larger scale needs more than a few values beyond the smaller one: a single 55 on 0–10 is a slip, not a scale.
    """
    scales = sorted(found.scales, key=lambda s: s[1] - s[0])
    if any(PERCENT.search(p.column.name) or PERCENT.search(p.column.heading) for p in profiles):
        scales = [s for s in scales if s[1] == HUNDRED] or scales
    for low, high in scales[:-1]:
        beyond = total = distinct = 0
        for p in profiles:
            values, known = p.numbers.values, p.numbers.is_number
            codes = np.isin(values, NUMERIC_CODES) & (values > float(high))
            over = known & ~codes & (values > float(high))
            beyond += int(p.counts[over].sum())
            distinct += int(np.count_nonzero(over & (p.counts > 0)))
            total += int(p.counts[known & ~codes].sum())
        if not total and any(len(p.meant) for p in profiles):  # every number has its unit in the cell
            total = sum(len(p.meant) for p in profiles)
            beyond = distinct = sum(int((p.meant > float(high)).sum()) for p in profiles)
        if total and (beyond < LARGER_SCALE_SHARE * total or distinct < 3):
            return low, high
    return scales[-1]


def measure_of(target: str, label: str, profiles: Sequence[Profile], spec: MeasureSpec | None) -> Measure:
    """The measure of a score, from the catalogue or from what the user said."""
    decimals = max((p.numbers.decimals for p in profiles), default=0)
    step = Decimal(1).scaleb(-decimals)
    found = instrument_of(target)
    if spec is not None:
        return _own_measure(spec, step, decimals, found.key if found else None, _span(profiles))
    if found is None:
        raise KeyError(f"no instrument and no details for the measure {target!r}")
    low, high = scale_of(found, profiles)
    resolution = step if found.resolution is None else min(found.resolution, step)
    return Measure(
        key=target,
        label=label,
        instrument=found.key,
        unit=found.unit,
        low=low,
        high=high,
        higher_is_better=found.higher_is_better,
        resolution=resolution,
        decimals=_shown(found.decimals, high - low, resolution),
        better_words=found.better_words,
        worse_words=found.worse_words,
        thresholds=thresholds_for(found.key, low, high),
    )


def _shown(decimals: int, span: Decimal, resolution: Decimal) -> int:
    """Decimals of a mean: on a scale of 0 to 100 whole numbers do not carry two, and quarter points not three."""
    return min(decimals, 1 if resolution >= 1 else 2) if span >= WIDE_SPAN else decimals


def _span(profiles: Sequence[Profile]) -> Decimal:
    """From the smallest to the largest value in the file, codes apart; for a scale that nobody stated."""
    found = [p.numbers.values[p.numbers.is_number & (p.counts > 0)] for p in profiles]
    values = np.concatenate(found) if found else np.zeros(0)
    values = values[~np.isin(values, NUMERIC_CODES)]
    return Decimal(str(float(np.ptp(values)))) if len(values) else Decimal(0)


def _own_measure(spec: MeasureSpec, step: Decimal, decimals: int, key: str | None, seen: Decimal) -> Measure:
    thresholds: tuple[Threshold, ...] = ()
    if spec.threshold is not None:
        thresholds = (_own_threshold(spec),)
    elif key is not None and spec.low is not None and spec.high is not None and spec.low < spec.high:
        thresholds = thresholds_for(key, spec.low, spec.high)
    span = seen if spec.low is None or spec.high is None else spec.high - spec.low
    return Measure(
        key=spec.key,
        label=spec.label,
        instrument=key,
        unit=spec.unit,
        low=spec.low,
        high=spec.high,
        higher_is_better=spec.higher_is_better,
        resolution=step,
        decimals=_shown(min(3, decimals + 1), span, step),
        thresholds=thresholds,
    )


def _own_threshold(spec: MeasureSpec) -> Threshold:
    assert spec.threshold is not None
    return Threshold(
        key=f"{spec.key}_own", instrument=spec.key, name="Smallest improvement that counts", kind="absolute",
        value=spec.threshold, unit=spec.unit, scale_low=spec.low, scale_high=spec.high, population="chosen at upload",
        citation="entered by the user", smallest_detectable_change=None, value_set=None, default=True, converted=False,
        note="",
    )  # fmt: skip


def scores(profile: Profile, measure: Measure) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(n,) scores, NaN where there is none, and where a number outside the scale stands (its score is NaN too)."""
    values = profile.row_values().copy()
    outside = np.zeros(len(values), dtype=bool)
    if measure.low is not None:
        outside |= values < float(measure.low)
    if measure.high is not None:
        outside |= values > float(measure.high)
    values[outside] = np.nan
    return values, outside


def index_measure(chosen: str = DEFAULT_VALUE_SET) -> Measure:
    """The measure that is computed from the states, under a value set."""
    base = INDEX_OF[value_set(chosen).version]
    key = f"{base}:{chosen}"
    found = instrument(key)
    return Measure(
        key=key,
        label=index_label(chosen),
        instrument=base,
        unit=found.unit,
        low=found.low,
        high=found.high,
        higher_is_better=True,
        resolution=eq5d.resolution(chosen),
        decimals=found.decimals,
        better_words=found.better_words,
        worse_words=found.worse_words,
        thresholds=thresholds_for(key, found.low, found.high),
        value_set=chosen,
    )


def states_from_texts(profile: Profile, version: Version = "3L") -> tuple[Levels, NDArray[np.bool_]]:
    """(n, 5) levels, 0 where missing, and where something illegal stands (all five become 0)."""
    table = np.zeros((len(profile.column.levels), 5), dtype=np.int8)
    illegal = np.zeros(len(profile.column.levels), dtype=bool)
    for index, text in enumerate(profile.column.levels):
        if not text.strip() or answers.is_non_answer(text):
            continue
        state = eq5d.parse_state(text)
        if state is None or any(level > LEVELS_OF[version] for level in state):
            illegal[index] = True
        else:
            table[index] = state
    codes = profile.column.codes
    return table[codes], illegal[codes]


def states_from_columns(columns: Mapping[str, Profile], version: Version = "3L") -> tuple[Levels, NDArray[np.bool_]]:
    """(n, 5) levels from five columns keyed MO, SC, UA, PD, AD; 9 and 0 are missing, another level makes it illegal."""
    n = len(next(iter(columns.values())).column)
    states = np.zeros((n, 5), dtype=np.int8)
    illegal = np.zeros(n, dtype=bool)
    for position, key in enumerate(d.key for d in eq5d.DIMENSIONS):
        if key not in columns:
            continue
        profile = columns[key]
        values = (
            dimension_levels(profile, LEVELS_OF[version])[profile.column.codes]
            if profile.column.levels
            else np.full(n, np.nan)
        )
        missing = np.isnan(values) | (values == 9) | (values == 0)
        legal = np.isin(values, range(1, LEVELS_OF[version] + 1))
        illegal |= ~missing & ~legal
        states[legal, position] = values[legal].astype(np.int8)
    states[illegal] = 0
    return states, illegal


def statement(
    guess: ColumnGuess, profiles: Sequence[Profile], scale: answers.AnswerScale | None, codes: AnswerCodes | None = None
) -> Statement:
    """The statement of some columns (one per time point). Its levels are those of the answer scale, else the codes,
    else the words in the order of the file."""
    words = dict.fromkeys(t for p in profiles for t in p.words)
    levels = scale.levels if scale is not None else codes.levels if codes is not None else tuple(words)
    theme = next((t for t in THEMES if t.key == guess.target), None)
    return Statement(
        key=guess.target,
        label=theme.statements["en"] if theme and guess.label == theme.labels["en"] else guess.label,
        levels=tuple(levels),
        short=theme.labels["en"] if theme else "",
    )


def answer_codes(profile: Profile, levels: Sequence[str], scale: answers.AnswerScale | None) -> Levels:
    """(n,) level index, −1 no answer, −2 "don't know" or "not applicable"."""
    known = dict(scale.codes) if scale is not None else {level: i for i, level in enumerate(levels)}
    lookup = np.full(len(profile.column.levels), NO_ANSWER, dtype=np.int8)
    for index, text in enumerate(profile.column.levels):
        word = profile.column.labels.get(text, text).strip()
        if not word:
            continue
        if word in known:
            lookup[index] = known[word]
        elif (code := re.sub(r"[.,]0+$", "", word)) in known:
            lookup[index] = known[code]
        elif answers.is_non_answer(word):
            lookup[index] = DONT_KNOW
    codes: Levels = lookup[profile.column.codes]
    return codes


def yes_no_codes(profile: Profile) -> Levels:
    """(n,) 1 yes, 0 no, −1 not recorded."""
    lookup = np.full(len(profile.column.levels), -1, dtype=np.int8)
    for index, text in enumerate(profile.column.levels):
        word = profile.column.labels.get(text, text)
        meaning = None if answers.is_non_answer(word) else answers.yes_no(word)
        if meaning is not None:
            lookup[index] = int(meaning)
    codes: Levels = lookup[profile.column.codes]
    return codes


def outcome(guess: ColumnGuess) -> YesNo:
    """A yes/no outcome; work and sport are good news, everything else patients hope to be without."""
    good = bool(GOOD_NEWS.search(guess.target.replace("_", " ")))
    return YesNo(guess.target, guess.label, good)
