"""Compare: groups side by side, and what may be said between them.

What can be compared stands in `lib/ui/compare/cards.py`, the cards in `compare_cards.py`, the tabs in
`compare_tabs.py`.
"""

import streamlit as st

from lib.analysis.groups.centers import is_by_center
from lib.analysis.groups.rates import rate_family
from lib.analysis.groups.scores import score_family
from lib.present.sentences import groups
from lib.settings import FEWEST_CENTERS
from lib.ui import choices
from lib.ui.cards import muted, not_computed
from lib.ui.compare import cards as outcomes
from lib.ui.compare import centers, control, tabs
from lib.ui.compare.cards import show_all, show_rates, show_scores
from lib.ui.page import begin, heading, nobody_has

IMPROVEMENT, TOP_TWO = outcomes.IMPROVEMENT, outcomes.TOP_TWO


def segmented(label, words, key, first):
    """A single choice that is remembered; the first one before anybody chose."""
    if st.session_state.get(key) not in words:
        st.session_state[key] = first
    if len(words) < 2:
        return first
    return st.segmented_control(
        label,
        list(words),
        key=key,
        format_func=words.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )


def choose_kind(kinds, kind):
    """What is compared, and whether one or all of it."""
    with st.container(horizontal=True, key="compare-controls"):
        segmented("Show", kinds, outcomes.KIND, kind)
        return segmented("Layout", outcomes.LAYOUTS, outcomes.LAYOUT, "one")


def family_of(view, comparison, kind, offered):
    """Everything of one kind between the groups, tested as one family; and how many pairs of groups that looks at."""
    if kind == IMPROVEMENT:
        family = score_family(comparison, [k for k, _ in offered], view.time)
        return family, family.size
    family = rate_family(comparison, [(k, outcomes.rates(view, comparison, kind, k)) for k, _ in offered])
    return family, family.size


def title(view, comparison, kind, key, name, family):
    """The finding of the page."""
    if kind == IMPROVEMENT:
        return groups.scores_title(view.cohort.measure(key), comparison, family)
    return groups.rates_title(outcomes.title_of(kind, name), comparison, family, key)


def show(view, comparison, views=None):
    """The whole page for one comparison; `views` draws the choice between groups and centers under the title."""
    kinds = outcomes.kinds_of(view)
    kind = outcomes.chosen_kind(kinds)
    offered = outcomes.offered(view, kind)
    if not outcomes.anybody(view, comparison, kind, offered):
        nobody_has(view, "an answer" if kind == TOP_TWO else "a score both before and after")
        choose_kind(kinds, kind)
        return
    key, name = outcomes.chosen(view, kind, offered)
    family, looks = family_of(view, comparison, kind, offered)
    if outcomes.all_at_once() and len(offered) > 1:
        heading(groups.side_by_side(outcomes.WORDS[kind], comparison, len(offered)), view)
    else:
        heading(title(view, comparison, kind, key, name, family), view)
    if views:
        views(groups=True)
    muted(groups.exploratory(comparison, looks, len(offered), dict(offered).get(family.primary, "")))
    layout = choose_kind(kinds, kind)
    if not comparison.within_only:
        with st.container(horizontal=True, key="compare-against"):
            control.choose_against(comparison, {m.key: m.label for m in view.measures})
    if layout == "all":
        show_all(view, comparison, kind, offered)
        return
    outcomes.choose(view, kind, offered)
    if kind == IMPROVEMENT:
        show_scores(view, comparison, key, name, family)
    else:
        show_rates(view, comparison, kind, key, name, family)
    if view.measures:
        tabs.show(view, comparison, outcomes.measure_of(view, kind, key) or choices.chosen_measure(view.measures))


view = begin()
many = control.many(view.analysis)
comparison = None if many else control.comparison_or_default(view.analysis)
if comparison is None and many is None:
    heading("Nothing to compare by in this file", view)
    not_computed("the file has no column with two or more groups", "none")
elif not view.measures and not outcomes.answered_statements(view):
    heading("Nothing to compare in this file", view)
    not_computed("the file has no score before and after, and no statement", "none")
elif many:
    if view.measures:
        centers.show(view, many)
    else:
        heading("More than 12 groups, and no score before and after", view)
        not_computed("above 12 groups only scores are compared, center by center", "none")
elif view.measures and is_by_center(comparison) and len(comparison.every) >= FEWEST_CENTERS:
    view = view.about(comparison)
    if centers.is_open():
        centers.show(view, comparison.grouping, comparison)
    else:
        show(view, comparison, centers.choose)
else:
    show(view.about(comparison), comparison)
