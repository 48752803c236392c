"""Random filters on the sample cohorts and random cohorts, on every page: no exception, no nan on screen, n recounted.

50 of each in a normal test run; `make soak` sets COHORTLENS_SOAK=500 (and 200 cohorts at least).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.pairs import MISSING
from lib.ui.filters import bounds
from tests.app_pages import AppPage, app_pages
from tests.pages.conftest import _no_legacy_pages, open_app, page_file  # noqa: F401
from tests.pages.screen import elements, problems
from tests.sample import sample
from tests.soak.made import random_cohort, random_filter, random_groups

SOAK = int(os.environ.get("COHORTLENS_SOAK", "50"))
PAGES = app_pages()
PARTS = 5  # so that several workers share the work
_COUNTS = re.compile(r"^\*\*([\d,]+)\*\*(?: of ([\d,]+))? operated(?:\s+\*\*([\d,]+)\*\*(?: of ([\d,]+))? analysed)?")


def counts_on_screen(app: Any) -> list[int | None]:
    """Selected, all, analysed selected, analysed: as the sidebar says."""
    for element in elements(app._tree):
        found = _COUNTS.search(str(getattr(element, "value", "") or ""))
        if found:
            some, every, some_analysed, analysed = found.groups()
            shown = [some, every or some, some_analysed, analysed or some_analysed]  # "of 57" is left out for all 57
            return [int(number.replace(",", "")) if number else None for number in shown]
    raise AssertionError("the sidebar does not say how many patients are selected")


def recounted(cohort: Cohort, selected: list[int], follow_up: str) -> list[int | None]:
    """The same four numbers, patient by patient."""
    primary = [m for m in cohort.primary if cohort.has_scores(m, BASELINE) and cohort.has_scores(m, follow_up)]
    if not primary:
        return [len(selected), cohort.n, None, None]
    columns = [(cohort.counts(m, BASELINE), cohort.counts(m, follow_up)) for m in primary]
    complete = [any(b[i] != MISSING and a[i] != MISSING for b, a in columns) for i in range(cohort.n)]
    return [len(selected), cohort.n, sum(complete[i] for i in selected), sum(complete)]


def default_time(cohort: Cohort) -> str:
    """The time point pages open with."""
    from lib.analysis import Analysis

    found = Analysis(cohort).default_follow_up()
    return found.key if found else ""


def look(app: Any, what: str) -> None:
    """Fail with the page, the filter and what is wrong."""
    found = problems(app, frozenset())
    assert not found, f"{what}: " + "\n".join(found[:5])


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", ["misjf.csv", "registry.csv"])
def test_random_filters_on_every_page(name: str, part: int, open_app: Callable[..., Any]) -> None:  # noqa: F811
    cohort = sample(name)
    state = {} if name == "misjf.csv" else {"_cohort": cohort}
    time = default_time(cohort)
    apps = {page: open_app(page.url_path or None, state=state) for page in PAGES}
    rng = np.random.default_rng(part)
    # a filter that was on must go off as it would under "More filters": every column open first
    opened: dict[str, Any] = {f"filter.{c.key}": [] for c in cohort.categories()}
    for number in cohort.numbers():
        low, high, step = bounds(number)
        opened[f"filter.{number.key}"] = (int(low), int(high)) if float(step).is_integer() else (low, high)
    for turn in range(SOAK // PARTS):
        chosen = random_filter(cohort, rng)
        everywhere = SOAK > 50 or name == "misjf.csv"
        for page in PAGES if everywhere else [PAGES[(turn + part) % len(PAGES)]]:
            app = apps[page]
            for key, value in {**opened, **chosen.state}.items():
                app.session_state[key] = value
            app.run()
            what = f"{name}, {page}, filter {chosen.state}"
            look(app, what)
            assert counts_on_screen(app) == recounted(cohort, chosen.selected, time), what


@pytest.mark.parametrize("part", range(PARTS))
def test_random_cohorts_on_every_page(part: int, open_app: Callable[..., Any]) -> None:  # noqa: F811
    count = 50 if SOAK <= 50 else max(200, SOAK // 2)
    for seed in range(part, count, PARTS):
        kind, cohort = random_cohort(seed)
        groups = random_groups(cohort, np.random.default_rng(seed))
        pages: list[AppPage] = PAGES if SOAK > 50 else [PAGES[seed % len(PAGES)], PAGES[(seed // 7 + 3) % len(PAGES)]]
        for page in pages:
            what = f"{kind}, {page}, compared by {groups or 'nothing'}"
            try:
                app = open_app(page.url_path or None, state={"_cohort": cohort, "choice.compare": groups})
            except pytest.fail.Exception as failure:
                raise AssertionError(f"{what}: {failure}") from None
            look(app, what)
            assert counts_on_screen(app) == recounted(cohort, list(range(cohort.n)), default_time(cohort)), what
