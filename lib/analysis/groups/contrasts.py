"""What is set against what: each group against the average of all, or a reference, or on request all pairs.

STATISTICS section 6. The contrasts of the primary outcome between groups of at least 10 patients are one family: Šidák
intervals and p values, single step. Groups of 3 to 9 have estimate and interval, no p, and stand outside the family;
other outcomes are exploratory and not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from lib.settings import FEWEST_TO_TEST, MOST_PAIRED
from lib.stats.results import Estimate, NotComputed

AVERAGE_OF_ALL = "average of all"

Between = tuple[int | None, int]
"""Groups (first, second) by their places; None for the patient-weighted average of all in the model."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the user wants compared.

    Attributes:
        reference: name of the group against which each other one is set; "": the average of all.
        pairs: every pair instead, for at most six groups.
        primary: key of the outcome that carries the family; "": the first of those looked at.
    """

    reference: str = ""
    pairs: bool = False
    primary: str = ""

    def primary_of(self, outcomes: Sequence[str]) -> str:
        """The primary outcome among these (keys, or keys followed by a rule), the first where it is not among them."""
        chosen = (o for o in outcomes if self.primary and (o == self.primary or o.startswith(f"{self.primary}:")))
        return next(chosen, outcomes[0] if outcomes else "")

    def contrasts(self, labels: Sequence[str], known: Sequence[str], n: int) -> tuple[Between, ...] | NotComputed:
        """The contrasts between groups of these names; of two groups their one difference.

        `known` are the names of all groups: a reference among them that is too small for the model is no comparison.
        """
        if self.reference in labels:
            place = list(labels).index(self.reference)
            return tuple((place, k) for k in range(len(labels)) if k != place)
        if self.reference and self.reference in known:
            return NotComputed(f"the reference {self.reference} is too small to compare with", n)
        if len(labels) == 2 or (self.pairs and len(labels) <= MOST_PAIRED):
            return tuple(combinations(range(len(labels)), 2))
        return tuple((None, k) for k in range(len(labels)))

    def words(self, groups: int) -> str:
        """ "each group against the average of all"."""
        if self.reference:
            return f"each group against {self.reference}"
        if groups == 2:
            return "one difference"
        if self.pairs and groups <= MOST_PAIRED:
            return "all pairs of groups"
        return f"each group against the {AVERAGE_OF_ALL}"


@dataclass(frozen=True, slots=True)
class Contrast:
    """Group `second` minus `first` (places among the labels; None: the average of all), as it may be read.

    Attributes:
        difference: with its interval, in the family at the level that holds for all of it together.
        p: in the family corrected, elsewhere of this contrast alone; NotComputed where a group has fewer than 10.
        in_family: whether it is one of those corrected together.
    """

    first: int | None
    second: int
    difference: Estimate | NotComputed
    p: float | NotComputed
    in_family: bool


def family_of(contrasts: Sequence[Between], sizes: Sequence[int]) -> tuple[bool, ...]:
    """Which contrasts have at least 10 patients in every group that they name."""
    return tuple(
        sizes[second] >= FEWEST_TO_TEST and (first is None or sizes[first] >= FEWEST_TO_TEST)
        for first, second in contrasts
    )


def too_few(n: int) -> NotComputed:
    """Why a contrast with a small group has no p."""
    return NotComputed(f"fewer than {FEWEST_TO_TEST} patients in a group, too few to test", n)


def smallest_p(contrasts: Sequence[Contrast]) -> float | NotComputed:
    """The smallest p of an outcome's contrasts, of the family where there is one."""
    found = [c.p for c in contrasts if not isinstance(c.p, NotComputed)]
    if found:
        return min(found)
    reasons = [c.p for c in contrasts if isinstance(c.p, NotComputed)]
    return reasons[0] if reasons else NotComputed("nothing to compare", 0)
