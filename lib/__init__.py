"""CohortLens: the analysis behind the screens. Only lib/ui knows Streamlit.

`open_cohort` is the door for a notebook: the same import, the same questions, the same numbers as on screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.notebook import OpenCohort

__all__ = ["open_cohort"]


def open_cohort(
    path: str | Path, answers: Mapping[str, str] | str | Path | None = None, sheet: str | None = None
) -> OpenCohort:
    """The cohort of a file, its tables as pandas DataFrames.

    Args:
        path: a file the app opens: CSV, Excel, SPSS, Stata …
        answers: answer of each question by its key, or a columns file as saved in the app.
        sheet: which sheet of a workbook; None takes the largest.

    Raises QuestionsOpen (`lib.notebook`) while a question is open, CannotUse with what is wrong with the file.
    """
    from lib.notebook import opened

    return opened(Path(path), answers, sheet)
