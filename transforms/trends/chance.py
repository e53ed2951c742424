"""What chance alone would give: the papers of a history dealt anew to its periods."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.trends.baseline import Basis
from transforms.trends.fitting import Rows
from transforms.trends.panel import Panel
from transforms.trends.search import search

SHUFFLES: Final = 20
_SEED: Final = 2003
_RATE: Final = 0.05
_THREADS: Final = 2
_CELLS_AT_ONCE: Final = 250_000
"""Series times periods: with fewer, threads wait for each other. A year of weeks is one part."""

Strengths = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """From which strength on bursts are shown, and how many of them chance would give."""

    cut: float | None
    """The lowest strength that is shown; null where no cut keeps the rate."""
    shown: int
    chance: float
    """Mean number of bursts from the cut on, in a shuffled history; of all where there is none.
    One is added to what all shuffles gave together: so few of them cannot show that it is none."""
    rate: float | None
    """``chance / shown``: the expected share of false ones; null where nothing is shown."""


def shuffle(panel: Panel, shuffles: int = SHUFFLES) -> Panel:
    """Return so many histories, one below the other, in which nothing rises.

    In each, every topic keeps its number of papers and every period its total, but the papers of
    the topic are dealt to the periods by chance: the multivariate hypergeometric distribution, as
    when the dates of papers are permuted. The same panel always gives the same histories.
    """
    generator = np.random.default_rng(_SEED)
    counts = np.zeros((shuffles, *panel.counts.shape))
    for row, used in enumerate(panel.used):
        totals = panel.totals[row, used].astype(np.int64)
        papers = int(panel.counts[row, used].sum())
        counts[:, row, used] = generator.multivariate_hypergeometric(
            totals, papers, size=shuffles, method="marginals"
        )
    shape = (shuffles * len(panel.series), len(panel.periods))
    return Panel(
        [f"{number}:{name}" for number in range(shuffles) for name in panel.series],
        panel.periods,
        panel.years,
        counts.reshape(shape),
        np.tile(panel.totals, (shuffles, 1)),
        np.tile(panel.used, (shuffles, 1)),
    )


def strengths_by_chance(panel: Panel, shuffles: int = SHUFFLES) -> Strengths:
    """Return the strengths of all bursts that are found in shuffled histories, in their order."""
    dealt = shuffle(panel, shuffles)
    basis = Basis(dealt.years)
    rows = max(1, _CELLS_AT_ONCE // len(dealt.periods))

    def strengths_from(first: int) -> Strengths:
        part = dealt.take(slice(first, first + rows))
        _, runs = search(Rows.of(part), basis)
        return np.asarray(runs.strength, dtype=np.float64)

    # each row is judged for itself, and arithmetic with arrays lets other threads run
    with ThreadPoolExecutor(_THREADS) as threads:
        found = list(threads.map(strengths_from, range(0, len(dealt.series), rows)))
    return np.concatenate([np.zeros(0), *found])


def calibrate(found: Strengths, by_chance: Strengths, shuffles: int = SHUFFLES) -> Calibration:
    """Return the lowest cut at which at most one burst in twenty is expected by chance.

    The expected share is the mean number in a shuffled history over the number found, with all
    series taken for null (Storey 2002), and one added to the former (Phipson and Smyth 2010).
    """
    for cut in np.unique(found):
        shown = int((found >= cut).sum())
        chance = (float((by_chance >= cut).sum()) + 1) / shuffles
        if chance / shown <= _RATE:
            return Calibration(float(cut), shown, chance, chance / shown)
    return Calibration(None, 0, (len(by_chance) + 1) / shuffles, None)
