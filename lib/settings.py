"""Defaults that pages and the shell pass on, and every limit below or above which a number is judged otherwise.

Each limit has one name, used wherever it counts, in the words of notes too. Limits of a file reader or of a drawing
(bytes, rows, marks on a screen) stand where they are used: they change no number.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "0.1.0"
"""Of CohortLens, printed on everything that leaves it; a test keeps it equal to pyproject.toml."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults of one session."""

    confidence: float = 0.95


DEFAULTS = Settings()

SIGNIFICANCE = 0.05
"""Two-sided; a test rejects below it, whatever the confidence of the intervals."""

# --- how many patients a statement needs ---
FEWEST_TO_TEST = 10
"""Pairs, or patients: with fewer there are estimates only, no test is chosen, nothing is judged, marks are hollow."""
FEWEST_FOR_PERCENT = 10
"""Patients: below it one of them is more than ten percent, and no share is printed as a percent."""
FEWEST_TO_SMOOTH = 10
"""Pairs that a smooth or a correlation between statements needs."""
FEWEST_COMPARED = 3
"""Pairs, or answers: a group with fewer is shown and stays outside every model and test."""
FEWEST_TO_DESCRIBE = 3
"""Values that a standard error, a correlation or a Shapiro–Wilk test needs."""
FEWEST_CHANGED = 20
"""With fewer changed patients among unchanged ones a t interval does not hold its level."""
T_LEADS_FROM = 100
"""Pairs from which the t interval of a mean holds on bounded scores, and Shapiro–Wilk rejects the harmless."""
SMALL_SAMPLE_SD = 30
"""With fewer values the SD itself is uncertain."""
MOST_TO_SHAPIRO = 5_000
"""Above it Royston’s p value of Shapiro–Wilk is not valid: R refuses, SciPy warns."""
FEWEST_TO_SCALE = 5
"""Patients of a center whose interval sets the ends of a shared axis."""
FEWEST_AT_RISK = 40
"""A line of events over time ends where fewer are at risk: beyond it a single patient moves it by percents."""

# --- how many groups ---
FEWEST_CENTERS = 5
"""Centers that a funnel needs."""
MOST_COMPARED = 12
"""Above this many groups there is no model over groups and no pair of groups, only the centers view."""
MOST_PAIRED = 6
"""Above so many groups there are no pairs, only each against the average or a reference: 12 groups have 66 pairs."""
MOST_SIMULATED = 40
"""Centers: the limits of all are simulated up to here; above, of the chosen one only."""

# --- what readers outside the department may see ---
FEWEST_RELEASED = 10
"""Patients: a mean, SD, quartile or interval of fewer is not shown to them, only their number."""
FEWEST_SETS = 10
"""Sets of values that must fit what is shown of one column together; the search stops here."""
MOST_HIDDEN = 7
"""Counts up to here are hidden from the public."""
ROUNDED_TO = 5
"""The other counts are rounded to the nearest multiple of it."""
