"""The look by role: colours, sizes per medium, one Plotly template. Plain values, no Plotly and no Streamlit here.

A figure takes its colours and sizes from here and nowhere else; `.streamlit/config.toml` repeats the colours of the
page, and a test keeps the two in step. The look is locked to light, so what is exported is what was on screen.
Contrast is WCAG 2.2 relative luminance; the palette was judged under deuteranopia, protanopia and in greyscale
(docs/look.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import Category
from lib.cohort.grouping import ByColumn, VersusRest

FONT = "Hanken Grotesk"
FONT_STACK = f"{FONT}, Source Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they mean, as #RRGGBB. One accent (petrol), one opposite (sienna), the rest grey."""

    page: str = "#FFFFFF"
    panel: str = "#F3F6F7"
    sidebar: str = "#F6F8F8"
    ink: str = "#16242B"  # text, means, "all", the zero line
    muted: str = "#56656D"  # units, intervals, axis numbers
    icon: str = "#5B6B73"
    border: str = "#DCE3E6"
    hairline: str = "#E6EBED"  # gridlines that help to read a value
    axis: str = "#9AA8AE"
    accent: str = "#0F5C73"  # widgets and links
    follow_up: str = "#0F5C73"
    improved: str = "#0F5C73"
    baseline: str = "#7C8B92"  # baseline values
    unchanged: str = "#7C8B92"  # as a dot or a line
    unchanged_fill: str = "#D3DBDE"  # as the filling of a bar, and the track under a bar
    worsened: str = "#B4541A"
    tint: str = "#E3EFF2"  # band of a confidence interval, region beyond the threshold


PALETTE = Palette()
READABLE = 4.5
"""The contrast that every word needs with what stands behind it (WCAG 2.2, AA)."""

# In this order, one per category for the whole app; the seventh (slate) belongs to "Unknown".
CATEGORY_COLORS: tuple[str, ...] = (
    *("#1A3991", "#A9910F", "#752128", "#298571", "#9B85C1"),
    *("#945306", "#444E57", "#6B864B", "#BD7A96", "#0F6886"),
)
UNKNOWN_COLOR = CATEGORY_COLORS[6]
NOT_RECORDED_COLOR = PALETTE.baseline
REST_COLOR = "#444E57"
"""Slate: "the rest" of a filter is no category and never has the colour of one."""
_FREE_COLORS = CATEGORY_COLORS[:6] + CATEGORY_COLORS[7:]

# Second sign beside the colour. No diamond: that is "all" (ink) and "worsened" (sienna).
CATEGORY_SYMBOLS: tuple[str, ...] = (
    *("circle", "square", "triangle-up", "triangle-down", "pentagon"),
    *("hexagon2", "star-triangle-up", "cross", "x"),
)
UNKNOWN_WORDS = frozenset({"unknown", "onbekend", "unbekannt"})
NOT_RECORDED_WORDS = frozenset({"not recorded", "niet vastgelegd", "nicht erfasst"})


@dataclass(frozen=True, slots=True)
class CategoryStyle:
    """How one category is marked: colour (marks only; its name stays ink) and Plotly symbol."""

    color: str
    symbol: str


def category_styles(categories: Sequence[str]) -> dict[str, CategoryStyle]:
    """One style per category, in the order given, which must be the order in the whole cohort.

    Give all categories of the column, not the selected ones: that is what keeps a colour on its category when the
    filter moves. "Unknown" (English, Dutch or German) is always slate and "Not recorded" grey, and neither uses up a
    place. Beyond nine categories colours come again with another symbol. Duplicates count once.
    """
    styles: dict[str, CategoryStyle] = {}
    place = 0
    for category in categories:
        if category in styles:
            continue
        word = category.strip().casefold()
        if word in UNKNOWN_WORDS:
            styles[category] = CategoryStyle(UNKNOWN_COLOR, "hexagon2")
        elif word in NOT_RECORDED_WORDS:
            styles[category] = CategoryStyle(NOT_RECORDED_COLOR, "hexagon2")
        else:
            turn = place // len(_FREE_COLORS)
            symbol = CATEGORY_SYMBOLS[(place + turn) % len(CATEGORY_SYMBOLS)]
            styles[category] = CategoryStyle(_FREE_COLORS[place % len(_FREE_COLORS)], symbol)
            place += 1
    return styles


@dataclass(frozen=True, slots=True)
class LikertColor:
    """Filling of one answer's segment and the colour of the number on it (at least 4.5 : 1)."""

    fill: str
    label: str


# Strong to weak, for each side. Lightness is lopsided on purpose: the sides stay apart in greyscale.
_DISAGREE = ("#B8581E", "#D08B5B", "#E8B48A", "#F4D8C2", "#F8E8DC")
_AGREE = ("#0E556B", "#38808F", "#67AABA", "#A9D0D8", "#DDEDF1")
_NEUTRAL = "#DBE1E4"
_NEUTRAL_OF_ELEVEN = "#C3CBCF"  # beside the palest shades the usual grey would look like one of them
_SHADES: Mapping[int, tuple[int, ...]] = {1: (0,), 2: (0, 2), 3: (0, 1, 2), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}


def likert_ramp(answers: int) -> tuple[LikertColor, ...]:
    """Colours from the most disagreeing answer to the most agreeing one; an odd number has a grey middle.

    Raises ValueError outside 2 to 11 answers: more shades cannot be told apart.
    """
    if not 2 <= answers <= 11:
        raise ValueError(f"a ramp has 2 to 11 answers, not {answers}")
    shades = _SHADES[answers // 2]
    neutral = _NEUTRAL_OF_ELEVEN if answers == 11 else _NEUTRAL
    middle = (neutral,) if answers % 2 else ()
    fills = (*(_DISAGREE[i] for i in shades), *middle, *(_AGREE[i] for i in reversed(shades)))
    return tuple(LikertColor(fill, label_on(fill)) for fill in fills)


def label_on(fill: str) -> str:
    """Page colour or ink, whichever is easier to read on `fill` (#RRGGBB)."""
    return max((PALETTE.page, PALETTE.ink), key=lambda color: contrast(color, fill))


def rgb(color: str) -> tuple[int, int, int]:
    """The channels of #RRGGBB, 0 to 255 each."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def brightness(color: str) -> float:
    """0 (black) to 255 (white) as an eye weighs the channels (ITU-R BT.601)."""
    red, green, blue = rgb(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours (#RRGGBB), 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    channels = (c / 255 for c in rgb(color))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


MediumName = Literal["screen", "slide", "projector"]


@dataclass(frozen=True, slots=True)
class Medium:
    """Where a figure is seen. Sizes in px of a drawing of `width` × `height` px.

    Attributes:
        name: "screen" (a card), "projector" (Present mode, 1280×720), "slide" (a picture of 1600×900).
        text: names and labels in the chart.
        axis: axis numbers.
        note: the smallest text, an interval beside its mean.
        number: the mean beside its mark.
        title: a title in the picture; on screen the card has it.
        marks: factor for dots, lines and bars, 1 on screen (see `mark`).
        width, height: of the whole picture; on screen the usual card, its width follows the window.
        background: page colour where the picture stands alone, else transparent.
    """

    name: MediumName
    text: int
    axis: int
    note: int
    number: int
    title: int
    marks: float
    width: int
    height: int
    background: str

    def margin(self, left: float, right: float, top: float, bottom: float) -> dict[str, float]:
        """Margins of a plot, given for the screen, grown with the text they hold."""
        grown = self.text / SCREEN.text
        return {"l": left * grown, "r": right * grown, "t": top * grown, "b": bottom * grown}

    def shift(self, px: float) -> float:
        """A distance between texts on screen, in px, grown with the text."""
        return px * self.text / SCREEN.text

    def mark(self, px: float) -> float:
        """A size of a mark on screen, in px, as it is in this medium."""
        return px * self.marks


_CLEAR = "rgba(0,0,0,0)"
SCREEN = Medium("screen", 14, 13, 12, 19, 17, 1.0, 992, 386, _CLEAR)
PROJECTOR = Medium("projector", 32, 32, 32, 40, 40, 1.5, 1120, 500, _CLEAR)  # 32 px are 24 pt
SLIDE = Medium("slide", 26, 24, 22, 36, 44, 2.0, 1600, 900, PALETTE.page)
MEDIA: Mapping[str, Medium] = {medium.name: medium for medium in (SCREEN, SLIDE, PROJECTOR)}


def template(medium: Medium = SCREEN) -> dict[str, Any]:
    """The one Plotly template, as a plain dict.

    No legend, no zoom, no automatic margins and no gridlines: a chart turns on the gridlines one needs to read a
    value, and its plot keeps its place whatever the text beside it says.
    """
    axis = {
        "automargin": False,
        "fixedrange": True,
        "showgrid": False,
        "gridcolor": PALETTE.hairline,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "linecolor": PALETTE.axis,
        "ticks": "",
        "tickfont": {"size": medium.axis, "color": PALETTE.muted},
        "title": {"font": {"size": medium.axis, "color": PALETTE.muted}, "standoff": 8},
    }
    layout: dict[str, Any] = {
        "font": {"family": FONT_STACK, "size": medium.text, "color": PALETTE.ink},
        "title": {"font": {"size": medium.title, "color": PALETTE.ink}, "x": 0, "xanchor": "left"},
        "paper_bgcolor": medium.background,
        "plot_bgcolor": _CLEAR,
        "colorway": list(CATEGORY_COLORS),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 32, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": PALETTE.panel,
            "bordercolor": PALETTE.border,
            "font": {"family": FONT_STACK, "size": medium.text, "color": PALETTE.ink},
            "align": "left",
            "namelength": -1,
        },
        "xaxis": axis,
        "yaxis": axis,
        "annotationdefaults": {"showarrow": False, "font": {"size": medium.text, "color": PALETTE.ink}},
        "shapedefaults": {"line": {"width": 1, "color": PALETTE.axis}},
    }
    data = {
        "bar": [{"type": "bar", "marker": {"line": {"width": 0}}, "error_x": {"width": 0}, "error_y": {"width": 0}}]
    }
    return {"layout": layout, "data": data}


def layout(medium: Medium = SCREEN, *, height: int | None = None, **more: Any) -> dict[str, Any]:
    """The `layout` of a figure for this medium, as a plain dict with the template inside; `more` are further keys.

    `height` in px is that of the whole figure; without it the medium's. The width is fixed only off screen.
    """
    size: dict[str, Any] = {"height": medium.height if height is None else height}
    if medium.name != "screen":
        size["width"] = medium.width
    return {"template": template(medium), **size, **more}


# One colour and symbol per group of a comparison: those of its category on every page, or by place.


def group_styles(comparison: Comparison) -> dict[str, CategoryStyle]:
    """Style per group label; a merged group is marked as the first of its labels in the file."""
    grouping = comparison.grouping
    if isinstance(grouping, ByColumn):
        column = comparison.all.cohort.columns[grouping.column]
        assert isinstance(column, Category)
        known = category_styles(column.labels)
        return {label: known[members[0]] for label, members in zip(comparison.labels, comparison.members, strict=True)}
    # by place among all groups: a group that a filter empties takes no colour from the others
    every = comparison.every or comparison.labels
    found = category_styles(every)
    if isinstance(grouping, VersusRest):
        found[every[-1]] = replace(found[every[-1]], color=REST_COLOR)
        chosen = grouping.selection.chosen
        if len(chosen) == 1 and len(chosen[0][1]) == 1:  # one category, in its own colour
            column = comparison.all.cohort.columns[chosen[0][0]]
            if isinstance(column, Category):
                found[every[0]] = category_styles(column.labels).get(chosen[0][1][0], found[every[0]])
    return found
