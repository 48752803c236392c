"""A file parsed in this process: hundreds of small files in seconds, where the child process would take minutes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence

from lib.importing.files.arrow import encode_file
from lib.importing.files.formats import read
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.table import Parsed
from lib.importing.files.wire import decode
from lib.importing.files.worker import with_patients
from lib.importing.proposal import Import, propose


def parse_here(data: bytes, name: str, *, options: ReadOptions | None = None) -> Parsed:
    """As `worker.parse_file`."""
    raw = b"".join(encode_file(read(data, Limits(), options or ReadOptions())))
    return with_patients(decode(raw, name, hashlib.sha256(data).hexdigest()))


def propose_bytes(data: bytes, name: str) -> Import:
    return propose(parse_here(data, name))


def propose_columns(columns: Mapping[str, Sequence[str]]) -> Import:
    """A CSV file of these columns, proposed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return propose_bytes(text.getvalue().encode(), "x.csv")
