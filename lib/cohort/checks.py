"""All checks of a table, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.cohort.findings import Finding

if TYPE_CHECKING:
    from lib.cohort.importing import Import


def check(table: Import) -> tuple[Finding, ...]:
    """Every finding of every check."""
    return ()
