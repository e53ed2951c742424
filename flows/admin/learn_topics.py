"""Learn the model of topics anew from labelled papers, and write it where it is shipped.

``python -m flows.admin.learn_topics VERSION LABELS.jsonl...``; lines ``{"title", "abstract",
"gold": [topic_id]}``. The same labels give the same files. `tests.benchmarks.bench_topics` says
what the model is worth on papers that it was not learned from.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import transforms.topics
from config.taxonomy import read_taxonomy
from flows.pipeline.labels import read_labels
from transforms.taxonomy import build_taxonomy
from transforms.topics.learn import learn


def main(version: str, paths: Sequence[Path]) -> None:
    """Write the model."""
    labelled = read_labels(paths)
    learned = learn(labelled.papers, labelled.labels, build_taxonomy(read_taxonomy(None)))
    folder = Path(transforms.topics.__path__[0]) / "learned"
    replace(learned, version=version).save(folder)


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
