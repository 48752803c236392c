"""A cohort beside the app, in a notebook: DataFrames of what was read, and the Analysis that the pages use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.analysis import Analysis
from lib.cli.files import columns_of, read_files
from lib.cli.options import CannotUse, column_named
from lib.cohort.cohort import Category, Cohort, Number
from lib.cohort.selection import NOT_RECORDED, Population, Range, Selection
from lib.importing.columns.roles import Choice
from lib.importing.findings import Finding, ImportProblem
from lib.importing.proposal import Import
from lib.importing.questions.base import SKIP, Question
from lib.settings import DEFAULTS
from lib.stats.paired import Choice as Test
from lib.stats.paired import PairedResult
from lib.stats.results import NotComputed

DIMENSIONS = ("MO", "SC", "UA", "PD", "AD")


class QuestionsOpen(Exception):  # noqa: N818 - what it says is that questions are open
    """What only the owner of the file knows. `questions` holds them; the text names keys and answers."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        super().__init__("\n".join(_words(q) for q in questions))


def _words(question: Question) -> str:
    answers = [f"{a.key!r}: {a.label}" for a in question.answers]
    answers += [f"{SKIP!r}: {question.skip}"] if question.skip else []
    listed = "\n  ".join(answers)
    return f"{question.text}\n  {question.why}\n  answers={{{question.key!r}: …}}, one of\n  {listed}"


class NamedAnalysis(Analysis):
    """An Analysis that knows measures by key, label or column, and the usual follow-up."""

    def __init__(self, opened: OpenCohort, selection: Selection, population: Population) -> None:
        super().__init__(opened.cohort, selection, population)
        self._opened = opened

    def paired(
        self,
        measure: str,
        follow_up: str | None = None,
        *,
        confidence: float = DEFAULTS.confidence,
        force: Test | None = None,
    ) -> PairedResult | NotComputed:
        """Before against after of one measure; the usual follow-up (12 months, else the last) unless named."""
        usual = self.default_follow_up()
        if follow_up is None and usual is None:
            raise CannotUse("This cohort has one time point; there is nothing to compare with.")
        key = self._opened.measure_key(measure)
        return super().paired(key, follow_up or (usual.key if usual else ""), confidence=confidence, force=force)


class OpenCohort:
    """A cohort with its tables. Rows are patients (or sides, operations: what one row was said to be).

    The index of every table is the row number in the file as Excel shows it. `cohort` is the product's own object,
    `findings` what was found in the file.
    """

    def __init__(self, cohort: Cohort, found: Import) -> None:
        self.cohort = cohort
        self.findings: tuple[Finding, ...] = found.findings
        self._columns = {c.name: c.target for c in found.columns}

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.cohort.source_rows, name="row")

    @cached_property
    def patients(self) -> pd.DataFrame:
        """Categories, numbers and dates, one row per patient."""
        made: dict[str, Any] = {}
        for key, column in self.cohort.columns.items():
            if isinstance(column, Category):
                made[key] = pd.Categorical.from_codes(column.codes, pd.Index(column.labels), ordered=column.ordered)
            else:
                made[key] = column.values if isinstance(column, Number) else column.days.astype("datetime64[s]")
        return pd.DataFrame(made, index=self._index)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores by measure and time point; NaN where missing or outside the scale."""
        return self._by_time("measure", dict(self.cohort.scores))

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Answers to statements as ordered categories; no answer and "don't know" are missing."""
        made = {}
        for (key, time), codes in self.cohort.answers.items():
            levels = pd.Index(self.cohort.statements[key].levels)
            made[key, time] = pd.Categorical.from_codes(np.maximum(codes, -1), levels, ordered=True)
        return self._by_time("statement", made)

    @cached_property
    def binary(self) -> pd.DataFrame:
        """Yes/no outcomes; missing where not recorded."""
        return self._by_time("outcome", {at: _nullable(v, v < 0, "boolean") for at, v in self.cohort.yesno.items()})

    @cached_property
    def states(self) -> pd.DataFrame:
        """EQ-5D levels by dimension and time point; missing where not recorded or illegal."""
        made = {
            (dimension, time): _nullable(levels[:, place], levels[:, place] == 0, "Int8")
            for time, levels in self.cohort.states.items()
            for place, dimension in enumerate(DIMENSIONS)
        }
        return self._by_time("dimension", made)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Adverse events, one row each; `row` is the patient's, as in the other tables."""
        found = self.cohort.events
        if found is None:
            return pd.DataFrame({"row": [], "type": []})
        made: dict[str, Any] = {"row": self.cohort.source_rows[found.patient], "type": found.type}
        for name in ("timing", "severity", "serious", "procedure"):
            if getattr(found, name) is not None:
                made[name] = getattr(found, name)
        return pd.DataFrame(made)

    def _by_time(self, what: str, made: Mapping[tuple[str, str], Any]) -> pd.DataFrame:
        order = {t.key: place for place, t in enumerate(self.cohort.time_points)}
        keys = sorted(made, key=lambda at: order.get(at[1], len(order)))
        keys.sort(key=lambda at: list(dict.fromkeys(k for k, _ in made)).index(at[0]))
        table = pd.DataFrame({at: pd.Series(made[at], index=self._index) for at in keys}, index=self._index)
        table.columns = pd.MultiIndex.from_tuples(keys, names=[what, "time_point"])
        return table

    def measure_key(self, name: str) -> str:
        """The key of a measure named by key, label or one of its columns. Raises CannotUse with the measures."""
        known = self.cohort.measures
        target = self._columns.get(name, name)
        for key, measure in known.items():
            if name in (key, measure.label) or target == key or name == key.partition(":")[0]:
                return key
        stem = [t for c, t in self._columns.items() if c.startswith(name) and t in known]
        if stem and len(set(stem)) == 1:
            return stem[0]
        raise CannotUse(f"There is no measure “{name}”. Measures: {', '.join(known) or 'none'}.")

    def analysis(self, where: Mapping[str, Any] | None = None, all_patients: bool = False) -> NamedAnalysis:
        """The analysis of some patients: `where={"etiology": "Postpartum", "age": (30, 50)}`; a list means or.

        `all_patients` counts statements and events over everybody, not only over complete pairs.
        """
        chosen: dict[str, list[str]] = {}
        ranges: dict[str, Range] = {}
        for name, wanted in (where or {}).items():
            column = column_named(self.cohort, name)
            if isinstance(column, Category):
                chosen[column.key] = [wanted] if isinstance(wanted, str) else list(wanted)
                strange = [w for w in chosen[column.key] if w not in (*column.labels, NOT_RECORDED)]
                if strange:
                    known = ", ".join(column.labels)
                    raise CannotUse(f"“{strange[0]}” does not occur in {column.label}. It has: {known}.")
            elif isinstance(column, Number):
                low, high = wanted if isinstance(wanted, tuple) else (wanted, wanted)
                ranges[column.key] = Range(low, high)
            else:
                raise CannotUse(f"{column.label} is a date; filter `patients` instead.")
        population = Population.ALL if all_patients else Population.ANALYSED
        return NamedAnalysis(self, Selection.of(chosen, ranges), population)

    def __repr__(self) -> str:
        what = ", ".join(self.cohort.measures) or "no measure"
        return f"<OpenCohort: {self.cohort.n} patients; {what}>"


def _nullable(values: Any, missing: Any, dtype: Any) -> Any:
    """An array, not a Series: a Series would be put in by its own index."""
    return pd.Series(values).astype(dtype).mask(missing).array


def opened(path: Path, answers: Mapping[str, str] | str | Path | None, sheet: str | None) -> OpenCohort:
    """The cohort of a file (`lib.open_cohort`)."""
    saved = columns_of(Path(answers)) if isinstance(answers, str | Path) else None
    choice = Choice((), questions=tuple(answers.items())) if isinstance(answers, Mapping) else saved
    given = read_files([path], sheet, choice)
    if given.found.questions:
        raise QuestionsOpen(given.found.questions)
    try:
        return OpenCohort(given.built(), given.found)
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None
