"""Export: slides, report, workbook or analysis file of what is on screen. Asks once who will see it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.analysis.eq5d import index_key
from lib.catalog.spreadsheet import cells_without_formulas
from lib.catalog.value_sets import VALUE_SETS
from lib.cohort.cohort import Cohort
from lib.disclosure.readers import REMARKS, Reader
from lib.importing.columns.roles import columns_to_json
from lib.present.tables.before_after import NAMES
from lib.present.wording import for_markdown, plural
from lib.ui import choices, filters, readers, responder_rule, session
from lib.ui.compare import control
from lib.ui.upload import state

if TYPE_CHECKING:
    from lib.export.options import Options
    from lib.export.presets import Grid
    from lib.report.plan import Choices
    from lib.report.report import Report

_REQUESTED = "_export_asked"


def ask() -> None:
    """Open the dialog on the next run. For use as a callback."""
    st.session_state[_REQUESTED] = True


def show_if_requested(cohort: Cohort) -> None:
    """Draw the dialog when somebody asked for it, or the question who will see a file."""
    if st.session_state.pop(_REQUESTED, False):
        _dialog(cohort)
    else:
        readers.show_if_requested(cohort)


def _report(imported: Cohort, reader: Reader) -> Report:
    from lib.report.report import build_report

    cohort = choices.with_choices(imported)
    selection = filters.selection(cohort)
    analysis = session.analysis(cohort, selection, choices.population())
    many = control.too_many(control.grouping(cohort, selection), cohort)
    chosen = replace(_choices(cohort), turned=choices.turned(), orders=choices.orders(imported))
    measures = list(cohort.measures.values())
    if chosen.value_set and cohort.states:
        measures.append(cohort.measure(index_key(chosen.value_set)))
    follow_up = choices.follow_up(cohort)
    time = follow_up.key if follow_up else ""
    rules = {m.key: responder_rule.current(m, analysis, time) or choices.rule(m) for m in measures}
    return build_report(
        analysis,
        follow_up,
        rules=rules,
        reader=reader,
        comparison=control.comparison(analysis),
        choices=chosen,
        many=many,
    )


def _reliabilities(cohort: Cohort) -> dict[str, float]:
    """Measure key → reliability, of every measure that one was stated for."""
    stated = ((key, responder_rule.reliability(measure)) for key, measure in cohort.measures.items())
    return {key: float(value) for key, value in stated if value is not None}


def _choices(cohort: Cohort) -> Choices:
    """What stands in the controls of the pages, drawn in this session or not; nonsense in an address is no choice."""
    from lib.report.plan import Choices

    state = st.session_state
    test, interval = state.get("choice.test"), state.get("choice.interval")
    numbers, order = state.get("choice.form"), state.get("choice.order")
    value_set = state.get("choice.valueset")
    return Choices(
        test=test if test in NAMES else None,
        interval="clopper-pearson" if interval == "clopper-pearson" else "wilson",
        numbers=numbers if numbers in ("mean (SD)", "median [Q1, Q3]") else "auto",
        over_all=state.get("choice.over") == "all",
        p_values=state.get("choice.p") == "show",
        value_set=str(value_set) if value_set in VALUE_SETS else "",
        order=order if order in ("file", "name") else "agreement",
        adjust=None if not isinstance(state.get("choice.adjust"), str) else state["choice.adjust"],
        center=str(state.get("choice.center") or ""),
        anchor=responder_rule.anchor_text(cohort),
        reliability=_reliabilities(cohort),
        anchor_reliability=responder_rule.stated(responder_rule.OF_ANCHOR),
    )


@st.dialog("Export what is on screen", width="medium", icon=":material/download:")
def _dialog(cohort: Cohort) -> None:
    """Who will see it, what goes in, and one button per format; files are made on the click."""
    seen_by = readers.choose(cohort)
    if seen_by is None:
        st.markdown(":gray[Choose first. Readers outside the department see less.]")
        return
    from lib.export.number_style import STYLES
    from lib.export.options import Options
    from lib.export.presets import FIRST_FORMAT, PRESETS, chosen

    report = _report(cohort, seen_by)
    st.markdown(f":gray[{for_markdown(report.who)}]")
    if report.outside:
        st.markdown(REMARKS[seen_by])
    preset = st.segmented_control("For", PRESETS, default=PRESETS[0], required=True, key="export.preset")
    files, lists = st.container(), st.container()
    with lists:
        with st.expander("Options: author, numbers, template"):
            comma = st.checkbox("Decimal comma", key="export.comma")
            with st.container(horizontal=True):
                author = st.text_input("Author, for the properties of files", key="export.author", max_chars=120)
                style = st.selectbox(
                    "Numbers of the manuscript", STYLES, index=None, key="export.style", placeholder="As on screen"
                )
            template = st.file_uploader(
                "Our own slide template (.pptx, optional)", type=["pptx"], key="export.template"
            )
        with st.expander("What goes on the slides and into the figures for print", expanded=True):
            keys = _figures(report, f"{seen_by.value}.{preset}", set(chosen(report, preset)))
        with st.expander("Methods and results as text"):
            for paragraph in (*report.methods, *report.results):
                st.code(cells_without_formulas(paragraph), language=None, wrap_lines=True)
    named = Options(author=author.strip(), number_style=style or "", decimal_comma=comma)
    with files:
        _buttons(report, keys, replace(named, template=template.getvalue() if template else None), FIRST_FORMAT[preset])


def _figures(report: Report, own: str, wanted: set[str]) -> tuple[str, ...]:
    """The matrix of measures × figures, and a line of chips per subject for the rest; at first as the preset has it."""
    from lib.export.presets import grid

    found = grid(report)
    picked: list[str] = []
    if found.cells:
        picked += _matrix(found, f"export.grid.{own}", wanted)
    of_measures = set(found.cells.values())
    for place, subject in enumerate(dict.fromkeys(item.subject for item in report.items)):
        rest = [item for item in report.items if item.subject == subject and item.key not in of_measures]
        names = {item.key: for_markdown(item.heading) for item in rest}
        if names:
            picked += st.pills(
                subject,
                list(names),
                selection_mode="multi",
                default=[key for key in names if key in wanted],
                format_func=names.__getitem__,
                key=f"export.items.{own}.{place}",
            )
    return tuple(item.key for item in report.items if item.key in picked)


def _matrix(found: Grid, key: str, wanted: set[str]) -> list[str]:
    """A box per figure of a measure."""
    columns = {name: [found.cells[m, kind] in wanted for m, _ in found.measures] for kind, name in found.kinds}
    scores = {"Score": [label for _, label in found.measures]}
    edited: Any = st.data_editor(
        {**scores, **columns},
        key=key,
        hide_index=True,
        disabled=["Score"],
        width="stretch",
        column_config={name: st.column_config.CheckboxColumn(name) for name in columns},
    )
    return [
        found.cells[measure, kind]
        for kind, name in found.kinds
        for (measure, _), ticked in zip(found.measures, edited[name], strict=True)
        if ticked
    ]


def _buttons(report: Report, keys: tuple[str, ...], wanted: Options, first: str) -> None:
    """The format that the preset is for as the one primary button, with its size; the others beside it."""
    from lib.export import FORMATS, NOT_PUBLIC
    from lib.export.pptx.slide_count import count_slides

    imported = state.of_file(report.plan.analysis.cohort.provenance.file_digest)
    agreed = _rows_agreed(report)
    hidden = {"json"} if report.outside else set()
    hidden |= set(NOT_PUBLIC) if report.plan.reader is Reader.PUBLIC else set()
    hidden |= set() if agreed else {"reviewer.zip"}
    offered = sorted((k for k in FORMATS if k.ending not in hidden), key=lambda kind: kind.ending != first)
    st.markdown(
        f":gray[{len(keys)} figures and tables, {plural(count_slides(report, keys), 'slide')} with title and methods.]"
    )
    with st.container(horizontal=True):
        for kind in offered:
            options = replace(
                wanted,
                keys=keys if kind.ending in ("pptx", "figures.zip") else None,
                columns=json.loads(columns_to_json(imported.choice)) if imported else None,
                repairs=tuple(r.to_json() for r in imported.repairs) if imported else (),
                sheet=imported.sheet if imported else "",
                patient_rows=kind.ending == "reviewer.zip",
            )
            st.download_button(
                kind.label,
                data=_maker(report, kind.ending, options),
                file_name=f"{_file_name(report)}.{kind.ending}",
                mime=kind.mime,
                on_click="ignore",
                type="primary" if kind is offered[0] else "secondary",
                key=f"export.{kind.ending}",
            )


def _rows_agreed(report: Report) -> bool:
    """Rows of patients are for the department; for readers outside only after a yes that says what it is."""
    from lib.export.reviewer.archive import WARNING

    if not report.outside:
        return True
    return st.checkbox(f"Offer a zip for the reviewer too. {WARNING}", key="export.rows")


def _file_name(report: Report) -> str:
    """Filter and day in the name, so that two exports can be told apart: "cohortlens-postpartum-2026-11-23"."""
    analysis = report.plan.analysis
    words = "-".join(analysis.selection.describe(analysis.cohort)) or "all"
    safe = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40]
    return f"cohortlens-{safe or 'selection'}-{report.origin.date}"


def _maker(report: Report, ending: str, options: object) -> Callable[[], bytes]:
    """What makes the file when it is asked for; it closes over this run's report, not over the session."""

    def make() -> bytes:
        from lib.export import Options, export

        assert isinstance(options, Options)
        return export(report, ending, options)

    return make
