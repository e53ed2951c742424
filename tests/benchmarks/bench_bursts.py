"""Bursts that were planted in synthetic feeds: how many are found, how much else is called.

``python -m tests.benchmarks.bench_bursts [--feeds 5] [--world NAME] [--seed N]``; without a seed
every run makes other feeds. A call is right if its periods overlap a burst planted in its series,
else it is a false discovery; a planted burst is found if a call overlaps it. Beside the product:
its alarms without hindsight (neighbouring ones are one call), Kleinberg's automaton (2003, batched,
s=2, gamma=1), a z-score (more than 3 above the 26 weeks before), a growth rule (4 weeks at least
twice the 12 before, 5 papers or more), and what could be found by who knows baseline, noise, place
and shape (log-likelihood ratio above 9).
"""

import argparse
import secrets
import time
from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.benchmarks.bursty import WORLDS, Feed, make_feed, with_papers
from transforms.trends.alarms import ALARM_RATE
from transforms.trends.alarms import test_tails as find_tails
from transforms.trends.baseline import Basis
from transforms.trends.bursts import find_bursts
from transforms.trends.fitting import Rows
from transforms.trends.noise import log_ratio
from transforms.trends.panel import to_panel
from transforms.trends.search import search

PAPERS = (1500, 300, 60)
Calls = list[tuple[int, int, int]]
"""Series, first and last period."""


def ours(feed: Feed) -> Calls:
    panel = to_panel(feed.as_frame())
    _, runs = search(Rows.of(panel), Basis(panel.years))
    return list(zip(runs.row.tolist(), runs.start.tolist(), runs.end.tolist(), strict=True))


def alarms(feed: Feed) -> Calls:
    counts = feed.as_frame()
    panel = to_panel(counts)
    tails = find_tails(counts)
    raised = np.zeros(panel.used.shape, bool)
    called = tails.filter(pl.col("q_value") <= ALARM_RATE)
    rows = [panel.series.index(one) for one in called["series"]]
    raised[rows, [panel.periods.index(one) for one in called["period_start"]]] = True
    return runs_of(raised)


def kleinberg(feed: Feed) -> Calls:
    totals, counts = np.where(feed.seen, feed.totals, 0), feed.counts
    share = counts.sum(axis=1, keepdims=True) / totals.sum(axis=1, keepdims=True)
    high = np.minimum(2 * share, 0.9999)
    share = np.clip(share, 1e-9, None)
    high = np.clip(high, 2e-9, None)
    gain = counts * np.log(high / share) + (totals - counts) * np.log((1 - high) / (1 - share))
    cost = np.log(counts.shape[1])
    calm, burst = np.zeros(len(counts)), np.full(len(counts), -cost)
    rose, fell = np.zeros(counts.shape, bool), np.zeros(counts.shape, bool)
    for period in range(counts.shape[1]):
        rose[:, period] = calm - cost > burst
        fell[:, period] = burst > calm
        burst = np.maximum(burst, calm - cost)
        calm = np.maximum(calm, np.where(fell[:, period], burst, calm))
        burst = burst + gain[:, period]
    state = burst > calm
    states = np.zeros(counts.shape, bool)
    for period in range(counts.shape[1] - 1, -1, -1):
        states[:, period] = state
        state = np.where(state, ~rose[:, period], fell[:, period])
    return runs_of(states)


def z_score(feed: Feed) -> Calls:
    shares = np.where(feed.seen, feed.counts / feed.totals, np.nan)
    raised = np.zeros(shares.shape, bool)
    for period in range(8, shares.shape[1]):
        before = shares[:, max(0, period - 26) : period]
        deviation = np.nanstd(before, axis=1)
        excess = shares[:, period] - np.nanmean(before, axis=1)
        raised[:, period] = (excess > 3 * deviation) & (deviation > 0)
    return runs_of(raised)


def growth(feed: Feed) -> Calls:
    seen = feed.seen.astype(float)
    counts, totals = feed.counts * seen, feed.totals * seen
    raised = np.zeros(counts.shape, bool)
    for period in range(16, counts.shape[1]):
        now, before = slice(period - 3, period + 1), slice(period - 15, period - 3)
        papers = counts[:, now].sum(axis=1)
        share = papers / np.maximum(totals[:, now].sum(axis=1), 1)
        share_before = counts[:, before].sum(axis=1) / np.maximum(totals[:, before].sum(axis=1), 1)
        raised[:, period] = (papers >= 5) & (share >= 2 * share_before)
    return runs_of(raised)


def oracle(feed: Feed) -> Calls:
    calls = []
    for planted in feed.planted:
        at = (planted.series, slice(planted.start, planted.end + 1))
        gains = log_ratio(
            feed.counts[at],
            feed.expected[at],
            feed.dispersion[planted.series],
            feed.ratio[at],
        )
        if (gains * feed.seen[at]).sum() > 9:
            calls.append(planted[:3])
    return calls


def runs_of(states: NDArray[np.bool_]) -> Calls:
    changes = np.diff(np.pad(states, ((0, 0), (1, 1))).astype(int), axis=1)
    rows, first = np.nonzero(changes == 1)
    after = np.nonzero(changes == -1)[1]
    return list(zip(rows.tolist(), first.tolist(), (after - 1).tolist(), strict=True))


def judge(feed: Feed, calls: Calls) -> tuple[int, int, int]:
    """Return planted bursts that were found, calls, and false ones among them."""

    def meet(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
        return one[0] == other[0] and one[1] <= other[2] and one[2] >= other[1]

    found = sum(any(meet(planted[:3], call) for call in calls) for planted in feed.planted)
    false = sum(not any(meet(call, planted[:3]) for planted in feed.planted) for call in calls)
    return found, len(calls), false


METHODS: dict[str, Callable[[Feed], Calls]] = {
    "ours": ours,
    "alarms": alarms,
    "Kleinberg": kleinberg,
    "z-score": z_score,
    "growth": growth,
    "oracle": oracle,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=5)
    parser.add_argument("--world", choices=[*WORLDS, "all"], default="all heights and lengths")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.feeds} feeds each; recall, false discovery rate (calls)")
    for name in WORLDS if options.world == "all" else [options.world]:
        print(f"\n{name}\n{'':12}" + "".join(f"{papers:>26}" for papers in PAPERS))
        feeds = {
            papers: [
                make_feed(with_papers(WORLDS[name], papers), np.random.default_rng([seed, papers]))
                for seed in range(options.seed, options.seed + options.feeds)
            ]
            for papers in PAPERS
        }
        for method in options.methods:
            cells = [_cell(METHODS[method], feeds[papers]) for papers in PAPERS]
            print(f"{method:12}" + "".join(f"{cell:>26}" for cell in cells), flush=True)
    _time(make_feed(WORLDS["all heights and lengths"], np.random.default_rng(options.seed)))


def _cell(method: Callable[[Feed], Calls], feeds: list[Feed]) -> str:
    judged = [judge(feed, method(feed)) for feed in feeds]
    found, calls, false = (sum(part) for part in zip(*judged, strict=True))
    planted = sum(len(feed.planted) for feed in feeds)
    recall = f"{found / planted:.3f}" if planted else "-"
    rate = f"{false / calls:.1%}" if calls else "-"
    return f"{recall}, {rate} ({false}/{calls})"


def _time(feed: Feed) -> None:
    begin = time.perf_counter()
    bursts = find_bursts(feed.as_frame()).bursts
    seconds = time.perf_counter() - begin
    delay = (bursts["confirmed"] - bursts["start"]).dt.total_days() / 7
    print(
        f"\n{len(feed.counts)} series with confirmations: {seconds:.1f} s; "
        f"weeks from start to confirmation: median {delay.median():.0f}, "
        f"nine of ten within {delay.quantile(0.9):.0f}"
    )


if __name__ == "__main__":
    main()
