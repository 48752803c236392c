"""Answer scales, statements, and how words of a file are compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.catalog.answers import (
    candidates,
    is_non_answer,
    known_scales,
    normalise,
    one_slip_apart,
    recognise,
    spellings,
    yes_no,
)
from lib.catalog.statements import THEMES, recognise_theme

# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Niet-mee   EENS! ", "niet mee eens"),
        ("Don't know", "dont know"),
        ("n.v.t.", "nvt"),
        ("N/A", "na"),
        ("k. A.", "k a"),
        ("stimme überhaupt nicht zu", "stimme uberhaupt nicht zu"),
        ("weiß nicht", "weiss nicht"),
        ("eq5d_1", "eq5d 1"),
        ("1.5", "1 5"),
        ("5,0 mg", "5 0 mg"),
        ("Zeer tevreden", "zeer tevreden"),
        ("--", ""),
        ("", ""),
        ("İstanbul", "istanbul"),
    ],
)
def test_normalise(text, plain):
    assert normalise(text) == plain


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_normalise_twice_is_normalise_once(text):
    once = normalise(text)
    assert normalise(once) in {once, once.replace(" ", "")}
    assert normalise(f"  {text.strip()}  ") == once


def test_umlauts_written_out():
    assert spellings("völlig") == {"vollig", "voellig"}
    assert spellings("agree") == {"agree"}


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("agree", "agre", True),
        ("agree", "aggree", True),
        ("agree", "agrea", True),
        ("agree", "agere", True),
        ("agree", "xagree", True),
        ("agree", "agreex", True),
        ("agree", "agree", False),
        ("agree", "disagree", False),
        ("abcd", "badc", False),
        ("abcd", "acbx", False),
        ("", "a", True),
        ("", "", False),
        ("ab", "ba", True),
        ("a", "b", True),
    ],
)
def test_one_slip_apart(a, b, apart):
    assert one_slip_apart(a, b) is apart
    assert one_slip_apart(b, a) is apart


@settings(max_examples=100)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_apart_is_what_trying_every_slip_finds(a, b):
    letters = "abc"
    inserted = {a[:i] + c + a[i:] for i in range(len(a) + 1) for c in letters}
    left_out = {a[:i] + a[i + 1 :] for i in range(len(a))}
    replaced = {a[:i] + c + a[i + 1 :] for i in range(len(a)) for c in letters}
    swapped = {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    assert one_slip_apart(a, b) == (a != b and b in inserted | left_out | replaced | swapped)


# --- scales -------------------------------------------------------------------------------------------------------


def found(*labels):
    scale = recognise(labels)
    return None if scale is None else (scale.key, scale.language)


@pytest.mark.parametrize("known", known_scales(), ids=lambda k: f"{k.key}-{k.language}")
def test_the_usual_wordings_of_a_scale_are_recognised_in_order(known):
    scale = recognise(reversed(known.levels))
    assert scale is not None
    assert (scale.key, scale.language, scale.kind) == (known.key, known.language, known.kind)
    assert scale.levels == known.levels
    assert all(scale.present)
    assert dict(scale.codes) == {level: place for place, level in enumerate(known.levels)}
    assert scale.neutral == (None if known.neutral is None else known.levels[known.neutral])
    assert scale.suspicions == scale.not_answers == ()


@pytest.mark.parametrize(
    ("labels", "scale"),
    [
        (("Totally agree", "Agree", "Neutral", "Disagree", "Totally disagree"), ("agreement_5", "en")),  # the paper
        (("helemaal mee eens", "mee eens", "neutraal"), ("agreement_5", "nl")),
        (("stimme voellig zu", "stimme zu", "teils/teils"), ("agreement_5", "de")),
        (("Strongly agree", "Agree", "Disagree", "Strongly disagree"), ("agreement_4", "en")),
        (("agree", "somewhat agree", "neutral"), ("agreement_7", "en")),
        (("satisfied", "uncertain", "dissatisfied"), ("satisfaction_3", "en")),
        (("zeer tevreden", "ontevreden"), ("satisfaction_5", "nl")),
        (("much better", "better", "no change"), ("change_5", "en")),
        (("veel verbeterd", "enigszins verbeterd", "slechter dan ooit"), ("change_7", "nl")),
        (("unveraendert", "etwas besser", "viel besser"), ("change_7", "de")),
        (("excellent", "good", "fair", "poor"), ("quality_4", "en")),
        (("soms", "nooit"), ("frequency_5", "nl")),
        (("Ja", "Nee"), ("yes_no", "nl")),
        (("ja", "nein"), ("yes_no", "de")),
        (("Y", "N"), ("yes_no", "en")),
        (("5 = totally agree", "1 = totally disagree"), ("agreement_5", "en")),
        (("agree (4)", "(3) neutral"), ("agreement_5", "en")),
    ],
)
def test_recognised(labels, scale):
    assert found(*labels) == scale


@pytest.mark.parametrize(
    "labels",
    [
        (),
        ("",),
        ("n.v.t.", "weet niet"),
        ("neutral",),  # of agreement or of satisfaction
        ("1", "2", "3"),
        ("0", "1"),
        ("female", "male"),
        ("agree", "female"),
        ("agree", "mee eens"),  # two languages
        ("strongly agree", "totally agree"),  # two wordings of one level: never merged silently
        ("unknown",),
        ("postpartum", "degenerative", "unknown"),
    ],
)
def test_not_recognised(labels):
    assert recognise(labels) is None


def test_levels_keep_the_spelling_of_the_file_and_say_which_occur():
    scale = recognise(["AGREE", "agree ", " Agree", "Totally  disagree", "n.v.t.", "n.v.t.", ""])
    assert scale is not None
    assert scale.levels == ("Totally  disagree", "disagree", "neutral", "AGREE", "strongly agree")
    assert scale.present == (True, False, False, True, False)
    assert scale.neutral == "neutral"
    assert scale.codes == (("AGREE", 3), ("agree", 3), ("Agree", 3), ("Totally  disagree", 0))
    assert scale.not_answers == ("n.v.t.",)


def test_a_misspelling_is_a_suspicion_and_is_not_merged():
    scale = recognise(["Agree", "agre", "disagree", "neutral"])
    assert scale is not None
    assert [(s.label, s.meant, s.level) for s in scale.suspicions] == [("agre", "agree", 3)]
    assert "agre" not in dict(scale.codes)
    alone = recognise(["Agree", "neutral", "disagre"])
    assert alone is not None
    assert alone.present == (False, False, True, True, False), "a suspected level is not present until somebody agrees"


def test_misspellings_alone_are_no_scale():
    assert recognise(["agre", "disagre"]) is None
    assert recognise(["Agree", "disagre", "neutrl"]) is None


def test_short_words_are_never_taken_for_misspellings():
    assert recognise(["ja", "nee", "nei"]) is None


def test_labels_that_fit_several_scales_are_offered_best_first():
    several = candidates(["agree", "disagree"])
    assert [(s.key, s.language) for s in several] == [
        ("agreement_5", "en"),
        ("agreement_4", "en"),
        ("agreement_7", "en"),
    ]
    assert recognise(["agree", "disagree"]) == several[0]
    assert candidates([]) == ()
    assert {s.kind for s in candidates(["neutral"])} == {"agreement", "satisfaction"}


def test_no_wording_of_a_scale_is_also_no_answer():
    for known in known_scales():
        for wording in known.wordings:
            assert not is_non_answer(wording), wording


@settings(max_examples=60)
@given(st.data())
def test_capitals_spaces_and_order_do_not_matter(data):
    known = data.draw(st.sampled_from(known_scales()))
    labels = data.draw(st.permutations(known.levels))
    changed = [f" {label.upper()} " if data.draw(st.booleans()) else label.replace(" ", "  ") for label in labels]
    scale = recognise(changed)
    assert scale is not None
    assert (scale.key, scale.language) == (known.key, known.language)
    assert [place for _, place in scale.codes] == [known.levels.index(label) for label in labels]


@pytest.mark.parametrize(
    "label",
    ["don't know", "Dont know", "Not applicable", "N/A", "n.v.t.", "NVT", "weet niet", "Weet ik niet", "keine Angabe",
     "k.A.", "k. A.", "weiß nicht", "weiss nicht", "entfaellt", "niet van toepassing", "-", ".", " ", ""],
)  # fmt: skip
def test_no_answer(label):
    assert is_non_answer(label)


@pytest.mark.parametrize("label", ["unknown", "Unknown", "onbekend", "neutral", "no", "0", "none", "geen"])
def test_an_answer(label):
    assert not is_non_answer(label)


@pytest.mark.parametrize(
    ("label", "answer"),
    [("yes", True), ("Y", True), ("Ja", True), ("j", True), ("1", True), ("TRUE", True), ("1 = ja", True),
     ("1.0", True), ("no", False), ("nee", False), ("Nein", False), ("n", False), ("0", False), ("false", False),
     ("2 no", False), ("maybe", None), ("2", None), ("", None), ("-1", None), ("n.v.t.", None), ("yess", None)],
)  # fmt: skip
def test_yes_and_no(label, answer):
    assert yes_no(label) is answer


# --- statements ---------------------------------------------------------------------------------------------------


def test_the_seven_statements_of_the_paper_and_the_rating_of_change_are_known_in_its_order():
    assert [theme.key for theme in THEMES] == [
        "complaints_reduced",
        "complaint_free",
        "health_improved",
        "quality_of_life_improved",
        "same_surgery_again",
        "would_recommend",
        "satisfied_with_results",
        "global_rating_of_change",
    ]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.key)
def test_a_statement_and_its_label_are_known_in_each_language(theme):
    assert set(theme.labels) == set(theme.statements) == set(theme.phrases) == {"en", "nl", "de"}
    for text in (*theme.labels.values(), *theme.statements.values()):
        assert recognise_theme(text) is theme, text
    for phrases in theme.phrases.values():
        assert all(normalise(phrase) == phrase for phrase in phrases)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        # the wording of the paper's results
        ("complaints reduced following surgery", "complaints_reduced"),
        ("completely free of complaints after treatment", "complaint_free"),
        ("QoL improved", "quality_of_life_improved"),
        ("would have the same surgery for the same result again", "same_surgery_again"),
        ("would recommend the same surgery to individuals with similar complaints", "would_recommend"),
        ("satisfied with the results of the procedure", "satisfied_with_results"),
        ("stmt_recommend_12m", "would_recommend"),
        ("Kwaliteit_van_leven_verbeterd", "quality_of_life_improved"),
        ("Tevredenheid 1 jaar", "satisfied_with_results"),
        ("Beschwerdefrei", "complaint_free"),
        ("Age", None),
        ("VAS pain", None),
        ("", None),
        ("q1", None),
    ],
)
def test_headings(heading, key):
    theme = recognise_theme(heading)
    assert (theme.key if theme else None) == key
