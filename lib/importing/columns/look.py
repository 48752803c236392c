"""One column under the eyes of the recognition: its name taken apart, its content, and how a guess is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lib.catalog import answers
from lib.catalog.answers import normalise
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.columns.timepoints import Timed

SAMPLES = 5
MOST_ANSWERS = 12


@dataclass(frozen=True, eq=False)
class Look:
    """What the recognition knows of one column.

    Attributes:
        name: the column's name. timed: the name taken apart. profile: its content.
        heading: normalised longer name (SPSS label) without time point, '' when the format has none.
        heading_timed: the longer name taken apart.
        unnamed: whether the column has no heading although others have.
    """

    name: str
    timed: Timed
    heading_timed: Timed
    profile: Profile
    unnamed: bool = False

    @property
    def stem(self) -> str:
        """The name without time point, normalised."""
        return self.timed.stem

    @property
    def time_point(self) -> str:
        """Key of the time point in the name, or else in the longer name, '' without one."""
        found = self.timed.time_point or self.heading_timed.time_point
        return found.key if found else ""

    @cached_property
    def yes_no(self) -> bool:
        """Whether every answer is a yes or a no (in words, 0/1, true/false); blanks and codes aside."""
        if self.profile.distinct > MOST_ANSWERS:
            return False
        codes = answers.codes_among_words(self.profile.words)
        words = [
            w
            for w in self.profile.words
            if not answers.is_non_answer(w) and w not in codes and not answers.not_known(w)
        ]
        if self.profile.numeric == 1.0 and not self.profile.column.labels:  # 0, 1 and a code for missing
            numbers = [v for v in self.profile.values.tolist() if v not in NUMERIC_CODES]
            return numbers == [0.0, 1.0] or (bool(words) and all(answers.yes_no(w) is not None for w in words))
        return bool(words) and all(answers.yes_no(w) is not None for w in words)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The texts to compare with the dictionary: stem, then the longer name."""
        return tuple(t for t in dict.fromkeys((self.stem, self.heading_timed.stem)) if t)

    def guess(
        self,
        role: Role,
        confidence: float,
        *evidence: str,
        target: str = "",
        time_point: str = "",
        label: str = "",
        texts: Sequence[tuple[str, str]] = (),
    ) -> ColumnGuess:
        """A guess about this column, with samples unless it identifies somebody."""
        reasons = [e for e in evidence if e]
        if time_point and time_point != "*" and (self.timed.evidence or self.heading_timed.evidence):
            reasons.append(f'"{self.timed.evidence or self.heading_timed.evidence}" is the time point')
        return ColumnGuess(
            name=self.name,
            role=role,
            target=target,
            time_point=time_point,
            label=label or pretty(self.name),
            confidence=round(confidence, 2),
            evidence=tuple(reasons),
            samples=() if role in (Role.IDENTIFIER, Role.ID, Role.BIRTH_DATE) else samples(self.profile),
            texts=tuple(texts),
        )


def samples(profile: Profile) -> tuple[str, ...]:
    """A few different values, with the label of a code: "1 (Postpartum)"."""
    labels = profile.column.labels
    shown = (f"{t} ({labels[t]})" if t in labels else t for t in profile.levels[:SAMPLES])
    return tuple(t.strip() if len(t) <= 40 else t[:37] + "…" for t in shown)


def pretty(name: str) -> str:
    """A column name as a label: `vas_pain_pre` → "Vas pain pre"; a name with spaces or capitals stays as it is."""
    if " " in name.strip() or any(c.isupper() for c in name):
        return " ".join(name.replace("_", " ").split())
    words = " ".join(re.split(r"[_.\-\s]+", name.strip())).strip()
    return words[:1].upper() + words[1:]


def slug(text: str) -> str:
    """A key from a name: lower-case letters, digits and underscores; "column" when nothing is left."""
    return normalise(text).replace(" ", "_") or "column"
