"""Headings in seven languages and what each may be taken for: the measure it truly is, or a question that names it.

`read` is the key of the measure; '' where another scale hides behind a known word and it has to be asked. The cells
improve in the true direction, so that a reading without a question would turn the result around.
"""

from __future__ import annotations

import pytest

from lib.importing.columns.roles import Role
from tests.unit.importing.read_here import propose_columns

HIGHER, LOWER = True, False
HEADINGS: tuple[tuple[str, str, int, bool, str], ...] = (
    # (before, after, highest, higher is better, read as)
    ("Schmerzintensität (NRS 0-10) präoperativ", "Schmerzintensität (NRS 0-10) 12 Monate post-OP", 10, LOWER, "pain"),
    ("Schmerzkontrolle prä-OP", "Schmerzkontrolle 12 Mo", 10, HIGHER, ""),
    ("Schmerzmittelbedarf prä", "Schmerzmittelbedarf post", 10, LOWER, ""),
    ("Zufriedenheit mit Schmerztherapie prä", "Zufriedenheit mit Schmerztherapie post", 10, HIGHER, ""),
    ("Schmerzfreie Gehstrecke vor OP", "Schmerzfreie Gehstrecke nach OP", 100, HIGHER, ""),
    ("SF36 Schmerz prä", "SF36 Schmerz post", 100, HIGHER, ""),
    ("KOOS Schmerz prä", "KOOS Schmerz 1J", 100, HIGHER, "koos_pain"),
    ("ODI prä (%)", "ODI 3M (%)", 100, LOWER, "odi"),
    ("FFbH-R prä", "FFbH-R post", 100, HIGHER, ""),
    ("EQ-5D VAS prä", "EQ-5D VAS post", 100, HIGHER, "eq_vas"),
    ("Gesundheitszustand (0-100) vor OP", "Gesundheitszustand (0-100) nach OP", 100, HIGHER, ""),
    ("Nackenschmerz VAS t0", "Nackenschmerz VAS t3", 100, LOWER, "pain_neck"),
    ("Douleur EVA préop", "Douleur EVA M12", 10, LOWER, "pain"),
    ("EVA qualité de vie préop", "EVA qualité de vie M12", 100, HIGHER, ""),
    ("Soulagement de la douleur 3 mois", "Soulagement de la douleur 12 mois", 100, HIGHER, ""),
    ("Catastrophisation (PCS) avant", "Catastrophisation (PCS) après", 52, LOWER, ""),
    ("Score d'Oswestry préop", "Score d'Oswestry 1 an", 100, LOWER, "odi"),
    ("Score fonction épaule (Constant) préop", "Score fonction épaule (Constant) 6 mois", 100, HIGHER, ""),
    ("Sans douleur (0 = jamais) avant", "Sans douleur (0 = jamais) après", 10, HIGHER, ""),
    ("Dolor EVA pre", "Dolor EVA 12 meses", 10, LOWER, ""),
    ("Alivio del dolor 3 meses", "Alivio del dolor 12 meses", 100, HIGHER, ""),
    ("Autoeficacia dolor pre", "Autoeficacia dolor post", 60, HIGHER, ""),
    ("Calidad de vida (0-10) antes", "Calidad de vida (0-10) después", 10, HIGHER, ""),
    ("Dolore NRS pre-op", "Dolore NRS 12 mesi", 10, LOWER, "pain"),
    ("Sollievo dal dolore 3 mesi", "Sollievo dal dolore 12 mesi", 10, HIGHER, ""),
    ("VAS salute pre", "VAS salute 6 mesi", 100, HIGHER, ""),
    ("Rygsmerter NRS før", "Rygsmerter NRS efter 1 år", 10, LOWER, ""),
    ("Smertelindring 3 mdr", "Smertelindring 12 mdr", 10, HIGHER, ""),
    ("Smerte hvile før", "Smerte hvile etter 12 mnd", 10, LOWER, "pain"),
    ("Ryggsmärta NRS före", "Ryggsmärta NRS 1 år", 10, LOWER, "pain"),
    ("Bensmärta preop", "Bensmärta 12 mån", 10, LOWER, "pain"),
    ("Hälsotillstånd VAS pre", "Hälsotillstånd VAS 1år", 100, HIGHER, ""),
    ("Livskvalitet pre", "Livskvalitet 12 mån", 10, HIGHER, ""),
    ("Pijn in rust (NRS) voor", "Pijn in rust (NRS) na 12 mnd", 10, LOWER, "pain"),
    ("Pijn beleving voor", "Pijn beleving na 12 mnd", 10, LOWER, ""),
    ("Pijnvrij lopen (min) voor", "Pijnvrij lopen (min) na", 100, HIGHER, ""),
    ("Omgaan met pijn voor", "Omgaan met pijn na 1 jaar", 10, HIGHER, ""),
    ("Kwaliteit van leven VAS voor", "Kwaliteit van leven VAS na 1 jaar", 100, HIGHER, ""),
    ("Vertrouwen in bewegen ondanks pijn T0", "Vertrouwen in bewegen ondanks pijn T2", 10, HIGHER, ""),
    ("NPRS rug T0", "NPRS rug T1", 10, LOWER, "pain_back"),
    ("RMDQ intake", "RMDQ ontslag", 24, LOWER, "rmdq"),
    ("Oxford kniescore preop", "Oxford kniescore 1 jaar", 48, HIGHER, "oks"),
    ("HOOS-PS preop", "HOOS-PS 1 jaar", 100, LOWER, ""),
    ("vas gezondheid t0", "vas gezondheid t12", 100, HIGHER, "eq_vas"),
    ("BPI average pain baseline", "BPI average pain 12 weeks", 10, LOWER, ""),
    ("Pain-free days per month pre", "Pain-free days per month 12m", 30, HIGHER, ""),
    ("Painless score pre", "Painless score post", 10, HIGHER, ""),
    ("Pain tolerance pre", "Pain tolerance 6m", 10, HIGHER, ""),
    ("Pain threshold (kPa) pre", "Pain threshold (kPa) 6m", 100, HIGHER, ""),
    ("Confidence to cope with pain pre", "Confidence to cope with pain 6m", 10, HIGHER, ""),
    ("Pain disability index pre", "Pain disability index 6m", 70, LOWER, "pdi"),
    ("NDI (inverted) pre", "NDI (inverted) 6m", 100, HIGHER, ""),
    ("PROMIS Physical Function T pre", "PROMIS Physical Function T 6m", 80, HIGHER, ""),
    ("SANE knee pre", "SANE knee 6m", 100, HIGHER, ""),
    ("DASH pre", "DASH 6m", 100, LOWER, "dash"),
    ("mJOA pre", "mJOA 12m", 18, HIGHER, ""),
    ("Bother from pain pre", "Bother from pain 12m", 10, LOWER, ""),
    ("Pain (VAS, 100 = no pain) pre", "Pain (VAS, 100 = no pain) 6m", 100, HIGHER, ""),
    ("VAS satisfaction 3m", "VAS satisfaction 12m", 10, HIGHER, ""),
)  # fmt: skip
STEPS = (6, 7, 8, 5, 9, 7, 6, 8, 7, 10, 6, 5, 8, 9, 7, 6, 8, 7)
"""How bad it is before, in tenths of the scale; afterwards three to five tenths less."""


def cells(high: int, higher: bool) -> tuple[list[str], list[str]]:
    before = [min(high, round(s * high / 10) + i % 2) for i, s in enumerate(STEPS)]
    after = [round(max(0, s - 3 - i % 3) * high / 10) for i, s in enumerate(STEPS)]
    first, second = ([str(high - v if higher else v) for v in values] for values in (before, after))
    return first, second


@pytest.mark.parametrize(("before", "after", "high", "higher", "read"), HEADINGS, ids=[h[0] for h in HEADINGS])
def test_a_heading_is_what_it_is_or_a_question(before: str, after: str, high: int, higher: bool, read: str) -> None:
    first, second = cells(high, higher)
    found = propose_columns({"id": [str(i) for i in range(len(first))], before: first, after: second})
    asked = {name for q in found.questions for name in q.columns}
    if {before, after} <= asked:
        return
    assert read, "read without a question"
    guesses = [c for c in found.columns if c.name in (before, after)]
    assert [(g.role, g.target) for g in guesses] == [(Role.SCORE, read)] * 2
    assert guesses[0].time_point == "baseline" != guesses[1].time_point
    measure = found.score_measures[read]
    assert measure.high is not None
    assert (measure.higher_is_better, float(measure.high)) == (higher, high)


def test_most_headings_of_known_measures_are_read_without_a_question() -> None:
    known = [h for h in HEADINGS if h[4]]
    quiet = 0
    for before, after, high, higher, _ in known:
        first, second = cells(high, higher)
        columns = {"id": [str(i) for i in range(len(first))], before: first, after: second}
        quiet += not propose_columns(columns).questions
    assert quiet >= len(known) - 2


def test_a_rating_of_change_is_asked_for_its_best_answer() -> None:
    """It has no value before treatment, and 1 is as often the best answer as 7."""
    names = ("Global perceived effect 3m", "Global perceived effect 12m")
    columns = {name: [str(1 + (i * step) % 7) for i in range(21)] for name, step in zip(names, (2, 3), strict=True)}
    found = propose_columns({"id": [str(i) for i in range(21)], **columns})
    assert [c.role for c in found.columns if c.name in names] == [Role.STATEMENT] * 2
    (question,) = (q for q in found.questions if set(q.columns) & set(names))
    assert set(question.columns) == set(names)
    assert {a.label for a in question.answers} >= {"1 is the best answer", "7 is the best answer"}
