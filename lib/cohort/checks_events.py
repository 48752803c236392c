"""Checks of adverse events: a yes without a name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.cohort.check_words import finding, in_rows, used_columns
from lib.cohort.columns import Role
from lib.cohort.findings import Finding, Severity, quoted_list
from lib.cohort.lexicon import fit_meaning, meanings
from lib.cohort.occasions import split_names
from lib.cohort.recognised_table import Recognised
from lib.measures import answers


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
