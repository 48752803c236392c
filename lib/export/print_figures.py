"""Figures for a journal: drawn with matplotlib from the same ChartData as page and slide, at the width of a column.

Type is 7.2 points at that width, lines 0.6 points and more; no title, grid or tint: the caption says what is shown.
What is told apart by colour is told apart by form too, so that a grey copy reads alike. matplotlib is imported here and
on export only; it needs no browser.
"""

from __future__ import annotations

import io
import threading
import zipfile
from typing import Any, Literal

from lib.export.forms import FORMS
from lib.export.options import Options
from lib.export.print_words import LETTER, folded, row_names
from lib.present.chart_data import ChartData
from lib.present.theme import PALETTE
from lib.report.plan import Item
from lib.report.report import Report

WIDTHS = (85, 120, 174)
"""Millimetres: one column, one and a half, two."""
FILE_TYPES = ("pdf", "svg", "png", "tiff")
DPI = 600
_POINTS, _HEIGHT, _ROW, _LINE, _FRAME = 7.2, 52.0, 6.5, 3.1, 22.0
"""Size of the type; height of a picture, of one row, of a line of its name and around rows, in millimetres."""
NOT_PRINTED = {
    "alluvial": "ribbons between two bars; what they count stands in the table",
    "periods": "upright bars along the calendar; the printed ones of this kind lie and show shares",
}
"""Figures without a printed form, and why."""
_ONE_AT_A_TIME = threading.Lock()
"""matplotlib keeps its settings in one place for all threads."""

FileType = Literal["pdf", "svg", "png", "tiff"]


def write(report: Report, options: Options) -> bytes:
    """A zip of every figure as PDF, SVG and PNG (600 dpi) with its caption; `options.keys` chooses, all without it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        captions = []
        chosen = [i for i in report.items if printable(i) and (options.keys is None or i.key in options.keys)]
        for place, item in enumerate(chosen, 1):
            for kind in ("pdf", "svg", "png"):
                archive.writestr(f"figure-{place}.{kind}", draw(item, options.figure_width, kind))
            captions.append(f"Figure {place}. {caption(item, report)}")
        archive.writestr("captions.txt", "\n\n".join(captions) + "\n")
    return out.getvalue()


def printable(item: Item) -> bool:
    """Whether this writer draws the item's chart; ribbons have no form here."""
    return item.chart is not None and bool(item.chart.series) and item.figure not in NOT_PRINTED


def caption(item: Item, report: Report) -> str:
    """What the picture shows and what a reader needs to know of it: finding, n, notes, synthetic data."""
    notes = dict.fromkeys([*(item.chart.notes if item.chart else ()), *item.notes])
    parts = [f"{item.heading}. {item.finding.rstrip('.')}.", *(f"{n.rstrip('.')}." for n in notes)]
    if report.origin.synthetic:
        parts.append("Synthetic data.")
    return " ".join(parts)


def draw(item: Item, width: int = 85, kind: FileType = "pdf", *, height: float = 0.0, inline: bool = False) -> bytes:
    """One figure as the bytes of a file, `width` (and `height`) in millimetres. Raises KeyError where none is drawn.

    `inline`: for a page that has the key in its own words and is read where our font is not: no key, and letters of an
    SVG as outlines. A journal wants text.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    chart = item.chart
    if chart is None or not printable(item):
        raise KeyError(f"no printed form of {item.key!r}")
    form = FORMS[chart.kind]
    rows = len(chart.categories) if form.rows else 0
    lines = max((name.count("\n") + 1 for name in row_names(chart, width)), default=1) if rows else 1
    of_rows = max(_HEIGHT, _FRAME + max(_ROW, _LINE * lines + 1) * rows) if rows else _HEIGHT
    tall = height or (form.height(chart) if form.height else of_rows)
    with _ONE_AT_A_TIME, mpl.rc_context(_settings() | ({"svg.fonttype": "path"} if inline else {})):
        figure = Figure(figsize=(width / 25.4, tall / 25.4), layout="constrained")
        axes = figure.add_subplot()
        form.printed(axes, chart, item)
        if not inline:
            _key(figure, axes, chart)
        out = io.BytesIO()
        meta: dict[str, Any] | None = {"Title": f"{item.heading}. {item.finding}"} if kind != "tiff" else None
        if meta and kind in ("pdf", "svg"):
            meta["CreationDate" if kind == "pdf" else "Date"] = None
        more: dict[str, Any] = {"pil_kwargs": {"compression": "tiff_lzw"}} if kind == "tiff" else {}
        figure.savefig(out, format=kind, dpi=DPI, metadata=meta, **more)
    return out.getvalue()


def _settings() -> Any:
    return {
        "font.family": "DejaVu Sans",
        "font.size": _POINTS,
        "axes.labelsize": _POINTS,
        "xtick.labelsize": _POINTS,
        "ytick.labelsize": _POINTS,
        "legend.fontsize": _POINTS,
        "axes.linewidth": 0.6,
        "axes.edgecolor": PALETTE.ink,
        "text.color": PALETTE.ink,
        "axes.labelcolor": PALETTE.ink,
        "xtick.color": PALETTE.ink,
        "ytick.color": PALETTE.ink,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.linewidth": 0.5,
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
        "svg.hashsalt": "cohortlens",
    }


def _key(figure: Any, axes: Any, chart: ChartData) -> None:
    """A key under every picture, with what the bars are."""
    handles, labels = axes.get_legend_handles_labels()
    bars = [s for s in chart.series if s.low is not None and s.role not in ("rate", "top two", "patients")]
    if bars and handles and (drawn := FORMS[chart.kind].interval):
        level = f"{drawn}: 95% CI{f'; n = {chart.n}' if chart.n else ''}"
        handles, labels = [*handles, _nothing()], [*labels, level]
    if handles:
        wide = figure.get_figwidth() * 25.4
        labels = [folded(label, wide - 10, 2) for label in labels]
        longest = max(len(line) for label in labels for line in label.split("\n"))
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            ncols=max(1, min(3, len(handles), int(wide / (longest * LETTER + 6)))),
            frameon=False,
            handlelength=1.2,
            columnspacing=1.0,
            borderaxespad=0.1,
        )


def _nothing() -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=PALETTE.ink, linewidth=1.2)
