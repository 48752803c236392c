"""Time points in column names: `vas_pre`, `VAS 12 maanden`, `t0_odi`, `Prewt`/`Postwt` → stem and time point."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lib.catalog.answers import normalise
from lib.cohort.cohort import BASELINE, TimePoint


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE = _listed(
    """pre preop preoperative preoperatief preoperatieve preoperativ preoperatively praeop praeoperativ prae before
    baseline base bl t0 intake ausgangswert voormeting vooraf preoperatoire preinterventie presurgery presurgical
    preintervention pretest pretreatment preok preoperativer preoperatives preoperativen 0m m0 0mo initial initiale
    admission preinjection pretherapy preprocedure preoperatorio preoperatorisk preoperativt praoperativ praoperative
    praoperativer praop pra"""
)
# Words that mean a time point only at the end (or start) of a name: "voor" is also "for", "na" also "not applicable".
BEFORE_AT_END = _listed(
    "voor vor start inclusie inclusion basis avant prima foer fore forut innan antes first prior aufnahme entree ingang"
    " opname"
)
AFTER = _listed(
    """post postop postoperative postoperatief postoperatieve postoperativ postoperatively after followup fup nameting
    postinjection posttherapy postprocedure postsurgery postsurgical postintervention postinterventie posttest
    posttreatment final latest nacontrole nachher
    postoperativer postoperatives postoperativen upp uppf uppfoljning oppfolging postoperatoire postoperatorio
    postoperativt"""
)
AFTER_AT_END = _listed(
    "na nach fu eind einde end laatste last apres dopo etter efter despues depois final discharge ontslag"
    " entlassung sortie eot eos exit uitgang slut"
)
BEFORE_PHRASES = (
    "pre op", "pra op", "pre operative", "pre operatief", "voor operatie", "voor de operatie", "vor op", "vor der op",
    "voor ok",
    "before surgery", "before operation", "prior to surgery", "prae op", "pre surgery", "vor operation",
    "before the surgery", "before the operation", "avant operation", "avant chirurgie", "avant l operation",
    "prima dell intervento", "prima intervento", "for operasjon", "fore operation", "innan operation",
    "before treatment", "vor injektion", "vor infiltration", "vor behandlung", "vor der behandlung", "vor therapie",
    "vor eingriff", "voor injectie", "voor behandeling", "voor de behandeling", "voor de ingreep", "voor ingreep",
    "before injection", "before procedure", "pre injection", "pre procedure", "pre treatment", "avant injection",
    "avant infiltration", "avant traitement", "avant intervention", "avant l intervention",
)  # fmt: skip
AFTER_PHRASES = (
    "post op", "post operative", "post operatief", "na operatie", "na de operatie", "nach op", "nach der op", "na ok",
    "after surgery", "after operation", "follow up", "last follow up", "post surgery", "laatste controle",
    "nach operation", "after the surgery", "after the operation", "apres operation", "apres chirurgie",
    "apres l operation", "dopo l intervento", "etter operasjon", "efter operation", "after treatment",
    "nach injektion", "nach infiltration", "nach behandlung", "nach der behandlung", "nach therapie", "nach eingriff",
    "na injectie", "na behandeling", "na de behandeling", "na de ingreep", "na ingreep",
    "after injection", "after procedure", "post injection", "post procedure", "post treatment", "apres injection",
    "apres infiltration", "apres traitement", "apres intervention", "apres l intervention",
)  # fmt: skip
MONTH, YEAR, WEEK, DAY = 1.0, 12.0, 7 / 30.4375, 1 / 30.4375
UNIT = {
    **dict.fromkeys(
        _listed("m mo mos mnd mnden mth mths month months maand maanden monat monate monaten mois mon"), MONTH
    ),
    **dict.fromkeys(_listed("y yr yrs year years jaar jr jaren jahr jahre jahren j"), YEAR),
    **dict.fromkeys(_listed("w wk wks week weeks weken woche wochen"), WEEK),
    **dict.fromkeys(_listed("d day days dag dagen tag tage tagen"), DAY),
}
AFTER_A_NUMBER = {
    **dict.fromkeys(_listed("man mdr maned maneder manad manader mese mesi mes meses"), MONTH),
    **dict.fromkeys(_listed("an ans ar aar anno anni ano anos"), YEAR),
    **dict.fromkeys(
        _listed("uke uker vecka veckor uge uger semaine semaines settimana settimane semana semanas"), WEEK
    ),
    **dict.fromkeys(_listed("dager dagar dage jour jours giorni dias"), DAY),
    **UNIT,
}
"""Short words of other languages are units only behind their number: "12 mån", but not "an 3 Tagen"."""
NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "six": 6, "twelve": 12, "een": 1, "twee": 2, "drie": 3, "zes": 6, "twaalf": 12,
    "ein": 1, "eine": 1, "einem": 1, "zwei": 2, "drei": 3, "sechs": 6, "zwolf": 12,
}  # fmt: skip
WINDOW = _listed("within binnen innerhalb innen inom dans last past afgelopen laatste letzten recalled")
"""In front of a number of days they make it a window of recall or of the visit, not a time point."""
COMPARED = _listed(
    """than dan als compared vergeleken verglichen vergelijking worse better less more minder meer slechter beter
    weniger mehr schlechter besser zou zouden would wurde wuerde kiezen gekozen choose chosen"""
)
"""In front of "before surgery" they make it a part of the sentence ("less pain than before surgery")."""
UNIT_NAMES = {WEEK: ("w", "week", "weeks"), DAY: ("d", "day", "days")}
PLAUSIBLE_MONTHS = frozenset((0, 1, 1.5, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 60, 84, 120))
COUNTED = re.compile(r"(?:\bv|visit|visite|bezoek|meting|measurement|event|timepoint|time|moment|zeitpunkt)\s?(\d+)$")
T_NUMBER = re.compile(r"^t\d{1,3}$")
RECALLED = re.compile(
    r"\(?\b(?:recalled|recall|remembered|retrospective(?:ly)?|herinnerd|erinnert)\b[^)]{0,40}\)?", re.IGNORECASE
)
NORDIC_BEFORE = re.compile(r"\bfør\b", re.IGNORECASE)
"""Without its sign it would be the English "for"."""
NUMBER_UNIT = re.compile(r"^(\d{1,3})([a-z]+)$")
UNIT_NUMBER = re.compile(r"^([a-z]+)(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class Timed:
    """A column name taken apart.

    Attributes:
        stem: normalised words of the name without the time point.
        time_point: None when the name has no time point.
        evidence: the words that say so ("12 m").
    """

    stem: str
    time_point: TimePoint | None
    evidence: str = ""


def baseline() -> TimePoint:
    """Before the operation."""
    return TimePoint(BASELINE, "Before surgery", 0.0)


def after() -> TimePoint:
    """A time point after the operation that the file does not date."""
    return TimePoint("follow_up", "After surgery", None)


def timed(number: float, unit: float) -> TimePoint:
    """`timed(12, 1.0)` is 12 months, `timed(1, 12.0)` is 12 months too, `timed(6, 7 / 30.4375)` is 6 weeks."""
    months = number * unit
    if months == 0:
        return baseline()
    if unit >= 1.0:
        whole = int(months) if months == int(months) else months
        return TimePoint(f"{whole:g}m", f"{whole:g} month{'' if whole == 1 else 's'}", float(months))
    key, one, many = UNIT_NAMES[unit]
    return TimePoint(f"{number:g}{key}", f"{number:g} {one if number == 1 else many}", months)


def numbered(number: int) -> TimePoint:
    """`T1`, `visit 2`: a time point that has only a number."""
    return TimePoint(f"t{number}", f"Time point {number}", None)


def time_point_of_text(text: str) -> TimePoint | None:
    """The time point a cell of a long file names ("12 maanden", "pre", "visit_1_arm_1"), None when it names none."""
    words = re.sub(r" arm \d+$", "", _words(text)).split()
    found = _find(words, set())
    if found is not None:
        return found[2]
    joined = " ".join(words)
    if match := COUNTED.search(joined):
        number = int(match.group(1))
        return baseline() if number == 0 else numbered(number)
    if re.search(r"\b(enrolment|enrollment|screening|intake|inclusie|inclusion|opname|aufnahme)\b", joined):
        return baseline()
    return None


def split_names(names: Sequence[str]) -> list[Timed]:
    """Every name taken apart; names are read together, because `T12` means months only beside `T3` and `T6`."""
    words = [_words(name).split() for name in counted_follow_ups(names)]
    t_numbers = {int(w[1:]) for ws in words for w in ws if re.fullmatch(r"t\d{1,3}", w)}
    found: list[Timed] = []
    for name, own in zip(names, words, strict=True):
        # three underscores are REDCap's choices of one question: drug___12 is the twelfth, not 12 months
        hit = None if "___" in name else _find(own, t_numbers)
        if hit is None:
            found.append(Timed(" ".join(own), None))
        else:
            start, end, time_point = hit
            rest = own[:start] + own[end:]
            found.append(Timed(" ".join(rest), time_point, " ".join(own[start:end])))
    found = _glued(names, _without_eaten_words(found))
    return _bare_numbers(names, found)


FOLLOW_UP_NUMBER = re.compile(
    r"(?<![a-z])(?:fu|fup|follow[\s_\-]?up)[\s_\-]?(\d{1,2})(?!\d|[\s_\-]?(?:m|w|y|j|d))", re.IGNORECASE
)


def counted_follow_ups(names: Sequence[str]) -> list[str]:
    """FU1, FU2, FU3 count the follow-ups; FU3, FU6, FU12 are months. The first kind is written T1, T2, T3."""
    numbers = {int(found) for name in names for found in FOLLOW_UP_NUMBER.findall(name)}
    if not numbers or numbers != set(range(1, len(numbers) + 1)):
        return list(names)
    return [FOLLOW_UP_NUMBER.sub(r" t\1 ", name) for name in names]


def _without_eaten_words(found: Sequence[Timed]) -> list[Timed]:
    """ "panas na 12m" beside "panas na pre": the word before the time point belongs to the name."""
    stems = {t.stem for t in found}
    out = []
    for t in found:
        first, _, rest = t.evidence.partition(" ")
        longer = f"{t.stem} {first}".strip()
        out.append(
            Timed(longer, t.time_point, rest) if rest and t.stem not in stems - {t.stem} and longer in stems else t
        )
    return out


def _words(name: str) -> str:
    """Normalised words, with camel case and glued digits taken apart where that is safe (`VASpre` → vas pre).

    What was remembered later belongs to the time it is about: "(recalled at 12 months)" is no time point.
    """
    name = NORDIC_BEFORE.sub("foer", RECALLED.sub(" recalled ", name))
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    spaced = re.sub(r"(?<=[A-Z]{2})(?=(?:[Pp]re|[Pp]ost|[Vv]oor|na|[Vv]or|[Nn]ach)(?:[Oo]p)?\b)", " ", spaced)
    return normalise(spaced)


def _find(words: list[str], t_numbers: set[int]) -> tuple[int, int, TimePoint] | None:
    """(first word, one past the last, time point) of the time point; the most exact one in the name wins."""
    for finder in (_dated, _phrases, _single):
        found = finder(words, t_numbers)
        if found is not None:
            return found
    return None


def _dated(words: list[str], t_numbers: set[int]) -> tuple[int, int, TimePoint] | None:
    """Months, weeks or years; "T1" only where nothing else dates it: "T1 (3 months)" is 3 months."""
    found = _in_units(words)
    numbers = [i for i, word in enumerate(words) if T_NUMBER.match(word)]
    if found is None:
        return (numbers[0], numbers[0] + 1, _t_number(int(words[numbers[0]][1:]), t_numbers)) if numbers else None
    start, end, time_point = found
    if start - 1 in numbers:
        start -= 1
    elif end in numbers:
        end += 1
    return start, end, time_point


def _in_units(words: list[str]) -> tuple[int, int, TimePoint] | None:
    last = len(words)
    for i, word in enumerate(words):
        nearby = words[i + 1] if i + 1 < last else ""
        if i and (words[i - 1] in WINDOW or (word == "5d" and words[i - 1] == "eq")):
            continue  # "EQ-5D pain" is not pain at five days, "within 90 d" is the width of a visit
        number = int(word) if word.isdigit() else NUMBER_WORDS.get(word)
        if number is not None and nearby in AFTER_A_NUMBER and _is_unit(nearby, i + 1 == last - 1):
            return _with_filler(words, i, i + 2, timed(number, AFTER_A_NUMBER[nearby]))
        if word in UNIT and len(word) > 1 and nearby.isdigit() and int(nearby) <= 240:
            return _with_filler(words, i, i + 2, timed(int(nearby), UNIT[word]))
        if (match := NUMBER_UNIT.match(word)) and match.group(2) in AFTER_A_NUMBER:
            return _with_filler(words, i, i + 1, timed(int(match.group(1)), AFTER_A_NUMBER[match.group(2)]))
        if (match := UNIT_NUMBER.match(word)) and match.group(1) in UNIT and match.group(1) not in ("d", "j"):
            return _with_filler(words, i, i + 1, timed(int(match.group(2)), UNIT[match.group(1)]))
        if match := re.fullmatch(r"(?:fu|fup|post|postop|followup)(\d{1,3})(?:m|mo|mnd)?", word):
            return i, i + 1, timed(int(match.group(1)), 1.0)
    return None


def _is_unit(word: str, at_end: bool) -> bool:
    """One-letter units count only where a time point is expected ("12 m" at the end, not "2 d ultrasound")."""
    return len(word) > 1 or at_end


def _t_number(number: int, t_numbers: set[int]) -> TimePoint:
    if number == 0:
        return baseline()
    in_months = t_numbers <= PLAUSIBLE_MONTHS and max(t_numbers | {number}) >= 6
    return timed(number, 1.0) if in_months else numbered(number)


def _with_filler(words: list[str], start: int, end: int, time_point: TimePoint) -> tuple[int, int, TimePoint]:
    """Takes along words that only repeat it: "12 months post op", "at 12 months", "fu 12 m"."""
    filler = AFTER | AFTER_AT_END | {"at", "op", "bij", "nach", "follow", "up", "surgery", "operatie", "n"}
    if time_point.key == BASELINE:
        return start, end, time_point
    while end < len(words) and words[end] in filler:
        end += 1
    while start > 0 and words[start - 1] in filler - {"op", "n"}:
        start -= 1
    return start, end, time_point


def _phrases(words: list[str], _: set[int]) -> tuple[int, int, TimePoint] | None:
    for phrases, time_point in ((BEFORE_PHRASES, baseline()), (AFTER_PHRASES, after())):
        for phrase in sorted(phrases, key=len, reverse=True):
            parts = phrase.split()
            for i in range(len(words) - len(parts) + 1):
                if words[i : i + len(parts)] == parts and not COMPARED & set(words[:i]):
                    return i, i + len(parts), time_point
    return None


def _single(words: list[str], _: set[int]) -> tuple[int, int, TimePoint] | None:
    for vocabulary, at_end, time_point in ((BEFORE, BEFORE_AT_END, baseline()), (AFTER, AFTER_AT_END, after())):
        for i, word in enumerate(words):
            ends = word in at_end and len(words) > 1 and i == len(words) - 1
            if (word in vocabulary or ends) and not COMPARED & set(words[:i]):
                return i, i + 1, time_point
    return None


GLUED_START = re.compile(r"^(pre|post|voor|na|vor|nach)(?=[a-z]{2,})")
GLUED_END = re.compile(
    r"(?<=[a-z])(preop|postop|pre|post|voor|vor|nach|t0|bl|fu|\d{1,2}(?:months?|monate?|mois|mths?|maanden|maand|mo|mnd|m"
    r"|jaar|jr|years?|yr|y|weeks?|weken|wochen|wk|w))$"
)


def _glued(names: Sequence[str], found: list[Timed]) -> list[Timed]:
    """`Prewt`, `Postwt`; `vaspre`, `vas12m`: split only when two names share the rest with different time points."""
    candidates: dict[str, list[tuple[int, TimePoint, str]]] = {}
    timed_stems = {t.stem for t in found if t.time_point}
    for index, entry in enumerate(found):
        if entry.time_point is not None or not entry.stem:
            continue
        words = entry.stem.split()
        for position, pattern in ((0, GLUED_START), (len(words) - 1, GLUED_END)):
            match = pattern.search(words[position])
            if not match:
                continue
            part = match.group(1)
            hit = _find([part], set()) or (_find(["x", part], set()))
            rest_word = words[position][match.end() :] if pattern is GLUED_START else words[position][: match.start()]
            if hit is not None and rest_word:
                stem = " ".join([*words[:position], rest_word, *words[position + 1 :]])
                candidates.setdefault(stem, []).append((index, hit[2], part))
    out = list(found)
    for stem, entries in candidates.items():
        keys = {time_point.key for _, time_point, _ in entries}
        if len(keys) > 1 or stem in timed_stems:
            for index, time_point, part in entries:
                out[index] = Timed(stem, time_point, part)
    return out


def _bare_numbers(names: Sequence[str], found: list[Timed]) -> list[Timed]:
    """`odi_0`, `odi_3`, `odi_12`: a bare number is months when its siblings are 0 and usual follow-up times."""
    groups: dict[str, list[tuple[int, int]]] = {}
    for index, entry in enumerate(found):
        # three underscores are REDCap's choices of one question
        if (
            entry.time_point is None
            and "___" not in names[index]
            and (match := re.fullmatch(r"(.*[a-z])\s?(\d{1,3})", entry.stem))
        ):
            groups.setdefault(match.group(1), []).append((index, int(match.group(2))))
    out = list(found)
    for stem, entries in groups.items():
        numbers = {number for _, number in entries}
        if len(numbers) >= 2 and numbers <= PLAUSIBLE_MONTHS and 0 in numbers and max(numbers) >= 3:
            for index, number in entries:
                out[index] = Timed(stem, timed(number, 1.0), str(number))
    return out


def in_order(time_points: Sequence[TimePoint]) -> tuple[TimePoint, ...]:
    """Distinct time points: baseline first, then by months, then those without a date in order of appearance."""
    distinct = {o.key: o for o in time_points}
    place = {key: i for i, key in enumerate(distinct)}

    def position(time_point: TimePoint) -> tuple[int, float]:
        if time_point.key == BASELINE:
            return 0, 0.0
        if time_point.months is not None:
            return 1, time_point.months
        number = re.fullmatch(r"t(\d+)", time_point.key)
        return 2, float(number.group(1)) if number else 1e6 + place[time_point.key]

    return tuple(sorted(distinct.values(), key=position))


def most_common_follow_up(found: Sequence[Timed]) -> TimePoint | None:
    """The follow-up that most columns have: statements without a time point belong there."""
    counts = Counter(t.time_point for t in found if t.time_point is not None and t.time_point.key != BASELINE)
    return counts.most_common(1)[0][0] if counts else None


def time_point_of_key(key: str) -> TimePoint:
    """The time point of a key: "baseline", "12m", "6w", "follow_up", "t1", "once"; any other key is its own name."""
    if key == BASELINE:
        return baseline()
    if key == "follow_up":
        return after()
    if key == "once":
        return TimePoint("once", "Questionnaire", None)
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([mwd])", key):
        return timed(float(match.group(1)), UNIT[match.group(2)])
    if match := re.fullmatch(r"t(\d+)", key):
        return numbered(int(match.group(1)))
    words = key.replace("_", " ")
    return TimePoint(key, words[:1].upper() + words[1:], None)
