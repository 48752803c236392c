"""Defaults that pages and the shell pass on. Nothing here is read behind anyone's back."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "0.1.0"
"""Of CohortLens, printed on everything that leaves it; a test keeps it equal to pyproject.toml."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults of one session."""

    confidence: float = 0.95
    rate_interval: str = "wilson"
    few_pairs: int = 10
    """Below this many pairs a group is marked "too few to test reliably"."""


DEFAULTS = Settings()
