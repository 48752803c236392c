"""Checks of what is not there: how much is missing, empty columns, and zeros that stand for missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lib.importing.checks.base import NUMERIC_ROLES, Recognised, finding, used_columns
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import AT_TIME_POINT, ColumnGuess, Role
from lib.importing.columns.scores import states_from_texts
from lib.importing.findings import Finding, Repair, Severity, quoted_list

MOST_COLUMNS = 80
LEAST_ZEROS = 3
ALMOST_ALL = 0.9
MANY = 0.5
MOST_CENTERS = 30


def zeros_for_missing(table: Recognised) -> Iterator[Finding]:
    """Zeros exactly where another outcome is missing: the file wrote 0 for patients who did not answer."""
    columns = [(g, p) for g, p in used_columns(table, *NUMERIC_ROLES) if not p.column.labels][:MOST_COLUMNS]
    blank = {g.name: np.isnan(p.row_values()) for g, p in columns}
    for guess, p in columns:
        zero = p.row_values() == 0
        if int(zero.sum()) < LEAST_ZEROS or blank[guess.name].mean() > 0.05:
            continue
        sibling = _sibling(guess, zero, columns, blank)
        if sibling is None:
            continue
        both = zero & blank[sibling.name]
        yield finding(
            table,
            "zero_for_missing",
            Severity.WARNING,
            f"{guess.name} is 0 in {int(both.sum())} of the {int(blank[sibling.name].sum())} rows in which "
            f"{sibling.name} is "
            f"missing, and in {int((zero & ~both).sum())} others: these zeros probably stand for missing. They "
            "count as 0 unless you "
            "say so.",
            guess.name,
            both,
            repair=Repair(
                "blank",
                (guess.name,),
                f"{guess.name}: 0 becomes blank where {sibling.name} is missing",
                (),
                tuple(int(r) for r in table.sheet.row_numbers[both]),
            ),
        )


def _sibling(
    guess: ColumnGuess,
    zero: NDArray[np.bool_],
    columns: list[tuple[ColumnGuess, Profile]],
    blank: dict[str, NDArray[np.bool_]],
) -> ColumnGuess | None:
    """The outcome whose gaps the zeros cover best; one of the same time point or number wins."""
    best: tuple[float, bool, ColumnGuess] | None = None
    for other, _ in columns:
        gaps = blank[other.name]
        if other.name == guess.name or int(gaps.sum()) < LEAST_ZEROS or gaps.mean() > 0.8:
            continue
        covered = float(zero[gaps].mean())
        elsewhere = float(zero[~gaps].mean()) if (~gaps).any() else 1.0
        same = _number(other.name) == _number(guess.name) != "" or (other.time_point == guess.time_point != "")
        if covered >= ALMOST_ALL and elsewhere <= 0.5 * covered and (best is None or (covered, same) > best[:2]):
            best = covered, same, other
    return best[2] if best else None


def _number(name: str) -> str:
    found = re.search(r"(\d+)\D*$", name)
    return found.group(1) if found else ""


def empty_and_constant(table: Recognised) -> Iterator[Finding]:
    """Columns in which nothing stands, and columns in which everybody has the same."""
    empty = [c.name for c in table.sheet.columns if not table.profiles[c.name].filled]
    if empty:
        yield finding(
            table,
            "empty_column",
            Severity.NOTE,
            f"{len(empty)} column{'s are' if len(empty) > 1 else ' is'} empty: {quoted_list(empty)}.",
            empty[0],
            count=len(empty),
        )
    constant = [
        g.name
        for g, p in used_columns(table, Role.CATEGORY, Role.NUMBER, Role.SCORE, Role.YESNO, Role.STATEMENT)
        if p.distinct == 1 and p.filled == table.sheet.n > 2
    ]
    if constant:
        yield finding(
            table,
            "constant_column",
            Severity.NOTE,
            f"Everybody has the same value in {quoted_list(constant)}.",
            constant[0],
            count=len(constant),
        )


def share_missing(table: Recognised) -> Iterator[Finding]:
    """How many lack a score or an answer, over all and per center."""
    center = next((p for g, p in used_columns(table, Role.CATEGORY) if g.target == "center"), None)
    by_words: dict[str, list[str]] = {}
    for guess, p in used_columns(table, *AT_TIME_POINT - {Role.EQ5D_DIMENSION}):
        if guess.time_point == "*" or not p.filled:
            continue
        missing = _missing(guess, p)
        n, count = len(missing), int(missing.sum())
        if count:
            # a questionnaire is missing as a whole: columns with the same gaps are told together
            words = f"missing in {count} of {n} ({count / n:.0%}){_by_center(center, missing)}"
            by_words.setdefault(words, []).append(guess.name)
    for words, names in by_words.items():
        count, n = (int(x) for x in re.findall(r"\d+", words)[:2])
        severity = Severity.WARNING if count > MANY * n else Severity.NOTE
        yield finding(table, "missing", severity, f"{', '.join(names)}: {words}.", names[0], count=count)


def _missing(guess: ColumnGuess, p: Profile) -> NDArray[np.bool_]:
    if guess.role is Role.SCORE:
        return np.isnan(p.row_values())
    if guess.role is Role.EQ5D_STATE:
        states, _ = states_from_texts(p, "5L")  # here only whether something stands there counts
        return np.asarray((states == 0).any(axis=1), dtype=np.bool_)
    return p.column.blank()


def _by_center(center: Profile | None, missing: NDArray[np.bool_]) -> str:
    if center is None or not 2 <= center.distinct <= MOST_CENTERS:
        return ""
    column, size = center.column, len(center.column.levels)
    without = np.bincount(column.codes[missing], minlength=size)
    shares = sorted(
        (
            (lacking / rows, column.labels.get(level, level).strip())
            for level, rows, lacking in zip(column.levels, center.counts.tolist(), without.tolist(), strict=True)
            if rows and level.strip()
        ),
        reverse=True,
    )
    if not shares or shares[0][0] - shares[-1][0] < 0.1:
        return ""
    if len(shares) <= 3:
        return "; " + ", ".join(f"{name} {share:.0%}" for share, name in shares)
    return f"; from {shares[-1][0]:.0%} in {shares[-1][1]} to {shares[0][0]:.0%} in {shares[0][1]}"
