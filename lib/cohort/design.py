"""What a cohort is beyond its numbers: what was done to its patients, in which design, what was found in its file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The design of a study. Randomised is only what the user says it is."""

    SERIES = "series"
    GROUPS = "groups"
    RANDOMISED = "randomised"


@dataclass(frozen=True, slots=True)
class Design:
    """The words a cohort is spoken of with.

    Attributes:
        treatment: what was done, as a participle: "operated", "treated", "injected".
        kind: one series, two or more groups, or randomised.
        groups_by: key of the category column that holds the groups or arms; empty for a series.
        name: what the user calls the cohort; empty: the name of its file.
    """

    treatment: str = "operated"
    kind: Kind = Kind.SERIES
    groups_by: str = ""
    name: str = ""

    @property
    def noun(self) -> str:
        """What they had: "surgery", or "treatment" where nobody was operated."""
        return "surgery" if self.treatment == "operated" else "treatment"

    @property
    def one(self) -> str:
        """One of them, to be counted: "operation", "treatment"."""
        return "operation" if self.treatment == "operated" else "treatment"

    @property
    def before(self) -> str:
        """When they had not had it yet: "Before surgery", "Before treatment"."""
        return f"Before {self.noun}"


SERIES = Design()
"""Where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as it stands with the open cohort.

    Attributes:
        code, severity: of the import ("out_of_range"; "error", "warning", "note").
        sentence: what was found, what is allowed. column: where; empty for the whole file.
        count: how many cells or rows. rows: as Excel shows them, the first thousand.
        state: "open"; what was agreed to ("vas_12m: 85 becomes blank"); or "left as it is".
    """

    code: str
    severity: str
    sentence: str
    column: str = ""
    count: int = 0
    rows: tuple[int, ...] = ()
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the import with the answer given (empty: skipped) and what it changed."""

    question: str
    answer: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What was found in a file, what was answered, and how large it is."""

    sheet: str = ""
    rows: int = 0
    columns: int = 0
    found: tuple[Found, ...] = ()
    answered: tuple[Answered, ...] = ()

    @property
    def beside_missing(self) -> tuple[Found, ...]:
        """Findings other than blank cells, which every report counts by itself."""
        return tuple(f for f in self.found if f.code != "missing")

    @property
    def open_errors(self) -> int:
        """Findings that may make a number wrong and that nobody settled."""
        return sum(f.severity == "error" and f.state == "open" for f in self.found)


NOT_CHECKED = FileCheck()
