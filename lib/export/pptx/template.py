"""The room that a hospital's own template leaves: between its bands and logos, and whether its ground is light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lib.present.theme import brightness

_EMU = 914400
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_LIGHT = 191.25
_GAP = 0.12


@dataclass(frozen=True, slots=True)
class Room:
    """Edges in inches inside which nothing of the template lies; `light` when dark letters can be read on it."""

    left: float
    top: float
    right: float
    bottom: float
    light: bool


def room_of(presentation: Any, layout: Any) -> Room:
    """What the layout and its master leave free.

    A shape that reaches an edge of the slide and lies in its outer part (a band, a bar, a logo in a corner) takes that
    side. A ground that is a picture, a gradient or dark is not light.
    """
    width, height = presentation.slide_width / _EMU, presentation.slide_height / _EMU
    left, top, right, bottom = 0.0, 0.0, width, height
    light = _light(layout)
    for shape in _fixtures(layout):
        if None in (shape.left, shape.top, shape.width, shape.height):
            continue
        x, y = shape.left / _EMU, shape.top / _EMU
        end, foot = x + shape.width / _EMU, y + shape.height / _EMU
        tall, wide = foot - y, end - x
        if wide * tall > 0.8 * width * height:  # a picture or a colour under everything
            light = _light_fill(shape, layout)
        elif y >= 0.75 * height and foot > 0.9 * height:
            bottom = min(bottom, y)
        elif foot <= 0.25 * height and y < 0.1 * height:
            top = max(top, foot)
        elif tall > 0.4 * height and end <= 0.3 * width:
            left = max(left, end)
        elif tall > 0.4 * height and x >= 0.7 * width:
            right = min(right, x)
    return Room(
        left + _GAP if left else 0.0,
        top + _GAP if top else 0.0,
        right - _GAP if right < width else width,
        bottom - 0.04 if bottom < height else height,
        light,
    )


def _fixtures(layout: Any) -> Iterator[Any]:
    """What every slide of the layout shows besides its placeholders."""
    shown = layout._element.get("showMasterSp") not in ("0", "false")
    for owner in (layout.slide_master, layout) if shown else (layout,):
        yield from (shape for shape in owner.shapes if not shape.is_placeholder)


def _light(layout: Any) -> bool:
    for owner in (layout, layout.slide_master):
        ground = owner._element.find(f"{_P}cSld/{_P}bg")
        if ground is None:
            continue
        reference = ground.find(f"{_P}bgRef")
        if reference is not None:
            return _is_light(reference, layout)
        return _is_light(ground.find(f"{_P}bgPr/{_A}solidFill"), layout)
    return True


def _light_fill(shape: Any, layout: Any) -> bool:
    return _is_light(shape._element.find(f".//{_P}spPr/{_A}solidFill"), layout)


def _is_light(fill: Any, layout: Any) -> bool:
    """Of an element that holds a colour; what holds none (a picture, a gradient) is not known to be light."""
    if fill is None:
        return False
    for color in fill:
        value = color.get("val") if color.tag == f"{_A}srgbClr" else None
        if color.tag == f"{_A}sysClr":
            value = color.get("lastClr")
        if color.tag == f"{_A}schemeClr":
            value = _scheme(str(color.get("val")), layout)
        if value and len(value) == 6:
            return brightness(value) >= _LIGHT
    return False


def _scheme(name: str, layout: Any) -> str | None:
    """The colour behind "bg1" of the master's map and theme."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    master = layout.slide_master
    mapped = master._element.find(f"{_P}clrMap")
    name = mapped.get(name, name) if mapped is not None else name
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    slot = theme.find(f".//{_A}clrScheme/{_A}{name}")
    if slot is None or not len(slot):
        return None
    value = slot[0].get("lastClr") or slot[0].get("val")
    return str(value) if value else None


@dataclass(frozen=True, slots=True)
class Frame:
    """The room of a slide in inches: the title, the body's left, top, width, and where the footer ends."""

    title: tuple[float, float, float, float]
    left: float
    top: float
    width: float
    bottom: float
    light: bool = True
    scale: float = 1.0

    def sizes(self, points: tuple[float, ...]) -> tuple[float, ...]:
        """Sizes of letters as a slide of 7.5 inches has them, on this one: a smaller slide is shown as large."""
        return tuple(round(p * self.scale * 2) / 2 for p in points)

    @property
    def body(self) -> tuple[float, float, float, float]:
        """Left, top, width, height."""
        return (self.left, self.top, self.width, self.bottom - self.top - 0.62)
