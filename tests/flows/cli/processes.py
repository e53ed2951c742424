"""Command lines in processes of their own."""

import subprocess
import sys
from pathlib import Path


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3])
