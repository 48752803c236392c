"""Centers over time in words: describing, never accusing."""

from __future__ import annotations

from lib.analysis.groups.literature import PublishedCohort
from lib.analysis.groups.surveillance import Surveillance, Watched
from lib.analysis.trends import TARGET, Due, Response, Trend
from lib.cohort.measure import Measure
from lib.present.wording import compact, count, number, percent, plural, share, signed
from lib.settings import FEWEST_TO_TEST
from lib.stats.proportions import Proportion
from lib.stats.results import Estimate, NotComputed


def trend_heading(measure: Measure, *, rate: bool) -> str:
    """ "ODI: mean improvement"."""
    return f"{measure.label}: share improved enough" if rate else f"{measure.label}: mean improvement"


def trend_names(mine: str, centers: int) -> tuple[str, str]:
    """My center and "11 others", or "All centers"."""
    return (mine, plural(centers - 1, "other")) if mine else ("All centers" if centers else "All patients", "")


def trend_title(own: Trend, others: Trend | None, measure: Measure, mine: str, *, rate: bool) -> str:
    """ "ODI at Alderwick: improved by 18.4 points, in the other centers by 17.0"."""
    who = mine or "all centers"
    words = f"{measure.label} at {who}: {_overall(own, measure, rate)}"
    if others is not None:
        words += f", in the other centers {_overall(others, measure, rate).removeprefix('improved ')}"
    return words


def _overall(found: Trend, measure: Measure, rate: bool) -> str:
    n = sum(p.n for p in found.periods)
    if not n:
        return "no pair"
    if rate:
        hits = sum(p.value.count for p in found.periods if isinstance(p.value, Proportion))
        return f"{percent(hits, n)} improved enough"
    total = sum(p.n * p.value.value for p in found.periods if isinstance(p.value, Estimate))
    return f"improved by {number(total / n, measure.decimals)} {measure.unit or 'points'}"


def trend_words(own: Trend, measure: Measure, mine: str, *, rate: bool) -> str:
    """The slope per year with its interval, and how many periods are below 60% answered; no verdict."""
    due = [p for p in own.periods if p.due]
    low = sum(1 for p in due if p.answered < TARGET * p.due)
    slope = own.slope
    if isinstance(slope, NotComputed):
        words = f"No slope: {slope.reason}."
    else:
        by = 100 if rate else 1
        d = 1 if rate else measure.decimals
        unit = "percentage points" if rate else measure.unit or "points"
        ends = slope.interval
        sentence = (
            ""
            if isinstance(ends, NotComputed)
            else f" (95% CI {signed(by * ends.low, d)} to {signed(by * ends.high, d)})"
        )
        what = f"{'share' if rate else 'improvement'}{f' at {mine}' if mine else ''}"
        words = f"From year to year of treatment the {what} changed by {signed(by * slope.value, d)} {unit}{sentence}."
    verb = "is" if low == 1 else "are"
    return f"{words} {count(low)} of {plural(len(due), own.unit)} {verb} below 60% answered. Exploratory."


def watch_title(found: Surveillance) -> str:
    """ "Dunmoor: 53 of 118 improved where 68.1 were expected; no limit crossed"."""
    own = found.chosen
    n = len(own.sums.sums)
    crossed = [c.crossed_at for c in (own.fewer, own.more) if not isinstance(c, NotComputed) and c.crossed_at]
    end = f"a limit crossed at patient {count(min(crossed))}" if crossed else "no limit crossed"
    expected = number(own.expected, 1)
    return f"{own.label}: {count(own.improved)} of {count(n)} improved where {expected} were expected; {end}"


def watch_words(found: Surveillance) -> tuple[str, ...]:
    """Where the sum ends, how near the CUSUM came, and what both allow for."""
    own = found.chosen
    last = own.sums.sums[-1]
    where = "outside" if own.sums.outside else "inside"
    lines = [
        f"The sum ends at {signed(last, 1)}, {where} the band of 95% by chance. The band is for one look at the end; "
        "the CUSUM allows for a look after every patient, so the two can disagree. A crossing says that a run is "
        "unlikely by chance, not why."
    ]
    for name, cusum in (("halved", own.fewer), ("doubled", own.more)):
        if isinstance(cusum, NotComputed):
            lines.append(f"CUSUM: {cusum.reason}.")
            break
        lines.append(
            f"CUSUM for odds of improving {name}: largest value {number(cusum.largest, 2)} of "
            f"{number(cusum.limit, 2)} at patient {count(cusum.largest_at)} ({own.days[cusum.largest_at - 1]})."
            f" Limit: 5% of {count(cusum.draws)} "
            f"series of these patients cross it by chance (seed {cusum.seed})."
        )
    lines.append("Exploratory: odds ratio and limits were not set before the first patient.")
    if found.left_out:
        lines.append(f"{plural(found.left_out, 'pair')} without a date of treatment left out.")
    return tuple(lines)


def crossed_words(watched: Watched | None, n: int) -> str:
    """ "within", "crossed at 35", "fewer than 10"."""
    if watched is None:
        return "not looked at" if n >= FEWEST_TO_TEST else f"fewer than {FEWEST_TO_TEST}"
    found = [c for c in (watched.fewer, watched.more) if not isinstance(c, NotComputed)]
    if not found:
        return f"fewer than {FEWEST_TO_TEST}"
    crossed = [c.crossed_at for c in found if c.crossed_at]
    return f"crossed at {count(min(crossed))}" if crossed else "within"


def response_title(found: Response) -> str:
    """ "1 204 of 1 640 due in the last 12 months answered (73.4%)"."""
    due = sum(sum(map(sum, p.due)) for p in found.time_points)
    gone = sum(sum(map(sum, p.missing)) for p in found.time_points)
    if not due:
        return "Nothing fell due in the last 12 months"
    return f"{share(due - gone, due)} of what fell due in 12 months was answered"


def response_heading(point: Due) -> str:
    """ "12 months: 358 of 497 (72.0%) answered"."""
    due, gone = sum(map(sum, point.due)), sum(map(sum, point.missing))
    return f"{point.label}: {share(due - gone, due)} answered" if due else f"{point.label}: nothing due"


def row_numbers(found: Response, mine: str, *, now: bool) -> str:
    """All row numbers to copy, of my center where one is chosen, each once, in the order of the file."""
    rows = {
        row
        for point in found.time_points
        for k, own in enumerate(point.now if now else point.rows)
        for row in own
        if not mine or found.centers[k] == mine
    }
    return ", ".join(str(row) for row in sorted(rows))


def target_line(value: float, *, rate: bool) -> tuple[float, str]:
    """A target as a line over time: percents become shares."""
    return (value / 100, f"target {compact(value)}%") if rate else (value, f"target {compact(value)}")


def published_line(study: PublishedCohort, measure: Measure) -> tuple[float, str]:
    """A published change, turned so that better is up."""
    return measure.sign * float(study.change), study.study
