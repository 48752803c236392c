"""How the cost of an analysis grows with the number of patients: time and memory per stage, 10³ to 10⁶ patients.

    python bench/scale.py [--sizes 1000,10000,100000,1000000] [--fine]

Each size runs in a process of its own, on a made-up cohort in memory. A stage is what a page does between a click on a
filter and its numbers: the filter to a mask, the pairs, the paired tests, the responders, the curve, the statements,
and the figures with their bytes. The analysis is a new one each time, so nothing is remembered from an earlier stage
but the counts that belong to the cohort (made once a file, shown as "first look"). `--fine` gives pain 100,001 distinct
values, the worst case for tests on ranks. Median of three; "× a tenfold" is the time over that of a tenth of the
patients, which n log n allows to be about 12 to 13.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
CHARTS = ("mini", "lines", "improvements", "curve", "scatter", "waterfall", "likert")


def stages(cohort: Any, analysis: Any) -> dict[str, Callable[[], object]]:
    """Name → what is done, in the order of a page; later stages stand on the earlier ones."""
    from bench.made_up import YEAR
    from lib.analysis import default_rule
    from lib.stats.responders import Rule

    measures = cohort.measures_at(YEAR)
    rules = {m.key: default_rule(m) or Rule("absolute", threshold=(m.high - m.low) / 5) for m in measures}
    column = cohort.categories()[0].key
    return {
        "filter": lambda: (analysis.selected, analysis.people(YEAR), analysis.flow(YEAR)),
        "counts beside the chips": lambda: [analysis.selection.counts(cohort, c.key) for c in cohort.categories()],
        "pairs": lambda: [analysis.pairs(m.key, YEAR) for m in measures],
        "paired tests": lambda: [analysis.paired(m.key, YEAR) for m in measures],
        "responders": lambda: [analysis.responders(m.key, YEAR, rules[m.key]) for m in measures],
        "worst and best case": lambda: [analysis.responder_bounds(m.key, YEAR, rules[m.key]) for m in measures],
        "curve": lambda: [analysis.responder_curve(m.key, YEAR) for m in measures],
        "statements": lambda: [analysis.statement(key, YEAR) for key in cohort.statements],
        "yes/no and events": lambda: (analysis.yes_no("opioids", YEAR), analysis.safety(YEAR)),
        "figures": lambda: figures(cohort, analysis, rules, column),
    }


def figures(cohort: Any, analysis: Any, rules: dict[str, Any], column: str) -> dict[str, int]:
    """Every chart of the four pages with its table, as bytes for the browser: name → bytes."""
    from bench.made_up import YEAR
    from lib.present.charts.axes import improvement_axis, score_axis
    from lib.present.charts.baseline_scatter import scatter_data, scatter_figure
    from lib.present.charts.improvements import improvements_data, improvements_figure
    from lib.present.charts.likert_bars import likert_data, likert_figure
    from lib.present.charts.lines import lines_data, lines_figure
    from lib.present.charts.mini import mini_data, mini_figure
    from lib.present.charts.responder_curve import curve_data, curve_figure
    from lib.present.charts.threshold_axis import threshold_scale
    from lib.present.charts.waterfall import waterfall_data, waterfall_figure
    from lib.present.table import chart_table

    names = ("Baseline", "12 months")
    made: dict[str, int] = {}

    def add(name: str, data: Any, figure: dict[str, Any]) -> None:
        whole = {"figure": figure, "table": chart_table(data).records()}
        made[name] = made.get(name, 0) + len(json.dumps(whole, separators=(",", ":"), default=str))

    for m in cohort.measures_at(YEAR):
        result, pairs, rule = analysis.paired(m.key, YEAR), analysis.pairs(m.key, YEAR), rules[m.key]
        outcomes = analysis.outcomes(m.key, YEAR, rule)
        axis, gain = score_axis(cohort, m, YEAR), improvement_axis(cohort, m, YEAR)
        data = mini_data(result, pairs, axis, names, "finding")
        add("mini", data, mini_figure(data))
        data = lines_data(result, pairs, outcomes, axis, names, "finding")
        add("lines", data, lines_figure(data))
        data = improvements_data(result, pairs, outcomes, rule.threshold, gain, "finding")
        add("improvements", data, improvements_figure(data))
        data = scatter_data(pairs, outcomes, axis, names, rule.threshold, None, "finding")
        add("scatter", data, scatter_figure(data))
        data = waterfall_data(pairs, outcomes, rule.threshold, gain, "finding")
        add("waterfall", data, waterfall_figure(data))
        found, curve = analysis.responders(m.key, YEAR, rule), analysis.responder_curve(m.key, YEAR)
        data = curve_data(curve, m, threshold_scale(m).ends, rule, found.rate, "finding")
        add("curve", data, curve_figure(data))
    rows = tuple((s.label, analysis.statement(s.key, YEAR)) for s in cohort.statements.values())
    data = likert_data(rows, next(iter(cohort.statements.values())), "title", "finding")
    add("likert", data, likert_figure(data))
    return made


def one_size(n: int, fine: bool) -> dict[str, Any]:
    """All stages for n patients: seconds, and MB above what the cohort itself takes."""
    from bench.made_up import cohort as made_up
    from lib.analysis import Analysis
    from lib.cohort.selection import Selection

    cohort = made_up(n, fine=fine)
    started = time.perf_counter()
    whole = Analysis(cohort)
    for run in stages(cohort, whole).values():
        run()
    first = time.perf_counter() - started
    del whole
    taken: dict[str, list[float]] = {}
    memory: dict[str, float] = {}
    made: dict[str, int] = {}
    most = Selection.of({"etiology": cohort.categories()[0].labels[:-1]})  # five of six causes, about 82% of patients
    for _ in range(ROUNDS):
        for name, run in stages(cohort, Analysis(cohort, most)).items():
            gc.collect()
            started = time.perf_counter()
            found = run()
            taken.setdefault(name, []).append(time.perf_counter() - started)
            if name == "figures":
                assert isinstance(found, dict)
                made = found
    tracemalloc.start()  # a round of its own: being watched costs time
    for name, run in stages(cohort, Analysis(cohort, most)).items():
        base = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        run()
        memory[name] = (tracemalloc.get_traced_memory()[1] - base) / 1e6
    tracemalloc.stop()
    return {
        "n": n,
        "first": first,
        "seconds": {name: statistics.median(values) for name, values in taken.items()},
        "memory": memory,
        "bytes": made,
    }


def registry(n: int) -> dict[str, tuple[float, float]]:
    """300 centers and n patients over ten years: seconds (wall, processor) of funnel, trend, VLAD and Kaplan–Meier;
    the bar is 1 s each.

    "case mix" is the model behind an adjusted funnel; the pairs and responders stand before the clock, as on a page.
    """
    from dataclasses import replace

    import numpy as np

    from bench.made_up import YEAR
    from bench.made_up import cohort as made_up
    from lib.analysis import Analysis, default_rule
    from lib.analysis.groups.centers import center_gains, center_responders, expected_responders
    from lib.analysis.trends import trend
    from lib.cohort.cohort import Category, Dates
    from lib.cohort.grouping import ByColumn
    from lib.present.charts.funnel import funnel_figure, means_funnel
    from lib.present.tables.centers import MOST_ROWS, centers_table
    from lib.stats.results import NotComputed
    from lib.stats.surveillance import vlad
    from lib.stats.survival import kaplan_meier

    rng = np.random.Generator(np.random.PCG64(1))
    cohort = made_up(n, fine=False)
    centers = Category("center", "Center", tuple(f"C{k:03}" for k in range(300)), rng.integers(0, 300, n), "center")
    days = np.datetime64("2015-01-01") + rng.integers(0, 3650, n).astype("timedelta64[D]")
    columns = {**cohort.columns, "center": centers, "surgery_date": Dates("surgery_date", "Surgery", days)}
    cohort = replace(cohort, columns=columns, _counts={})
    analysis, by = Analysis(cohort), ByColumn("center")
    measure = cohort.measure("vas_pain")
    rule = default_rule(measure)
    assert rule is not None
    adjust = ("baseline", *(c.key for c in cohort.columns.values() if c.key in ("age", "sex", "etiology")))
    analysis.responds(measure.key, YEAR, rule)
    found: dict[str, tuple[float, float]] = {}

    def clock(name: str, run: Callable[[], object]) -> None:
        started, cpu = time.perf_counter(), time.process_time()
        run()
        found[name] = (time.perf_counter() - started, time.process_time() - cpu)

    def whole_view() -> None:
        """What a click on "Compare by center" computes, words and draws, from nothing."""
        afresh = Analysis(replace(cohort, _counts={}))
        gains = center_gains(afresh, by, measure.key, YEAR, ())
        assert not isinstance(gains, NotComputed)
        funnel_figure(means_funnel(gains, measure, "finding", "C007"), looked_for="C011")
        centers_table(gains, measure, mine="C007", most=MOST_ROWS)

    clock("Compare by 300 centers, the whole view", whole_view)
    clock("funnel of means", lambda: center_gains(analysis, by, measure.key, YEAR, ()))
    clock("funnel of means, case mix", lambda: center_gains(analysis, by, measure.key, YEAR, adjust))
    clock("logistic case mix", lambda: expected_responders(analysis, by, measure.key, YEAR, rule, adjust))
    clock("funnel of rates", lambda: center_responders(analysis, by, measure.key, YEAR, rule, adjust))
    clock("trend by month", lambda: trend(analysis, measure.key, YEAR, "month", rule))
    members, met, model = expected_responders(analysis, by, measure.key, YEAR, rule, adjust)
    mine = members.code == 0
    clock("VLAD of one center", lambda: vlad(met[mine], model.values[mine]))
    clock("VLAD of all patients", lambda: vlad(met, model.values))
    status = (rng.random(n) < 0.1).astype(np.int64)
    time_to = rng.integers(0, 3650, n)
    clock("Kaplan–Meier", lambda: kaplan_meier(time_to, status, (365.25, 1826.25)))
    return found


def table(found: list[dict[str, Any]]) -> str:
    """Stages down, sizes across."""
    sizes = [f"{r['n']:,}" for r in found]
    lines = ["| ms (peak MB) | " + " | ".join(sizes) + " | × a tenfold |", "|---|" + "---:|" * (len(sizes) + 1)]
    for name in found[0]["seconds"]:
        cells = [f"{1000 * r['seconds'][name]:,.1f} ({r['memory'][name]:,.0f})" for r in found]
        last = f"{found[-1]['seconds'][name] / found[-2]['seconds'][name]:.1f}" if len(found) > 1 else ""
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {last} |")
    totals = [sum(r["seconds"].values()) for r in found]
    last = f"{totals[-1] / totals[-2]:.1f}" if len(found) > 1 else ""
    lines.append("| **all stages** | " + " | ".join(f"**{1000 * t:,.0f}**" for t in totals) + f" | {last} |")
    lines.append("| first look at the file | " + " | ".join(f"{1000 * r['first']:,.0f}" for r in found) + " | |")
    for name in CHARTS:
        lines.append(f"| kB of {name} | " + " | ".join(f"{r['bytes'][name] / 1000:,.0f}" for r in found) + " | |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--fine", action="store_true", help="pain in steps of 0.0001")
    parser.add_argument("--registry", type=int, metavar="N", help="300 centers and N patients: funnel, trend, VLAD, KM")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        sys.path.insert(0, str(ROOT))
        print(json.dumps(one_size(asked.one, asked.fine)))
        return
    if asked.registry:
        sys.path.insert(0, str(ROOT))
        print(f"load {', '.join(f'{v:.1f}' for v in os.getloadavg())}")
        for name, (wall, cpu) in registry(asked.registry).items():
            print(f"{name:40} {wall:6.2f} s  {cpu:6.2f} s of processor")
        return
    found = []
    for n in map(int, asked.sizes.split(",")):
        command = [sys.executable, __file__, "--one", str(n), *(["--fine"] if asked.fine else [])]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        found.append(json.loads(done.stdout))
    print(table(found))


if __name__ == "__main__":
    main()
