"""The STROBE checklist filled in: where each item stands in the manuscript, or that the program cannot know it.

Items and numbers: von Elm et al., Lancet 2007;370:1453 (cohort studies). With randomised groups the five items of
CONSORT-PRO (Calvert et al., JAMA 2013;309:814) that a report of patients' own answers adds.
"""

from __future__ import annotations

from lib.analysis.follow_up_time import follow_up_time
from lib.cohort.cohort import Category, Number
from lib.cohort.design import Kind
from lib.present.table import Cell, Column, Table
from lib.report.plan import Plan
from lib.stats.results import NotComputed

_AUTHORS = "The program cannot know it; for the authors"
_METHODS, _RESULTS = "Methods", "Results"


def _dates(plan: Plan) -> str:
    cohort = plan.analysis.cohort
    known = ["months of treatment"] if "surgery_date" in cohort.columns and not plan.outside else []
    known += ["centers"] if any(c.role == "center" for c in cohort.categories()) else []
    said = f"{_METHODS}, “Design”: {' and '.join(known)}; the rest of the setting: for the authors"
    return said if known else _AUTHORS


def _achieved(plan: Plan) -> str:
    measures = () if plan.outside else plan.measures
    found = follow_up_time(plan.analysis, measures[0].key, plan.time) if measures else NotComputed("no score", 0)
    achieved = "achieved time: for the authors" if isinstance(found, NotComputed) else "time achieved"
    return f"{_RESULTS}: the time point; {achieved}"


def strobe_table(plan: Plan, places: dict[str, str]) -> Table:
    """One row per item; `places` says where flow, Table 1, outcomes, responders, groups and safety stand."""
    analysis = plan.analysis
    cohort = analysis.cohort
    groups = "groups" in places or plan.comparison is not None
    safety = not isinstance(plan.safety(), NotComputed)
    described = any(isinstance(c, Category | Number) for c in cohort.columns.values())
    flow = places.get("flow", _RESULTS)
    rows = [
        ("1a", "Title and abstract: design", "The design stands in Methods; " + _later("title and abstract")),
        ("1b", "Balanced summary", _AUTHORS),
        ("2", "Background and rationale", _AUTHORS),
        ("3", "Objectives, hypotheses", _AUTHORS),
        ("4", "Study design", f"{_METHODS}, “Design”"),
        ("5", "Setting, locations, dates", _dates(plan)),
        ("6a", "Eligibility, sources, follow-up", f"{_METHODS}: selection and time points; criteria: for the authors"),
        ("6b", "Matching", "No matching is computed"),
        ("7", "Variables, diagnostic criteria", f"{_METHODS}: outcomes, responder rules with their sources"),
        ("8", "Data sources, measurement", f"{_METHODS}: instruments and value sets; collection: for the authors"),
        ("9", "Bias", f"{_METHODS}: what the design leaves open; efforts against bias: for the authors"),
        ("10", "Study size", f"{flow}; how the size was arrived at: for the authors"),
        ("11", "Quantitative variables", f"{_METHODS}: thresholds; in groups as in the file"),
        ("12a", "Statistical methods, confounding", f"{_METHODS}" + ("" if groups else "; nothing is adjusted")),
        ("12b", "Subgroups and interactions", f"{_METHODS}: comparison of groups" if groups else "None computed"),
        ("12c", "Missing data", f"{_METHODS}, “Missing data”"),
        ("12d", "Loss to follow-up", f"{_METHODS}, “Missing data”; {flow}"),
        ("12e", "Sensitivity analyses", f"{_METHODS}: worst and best case" if any(plan.rules.values()) else "None"),
        ("13", "Participants, reasons, flow", flow),
        ("14a", "Descriptive data", places.get("table_1", _AUTHORS) if described else "The file holds none"),
        ("14b", "Missing data per variable", places.get("table_1", _AUTHORS)),
        ("14c", "Follow-up time", _achieved(plan)),
        ("15", "Outcome data", places.get("outcomes", _RESULTS)),
        ("16a", "Estimates and precision", places.get("outcomes", _RESULTS)),
        ("16b", "Category boundaries", f"{_METHODS}: thresholds"),
        ("16c", "Relative into absolute risk", "No relative risk is computed"),
        ("17", "Other analyses", places.get("groups") or places.get("responders") or "None"),
        ("17", "Adverse events", places.get("safety", _RESULTS) if safety else "The file does not record them"),
        ("18", "Key results", _AUTHORS),
        ("19", "Limitations", f"{_METHODS}, last paragraphs, name some; the rest: for the authors"),
        ("20", "Interpretation", _AUTHORS),
        ("21", "Generalisability", _AUTHORS),
        ("22", "Funding", _AUTHORS),
    ]
    if cohort.design.kind is Kind.RANDOMISED:
        rows += [
            ("PRO 1b", "The PRO is named in the abstract", _AUTHORS),
            ("PRO 2b", "PRO hypothesis and domains", _AUTHORS),
            ("PRO 6a", "Validity and collection of the PRO", f"{_METHODS}: instruments; collection: for the authors"),
            ("PRO 12a", "Handling of missing PRO data", f"{_METHODS}, “Missing data”"),
            ("PRO 20/21", "PRO-specific limitations", _AUTHORS),
        ]
    columns = (Column("Item"), Column("What"), Column("Where it stands"))
    note = "STROBE statement, cohort studies (von Elm et al., Lancet 2007;370:1453)."
    if cohort.design.kind is Kind.RANDOMISED:
        note += " PRO: CONSORT-PRO (Calvert et al., JAMA 2013;309:814)."
    return Table("STROBE checklist", columns, tuple(tuple(map(Cell, row)) for row in rows), (note,))


def _later(what: str) -> str:
    return f"{what}: for the authors"
