"""The files named on the command line → one import, parsed in the child process as an upload is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lib.shell.words import CannotUse


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
    from lib.cohort.findings import ImportProblem
    from lib.cohort.importing import columns_from_json

    if path is None:
        return None
    try:
        return columns_from_json(bytes_of(path, "columns file"))
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None


def read_files(paths: Sequence[Path], sheet: str | None, choice: Any) -> Any:
    """The import of a file, parsed in the child process as an upload is; of several files, joined by patient."""
    from lib.cohort.findings import ImportProblem
    from lib.cohort.importing import propose
    from lib.cohort.parse import parse_file

    data = [bytes_of(path, "file") for path in paths]
    try:
        parsed = [parse_file(each, path.name) for each, path in zip(data, paths, strict=True)]
        if len(parsed) == 1:
            return replace(propose(parsed[0], sheet, choice), synthetic=_is_sample(data[0]))
        return _joined(parsed, choice)
    except ImportProblem as problem:
        raise CannotUse(str(problem)) from None


def _joined(parsed: Sequence[Any], choice: Any) -> Any:
    """Files of one time point each as one import."""
    from lib.cohort.importing import propose
    from lib.cohort.joining import fitted, join, propose_plan

    tables = [propose(each) for each in parsed]
    told = fitted(choice.join, tables) if choice is not None and choice.join is not None else None
    joined = join(tables, told or propose_plan(tables)).parsed
    return propose(joined, joined.sheets[0].name, choice)


def _is_sample(data: bytes) -> bool:
    """Whether these are the bytes of a synthetic cohort that ships with the product."""
    folder = Path(__file__).resolve().parents[2] / "sample_data"
    shipped = (p for p in folder.glob("*") if p.suffix in {".csv", ".xlsx", ".sav"})
    return any(p.stat().st_size == len(data) and p.read_bytes() == data for p in shipped)
