"""Questions of the EQ-5D: which version levels or an index are of, levels counted from 0, states spelled otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from lib.catalog.instruments import INDEX_OF, INSTRUMENTS
from lib.importing.checks.base import Recognised, decimal_text, used_columns
from lib.importing.columns.doubts import INDEX_VERSION, own_key
from lib.importing.columns.eq5d_levels import FIVE_LEVELS, dimension_levels, named_version
from lib.importing.columns.look import slug
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, MeasureSpec, Role
from lib.importing.findings import Repair, quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

Columns = Sequence[tuple[ColumnGuess, Profile]]
_NO_VERSION = re.compile(r"eq[ _.-]?5[ _.-]?d(?![ _.-]*(?:[35]|y))", re.IGNORECASE)


def _headings(columns: Columns) -> list[str]:
    return [text for _, p in columns for text in (p.column.name, p.column.heading)]


def eq5d_index(table: Recognised) -> Iterator[Question]:
    """An index whose heading names no version, in a file where nothing else does: one question for all of them."""
    columns = [
        (g, p) for g, p in used_columns(table, Role.SCORE) if g.doubt is not None and g.doubt.code == INDEX_VERSION
    ]
    if not columns:
        return
    names = tuple(g.name for g, _ in columns)
    values = [v for _, p in columns for v in p.values.tolist()]
    seen = f"numbers from {decimal_text(min(values))} to {decimal_text(max(values))}" if values else "no number"
    words = tuple(dict.fromkeys(w for g, _ in columns if g.doubt for w in g.doubt.words))
    also = f" The heading also says {quoted_list(words, 4)}." if words else ""
    targets = {g.target: g.label or g.name for g, _ in columns}

    def taken_for(key: str, short: str) -> tuple[ColumnGuess, ...]:
        def target(guess: ColumnGuess) -> str:
            return key if len(targets) == 1 else f"{key}_{slug(targets[guess.target])}"

        label = {t: short if len(targets) == 1 else f"{short} ({name})" for t, name in targets.items()}
        return tuple(g.with_role(Role.SCORE, target(g), g.time_point, label[g.target]) for g, _ in columns)

    own = {target: own_key(slug(name)) for target, name in targets.items()}
    yield Question(
        code=INDEX_VERSION,
        key=f"{INDEX_VERSION}:{columns[0][0].target}",
        text=f"“{next(iter(targets.values()))[:30]}”: the index of which EQ-5D is it?",
        why=f"{quoted_list(names, 4)}: {seen}; no heading of the file names the version.{also} Three and five levels "
        "give one and the same health another index, and what counts as improved was found for one of them.",
        stakes=(Stake.SCALE,),
        columns=names,
        answers=(
            Answer(
                key="eq5d3l",
                label="EQ-5D-3L: three levels",
                effect="It gets the thresholds of the EQ-5D-3L index.",
                columns=taken_for(INDEX_OF["3L"], INSTRUMENTS[INDEX_OF["3L"]].short),
            ),
            Answer(
                key="eq5d5l",
                label="EQ-5D-5L: five levels, with values of its own or by the crosswalk",
                effect="Thresholds found with the EQ-5D-3L are offered, never first, and say so.",
                columns=taken_for(INDEX_OF["5L"], INSTRUMENTS[INDEX_OF["5L"]].short),
            ),
            Answer(
                key="unknown",
                label="Nobody knows, or another index",
                effect="Higher is better; its name says that the version is not known, and no threshold is offered.",
                columns=tuple(
                    g.with_role(Role.SCORE, own[g.target], g.time_point, f"{targets[g.target]} (version not known)")
                    for g, _ in columns
                ),
                measures=tuple(
                    MeasureSpec(own[target], f"{name} (version not known)", None, None, higher_is_better=True)
                    for target, name in targets.items()
                ),
            ),
        ),
        skip="If you skip this: it is left out.",
        evidence=_first_rows(table, names),
    )


def _first_rows(table: Recognised, names: Sequence[str], most: int = 5) -> Evidence:
    return Evidence(tuple(names), table.sheet.texts_of(range(min(most, table.sheet.n)), names))


def eq5d_version(table: Recognised) -> Iterator[Question]:
    """Only levels 1 to 3 occur, but the heading says five levels, or names the EQ-5D in columns without a version."""
    columns = list(used_columns(table, Role.EQ5D_STATE, Role.EQ5D_DIMENSION))
    if any(g.confidence == 1 for g, _ in columns):
        return
    five = named_version(_headings(columns)) == "5L"
    unnamed = bool(columns) and all(g.role is Role.EQ5D_DIMENSION and _NO_VERSION.search(g.name) for g, _ in columns)
    if not five and not unnamed:
        return
    if max((_highest(g, p) for g, p in columns), default=0) > 3:
        return
    names = tuple(g.name for g, _ in columns)
    if five:
        text = "EQ-5D with five levels by its name, but only 1 to 3 occur. Which one?"
        says = "the heading says 5L, the levels 1 to 3 are those of the 3L"
    else:
        text = "Which EQ-5D is it: with three levels or with five?"
        answered = sum(p.filled for _, p in columns)
        says = f"the heading names no version, and nobody has a 4 or 5 in {answered:,} answers"
    yield Question(
        code="eq5d_version",
        key="eq5d_version",
        text=text,
        why=f"{quoted_list(names, 4)}: {says}. The same state has another value in each version.",
        stakes=(Stake.SCALE,),
        columns=names,
        evidence=_levels_counted(columns),
        answers=(
            Answer(
                key="eq5d3l",
                label="EQ-5D-3L: three levels, the name is wrong" if five else "EQ-5D-3L: three levels",
                effect="The index is computed from the three-level value sets.",
                columns=tuple(g.with_role(g.role, g.target, g.time_point) for g, _ in columns),
            ),
            Answer(
                key="eq5d5l",
                label="EQ-5D-5L: nobody chose 4 or 5",
                effect="The index is computed from the five-level value sets.",
                columns=tuple(
                    g.with_role(g.role, f"{g.target.partition(':')[0]}:{FIVE_LEVELS}", g.time_point) for g, _ in columns
                ),
            ),
        ),
        skip="If you skip this: these columns are left out.",
    )


def _levels_counted(columns: Sequence[tuple[ColumnGuess, Profile]]) -> Evidence:
    """How often each of the five levels was chosen, a row per dimension, all time points together."""
    chosen: dict[str, list[int]] = {}
    first: dict[str, str] = {}
    for guess, p in columns:
        if guess.role is Role.EQ5D_DIMENSION:
            levels = dimension_levels(p)
            key = guess.target.partition(":")[0]
            before = chosen.get(key, [0] * 5)
            own = [int(p.counts[levels == k].sum()) if len(levels) else 0 for k in range(1, 6)]
            chosen[key] = [a + b for a, b in zip(before, own, strict=True)]
            first.setdefault(key, guess.name)
    rows = tuple((first[key], *(f"{n:,}" for n in counts)) for key, counts in chosen.items())
    return Evidence(("Column in the file, all times together", "answer 1", "2", "3", "4", "5"), rows)


def eq5d_spelling(table: Recognised) -> Iterator[Question]:
    """Health states that are not written as five digits: with spaces, dashes or an apostrophe."""
    for guess, p in used_columns(table, Role.EQ5D_STATE):
        if guess.confidence == 1 or not len(p.levels):
            continue
        odd = [
            t for t in p.levels if re.fullmatch(r"\W*[1-5](?:\W*[1-5]){4}\W*", t) and not re.fullmatch(r"[1-5]{5}", t)
        ]
        if not odd:
            continue
        shown = [(t, "".join(re.findall(r"[1-5]", t))) for t in odd[:5]]
        yield Question(
            code="eq5d_spelling",
            key=f"eq5d_spelling:{guess.name}",
            text=f'{guess.label or "EQ-5D"}: is "{shown[0][0]}" the state {shown[0][1]}?',
            why=f"{quoted_list([guess.name])} spells {len(odd)} of {len(p.levels)} states with more than five digits.",
            stakes=(Stake.DENOMINATOR,),
            columns=(guess.name,),
            answers=(
                Answer(
                    key="state",
                    label="Yes: the five digits are the five dimensions",
                    effect=f"{shown[0][0]} is read as {shown[0][1]}.",
                    columns=(guess.with_role(guess.role, guess.target, guess.time_point),),
                ),
                Answer(
                    key="not",
                    label="No: this is no health state",
                    effect="The column is left out.",
                    columns=(guess.with_role(Role.IGNORE),),
                ),
            ),
            evidence=Evidence(("in the file", "read as"), tuple(shown)),
            skip="If you skip this: the column is left out.",
        )


def _highest(guess: ColumnGuess, p: Profile) -> int:
    if guess.role is Role.EQ5D_DIMENSION:
        levels = dimension_levels(p)
        levels = levels[(p.counts > 0) & ~np.isnan(levels) & (levels <= 5)] if len(levels) else levels
        return int(levels.max()) if len(levels) else 0
    digits = [int(d) for t in p.levels for d in re.findall(r"\d", t) if d in "12345"]
    return max(digits, default=0)


def eq5d_from_zero(table: Recognised) -> Iterator[Question]:
    """Dimensions with zeros where the highest level is missing: 0, 1, 2 for 1, 2, 3 (or 0 to 4 for 1 to 5)."""
    columns = list(used_columns(table, Role.EQ5D_DIMENSION))
    zeros = [(g, p) for g, p in columns if (p.values == 0).any()]
    top = max((_highest(g, p) for g, p in columns), default=0)
    if not zeros or top not in (2, 4):
        return
    names = tuple(g.name for g, _ in columns)
    count = sum(int(p.counts[p.numbers.values == 0].sum()) for _, p in zeros)
    raised = tuple((str(level), str(level + 1)) for level in range(top + 1))
    yield Question(
        code="eq5d_from_zero",
        key="eq5d_from_zero",
        text=f"EQ-5D levels 0 to {top}: is 0 “no problems”, or not answered?",
        why=f"{quoted_list(names, 4)} hold the levels 0 to {top} (0 in {count} cells) and no {top + 1}. The levels are "
        f"numbered from 1; counted from 0, every answer would be one level too good.",
        stakes=(Stake.SCALE, Stake.DENOMINATOR),
        columns=names,
        answers=(
            Answer(
                key="from_zero",
                label=f"0 is “no problems”: 0 to {top} become 1 to {top + 1}",
                effect="Every level is raised by one.",
                repairs=(
                    Repair(
                        "replace", names, f"{quoted_list(names, 3)}: levels 0 to {top} become 1 to {top + 1}", raised
                    ),
                ),
            ),
            Answer(
                key="not_answered",
                label="0 is not answered",
                effect=f"{count} cells become blank; nobody chose level {top + 1}.",
                repairs=(Repair("replace", names, f"{quoted_list(names, 3)}: 0 becomes blank", (("0", ""),)),),
            ),
        ),
        skip="If you skip this: these columns are left out.",
    )
