"""Are these columns the answers to a questionnaire, and shall they be scored by its rule?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.scoring import ScaleRule, Scored, questionnaires
from lib.importing.checks.base import Recognised, decimal_text
from lib.importing.columns.items import ItemSet, item_sets, repairs_of, scored
from lib.importing.columns.roles import Role
from lib.importing.findings import quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

SHOWN_ROWS, SHOWN_ITEMS, MOST_SCORINGS = 5, 12, 4


def scored_from_items(table: Recognised) -> Iterator[Question]:
    """One question per set of columns: every scoring that fits, its formula, five rows, and who has no score."""
    by_columns: dict[frozenset[str], list[ItemSet]] = {}
    for found in item_sets(table.columns, table.profiles):
        used = [c for c in table.columns if c.name in found.columns]
        if all(c.role is Role.IGNORE and c.confidence == 1 for c in used):
            continue  # the user left them out
        by_columns.setdefault(frozenset(found.columns), []).append(found)
    for names, sets in by_columns.items():
        yield _question(table, tuple(c.name for c in table.columns if c.name in names), sets)


def _question(table: Recognised, names: tuple[str, ...], sets: Sequence[ItemSet]) -> Question:
    first = sets[0]
    rules = questionnaires()[first.questionnaire]
    taken = [c.target for c in table.columns if c.role is Role.SCORE and c.name not in names]
    ways = [(s, scales) for s in sets for scales in _ways(s.scales())][:MOST_SCORINGS]
    answers = [
        Answer(
            key=_answer_key(found, scales),
            label=_label(found, scales),
            effect=f"{questionnaires()[found.questionnaire].missing.capitalize()}. {_counts(table, found, scales[0])}",
            columns=tuple(c.with_role(Role.IGNORE) for c in table.columns if c.name in names),
            repairs=tuple(r for scale in scales for r in repairs_of(found, scale, table.decimal, taken)),
        )
        for found, scales in ways
    ]
    return Question(
        code="items",
        key=f"items:{first.questionnaire}:{names[0]}",
        text=f"Are these {len(names)} columns the answers of the {rules.name}?",
        why=f"{quoted_list(names, 4)}: their names say {rules.name} and they hold {_held(first)}. "
        f"Scored by: {rules.citation}.",
        stakes=(Stake.SCALE, Stake.DENOMINATOR),
        columns=names,
        answers=(*answers, Answer("keep", "No: every column is a score of its own", "Nothing changes.")),
        skip="If you skip this: these columns are left out.",
        evidence=_evidence(table, first),
    )


def _answer_key(found: ItemSet, scales: Sequence[ScaleRule]) -> str:
    """ "phq9"; "koos_ps_100best" of two published directions; "phq9_from_1" where the codes of the file are shifted."""
    parts = [found.questionnaire]
    if len(_ways(found.scales())) > 1:
        parts.append(scales[0].key)
    if found.shift:
        parts.append(f"from_{questionnaires()[found.questionnaire].low + found.shift}")
    if found.words:
        parts += ["words", *(str(code) for _, code in found.words)]
    return "_".join(parts)


def _held(found: ItemSet) -> str:
    rules = questionnaires()[found.questionnaire]
    if found.words:
        return f"{rules.high - rules.low + 1} answers in words; each is a code by its place"
    return f"its codes ({rules.low + found.shift} to {rules.high + found.shift})"


def _ways(scales: Sequence[ScaleRule]) -> list[tuple[ScaleRule, ...]]:
    """All scales together; two published directions of one short form are two ways."""
    if len(scales) > 1 and len({scale.items for scale in scales}) == 1:
        return [(scale,) for scale in scales]
    return [tuple(scales)]


def _label(found: ItemSet, scales: Sequence[ScaleRule]) -> str:
    named = []
    for scale in scales:
        known = INSTRUMENTS[scale.instrument]
        best = f"{known.high} best" if scale.higher_is_better else f"{known.low} best"
        named.append(f"{known.short.partition(' (')[0]} ({known.low}–{known.high}, {best})")
    rules = questionnaires()[found.questionnaire]
    coded = f"; the file codes {rules.low} to {rules.high} as {rules.low + found.shift} to {rules.high + found.shift}"
    if found.words:
        coded = "; " + ", ".join(f"{word} = {code}" for word, code in sorted(found.words, key=lambda pair: pair[1]))
    more = f" and {len(named) - 6} more" if len(named) > 6 else ""
    return f"Yes, score them: {', '.join(named[:6])}{more}{coded if found.shift or found.words else ''}"


def _counts(table: Recognised, found: ItemSet, scale: ScaleRule) -> str:
    """ "57 of 60 forms have a score; 2 are empty, 1 with too few answers, 0 with another code"."""
    parts: list[Scored] = [scored(found, time, table.sheet)[scale.key] for time, _ in found.at]
    have = sum(int((~np.isnan(p.values)).sum()) for p in parts)
    sizes = [sum(int(getattr(p, why).sum()) for p in parts) for why in ("empty", "too_few", "illegal")]
    total = sum(len(p.values) for p in parts)
    return (
        f"{INSTRUMENTS[scale.instrument].short}: {have} of {total} forms have a score; {sizes[0]} empty, {sizes[1]} "
        f"with too few answers, {sizes[2]} with a code that does not exist."
    )


def _evidence(table: Recognised, found: ItemSet) -> Evidence:
    time_point, places = found.at[0]
    names = [name for _, name in places][:SHOWN_ITEMS]
    scales = found.scales()[:3]
    results = scored(found, time_point, table.sheet)
    columns = [table.sheet.column(name).texts() for name in names]
    rows = tuple(
        (
            str(int(table.sheet.row_numbers[i])),
            *(texts[i] for texts in columns),
            *("–" if np.isnan(v := results[s.key].values[i]) else decimal_text(round(float(v), 2)) for s in scales),
        )
        for i in range(min(SHOWN_ROWS, table.sheet.n))
    )
    return Evidence((*names, *(INSTRUMENTS[s.instrument].short for s in scales)), rows)
