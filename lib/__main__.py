"""The same Analysis from a shell: `python -m lib FILE`.

Exit 0: nothing open (findings are printed); 1: a finding of severity error; 2: a bad request or an unusable file, said
in words; 3: a question only the user can answer, and nothing is written until it is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from lib.cli.files import Given, bytes_of, columns_of, read_files
from lib.cli.options import (
    CannotUse,
    column_named,
    follow_up_of,
    question_of,
    reliable_rules,
    rules_of,
    selection_of,
)

USABLE, ERRORS_FOUND, UNUSABLE, QUESTION_OPEN = 0, 1, 2, 3

EXAMPLES = """examples:
  python -m lib sample_data/misjf.csv
  python -m lib cohort.xlsx --where "etiology=Postpartum" --where "age=30..50"
  python -m lib cohort.sav --export slides.pptx --reader congress
  python -m lib cohort.csv --record analysis.json
  python -m lib pre.csv post.csv
  python -m lib redcap_data.csv redcap_dictionary.csv
  python -m lib cohort.csv --reproduce analysis.json
"""


@dataclass(frozen=True, eq=False)
class _Source:
    """A file on its way: its import, what was found in it, and the cohort."""

    found: Any
    findings: tuple[Any, ...]
    cohort: Any


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the shell command; returns the exit code. Prints to stdout, problems to stderr; never raises."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a Windows console without ≥ and − must not stop the analysis
            reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if not given:
        parser.print_help()
        return USABLE
    parsed = parser.parse_args(given)
    try:
        return _run(parsed)
    except CannotUse as problem:
        return _refuse(str(problem))
    except BrokenPipeError:  # the reader of a pipe had seen enough
        sys.stdout = None
        return USABLE
    except KeyboardInterrupt:
        return _refuse("Stopped.")
    except MemoryError:
        return _refuse("There is not enough memory for this file.")
    except Exception as error:  # a traceback could hold values of patients
        return _refuse(f"Something in the program went wrong ({type(error).__name__}). Please report it.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lib",
        description="Before and after surgery: paired statistics, responders and statements of a cohort file.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    from lib.importing.files.formats import ENDINGS

    ask = parser.add_argument
    known = f"{', '.join(ENDINGS)}; several: time points, dictionary"
    ask("file", type=Path, nargs="+", metavar="FILE", help=known)
    ask("--where", action="append", default=[], metavar="COLUMN=VALUE", help="select; again for the same column: or")
    ask("--columns", type=Path, metavar="F.json", help="what the columns are, as saved in the app")
    ask("--sheet", metavar="NAME", help="which sheet of a workbook")
    ask("--follow-up", metavar="KEY", help="the time point, otherwise 12 months or the last one")
    ask("--threshold", action="append", default=[], metavar="MEASURE=VALUE", help="smallest improvement that counts")
    ask("--reliability", action="append", default=[], metavar="MEASURE=R", help="responder: beyond measurement error")
    ask("--all-operated", action="store_true", help="count statements and events over all operated patients")
    ask("--compare", metavar="COLUMN", help="groups side by side")
    ask("--reference", metavar="GROUP", help="with --compare: against this group, otherwise the average of all")
    ask("--all-pairs", action="store_true", help="with --compare: every pair of at most six groups")
    ask("--primary", metavar="MEASURE", help="with --compare: the outcome that is corrected, otherwise the first")
    ask("--check", action="store_true", help="only check the file")
    ask("--against", type=Path, metavar="OLD", help="with --check: what is new, gone and changed since this file")
    ask("--json", action="store_true", help="with --check: questions, findings and measures as JSON")
    ask("--accept-guesses", action="store_true", help="go on although a question is open; every output says so")
    ask("--record", type=Path, metavar="OUT.json", help="write every result (the analysis file)")
    ask(
        "--export",
        action="append",
        default=[],
        type=Path,
        metavar="OUT",
        help=".pptx, .docx, .manuscript.docx, .xlsx, .html, .page.html, .figures.zip, .reviewer.zip or .json",
    )
    ask("--patient-rows", action="store_true", help="yes, the .reviewer.zip may hold a row per patient")
    ask("--reader", choices=("department", "congress", "public"), help="who will see it, otherwise my department")
    ask("--outside", action="store_true", help="the older word for --reader public")
    ask("--author", default="", help="named as the author in the properties of files")
    ask("--number-style", default="", choices=("AMA", "BMJ", "NEJM"), help="numbers of the manuscript")
    ask("--figure-width", type=int, default=85, choices=(85, 120, 174), help="of figures for print, in millimetres")
    ask("--decimal-comma", action="store_true", help="2,86 for 2.86 in slides and documents")
    ask("--template", type=Path, metavar="T.pptx", help="a PowerPoint file whose look the slides take")
    ask("--reproduce", type=Path, metavar="RECORD.json", help="compute an analysis file again and compare")
    return parser


def _run(parsed: argparse.Namespace) -> int:
    if parsed.against is not None and not parsed.check:
        raise CannotUse("--against belongs to --check.")
    if parsed.compare is None and (parsed.reference or parsed.all_pairs or parsed.primary):
        raise CannotUse("--reference, --all-pairs and --primary belong to --compare.")
    if parsed.json and not parsed.check:
        raise CannotUse("--json belongs to --check; write results with --record.")
    if parsed.check:
        return _check(parsed, read_files(parsed.file, parsed.sheet, columns_of(parsed.columns)))
    if parsed.reproduce is not None:
        return _reproduce(parsed)
    given = read_files(parsed.file, parsed.sheet, columns_of(parsed.columns))
    from lib.cli.check import findings_text, questions_text

    if given.found.questions and not parsed.accept_guesses:
        _say(questions_text(given.found.questions).lstrip())
        return QUESTION_OPEN
    source = _build(given)
    report = _report(parsed, source)
    groups = _groups_text(parsed, source, report)
    for path in parsed.export:
        _export(parsed, source, report, path)
    if parsed.record is not None:
        if report.outside:
            raise CannotUse("--record holds every number; it is for --reader department only.")
        _export(parsed, source, report, parsed.record, ending="json")
    from lib.report.plain_text import overview_text

    _say(overview_text(report) + groups + findings_text(source.findings))
    return _exit_code((), source.findings)


# --- the file --------------------------------------------------------------------------------------------------------


def _build(given: Given) -> _Source:
    from lib.importing.findings import ImportProblem

    try:
        cohort = given.built()
        return _Source(given.found, given.findings(cohort), cohort)
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None


def _check(parsed: argparse.Namespace, given: Given) -> int:
    from lib.cli.check import check_json, findings_text, questions_text, versions_text

    versions = None if parsed.against is None else _versions(parsed, given)
    findings = given.findings() if given.events is None else _build(given).findings
    questions = () if parsed.accept_guesses else given.found.questions
    if parsed.json:
        _say(check_json(given.found, findings, versions))
    else:
        compared = "" if versions is None else versions_text(versions)
        _say((questions_text(questions) + findings_text(findings) or "Nothing to remark.\n") + compared)
    return _exit_code(questions, findings)


def _versions(parsed: argparse.Namespace, given: Given) -> Any:
    from lib.importing.findings import ImportProblem
    from lib.importing.versions import compare_versions

    old = read_files([parsed.against], parsed.sheet, columns_of(parsed.columns))
    try:
        return compare_versions(old.found, given.found)
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None


def _exit_code(questions: Sequence[Any], findings: Sequence[Any]) -> int:
    """A question outweighs an error: what is asked may be what is wrong."""
    if questions:
        return QUESTION_OPEN
    return ERRORS_FOUND if any(f.severity.value == "error" for f in findings) else USABLE


# --- what is asked ---------------------------------------------------------------------------------------------------


def _report(parsed: argparse.Namespace, source: _Source) -> Any:
    from lib.analysis import Analysis
    from lib.analysis.groups.centers import is_many
    from lib.analysis.groups.comparison import compare
    from lib.cohort.grouping import ByColumn
    from lib.cohort.selection import Population, SelectionError
    from lib.report.groups_text import grouping_of
    from lib.report.report import build_report

    cohort = source.cohort
    headings = {column.name: column.target for column in source.found.columns}
    selection = selection_of(cohort, parsed.where, headings)
    population = Population.ALL if parsed.all_operated else Population.ANALYSED
    analysis = Analysis(cohort, selection, population)
    try:
        chosen = int(analysis.selected.sum())
    except SelectionError as error:
        raise CannotUse(str(error)) from None
    if chosen == 0:
        raise CannotUse(f"Nobody in this cohort is {' and '.join(selection.describe(cohort)) or 'there'}.")
    follow_up = follow_up_of(cohort, parsed.follow_up)
    rules = rules_of(cohort, parsed.threshold) | reliable_rules(analysis, follow_up, parsed.reliability)
    comparison, many = None, None
    if parsed.compare is not None:
        parsed.compare = column_named(cohort, parsed.compare, headings).key
        try:
            grouping = grouping_of(cohort, parsed.compare)
            if isinstance(grouping, ByColumn) and is_many(grouping, cohort):
                many = grouping
            else:
                comparison = compare(analysis, grouping, question_of(parsed, compare(analysis, grouping)))
        except SelectionError as error:
            raise CannotUse(str(error)) from None
    return build_report(analysis, follow_up, rules=rules, reader=_reader(parsed), comparison=comparison, many=many)


def _reader(parsed: argparse.Namespace) -> Any:
    from lib.disclosure.readers import Reader

    if parsed.outside and parsed.reader not in (None, "public"):
        raise CannotUse("--outside is --reader public; name one reader.")
    return Reader.PUBLIC if parsed.outside else Reader(parsed.reader or Reader.DEPARTMENT)


def _groups_text(parsed: argparse.Namespace, source: _Source, report: Any) -> str:
    from lib.cohort.selection import SelectionError
    from lib.present.wording import plain_spaces
    from lib.report.groups_text import comparison_tables
    from lib.report.plain_text import text_table

    if parsed.compare is None or (report.outside and report.plan.comparison is None):
        return ""  # many centers are for the department, and the public has groups beside all in every table
    if report.plan.reader == "public":
        return ""
    try:
        tables = comparison_tables(report.plan, parsed.compare)
    except SelectionError as error:
        raise CannotUse(str(error)) from None
    return "\n" + plain_spaces("\n\n".join(text_table(t) for t in tables)) + "\n\nExploratory.\n"


# --- what comes out --------------------------------------------------------------------------------------------------


def _export(parsed: argparse.Namespace, source: _Source, report: Any, path: Path, ending: str = "") -> None:
    import json

    from lib.export import ExportError, Options, export
    from lib.importing.proposal import columns_to_json

    options = Options(
        decimal_comma=parsed.decimal_comma,
        template=None if parsed.template is None else bytes_of(parsed.template, "template"),
        columns=json.loads(columns_to_json(source.found.choice)),
        repairs=tuple(r.to_json() for r in source.found.repairs),
        sheet=source.found.sheet.name,
        compare=parsed.compare or "",
        figure_width=parsed.figure_width,
        author=parsed.author,
        number_style=parsed.number_style,
        patient_rows=parsed.patient_rows,
    )
    try:
        data = export(report, ending or path.name, options)
    except ExportError as error:
        raise CannotUse(f"{error}{_YES if path.name.endswith('reviewer.zip') else ''}") from None
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CannotUse(f"“{path}” cannot be written: {error.strerror or 'unknown reason'}.") from None


_YES = " Say so with --patient-rows."


def _reproduce(parsed: argparse.Namespace) -> int:
    import json

    from lib.export.record import AnalysisFileError, read, reproduce
    from lib.importing.findings import ImportProblem
    from lib.importing.proposal import columns_from_json

    try:
        record = read(bytes_of(parsed.reproduce, "analysis file"))
        saved = record.get("columns")
        choice = columns_of(parsed.columns) or (columns_from_json(json.dumps(saved)) if saved else None)
        given = read_files(parsed.file, parsed.sheet or record["file"].get("sheet") or None, choice)
        repairs = _repairs_of(record)
        result = reproduce(record, _build(replace(given, found=given.found.accept(*repairs))).cohort)
    except (AnalysisFileError, ImportProblem) as error:
        raise CannotUse(str(error)) from None
    other = "".join(f"made with {line}\n" for line in result.versions)
    if result.matches:
        _say(f"match: {result.compared} numbers and words are the same\n{other}")
        return USABLE
    _say("differs:\n" + "\n".join(result.differences) + f"\n{other}")
    return UNUSABLE


def _repairs_of(record: dict[str, Any]) -> list[Any]:
    from lib.importing.findings import Repair

    try:
        return [Repair.from_json(r) for r in record.get("repairs") or []]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CannotUse("This analysis file is damaged: its repairs cannot be read.") from None


def _say(text: str) -> None:
    _print(text, sys.stdout.write)
    sys.stdout.flush()


def _refuse(text: str) -> int:
    _print(text + "\n", sys.stderr.write)
    return UNUSABLE


def _print(text: str, write: Callable[[str], Any]) -> None:
    """Labels of a file cannot steer the terminal: control characters become a question mark."""
    write("".join(c if c == "\n" or (c.isprintable() or c in "\u00a0\u2009") else "?" for c in text))


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()
