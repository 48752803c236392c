"""docs/instruments.md: what the catalogue knows about every instrument, with its sources; no wording of any item."""

from __future__ import annotations

from collections.abc import Iterator

from lib.catalog.instruments import INSTRUMENTS, Instrument
from lib.catalog.norms import MISSING_NORMS, Norm, norms, norms_not_here
from lib.catalog.scoring import Questionnaire, ScaleRule, questionnaires
from lib.catalog.thresholds import THRESHOLDS, Threshold, reliabilities
from lib.catalog.value_sets import VALUE_SETS, ValueSet, sets_of, value_set

_HEAD = """# Instruments

<!-- Written by `python -m lib.present.guide` from lib/catalog/data; change the records there. -->

What CohortLens knows about every score by name: range, direction, published thresholds with population and source, and
how it comes from its answers. No wording of any item is stored: rules only. Where an owner asks for a licence, that is
for *using* the questionnaire; ask the owner. What could not be confirmed is blank, and is asked when a file is
opened."""


def instruments_page() -> str:
    """The whole document."""
    parts = [_HEAD]
    parts += ["\n".join(facts(found.key, heading="### ")) for found in INSTRUMENTS.values()]
    parts.append(f"## Norms that are not here\n\n{MISSING_NORMS}")
    parts.append("## EQ-5D value sets")
    for title, sets in (("EQ-5D-3L", VALUE_SETS), ("EQ-5D-5L", sets_of("5L")), ("EQ-5D-Y-3L", sets_of("Y-3L"))):
        parts.append(f"### {title}\n\n" + "\n".join(_set_line(found) for found in sets.values()))
    return "\n\n".join(parts) + "\n"


def facts(key: str, heading: str = "") -> Iterator[str]:
    """Lines about one instrument, for the document and for the dialog. Raises KeyError for an unknown one."""
    found = INSTRUMENTS[key]
    if heading:
        yield f"{heading}{found.names['en']}"
        yield ""
    yield f"- Short name: {found.short}. In Dutch: {found.names['nl']}. In German: {found.names['de']}."
    yield f"- Range: {_range(found)}; {'higher' if found.higher_is_better else 'lower'} is better."
    if found.norm is not None:
        yield f"- Norm: {found.norm} is the mean and 10 the SD of the reference population."
    yield from (_norm(norm) for norm in norms() if norm.instrument == key)
    if not_here := norms_not_here(key):
        yield f"- {not_here}."
    if found.note:
        yield f"- {found.note}."
    yield f"- Source: {found.citation}."
    of_instrument = [t for t in THRESHOLDS if t.instrument == key]
    yield from (_threshold(t) for t in of_instrument)
    if not of_instrument:
        yield "- Threshold: none confirmed; the smallest improvement that counts is asked."
    for r in reliabilities(key):
        yield f"- Reliability ({r.kind}): {r.value}; {r.population}. {r.citation}."
    for rules, scale in _scorings(key):
        answers = len(scale.items) or len(rules.items)
        yield f"- Scored from {answers} answers ({rules.name}): {rules.missing}. {rules.citation}."
    if found.licence:
        yield f"- Licence: {found.licence}."


def _range(found: Instrument) -> str:
    return ", or ".join(f"{low} to {high}" for low, high in found.scales)


def _norm(norm: Norm) -> str:
    ages = min(low for low, *_ in norm.bands), max(high for _, high, *_ in norm.bands)
    under = f", under {value_set(norm.value_set).label}" if norm.value_set else ""
    return f"- Norm by age and sex: {norm.country}{under}, {ages[0]} to {ages[1]} years. {norm.source}."


def _threshold(t: Threshold) -> str:
    kind = {"absolute": "smallest improvement", "percent": "improvement of the baseline", "state": "acceptable state"}
    unit = "%" if t.unit == "%" else f" {t.unit}"
    scale = f" on {t.scale_low} to {t.scale_high}" if t.scale_low is not None else ""
    note = f" {t.note}." if t.note else ""
    return f"- Threshold, {kind[t.kind]}: {t.value}{unit}{scale}; {t.population}. {t.citation}.{note}"


def _scorings(key: str) -> Iterator[tuple[Questionnaire, ScaleRule]]:
    for rules in questionnaires().values():
        found = [scale for scale in rules.scales if scale.instrument == key and scale.offered]
        if found:  # the last of several is the total, the others its parts
            yield rules, found[-1]


def _set_line(found: ValueSet) -> str:
    caution = f" {found.caution}" if found.caution else ""
    return f"- {found.label}: {found.citation or 'no source is on file'}.{caution}"
