"""Text from a file is text: escaped at each edge where it could be taken for markup."""

from __future__ import annotations

import html
import re

_BREAKS = re.compile(r"[\t\n\r\f\v ]+")  # a non-breaking space stays one
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>])")


def for_plotly(text: str) -> str:
    """Plotly reads a few HTML tags and %{…} in its texts; the result shows the characters as typed."""
    return html.escape(text, quote=False).replace("%{", "%&#123;")


def for_markdown(text: str) -> str:
    """Streamlit reads Markdown, :colour[…], $LaTeX$ and HTML in its texts; line breaks become spaces."""
    return _MARKDOWN.sub(r"\\\1", _BREAKS.sub(" ", text))
