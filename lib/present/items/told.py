"""What outsiders are told of subjects that break the same patients down once more: all of it, or nothing.

Such a table stands beside others of the same counts. Masked by itself, another choice of hidden cells could give away
what the other table hides; so it is left out as soon as it would have to hide anything.
"""

from __future__ import annotations

from lib.present import disclosure
from lib.present.plan import Plan
from lib.present.table import Table


def tellable(plan: Plan, *tables: Table) -> bool:
    """Whether the readers of this report may see every cell of these tables."""
    return not plan.outside or all(disclosure.nothing_hidden(table) for table in tables)
