"""How many processors this process may use."""

import os


def count_processors() -> int:
    """Return how many there are for this process, at least one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
