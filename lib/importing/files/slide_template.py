"""An uploaded slide template (.pptx), opened in the child: measured, without its slides and without links outside.

What comes back is a small package that python-pptx wrote itself; only that is opened where patients' data are.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

from lib.importing.files import archive
from lib.importing.findings import ImportProblem, refuse

MOST_BYTES = 20_000_000
MOST_UNPACKED = 60_000_000
MOST_XML = 12_000_000
MOST_PARTS = 2_000
_CODE = "template"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LINKS = ("hlinkClick", "hlinkHover", "hlinkMouseOver")


def cleaned(data: bytes) -> bytes:
    """The template as a package without slides and external relations. Raises ImportProblem with the reason."""
    import pptx

    try:
        parts = _parts(data)
        presentation = pptx.Presentation(io.BytesIO(_packed(_without_links(parts))))
    except ImportProblem:
        raise
    except MemoryError:
        raise
    except Exception as error:  # a zip of something else, no zip, a damaged part: the library raises many kinds
        raise refuse(_CODE, "The template is not a PowerPoint file (.pptx) that can be opened.") from error
    if not len(presentation.slide_layouts):
        raise refuse(_CODE, "The template has no slide layouts.")
    listed = presentation.slides._sldIdLst
    for slide_id in list(listed):
        presentation.part.drop_rel(slide_id.rId)
        listed.remove(slide_id)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    """Every part by name, counted while it unpacks."""
    if len(data) > MOST_BYTES:
        raise refuse(_CODE, f"The template has {len(data) / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB are read.")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        listed = package.infolist()
        if len(listed) > MOST_PARTS:
            raise refuse(_CODE, f"The template consists of {len(listed):,} parts; at most {MOST_PARTS:,} are read.")
        found: dict[str, bytes] = {}
        size = of_xml = 0
        for part in listed:
            held = []
            is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
            for piece, fresh in archive.pieces(package, part, overlap=0):
                size += fresh
                of_xml += fresh if is_xml or piece.lstrip()[:1] == b"<" else 0
                if size > MOST_UNPACKED or of_xml > MOST_XML:
                    most = (
                        f"{MOST_XML // 1_000_000} MB of XML"
                        if of_xml > MOST_XML
                        else f"{MOST_UNPACKED // 1_000_000} MB"
                    )
                    advice = "Save a copy with one empty slide and its layouts."
                    raise refuse(_CODE, f"The template unpacks to more than {most}. {advice}")
                held.append(piece)
            content = b"".join(held)
            if archive.ENTITY.search(content) and (is_xml or content.lstrip()[:1] == b"<"):
                raise refuse(
                    _CODE,
                    f'The template declares XML entities (in "{part.filename}"). PowerPoint never writes those; they '
                    "can be used to read files or to exhaust the memory, so the template is not opened.",
                )
            found[part.filename] = content
    return found


def _without_links(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts without relations that point out of the package, and without what refers to these."""
    from lxml import etree

    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    out = dict(parts)
    for name in [n for n in parts if n.endswith(".rels") and b"External" in parts[n]]:
        relations = etree.fromstring(parts[name], safe)
        outside = {r.get("Id"): r for r in relations if r.get("TargetMode") == "External"}
        for relation in outside.values():
            relations.remove(relation)
        out[name] = etree.tostring(relations, xml_declaration=True, encoding="UTF-8", standalone=True)
        folder, file = posixpath.split(name)
        owner = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        if owner in parts:
            tree = etree.fromstring(parts[owner], safe)
            _drop_references(tree, set(outside))
            out[owner] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return out


def _drop_references(tree: Any, ids: set[str | None]) -> None:
    for element in list(tree.iter("*")):
        named = [key for key, value in element.attrib.items() if key.startswith(_RELATION) and value in ids]
        if not named:
            continue
        if element.tag.rsplit("}", 1)[-1] in _LINKS and element.getparent() is not None:
            element.getparent().remove(element)
            continue
        for key in named:
            del element.attrib[key]


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()
