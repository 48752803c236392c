"""The controls that say when a patient counts as a responder: the kind of rule, its slider and its published values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import streamlit as st

from lib.analysis import Analysis
from lib.analysis.mcid import Anchor, anchors, is_rating_of_change, reliable_rule, smallest_improved
from lib.catalog.thresholds import Threshold, reliabilities
from lib.cohort.cohort import Cohort
from lib.cohort.measure import Measure
from lib.present.charts.threshold_axis import ThresholdScale, percent_scale, published, state_scale, threshold_scale
from lib.present.sentences.responders import rule_source, source_words
from lib.present.wording import compact, for_markdown, plural
from lib.stats.responders import Rule, RuleKind
from lib.stats.results import NotComputed
from lib.ui import choices
from lib.ui.cards import muted
from lib.ui.view import View

KIND = "choice.kind"
KINDS: dict[RuleKind, str] = {
    "absolute": "Points",
    "percent": "Percent of baseline",
    "state": "Reaching a state",
    "change and state": "Change and state",
    "reliable": "Beyond measurement error",
}
RELIABILITIES = {"retest": "test–retest", "alpha": "internal consistency (alpha)"}
"""The first is the one to prefer: change over time is what is judged."""


def kind(measure: Measure) -> RuleKind:
    """The chosen kind; percent is not offered where the scale goes below 0."""
    wanted = st.session_state.get(KIND, "absolute")
    return wanted if wanted in offered(measure) else "absolute"


def offered(measure: Measure) -> tuple[RuleKind, ...]:
    """Kinds that make sense on this scale."""
    kinds: list[RuleKind] = ["absolute", "reliable"]
    if measure.low is not None and measure.low >= 0:
        kinds.append("percent")
    if measure.low is not None and measure.high is not None:
        kinds += ["state", "change and state"]
    return tuple(kinds)


def current(measure: Measure, analysis: Analysis, follow_up: str) -> Rule | None:
    """The rule as the controls stand, also before they were drawn; None while a value it needs was never chosen.

    Nothing is published for many measures, and a value of our own invention must not become a finding.
    """
    chosen = kind(measure)
    change = state = None
    if chosen == "reliable":
        stated = reliability(measure)
        if stated is None or not follow_up:
            return None
        found = reliable_rule(analysis, measure.key, follow_up, stated, _reliability_source(measure))
        return None if isinstance(found, NotComputed) else found
    if chosen == "percent":
        change = _value(f"choice.p.{measure.key}", percent_scale(), _first(measure, "percent"))
    if chosen in ("absolute", "change and state"):
        change = _value(choices.threshold_key(measure), threshold_scale(measure), _first(measure, "absolute"))
    if chosen in ("state", "change and state"):
        state = _value(f"choice.s.{measure.key}", state_scale(measure), _first(measure, "state"))
    if (change is None and chosen != "state") or (state is None and chosen in ("state", "change and state")):
        return None
    return Rule(chosen, threshold=change, state=state)


def choose_kind(measure: Measure) -> None:
    """The switch between the kinds of rule."""
    kinds = offered(measure)
    st.session_state[KIND] = kind(measure)
    if len(kinds) == 1:  # nothing to choose: the slider under it says what counts
        return
    st.segmented_control(
        "A patient counts as improved by",
        list(kinds),
        key=KIND,
        format_func=KINDS.__getitem__,
        required=True,
        persist_state="session",
    )


def choose_values(measure: Measure) -> None:
    """The sliders of the chosen kind, the published values as buttons beside each."""
    chosen = kind(measure)
    unit = f" ({measure.unit})" if measure.unit else ""
    if chosen == "percent":
        _slider(
            "Smallest improvement, percent of baseline", f"choice.p.{measure.key}", percent_scale(), measure, "percent"
        )
    if chosen in ("absolute", "change and state"):
        label = f"Smallest improvement that counts{unit}"
        _slider(label, choices.threshold_key(measure), threshold_scale(measure), measure, "absolute")
    if chosen == "reliable":
        choose_reliability(measure)
    if chosen in ("state", "change and state"):
        side = "At least" if measure.higher_is_better else "At most"
        _slider(f"{side}, at follow-up{unit}", f"choice.s.{measure.key}", state_scale(measure), measure, "state")


def source_line(measure: Measure, rule: Rule | None) -> None:
    """Under the controls: where the number comes from, and the remark that belongs beside it."""
    if rule is not None:
        words = rule_source(measure, rule)
        muted(f"{words[:1].upper()}{words[1:]}.")


# The reliability of a measure: stated by the user, for the rule beyond measurement error and for SEM and MDC.


def reliability(measure: Measure) -> Decimal | None:
    """The coefficient that was stated for this measure; None before: there is no default."""
    stored = st.session_state.get(f"choice.r.{measure.key}")
    try:
        value = None if stored is None else Decimal(str(stored))
    except ArithmeticError:
        return None
    return value if value is not None and 0 <= value <= 1 else None


def _reliability_kind(measure: Measure) -> str:
    wanted = st.session_state.get(f"choice.rk.{measure.key}")
    return wanted if wanted in RELIABILITIES else next(iter(RELIABILITIES))


def _reliability_source(measure: Measure) -> str:
    stated = reliability(measure)
    published = next((r for r in reliabilities(measure.instrument or "") if r.value == stated), None)
    if published is not None:
        return published.source
    return f"{stated} stated by the user, {RELIABILITIES[_reliability_kind(measure)]}"


def choose_reliability(measure: Measure) -> None:
    """The coefficient and its kind; empty at first."""
    key, of_kind = f"choice.r.{measure.key}", f"choice.rk.{measure.key}"
    stated = reliability(measure)
    st.session_state[key] = None if stated is None else float(stated)
    st.session_state[of_kind] = _reliability_kind(measure)
    offered = reliabilities(measure.instrument or "")
    if offered:
        with st.container(horizontal=True, gap="small"):
            for place, found in enumerate(offered):
                st.button(
                    f"{found.value} {found.kind}",
                    key=f"reliability_{measure.key}_{place}",
                    type="tertiary",
                    help=for_markdown(f"{found.population}; {found.citation}"),
                    on_click=_set,
                    args=(key, float(found.value)),
                )
    left, right = st.columns(2)
    with left:
        st.number_input(
            for_markdown(f"Reliability of {measure.label}, 0 to 1"),
            min_value=0.0,
            max_value=1.0,
            step=0.01,
            key=key,
            placeholder="State it",
            help="From the publication that measured it in patients like these. There is no default: measurement "
            "error cannot be known without it.",
            persist_state="session",
        )
    with right:
        st.selectbox("Kind", list(RELIABILITIES), key=of_kind, format_func=RELIABILITIES.__getitem__)


def _slider(label: str, key: str, scale: ThresholdScale, measure: Measure, of_kind: str) -> None:
    cast: Callable[[Decimal], float] = int if scale.whole else float
    value = _value(key, scale, _first(measure, of_kind))
    if value is None:
        _ask_first(label, key, scale, cast)
        return
    st.session_state[key] = cast(value)
    _published_buttons(key, scale, measure, of_kind)
    exponent = scale.step.normalize().as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    st.slider(
        for_markdown(label),
        cast(scale.low),
        cast(scale.high),
        step=cast(scale.step),
        key=key,
        format=f"%.{digits}f",
        persist_state="session",
    )


def _published_buttons(key: str, scale: ThresholdScale, measure: Measure, of_kind: str) -> None:
    """One button per published value; sources that agree share it, all of them in its tip."""
    by_value: dict[Decimal, list[Threshold]] = {}
    for threshold in published(measure, of_kind):
        if scale.low <= threshold.value <= scale.high:
            by_value.setdefault(threshold.value, []).append(threshold)
    if not by_value:
        return
    cast: Callable[[Decimal], float] = int if scale.whole else float
    with st.container(horizontal=True, key=f"published_{of_kind}", gap="small"):
        for place, (value, sources) in enumerate(by_value.items()):
            more = f" and {plural(len(sources) - 1, 'other')}" if len(sources) > 1 else ""
            name = for_markdown(f"{compact(value)} {sources[0].name}{more}")
            st.button(
                f"**{name}**" if cast(value) == st.session_state[key] else name,
                key=f"published_{of_kind}_{measure.key}_{place}",
                type="tertiary",
                help="\n\n".join(for_markdown(f"{t.name}: {source_words(t)}") for t in sources),
                on_click=_set,
                args=(key, cast(value)),
            )


def _first(measure: Measure, of_kind: str) -> Decimal | None:
    return next((t.value for t in published(measure, of_kind)), None)


def _value(key: str, scale: ThresholdScale, default: Decimal | None) -> Decimal | None:
    """What the slider holds, inside its ends; before anybody moved it the published default, None without one."""
    stored = st.session_state.get(key)
    value = default
    if stored is not None:
        try:
            value = Decimal(str(stored))
        except ArithmeticError:
            value = default
    if value is None or not value.is_finite():
        value = default
    return None if value is None else min(max(value, scale.low), scale.high)


def _ask_first(label: str, key: str, scale: ThresholdScale, cast: Callable[[Decimal], float]) -> None:
    """Where nothing is published the user says the value first; then the slider takes over."""
    widget_key = f"first.{key}"
    st.number_input(
        for_markdown(f"{label}: nothing is published for this measure, please choose"),
        min_value=cast(scale.low),
        max_value=cast(scale.high),
        value=None,
        step=cast(scale.step),
        key=widget_key,
        placeholder="Choose a value",
        on_change=_take,
        args=(widget_key, key),
    )


def _take(widget_key: str, key: str) -> None:
    value = st.session_state.get(widget_key)
    if value is not None:
        st.session_state[key] = value


def _set(key: str, value: float) -> None:
    st.session_state[key] = value


# The anchor question and its "just improved" answers, and its reliability: all asked, nothing chosen beforehand.

STATEMENT, LEVELS = "choice.anchor", "anchor_levels_"
OF_ANCHOR = "anchor_own_reliability"


def anchor_of(view: View) -> Anchor | None:
    """The anchor as chosen so far, None while the question or its levels are open."""
    widget_key = {s.key: s for s in anchors(view.analysis, view.time)}
    statement = widget_key.get(st.session_state.get(STATEMENT) or "")
    if statement is None:
        return None
    chosen = st.session_state.get(f"{LEVELS}{statement.key}", list(smallest_improved(statement)))
    return Anchor(statement.key, tuple(sorted(chosen))) if chosen else None


def choose(view: View) -> Anchor | None:
    """Draw both controls; None when no statement was asked at this time point, or nobody has chosen yet."""
    widget_key = {s.key: s for s in anchors(view.analysis, view.time)}
    if not widget_key:
        return None
    if st.session_state.get(STATEMENT) not in widget_key:
        st.session_state[STATEMENT] = None
    st.selectbox(
        "Anchor question: which answer says whether a patient improved?",
        list(widget_key),
        index=None,
        key=STATEMENT,
        format_func=lambda key: for_markdown(widget_key[key].label),
        placeholder="Choose the question",
        help="A global rating of change says it itself; satisfaction is about more than change.",
        persist_state="session",
    )
    if st.session_state[STATEMENT] is None:
        return None
    statement = widget_key[st.session_state[STATEMENT]]
    key = f"{LEVELS}{statement.key}"
    st.session_state.setdefault(key, list(smallest_improved(statement)))
    st.pills(
        "Answers that mean just improved: the smallest improved level",
        list(range(len(statement.levels))),
        selection_mode="multi",
        key=key,
        format_func=lambda k: for_markdown(statement.levels[k]),
        persist_state="session",
    )
    if not is_rating_of_change(statement):
        muted("This is no rating of change: patients may be satisfied without being better, and the other way round.")
    return anchor_of(view)


def anchor_reliability() -> float | None:
    """Reliability of the anchor, None until the user states one."""
    st.session_state.setdefault(OF_ANCHOR, None)
    st.number_input(
        "Reliability R of the anchor",
        min_value=0.3,
        max_value=0.99,
        step=0.01,
        key=OF_ANCHOR,
        placeholder="state it from a source",
        persist_state="session",
    )
    return stated(OF_ANCHOR)


def stated(key: str) -> float | None:
    """A reliability as stated so far."""
    value = st.session_state.get(key)
    return float(value) if isinstance(value, int | float) else None


def anchor_text(cohort: Cohort) -> str:
    """The anchor as a report names it, "global_change=4"; "" while it is open. Drawn in this session or not."""
    statement = cohort.statements.get(str(st.session_state.get(STATEMENT) or ""))
    if statement is None:
        return ""
    levels = st.session_state.get(f"{LEVELS}{statement.key}", list(smallest_improved(statement)))
    return f"{statement.key}={'+'.join(str(k) for k in sorted(levels))}" if levels else ""
