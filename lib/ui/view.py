"""What a page starts from: the cohort under the filter, the time points, and the calm states when there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from lib.analysis import Analysis
from lib.analysis.comparison import Comparison
from lib.cohort.cohort import Cohort, Occasion
from lib.cohort.grouping import AgainstRest, OfTwo
from lib.cohort.measure import Measure
from lib.cohort.selection import Population, Selection
from lib.present import sentences
from lib.present.chart_data import ChartData
from lib.present.escape import for_markdown
from lib.present.table import chart_table
from lib.present.wording import plural
from lib.ui import chart, choices, compare_control, filters, navigation, saved, session, statement_choices
from lib.ui.cards import card


@dataclass(frozen=True)
class View:
    """One run of a page: who is looked at, and when."""

    cohort: Cohort
    analysis: Analysis
    baseline: Occasion | None
    follow_up: Occasion | None
    compared: Comparison | None = None
    """Set by `about`: every number of the page is of the patients compared, not of the filter."""

    def about(self, comparison: Comparison) -> View:
        """The same view for a page whose every number is of the patients compared."""
        return replace(self, compared=comparison)

    @property
    def time(self) -> str:
        """Key of the follow-up; "" when the file has none."""
        return self.follow_up.key if self.follow_up else ""

    @property
    def occasions(self) -> tuple[str, str]:
        """Labels of both time points, as in the file."""
        return (self.baseline.label if self.baseline else "", self.follow_up.label if self.follow_up else "")

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Measures with a before and an after at this follow-up."""
        return self.cohort.measures_at(self.time) if self.follow_up and self.baseline else ()

    @property
    def anybody_paired(self) -> bool:
        """Whether any patient under the filter has a before and an after of any measure."""
        return any(self.analysis.pairs(m.key, self.time).n for m in self.measures)

    @property
    def comparison(self) -> Comparison | None:
        """The groups of the "Compare by" control, None when nothing is compared."""
        return compare_control.comparison(self)

    @property
    def strip(self) -> str:
        """About whom: filter, operated, analysed, time points."""
        whose, described = self.analysis, self.analysis.selection.describe(self.cohort)
        free = self.compared if self.compared and isinstance(self.compared.grouping, AgainstRest | OfTwo) else None
        if free:
            whose, described = free.all, (free.title,)
        words = sentences.strip(described, whose.flow(self.time), self.occasions)
        if self.analysis.population is Population.ALL:
            words += " · statements and safety over all operated"
        if not free and self.comparison is not None and isinstance(self.comparison.grouping, AgainstRest | OfTwo):
            words += f" · compared: {self.comparison.title}"
        return f"Invented data · {words}" if self.cohort.provenance.synthetic else words


def begin() -> View:
    """First line of every page: the frame is there, a cohort is open, somebody is selected; else the page ends here."""
    navigation.guard()
    cohort = session.cohort()
    if cohort is None:
        _file_is_gone()
        st.stop()
        raise AssertionError("st.stop() ends the run")
    cohort = statement_choices.told(cohort)
    selection = filters.selection(cohort)
    analysis = session.analysis(cohort, selection, choices.population())
    view = View(cohort, analysis, cohort.baseline, choices.follow_up(cohort))
    if not analysis.selected.any():
        heading("No patient matches this filter", view)
        _nobody(cohort, selection)
        st.stop()
    return view


def heading(finding: str, view: View) -> None:
    """The finding as the page's title, and under it about whom."""
    with st.container(key="finding"):
        st.title(for_markdown(finding), anchor=False)
    with st.container(key="strip"):
        st.markdown(f":gray[{for_markdown(view.strip)}]")


def show_chart(
    data: ChartData, figure: dict[str, Any], view: View, *, key: str, on_click: bool = False
) -> chart.ChartEvent | None:
    """Draw a chart with its text alternative, its table, its exported pictures and its slide."""
    return chart.draw(
        figure,
        key=key,
        alt=f"{data.title}. {data.finding}",
        height=int(figure["layout"]["height"]),
        title=data.finding,
        note=view.strip,
        table=chart_table(data),
        file_name=key,
        on_click=on_click,
        slide=saved.chart_slide(data, figure, view),
    )


def nobody_has(view: View, what: str) -> None:
    """The whole page where the filter leaves patients, but none who has what the page is about: why, and what to do."""
    time = f" at {view.follow_up.label}" if view.follow_up else ""
    heading(f"Nobody under this filter has {what}{time}", view)
    with card("nobody_has"):
        selected = view.analysis.flow(view.time).selected
        st.markdown(
            f"{plural(selected, 'patient')} selected, none with {for_markdown(what + time)}. "
            + ("Open the filter, or choose" if not view.analysis.selection.is_empty else "Choose")
            + " another follow-up at the left."
        )
        if not view.analysis.selection.is_empty:
            _ways_back(view.cohort, view.analysis.selection)


def _nobody(cohort: Cohort, selection: Selection) -> None:
    with card("nobody"):
        st.markdown(f"Nobody in this cohort fits all of: **{for_markdown(' · '.join(selection.describe(cohort)))}**.")
        _ways_back(cohort, selection)


def _ways_back(cohort: Cohort, selection: Selection) -> None:
    """One button per filter that would bring somebody back, and one for all."""
    with st.container(horizontal=True):
        for key in selection.columns:
            back = int(selection.without(key).apply(cohort).sum())
            if not back:
                continue
            label = f"Drop {for_markdown(cohort.columns[key].label)}: {plural(back, 'patient')}"
            st.button(label, key=f"drop-{key}", on_click=filters.drop, args=(key,))
        st.button("Reset all filters", key="drop-all", on_click=filters.reset)


def _file_is_gone() -> None:
    st.title("Your file is no longer here", anchor=False)
    with card("gone"):
        st.markdown(
            "An uploaded cohort stays in the memory of one open tab and nowhere else. It was dropped when this page "
            "was reloaded or the connection ended. Open the file again: the filter of this address is kept and "
            "applied to it."
        )
        with st.container(horizontal=True):
            from lib.ui import upload

            st.button("Open my file", key="gone-open", on_click=upload.ask)
            st.button("Use the sample cohort", key="gone-sample", on_click=session.forget)
