"""Every number of the sample's pages by hand: pandas, NumPy, SciPy and statsmodels on its file, nothing of lib/.

    python tests/golden/second_opinion.py        prints each number by the name it has in the analysis file

test_second_opinion.py holds the analysis file against it to 1e-9. Not here: multiple imputation and its tipping points
(seeded draws; R mice in tests/golden/missing).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

ROOT = Path(__file__).parents[2]
STATES = Path(__file__).parent / "eq5d" / "indices.csv.gz"
"""Index of every state by R eq5d (make_eq5d.R)."""
ANSWERS = ["Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree"]
STATEMENTS = {
    "complaints_reduced": "complaints_reduced",
    "complaint_free": "free_of_complaints",
    "health_improved": "health_improved",
    "quality_of_life_improved": "qol_improved",
    "same_surgery_again": "same_surgery_again",
    "would_recommend": "recommend_surgery",
    "satisfied_with_results": "satisfied",
}
INDICES = {
    "europe_vas": "VAS Europe",
    "uk_tto": "TTO UK",
    "netherlands_2006_tto": "TTO Netherlands_2006",
    "germany_tto": "TTO Germany",
    "usa_tto": "TTO USA",
    "sweden_tto": "TTO Sweden",
}
SCORES = {  # columns, +1 where higher is better, threshold, best and worst end
    "pain": ("vas_pain_pre", "vas_pain_12m", -1, 2.0, 0.0, 10.0),
    "eq5d3l_index:europe_vas": ("europe_vas_pre", "europe_vas_12m", 1, 0.074, 1.0, -0.0742),
    "eq_vas": ("eqvas_pre", "eqvas_12m", 1, 7.0, 100.0, 0.0),
}
Numbers = dict[str, Any]
LEVEL = 0.95


def read() -> pd.DataFrame:
    """The file, with an index of every value set before and after."""
    table = pd.read_csv(ROOT / "sample_data" / "misjf.csv", dtype={"eq5d_state_pre": str, "eq5d_state_12m": str})
    states = pd.read_csv(STATES, dtype={"state": str})
    for name, by_r in INDICES.items():
        of = states[states["set"] == by_r].set_index("state")["index"]
        for at in ("pre", "12m"):
            table[f"{name}_{at}"] = table[f"eq5d_state_{at}"].map(of)
    return table


def analysed(table: pd.DataFrame) -> pd.DataFrame:
    return table.dropna(subset=["vas_pain_pre", "vas_pain_12m"])


# --- pieces ----------------------------------------------------------------------------------------------------------


def estimate(value: float, low: float, high: float) -> Numbers:
    return {"value": value, "interval": {"low": low, "high": high}}


def share(k: int, n: int, method: str = "wilson", level: float = LEVEL) -> Numbers:
    low, high = proportion_confint(k, n, alpha=1 - level, method=method)
    return {"count": k, "n": n, "share": k / n, "interval": {"low": low, "high": high}}


def summary(x: Any) -> Numbers:
    q = np.quantile(x, [0.25, 0.5, 0.75])
    spread = {"n": len(x), "mean": np.mean(x), "sd": np.std(x, ddof=1), "median": q[1], "q1": q[0], "q3": q[2]}
    return spread | {"minimum": np.min(x), "maximum": np.max(x)}


def mean_ci(x: Any, level: float = LEVEL) -> tuple[float, float]:
    reach = stats.t.ppf((1 + level) / 2, len(x) - 1) * np.std(x, ddof=1) / math.sqrt(len(x))
    return np.mean(x) - reach, np.mean(x) + reach


def shapiro(x: Any) -> Numbers:
    found = stats.shapiro(x)
    return {"statistic": found.statistic, "p": found.pvalue, "n": len(x)}


def exact_signed_rank(ranks: Any, t: float) -> float:
    """Two-sided p over all signs of these (mid-)ranks."""
    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for r in doubled:
        moved = np.zeros_like(ways)
        moved[r:] = ways[: len(ways) - r]
        ways = ways + moved
    smaller = round(float(2 * min(t, ranks.sum() - t)))
    return float(min(1.0, 2 * ways[: smaller + 1].sum() / ways.sum()))


def signed_ranks(d: Any) -> tuple[float, float, Any]:
    ranks = stats.rankdata(abs(d[d != 0]))
    return float(ranks[d[d != 0] > 0].sum()), float(ranks[d[d != 0] < 0].sum()), ranks


def wilcoxon(d: Any) -> Numbers:
    plus, minus, ranks = signed_ranks(d)
    r = (plus - minus) / (plus + minus)
    n = len(d)
    left = []
    for i in range(n):
        a, b, _ = signed_ranks(np.delete(d, i))
        left.append(math.atanh((a - b) / (a + b)))
    error = math.sqrt((n - 1) / n * float(((np.array(left) - np.mean(left)) ** 2).sum()))
    z = stats.norm.ppf((1 + LEVEL) / 2)
    low, high = math.tanh(math.atanh(r) - z * error), math.tanh(math.atanh(r) + z * error)
    test = {"statistic": plus, "p": exact_signed_rank(ranks, plus), "n": len(ranks)}
    used = {"n_zero": n - len(ranks), "n_used": len(ranks), "t_plus": plus, "t_minus": minus}
    return {"test": test, "rank_biserial": estimate(r, low, high)} | used


def hodges_lehmann(d: Any) -> Numbers:
    n = len(d)
    walsh = np.sort([(d[i] + d[j]) / 2 for i in range(n) for j in range(i, n)])
    ways = np.ones(1)
    for r in range(1, n + 1):
        ways = np.convolve(ways, np.r_[1.0, np.zeros(r - 1), 1.0])
    k = int(np.searchsorted(np.cumsum(ways) / 2.0**n, (1 - LEVEL) / 2))
    return estimate(float(np.median(walsh)), walsh[k - 1], walsh[-k])


def d_limits(t: float, n: int) -> tuple[float, float]:
    """Limits of the noncentrality over √n."""

    def solve(tail: float) -> float:
        return float(
            optimize.brentq(lambda d: special.nctdtr(n - 1, d, abs(t)) - tail, abs(t) - 9, abs(t) + 9, xtol=1e-13)
        )

    ends = solve((1 + LEVEL) / 2) / math.sqrt(n), solve((1 - LEVEL) / 2) / math.sqrt(n)
    return ends if t >= 0 else (-ends[1], -ends[0])


def paired(before: Any, after: Any) -> Numbers:
    x, y = np.asarray(before, float), np.asarray(after, float)
    d = np.round(y - x, 9)
    n, sd = len(d), np.std(d, ddof=1)
    t = stats.ttest_rel(y, x)
    rose, fell = int((d > 0).sum()), int((d < 0).sum())
    low, high = d_limits(float(t.statistic), n)
    j = math.exp(math.lgamma((n - 1) / 2) - math.lgamma((n - 2) / 2)) / math.sqrt((n - 1) / 2)
    by = (sd, math.sqrt((np.var(x, ddof=1) + np.var(y, ddof=1)) / 2), np.std(x, ddof=1), sd / j)
    signs = stats.binomtest(rose, rose + fell)
    return {
        "n": n,
        "baseline": summary(x),
        "follow_up": summary(y),
        "change": summary(d),
        "baseline_mean_ci": dict(zip(("low", "high"), mean_ci(x), strict=True)),
        "follow_up_mean_ci": dict(zip(("low", "high"), mean_ci(y), strict=True)),
        "mean_change": estimate(d.mean(), *mean_ci(d)),
        "hodges_lehmann": hodges_lehmann(d),
        "shapiro": shapiro(d),
        "t_test": {"statistic": t.statistic, "df": [t.df], "p": t.pvalue, "n": n},
        "wilcoxon": wilcoxon(d),
        "counts": {
            **{"rose": rose, "unchanged": n - rose - fell, "fell": fell},
            "share_risen": share(rose, rose + fell, "beta"),
            "test": {"statistic": rose, "p": signs.pvalue, "n": rose + fell},
        },
        "effects": [estimate(d.mean() / s, low * sd / s, high * sd / s) for s in by],
        "zeros": n - rose - fell,
    }


def responders(before: Any, after: Any, score: tuple[Any, ...]) -> Numbers:
    gain = np.round(score[2] * (np.asarray(after) - np.asarray(before)), 9)
    up, down, n = int((gain >= score[3]).sum()), int((gain <= -score[3]).sum()), len(gain)
    room = np.round(score[2] * (score[4] - np.asarray(before)), 9)
    out = {"n": n, "evaluable": n, "not_evaluable": 0, "improved": up, "unchanged": n - up - down, "worsened": down}
    return out | {"responders": up, "rate": share(up, n), "could_not_reach": int((room < score[3]).sum())}


def bounds(table: pd.DataFrame, score: tuple[Any, ...]) -> Numbers:
    before, after = table[score[0]], table[score[1]]
    met = int((np.round(score[2] * (after - before), 9) >= score[3]).sum())
    best_of = np.round(score[2] * (after.fillna(score[4]) - before.fillna(score[5])), 9)
    lost = before.isna() | after.isna()
    may, n = int((lost & (best_of >= score[3])).sum()), len(table)
    out = {"n": n, "responders": met, "missing": int(lost.sum()), "ruled_out": int(lost.sum()) - may}
    return out | {"worst": share(met, n), "best": share(met + may, n)}


def curve(before: Any, after: Any, sign: int, step: float) -> Numbers:
    gain = np.round(sign * (np.asarray(after) - np.asarray(before)), 9)
    x = np.unique(gain)
    at = [int((gain >= v).sum()) for v in x]
    ends = [proportion_confint(k, len(gain), method="wilson") for k in at]
    out = {"n": len(gain), "counts": np.rint(x / step).tolist(), "x": x.tolist(), "at_least": at}
    out |= {"share": [k / len(gain) for k in at], "low": [a for a, _ in ends], "high": [b for _, b in ends]}
    return out


def whole_percents(counts: list[int]) -> list[int]:
    exact = [100 * c / sum(counts) for c in counts]
    found = [math.floor(e + 1e-12) for e in exact]
    order = sorted(range(len(counts)), key=lambda k: (-round(exact[k] - found[k], 9), k))
    for k in order[: 100 - sum(found)]:
        found[k] += 1
    return found


def statement(answers: pd.Series) -> Numbers:
    counts = [int((answers == a).sum()) for a in ANSWERS]
    n, best = sum(counts), counts[3] + counts[4]
    codes = np.sort(np.repeat(np.arange(5), counts))
    middle = sorted({int(codes[(n - 1) // 2]), int(codes[n // 2])})
    out = {"n": n, "missing": int(answers.isna().sum()), "dont_know": 0, "counts": counts, "top_levels": [3, 4]}
    return out | {"top_two": share(best, n), "median": middle, "whole_percents": whole_percents(counts)}


def newcombe(p1: Numbers, p2: Numbers, phi: float = 0.0) -> Numbers:
    """p2 − p1 from the limits of both."""
    a, b = p1["share"] - p1["interval"]["low"], p1["interval"]["high"] - p1["share"]
    c, d = p2["share"] - p2["interval"]["low"], p2["interval"]["high"] - p2["share"]
    gap = p2["share"] - p1["share"]
    low = gap - math.sqrt(max(0.0, c * c - 2 * phi * c * b + b * b))
    return estimate(gap, low, gap + math.sqrt(max(0.0, d * d - 2 * phi * d * a + a * a)))


def fisher(table: Any) -> Numbers:
    found = np.asarray(table)
    n = int(found.sum())
    chance = stats.hypergeom.pmf(found[0, 0], n, found[0].sum(), found[:, 0].sum())
    return {"statistic": chance, "p": stats.fisher_exact(found).pvalue, "n": n}


def shares(table: Any) -> Numbers:
    found = np.asarray(table)
    if stats.contingency.expected_freq(found).min() < 5:
        return fisher(found)
    chi = stats.chi2_contingency(found, correction=False)
    return {"statistic": chi.statistic, "df": [chi.dof], "p": chi.pvalue, "n": int(found.sum())}


def yes_no(before: Any, after: Any) -> Numbers:
    a, b = int((before & after).sum()), int((before & ~after).sum())
    c, d = int((~before & after).sum()), int((~before & ~after).sum())
    n, product = a + b + c + d, (a + b) * (c + d) * (a + c) * (b + d)
    cross = a * d - b * c
    cross = cross - n / 2 if cross > n / 2 else 0.0 if cross >= 0 else cross
    exact = mcnemar([[a, b], [c, d]], exact=True).pvalue
    mid = exact - stats.binom.pmf(b, b + c, 0.5) if b != c else 1 - 0.5 * stats.binom.pmf(b, b + c, 0.5)
    p1, p2 = share(a + b, n), share(a + c, n)
    return {
        **{"n": n, "both": a, "stopped": b, "started": c, "neither": d, "before": p1, "after": p2},
        "difference": newcombe(p1, p2, cross / math.sqrt(product) if product else 0.0),
        "exact": {"statistic": b, "p": exact, "n": b + c},
        "mid_p": {"statistic": b, "p": mid, "n": b + c},
        **({"fisher_association": fisher([[a, b], [c, d]])} if product else {}),
    }


# --- pages -----------------------------------------------------------------------------------------------------------


def excluded(before: pd.Series, after: pd.Series) -> Numbers:
    neither = before.isna() & after.isna()
    counts = {"no_baseline": before.isna() & ~neither, "no_follow_up": after.isna() & ~neither, "neither": neither}
    return {k: int(v.sum()) for k, v in counts.items()} | {"illegal": 0, "not_yet_due": 0, "died": 0}


def events(table: pd.DataFrame) -> Numbers:
    def by(column: str) -> Numbers:
        kinds = table[column].dropna().value_counts().to_dict()
        n, who = len(table), int(table["adverse_event"].notna().sum())
        of = sorted(kinds.values(), reverse=True)
        rows = [{"code": k, "events": c, "patients": share(c, n, "beta")} for k, c in enumerate(of)]
        out = {"n": n, "events": who, "patients": share(who, n, "beta"), "patients_with_several": 0, "by_type": rows}
        return out | {"without_type": who - sum(of)}

    some = analysed(table)
    columns = {"by_type": "adverse_event", "by_timing": "ae_timing", "by_severity": "ae_severity"}
    found = {name: by(column) for name, column in columns.items()}
    return found | {"analysed": share(int(some["adverse_event"].notna().sum()), len(some), "beta")}


def marginal_homogeneity(d: Any) -> Numbers:
    moved = d[d != 0].astype(int)
    if not len(moved):
        return {}
    ways = np.ones(1)
    for v in abs(moved):
        ways = np.convolve(ways, np.r_[1.0, np.zeros(2 * v - 1), 1.0])
    at = np.arange(len(ways)) - abs(moved).sum()
    p = ways[abs(at) >= abs(moved.sum())].sum() / ways.sum()
    return {"statistic": moved.sum() / math.sqrt((moved**2).sum()), "p": p, "n": len(d)}


def holm(p: list[float]) -> list[float]:
    order, found, top = np.argsort(p, kind="stable"), [0.0] * len(p), 0.0
    for k, i in enumerate(order):
        top = max(top, min(1.0, (len(p) - k) * p[i]))
        found[int(i)] = top
    return found


def eq5d(some: pd.DataFrame) -> tuple[Numbers, Numbers]:
    states = some.dropna(subset=["eq5d_state_pre", "eq5d_state_12m"])
    levels = [states[f"eq5d_state_{at}"].map(lambda s: [int(c) for c in s]) for at in ("pre", "12m")]
    before, after = (np.array(each.tolist()) for each in levels)
    rows = []
    for k in range(5):
        x, y = before[:, k], after[:, k]
        cross = [[int(((x == i) & (y == j)).sum()) for j in (1, 2, 3)] for i in (1, 2, 3)]
        moves = {"n": len(x), "before": [int((x == i).sum()) for i in (1, 2, 3)], "table": cross}
        moves |= {"after": [int((y == i).sum()) for i in (1, 2, 3)], "better": int((y < x).sum())}
        moves |= {"same": int((y == x).sum()), "worse": int((y > x).sum())}
        moves |= {"problems_before": int((x > 1).sum()), "problems_after": int((y > 1).sum())}
        rows.append({"moves": moves, "test": marginal_homogeneity(y - x), "problems": yes_no(x > 1, y > 1)})
    tests = {"adjusted": holm([r["test"]["p"] for r in rows]), "size": 5}
    problems = {"adjusted": holm([r["problems"]["exact"]["p"] for r in rows]), "size": 5}
    better, worse = (after < before).any(axis=1), (after > before).any(axis=1)
    same, fine = ~better & ~worse, (before == 1).all(axis=1)
    classes = {"n": len(before), "better": int((better & ~worse).sum()), "worse": int((worse & ~better).sum())}
    classes |= {"mixed": int((better & worse).sum()), "same_with_problems": int((same & ~fine).sum())}
    return {"rows": rows, "test_p": tests, "problems_p": problems}, classes | {"no_problems": int((same & fine).sum())}


def weighted(table: pd.DataFrame, score: tuple[Any, ...], *, of_rate: bool) -> Numbers:
    """Inverse probability weights from age and sex, stacked sandwich."""
    gain = np.round(score[2] * (table[score[1]] - table[score[0]]), 9).to_numpy()
    seen = ~np.isnan(gain)
    y = np.where(seen, (gain >= score[3]).astype(float) if of_rate else gain, 0.0)
    x = np.column_stack([np.ones(len(table)), table["age"], table["sex"] == table["sex"].iloc[0]]).astype(float)
    p = GLM(seen.astype(float), x, family=families.Binomial()).fit(tol=1e-14, maxiter=100).fittedvalues
    w = seen / p
    value = float((w * y).sum() / w.sum())
    bread = np.linalg.inv(x.T @ ((p * (1 - p))[:, None] * x))
    pull = (w * (1 - p) * (y - value)) @ x @ bread @ x.T * (seen - p)
    n, df = int(seen.sum()), int(seen.sum()) - 3
    error = math.sqrt(float(((w * (y - value) - pull) ** 2).sum())) / w.sum() * math.sqrt(n / df)
    t = stats.t.ppf((1 + LEVEL) / 2, df)
    ends = [value - t * error, value + t * error]
    if of_rate:
        half = t * error / (value * (1 - value))
        ends = [float(special.expit(special.logit(value) + side * half)) for side in (-1, 1)]
    out = {"estimate": estimate(value, *ends), "standard_error": error, "df": df, "n": len(table), "answered": n}
    return out | {"effective_n": w.sum() ** 2 / (w**2).sum(), "largest_weight": w.max(), "parameters": 3}


def what_if(table: pd.DataFrame, score: tuple[Any, ...]) -> Numbers:
    before, after = table[score[0]], table[score[1]]
    pairs = table[before.notna() & after.notna()]
    gain = score[2] * (pairs[score[1]] - pairs[score[0]])
    lost = {"no_baseline": int(before.isna().sum()), "missing": int((after.isna() & before.notna()).sum())}
    people = {"due": len(table), "pairs": len(pairs), "died": 0, "waiting": 0} | lost
    met = int((np.round(gain, 9) >= score[3]).sum())
    means = {"complete": estimate(gain.mean(), *mean_ci(gain)), "weighted": weighted(table, score, of_rate=False)}
    rates = {"complete": share(met, len(pairs)), "weighted": weighted(table, score, of_rate=True)}
    return {"people": people, "left_out": 0, "mean": means, "share": rates}


ONE = {  # Table 1: name in the analysis file → column; numbers and categories
    **{name: name for name in ("age", "sex", "bmi", "asa", "center", "etiology", "imaging", "side", "implants")},
    **{name: name for name in ("prior_spinal_fusion", "prior_misjf_other_side", "other_spine_surgery")},
    **{name: name for name in ("procedure_minutes", "staged_bilateral")},
    "yesno:opioids": "opioids_pre",
    "score:pain": "vas_pain_pre",
    "score:eq5d3l_index:europe_vas": "europe_vas_pre",
    "score:eq_vas": "eqvas_pre",
}
NUMBERS = ("age", "bmi", "procedure_minutes", "score:pain", "score:eq5d3l_index:europe_vas", "score:eq_vas")


def exact_table(first: list[int], second: list[int]) -> Numbers:
    """Fisher for two groups and any number of levels: every table with these margins."""
    totals, wanted = [a + b for a, b in zip(first, second, strict=True)], sum(first)
    ways = [
        math.prod(map(math.comb, totals, chosen))
        for chosen in itertools.product(*(range(m + 1) for m in totals))
        if sum(chosen) == wanted
    ]
    own, every = math.prod(map(math.comb, totals, first)), math.comb(sum(totals), wanted)
    return {"statistic": own / every, "p": sum(w for w in ways if w <= own) / every, "n": sum(totals)}


def number_row(parts: list[pd.Series]) -> Numbers:
    def one(x: pd.Series) -> Numbers:
        return {"n": len(x), "missing": int(x.isna().sum()), "values": summary(x.dropna().to_numpy())}

    every, *groups = [p.dropna().to_numpy(float) for p in parts]
    normal = shapiro(every)
    out: Numbers = {"shown": {"shapiro": normal}, "overall": one(parts[0])}
    if groups:
        a, b = groups
        gap = abs(a.mean() - b.mean()) / math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
        welch = stats.ttest_ind(b, a, equal_var=False)
        mean = {"statistic": welch.statistic, "df": [welch.df], "p": welch.pvalue, "n": len(every)}
        test = mann_whitney(np.round(a, 9), np.round(b, 9)) if normal["p"] < 0.05 else mean
        out |= {"groups": [one(p) for p in parts[1:]], "smd": gap, "test": test}
    return out


def category_row(parts: list[pd.Series], *, compared: bool = True) -> Numbers:
    levels = [str(v) for v in sorted(parts[0].dropna().unique())]

    def one(x: pd.Series) -> Numbers:
        told = x.dropna().astype(str)
        counts = {level: int((told == level).sum()) for level in levels}
        return {"n": len(x), "missing": int(x.isna().sum()), "counts": counts}

    out: Numbers = {"overall": one(parts[0])}
    if len(parts) > 1:
        rows = out["groups"] = [one(p) for p in parts[1:]]
        if not compared:
            return out
        a, b = (np.array(list(r["counts"].values())) for r in rows)
        p, q = a / a.sum(), b / b.sum()
        spread = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
        few = stats.contingency.expected_freq(np.array([a, b])).min() < 5
        test = exact_table(a.tolist(), b.tolist()) if few else shares([a, b])
        out |= {"smd": math.sqrt(float((p - q) @ np.linalg.pinv(spread) @ (p - q))), "test": test}
    return out


def table_one(some: pd.DataFrame, groups: tuple[str, ...] = ()) -> Numbers:
    parts = [some, *(some[some["center"] == g] for g in groups)]
    rows = {}
    for key, column in ONE.items():
        of = [part[column] for part in parts]
        rows[key] = number_row(of) if key in NUMBERS else category_row(of, compared=key != "center")
    for kind, column in (("timing", "ae_timing"), ("type", "adverse_event")):
        for name in some[column].dropna().unique():
            of = [part[column].eq(name).map({True: "Yes", False: "No"}) for part in parts]
            rows[f"event:{kind}:{name}"] = category_row(of, compared=False)
    return {"n": len(some), "variables": rows} | (
        {"groups": [{"n": len(part)} for part in parts[1:]]} if groups else {}
    )


def ancova(before: Any, after: Any, second: Any) -> Numbers:
    x = np.column_stack([np.ones(len(before)), second, before]).astype(float)
    y = np.asarray(after, float)
    fit, n, middle = OLS(y, x).fit(), len(y), float(np.mean(before))
    bread = np.linalg.inv(x.T @ x)
    h = np.einsum("ij,jk,ik->i", x, bread, x)

    def contrast(vector: list[float]) -> tuple[float, float, float]:
        """Value, HC2 standard error, Bell–McCaffrey df."""
        l_ = np.array(vector)
        a = x @ bread @ l_
        error = math.sqrt(float((a**2 / (1 - h) * fit.resid**2).sum()))
        q = (np.eye(n) - x @ bread @ x.T) @ np.diag(a**2 / (1 - h)) @ (np.eye(n) - x @ bread @ x.T)
        return float(l_ @ fit.params), error, float(np.trace(q) ** 2 / np.trace(q @ q))

    def with_ci(vector: list[float]) -> Numbers:
        value, error, df = contrast(vector)
        reach = stats.t.ppf((1 + LEVEL) / 2, df) * error
        return estimate(value, value - reach, value + reach)

    value, error, df = contrast([0, 1, 0])
    t = value / error
    test = {"statistic": t, "df": [df], "p": 2 * stats.t.sf(abs(t), df), "n": n}
    one = {"difference": with_ci([0, 1, 0]), "standard_error": error, "test": test}
    f = OLS(y, x).fit(cov_type="HC3").wald_test(np.array([[0, 1, 0]]), use_f=True, scalar=True)
    lines = np.column_stack([x, x[:, 1] * (x[:, 2] - middle)])
    slopes = OLS(y, lines).fit(cov_type="HC3").wald_test(np.array([[0, 0, 0, 1]]), use_f=True, scalar=True)
    return {
        **{"n": n, "n_per_group": [int((second == 0).sum()), int((second == 1).sum())], "df": n - 3},
        "adjusted_means": [with_ci([1, 0, middle]), with_ci([1, 1, middle])],
        "slope": with_ci([0, 0, 1]),
        "residual_sd": math.sqrt(fit.mse_resid),
        "differences": [one],
        "heterogeneity": {"statistic": f.statistic, "df": [1, n - 3], "p": float(f.pvalue), "n": n},
        "slopes": {"statistic": slopes.statistic, "df": [1, n - 4], "p": float(slopes.pvalue), "n": n},
        "residual_normality": shapiro(fit.resid),
    }


def between_scores(some: pd.DataFrame, score: tuple[Any, ...], groups: tuple[str, str]) -> Numbers:
    pairs = some.dropna(subset=list(score[:2]))
    second = (pairs["center"] == groups[1]).to_numpy().astype(int)
    model = ancova(pairs[score[0]].to_numpy(), pairs[score[1]].to_numpy(), second)
    change = (pairs[score[1]] - pairs[score[0]]).to_numpy()
    welch = stats.ttest_ind(change[second == 1], change[second == 0], equal_var=False)
    gap = change[second == 1].mean() - change[second == 0].mean()
    first = model["differences"][0]
    gaps = [{"difference": estimate(gap, *welch.confidence_interval(LEVEL)), "p": welch.pvalue}]
    out = {"n_per_group": model["n_per_group"], "ancova": model, "gaps": gaps}
    return out | {"contrasts": [{"difference": first["difference"], "p": first["test"]["p"]}]}


def between_rates(counts: list[tuple[int, int]], level: float = LEVEL) -> Numbers:
    rates = [share(k, n) for k, n in counts]
    test = shares([[k, n - k] for k, n in counts])
    gap = {"difference": newcombe(*(share(k, n, level=level) for k, n in counts)), "p": test["p"], "test": test}
    return {"rates": rates, "heterogeneity": test, "gaps": [gap]}


def cliff(first: Any, second: Any, level: float) -> Numbers:
    d = np.sign(np.subtract.outer(second, first)).astype(float)
    n2, n1 = d.shape
    m = d.mean()
    rows, columns = d.mean(axis=1).var(ddof=1), d.mean(axis=0).var(ddof=1)
    v = ((n2 - 1) * columns + (n1 - 1) * rows + ((d - m) ** 2).sum() / ((n1 - 1) * (n2 - 1))) / (n1 * n2)
    t = stats.t.ppf((1 + level) / 2, n1 + n2 - 2)
    reach = t * math.sqrt(v) * math.sqrt((1 - m * m) ** 2 + t * t * v)
    below = 1 - m * m + t * t * v
    return estimate(m, (m - m**3 - reach) / below, (m - m**3 + reach) / below)


def mann_whitney(first: Any, second: Any) -> Numbers:
    """U of the second group; p over all ways to choose its patients, ties kept."""
    ranks = np.rint(2 * stats.rankdata(np.r_[first, second])).astype(int)
    n1, n2 = len(first), len(second)
    ways = np.zeros((n2 + 1, ranks.sum() + 1))
    ways[0, 0] = 1.0
    for r in ranks:
        for k in range(n2, 0, -1):
            ways[k, r:] += ways[k - 1, : ways.shape[1] - r]
    observed, middle = int(ranks[n1:].sum()), n2 * (n1 + n2 + 1)
    far = abs(np.arange(ways.shape[1]) - middle) >= abs(observed - middle)
    return {"statistic": observed / 2 - n2 * (n2 + 1) / 2, "p": ways[n2][far].sum() / ways[n2].sum(), "n": n1 + n2}


def answers_between(some: pd.DataFrame, groups: tuple[str, str]) -> Numbers:
    m, rows = len(STATEMENTS), []
    level = LEVEL ** (1 / m)
    for column in STATEMENTS.values():
        sides = [some.loc[some["center"] == g, f"{column}_12m"] for g in groups]
        codes = [side.dropna().map(ANSWERS.index).to_numpy() for side in sides]
        counts = [(int((c >= 3).sum()), len(c)) for c in codes]
        row = {"results": [statement(side) for side in sides], "test": mann_whitney(*codes)}
        row |= {"delta": cliff(*codes, level), "rates": shares([[k, n - k] for k, n in counts])}
        rows.append(row | {"difference": newcombe(*(share(k, n, level=level) for k, n in counts))})
    together = {
        f"{name}_p": {"adjusted": [1 - (1 - r[name]["p"]) ** m for r in rows], "size": m} for name in ("test", "rates")
    }
    return {"rows": rows, **together}


def comparison(table: pd.DataFrame, groups: tuple[str, str]) -> Numbers:
    rows, some = [], analysed(table)
    for whole in (table, *(table[table["center"] == g] for g in groups)):
        part = analysed(whole)
        of: Numbers = {"patients": len(whole), "paired": {}, "responders": {}, "statements": {}}
        for key, score in SCORES.items():
            pairs = part.dropna(subset=list(score[:2]))
            of["paired"][key] = paired(pairs[score[0]], pairs[score[1]])
            of["responders"][key] = responders(pairs[score[0]], pairs[score[1]], score)
        of["statements"] = {key: statement(part[f"{column}_12m"]) for key, column in STATEMENTS.items()}
        rows.append(of)
    scores = [between_scores(some, score, groups) for score in SCORES.values()]
    met = [[(r["responders"][key]["improved"], r["responders"][key]["n"]) for r in rows[1:]] for key in SCORES]
    best = [[(r["statements"][k]["top_two"]["count"], r["statements"][k]["n"]) for r in rows[1:]] for k in STATEMENTS]
    return {
        "groups": rows,
        "between": {
            "scores": {"results": scores},
            "responders": {"results": [between_rates(counts) for counts in met]},
            "top_two": {"results": [between_rates(counts) for counts in best]},
            "answers": answers_between(some, groups),
        },
    }


def results(table: pd.DataFrame) -> Iterator[tuple[str, Numbers]]:
    """(name in the analysis file, numbers) of everything but the draws."""
    some, everybody = analysed(table), len(table)
    flow = {"operated": everybody, "selected": everybody, "analysed": len(some), "analysed_selected": len(some)}
    yield "flow:12m", flow | {"not_due": 0, "died": 0}
    for key, score in SCORES.items():
        pairs, words = some.dropna(subset=list(score[:2])), f"improvement>={score[3]:g}"
        step = {"pain": 1.0, "eq_vas": 1.0}.get(key, 0.0001)
        words = "improvement>=2.0" if key == "pain" else words
        yield f"excluded:{key}:12m", excluded(table[score[0]], table[score[1]])
        yield f"paired:{key}:12m", paired(pairs[score[0]], pairs[score[1]])
        yield f"responders:{key}:12m:{words}", responders(pairs[score[0]], pairs[score[1]], score)
        yield f"bounds:{key}:12m:{words}", bounds(table, score)
        yield f"what_if:{key}:12m", what_if(table, score)
        yield f"curve:{key}:12m", curve(pairs[score[0]], pairs[score[1]], score[2], step)
    for key, column in STATEMENTS.items():
        yield f"statement:{key}:12m", statement(some[f"{column}_12m"])
    opioids = [some[f"opioids_{at}"].eq("Yes").to_numpy() for at in ("pre", "12m")]
    for at, yes in zip(("baseline", "12m"), opioids, strict=True):
        yield f"yesno:opioids:{at}:12m", share(int(yes.sum()), len(yes))
    yield "yesno_paired:opioids:12m", yes_no(*opioids)
    yield "events:12m", events(table)
    moves, classes = eq5d(some)
    yield "eq5d_pairs:12m", excluded(table["eq5d_state_pre"], table["eq5d_state_12m"])
    yield "eq5d_dimensions:12m", moves
    yield "eq5d_classes:12m", classes
    for name in INDICES:
        score = (f"{name}_pre", f"{name}_12m", 1, 0.074, 1.0, 0.0)
        both = {"paired": paired(some[score[0]], some[score[1]])}
        yield f"eq5d_index:{name}:12m", both | {"responders": responders(some[score[0]], some[score[1]], score)}
    groups = tuple(dict.fromkeys(table["center"]))
    compared = comparison(table, (groups[0], groups[1]))
    yield "comparison:center:12m", compared
    yield "table_one:12m", table_one(some)
    yield "comparison_table_one:center:12m", table_one(some, groups)
    yield "comparison_rates:center:12m", compared["between"]["responders"]
    by_center = [some, *(some[some["center"] == g] for g in groups)]
    yield "comparison_eq5d:center:12m", {str(k): {"classes": eq5d(part)[1]} for k, part in enumerate(by_center)}


def flat(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Leaves as (path, number)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{path}.{place}" if path else str(place))
    else:
        yield path, float(value)


def main() -> None:
    for name, numbers in results(read()):
        for path, value in flat(numbers):
            print(f"{name} · {path} = {value:.12g}")


if __name__ == "__main__":
    main()
