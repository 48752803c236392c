"""What a cohort probably is, by the headings of its file: the word for the treatment and whether there are groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib.cohort.cohort import TimePoint
from lib.cohort.design import SERIES, Design, Kind
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.columns.timepoints import baseline

_SURGERY = re.compile(
    r"surg|operat|post.?op|pre.?op|\bok\b|implant|fusi|arthroplast|prosthe|chirurg|eingriff|intraop|revision|asa\b",
    re.I,
)
_GROUP_COLUMNS = ("group", "treatment_arm", "arm")


def likely_design(columns: Sequence[ColumnGuess]) -> Design:
    """Operated unless a file with a column of groups never speaks of surgery: then treated, in groups.

    That anything was randomised is never guessed.
    """
    group = next((c for c in columns if c.role is Role.CATEGORY and c.target in _GROUP_COLUMNS), None)
    says = " ".join(f"{c.name} {c.label} {c.target}".replace("_", " ") for c in columns)
    if group is None or _SURGERY.search(says):
        return SERIES
    return Design("treated", Kind.GROUPS, group.target)


_BEFORE = "Before treatment"


def named_for(design: Design, time_points: Sequence[TimePoint]) -> tuple[TimePoint, ...]:
    """The time points; a baseline that nobody named is not before surgery where nobody was operated."""
    if design.treatment == "operated":
        return tuple(time_points)
    return tuple(replace(found, label=_BEFORE) if found == baseline() else found for found in time_points)
