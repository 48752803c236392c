"""Several files of one cohort: which holds patients, which is a data dictionary, which lists adverse events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.cohort.columns import AT_OCCASION, Role
from lib.cohort.importing import Import, propose
from lib.cohort.redcap_dictionary import is_dictionary, with_dictionary
from lib.cohort.sheets import Parsed


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """What the files are.

    Attributes:
        tables: files of patients, the labels of a dictionary in place; never empty.
        events: a file with one row per adverse event, None without one.
        dictionary: name of the data dictionary that was used, '' without one.
        unused: names of files that nothing is done with (a second dictionary, a second file of events).
    """

    tables: tuple[Parsed, ...]
    events: Parsed | None = None
    dictionary: str = ""
    unused: tuple[str, ...] = ()


def arrange(files: Sequence[Parsed]) -> Arranged:
    """Tell the files apart by their content. A dictionary alone stays a table, which `propose` refuses in words."""
    different = list({f.digest: f for f in files}.values())
    dictionaries = [f for f in different if is_dictionary(f.sheet())]
    tables = [f for f in different if f not in dictionaries]
    if not tables:
        return Arranged(tuple(different[:1]), unused=tuple(f.file_name for f in different[1:]))
    events = [f for f in tables if _lists_events(propose(f))] if len(tables) > 1 else []
    if len(events) == len(tables):  # somebody has to be the cohort
        events = events[1:]
    rest = [f for f in tables if f not in events]
    if dictionaries:
        rest = [with_dictionary(f, dictionaries[0]) for f in rest]
    return Arranged(
        tuple(rest),
        events[0] if events else None,
        dictionaries[0].file_name if dictionaries else "",
        tuple(f.file_name for f in (*dictionaries[1:], *events[1:])),
    )


def _lists_events(table: Import) -> bool:
    """One row per event: it says who and what happened, and holds no scores."""
    roles = {c.role for c in table.columns}
    return {Role.ID, Role.EVENT_TYPE} <= roles and not roles & AT_OCCASION
