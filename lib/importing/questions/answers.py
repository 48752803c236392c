"""Questions of answers: which number is the best one, answer codes of a survey program, one scale in two languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from lib.catalog import answers
from lib.catalog.answers import known_scales, normalise
from lib.importing.checks.base import Recognised, used_columns
from lib.importing.columns.coded_answers import AnswerSpec, Series, codes_of, listed_series, series_of
from lib.importing.columns.doubts import without_codes
from lib.importing.columns.look import slug
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.findings import Repair, quoted_list
from lib.importing.questions.base import Answer, Question, Stake

SURVEY_CODE = re.compile(r"AO?0*([0-9]{1,2})", re.IGNORECASE)
LEAST_CODES = 3
MOST_ANSWERS = 14
LANGUAGES = {"en": "English", "nl": "Dutch", "de": "German"}


def coded(table: Recognised) -> Iterator[Question]:
    """Statements answered in numbers: 1 is "very satisfied" as often as 5, so the best end is always asked."""
    answered = {a.series for a in table.answers}
    listed: dict[str, tuple[str, list[Profile]]] = {}
    columns: dict[str, list[ColumnGuess]] = defaultdict(list)
    for guess, p in used_columns(table, Role.STATEMENT):
        listed.setdefault(guess.target, (guess.label or guess.name, []))[1].append(p)
        columns[series_of(guess.target)].append(guess)
    for series in listed_series(listed):
        if series.key not in answered:
            own = [table.profiles[c.name] for c in columns[series.key]]
            codes = without_codes(np.array(sorted(codes_of(own)), dtype=float))
            # a 9 beside 1 to 5 stands for no answer
            yield _best_end(replace(series, high=min(series.high, int(codes[-1]))), columns[series.key])


def _best_end(series: Series, columns: list[ColumnGuess]) -> Question:
    names = tuple(c.name for c in columns)
    ends = (("low", series.low, True), ("high", series.high, False))
    return Question(
        code="answers",
        key=f"answers:{series.key}",
        text=f"{quoted_list(series.names, 2)}: which number is the best answer?"[:90],
        why=f"{quoted_list(names, 4)}: answers in numbers from {series.low} to {series.high}. 1 is “very satisfied” in "
        "one questionnaire and “very dissatisfied” in the next.",
        stakes=(Stake.SIGN,),
        columns=names,
        answers=tuple(
            Answer(
                key=f"{key}_best",
                label=f"{end} is the best answer",
                effect=f"{end} counts as the most favourable answer of {series.low} to {series.high}.",
                answers=(AnswerSpec(series.key, series.low, series.high, low_is_best=low_is_best),),
            )
            for key, end, low_is_best in ends
        ),
        skip="If you skip this: these statements are left out.",
    )


def survey_codes(table: Recognised) -> Iterator[Question]:
    """A1 … A5: the answer codes of a survey program, in the order in which it showed them."""
    found: list[tuple[ColumnGuess, Profile]] = []
    for guess, p in used_columns(table, Role.CATEGORY):
        texts = [t.strip() for t in p.levels]
        if not p.column.labels and len(texts) <= MOST_ANSWERS and all(map(SURVEY_CODE.fullmatch, texts)):
            found.append((guess, p))
    seen = {int(m[1]) for _, p in found for t in p.levels if (m := SURVEY_CODE.fullmatch(t.strip()))}
    if len(seen) < LEAST_CODES:
        return
    names = tuple(g.name for g, _ in found)
    low, high = min(*seen, 1), max(seen)
    values = {t: m[1] for _, p in found for t in p.levels if (m := SURVEY_CODE.fullmatch(t.strip()))}
    codes = quoted_list(sorted(values), 4)
    repair = Repair("replace", names, f"{quoted_list(names, 3)}: {codes} become numbers", tuple(sorted(values.items())))
    columns = tuple(g.with_role(Role.STATEMENT, slug(g.name), g.time_point or _usual(table)) for g, _ in found)
    series = dict.fromkeys(series_of(c.target) for c in columns)
    yield Question(
        code="survey_codes",
        key="survey_codes:" + ",".join(slug(n) for n in names),
        text=f"{codes}: are these ordered answers, and which is the best?"[:90],
        why=f"{quoted_list(names, 4)} hold the codes {codes} of a survey program, which do not say what was answered.",
        stakes=(Stake.SIGN,),
        columns=names,
        answers=(
            *(
                Answer(
                    key=key,
                    label=f"Ordered answers; A{end} is the best",
                    effect="They are counted as ordered answers, from the worst to the best.",
                    columns=columns,
                    repairs=(repair,),
                    answers=tuple(AnswerSpec(s, low, high, low_is_best=best) for s in series),
                )
                for key, end, best in (("low_best", low, True), ("high_best", high, False))
            ),
            Answer("categories", "Choices without an order", "They stay categories.", tuple(map(_settled, found))),
        ),
        skip="If you skip this: they are left out.",
    )


def _settled(found: tuple[ColumnGuess, Profile]) -> ColumnGuess:
    guess, _ = found
    return guess.with_role(guess.role, guess.target, guess.time_point)


def _usual(table: Recognised) -> str:
    """The last time point that a column of the table has; "once" where none has any."""
    keys = [c.time_point for c in table.columns if c.time_point not in ("", "*", "baseline", "once")]
    return max(keys, key=keys.count) if keys else "once"


def two_languages(table: Recognised) -> Iterator[Question]:
    """ "agree" and "mee eens" in one column: one scale of answers in two languages."""
    for guess, p in used_columns(table, Role.CATEGORY, Role.STATEMENT):
        words = [w for w in p.words if not answers.is_non_answer(w)]
        if not 2 <= len(words) <= MOST_ANSWERS or answers.candidates(p.words):
            continue
        one = _one_scale(words)
        if one is None:
            continue
        languages, become = one
        changed = {t: become[t.strip()] for t in p.levels if t.strip() in become and become[t.strip()] != t.strip()}
        spoken = " and ".join(LANGUAGES[language] for language in languages)
        yield Question(
            code="two_languages",
            key=f"two_languages:{guess.name}",
            text=f"“{guess.name[:40]}”: the same answers in {spoken}?",
            why=f"{guess.name}: {quoted_list(words, 4)} are one scale in {spoken}; now each counts by itself.",
            stakes=(Stake.DENOMINATOR,),
            columns=(guess.name,),
            answers=(
                Answer(
                    key="one_scale",
                    label=f"Yes: count them as one scale ({LANGUAGES[languages[0]]})",
                    effect=f"{quoted_list(changed, 3)} become {quoted_list(changed.values(), 3)}.",
                    columns=(guess.with_role(Role.STATEMENT, guess.target, guess.time_point or _usual(table)),),
                    repairs=(
                        Repair(
                            "replace",
                            (guess.name,),
                            f"{guess.name}: answers in {LANGUAGES[languages[1]]} become {LANGUAGES[languages[0]]}",
                            tuple(changed.items()),
                        ),
                    ),
                ),
                Answer(
                    "categories", "No: they are different answers", "They stay categories.", (_settled((guess, p)),)
                ),
            ),
            skip="If you skip this: it is left out.",
        )


def _one_scale(words: list[str]) -> tuple[tuple[str, str], Mapping[str, str]] | None:
    """Two languages of one scale that together hold all words, and each word in the language most are written in."""
    for key in dict.fromkeys(s.key for s in known_scales() if s.kind != "yes/no"):
        scales = [s for s in known_scales() if s.key == key]
        own = {s.language: [w for w in words if normalise(w) in s.wordings] for s in scales}
        order = sorted(scales, key=lambda s: -len(own[s.language]))
        if len(order) < 2 or set(own[order[0].language]) | set(own[order[1].language]) != set(words):
            continue
        main, other = order[0], order[1]
        written = {main.wordings[normalise(w)]: w for w in own[main.language]}
        become = {
            w: written.get(other.wordings[normalise(w)], main.levels[other.wordings[normalise(w)]])
            for w in own[other.language]
            if w not in own[main.language]
        }
        return ((main.language, other.language), become) if become else None
    return None
