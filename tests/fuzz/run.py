"""All malformed files: `python -m tests.fuzz.run [--seed 1] [--each 100]`; exit 1 when a promise is broken.

Promises: 0 tracebacks; at least 95% of the messages about damage with a place name a row, column or sheet; median
under 1 s, none above 20 s.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from lib.importing.files.worker import parse_file
from lib.importing.findings import Finding, ImportProblem
from lib.importing.proposal import propose
from tests.fuzz.corpus import Case, corpus

NAMED = 0.95
MEDIAN_SECONDS = 1.0
MOST_SECONDS = 20.0


@dataclass(slots=True)
class Report:
    """What came out."""

    seconds: list[float] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    placed: int = 0
    named: int = 0
    unnamed: list[str] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)

    @property
    def promises(self) -> dict[str, bool]:
        """Each promise, and whether it holds."""
        return {
            "no traceback": not self.tracebacks,
            "every refusal has words": not self.wordless,
            f"{NAMED:.0%} name a place": self.named >= NAMED * self.placed,
            "median under 1 s": statistics.median(self.seconds) < MEDIAN_SECONDS,
            "none above 20 s": max(self.seconds) <= MOST_SECONDS,
        }


def names_the_place(findings: tuple[Finding, ...], codes: frozenset[str]) -> bool:
    """Whether a message about this damage says where: rows, a column, a sheet."""
    return any(f.code in codes and (f.rows or f.column or f.sheet) for f in findings)


def try_file(name: str, case: Case, report: Report) -> None:
    """One file all the way to a cohort, as an upload would go."""
    start = time.perf_counter()
    findings: tuple[Finding, ...] = ()
    try:
        table = propose(parse_file(case.data, name))
        findings = table.findings
        table.build()
        table.accept(*(f.repair for f in findings if f.repair)).build()
        report.outcomes["read"] += 1
    except ImportProblem as problem:
        findings = problem.findings
        report.outcomes["refused"] += 1
        if not str(problem).strip():
            report.wordless.append(f"{name} ({case.name})")
    except Exception:  # the promise is that there is none
        report.outcomes["traceback"] += 1
        report.tracebacks.append(f"{name} ({case.name})\n{traceback.format_exc()}")
    report.seconds.append(time.perf_counter() - start)
    if case.codes:
        report.placed += 1
        if names_the_place(findings, case.codes):
            report.named += 1
        else:
            report.unnamed.append(f"{name} ({case.name}): {[(f.code, f.column, f.rows[:3]) for f in findings]}")


def run(seed: int, each: int) -> Report:
    """Every case of the corpus."""
    report = Report()
    for name, case in corpus(seed, each):
        try_file(name, case, report)
    return report


def main() -> int:
    """Run, print, judge."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--each", type=int, default=100)
    told = arguments.parse_args()
    report = run(told.seed, told.each)
    for text in report.tracebacks[:10]:
        print(text)
    for text in report.unnamed:
        print("no place named:", text)
    print(dict(report.outcomes), f"place named {report.named} of {report.placed}")
    print(f"median {statistics.median(report.seconds):.2f} s, longest {max(report.seconds):.2f} s")
    for promise, holds in report.promises.items():
        print("holds" if holds else "BROKEN", promise)
    return 0 if all(report.promises.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
