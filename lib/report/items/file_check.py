"""What was found in the file and what was answered about it."""

from __future__ import annotations

from collections.abc import Iterator

from lib.present.table import Table
from lib.present.tables.data_check import answers_table, changes_table, findings_table, findings_words
from lib.report.plan import Item, Plan


def items(plan: Plan) -> Iterator[Item]:
    """The tables of the page Data check, where there is something to tell."""
    words = findings_words(plan.analysis.cohort.provenance.checked)
    for key, table in zip(("findings", "answers", "changes"), _tables(plan), strict=True):
        if table.rows:
            heading = f"The file: {table.title[0].lower()}{table.title[1:]}"
            finding = f"{heading}. {words}" if words else heading
            yield Item(f"file:{key}", heading, finding.rstrip("."), None, "", table, usual=False)


def _tables(plan: Plan) -> tuple[Table, Table, Table]:
    given = plan.analysis.cohort.provenance
    return (
        findings_table(given.checked, beside_missing=True),
        answers_table(given.checked),
        changes_table(given.repairs),
    )
