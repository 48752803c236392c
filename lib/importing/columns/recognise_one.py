"""Rules that look at one column alone, surest first: what its name says, checked against what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from lib.catalog import answers
from lib.catalog.answers import normalise
from lib.catalog.instruments import INSTRUMENTS, PAIN_SITES
from lib.catalog.statements import recognise_theme
from lib.importing.columns.explained import is_modelled, written_apart
from lib.importing.columns.identifiers import suspect_by_content, suspect_by_name
from lib.importing.columns.lexicon import Fit, Meaning, fit_instrument, fit_meaning, fit_site, meanings
from lib.importing.columns.look import Look, pretty, slug
from lib.importing.columns.redcap import EVENT, IDENTIFIES, TIME_POINT, is_structure
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.files.table import PATIENT as PATIENT_OF_TABLES
from lib.importing.files.table import TIME as TIME_OF_TABLE

MOST_CATEGORIES = 60
FEW_NUMBERS = 8
EVERY_POINT = 9
"""So many value labels are those of every point of a scale, and no answers."""
STATE = re.compile(r"^[\s'’‘`\"]*[0-9](?:[-/;,. ]?\s*[0-9]){4}(?:\.0+)?[\s'’‘`\"]*$")
LEGAL_STATE = re.compile(r"^[1-5]{5}$")
LEGAL_OR_MISSING = re.compile(r"^[0-59]{5}$")
STATE_WORDS = re.compile(r"\b(?:eq5d\w*|eq 5d|euroqol|state|profile|profiel|profil|health state|zustand|toestand)\b")
REDCAP_STATUS = frozenset({"0", "1", "2", "Incomplete", "Unverified", "Complete"})

CHANGE = frozenset(
    (
        "change", "changes", "delta", "diff", "difference", "differences", "improvement", "improved", "reduction",
        "decrease", "increase", "gain", "verschil", "verandering", "verbetering", "verslechtering", "afname", "toename",
        "differenz", "veranderung", "verbesserung", "verschlechterung", "abnahme", "zunahme", "evolution", "endr",
        "endring", "forandring", "forbedring", "forbattring", "amelioration", "variazione", "miglioramento", "loss",
        "verlies",
    )
)  # fmt: skip

CASE_OR_CONTROL = frozenset(("case", "fall", "cas"))
NUMBER_SIGNS = frozenset(("#", "№", "nº", "n°", "no.", "nr.", "n.", "# patient", "patient #", "pt #", "pt#", "study #"))
_UNITS = "kg|lbs?|cm|m|mm|ml|l|g|mins?|h|hrs?|uur|std|days?|dagen|tage"
WITH_UNIT = re.compile(rf"(?i)\s{{0,9}}\d{{1,9}}(?:[.,]\d{{1,9}})? ?(?:{_UNITS})\.?(?: ?\d{{1,2}})?\s{{0,9}}")
Rule = Callable[[Look], ColumnGuess | None]


def by_emptiness(look: Look) -> ColumnGuess | None:
    """An empty column is not used."""
    return look.guess(Role.IGNORE, 1.0, "the column is empty") if not look.profile.filled else None


def by_no_name(look: Look) -> ColumnGuess | None:
    """A column without heading beside named ones (row numbers of R, a remark): not used until somebody names it."""
    if look.unnamed:
        return look.guess(Role.IGNORE, 0.6, "the column has no heading")
    return None


def by_sign(look: Look) -> ColumnGuess | None:
    """ "#" over numbers that differ: the number of the patient."""
    p = look.profile
    if look.name.strip().lower() in NUMBER_SIGNS and p.numeric > 0.9 and p.whole and p.distinct > 0.3 * p.filled:
        return look.guess(Role.ID, 0.8, "the sign for a number", target="id", label="Patient")
    return None


def by_redcap(look: Look) -> ColumnGuess | None:
    """Columns that REDCap adds to every export, and those that a join makes."""
    name = look.name.strip().lower()
    if look.name == PATIENT_OF_TABLES:
        return look.guess(Role.ID, 1.0, "the number by which the tables were joined", target="id", label="Patient")
    if look.name == TIME_OF_TABLE:
        return look.guess(Role.TIME_POINT, 1.0, "the table the row is from", target="occasion")
    if look.name == TIME_POINT or name in EVENT:
        return look.guess(Role.TIME_POINT, 0.97, "REDCap's event", target="occasion")
    if is_structure(name):
        return look.guess(Role.IGNORE, 0.97, "REDCap's mark of repeated forms")
    if look.profile.column.kind == IDENTIFIES:
        return look.guess(Role.IDENTIFIER, 1.0, "the data dictionary marks it as identifier")
    if name == "redcap_survey_identifier":
        return look.guess(Role.IDENTIFIER, 0.97, "REDCap's survey identifier")
    if name.endswith("_timestamp") and look.profile.dated > 0.3:
        return look.guess(Role.IGNORE, 0.9, "REDCap's time of the survey")
    if (name.endswith("_complete") or name.startswith("complete?")) and set(look.profile.levels) <= REDCAP_STATUS:
        return look.guess(Role.IGNORE, 0.95, "REDCap's status of a form")
    return None


def by_identifier(look: Look) -> ColumnGuess | None:
    """A heading or content that points to a person."""
    for text in look.reads:
        suspect = suspect_by_name(text)
        # "description" or "name" over ordered answers or a yes/no is not a person
        if suspect and not look.yes_no and not (suspect.kind == "free_text" and look.profile.numeric > 0.5):
            return look.guess(Role.IDENTIFIER, 0.95, suspect.reason, target=suspect.kind)
    suspect = suspect_by_content(look.profile, look.profile.filled)
    if suspect and suspect.kind == "phone" and _numbered(look):
        return None
    if suspect and suspect.kind in ("national_number", "phone", "email", "address"):
        return look.guess(Role.IDENTIFIER, 0.85, suspect.reason, target=suspect.kind)
    return None


def _numbered(look: Look) -> bool:
    """A patient number of many digits ("0000000123") may look like a telephone number; the heading tells them apart."""
    named = any((fit := fit_meaning(text)) and fit.key == "id" and fit.score >= 0.75 for text in look.reads)
    return named and all(level.strip().isdigit() for level in look.profile.levels)


def by_state(look: Look) -> ColumnGuess | None:
    """Five-digit EQ-5D states."""
    if look.profile.distinct > 3125 or (look.profile.numeric and not look.profile.whole):
        return None  # there are no more states than that, and none has a decimal
    levels = [level.strip() for level in look.profile.levels]
    five = [t for t in levels if STATE.match(t)]
    if not five or len(five) < 0.8 * len(levels):
        return None
    named = any(STATE_WORDS.search(t) for t in look.reads)
    one = LEGAL_OR_MISSING if named else LEGAL_STATE
    legal = sum(1 for t in five if one.match(re.sub(r"\D", "", t.strip("'’‘`\"").removesuffix(".0"))))
    if legal < (0.5 if named else 0.9) * len(five) or (not named and look.profile.filled < 5):
        return None
    words = "five digits 1–3" if legal == len(five) else f"five digits, {legal} of {len(five)} different ones legal"
    return look.guess(
        Role.EQ5D_STATE,
        0.97 if named else 0.75,
        words,
        target="eq5d3l",
        time_point=look.time_point,
        label="EQ-5D-3L state",
    )


def by_meaning(look: Look) -> ColumnGuess | None:
    """The dictionary of meanings (age, center, etiology, date of surgery …), where the content fits."""
    for position, text in enumerate(look.reads):
        for candidate, number in _with_event_number(text):
            fit = fit_meaning(candidate)
            if fit is None or (position and fit.score < 0.8):
                continue
            found = _as_meaning(look, meanings()[fit.key], fit, number)
            if found is not None:
                return found
    return None


def _with_event_number(text: str) -> list[tuple[str, str]]:
    """The heading without a number in it that counts events ("ae 2 type", "complication3"), and as it is."""
    without = re.sub(r"(?<=[a-z])\s?([1-9])\b", " ", text)
    number = re.search(r"(?<=[a-z])\s?([1-9])\b", text)
    return ([(" ".join(without.split()), number.group(1))] if number else []) + [(text, "")]


def _as_meaning(look: Look, meaning: Meaning, fit: Fit, number: str) -> ColumnGuess | None:
    evidence = f'the heading says "{fit.phrase}"'
    p = look.profile
    label = meaning.label if fit.score > 0.9 else pretty(look.name)
    if meaning.role is Role.EVENT_TYPE and p.dated >= 0.5:  # the day of a complication is no complication
        return look.guess(Role.DATE, 0.8, evidence, "dates", target=slug(look.name), time_point=look.time_point)
    if look.yes_no and answers.denies(fit.rest):  # "no complications: yes" is the opposite of the meaning
        return None
    if meaning.role.value.startswith("event"):
        return look.guess(meaning.role, fit.score, evidence, target=number or "1", label=label)
    if number:
        return None
    # case or control; a "record id" of two patients with several rows stays one
    two_kinds = look.stem in CASE_OR_CONTROL and p.filled >= FEW_NUMBERS and p.distinct <= 2
    if meaning.role is Role.ID and not two_kinds and (not fit.rest or p.distinct > 0.5 * p.filled):
        return look.guess(Role.ID, fit.score, evidence, target="id", label="Patient")
    if meaning.role is Role.BIRTH_DATE and max(p.dated, p.numeric) > 0.3:
        return look.guess(Role.BIRTH_DATE, fit.score, evidence, target="birth_date")
    if meaning.role is Role.DATE and p.dated >= 0.5:
        return look.guess(Role.DATE, fit.score, evidence, target=meaning.key, time_point=look.time_point)
    if meaning.role is Role.NUMBER:
        fits = p.numeric >= (0.4 if meaning.key == "age" else 0.6) and not p.column.labels
        return look.guess(Role.NUMBER, fit.score, evidence, target=meaning.key, label=label) if fits else None
    if meaning.role is Role.YESNO:
        return _yes_no(look, meaning.key, label, fit.score, evidence)
    if meaning.role is Role.TIME_POINT and p.dated >= 0.5:  # the day and hour of an answer
        return look.guess(Role.DATE, 0.7, evidence, "dates", target=slug(look.name), time_point=look.time_point)
    if meaning.role is Role.TIME_POINT:
        few = p.distinct <= MOST_CATEGORIES or p.numeric > 0.5  # `recognise_time` says which are too many
        return look.guess(Role.TIME_POINT, fit.score * 0.8, evidence, target="occasion") if few else None
    if meaning.key == "surgery_type" and look.yes_no:  # "I would have the operation again"
        return None
    if meaning.role is Role.CATEGORY and p.distinct <= 400 and not (p.numeric > 0.9 and not p.whole):
        return look.guess(Role.CATEGORY, fit.score, evidence, target=meaning.key, label=label)
    return None


def _yes_no(look: Look, key: str, label: str, score: float, evidence: str) -> ColumnGuess | None:
    if not look.yes_no:
        return None
    if look.time_point:
        return look.guess(
            Role.YESNO, score, evidence, "yes and no", target=key, time_point=look.time_point, label=label
        )
    return look.guess(Role.CATEGORY, score * 0.9, evidence, "yes and no", target=key, label=label)


def by_change(look: Look) -> ColumnGuess | None:
    """What somebody worked out ("VAS verschil", "ODI change 12m", "ODI predicted"): a number, never a score."""
    p = look.profile
    if p.numeric < 0.6 or p.column.labels or look.yes_no:
        return None
    for text in (*look.reads, normalise(look.name)):
        if modelled := is_modelled(text.split()):
            evidence = f'the heading says "{modelled}": predicted, imputed or remembered, not measured'
            return look.guess(Role.NUMBER, 0.75, evidence, target=slug(look.name))
        spoken, named = CHANGE.intersection(text.split()), fit_instrument(text)
        if named and named.key == "grc":
            continue  # what patients say of their change was not worked out
        if spoken and (named or (len(p.values) and p.values[0] < 0)):
            evidence = f'the heading says "{min(spoken)}": a change, not a score'
            return look.guess(Role.NUMBER, 0.75, evidence, target=slug(look.name))
    return None


def by_instrument(look: Look) -> ColumnGuess | None:
    """An instrument of the catalogue, where most values lie on one of its scales."""
    p = look.profile
    answers_only = p.column.labels and len(p.column.labels) >= p.distinct > 2 and len(p.column.labels) < EVERY_POINT
    if p.numeric < 0.6 or (answers_only and not _end_labels(look)):
        return None
    for position, text in enumerate(map(written_apart, look.reads)):
        fit = fit_instrument(text)
        if fit is None:
            continue
        if look.yes_no and fit.key == "pain" and p.filled > 4:
            continue  # "leg pain: 0 or 1" is a yes or no
        if fit.key == "grc" and not (p.values < 0).any():
            continue  # without negative numbers these are coded answers, and which end is best is asked
        instrument = INSTRUMENTS[fit.key]
        inside = max(_share_inside(look, float(low), float(high)) for low, high in instrument.scales)
        if inside < 0.5:
            continue
        target, label = measure_target(fit, text)
        return look.guess(
            Role.SCORE,
            fit.score * (0.6 + 0.4 * inside) - 0.05 * position,
            f'the heading says "{fit.phrase}"',
            "" if inside == 1 else f"{inside:.0%} of the values lie on its scale",
            target=target,
            time_point=look.time_point,
            label=label,
        )
    return None


def by_unit(look: Look) -> ColumnGuess | None:
    """Numbers that all carry their unit ("7 cm", "400 ml"): what the heading says, once the repair is agreed to."""
    meant = look.profile.meant
    if not len(meant):
        return None
    evidence = "numbers with a unit in the cell"
    for text in look.reads:
        if fit := fit_meaning(text):
            meaning = meanings()[fit.key]
            if meaning.role is Role.NUMBER:
                return look.guess(Role.NUMBER, 0.6, evidence, target=meaning.key, label=meaning.label)
        if fit := fit_instrument(text):
            scales = INSTRUMENTS[fit.key].scales
            if any(float(low) <= meant[0] and meant[-1] <= float(high) for low, high in scales):
                target, label = measure_target(fit, text)
                return look.guess(Role.SCORE, 0.6, evidence, target=target, time_point=look.time_point, label=label)
    if look.time_point:
        return look.guess(Role.SCORE, 0.4, evidence, target=slug(look.stem), time_point=look.time_point)
    return look.guess(Role.NUMBER, 0.6, evidence, target=slug(look.name))


def _end_labels(look: Look) -> bool:
    """Labels for the ends of a scale only ("0 = no pain") leave the other numbers unlabelled."""
    return any(level not in look.profile.column.labels for level in look.profile.levels)


def _share_inside(look: Look, low: float, high: float) -> float:
    p = look.profile
    inside = p.numbers.is_number & (p.numbers.values >= low) & (p.numbers.values <= high)
    return float(p.counts[inside].sum()) / max(1, p.number_rows)


def measure_target(fit: Fit, text: str) -> tuple[str, str]:
    """Measure key and label of a heading: "vas back pain" → pain_back, "VAS back pain"; "koos sport" → koos_sport."""
    instrument = INSTRUMENTS[fit.key]
    words = text.split()
    if fit.key == "pain":
        kind = next((k for k in ("vas", "nrs") if any(w.startswith(k) for w in words)), "")
        site = fit_site(words)
        name = PAIN_SITES[site].names["en"] if site else "Pain"
        label = f"{kind.upper()} {name[:1].lower()}{name[1:]}" if kind else name
        return f"pain_{site}" if site else "pain", label
    rest = [w for w in fit.rest if w not in ("score", "total", "totaal", "index", "sum", "mean", "value", "0", "100")]
    if fit.key in ("hoos", "koos") and rest:
        return f"{fit.key}_{'_'.join(rest)}", f"{instrument.short} {' '.join(rest)}"
    return fit.key, instrument.short


def by_answers(look: Look) -> ColumnGuess | None:
    """Ordered answers in words (or labels of codes): a statement, the theme from the heading when it is known."""
    p = look.profile
    if not 1 <= p.distinct <= 12 or look.yes_no:
        return None
    fits = [s for s in answers.candidates(p.words) if s.kind != "yes/no"]
    theme = next((t for t in map(recognise_theme, look.reads) if t), None) if fits else None
    # so far everybody agrees: an answer, where the heading is a known statement
    if not fits or sum(fits[0].present) < (1 if theme else 2):
        return None
    return look.guess(
        Role.STATEMENT,
        0.95 if theme else 0.8,
        f"ordered answers ({fits[0].kind})",
        f"about: {theme.labels['en']}" if theme else "",
        target=theme.key if theme else slug(look.stem or look.name),
        time_point=look.time_point,
        label=own_words(look) or (theme.labels["en"] if theme else _plain_label(look)),
    )


LEAST_WORDS = 4
"""A heading of so many words is a sentence, and what patients were asked: it is shown as it stands."""


def own_words(look: Look) -> str:
    """The question as the file words it, '' where its heading is only a name."""
    return next((t.strip() for t in (look.profile.column.heading, look.name) if len(t.split()) >= LEAST_WORDS), "")


def _plain_label(look: Look) -> str:
    return look.profile.column.heading or pretty(slug(look.stem) if look.time_point else look.name)


def by_yes_no(look: Look) -> ColumnGuess | None:
    """Yes and no: an outcome when it has a time point, else a category."""
    if not look.yes_no:
        return None
    label = p if (p := look.profile.column.heading) and len(p) <= 60 else pretty(look.name)
    if look.time_point:
        target = slug(look.stem or look.name)
        return look.guess(
            Role.YESNO, 0.7, "yes and no", target=target, time_point=look.time_point, label=pretty(look.stem)
        )
    return look.guess(Role.CATEGORY, 0.8, "yes and no", target=slug(look.name), label=label)


def by_date(look: Look) -> ColumnGuess | None:
    """Dates."""
    if look.profile.dated < 0.8 or look.profile.numeric > 0.5:
        return None
    return look.guess(Role.DATE, 0.85, "dates", target=slug(look.name), time_point=look.time_point)


def by_content(look: Look) -> ColumnGuess:
    """What is left: a number, a category, or text that nobody can count."""
    p = look.profile
    label = h if (h := p.column.heading) and len(h) <= 60 else pretty(look.name)
    labelled = bool(p.column.labels) and sum(t in p.column.labels for t in p.levels) >= 0.8 * p.distinct
    if p.numeric >= 0.7 and not labelled:
        if look.time_point:
            evidence, own = "numbers at a time point", pretty(look.stem)
            return look.guess(Role.SCORE, 0.4, evidence, target=slug(look.stem), time_point=look.time_point, label=own)
        if p.whole and p.distinct <= FEW_NUMBERS and p.filled >= 2 * p.distinct:
            evidence = f"{p.distinct} different whole numbers"
            return look.guess(Role.CATEGORY, 0.6, evidence, target=slug(look.name), label=label)
        return look.guess(Role.NUMBER, 0.7, "numbers", target=slug(look.name), label=label)
    suspect = suspect_by_content(p, p.filled)
    if suspect:
        return look.guess(Role.IDENTIFIER, 0.7, suspect.reason, target=suspect.kind)
    if p.distinct > FEW_NUMBERS and sum(map(bool, map(WITH_UNIT.fullmatch, p.levels))) >= 0.8 * p.distinct:
        return look.guess(Role.NUMBER, 0.5, "numbers in several units", target=slug(look.name), label=label)
    if p.distinct > MOST_CATEGORIES or (p.distinct > 12 and p.distinct > 0.7 * p.filled):
        evidence = "nearly every value differs: it could name a person"
        return look.guess(Role.IDENTIFIER, 0.5, evidence, target="free_text")
    return look.guess(Role.CATEGORY, 0.7, f"{p.distinct} different texts", target=slug(look.name), label=label)


RULES: tuple[Rule, ...] = (
    by_emptiness,
    by_no_name,
    by_redcap,
    by_sign,
    by_identifier,
    by_state,
    by_answers,
    by_meaning,
    by_change,
    by_unit,
    by_instrument,
    by_yes_no,
    by_date,
)


def recognise_one(look: Look) -> ColumnGuess:
    """The first rule that applies."""
    for rule in RULES:
        found = rule(look)
        if found is not None:
            return found
    return by_content(look)
