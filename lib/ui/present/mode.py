"""Present mode: the talk, one finding at a time, for a projector, moved by the keys, a clicker or a click.

The filter stays live: one menu narrows everything to one etiology, one key brings all patients back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.analysis.groups.comparison import compare, with_patients
from lib.cohort.cohort import Category, Cohort
from lib.disclosure.readers import Reader
from lib.present import slide_html
from lib.present.charts.outcome_bars import outcome_figure
from lib.present.table import chart_table
from lib.present.tables.data_check import still_open
from lib.present.theme import PROJECTOR, group_styles
from lib.present.wording import NBSP, count, for_markdown, plural
from lib.settings import FEWEST_TO_TEST
from lib.ui import chart, choices, filters, readers, session, style
from lib.ui.compare import control

if TYPE_CHECKING:
    from lib.report.plan import Item
    from lib.report.report import Report
    from lib.report.talk import Slide

ON = "choice.present"
_PLACE = "_present_place"
_BLACK = "_present_black"
HEIGHT = 476
KEY = 48
MOST_GROUPS = 40
_LINE = 56
"""Letters that surely fit one line of a title: half of `LETTERS`."""
SUBJECTS, NAME = "choice.talk", "choice.talk_name"
"""What to show, in order, and the talk's name: of the session."""


def active() -> bool:
    """Whether the screen is a projector's."""
    return st.session_state.get(ON) == "on"


def start() -> None:
    """Begin with the first finding. For use as a callback."""
    st.session_state[ON] = "on"
    st.session_state.pop(_PLACE, None)


def stop() -> None:
    """Back to the pages, whose filter is drawn anew and must be told what is chosen. For use as a callback."""
    filters.keep()
    st.session_state.pop(ON, None)
    st.session_state.pop(_BLACK, None)


def show(cohort: Cohort) -> None:
    """The whole screen: title, strip, one chart or table, and the keys."""
    # here: what only a report needs would delay the first page of every session
    from lib.report.report import build_report
    from lib.report.talk import talk

    filters.keep()
    cohort = choices.with_choices(cohort)
    selection = filters.selection(cohort)
    analysis = session.analysis(cohort, selection, choices.population())
    rules = {m.key: choices.rule(m) for m in cohort.measures.values()}
    grouping = control.grouping(cohort, selection)
    many = control.too_many(grouping, cohort)
    compared = None if grouping is None or many is not None else with_patients(compare(analysis, grouping))
    reader = readers.chosen(cohort) or Reader.DEPARTMENT
    report = build_report(
        analysis, choices.follow_up(cohort), rules=rules, reader=reader, comparison=compared, many=many
    )
    wanted = st.session_state.get(SUBJECTS)
    found = talk(report, wanted, st.session_state.get(NAME) or "") if analysis.selected.any() else ()
    keys = [slide.key for slide in found]
    place = _place(keys)
    # the pages' sidebar would stay, empty, until the next click
    style.present()
    with st.container(key="present"):
        if found:
            slide = found[place]
            st.title(for_markdown(_two_lines(slide.title)), anchor=False)
            st.markdown(f":gray[{for_markdown(slide.evidence)}]")
            with st.container(height=HEIGHT + 8, border=False, key="present_stage"):
                _stage(slide, report)
        else:
            st.title("Nothing to show for this filter", anchor=False)
            st.markdown(f":gray[{for_markdown(' · '.join(selection.describe(cohort)) or 'All patients')}]")
        column = _filtered_by(cohort)
        _keys(cohort, column, place, keys, _about(report, found[place] if found else None, column))


def _two_lines(title: str) -> str:
    """The finding, no longer than two lines, broken between clauses where each fits a line and never inside "20 of
    29": clauses that do not fit are left to the pages."""
    from lib.report.talk import LETTERS

    clauses = title.split("; ")
    while len(clauses) > 1 and len("; ".join(clauses)) > LETTERS:
        clauses.pop()
    if len(clauses) > 1 and all(len(clause) <= _LINE for clause in clauses) and _lines(clauses) <= 2:
        clauses = [clause.replace(" ", NBSP) for clause in clauses]
    whole = re.sub(r" (of|to) (?=\d)", rf"{NBSP}\1{NBSP}", "; ".join(clauses))
    return re.sub(r"-(?=\d)", "-\u2060", whole)


def _lines(clauses: list[str]) -> int:
    """How many lines of a title whole clauses take."""
    lines, room = 1, _LINE
    for clause in clauses:
        if len(clause) > room:
            lines, room = lines + 1, _LINE
        room -= len(clause) + 2
    return lines


def _place(keys: list[str]) -> int:
    """Where the finding shown last stands now: by its key, or where it stood when there is none such any more."""
    place, key = st.session_state.get(_PLACE) or (0, "")
    place = keys.index(key) if key in keys else min(max(place, 0), max(len(keys) - 1, 0))
    st.session_state[_PLACE] = (place, keys[place] if keys else key)
    return int(place)


def _filtered_by(cohort: Cohort) -> Category | None:
    """The column that the menu at the foot filters by: etiology, else the first category."""
    found = next((c for c in cohort.categories() if c.role == "etiology"), None)
    return found or next(iter(cohort.categories()), None)


def _about(report: Report, slide: Slide | None, column: Category | None) -> str:
    """About whom, for the foot of the slide, without what the menu beside it says; the finding's own n where it is
    another and the title does not say it."""
    if report.plan.reader is Reader.PUBLIC:
        return report.who
    analysis = report.plan.analysis
    flow = analysis.flow(report.plan.time)
    known = flow.analysed_selected
    due = f"{count(flow.due)} due" if flow.due < flow.selected else count(flow.selected)
    who = plural(flow.selected, "patient") if known is None else f"{count(known)} of {due} analysed"
    parts, title = (slide.parts, slide.title) if slide is not None else ((), "")
    own = next((i.n for i in parts if i.n is not None and i.n not in (known, flow.selected, flow.due)), None)
    own = None if own is not None and f"of {count(own)}" in title.replace(NBSP, " ") else own
    selection = analysis.selection
    described = zip(selection.columns, selection.describe(analysis.cohort), strict=True)
    others = [words for key, words in described if column is None or key != column.key]
    words = (*(("All patients",) if selection.is_empty else others), who)
    words = words if own is None else (*words, f"n = {count(own)}")
    words = (*words, *(("Invented data",) if report.origin.synthetic else ()))
    return " · ".join(words) + still_open(analysis.cohort.provenance)


_WIDTHS = {"means": 4, "improvements": 7, "flow": 4}
"""Of figures that share a slide."""
_FULL = PROJECTOR.width


def _stage(slide: Slide, report: Report) -> None:
    """The parts side by side, each as high as the stage whatever it shows, so that nothing moves with the filter."""
    if slide.subject == "title":
        flow = next((item for item in report.items if item.key.startswith("flow:") and item.chart), None)
        if flow is not None and flow.chart is not None:
            st.html(slide_html.title_dots(flow.chart))
        return
    shares = [_WIDTHS.get(part.figure, 5) for part in slide.parts]
    columns = st.columns(shares, gap="large") if len(shares) > 1 else [st.container()]
    heads = [head.split("\n") for head in slide.heads]
    lines = max((len(head) for head in heads), default=0)
    for k, (column, part) in enumerate(zip(columns, slide.parts, strict=True)):
        with column:
            if heads:
                name, *under = heads[k]
                # as many lines as its neighbour, so that both charts begin at one height
                under += [NBSP] * (lines - len(heads[k]))
                st.markdown("  \n".join((f"**{for_markdown(name)}**", *(f":gray[{for_markdown(u)}]" for u in under))))
            _part(part, report, shares[k] / sum(shares), HEIGHT - lines * KEY, k)


def _part(item: Item, report: Report, share: float, height: int, place: int) -> None:
    rows = "" if report.plan.reader is Reader.PUBLIC else _rows(item, report)
    if rows:
        st.html(rows)
    elif item.chart is not None and item.figure:
        spare = item.chart.x.title if share < 1 and item.chart.x is not None else ""
        chart.draw(
            _fitted(_drawn(item, report), height, spare),
            key=f"present_chart{place or ''}",
            alt=f"{item.heading}. {item.finding}",
            height=height,
            title=item.finding,
            note=report.who,
            table=chart_table(item.chart),
            file_name=item.key.replace(":", "-"),
            least_width=round(_FULL * share) - 40 * (share < 1),
        )
    elif item.table is not None:
        plain = report.plan.reader is Reader.PUBLIC
        st.html(slide_html.plain(item.table) if plain else slide_html.facts(item.table))


def _drawn(item: Item, report: Report) -> dict[str, Any]:
    """The figure of a report, here with the groups' own colours and the count below zero."""
    from lib.present.charts.forest import forest_figure, largest_rows
    from lib.report.figures import draw, from_afar
    from lib.report.items.responders import worse_than_before
    from lib.report.talk import MOST_OF_FOREST

    assert item.chart is not None
    if item.figure == "forest" and report.plan.comparison is not None:
        pair = _of_two(item, report)
        if pair is not None:
            return pair
        return from_afar(
            forest_figure(largest_rows(item.chart, MOST_OF_FOREST), group_styles(report.plan.comparison), PROJECTOR),
            PROJECTOR,
        )
    if item.figure == "outcomes" and not report.outside:
        return from_afar(outcome_figure(item.chart, PROJECTOR, worse=worse_than_before(report.plan)), PROJECTOR)
    return draw(item.figure, item.chart, item.decimals, PROJECTOR)


def _of_two(item: Item, report: Report) -> dict[str, Any] | None:
    """The comparison of two groups with their patients and the difference; None where a row per group says it."""
    from lib.analysis.groups.scores import score_family
    from lib.present.charts.two_groups import difference_of, two_groups_figure
    from lib.present.sentences.leading import leads

    plan, key = report.plan, item.key.partition(":")[2]
    comparison = plan.comparison
    if comparison is None or item.chart is None or len(comparison.groups) != 2 or report.outside:
        return None
    measure = next(m for m in plan.measures if m.key == key)
    if leads(comparison, measure, plan.time, plan.choices.test) == "counts":
        return None  # shares have another axis than differences
    family = score_family(comparison, [m.key for m in plan.measures], plan.time, confidence=plan.confidence)
    difference = difference_of(family.of(key), measure)
    return two_groups_figure(item.chart, comparison, key, plan.time, difference, group_styles(comparison))


def _rows(item: Item, report: Report) -> str:
    """Pictures that are rows of words and bars; "" for those that are figures."""
    from lib.report.items.responders import worse_than_before

    if item.key == "table_1" and item.table is not None:
        return slide_html.facts(item.table)
    if item.chart is None:
        return ""
    if item.figure == "statements":
        rows = slide_html.statement_rows(item.chart)
        levels = [s.name for s in item.chart.series if s.role.startswith("level:")]
        return slide_html.bars(rows, ("agree", "95% CI"), (levels[-1], levels[0]))
    if item.figure == "outcomes" and item.chart.n < FEWEST_TO_TEST and not report.outside:
        return slide_html.responders(item.chart, worse_than_before(report.plan))
    if item.figure == "eq5d_dimensions" and item.table is not None:
        return slide_html.bars(slide_html.dimension_rows(item.table), ("p",), ("better", "worse"))
    if item.figure == "flow":
        return slide_html.flow(item.chart)
    return slide_html.events(item.chart) if item.figure == "event_bars" else ""


def _fitted(figure: dict[str, Any], height: int, spare: str) -> dict[str, Any]:
    """The height of the stage whatever the figure's own, the width is the screen's; on half of it without the words
    `spare`, and with room at the left for those that end at a line."""
    layout = {**figure["layout"], "height": height}
    layout.pop("width", None)
    if spare:
        margin = layout.get("margin", {})
        left = max(float(margin.get("l", 0)), 2 * KEY)
        layout["margin"] = {**margin, "l": left}
        # what stands above the plot has the whole width
        away = {"left": left, "center": left / 2}
        layout["annotations"] = [
            note | {"xshift": -away[note["xanchor"]]}
            if note.get("yref") == "paper"
            and note.get("y") == 1
            and note.get("xanchor") in away
            and "x" in note
            and note.get("xref") == "paper"
            else note
            for note in layout.get("annotations", ())
            if note.get("text") != spare
        ]
    return {"data": figure["data"], "layout": layout}


def _keys(cohort: Cohort, column: Category | None, place: int, keys: list[str], about: str) -> None:
    """The filter and about whom at the left, the place at the right. Buttons to move with show under the pointer and
    the focus only; the clicker's keys have buttons of their own, out of sight."""
    total = len(keys)
    with st.container(horizontal=True, key="present_keys", vertical_alignment="center"):
        if column is not None:
            _filter_buttons(cohort, column)
        st.markdown(f":gray[{for_markdown(about)}]", width="content")
        with st.container(horizontal=True, key="present_move", vertical_alignment="center", width="content"):
            st.button("Back", key="present_back", shortcut="Left", on_click=_move, args=(-1, keys), disabled=place == 0)
            last = place + 1 >= total
            st.button("Next", key="present_next", shortcut="Right", on_click=_move, args=(1, keys), disabled=last)
            st.button("End", key="present_end", shortcut="Esc", on_click=stop)
            _what_to_show(cohort)
        st.markdown(f":gray[{count(place + 1 if total else 0)} / {count(total)}]", width="content")
    with st.container(key="clicker"):
        st.button("Previous finding", key="present_up", shortcut="PageUp", on_click=_move, args=(-1, keys))
        st.button("Next finding", key="present_down", shortcut="PageDown", on_click=_move, args=(1, keys))
        st.button("Next", key="present_space", shortcut="Space", on_click=_move, args=(1, keys))
        st.button("First finding", key="present_home", shortcut="Home", on_click=_move, args=(-total, keys))
        st.button("Last finding", key="present_last", shortcut="End", on_click=_move, args=(total, keys))
        st.button("Black", key="present_black", shortcut="B", on_click=_black)
    if st.session_state.get(_BLACK):
        st.html("<div class='black'></div>")


def _what_to_show(cohort: Cohort) -> None:
    from lib.report.talk import SUBJECTS as NAMES

    with st.popover("What to show", key="present_what"):
        readers.choose(cohort, "present.readers")
        st.text_input("Name of the talk", key=NAME, placeholder="As the cohort is called")
        st.session_state.setdefault(SUBJECTS, list(NAMES))
        st.multiselect("Slides, in the order you choose them", list(NAMES), format_func=NAMES.__getitem__, key=SUBJECTS)


def _filter_buttons(cohort: Cohort, column: Category) -> None:
    key = filters.key_of(column.key)
    chosen = st.session_state.get(key) or []
    # a menu, not a list to choose from: it gives the arrow keys back once it is closed
    st.menu_button(
        for_markdown(" or ".join(chosen) if chosen else f"Only one {column.label.lower()}"),
        list(column.labels)[:MOST_GROUPS],
        key="present_filter",
        format_func=for_markdown,
        on_click=_only,
        args=(key,),
    )
    if chosen:
        st.button("A: all", key="present_all", shortcut="A", on_click=filters.drop, args=(column.key,))


def _only(key: str) -> None:
    chosen = st.session_state.get("present_filter")
    if chosen:
        st.session_state[key] = [chosen]


def _black() -> None:
    st.session_state[_BLACK] = not st.session_state.get(_BLACK)


def _move(by: int, keys: list[str]) -> None:
    st.session_state.pop(_BLACK, None)
    place, _ = st.session_state.get(_PLACE) or (0, "")
    place = min(max(place + by, 0), max(len(keys) - 1, 0))
    st.session_state[_PLACE] = (place, keys[place] if keys else "")
