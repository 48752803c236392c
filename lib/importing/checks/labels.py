"""Checks of words: spellings of one category, damaged letters, words for missing, answers outside the scale."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from lib.catalog import answers
from lib.catalog.answers import normalise, one_slip_apart
from lib.catalog.statements import worded_in_reverse
from lib.importing.checks.base import Recognised, cells, finding, in_rows, used_columns
from lib.importing.checks.values import code_values
from lib.importing.columns.lexicon import fit_meaning, meanings
from lib.importing.columns.numbers import is_missing_word
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.columns.timepoints import BEFORE_PHRASES, split_names, time_point_of_key
from lib.importing.event_words import event_in_doubt, unknown_event
from lib.importing.files.encoding import MOJIBAKE
from lib.importing.findings import Finding, Repair, Severity, quoted_list

SHORTEST = 5
ROMAN_END = re.compile(r"\b[ivx]+$|\d")
TEXT_ROLES = (Role.CATEGORY, Role.EVENT_TYPE, Role.EVENT_TIMING, Role.EVENT_SEVERITY, Role.EVENT_PROCEDURE)
MOST_LEVELS = 200


def alike(table: Recognised) -> Iterator[Finding]:
    """Levels that differ only in case, spacing or one letter, with the repair to make them one."""
    for guess, p in used_columns(table, *TEXT_ROLES):
        if p.distinct < 2 or p.distinct > MOST_LEVELS or p.column.labels:
            continue
        for common, others in _groups(p).items():
            mask = p.rows_with(others)
            yield finding(
                table,
                "alike_labels",
                Severity.WARNING,
                f"{guess.name}: {quoted_list([common, *others])} look like one category written in different ways "
                f"({in_rows(table, mask)}). They count as different ones unless you say so.",
                guess.name,
                mask,
                repair=Repair(
                    "replace",
                    (guess.name,),
                    f'{guess.name}: {quoted_list(others)} become{"s" if len(others) == 1 else ""} "{common}"',
                    tuple((o, common) for o in others),
                ),
            )


def _groups(p: Profile) -> dict[str, list[str]]:
    """The commonest spelling → the other ones."""
    counts = dict(zip(p.column.levels, p.counts.tolist(), strict=True))
    order = sorted(p.levels, key=lambda t: -counts[t])
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for position, common in enumerate(order):
        if common in taken:
            continue
        others = [t for t in order[position + 1 :] if t not in taken and _same_words(common, t, counts)]
        if others:
            found[common] = others
            taken.update(others)
    return found


def _same_words(a: str, b: str, counts: dict[str, int]) -> bool:
    plain_a, plain_b = normalise(a), normalise(b)
    tight_a, tight_b = plain_a.replace(" ", ""), plain_b.replace(" ", "")
    if tight_a == tight_b:
        # "<5" and ">5" have the same letters
        return bool(tight_a) and not (set(a) ^ set(b)) & set("<>≤≥+=-−")
    if min(len(tight_a), len(tight_b)) < SHORTEST or ROMAN_END.search(plain_a) or ROMAN_END.search(plain_b):
        return False
    if not one_slip_apart(tight_a, tight_b) or _names_a_letter(plain_a, plain_b):
        return False
    # two common words that differ in one letter may both be meant, unless a doubled letter is all ("Zwole")
    return counts[b] <= max(2, 0.2 * counts[a]) or _undoubled(tight_a) == _undoubled(tight_b)


def _undoubled(word: str) -> str:
    return re.sub(r"([a-z])\1", r"\1", word)


def _names_a_letter(a: str, b: str) -> bool:
    """ "Grade A" and "Grade B": a word of one letter is all that tells them apart."""
    different = [(x, y) for x, y in zip(a.split(), b.split(), strict=False) if x != y]
    return len(a.split()) == len(b.split()) and any(len(x) == len(y) == 1 for x, y in different)


def damaged_letters(table: Recognised) -> Iterator[Finding]:
    """Labels in which é has become Ã©, with the repair."""
    for guess, p in used_columns(table, *TEXT_ROLES, Role.STATEMENT):
        mended = {t: m for t in p.levels if any(pair in t for pair in MOJIBAKE) and (m := _mended(t)) != t}
        if mended:
            mask = p.rows_with(list(mended))
            first = next(iter(mended))
            yield finding(
                table,
                "damaged_letters",
                Severity.WARNING,
                f'{guess.name}: damaged letters in {cells(int(mask.sum()))} ("{first}" was probably '
                f'"{mended[first]}").',
                guess.name,
                mask,
                repair=Repair(
                    "replace",
                    (guess.name,),
                    f'{guess.name}: "{first}" becomes "{mended[first]}"',
                    tuple(mended.items()),
                ),
            )


def _mended(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def missing_words(table: Recognised) -> Iterator[Finding]:
    """ "n/a" in a column of words: left in as an answer until the user says that it means missing.

    Columns with the same words are told together, a center by itself: NA may be its name.
    """
    by_labels: dict[tuple[str, ...], list[ColumnGuess]] = {}
    for guess, p in used_columns(table, *TEXT_ROLES):
        words = tuple(sorted(t for t in p.levels if is_missing_word(p.column.labels.get(t, t))))
        if words and guess.role is not Role.EVENT_TYPE:
            own = (*words, guess.name) if guess.target == "center" else words
            by_labels.setdefault(own, []).append(guess)
    for key, columns in by_labels.items():
        names = tuple(c.name for c in columns)
        words = tuple(w for w in key if w not in names or w in table.profiles[names[0]].levels)
        count = sum(int(table.profiles[name].rows_with(words).sum()) for name in names)
        where = names[0] if len(names) == 1 else f"{len(names)} columns ({quoted_list(names)})"
        yield finding(
            table,
            "missing_word_in_labels",
            Severity.NOTE,
            f"{where}: {quoted_list(words)} in {cells(count)} may mean missing; it counts as an answer unless you "
            "say so.",
            names[0],
            table.profiles[names[0]].rows_with(words),
            count=count,
            repair=Repair(
                "replace", names, f"{where}: {quoted_list(words)} becomes blank", tuple((w, "") for w in words)
            ),
        )


def unknown_answers(table: Recognised) -> Iterator[Finding]:
    """Texts in a statement that are no answer of its scale, and yes/no columns with a third word."""
    for guess, p in used_columns(table, Role.STATEMENT):
        yield from _slips(table, guess, p)
    for guess, p in used_columns(table, Role.YESNO, Role.EVENT_SERIOUS):
        named = guess.role is Role.YESNO and not p.column.labels  # `missing_codes` does
        codes = code_values(table, guess, p) if named else []
        values = dict(zip(p.column.levels, p.numbers.values.tolist(), strict=True))
        words = {t: p.column.labels.get(t, t) for t in p.levels if values[t] not in codes}
        strange = [t for t, w in words.items() if answers.yes_no(w) is None and not answers.is_non_answer(w)]
        if strange:
            mask = p.rows_with(strange)
            yield finding(
                table,
                "neither_yes_nor_no",
                Severity.WARNING,
                f"{guess.name}: {quoted_list(strange)} ({in_rows(table, mask)}) is neither yes nor no and "
                "counts as missing.",
                guess.name,
                mask,
            )


def worded_otherwise(table: Recognised) -> Iterator[Finding]:
    """Statements with which it is bad to agree, and statements that hold "before surgery" within their sentence."""
    seen: set[str] = set()
    for guess, p in used_columns(table, Role.STATEMENT):
        heading = p.column.heading or guess.name
        if guess.target in seen:
            continue
        seen.add(guess.target)
        if worded_in_reverse(heading):
            yield finding(
                table,
                "worded_in_reverse",
                Severity.WARNING,
                f"{guess.name}: by its words, agreeing (or often) is the unfavourable answer. It is counted as "
                "answered, in its own words; turn it round on the page Statements where the favourable share is meant.",
                guess.name,
                count=p.filled,
            )
        words = normalise(heading)
        if any(f" {phrase}" in words for phrase in BEFORE_PHRASES) and guess.time_point not in ("baseline", "*"):
            yield finding(
                table,
                "time_within_sentence",
                Severity.WARNING,
                f"{guess.name}: the words for “before surgery” are a part of the sentence. It counts as answered at "
                f"{time_point_of_key(guess.time_point).label}; say the time point where that is wrong.",
                guess.name,
                count=p.filled,
            )


def _slips(table: Recognised, guess: ColumnGuess, p: Profile) -> Iterator[Finding]:
    fits = answers.candidates(p.words)
    by_label = {p.column.labels.get(t, t).strip(): t for t in p.levels}
    for suspicion in fits[0].suspicions if fits else ():
        text = by_label.get(suspicion.label, suspicion.label)
        level = fits[0].levels[suspicion.level]
        mask = p.rows_with([text])
        yield finding(
            table,
            "misspelt_answer",
            Severity.WARNING,
            f'{guess.name}: "{suspicion.label}" ({in_rows(table, mask)}) is probably "{level}"; it does not count '
            "unless you say so.",
            guess.name,
            mask,
            repair=Repair(
                "replace", (guess.name,), f'{guess.name}: "{suspicion.label}" becomes "{level}"', ((text, level),)
            ),
        )
    if not fits and p.numeric < 0.5 and not p.column.labels:
        yield finding(
            table,
            "no_answer_scale",
            Severity.WARNING,
            f"{guess.name}: {quoted_list(p.levels)} are not the answers of one known scale; they are shown in "
            "the order of "
            "the file.",
            guess.name,
            count=p.filled,
        )


# Checks of adverse events: a yes without a name.


def unknown_events(table: Recognised) -> Iterator[Finding]:
    """ "Unknown" under the complications: missing, neither an event nor none."""
    for guess, p in used_columns(table, Role.EVENT_TYPE):
        words = [t for t in p.levels if unknown_event(p.column.labels.get(t, t))]
        if words:
            mask = p.rows_with(words)
            yield finding(
                table,
                "event_unknown",
                Severity.WARNING,
                f"{guess.name}: {quoted_list(words, 3)} in {cells(int(mask.sum()))} ({in_rows(table, mask)}): nobody "
                "knows whether something happened. These patients are missing from rates, not counted as without.",
                guess.name,
                mask,
            )


def events_in_doubt(table: Recognised) -> Iterator[Finding]:
    """ "Infection?", "r/o DVT", "no union": counted as they stand, and asked whether they happened."""
    for guess, p in used_columns(table, Role.EVENT_TYPE):
        words = [t for t in p.levels if event_in_doubt(p.column.labels.get(t, t))]
        if not words or p.column.labels:
            continue
        mask = p.rows_with(words)
        yield finding(
            table,
            "event_in_doubt",
            Severity.ERROR,
            f"{guess.name}: {quoted_list(words, 3)} in {cells(int(mask.sum()))} ({in_rows(table, mask)}) may be no "
            "event. Each counts as one unless you say so.",
            guess.name,
            mask,
            repair=Repair(
                "replace",
                (guess.name,),
                f"{guess.name}: {quoted_list(words)}: not known whether it happened",
                tuple((w, "unknown") for w in words),
            ),
        )


def turned_yes(table: Recognised) -> Iterator[Finding]:
    """ "No complications: yes", "opioid-free: yes": shown in the words of the file and taken for no known outcome."""
    for guess, p in used_columns(table, Role.CATEGORY, Role.YESNO):
        heading = split_names([guess.name])[0].stem
        fit = fit_meaning(heading)
        if (
            fit is None
            or not answers.denies(fit.rest)
            or not all(answers.yes_no(w) is not None or answers.is_non_answer(w) for w in p.words)
        ):
            continue
        yield finding(
            table,
            "worded_in_reverse",
            Severity.WARNING,
            f'{guess.name}: by its words, yes means that there was none ("{fit.phrase}"). It is shown in the words of '
            "the file and counted neither as an adverse event nor beside an outcome that asks the other way round.",
            guess.name,
            count=p.filled,
        )


def unnamed_events(table: Recognised) -> Iterator[Finding]:
    """ "Complication: yes" where the column that says which one is blank: such an event is not counted."""
    types = list(used_columns(table, Role.EVENT_TYPE))
    if not types:
        return
    blank = np.logical_and.reduce([p.column.blank() for _, p in types])
    for guess, p in used_columns(table, Role.CATEGORY):
        fit = fit_meaning(split_names([guess.name])[0].stem)
        if fit is None or meanings()[fit.key].role is not Role.EVENT_TYPE:
            continue
        yes = p.rows_with([t for t in p.levels if answers.yes_no(p.column.labels.get(t, t))])
        mask = yes & blank
        if mask.any():
            yield finding(
                table,
                "event_without_name",
                Severity.WARNING,
                f"{guess.name} says yes in {in_rows(table, mask)}, but {quoted_list([g.name for g, _ in types], 3)} "
                "does not say what happened. Only events with a name are counted; write it in the file.",
                guess.name,
                mask,
            )
