"""Upload → look → confirm → explore: what the columns are, what is wrong, what can be repaired, and then the cohort.

An `Import` never changes; every answer of the user makes a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from lib.cohort.cohort import Cohort, Provenance
from lib.cohort.design import SERIES, Answered, Design, FileCheck, Found
from lib.importing import checks
from lib.importing.automatic import CODE, automatic
from lib.importing.build import JoinedEvents, build_cohort
from lib.importing.checks.base import Recognised
from lib.importing.columns import items, redcap
from lib.importing.columns.coded_answers import AnswerSpec
from lib.importing.columns.profile import TEXT_FORMATS, file_decimal, profile
from lib.importing.columns.recognise import recognise
from lib.importing.columns.roles import (
    AT_TIME_POINT,
    Choice,
    ColumnGuess,
    MeasureSpec,
    Role,
    columns_from_json,
    columns_to_json,
)
from lib.importing.design_guess import likely_design
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.table import TIME, Parsed, Sheet
from lib.importing.findings import Finding, Repair, Severity, quoted_list, refuse
from lib.importing.long_format import widen
from lib.importing.questions import ask
from lib.importing.questions.base import SKIP, Question
from lib.importing.repairs import TURN, apply, log_as_csv

__all__ = ["Import", "columns_from_json", "columns_to_json", "propose", "read_trusted"]


@dataclass(frozen=True, eq=False)
class Import(Recognised):
    """One table on its way to a cohort.

    Attributes:
        repairs: what the user agreed to, in order; made in `sheet`.
        extraction_date: ISO date of the data, '' when not known: tells "not yet due" from lost.
        synthetic: whether the file is invented.
        original: the table as in the file.
    """

    repairs: tuple[Repair, ...] = ()
    extraction_date: str = ""
    synthetic: bool = False
    original: Sheet | None = None
    answered: tuple[tuple[str, str], ...] = ()
    """(key of a question, key of its answer or "skip") pairs, in the order given."""
    automatic: tuple[Repair, ...] = ()
    """Those of `repairs` that nobody was asked about; `without` undoes one."""
    design: Design = SERIES
    history: tuple[Answered | Found, ...] = ()
    """Questions as they were answered and findings as they were repaired, in order: what Data check shows."""

    # --- what was found ----------------------------------------------------------------------------------------
    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to know about this table: what the reader saw and what the checks found, errors first."""
        return self._findings(lambda: False)

    def check(self, stopped: Callable[[], bool]) -> None:
        """Work out `findings` ahead, where somebody may stop it. Raises ParseCancelled."""
        self.__dict__["findings"] = self._findings(stopped)  # where cached_property keeps it

    def _findings(self, stopped: Callable[[], bool]) -> tuple[Finding, ...]:
        made = [_as_made(r, self.sheet.name) for r in self.automatic]
        found = (*self.parsed.findings, *self.sheet.findings, *made, *checks.check(self, stopped))
        order = list(Severity)
        return tuple(sorted(found, key=lambda f: order.index(f.severity)))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What has to be asked of this table; those answered are not asked again."""
        done = {key for key, _ in self.answered}
        put = [q for q in ask(self) if q.key not in done]
        # what a column means by itself is asked once it is known to be no answer of a questionnaire
        items_of = {name for q in put if q.code == "items" for name in q.columns}
        return tuple(q for q in put if q.code == "items" or not q.columns or not items_of.issuperset(q.columns))

    @property
    def choice(self) -> Choice:
        """What `columns_to_json` saves; columns about which a question is open are left to be asked anew."""
        open_columns = {name for q in self.questions for name in q.columns}
        return Choice(
            tuple(c for c in self.columns if c.name not in open_columns),
            self.measures,
            self.decimal,
            self.day_first,
            self.extraction_date,
            self.parsed.join,
            self.answers,
            self.windows,
            self.answered,
            None if self.design == likely_design(self.columns) else self.design,
            self.repairs,
            self.parsed.digest,
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of the columns that identify persons."""
        return tuple(c.name for c in self.columns if c.role in (Role.IDENTIFIER, Role.BIRTH_DATE))

    # --- what the user says ------------------------------------------------------------------------------------
    def with_columns(self, changed: Iterable[ColumnGuess], measures: Iterable[MeasureSpec] = ()) -> Import:
        """The same import with some columns taken for something else.

        Raises ImportProblem naming a column that the table does not have.
        """
        by_name = {c.name: c for c in changed}
        known = {c.name for c in self.columns}
        strange = [n for n in by_name if n not in known]
        if strange:
            raise refuse(
                "unknown_column",
                f"The table has no column {quoted_list(strange)}. Its columns are {quoted_list(known, 40)}.",
            )
        merged = tuple(self._merged_column(c, by_name[c.name]) if c.name in by_name else c for c in self.columns)
        specs = {m.key: m for m in (*self.measures, *measures)}
        return replace(self, columns=merged, measures=tuple(specs.values()), _profiles=dict(self.profiles))

    def with_answers(self, given: Iterable[AnswerSpec]) -> Import:
        """The same import with answers in numbers told; what was said before of the same series goes."""
        specs = {a.series: a for a in (*self.answers, *given)}
        return replace(self, answers=tuple(specs.values()), _profiles=dict(self.profiles))

    def with_windows(self, given: Iterable[tuple[str, float]]) -> Import:
        """The same import with the width of some time points' windows told: months on either side."""
        windows = {**dict(self.windows), **dict(given)}
        return replace(self, windows=tuple(sorted(windows.items())), _profiles=dict(self.profiles))

    def _merged_column(self, old: ColumnGuess, new: ColumnGuess) -> ColumnGuess:
        """What the user said, with what he left open filled from the guess."""
        same = old.role is new.role and (not new.target or new.target == old.target)
        return replace(
            new,
            samples=() if new.role in (Role.IDENTIFIER, Role.ID, Role.BIRTH_DATE) else old.samples or new.samples,
            label=new.label or old.label,
            target=new.target or (old.target if old.role is new.role else _default_target(new)),
            texts=new.texts or (old.texts if same else ()),
        )

    def with_choice(self, choice: Choice) -> Import:
        """A saved choice applied: columns it does not name stay as they were guessed.

        In the file that it was saved for, everything is as it was left. In another one (next month's) questions are put
        to what was guessed there, repairs without row numbers are made again, and columns have the last word.
        """
        same_file = bool(self.parsed.digest == choice.digest)
        if same_file:
            new_answers = [h for h in self._with_answered(choice.questions).history if isinstance(h, Answered)]
            changed = self.accept(*choice.repairs)
            changed = replace(changed, answered=choice.questions, history=(*changed.history, *new_answers))
        else:
            changed = self._with_answered(choice.questions).accept(*(r for r in choice.repairs if not r.rows))
        changed = changed.with_columns(choice.columns, choice.measures).with_answers(choice.answers)
        changed = changed.with_windows(choice.windows)
        decimal = choice.decimal or self.decimal
        reread = decimal != self.decimal or choice.day_first != self.day_first
        changed = replace(
            changed,
            decimal=decimal,
            day_first=choice.day_first,
            extraction_date=choice.extraction_date or self.extraction_date,
            design=self.design if choice.design is None else choice.design,
            _profiles={} if reread else changed._profiles,
        )
        return changed if same_file else changed._with_answered(choice.questions)

    def _with_answered(self, answered: Iterable[tuple[str, str]]) -> Import:
        """Answers put to what is asked here; one answer may bring the next question."""
        changed = self
        for question, answer in answered:
            changed = changed.with_answer(question, answer)
        return changed

    def accept(self, *repairs: Repair) -> Import:
        """The same import with repairs made; one that was accepted before is not made twice."""
        new = [r for r in repairs if r not in self.repairs]
        offered = {f.repair: f for f in self.findings if f.repair is not None} if new else {}
        done = tuple(_as_found(offered[r], r.sentence) for r in new if r in offered)
        sheet = self.sheet
        for repair in new:
            sheet = apply(repair, sheet)
        touched = {name for r in new for name in r.columns}
        names = set(sheet.names())
        turned = any(r.kind == TURN for r in new)
        if turned or any(r.kind == "drop_rows" for r in new):
            touched = set(sheet.names())
        unchanged = {name: p for name, p in self.profiles.items() if name in names - touched}
        known = {} if turned else {c.name: c for c in self.columns}
        for guess in (items.guess_of(r) for r in new if r.kind == items.KIND):
            known.setdefault(guess.name, guess)
        made = (*self.repairs, *new)
        after = replace(self, sheet=sheet, repairs=made, history=(*self.history, *done), _profiles=unchanged)
        if names <= known.keys():
            return replace(after, columns=tuple(c for c in known.values() if c.name in names), _profiles=unchanged)
        found = recognise(sheet, after.profiles)  # a repair made columns that nobody looked at
        return replace(after, columns=tuple(known.get(c.name, c) for c in found), _profiles=dict(after.profiles))

    @property
    def checked(self) -> FileCheck:
        """What was found and answered, for the page Data check: what was repaired first, then what is open."""
        found = tuple(h for h in self.history if isinstance(h, Found))
        still = tuple(_as_found(f, "open") for f in self.findings)
        answered = tuple(h for h in self.history if isinstance(h, Answered))
        size = self.original or self.sheet
        return FileCheck(self.sheet.name, size.n, len(size.columns), (*found, *still), answered)

    def made_automatically(self, *repairs: Repair) -> Import:
        """The same import with repairs that leave no choice made, and its columns recognised anew."""
        if not repairs:
            return self
        found = replace(self.accept(*repairs), automatic=repairs)
        return replace(found, columns=_times_of_tables(recognise(found.sheet, found.profiles), self.parsed))

    def without(self, repair: Repair) -> Import:
        """The same import with one repair undone; the others are made again from the table as in the file."""
        rest = [r for r in self.repairs if r != repair]
        before = replace(self, sheet=self.original or self.sheet, repairs=(), _profiles={})
        if repair.kind == TURN:
            before = replace(before, columns=recognise(before.sheet, before.profiles), _profiles={})
        return replace(before.accept(*rest), automatic=tuple(r for r in self.automatic if r != repair))

    def with_answer(self, question: str, answer: str) -> Import:
        """The same import with one question answered, or skipped with `SKIP`. A question not asked changes nothing.

        Raises ImportProblem when the question has no such answer.
        """
        put = next((q for q in self.questions if q.key == question), None)
        if put is None:
            return self
        chosen = put.answer(answer)
        if chosen is None and (answer != SKIP or not put.skip):
            known = quoted_list([a.key for a in put.answers] + ([SKIP] if put.skip else []))
            raise refuse("unknown_answer", f'"{answer}" is no answer to "{put.text}"; its answers are {known}.')
        if chosen is None:
            found = self.with_columns([c.with_role(Role.IGNORE) for c in self.columns if c.name in put.columns])
        else:
            found = self.with_columns(chosen.columns, chosen.measures).with_answers(chosen.answers)
            found = found.accept(*chosen.repairs)
        new_answers = Answered(put.text, chosen.label, chosen.effect) if chosen else Answered(put.text, "", put.skip)
        return replace(
            found,
            answered=(*found.answered, (question, answer)),
            history=(*found.history, new_answers),
            _profiles=dict(found.profiles),
        )

    def repair_log(self) -> str:
        """The accepted repairs as CSV: what was done, in which column, to how many cells, in which rows."""
        return log_as_csv(self.repairs, self.original or self.sheet)

    # --- the cohort --------------------------------------------------------------------------------------------
    @property
    def fingerprint(self) -> str:
        """Hash over file, sheet, columns and repairs."""
        columns = columns_to_json(replace(self.choice, columns=self.columns, repairs=()))
        given = [self.parsed.digest, self.sheet.name, columns, [r.to_json() for r in self.repairs]]
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()

    def build(self, events: JoinedEvents | None = None) -> Cohort:
        """The cohort. Raises ImportProblem when there is nothing in the table to explore.

        Args:
            events: the events of a second table (`EventTable.events`), given the id hashes of the patients.
        """
        kinds = {c.role for c in self.columns}
        if not kinds & (AT_TIME_POINT | {Role.CATEGORY, Role.NUMBER, Role.EVENT_TYPE}):
            raise refuse(
                "nothing_to_explore",
                "None of the columns holds a score, an answer, a category or a number of the patients. "
                "Say what the columns are, or upload another table.",
            )
        if not self.sheet.n:
            raise refuse("no_rows", "No row is left after the repairs.")
        wide = widen(self.sheet, self.columns)
        point = self.parsed.format not in TEXT_FORMATS
        profiles = {
            c.name: self.profiles[c.name]
            if c.name in self.profiles and self.profiles[c.name].column is c
            else profile(
                c, self.profiles[c.name].decimal if c.name in self.profiles else self.decimal, point, self.day_first
            )
            for c in wide.sheet.columns
        }
        return build_cohort(
            wide,
            profiles,
            self.profiles,
            self.columns,
            self.specs,
            Provenance(
                file_name=self.parsed.file_name,
                file_digest=self.parsed.digest,
                fingerprint=self.fingerprint,
                synthetic=self.synthetic,
                repairs=tuple(r.sentence for r in self.repairs),
                left_out=self.left_out,
                parts=self.parsed.parts,
                checked=self.checked,
                guesses=tuple(q.text for q in self.questions),
            ),
            self.extraction_date,
            events,
            self.answers,
            dict(self.windows),
            self.design,
        )


def _as_made(repair: Repair, sheet: str) -> Finding:
    """A repair nobody was asked about; rows that were left out are a warning under the name of their own check."""
    code = dict(repair.values).get(CODE, "") if repair.kind == "drop_rows" else ""
    return Finding(
        code or "automatic",
        Severity.WARNING if code else Severity.NOTE,
        f"{repair.sentence}.",
        sheet,
        repair.columns[0] if repair.columns else "",
        len(repair.rows) or len(repair.values),
        repair.rows[:1000],
    )


def _as_found(f: Finding, state: str) -> Found:
    return Found(f.code, f.severity.value, f.sentence, f.column, f.count, f.rows, state)


def _default_target(guess: ColumnGuess) -> str:
    from lib.importing.columns.look import slug

    return {Role.EQ5D_STATE: "eq5d3l", Role.ID: "id", Role.TIME_POINT: "occasion", Role.BIRTH_DATE: "birth_date"}.get(
        guess.role, "1" if guess.role.value.startswith("event") else slug(guess.name)
    )


def _times_of_tables(guesses: tuple[ColumnGuess, ...], parsed: Parsed) -> tuple[ColumnGuess, ...]:
    """In a joined table, the time points are those of its plan."""
    if parsed.join is None:
        return guesses
    texts = tuple((t.name, t.time_point) for t in parsed.join.tables)
    return tuple(replace(g, texts=texts) if g.name == TIME and g.role is Role.TIME_POINT else g for g in guesses)


def propose(parsed: Parsed, sheet: str | None = None, choice: Choice | None = None) -> Import:
    """What the columns of a table are taken for.

    Args:
        parsed: the file.
        sheet: name of the sheet; None takes the largest.
        choice: a saved choice; columns that it names and the table has are as it says.

    Raises ImportProblem when the file has no such sheet.
    """
    try:
        table = redcap.prepare(parsed.sheet(sheet))
    except KeyError as error:
        names = quoted_list([s.name for s in parsed.sheets])
        raise refuse("unknown_sheet", f'There is no sheet "{sheet}"; there is {names}.') from error
    redcap.refuse_dictionary(table)
    point = parsed.format not in TEXT_FORMATS
    decimal = (choice.decimal if choice else "") or file_decimal(table, parsed.delimiter, point)
    day_first = choice.day_first if choice else None
    profiles = {c.name: profile(c, decimal, point, day_first) for c in table.columns}
    guesses = _times_of_tables(recognise(table, profiles), parsed)
    found = Import(parsed, table, guesses, decimal, day_first=day_first, original=table, _profiles=profiles)
    found = replace(found, design=likely_design(guesses), _profiles=profiles)
    if choice is None or choice.digest != parsed.digest:  # saved for this very file: with the repairs that it holds
        found = found.made_automatically(*automatic(found))
    return found.with_choice(choice) if choice else found


def read_trusted(data: bytes, file_name: str, synthetic: bool = False) -> Cohort:
    """A file of our own (the sample) as a cohort, read in this process: no child, no confirmation.

    Never for an upload. Raises ImportProblem as `parse_file` does.
    """
    from lib.importing.files.arrow import encode_file
    from lib.importing.files.formats import read
    from lib.importing.files.wire import decode

    raw = b"".join(encode_file(read(data, Limits(), ReadOptions())))
    parsed = decode(raw, file_name, hashlib.sha256(data).hexdigest())
    return replace(propose(parsed), synthetic=synthetic).build()
