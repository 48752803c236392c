"""Text from a file stays text at every edge."""

from __future__ import annotations

import pytest

from lib.present.wording import for_markdown, for_plotly


@pytest.mark.parametrize("text", ["<b>x</b>", "<script>alert(1)</script>", "a & b", "%{customdata}", "<a href='x'>"])
def test_plotly_shows_what_was_typed(text: str) -> None:
    shown = for_plotly(text)
    assert "<" not in shown
    assert "%{" not in shown


@pytest.mark.parametrize("text", ["**bold**", ":red[x]", "$x$", "[a](b)", "![](c)", "# h", "`code`", "~~s~~", "<i>"])
def test_markdown_shows_what_was_typed(text: str) -> None:
    shown = for_markdown(text)
    assert shown.replace("\\", "") == text
    for sign in "*_[]#!<>$`~:":
        assert f"{sign}" not in shown.replace(f"\\{sign}", "")


def test_breaks_become_spaces_and_hard_spaces_stay() -> None:
    assert for_markdown("a\n\nb\tc") == "a b c"
    assert for_markdown("p\u00a0=") == "p\u00a0="


@pytest.mark.parametrize(
    "text", ["https://a.example/x", "www.a.example", "me@a.example", "a -> b", "a <- b", "x -- y", ">="]
)
def test_no_link_and_no_arrow_is_found_in_plain_text(text: str) -> None:
    # the browser test of the payloads proves it on the page
    shown = for_markdown(text).replace("\\", "")
    assert shown != text
    assert shown.replace("\u2060", "") == text


def test_an_entity_is_not_read() -> None:
    assert for_markdown("&lt;b&gt;") == "\\&lt;b\\&gt;"
    assert for_markdown("(points)") == "(points)"
