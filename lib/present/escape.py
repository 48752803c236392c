"""Text from a file is text: escaped at each edge where it could be taken for markup."""

from __future__ import annotations

import html
import re

_BREAKS = re.compile(r"[\t\n\r\f\v ]+")  # a non-breaking space stays one
# Not the round brackets: without a link's square ones they mean nothing, and a slider reads its label out unparsed.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+\-.!|~$:<>&])")
# What is found in the text itself after the escapes were read: addresses become links, "->" becomes an arrow. A word
# joiner, which has no width, stands between.
_JOINER = "\u2060"
_FOUND_LATER = re.compile(
    r"(?i)(https?:(?=//)|ftp:(?=//)|www(?=\.)|(?<=[\w.+-])@(?=[\w-])|<(?=[-=])|-(?=[->])|>(?==)|~(?==))"
)


def for_plotly(text: str) -> str:
    """Plotly reads a few HTML tags and %{…} in its texts; the result shows the characters as typed."""
    return html.escape(text, quote=False).replace("%{", "%&#123;")


def for_markdown(text: str) -> str:
    """Streamlit reads Markdown, :colour[…], $LaTeX$ and HTML in its texts; line breaks become spaces."""
    return _MARKDOWN.sub(r"\\\1", _FOUND_LATER.sub(rf"\1{_JOINER}", _BREAKS.sub(" ", text)))
