"""Everything that can be read in an exported file, hidden places included: for tests that look for what must not be."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

_NO_CONTENT = re.compile(
    r"theme|slideMaster|slideLayout|notesMaster|styles|Props|fontTable|settings|numbering|core|app\."
)


def office_text(data: bytes, where: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of every paragraph, cell and text alternative; workbooks inside charts are opened too.

    The number of a slide is no text.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        body = archive.read(name)
        if name.endswith(".xlsx"):
            yield from office_text(body, f"{where}{name}!")
        elif name.endswith(".xml") and not _NO_CONTENT.search(name):
            yield from ((where + name, text) for text in _paragraphs(ElementTree.fromstring(body)) if text.strip())


def _paragraphs(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        tag = _bare(element.tag)
        if tag in ("p", "is", "si"):
            parts = [part for child in element if child.get("type") != "slidenum" for part in child.iter()]
            yield "".join(part.text or "" for part in parts if _bare(part.tag) == "t")
        elif tag == "v" and element.text and not element.text.isdigit():
            yield element.text
        yield from (value for key, value in element.attrib.items() if _bare(key) in ("descr", "title"))


def _bare(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def page_text(data: bytes) -> Iterator[tuple[str, str]]:
    """(place, text) of every piece of the web page, of text alternatives, and of all strings in the figures' data."""
    whole = data.decode()
    figures = re.search(r"const figures=(.*?);const config", whole, re.DOTALL)
    body = re.sub(r"<(script|style)>.*?</\1>", " ", whole, flags=re.DOTALL)
    yield from (("aria-label", html.unescape(text)) for text in re.findall(r'aria-label="(.*?)"', body))
    yield from (("page", html.unescape(text)) for text in re.split(r"<[^>]+>", body) if text.strip())
    if figures:
        yield from (("figure", text) for text in _strings(json.loads(figures.group(1))))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value
