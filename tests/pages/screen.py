"""What a person would read on a page run by AppTest, and what must never be among it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

# A number that is missing has words on every page; these are what it looks like when it slipped through.
# "None of the 29 patients" is English.
SLIPPED = re.compile(r"\b(nan|NaN|NAN|NaT|Inf|inf|Infinity|None(?! of\b))\b|<NA>|Traceback \(most recent call last\)")
# Strings of an element that nobody reads.
UNSEEN = {"css_content", "form_id", "icon", "id", "js_content", "key", "language", "spec", "tag", "theme", "url"}
STRING, MESSAGE = 9, 11  # protobuf's numbers for these kinds of field


def elements(block: Any) -> Iterator[Any]:
    """Every element of the page, sidebar and dialogs included."""
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child
        proto = getattr(child, "proto", None)
        if isinstance(child, Block) and proto is not None:
            yield child


def _strings(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.name in UNSEEN or field.type not in {STRING, MESSAGE}:
            continue
        many = value if field.is_repeated else [value]
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            many = [str(item) for item in value.values()]
        for one in many:
            if isinstance(one, str):
                yield one
            else:
                yield from _strings(one)


def _cells(proto: Any) -> Iterator[str]:
    """The cells of a table as the browser shows them: formatted where a Styler did, an empty cell is "None"."""
    arrow = proto.arrow_data
    shown = arrow.styler.display_values or arrow.data
    if not shown:
        return
    frame = convert_arrow_bytes_to_pandas_df(shown)
    yield from (str(label) for label in [*frame.columns, *frame.index])
    for column in range(frame.shape[1]):
        values = frame.iloc[:, column]
        yield from ("None" if missing else str(value) for value, missing in zip(values, values.isna(), strict=True))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for name, part in value.items() if name != "template" for text in _leaves(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _leaves(part))


def texts(app: AppTest) -> list[tuple[str, str]]:
    """Everything readable on the page as (kind of element, text): labels, options, tables, words in and on charts."""
    found: list[tuple[str, str]] = []
    for element in elements(app._tree):
        proto = getattr(element, "proto", None)
        if proto is None:
            continue
        kind = type(proto).__name__
        found.extend((kind, text) for text in _strings(proto))
        if hasattr(proto, "arrow_data"):
            found.extend((kind, text) for text in _cells(proto))
        if kind == "PlotlyChart" and proto.spec:
            found.extend((kind, text) for text in _leaves(json.loads(proto.spec)))
        if kind == "BidiComponent" and proto.bytes:
            found.extend((kind, text) for text in _leaves(json.loads(proto.bytes)))
    return found


def charts(app: AppTest) -> dict[str, dict[str, Any]]:
    """What the page sends for each of its charts, by file name, in the order of the page."""
    sent = [json.loads(e.proto.bytes) for e in app.get("bidi_component") if e.proto.component_name.endswith(".chart")]
    return {chart["file_name"]: chart for chart in sent}


def problems(app: AppTest, allow: frozenset[str] = frozenset()) -> list[str]:
    """Exceptions, tracebacks and words like "nan" on the page; `allow` names those that a file truly contains."""
    found = [f"exception {error.message}\n" + "\n".join(error.stack_trace) for error in app.exception]
    for kind, text in texts(app):
        hits = {match.group(0) for match in SLIPPED.finditer(text)} - allow
        found.extend(f"{hit} on screen, {kind}: {text[:200]!r}" for hit in sorted(hits))
    return found


def words(app: AppTest) -> str:
    """Everything a person would read, in one line, without Markdown's backslashes and with ordinary spaces."""
    return " ".join(text for _, text in texts(app)).replace("\\", "").replace("\u00a0", " ")
