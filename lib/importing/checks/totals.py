"""A total in the file against the one its own answers give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.importing.checks.base import Recognised, finding, in_rows, used_columns
from lib.importing.columns.items import item_sets, scored
from lib.importing.columns.roles import Role
from lib.importing.columns.scores import instrument_of
from lib.importing.findings import Finding, Severity

SHORT_OF_ROUNDING = 1e-9


def totals_differ(table: Recognised) -> Iterator[Finding]:
    """Rows in which a total of the file is not the score of the answers beside it."""
    for found in item_sets(table.columns, table.profiles):
        for time_point, _ in found.at:
            results = scored(found, time_point, table.sheet)
            for scale in found.scales():
                for guess, p in used_columns(table, Role.SCORE):
                    known = instrument_of(guess.target)
                    own = guess.name in found.columns or "scored from its answers" in guess.evidence
                    if own or guess.time_point != time_point or known is None or known.key != scale.instrument:
                        continue
                    ours, theirs = results[scale.key].values, p.row_values()
                    both = ~np.isnan(ours) & ~np.isnan(theirs)
                    room = 0.5 * 10.0**-p.numbers.decimals + SHORT_OF_ROUNDING
                    apart = both & (np.abs(ours - theirs) > room)
                    if apart.any():
                        yield finding(
                            table,
                            "total_differs",
                            Severity.WARNING,
                            f"{guess.name} is not the score of its answers in {int(apart.sum())} of {int(both.sum())} "
                            f"patients ({in_rows(table, apart)}), by up to "
                            f"{np.abs(ours - theirs)[apart].max():.3g}. The column counts as it stands in the file.",
                            guess.name,
                            apart,
                        )
