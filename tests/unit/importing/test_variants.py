"""More files of the kinds in `test_cases` in other words, languages and numbers; each was once wrong in silence."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from lib.importing.columns.roles import Role
from lib.importing.proposal import Import
from tests.unit.importing.read_here import propose_bytes

BEFORE = [10, 8, 9, 10, 6, 8, 9, 7, 9, 5, 8, 7, 6, 9, 8, 7, 5, 9, 5, 7, 9, 6, 7, 6]
AFTER = [6, 7, 3, 8, 4, 5, 2, 3, 6, 0, 1, 4, 6, 2, 6, 3, 3, 9, 0, 7, 4, 3, 8, 7]
N = range(24)
BOTH = (7.5, 4.4583)


def table(heading: str, line: Callable[[int], Sequence[Any]], n: int = 24) -> Import:
    """A text table of semicolons."""
    rows = [";".join(map(str, line(i))) for i in range(n)]
    return propose_bytes("\n".join([heading, *rows]).encode(), "x.csv")


def workbook(rows: Sequence[Sequence[Any]], edit: Callable[[Any], None] = lambda _: None) -> Import:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    edit(book.active)
    out = io.BytesIO()
    book.save(out)
    return propose_bytes(out.getvalue(), "x.xlsx")


def codes(found: Import) -> list[str]:
    return [q.code for q in found.questions]


def said(found: Import, code: str) -> str:
    return " ".join(f.sentence for f in found.findings if f.code == code)


def pain(found: Import) -> tuple[float, float]:
    cohort = found.build()
    pairs = cohort.pairs("pain", "baseline", cohort.follow_ups[-1].key)
    return round(float(pairs.baseline.mean()), 4), round(float(pairs.follow_up.mean()), 4)


def category(found: Import, name: str) -> tuple[str, ...]:
    return next(c.labels for c in found.build().categories() if c.key == name)


# 1 direction
@pytest.mark.parametrize(
    "heading",
    [
        "catastrophisme douleur {}",
        "pijn (10 = geen pijn) {}",
        "Schmerzfreiheit {}",
        "pijnvermindering {}",
        "soulagement {}",
    ],
)
def test_a_relative_of_pain_is_asked(heading: str) -> None:
    found = table(f"id;{heading.format('pre')};{heading.format('12m')}", lambda i: (i, BEFORE[i], AFTER[i]))
    assert codes(found)
    assert "pain" not in found.build().measures


# 5 codes for missing
def test_a_nine_among_yes_and_no_is_missing() -> None:
    found = table(
        "id;opioids_pre;opioids_12m;vas_pre;vas_12m",
        lambda i: (i, 9 if i == 4 else i % 2, 9 if i == 8 else i % 3 // 2, 8, 3),
    )
    assert codes(found) == []
    assert {c.role for c in found.columns if c.target == "opioids"} == {Role.YESNO}
    assert (found.build().yesno["opioids", "baseline"] == -1).sum() == 1
    assert "9 stands in 1 cell" in said(found, "missing_code")


def test_an_eight_beside_answers_to_five_is_missing_and_named() -> None:
    found = table(
        "id;Ik ben tevreden met het resultaat;vas_pre;vas_12m", lambda i: (i, 8 if i in (4, 6) else 1 + i % 5, 8, 3)
    )
    assert "8 stands in 2 cells" in said(found, "missing_code")
    (question,) = found.questions
    assert [a.label for a in question.answers] == ["1 is the best answer", "5 is the best answer"]


# 6 time
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("VASPreOp", "VAS1jr"),
        ("initial VAS", "last VAS"),
        ("EVA avant", "EVA après"),
        ("VAS vor", "VAS nach"),
        ("pijn voor operatie (herinnerd)", "pijn nu"),
        ("vasvoor", "vas12maanden"),
        ("T0_vas", "T2_vas"),
        ("vas", "vas.12m"),
        ("Schmerz vor OP", "Schmerz letzter"),
    ],
)
def test_pairs_in_every_style(before: str, after: str) -> None:
    found = table(f"id;{before};{after}", lambda i: (i, BEFORE[i], AFTER[i]))
    assert codes(found) == []
    assert pain(found) == BOTH


@pytest.mark.parametrize(
    ("heading", "values"),
    [("knie", ("links", "rechts")), ("arm", ("A", "B")), ("operatie", (1, 2)), ("heup", ("L", "R"))],
)
def test_what_merely_parts_the_rows_of_a_number_is_no_time(heading: str, values: Sequence[Any]) -> None:
    found = table(f"pat;{heading};vas pre;vas 12m", lambda i: (i // 2, values[i % 2], BEFORE[i], AFTER[i]))
    assert codes(found) == ["unit"]
    assert Role.TIME_POINT not in {c.role for c in found.columns}


# 9 events
@pytest.mark.parametrize(
    ("heading", "words", "types", "unknown"),
    [
        (
            "Komplikation",
            ("keine", "Wundinfekt", "unbekannt", "o.B.", "Hämatom + Wundinfekt"),
            {"Wundinfekt", "Hämatom"},
            5,
        ),
        (
            "complications",
            ("aucune", "infection", "inconnu", "RAS", "néant", "hématome + infection"),
            {"infection", "hématome"},
            4,
        ),
        (
            "complicatie",
            ("geen", "g.b.", "nihil", "onbekend", "wondinfectie en nabloeding", "-"),
            {"wondinfectie", "nabloeding"},
            4,
        ),
    ],
)
def test_words_for_nothing_and_unknown(heading: str, words: Sequence[str], types: set[str], unknown: int) -> None:
    events = table(f"id;vas_pre;vas_12m;{heading}", lambda i: (i, 8, 3, words[i % len(words)])).build().events
    assert events is not None
    assert (set(events.type), len(events.unknown)) == (types, unknown)


# 10 units and kinds of number
@pytest.mark.parametrize(
    ("heading", "cell", "mean"),
    [
        ("Gewicht", "{} kg", 81.5),
        ("BMI", "{} kg/m2", 81.5),
        ("bloedverlies", "{} ml", 81.5),
        ("opnameduur", "{} dagen", 81.5),
    ],
)
def test_numbers_with_their_unit_are_numbers(heading: str, cell: str, mean: float) -> None:
    found = table(f"id;{heading};vas_pre;vas_12m", lambda i: (i, cell.format(70 + i), 8, 3))
    (number,) = found.build().numbers()
    assert float(np.nanmean(number.values)) == mean
    assert "automatic" in {f.code for f in found.findings}
    assert "not_a_number" in {f.code for f in found.without(found.automatic[0]).findings}


def test_spellings_of_sexes_and_grades_become_one() -> None:
    found = table(
        "id;sexe;ASA;vas_pre;vas_12m",
        lambda i: (i, ("M", "Man", "V", "Vrouw", "M", "V")[i % 6], ("ASA 1", "ASA II", "2", "III")[i % 4], 8, 3),
    )
    assert set(category(found, "sex")) == {"M", "V"}
    assert category(found, "asa") == ("1", "2", "3")
    spanish = table("id;sexo;sex;vas_pre;vas_12m", lambda i: (i, "HM"[i % 2], ("H", "M", "mujer")[i % 3], 8, 3))
    assert set(category(spanish, "sex")) == {"H", "M", "mujer"}  # M may be mujer


# 11 tables
def test_what_excel_hides_or_strikes_out_is_counted_and_named() -> None:
    def edit(sheet: Any) -> None:
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[5].hidden = True
        sheet["B9"].font = Font(strike=True)

    rows = [["Inclusienummer", "VAS voor", "lab", "VAS 12m"], *[[i + 1, BEFORE[i], i, AFTER[i]] for i in N]]
    found = workbook(rows, edit)
    assert "1 of 24 rows is hidden" in said(found, "hidden_rows")
    assert '"lab"' in said(found, "hidden_columns")
    assert "1 cell is struck out in Excel, in row 9" in said(found, "struck_out")
    assert pain(found) == BOTH
    assert not any(said(workbook(rows), c) for c in ("hidden_rows", "hidden_columns", "struck_out"))


@pytest.mark.parametrize(
    "heading", ["#", "Pt", "Study nr", "Inclusienummer", "Einschlussnummer", "N° patient", "Pasientnr"]
)
def test_names_of_the_number_of_a_patient(heading: str) -> None:
    found = table(f"{heading};vas_pre;vas_12m", lambda i: (i + 1, BEFORE[i], AFTER[i]))
    assert found.columns[0].role is Role.ID
    assert codes(found) == []


def test_a_counter_of_rows_is_not_the_patient() -> None:
    found = table("id;patient;visit;vas", lambda i: (i + 1, f"P{i // 2}", ("pre", "12m")[i % 2], BEFORE[i]))
    assert next(c.name for c in found.columns if c.role is Role.ID) == "patient"
    assert found.build().n == 12


def test_two_tables_beside_each_other_with_numbers_written_in_two_ways() -> None:
    order = [(i * 7) % 24 for i in N]
    rows = [["Patientnr", "VAS voor", None, "Studienr", "VAS 12m"]]
    found = workbook([*rows, *[[f"{i:03}", BEFORE[i], None, order[i], AFTER[order[i]]] for i in N]])
    assert codes(found) == ["side_by_side"]


def test_a_long_file_with_001_at_one_visit_and_1_at_the_next() -> None:
    found = table(
        "patient;visit;vas",
        lambda i: (f"{i + 1:03}", "pre", BEFORE[i]) if i < 24 else (i - 23, "12m", AFTER[i - 24]),
        48,
    )
    assert codes(found) == ["same_patient"]
    assert pain(found.with_answer(found.questions[0].key, "same")) == BOTH


@pytest.mark.parametrize(
    "below",
    [
        [[], ["Mittelwert", 7.5, 4.5], ["Standardabw.", 1.8, 2.6], ["p", 0.001], ["Legende: 0 = kein Schmerz"]],
        [["Durchschnitt", 7.5, 4.5], ["Streuung", 1, 1]],
        [[], ["Toelichting"], ["x = niet ingevuld", "bron: EPD"]],
    ],
)
def test_what_stands_below_numbered_patients_is_left_out(below: list[list[Any]]) -> None:
    found = workbook([["Pat", "VAS vor", "VAS nach"], *[[i + 1, BEFORE[i], AFTER[i]] for i in N], *below])
    assert pain(found) == BOTH
    assert found.build().n == 24


# 12 identifiers
def test_short_codes_are_groupings_and_dofb_is_a_date_of_birth() -> None:
    found = table(
        "id;Provider;consultant;department;DofB;revisiedatum;vas_pre;vas_12m",
        lambda i: (
            i,
            f"R{i % 3}A",
            f"C{1000 + i % 5}",
            "TN"[i % 2],
            f"1950-01-{1 + i % 28:02}",
            "2022-03-04" if i % 20 == 0 else "",
            8,
            3,
        ),
        60,
    )
    roles = {c.name: c.role for c in found.columns}
    assert [roles[n] for n in ("Provider", "consultant", "department")] == [Role.CATEGORY] * 3
    assert (roles["DofB"], roles["revisiedatum"]) == (Role.BIRTH_DATE, Role.DATE)


# 8 statements
AGREE = {
    "fr": ("pas du tout d'accord", "plutôt pas d'accord", "ni d'accord ni pas d'accord", "plutôt d'accord",
           "tout à fait d’accord"),
    "no": ("helt uenig", "uenig", "verken eller", "enig", "helt enig"),
    "sv": ("instämmer inte alls", "instämmer inte", "varken eller", "instämmer", "instämmer helt"),
    "it": ("per niente d'accordo", "in disaccordo", "neutrale", "d'accordo", "completamente d'accordo"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "language", "turned"),
    [
        ("Je suis satisfait du résultat", "fr", False),
        ("Je ne suis pas satisfait du résultat", "fr", True),
        ("Je regrette l'opération", "fr", True),
        ("Je ne regrette pas l'opération", "fr", False),
        ("Jeg er fornøyd med resultatet", "no", False),
        ("Jeg er ikke fornøyd med resultatet", "no", True),
        ("Jag ångrar operationen", "sv", True),
        ("Jag är inte nöjd med resultatet", "sv", True),
        ("Sono soddisfatto del risultato", "it", False),
        ("Non sono soddisfatto del risultato", "it", True),
    ],
)
def test_agreement_and_its_negation_in_other_languages(heading: str, language: str, turned: bool) -> None:
    found = table(f'id;vas_pre;vas_12m;"{heading}"', lambda i: (i, 8, 3, AGREE[language][i % 5]))
    (statement,) = found.build().statements.values()
    assert (statement.label, statement.levels) == (heading, AGREE[language])
    assert bool(said(found, "worded_in_reverse")) == turned


def test_an_operation_one_would_have_again_is_no_kind_of_operation() -> None:
    found = table(
        "id;vas_pre;vas_12m;Je referais l'opération", lambda i: (i, 8, 3, ("oui", "non", "ne sait pas")[i % 3])
    )
    assert "surgery_type" not in {c.target for c in found.columns}


def test_a_text_that_stands_only_in_a_row_left_out_is_no_finding() -> None:
    rows = [
        ["id", "datum operatie", "VAS voor", "VAS 12m"],
        *[[i + 1, f"2022-03-{1 + i:02}", BEFORE[i], AFTER[i]] for i in N],
    ]
    found = workbook([*rows, ["gemiddelde", "over alle data", 7.5, 4.5]])
    assert found.build().n == 24
    assert said(found, "not_a_date") == ""
