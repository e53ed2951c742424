"""What the benchmarks read: captures of synthetic papers, and the terms of the taxonomy."""

import subprocess
from datetime import date, timedelta
from pathlib import Path

from config.settings import load_settings
from config.taxonomy import read_taxonomy
from tests.benchmarks.processes import CHECKOUT, python
from transforms.taxonomy import build_taxonomy

LOOKS_PER_DAY = 2
END = date(2026, 1, 5)
"""The day after the last list: a look that lies ahead of the clock would be held."""


def make_captures(folder: Path, captures: int, papers: int) -> Path:
    """Write captures of so many papers each, two looks at every day, unless they are there."""
    sample = folder / f"captures-{captures}x{papers}"
    if not sample.exists():
        days = max(1, captures // LOOKS_PER_DAY)
        sizes = {
            "--start": END - timedelta(days=days),
            "--days": days,
            "--papers-per-day": papers,
            "--looks-per-day": LOOKS_PER_DAY,
        }
        flags = [str(part) for pair in sizes.items() for part in pair]
        command = python("flows.demo.synthetic", sample, *flags, "--clean")
        subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    return sample


def make_terms(folder: Path) -> Path:
    """Write the terms of the taxonomy as a plain list, which the peers read."""
    terms = folder / "terms.ndjson"
    taxonomy = build_taxonomy(read_taxonomy(load_settings().overlay))
    taxonomy.aliases.write_ndjson(terms)
    return terms
