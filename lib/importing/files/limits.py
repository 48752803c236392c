"""What a file may be, and what the user says about it instead of what was detected. Light: the child imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be. Shown before the upload, enforced while reading."""

    bytes: int = 50_000_000
    rows: int = 200_000
    columns: int = 1_000
    cells: int = 12_000_000
    unpacked_bytes: int = 250_000_000
    seconds: float = 18.0
    memory_bytes: int = 1_000_000_000
    output_bytes: int = 600_000_000

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the child process."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the file instead of what was detected; empty or None means: detect."""

    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    header_rows: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the child process."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
