"""Draw the logo (SVG, its word as paths) and the favicon (PNG) into static/.

A ring and a dot joined by a line: baseline (hollow) and follow-up (filled) of one patient, and a lens with its handle.
An SVG in an <img> cannot use the page's typeface, so the word is drawn from the font file. Run by hand when the logo
changes; needs `pip install fonttools brotli pillow`, which the app itself does not.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import Image, ImageDraw

STATIC = Path(__file__).parents[2] / "static"
PETROL, INK, WHITE = "#0F5C73", "#16242B", "#FFFFFF"  # accent, ink and page of lib/present/theme.py

SIDE, CORNER = 32.0, 8.0
RING, RING_RADIUS, RING_WIDTH = (12.2, 12.2), 4.6, 2.6
DOT, DOT_RADIUS = (22.6, 22.6), 3.4
JOIN = (15.9, 15.9)  # where the line leaves the ring


def mark() -> str:
    """The tile as SVG elements."""
    return (
        f'<rect width="{SIDE:g}" height="{SIDE:g}" rx="{CORNER:g}" fill="{PETROL}"/>'
        f'<g stroke="{WHITE}" stroke-width="{RING_WIDTH:g}" fill="none">'
        f'<path d="M{JOIN[0]:g} {JOIN[1]:g}L{DOT[0]:g} {DOT[1]:g}"/>'
        f'<circle cx="{RING[0]:g}" cy="{RING[1]:g}" r="{RING_RADIUS:g}"/></g>'
        f'<circle cx="{DOT[0]:g}" cy="{DOT[1]:g}" r="{DOT_RADIUS:g}" fill="{WHITE}"/>'
    )


def word(text: str, x: float, baseline: float, size: float) -> tuple[str, float]:
    """The text as one path in weight 600, and where it ends."""
    font = instantiateVariableFont(TTFont(STATIC / "HankenGrotesk.woff2"), {"wght": 600})
    glyphs, cmap, scale = font.getGlyphSet(), font.getBestCmap(), size / font["head"].unitsPerEm
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
    for letter in text:
        glyph = glyphs[cmap[ord(letter)]]
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, baseline)))
        x += glyph.width * scale
    return f'<path fill="{INK}" d="{pen.getCommands()}"/>', x


def svg(body: str, width: float) -> str:
    """A whole SVG file."""
    view = f"0 0 {width:g} {SIDE:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{SIDE:g}" viewBox="{view}" role="img">'
        f"<title>CohortLens</title>{body}</svg>\n"
    )


def favicon(side: int) -> Image.Image:
    """The tile as a picture, drawn eight times as large and reduced so that its edges are smooth."""
    big = side * 8
    unit = big / SIDE
    image = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)

    def disc(center: tuple[float, float], radius: float, fill: str) -> None:
        x, y = center
        draw.ellipse([(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit], fill=fill)

    draw.rounded_rectangle([0, 0, big - 1, big - 1], CORNER * unit, fill=PETROL)
    draw.line([tuple(v * unit for v in JOIN), tuple(v * unit for v in DOT)], fill=WHITE, width=round(RING_WIDTH * unit))
    disc(RING, RING_RADIUS + RING_WIDTH / 2, WHITE)
    disc(RING, RING_RADIUS - RING_WIDTH / 2, PETROL)
    disc(DOT, DOT_RADIUS, WHITE)
    return image.resize((side, side), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    letters, end = word("CohortLens", x=42, baseline=22.6, size=20)
    (STATIC / "logo.svg").write_text(svg(mark() + letters, round(end + 1)), "utf-8")
    (STATIC / "mark.svg").write_text(svg(mark(), SIDE), "utf-8")
    favicon(64).save(STATIC / "favicon.png", optimize=True)
