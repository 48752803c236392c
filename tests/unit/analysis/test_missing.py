"""Missing values counted by hand from a file of twelve patients: by center, month, and who is not yet due."""

from __future__ import annotations

from dataclasses import replace

from lib.analysis import Analysis
from lib.analysis.missing import missing_values
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose

ROWS = "patient_id,center,surgery_date,vas_pain_pre,vas_pain_12m\n" + "\n".join(
    f"P{i},{'North' if i <= 7 else 'South'},2024-0{1 + (i > 6)}-10,{'' if i == 3 else i % 10},{'' if i > 9 else 2}"
    for i in range(1, 13)
)


def test_missing_per_center_and_month_with_the_rows_to_call() -> None:
    missing = missing_values(Analysis(propose(parse_file(ROWS.encode(), "a.csv")).build()))
    assert (missing.unit, missing.periods) == ("month", ("2024-01", "2024-02"))
    assert missing.centers == (("North", 7), ("South", 5))
    before, after = missing.rows[:2]
    assert (before.label, before.complete, before.due, before.to_call) == ("VAS pain, before", 11, 12, (4,))
    assert [(c.n, c.missing) for c in before.cells] == [(6, 1), (1, 0), (0, 0), (5, 0)]
    assert (after.complete, after.due, after.to_call) == (9, 12, (11, 12, 13))


def test_who_is_not_yet_due_is_not_missing() -> None:
    found = replace(propose(parse_file(ROWS.encode(), "a.csv")), extraction_date="2025-04-01")
    after = missing_values(Analysis(found.build())).rows[1]
    assert (after.complete, after.due, after.to_call) == (9, 9, ())
    assert [(c.missing, c.not_due) for c in after.cells] == [(0, 0), (0, 0), (0, 0), (0, 3)]
