"""What a reader hands over, inside the child process: plain lists and bytes, no numpy, so that it starts fast."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lib.cohort.findings import Finding


@dataclass(slots=True)
class RawColumn:
    """One column: distinct texts and, per row, an int32 index into them (as bytes, native order)."""

    name: str
    levels: list[str]
    codes: bytes
    heading: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    declared_missing: list[str] = field(default_factory=list)
    kind: str = ""


@dataclass(slots=True)
class RawSheet:
    """One table. `row_numbers` are int32 bytes, as Excel shows them."""

    name: str
    columns: list[RawColumn]
    row_numbers: bytes
    header_rows: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class RawFile:
    """Everything a reader found."""

    format: str
    sheets: list[RawSheet]
    encoding: str = ""
    delimiter: str = ""
    findings: list[Finding] = field(default_factory=list)


def encode_texts(texts: Iterable[str]) -> tuple[list[str], bytes]:
    """Distinct texts in order of first appearance, and the index of each row as int32 bytes."""
    position: defaultdict[str, int] = defaultdict()
    position.default_factory = position.__len__  # a new text gets the next number, without a line of Python per cell
    codes = array("i", map(position.__getitem__, texts))
    return list(position), codes.tobytes()


def numbers_to_bytes(numbers: Sequence[int]) -> bytes:
    """int32 bytes of row numbers."""
    return array("i", numbers).tobytes()
