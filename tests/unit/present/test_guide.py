"""The guide: every number explained, in plain and neutral words, on every page; its documents tell the same."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.present.guide import (
    ENTRIES,
    FRAME_ENTRIES,
    PAGE_ENTRIES,
    PAGE_GUIDES,
    TOPICS,
    clinicians_page,
    entry,
    first_steps,
    reviewers_page,
    tip,
)
from lib.present.guide.entries import FILES
from lib.present.wording import for_markdown
from lib.stats.proportions import rate
from lib.stats.results import Interval, NotComputed
from lib.ui.guide import keys_of, matching
from lib.ui.navigation import PAGES

ROOT = Path(__file__).resolve().parents[3]
CAUSAL = re.compile(
    r"\b(effective\w*|efficac\w*|significan\w*|success\w*|caus(e|es|ed|al|ing)|led to|leads to|due to|thanks to"
    r"|result(s|ed)? in|effect of|works)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(null hypothesis|parametric|quantile|covariate|coefficient|residual|asymptotic|likelihood|degrees of freedom"
    r"|normal distribution|standard deviation|variance|heterogene\w*|statistic|regression|bootstrap|estimator"
    r"|confidence|hypothesis|marginal|ordinal|percentile|rank sum|df)\b",
    re.IGNORECASE,
)
ASKED_FOR = {
    "operated_analysed", "complete_pairs", "excluded", "mean_improvement", "mean_improvement_ci", "p_value",
    "paired_t", "test_choice", "wilcoxon", "hodges_lehmann", "rank_biserial", "d_z", "d_av", "glass", "g_z",
    "responder_rate", "wilson", "clopper_pearson", "mcid", "percent_rule", "pass_state", "could_not_reach",
    "worst_best_case", "responder_curve", "baseline_thirds", "anchor_mcid", "roc_cut", "auc", "half_sd", "sem",
    "mdc95", "likert_bar", "top_two", "median_category", "dont_know", "cliffs_delta", "mann_whitney",
    "kruskal_wallis", "eq5d_index", "value_set", "eq5d_state", "pchc", "marginal_homogeneity", "eq_vas",
    "mcnemar", "newcombe", "newcombe_paired", "adverse_events", "zero_events", "smd", "median_quartiles",
    "attrition", "ancova", "welch", "heterogeneity", "slopes", "holm", "nnt", "forest", "funnel", "mixed_model",
    "correlation", "smooth", "benchmark", "case_mix", "fingerprint", "population",
}  # fmt: skip


@pytest.fixture(params=list(ENTRIES))
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_number_asked_for_is_there() -> None:
    assert ASKED_FOR - set(ENTRIES) == set()


def test_an_entry_is_complete_short_and_plain(key: str) -> None:
    one = entry(key)
    for text in (one.title, one.plain, one.formula, one.source, one.when_not):
        assert text == text.strip()
        assert text
    assert len(one.plain.split()) <= 45
    assert len(one.when_not.split()) <= 45
    assert len(one.title) <= 60
    assert one.plain.endswith((".", "?"))
    assert one.when_not.endswith((".", "?"))
    assert JARGON.findall(one.plain) == []


def test_no_word_claims_a_cause_or_a_success(key: str) -> None:
    one = entry(key)
    for text in (one.title, one.plain, one.formula, one.when_not):
        assert CAUSAL.search(text) is None, text


def test_the_first_steps_and_the_pages_claim_nothing_either() -> None:
    texts = [f"{s.title} {s.text}" for s in first_steps()]
    texts += [f"{g.question} {g.read}" for g in PAGE_GUIDES.values()]
    assert [t for t in texts if CAUSAL.search(t)] == []
    assert [s.title for s in first_steps()] == [
        "What is this?",
        "Whose data is this?",
        "Where does my file stay?",
        "How do I use my own file?",
        "How do I read a page?",
    ]


@pytest.mark.parametrize(
    "words", ["The effective treatment", "a significant change", "pain fell due to it", "it caused"]
)
def test_the_causal_check_can_fail(words: str) -> None:
    assert CAUSAL.search(words)


def test_an_unknown_key_is_said_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no entry 'mean'; it has operated_analysed, "):
        entry("mean")
    with pytest.raises(KeyError, match="no entry 'nothing'"):
        tip("nothing")


def test_keys_are_unique_over_the_files_and_every_file_is_read() -> None:
    folder = ROOT / "lib" / "present" / "guide" / "data"
    topics = {p.stem for p in folder.glob("*.toml")} - {"pages", "first_steps"}
    assert topics == set(FILES) == set(TOPICS)
    keys = [k for name in FILES for k in tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) if k != "title"]
    assert len(keys) == len(set(keys)) == len(ENTRIES)


def test_a_tip_says_four_things_and_is_escaped(key: str) -> None:
    one, text = entry(key), tip(key)
    paragraphs = text.split("\n\n")
    assert paragraphs == [
        for_markdown(one.plain),
        f"**How it is computed**: {for_markdown(one.formula)}",
        f"**Source**: {for_markdown(one.source)}",
        f"**When not to trust it**: {for_markdown(one.when_not)}",
    ]
    unescaped = re.sub(r"\\.", "", text).replace("**", "")
    assert re.findall(r"[*_`$<>|\[\]~#]", unescaped) == []


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_of_the_menu_is_in_the_guide(page: object) -> None:
    name, title = page.name, page.title  # type: ignore[attr-defined]
    assert name in PAGE_ENTRIES, f"add [{name}] to lib/present/guide/data/pages.toml"
    assert PAGE_GUIDES[name].title == title


@pytest.mark.parametrize("name", list(PAGE_ENTRIES))
def test_a_page_names_known_numbers_once(name: str) -> None:
    keys = PAGE_ENTRIES[name]
    assert len(keys) == len(set(keys)) > 0
    assert set(keys) - set(ENTRIES) == set()


def test_no_entry_is_without_a_page() -> None:
    named = {key for keys in PAGE_ENTRIES.values() for key in keys} | set(FRAME_ENTRIES)
    assert set(ENTRIES) - named == set()
    assert set(FRAME_ENTRIES) <= set(ENTRIES)


# --- the documents ---------------------------------------------------------------------------------------------------


def test_the_guide_for_clinicians_is_what_the_entries_say() -> None:
    text = (ROOT / "docs" / "guide.md").read_text("utf-8")
    assert text == clinicians_page(), "run: python -m lib.present.guide"
    for key in ENTRIES:
        assert text.count(f'<a id="{key}"></a>') == 1
    for page in PAGES:
        assert f"### Page: {page.title}\n" in text
    assert set(re.findall(r"\]\(#(\w+)\)", text)) == set(ENTRIES)


def test_the_page_for_reviewers_has_every_formula_and_source() -> None:
    text = (ROOT / "docs" / "statistics.md").read_text("utf-8")
    assert text == reviewers_page(), "run: python -m lib.present.guide"
    unescaped = re.sub(r"\\(.)", r"\1", text)
    for one in ENTRIES.values():
        assert f"### {one.title}\n" in unescaped
        assert f"- Formula: {one.formula}\n" in unescaped
        assert f"- Source: {one.source}\n" in unescaped
        assert not one.r or f"- R: `{one.r}`\n" in text
        assert f"- When not to trust it: {one.when_not}\n" in unescaped


@pytest.mark.parametrize("name", ["guide", "statistics", "privacy", "hosting"])
def test_links_between_the_documents_lead_somewhere(name: str) -> None:
    folder = ROOT / "docs"
    text = (folder / f"{name}.md").read_text("utf-8")
    targets = re.findall(r"\]\(([^)#]+\.md|\.\./\w+)", text)
    assert [t for t in targets if not (folder / t).exists()] == []


# --- what the texts claim, held against the code ---------------------------------------------------------------------


def test_figures_in_the_texts_are_the_ones_the_code_gives() -> None:
    nobody = rate(0, 29, method="clopper-pearson")
    assert not isinstance(nobody, NotComputed)
    assert isinstance(nobody.interval, Interval)
    assert f"{nobody.interval.high:.1%}" == "11.9%"
    assert "0 of 29: up to 11.9%" in entry("zero_events").formula
    assert "69%" in entry("wilson").plain
    assert round(20 / 29 * 100) == 69


def test_the_value_set_named_as_default_gives_the_printed_indices() -> None:
    from lib.catalog.eq5d import index_table

    table, text = index_table("europe_vas"), entry("value_set").source
    for level in (2, 3):
        assert f"{str(level) * 5} = {table[(level,) * 5]}".replace("-", "−") in text


# --- the dialog's search ---------------------------------------------------------------------------------------------


def test_search_finds_titles_first_and_all_words() -> None:
    found = matching(keys_of("all"), "responder")
    assert found[0].key == "responder_rate"
    assert {"nnt"} <= {e.key for e in found}
    assert [e.key for e in matching(keys_of("all"), "NEWCOMBE zzz")] == []
    assert len(matching(keys_of("all"), "  ")) == len(ENTRIES)
    assert [e.key for e in matching(keys_of("frame"), "")] == list(FRAME_ENTRIES)


DIALOG = "from lib.ui import guide\nguide.guide_button()\nguide.show_if_requested()\n"


def _said(app: AppTest) -> str:
    return "\n".join([*(m.value for m in app.markdown), *(e.label for e in app.expander)])


def test_the_dialog_opens_from_its_button_only_and_says_everything() -> None:
    app = AppTest.from_string(DIALOG, default_timeout=20).run()
    assert _said(app) == ""
    app.button(key="guide-open").click().run()
    assert not app.exception
    said = _said(app)
    assert all(for_markdown(step.text) in said for step in first_steps())
    assert app.selectbox(key="guide.page").value == PAGES[0].name
    assert [e.label for e in app.expander] == [for_markdown(entry(k).title) for k in PAGE_ENTRIES[PAGES[0].name]]


def test_the_dialog_finds_a_word_elsewhere_and_says_when_there_is_none() -> None:
    app = AppTest.from_string("from lib.ui import guide\nguide.open_guide()\n", default_timeout=20).run()
    app.text_input(key="guide.search").set_value("Hodges").run()
    assert "not on this page, but elsewhere" in _said(app)
    assert "Hodges–Lehmann" in app.expander[0].label
    app.text_input(key="guide.search").set_value("<b>$x$</b>").run()
    assert "nothing in the guide" in _said(app)
    assert "<b>" not in _said(app)
    assert not app.expander
    app.text_input(key="guide.search").set_value("").run()
    app.selectbox(key="guide.page").set_value("all").run()
    assert len(app.expander) == len(ENTRIES)
    assert not app.exception


def test_nothing_is_read_before_somebody_asks() -> None:
    code = (
        "import lib.present.guide as g; from lib.present.guide import entries; "
        "assert entries.topics.cache_info().currsize == 0; g.tip('wilson'); "
        "assert entries.topics.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
