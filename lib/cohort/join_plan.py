"""How several tables of the same patients become one: which columns hold the patient, and when each was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.cohort.cohort import BASELINE
from lib.cohort.occasions import after, baseline, split_names

PATIENT = "Patient number"
"""Name of the joined table's column of patients."""
TIME = "Time point of the table"
"""Name of the joined table's column that says from which table a row is."""
MOST_TABLES = 8


@dataclass(frozen=True, slots=True)
class JoinTable:
    """One table of a join.

    Attributes:
        name: what it is called on screen: the file, or the sheet of a workbook.
        id: its column with the number of the patient, '' when rows are matched by their place.
        occasion: key of its time point, '' while nobody knows it.
    """

    name: str
    id: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """What the user agreed to about a join; saved with the columns.

    Attributes:
        tables: in the order of the joined rows.
        alike: numbers that differ only in leading zeros, spaces, capitals or marks are one patient.
        by_place: row k of every table is the same patient; only for tables without a number of the patient.
    """

    tables: tuple[JoinTable, ...]
    alike: bool = False
    by_place: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: names of tables and columns, no number of a patient."""
        return {
            "tables": [{"name": t.name, "id": t.id, "occasion": t.occasion} for t in self.tables],
            "alike": self.alike,
            "by_place": self.by_place,
        }

    @staticmethod
    def from_json(record: dict[str, Any]) -> JoinPlan:
        """The plan that `to_json` wrote. Raises KeyError, TypeError or AttributeError for anything else."""
        tables = tuple(
            JoinTable(str(t["name"]), str(t.get("id") or ""), str(t.get("occasion") or "")) for t in record["tables"]
        )
        return JoinPlan(tables, bool(record.get("alike")), bool(record.get("by_place")))

    @property
    def untold(self) -> tuple[str, ...]:
        """Names of tables whose time point nobody knows."""
        return tuple(t.name for t in self.tables if not t.occasion)

    @property
    def twice(self) -> str:
        """A time point that two tables claim, '' when there is none."""
        keys = [t.occasion for t in self.tables if t.occasion]
        return next((k for k in keys if keys.count(k) > 1), "")


def occasions_of_names(names: Sequence[str]) -> list[str]:
    """Keys of the time points that the names of files or sheets tell ("pre.csv", "FU 12m", "T0"), '' where none.

    Of two tables of which one names its time point, the other is before or after it.
    """
    stems = [name.rsplit(".", 1)[0] if "." in name[-6:] else name for name in names]
    keys = [t.occasion.key if t.occasion else "" for t in split_names(stems)]
    if len(keys) == 2 and keys.count("") == 1:
        known = next(k for k in keys if k)
        keys = [k or (after().key if known == BASELINE else baseline().key) for k in keys]
    return keys
