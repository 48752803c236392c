"""Estimates at 1, 2, 5 and 10 years, and the rate per 100 patient-years, per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lib.analysis.survival import Group, TimeToEvent
from lib.present.sentences.survival import PARTICIPLE, between_words, followed_words
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, interval, number
from lib.stats.results import NotComputed
from lib.stats.survival import DAYS_PER_YEAR, Incidence, Moment


def survival_table(found: TimeToEvent) -> Table:
    """One row per group and year."""
    done = PARTICIPLE[found.event].capitalize()
    columns = [Column("Group"), Column("Years", "right"), Column(done, "right"), Column("95% CI", "right")]
    columns += [Column("Kaplan–Meier", "right")] if found.competes else []
    columns += [Column("At risk", "right"), Column("Events so far", "right")]
    rows = [
        row
        for g in (found.everybody, *found.groups)
        for k, year in enumerate(found.years)
        for row in _row(g, k, year, found)
    ]
    return Table(f"Time to {found.event}", tuple(columns), tuple(rows), (followed_words(found), *between_words(found)))


def _row(g: Group, k: int, year: int, found: TimeToEvent) -> list[tuple[Cell, ...]]:
    if isinstance(g.incidence, NotComputed):
        return []
    m, plain = g.incidence.moments[k], _moment(g.kaplan_meier, k)
    name = Cell(g.label if k == 0 else "")
    if isinstance(m, NotComputed):
        blank = (Cell(""),) * (3 + found.competes)
        return [(name, Cell(str(year), year), Cell(m.reason), *blank)]
    ends = "" if m.low is None or m.high is None else f"{number(100 * m.low, 1)} to {number(100 * m.high, 1)}%"
    cells = [name, Cell(str(year), year), Cell(f"{number(100 * m.value, 1)}%", m.value), Cell(ends)]
    if found.competes:
        cells.append(
            Cell("" if plain is None else f"{number(100 * plain.value, 1)}%", None if plain is None else plain.value)
        )
    return [(*cells, Cell(count(m.at_risk), m.at_risk), Cell(count(m.events), m.events))]


def _moment(curve: Incidence | NotComputed, k: int) -> Moment | None:
    m = curve.moments[k] if isinstance(curve, Incidence) else None
    return m if isinstance(m, Moment) else None


def at_risk_table(found: TimeToEvent, risk: Mapping[str, Sequence[tuple[int, int, int]]]) -> Table:
    """Numbers at risk at whole years, and how many had the event (and died) so far."""
    groups = [g.label for g in (found.everybody, *found.groups) if g.label in risk]
    years = max((len(risk[label]) for label in groups), default=0)
    done = PARTICIPLE[found.event]
    so_far = f"{done} · died" if found.competes else done
    rows = []
    for label in groups:
        own = risk[label]
        rows.append((Cell(label), Cell("at risk"), *(Cell(count(n), n) for n, _, _ in own)))
        rows.append((Cell(""), Cell(so_far), *(Cell(f"{e} · {d}" if found.competes else count(e)) for _, e, d in own)))
    columns = (Column("Group"), Column("Years"), *(Column(str(k), "right") for k in range(years)))
    return Table(f"Time to {found.event}: numbers at risk", columns, tuple(rows))


def rates_table(found: TimeToEvent) -> Table:
    """First events, years and the rate with its exact interval, per group; median follow-up beside it."""
    columns = (
        Column("Group"),
        *(Column(n, "right") for n in ("Patients", "Events", "Patient-years", "Per 100 years", "95% CI", "Follow-up")),
    )
    rows = []
    for g in (found.everybody, *found.groups):
        curve, rate = g.incidence, g.rate
        if isinstance(curve, NotComputed) or isinstance(rate, NotComputed):
            continue
        years = curve.person_days / DAYS_PER_YEAR
        median = None if isinstance(g.follow_up, NotComputed) else g.follow_up.median / DAYS_PER_YEAR
        rows.append(
            (
                Cell(g.label),
                Cell(count(curve.n), curve.n),
                Cell(count(curve.events), curve.events),
                Cell(number(years, 0), years),
                Cell(number(rate.value, 2), rate.value),
                Cell(interval(rate.interval, 2)),
                Cell("not reached" if median is None else f"{number(median, 1)} years", median),
            )
        )
    note = "First event per patient, time until it; exact Poisson interval. Follow-up: median, reverse Kaplan–Meier."
    return Table(f"{found.event.capitalize()} per 100 patient-years", columns, tuple(rows), (note,))
