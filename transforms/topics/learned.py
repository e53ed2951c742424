"""What was learned from labelled papers: a frozen model, and its form in files."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.topics.mentions import LEVELS, STRENGTHS

Floats = NDArray[np.float64]

PLAIN_RELIABILITY: Final[Floats] = np.array(
    [
        [0.35, 0.75, 0.85, 0.90, 0.95],
        [0.20, 0.54, 0.70, 0.80, 0.90],
        [0.20, 0.54, 0.70, 0.80, 0.90],
        [0.05, 0.20, 0.45, 0.75, 0.85],
        [0.05, 0.10, 0.20, 0.20, 0.50],
    ]
)
"""By strength and level, for topics that no labelled paper has, and for papers unlike the labelled
ones. Set by hand, and looked at on the gold set (tests/benchmarks): labels say too little of
them, for a paper carries few of the labels that would fit."""

_WEIGHT_STEPS: Final = 15
_LARGEST_SHARE: Final = 0.999
"""Of the weights of a topic so many lie within the steps; the others become the last step."""


@dataclass(frozen=True)
class Learned:
    """The model. Arrays of the context are by term, then by topic of ``topics``."""

    version: str
    topics: list[str]
    """The topics that were labelled, sorted."""
    group_reliability: Floats
    """By strength and level: the share of mentions that speak of the paper's topic."""
    alias_reliability: dict[tuple[str, str], Floats]
    """By topic and alias, for the labelled topics: the same, by level."""
    terms: list[str]
    idf: Floats
    weights: Floats
    by_mention: Floats
    """By topic that is mentioned, then by topic: what the mention adds to the context."""
    bias: Floats
    """By topic: the context score of a paper without any term."""
    prior: Floats
    """By topic: its share of the labelled papers."""
    likeness: Floats
    """By term: how much it tells that a paper is unlike the labelled ones."""
    most_unlike: float
    """A paper of a higher sum is unlike them; nearly all labelled papers stay below."""
    coefficients: Floats
    """Intercept, then one per feature of `transforms.topics.scores`."""

    def save(self, folder: Path) -> None:
        """Write the model; weights are kept in 15 steps per topic and sign."""
        head = {
            "version": self.version,
            "topics": self.topics,
            "bias": self.bias.round(5).tolist(),
            "prior": self.prior.round(6).tolist(),
            "coefficients": self.coefficients.round(5).tolist(),
            "most_unlike": round(self.most_unlike, 5),
            "scales": self._scales.round(8).tolist(),
            "group_reliability": dict(
                zip(STRENGTHS, self.group_reliability.round(4).tolist(), strict=True)
            ),
        }
        (folder / "model.json").write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
        _alias_frame(self.alias_reliability).write_csv(folder / "aliases.csv", float_precision=4)
        steps = self.steps
        columns = {topic: steps[:, n] for n, topic in enumerate(self.topics)}
        frame = pl.DataFrame({"term": self.terms, "idf": self.idf.astype(np.float32), **columns})
        frame = frame.with_columns(pl.Series("likeness", self.likeness.round(4).astype(np.float32)))
        frame.write_parquet(folder / "context.parquet", compression="zstd", compression_level=19)
        pl.DataFrame(
            {"mentioned": self.topics}
            | {topic: self.by_mention[:, n] for n, topic in enumerate(self.topics)}
        ).write_csv(folder / "mentions.csv", float_precision=2)

    @property
    def steps(self) -> NDArray[np.int8]:
        """The weights in whole steps of their topics, -15 to 15."""
        steps = np.rint(self.weights / self._scales)
        return np.clip(steps, -_WEIGHT_STEPS, _WEIGHT_STEPS).astype(np.int8)

    @property
    def _scales(self) -> Floats:
        if not len(self.weights):
            return np.ones(len(self.topics))
        highest = np.quantile(np.abs(self.weights), _LARGEST_SHARE, axis=0)
        return np.asarray(np.maximum(highest, 1e-9) / _WEIGHT_STEPS)


def _alias_frame(reliability: dict[tuple[str, str], Floats]) -> pl.DataFrame:
    rows = [(*key, *values.tolist()) for key, values in sorted(reliability.items())]
    schema = {"topic_id": pl.String, "alias": pl.String} | dict.fromkeys(LEVELS, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def read_learned(folder: Path) -> Learned:
    """Return the model that `Learned.save` wrote into a folder."""
    head = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    context = pl.read_parquet(folder / "context.parquet")
    mentions = pl.read_csv(folder / "mentions.csv")
    aliases = pl.read_csv(folder / "aliases.csv")
    steps = context.select(head["topics"]).to_numpy().astype(np.float64)
    return Learned(
        version=head["version"],
        topics=head["topics"],
        group_reliability=np.array([head["group_reliability"][name] for name in STRENGTHS]),
        alias_reliability={
            (topic, alias): np.array(levels) for topic, alias, *levels in aliases.iter_rows()
        },
        terms=context["term"].to_list(),
        idf=context["idf"].to_numpy().astype(np.float64),
        weights=steps * np.array(head["scales"]),
        likeness=context["likeness"].to_numpy().astype(np.float64),
        most_unlike=head["most_unlike"],
        by_mention=mentions.select(head["topics"]).to_numpy().astype(np.float64),
        bias=np.array(head["bias"]),
        prior=np.array(head["prior"]),
        coefficients=np.array(head["coefficients"]),
    )


@cache
def shipped() -> Learned:
    """Return the model that is shipped with the package."""
    with as_file(files("transforms.topics") / "learned") as folder:
        return read_learned(folder)
