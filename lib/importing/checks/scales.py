"""Checks of scales: two of them in one measure, percentages stored as fractions, 0–10 where the scale runs to 100."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.importing.checks.base import Recognised, cells, decimal_text, every_row, finding, in_rows, used_columns
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.columns.scores import instrument_of
from lib.importing.findings import Finding, Repair, Severity, quoted_list
from lib.importing.repairs import scaled

USED_SHARE = 0.2
LEAST_NUMBERS = 5
LARGE_SPAN = 50
MOST_GROUPS = 60
TENTH = 10


def _by_target(table: Recognised) -> dict[str, list[tuple[ColumnGuess, Profile]]]:
    found: dict[str, list[tuple[ColumnGuess, Profile]]] = defaultdict(list)
    for guess, p in used_columns(table, Role.SCORE):
        found[guess.target].append((guess, p))
    return found


def mixed_scales(table: Recognised) -> Iterator[Finding]:
    """One measure on 0–10 at one time point (or in one center) and on 0–100 at another."""
    for target, columns in _by_target(table).items():
        found = instrument_of(target)
        if found is None or not found.other_scales:
            continue
        ends = sorted(float(high) for _, high in found.scales)
        small, large = ends[0], ends[-1]
        everywhere = np.ones(table.sheet.n, dtype=bool)
        seen = [(g, _use(p, everywhere, small, large)) for g, p in columns]
        on_large = [g for g, use in seen if use.on_large]
        on_small = [(g, use) for g, use in seen if use.on_small]
        for guess, use in on_small if on_large else ():
            aside = f" (but for {use.above} of {use.numbers})" if use.above else ""
            where = f"{guess.name} lies within 0–{small:g}{aside}, but {on_large[0].name} runs to {large:g}"
            yield _two_scales(table, [guess], everywhere, where, large / small)
        if on_large and not on_small:
            yield from _mixed_groups(table, columns, small, large)


@dataclass(frozen=True, slots=True)
class _Use:
    """How the numbers of some cells lie on two scales: how many, how many above the small one, how many different."""

    numbers: int
    above: int
    distinct: int

    @property
    def on_large(self) -> bool:
        return self.numbers > 0 and self.above >= USED_SHARE * self.numbers

    @property
    def on_small(self) -> bool:
        """One slip in ten or more numbers ("14") does not make it the larger scale."""
        return self.numbers >= LEAST_NUMBERS and self.above <= (1 if self.numbers >= 2 * LEAST_NUMBERS else 0)


def _use(p: Profile, rows: NDArray[np.bool_], small: float, large: float) -> _Use:
    values = p.row_values()[rows]
    values = values[(values <= large) & ~np.isin(values, NUMERIC_CODES)]
    return _Use(len(values), int((values > small).sum()), len(np.unique(values)))


def _mixed_groups(
    table: Recognised, columns: list[tuple[ColumnGuess, Profile]], small: float, large: float
) -> Iterator[Finding]:
    """A center (in a long file also a time point) that uses the small scale while another uses the large one."""
    for guess, groups in used_columns(table, Role.CATEGORY, Role.TIME_POINT):
        if not (guess.role is Role.TIME_POINT or guess.target == "center") or not 2 <= groups.distinct <= MOST_GROUPS:
            continue
        on_small: list[str] = []
        on_large: list[str] = []
        for level in groups.levels:
            uses = [_use(p, groups.rows_with([level]), small, large) for _, p in columns]
            uses = [use for use in uses if use.numbers >= LEAST_NUMBERS]
            if any(use.on_large for use in uses):
                on_large.append(level)
            elif uses and all(use.above == 0 for use in uses) and max(use.distinct for use in uses) > 2:
                on_small.append(level)
        labels = groups.column.labels
        for level in on_small if on_large else ():
            rows = groups.rows_with([level])
            names = quoted_list([g.name for g, _ in columns], 3)
            here, there = (quoted_list([labels.get(text, text)]) for text in (level, on_large[0]))
            where = f"{names}: in {here} within 0–{small:g}, in {there} up to {large:g}"
            yield _two_scales(table, [g for g, _ in columns], rows, where, large / small)
        if on_small and on_large:
            return


def _two_scales(
    table: Recognised, columns: list[ColumnGuess], rows: NDArray[np.bool_], where: str, factor: float
) -> Finding:
    names = tuple(g.name for g in columns)
    some = not rows.all()
    mask = np.zeros(table.sheet.n, dtype=bool)
    for name in names:
        mask |= rows & ~np.isnan(table.profiles[name].row_values())
    what = f"{quoted_list(names, 3) if some else names[0]}{f' in {int(mask.sum())} rows' if some else ''}"
    return finding(
        table,
        "mixed_scales",
        Severity.ERROR,
        f"{where}: two scales of one measure. Compare them only after the smaller ones are multiplied by {factor:g}.",
        names[0],
        mask,
        repair=Repair(
            "scale",
            names,
            f"{what}: multiplied by {factor:g}",
            rows=every_row(table, mask) if some else (),
            factor=f"{factor:g}",
        ),
    )


def _large_scales(table: Recognised) -> Iterator[tuple[str, float, list[tuple[ColumnGuess, Profile]]]]:
    """(measure, upper end, columns) of the measures of known instruments that run from 0 to 50 or more."""
    for target, columns in _by_target(table).items():
        measure = table.score_measures.get(target)
        if measure is None or instrument_of(target) is None or measure.low is None or measure.high is None:
            continue
        if measure.low == 0 and measure.high >= LARGE_SPAN:
            yield target, float(measure.high), columns


def _on_scale(p: Profile, top: float) -> np.ndarray:
    """Distinct numbers that lie on the scale."""
    return p.values[(p.values >= 0) & (p.values <= top) & ~np.isin(p.values, NUMERIC_CODES)]


def too_small(table: Recognised) -> Iterator[Finding]:
    """A score of 0–100 that never passes 1 (Excel stores 42% as 0.42) or never passes 10 (an EQ VAS asked as 0–10)."""
    for target, top, columns in _large_scales(table):
        enough = [(g, p, _on_scale(p, top)) for g, p in columns if p.number_rows >= LEAST_NUMBERS]
        fractions = [g for g, p, v in enough if len(v) > 2 and v.max() <= 1 and (v != np.floor(v)).any()]
        if fractions:
            yield _stretched(table, fractions, Severity.ERROR, 1, top, 100.0, "Excel stores 42% as 0.42.")
            continue
        small = [g for g, p, v in enough if len(v) > 2 and v.max() <= TENTH]
        better_high = table.score_measures[target].higher_is_better
        # little disability after surgery is good news; nobody near 100% health, or no disability before, is not
        if top == 100 and small and (better_high or len(small) == len(enough)):
            yield _stretched(table, small, Severity.WARNING, TENTH, top, 10.0, "Was it asked from 0 to 10?")


def _stretched(
    table: Recognised, columns: list[ColumnGuess], severity: Severity, seen: float, top: float, by: float, why: str
) -> Finding:
    names = tuple(g.name for g in columns)
    mask = np.zeros(table.sheet.n, dtype=bool)
    for name in names:
        mask |= ~np.isnan(table.profiles[name].row_values())
    lie = "lie" if len(names) > 1 else "lies"
    return finding(
        table,
        "too_small_for_scale",
        severity,
        f"{quoted_list(names)} {lie} within 0–{seen:g}, but the scale runs from 0 to {top:g}. {why} The numbers count "
        "as they stand unless you say so.",
        names[0],
        mask,
        repair=Repair("scale", names, f"{quoted_list(names)}: multiplied by {by:g}", factor=f"{by:g}"),
    )


def percent_cells(table: Recognised) -> Iterator[Finding]:
    """A few fractions among whole scores: 0.22 where 22 was typed as 22%."""
    for _, top, columns in _large_scales(table):
        for guess, p in columns:
            values = _on_scale(p, top)
            rest = values[(values == 0) | (values >= 1)]
            if not len(rest) or rest.max() <= 1 or (rest != np.floor(rest)).any():
                continue
            texts = [t for t, v in zip(p.column.levels, p.numbers.values.tolist(), strict=True) if v == v and 0 < v < 1]
            mask = p.rows_with(texts)
            if not mask.any():
                continue
            first = decimal_text(float(p.numbers.values[p.column.levels.index(texts[0])]))
            yield finding(
                table,
                "percent_cells",
                Severity.WARNING,
                f"{guess.name}: {cells(int(mask.sum()))} below 1 among whole numbers ({quoted_list(texts, 4)}; "
                f"{in_rows(table, mask)}). Excel stores 42% as 0.42: {first} may mean {_percent(texts[0])}. "
                f"{'It counts as it stands' if mask.sum() == 1 else 'They count as they stand'} unless you say so.",
                guess.name,
                mask,
                repair=Repair(
                    "replace",
                    (guess.name,),
                    f"{guess.name}: {quoted_list(texts, 4)} multiplied by 100",
                    tuple((t, _percent(t)) for t in texts),
                ),
            )


def _percent(text: str) -> str:
    return scaled(text, "100")
