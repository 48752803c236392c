"""Questions of the columns themselves: which scale it is, which end is better, whether it is an item."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lib.catalog.instruments import INSTRUMENTS
from lib.cohort.cohort import BASELINE
from lib.importing.checks.base import Recognised, decimal_text
from lib.importing.columns.doubts import own_key
from lib.importing.columns.look import slug
from lib.importing.columns.roles import AT_TIME_POINT, ColumnGuess, Doubt, MeasureSpec, Role
from lib.importing.columns.scores import instrument_of, scale_of
from lib.importing.findings import quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

LONGEST_NAME = 40
EXAMPLES = 8
LOOKED_AT = 200
MOST_FIRST = 3
FEW_CODES = 8


def measures(table: Recognised) -> Iterator[Question]:
    """Scores whose heading or contents leave open what they are, or which end is better: one question per measure."""
    groups: dict[tuple[str, str], list[ColumnGuess]] = defaultdict(list)
    for guess in table.columns:
        if guess.doubt is not None and guess.role is Role.SCORE:
            # the items of one questionnaire are one question
            stem = (guess.label or guess.name).lower().split()[0] if guess.doubt.code == "item" else ""
            groups[guess.doubt.code, stem or guess.doubt.group or guess.target].append(guess)
    for pattern in _patterns(table, groups):
        yield _direction_of_all(table, [c for key in pattern for c in groups.pop(key)])
    for (code, _), columns in groups.items():
        if code == "item":
            yield _items(table, columns)
        elif code in ("identity", "direction"):
            yield _measure(table, columns)


_FEWEST_OF_A_PATTERN = 4
_STEM_WORDS = 2


def _patterns(
    table: Recognised, groups: Mapping[tuple[str, str], Sequence[ColumnGuess]]
) -> list[list[tuple[str, str]]]:
    """Scores that the catalogue does not know, whose headings begin alike and whose values do too: one question."""
    alike: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for key, columns in groups.items():
        words = (columns[0].label or columns[0].name).lower().split()
        doubt = columns[0].doubt
        if doubt == Doubt("direction") and len(words) > _STEM_WORDS:
            alike[*words[:_STEM_WORDS], _range_in_words(table, columns)].append(key)
    return [keys for keys in alike.values() if len(keys) >= _FEWEST_OF_A_PATTERN]


def _direction_of_all(table: Recognised, columns: Sequence[ColumnGuess]) -> Question:
    names = tuple(c.name for c in columns)
    targets = {c.target: c.label or c.name for c in columns}
    labels = list(targets.values())
    stem = " ".join(labels[0].split()[:_STEM_WORDS])
    return Question(
        code="direction",
        key=f"direction:{columns[0].target}",
        text=f"{len(targets)} scores “{_short(stem)} …”: which end is better?",
        why=f"{quoted_list(names, 4)}: {_range_in_words(table, columns)}. The catalogue knows none of them; one answer "
        "holds for all. If they are questions of one questionnaire, skip them and give its total as a column.",
        stakes=(Stake.SIGN, Stake.SCALE),
        answers=tuple(
            Answer(
                key=key,
                label=f"{key.capitalize()} is better in all {len(targets)}",
                effect=f"{key.capitalize()} counts as improved; no end of the scale and no threshold are known.",
                columns=tuple(c.with_role(Role.SCORE, c.target, c.time_point) for c in columns),
                measures=tuple(MeasureSpec(t, label, None, None, key == "higher") for t, label in targets.items()),
            )
            for key in ("higher", "lower")
        ),
        columns=names,
        skip="If you skip this: they are left out.",
        evidence=_examples(table, columns[:_SHOWN_OF_A_PATTERN]),
    )


_SHOWN_OF_A_PATTERN = 5


def _items(table: Recognised, columns: Sequence[ColumnGuess]) -> Question:
    names = tuple(c.name for c in columns)
    targets = {c.target: c.label or c.name for c in columns}
    words = tuple(dict.fromkeys(w for c in columns if c.doubt for w in c.doubt.words))
    named = f" The heading also says {quoted_list(words, 4)}." if words else ""
    scores = []
    for key, higher in (("higher", True), ("lower", False)):
        word = "Higher" if higher else "Lower"
        own = "Scores of their own" if len(targets) > 1 else "A score of its own"
        scores.append(
            Answer(
                key=key,
                label=f"{own}: {word.lower()} is better",
                effect=f"{word} counts as improved; no end of the scale and no threshold are known.",
                columns=tuple(c.with_role(Role.SCORE, c.target, c.time_point) for c in columns),
                measures=tuple(MeasureSpec(target, label, None, None, higher) for target, label in targets.items()),
            )
        )
    return Question(
        code="item",
        key=f"item:{columns[0].target}",
        text=f"{quoted_list(map(_short, targets.values()), 2)}: questions of a questionnaire?"[:90],
        why=f"{quoted_list(names, 4)}: {_range_in_words(table, columns)}, whole ones only, as the answers to single "
        f"questions of a questionnaire.{named} An item has neither the range nor the threshold of the total.",
        stakes=(Stake.SCALE, Stake.SIGN),
        answers=(
            Answer(
                key="items",
                label="Yes: items, no outcomes of their own",
                effect="They are left out; give the total score as a column.",
                columns=tuple(c.with_role(Role.IGNORE) for c in columns),
            ),
            *scores,
        ),
        columns=names,
        skip="If you skip this: they are left out.",
        evidence=_examples(table, columns),
    )


def times(table: Recognised) -> Iterator[Question]:
    """Columns whose names hold only a number where the time point should be: which one is before the treatment."""
    groups: dict[str, list[ColumnGuess]] = defaultdict(list)
    for guess in table.columns:
        if guess.doubt is not None and guess.doubt.code == "time":
            groups[guess.doubt.group].append(guess)
    for group, columns in groups.items():
        numbers = sorted({int(c.doubt.why) for c in columns if c.doubt})
        names = tuple(c.name for c in columns)
        first = [c.name for c in columns if c.doubt and int(c.doubt.why) == numbers[0]]
        yield Question(
            code="time",
            key=f"time:{group}",
            text=f"{quoted_list(map(_short, names), 3)}: one score at {len(numbers)} time points?",
            why=f"{quoted_list(names)} differ only in a number, and nothing says which time it is: "
            "before the treatment, months after it, or a number of something else.",
            stakes=(Stake.TIME,),
            answers=(
                Answer(
                    key="first_before",
                    label=f"Yes: {quoted_list(first, 2)} before the treatment, the others after it",
                    effect="The lowest number becomes the baseline; the others are numbered time points.",
                    columns=tuple(_at(c, numbers[0]) for c in columns),
                ),
                Answer(
                    key="separate",
                    label="No: they are different things",
                    effect="They stay numbers of the patient and are compared with nothing.",
                    columns=tuple(c.with_role(Role.NUMBER, slug(c.name)) for c in columns),
                ),
            ),
            columns=names,
            skip="If you skip this: they are left out.",
            evidence=_examples(table, columns),
        )


def visits(table: Recognised) -> Iterator[Question]:
    """A column of time points of which none is said to be before the treatment."""
    for guess in table.columns:
        if guess.doubt is None or guess.doubt.code != "visits" or guess.role is not Role.TIME_POINT:
            continue
        texts = sorted((text for text, _ in guess.texts), key=_natural)
        shown = quoted_list([t.strip() for t in texts], 4)
        firsts = texts[:MOST_FIRST]
        yield Question(
            code="visits",
            key=f"visits:{guess.name}",
            text=f"{_short(guess.name)}: which of {shown} is before the treatment?"[:90],
            why=f"{guess.name} tells the rows of a patient apart by {shown}, and none says that it is before the "
            "treatment.",
            stakes=(Stake.TIME,),
            columns=(guess.name,),
            answers=(
                *(
                    Answer(
                        key=f"first_{place}",
                        label=f"“{first.strip()}” is before the treatment, the rest after it",
                        effect=f"Rows with “{first.strip()}” become the baseline.",
                        columns=(_with_first(guess, texts, first),),
                    )
                    for place, first in enumerate(firsts, start=1)
                ),
                Answer(
                    key="none",
                    label="None: all of them are after the treatment",
                    effect="There is no baseline; nothing is compared before and after.",
                    columns=(_with_first(guess, texts, ""),),
                ),
            ),
        )


def _natural(text: str) -> tuple[float, str]:
    """By the last number in it: V2 before V10, −1 before 1.5."""
    numbers = re.findall(r"(?:(?<=^)|(?<=[\s(]))-?\d+(?:[.,]\d+)?|\d+", text.strip())
    return (float(numbers[-1].replace(",", ".")) if numbers else float("inf")), text


def _with_first(guess: ColumnGuess, texts: Sequence[str], first: str) -> ColumnGuess:
    keys = dict(guess.texts)
    rest = [t for t in texts if t != first]
    dated = {t: keys[t] for t in rest if re.fullmatch(r"\d+(?:\.\d+)?[mwd]", keys[t])}
    after = {t: "follow_up" if len(rest) == 1 else f"t{place}" for place, t in enumerate(rest, start=1)}
    named = {**{first: BASELINE}, **after, **dated}
    return replace(
        guess.with_role(Role.TIME_POINT, guess.target, guess.time_point),
        texts=tuple((text, named[text]) for text, _ in guess.texts),
    )


def _at(column: ColumnGuess, first: int) -> ColumnGuess:
    """The column as a score at its number; which end is better is asked next where nothing says it."""
    doubt = column.doubt or Doubt("time")
    number = int(doubt.why)
    known = column.role in AT_TIME_POINT
    role = column.role if known else Role.SCORE
    target = column.target if known and doubt.group == "t" else _series_target(column, doubt.group)
    then = doubt.then or (Doubt("direction") if role is Role.SCORE and instrument_of(target) is None else None)
    changed = column.with_role(role, target, BASELINE if number == first else f"t{number}")
    return replace(changed, doubt=then and replace(then, group=target))


def _series_target(column: ColumnGuess, group: str) -> str:
    found = (
        instrument_of(column.target) if column.role is Role.SCORE and column.doubt and not column.doubt.then else None
    )
    return found.key if found else own_key(group)


def _measure(table: Recognised, columns: Sequence[ColumnGuess]) -> Question:
    first = columns[0]
    doubt = first.doubt or Doubt("direction")
    names = tuple(c.name for c in columns)
    seen = _range_in_words(table, columns)
    name = _short(first.label or first.name)
    text = f"“{name}”: what is it, and which end is better?" if doubt.near else f"“{name}”: which end is better?"
    why = [f"{quoted_list(names, 4)}: {seen}."]
    if doubt.near and doubt.words:
        near = INSTRUMENTS[doubt.near].short
        why.append(f"The heading names {near}, but also {quoted_list(doubt.words, 4)}: that may be another scale.")
    elif doubt.words:
        why.append(f"The heading also says {quoted_list(doubt.words, 4)}.")
    elif doubt.code == "direction":
        why.append("The catalogue does not know it.")
    why.append(doubt.why)
    return Question(
        code=doubt.code,
        key=f"{doubt.code}:{first.target}",
        text=text,
        why=" ".join(w for w in why if w),
        stakes=(Stake.SIGN, Stake.SCALE),
        answers=tuple(_answers(table, columns, doubt)),
        columns=names,
        skip="If you skip this: it is left out.",
        evidence=_examples(table, columns),
    )


def _answers(table: Recognised, columns: Sequence[ColumnGuess], doubt: Doubt) -> Iterator[Answer]:
    if doubt.near:
        found = INSTRUMENTS[doubt.near]
        low, high = scale_of(found, [table.profiles[c.name] for c in columns])
        better = "higher" if found.higher_is_better else "lower"
        alone = not any(c.target == doubt.near for c in table.columns)
        target = doubt.near if alone else f"{doubt.near}_{columns[0].target.removeprefix('own_')}"
        yield Answer(
            key="catalogue",
            label=f"It is {found.names['en']}, {low:g} to {high:g}: {better} is better",
            effect=f"It gets the range and the thresholds of {found.short}.",
            columns=tuple(c.with_role(Role.SCORE, target, c.time_point) for c in columns),
        )
    name = columns[0].label or columns[0].name
    for key, higher in (("higher", True), ("lower", False)):
        word = "Higher" if higher else "Lower"
        other = "Another score: " + word.lower() if doubt.near else f"A score: {word.lower()}"
        yield Answer(
            key=key,
            label=f"{other} is better",
            effect=f"{word} counts as improved; no end of the scale and no threshold are known.",
            columns=tuple(c.with_role(Role.SCORE, c.target, c.time_point) for c in columns),
            measures=(MeasureSpec(columns[0].target, name, None, None, higher),),
        )
    profiles = [table.profiles[c.name] for c in columns]
    if not doubt.near and all(p.whole and p.distinct <= FEW_CODES for p in profiles):
        yield Answer(
            key="codes",
            label="No score: each number stands for a group",
            effect="Neither end is better; the numbers become groups of patients.",
            columns=tuple(c.with_role(Role.CATEGORY, slug(c.name)) for c in columns),
        )


def _range_in_words(table: Recognised, columns: Sequence[ColumnGuess]) -> str:
    values = [v for c in columns for v in table.profiles[c.name].values.tolist()]
    return f"numbers from {decimal_text(min(values))} to {decimal_text(max(values))}" if values else "no number"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _examples(table: Recognised, columns: Sequence[ColumnGuess]) -> Evidence:
    """The first rows with a number in one of the columns."""
    names = tuple(c.name for c in columns)
    rows = table.sheet.texts_of(range(min(LOOKED_AT, table.sheet.n)), names)
    return Evidence(names, tuple(r for r in rows if any(t.strip() for t in r[1:]))[:EXAMPLES])
