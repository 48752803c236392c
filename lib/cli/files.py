"""The files named on the command line → one import, parsed in the child process as an upload is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lib.cli.options import CannotUse


def bytes_of(path: Path, what: str) -> bytes:
    """The bytes of a file; `what` names its kind in the CannotUse that says why it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CannotUse(f"There is no {what} “{path}”.") from None
    except IsADirectoryError:
        raise CannotUse(f"“{path}” is a folder, not a {what}.") from None
    except OSError as error:
        raise CannotUse(f"The {what} “{path}” cannot be read: {error.strerror or 'unknown reason'}.") from None


def columns_of(path: Path | None) -> Any:
    """The saved columns (`Choice`), None without a path. Raises CannotUse naming the entry that is not understood."""
    from lib.importing.findings import ImportProblem
    from lib.importing.proposal import columns_from_json

    if path is None:
        return None
    try:
        return columns_from_json(bytes_of(path, "columns file"))
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What the files hold: the import of the patients, and the adverse events of a file of their own."""

    found: Any
    events: Any = None

    def built(self) -> Any:
        """The cohort. Raises ImportProblem when there is nothing to explore."""
        return self.found.build(self.events.events if self.events is not None else None)

    def findings(self, cohort: Any = None) -> tuple[Any, ...]:
        """About the patients' table, and once there is a cohort about events of nobody in it."""
        of_events = self.events.joined(cohort.id_hashes).findings if self.events is not None and cohort else ()
        return (*self.found.findings, *of_events)


def read_files(paths: Sequence[Path], sheet: str | None, choice: Any) -> Given:
    """The import of a file, parsed in the child process as an upload is.

    Several files are told apart by their content: time points are joined by patient, a data dictionary labels them, a
    file of events is kept beside them. Raises CannotUse in the words of the import.
    """
    from lib.importing.files.worker import parse_file
    from lib.importing.findings import ImportProblem
    from lib.importing.proposal import propose

    data = [bytes_of(path, "file") for path in paths]
    try:
        parsed = [parse_file(each, path.name) for each, path in zip(data, paths, strict=True)]
        if len(parsed) > 1:
            return _several(parsed, sheet, choice)
        joined = _sheets(parsed[0], choice) if sheet is None else None
        found = joined or propose(parsed[0], sheet, choice)
        return Given(replace(found, synthetic=_is_sample(data[0])))
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None


def _several(parsed: Sequence[Any], sheet: str | None, choice: Any) -> Given:
    from lib.importing.events import propose_events
    from lib.importing.join import arrange
    from lib.importing.proposal import propose

    what = arrange(parsed)
    if what.unused:
        raise CannotUse(f"“{what.unused[0]}” has no use: another file is of the same kind.")
    events = propose_events(what.events) if what.events is not None else None
    only = len(what.tables) == 1
    return Given(
        propose(what.tables[0], sheet, choice) if only else _joined([propose(each) for each in what.tables], choice),
        events,
    )


def _sheets(parsed: Any, choice: Any) -> Any:
    """The sheets of one workbook that are one time point each as one import; None without such sheets.

    A choice saved for one sheet keeps to that sheet.
    """
    from lib.importing.join import sheets_of_time_points
    from lib.importing.proposal import propose

    if choice is not None and choice.columns and choice.join is None:
        return None
    names = sheets_of_time_points(parsed)
    return _joined([propose(parsed, name) for name in names], choice) if names else None


def _joined(tables: Sequence[Any], choice: Any) -> Any:
    """Tables of one time point each as one import."""
    from lib.importing.join import fitted, join, propose_plan
    from lib.importing.proposal import propose

    plan = fitted(choice.join, tables) if choice is not None and choice.join is not None else None
    joined = join(tables, plan or propose_plan(tables)).parsed
    return propose(joined, joined.sheets[0].name, choice)


def _is_sample(data: bytes) -> bool:
    """Whether these are the bytes of a synthetic cohort that ships with the product."""
    folder = Path(__file__).resolve().parents[2] / "sample_data"
    shipped = (p for p in folder.glob("*") if p.suffix in {".csv", ".xlsx", ".sav"})
    return any(p.stat().st_size == len(data) and p.read_bytes() == data for p in shipped)
