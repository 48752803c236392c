"""The palette keeps its promises, and config.toml says the same as theme.py."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from lib.present import theme
from lib.present.theme import CATEGORY_COLORS, MEDIA, PALETTE, SCREEN, SLIDE

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


def test_config_repeats_the_palette(config: dict[str, Any]) -> None:
    page = config["theme"]
    assert page["primaryColor"] == page["linkColor"] == PALETTE.accent
    assert page["backgroundColor"] == PALETTE.page
    assert page["secondaryBackgroundColor"] == PALETTE.panel
    assert page["textColor"] == PALETTE.ink
    assert page["borderColor"] == PALETTE.border
    assert page["grayColor"] == PALETTE.icon
    assert page["grayTextColor"] == PALETTE.muted
    assert tuple(page["chartCategoricalColors"]) == CATEGORY_COLORS
    sidebar = page["sidebar"]
    assert sidebar["backgroundColor"] == PALETTE.sidebar
    assert sidebar["secondaryBackgroundColor"] == PALETTE.page
    assert sidebar["textColor"] == PALETTE.ink
    assert sidebar["primaryColor"] == PALETTE.accent
    assert sidebar["borderColor"] == PALETTE.border


def test_config_names_the_typeface_that_is_there(config: dict[str, Any]) -> None:
    (face,) = config["theme"]["fontFaces"]
    assert config["theme"]["font"] == config["theme"]["codeFont"] == theme.FONT_STACK
    assert face["family"] == theme.FONT
    font = ROOT / face["url"].removeprefix("app/")
    assert font.read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in font.with_suffix(".OFL.txt").read_text("utf-8")


def test_the_look_is_locked_to_light(config: dict[str, Any]) -> None:
    assert config["theme"]["base"] == "light"
    assert not {"light", "dark"} & config["theme"].keys()


def test_config_keeps_to_this_computer(config: dict[str, Any]) -> None:
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] in {"type", "none"}
    assert config["client"]["showErrorLinks"] is False
    assert config["server"]["address"] == "127.0.0.1"
    assert set(config["server"]["allowedHosts"]) == {"localhost", "127.0.0.1"}
    assert "http" not in config["theme"]["fontFaces"][0]["url"]


def test_streamlit_knows_every_setting(config: dict[str, Any]) -> None:
    from streamlit import config as streamlit_config

    known = set(streamlit_config.get_config_options())
    asked = {f"{section}.{name}" for section, values in config.items() for name in values}
    asked |= {f"theme.sidebar.{name}" for name in config["theme"]["sidebar"]}
    assert asked - {"theme.sidebar"} <= known


@pytest.mark.parametrize(
    ("color", "least"),
    [(PALETTE.ink, 7), (PALETTE.muted, 4.5), (PALETTE.accent, 4.5), (PALETTE.worsened, 4.5), (PALETTE.baseline, 3)],
)
def test_roles_are_readable_on_the_page(color: str, least: float) -> None:
    assert theme.contrast(color, PALETTE.page) >= least


def test_muted_text_is_readable_on_every_ground() -> None:
    for ground in (PALETTE.page, PALETTE.panel, PALETTE.sidebar, PALETTE.tint):
        assert theme.contrast(PALETTE.muted, ground) >= 4.5


def test_category_colors_are_ten_and_visible() -> None:
    assert len(set(CATEGORY_COLORS)) == 10  # Streamlit drops a list that is not ten long
    assert min(theme.contrast(color, PALETTE.page) for color in CATEGORY_COLORS) >= 3


def test_contrast_agrees_with_the_definition() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)  # WCAG 2.2, relative luminance
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the usual grey that just fails
    assert theme.contrast("#0F5C73", "#0F5C73") == 1


def test_unknown_is_slate_wherever_it_stands() -> None:
    styles = theme.category_styles(["Postpartum", "Unknown", "Ehlers-Danlos", "Not recorded"])
    assert styles["Postpartum"].color == CATEGORY_COLORS[0]
    assert styles["Ehlers-Danlos"].color == CATEGORY_COLORS[1]
    assert styles["Unknown"].color == CATEGORY_COLORS[6] == theme.category_styles([" onbekend"])[" onbekend"].color
    assert styles["Not recorded"].color not in {style.color for name, style in styles.items() if name != "Not recorded"}


def test_many_categories_differ_in_color_or_symbol() -> None:
    names = [f"center {i}" for i in range(60)]
    styles = theme.category_styles([*names, *names])
    assert list(styles) == names
    assert len(set(styles.values())) == 60
    assert all("diamond" not in style.symbol for style in styles.values())
    assert theme.category_styles([]) == {}


@pytest.mark.parametrize("answers", range(2, 12))
def test_ramps_are_readable_and_distinct(answers: int) -> None:
    ramp = theme.likert_ramp(answers)
    assert len(ramp) == answers
    assert len({color.fill for color in ramp}) == answers
    assert ramp[0].fill == "#B8581E"
    assert ramp[-1].fill == "#0E556B"
    assert all(theme.contrast(color.label, color.fill) >= 4.5 for color in ramp)


def test_five_answers_are_the_ramp_that_was_measured() -> None:
    assert [c.fill for c in theme.likert_ramp(5)] == ["#B8581E", "#E8B48A", "#DBE1E4", "#67AABA", "#0E556B"]
    assert [c.fill for c in theme.likert_ramp(4)] == ["#B8581E", "#E8B48A", "#67AABA", "#0E556B"]


@pytest.mark.parametrize("answers", [0, 1, 12])
def test_no_ramp_for_what_cannot_be_told_apart(answers: int) -> None:
    with pytest.raises(ValueError, match=f"2 to 11 answers, not {answers}"):
        theme.likert_ramp(answers)


@pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA)
def test_template_is_valid_plotly_and_sets_the_text(medium: theme.Medium) -> None:
    import plotly.graph_objects as go

    figure = go.Figure(data=[{"type": "bar", "x": [1], "y": [2]}], layout=theme.layout(medium, uirevision="vas"))
    assert figure.layout.template.layout.font.family == theme.FONT_STACK
    assert figure.layout.template.layout.xaxis.tickfont.size == medium.axis
    assert figure.layout.template.layout.xaxis.fixedrange is True
    assert figure.layout.height == medium.height
    assert figure.layout.uirevision == "vas"
    assert (figure.layout.width is None) == (medium is SCREEN)
    assert min(medium.text, medium.axis, medium.note) >= 12
    assert medium.text >= medium.axis >= medium.note


def test_marks_grow_with_the_medium() -> None:
    assert SCREEN.mark(17) == 17
    assert SLIDE.mark(17) == 34
    assert theme.layout(SCREEN, height=138)["height"] == 138
