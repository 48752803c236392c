"""Table 1 as plain JSON values: what was described and compared, without the patients behind it; unrounded."""

from __future__ import annotations

from typing import Any

from lib.analysis.table_one import TableOne, TableOneRow
from lib.stats.results import to_record


def table_one_record(found: TableOne) -> dict[str, Any]:
    """Patients, groups with their sizes, and per variable its summaries, standardised difference and test.

    Keys: "n", "groups" (label, n), "partition", "overlap", "variables" by their key; in each "label",
    "section", "kind", "levels", "shown" (mean or median, with the reason), "overall", "groups", "smd", "test". The
    values of single patients, which a `Variable` holds, are not in it.
    """
    return {
        "n": found.n,
        "groups": [{"label": label, "n": n} for label, n in zip(found.labels, found.sizes, strict=True)],
        "partition": found.partition,
        "overlap": found.overlap,
        "variables": {row.variable.key: _row(row) for row in found.rows},
    }


def _row(row: TableOneRow) -> dict[str, Any]:
    variable = row.variable
    return {
        "label": variable.label,
        "section": variable.section,
        "kind": variable.kind,
        "unit": variable.unit,
        "levels": list(variable.levels),
        "shown": to_record(row.display),
        "overall": to_record(row.overall),
        "groups": to_record(row.groups),
        "smd": to_record(row.smd),
        "test": to_record(row.test),
    }
