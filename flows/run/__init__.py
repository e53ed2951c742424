"""One run of the writer: its lock, its work file, its stages, and the record of how it ended."""

from flows.run.run import QualityChecks, Request, Run
from flows.run.start import read_published, start_run
from flows.run.steps import Progress, Step, direct, quiet

__all__ = [
    "Progress",
    "QualityChecks",
    "Request",
    "Run",
    "Step",
    "direct",
    "quiet",
    "read_published",
    "start_run",
]
