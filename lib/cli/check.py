"""What `--check` and an open question print, as text and as JSON: questions, findings, measures, a file to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from lib.importing.columns.roles import FORMAT, UNANSWERED, VERSION, Choice, Role, columns_to_json
from lib.importing.findings import Finding, ImportProblem
from lib.importing.questions.base import SKIP, Question
from lib.importing.versions import Versions
from lib.present.wording import signed

MOST_CELLS = 40


def findings_text(findings: Sequence[Finding]) -> str:
    """One line per finding under its heading; '' without any."""
    if not findings:
        return ""
    lines = [f"{finding.severity.value}: {finding.sentence}" for finding in findings]
    return "\nWhat the check of the file found\n" + "\n".join(lines) + "\n"


def questions_text(questions: Sequence[Question]) -> str:
    """Every question with its answers by key, and the columns file that answers them; '' without any."""
    if not questions:
        return ""
    blocks = [_one(number, question) for number, question in enumerate(questions, start=1)]
    one = "1 question is" if len(questions) == 1 else f"{len(questions)} questions are"
    return (
        f"\n{one} open: only you can know\n\n"
        + "\n".join(blocks)
        + "\nTo answer, save this as answers.json with one answer per question, and add --columns answers.json\n"
        + json.dumps(skeleton(questions), ensure_ascii=False, indent=1)
        + "\nTo go on with what the columns were taken for: --accept-guesses (every output says so).\n"
    )


def _one(number: int, question: Question) -> str:
    lines = [f"Question {number}: {question.text}", f"   {question.why}"]
    for answer in question.answers:
        effect = f" {answer.effect}" if answer.effect else ""
        lines.append(f"   {answer.key}: {answer.label}.{effect}".replace("..", "."))
    if question.skip:
        lines.append(f"   {SKIP}: {question.skip}")
    return "\n".join(lines) + "\n"


def versions_text(versions: Versions) -> str:
    """What is new, gone and changed between two versions of a file, and every mean change before and now."""
    was, now = versions.patients
    lines = [f"{was:,} patients in the old file, {now:,} in the new one"]
    for word, patients in (("New", versions.new), ("Gone", versions.gone)):
        lines.append(f"{word} ({len(patients):,}): {_some(patients)}" if patients else f"{word}: nobody")
    for word, rows in (("New", versions.new_rows), ("Gone", versions.gone_rows)):
        if rows:
            lines.append(f"{word} rows of known patients ({len(rows):,}): {_some(' '.join(r) for r in rows)}")
    for word, names in (("New", versions.columns_new), ("Gone", versions.columns_gone)):
        if names:
            lines.append(f"{word} columns: {', '.join(names)}")
    lines.append(f"Changed cells: {len(versions.changed):,}")
    for c in versions.changed[:MOST_CELLS]:
        when = f", {c.time_point}" if c.time_point else ""
        lines.append(
            f"  row {c.row}, patient {c.patient}{when}, {c.column}: {c.before or 'blank'} → {c.after or 'blank'}"
        )
    if len(versions.changed) > MOST_CELLS:
        lines.append(f"  … {len(versions.changed) - MOST_CELLS:,} more; --json lists all")
    lines.append("Mean change from baseline, old → new file")
    for h in versions.headlines:
        before, after = ("none" if m is None else signed(m, 2) for m in h.mean_change)
        lines.append(f"  {h.measure}, {h.time_point}: {before} (n={h.pairs[0]:,}) → {after} (n={h.pairs[1]:,})")
    return "\nCompared with the old file\n" + "\n".join(lines) + "\n"


def _some(texts: Iterable[str]) -> str:
    listed = list(texts)
    more = f" … and {len(listed) - MOST_CELLS:,} more" if len(listed) > MOST_CELLS else ""
    return ", ".join(listed[:MOST_CELLS]) + more


def skeleton(questions: Sequence[Question]) -> dict[str, Any]:
    """A columns file with every open question, to be filled in; one left as it is stays open."""
    open_questions = {
        q.key: UNANSWERED + ", ".join([a.key for a in q.answers] + ([SKIP] if q.skip else [])) for q in questions
    }
    return {"format": FORMAT, "version": VERSION, "columns": [], "questions": open_questions}


def check_json(found: Any, findings: Sequence[Finding], versions: Versions | None = None) -> str:
    """Questions, findings, and per measure its columns, time points, direction, range and n, as JSON text.

    Args:
        found: the import. findings: about it, errors first. versions: the differences from an older file.
    """
    record = {
        "file": found.parsed.file_name,
        "sheet": found.sheet.name,
        "rows": found.sheet.n,
        "questions": [_question(q) for q in found.questions],
        "findings": [f.to_json() for f in findings],
        "measures": _measures(found),
        "columns": json.loads(columns_to_json(Choice(found.columns)))["columns"],
        "answers_file": skeleton(found.questions),
    }
    if versions is not None:
        record["against"] = asdict(versions)
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _question(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "code": question.code,
        "text": question.text,
        "why": question.why,
        "stakes": [s.value for s in question.stakes],
        "columns": list(question.columns),
        "rows": list(question.rows),
        "answers": [{"key": a.key, "label": a.label, "effect": a.effect} for a in question.answers],
        "skip": question.skip,
    }


def _measures(found: Any) -> list[dict[str, Any]]:
    """The measures of the cohort as the columns are read now; none when there is nothing to explore."""
    try:
        cohort = found.build()
    except ImportProblem:
        return []
    out = []
    for measure in cohort.measures.values():
        columns = [c.name for c in found.columns if c.role is Role.SCORE and c.target == measure.key]
        columns = columns or [c.name for c in found.columns if c.role in (Role.EQ5D_STATE, Role.EQ5D_DIMENSION)]
        ends = [None if end is None else float(end) for end in (measure.low, measure.high)]
        out.append(
            {
                "key": measure.key,
                "label": measure.label,
                "columns": columns,
                "time_points": [t.key for t in cohort.time_points if (measure.key, t.key) in cohort.scores],
                "higher_is_better": measure.higher_is_better,
                "range": ends,
                "n": {
                    t.key: int(np.isfinite(cohort.scores[measure.key, t.key]).sum())
                    for t in cohort.time_points
                    if (measure.key, t.key) in cohort.scores
                },
            }
        )
    return out
