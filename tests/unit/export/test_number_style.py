"""Numbers as AMA, NEJM and BMJ write them, and never rounded twice."""

from __future__ import annotations

import pytest

from lib.export.number_style import NumberStyle, in_style
from lib.present.wording import percent


@pytest.mark.parametrize(
    ("words", "ama", "nejm", "bmj"),
    [
        ("p = 0.561", "P = .56", "P=0.56", "P=0.561"),
        ("p\u00a0=\u00a00.004", "P = .004", "P=0.004", "P=0.004"),
        ("p < 0.001", "P < .001", "P<0.001", "P<0.001"),
        ("p > 0.999", "P > .99", "P>0.99", "P>0.999"),
        ("p = 0.998", "P > .99", "P>0.99", "P=0.998"),
        ("p = 0.049", "P = .049", "P=0.049", "P=0.049"),  # two digits would read .05
        ("p = 0.345", "P = .345", "P=0.345", "P=0.345"),  # 0.3446 and 0.3454 both read so: rounded once, or not
        ("20 of 29 patients (69.0%)", "20 of 29 patients (69%)", "20 of 29 patients (69%)", "20 of 29 patients (69%)"),
        ("81 of 129 (62.8%)", "81 of 129 (62.8%)", "81 of 129 (62.8%)", "81 of 129 (62.8%)"),
        ("25 (86.2%)", "25 (86%)", "25 (86%)", "25 (86%)"),
        ("0 (0.0%)", "0 (0%)", "0 (0%)", "0 (0%)"),
        ("1 (0.9%)", "1 (0.9%)", "1 (0.9%)", "1 (0.9%)"),
        ("95% CI 1.75 to 3.98", "95% CI, 1.75-3.98", "95% CI, 1.75 to 3.98", "95% confidence interval 1.75 to 3.98"),
        (
            "95%\u00a0CI −2.65 to 1.48",
            "95% CI, −2.65 to 1.48",
            "95% CI, −2.65 to 1.48",
            "95% confidence interval −2.65 to 1.48",
        ),
        (
            "95% CI 50.8 to 82.7%",
            "95% CI, 50.8%-82.7%",
            "95% CI, 50.8% to 82.7%",
            "95% confidence interval 50.8 to 82.7%",
        ),
        ("t = 5.25, df = 28", "t = 5.25, df = 28", "t = 5.25, df = 28", "t = 5.25, df = 28"),
    ],
)
def test_each_style_has_its_rules(words: str, ama: str, nejm: str, bmj: str) -> None:
    styles: tuple[tuple[NumberStyle, str], ...] = (("AMA", ama), ("NEJM", nejm), ("BMJ", bmj), ("", words))
    for style, expected in styles:
        assert in_style(words, style).replace("\u00a0", " ") == expected.replace("\u00a0", " "), style


def test_a_whole_percentage_is_that_of_its_counts() -> None:
    for n in range(1, 100):
        for k in range(n + 1):
            assert in_style(f"{k} of {n} ({percent(k, n)})", "AMA") == f"{k} of {n} ({percent(k, n, 0)})"
            alone = in_style(f"{k} ({percent(k, n)})", "AMA")
            assert alone in (f"{k} ({percent(k, n, 0)})", f"{k} ({percent(k, n)})")
