"""Which years a date may lie in, before it is taken for a slip of somebody's clock."""

PLAUSIBLE_YEARS = range(1991, 2100)
"""Of a list's date and of the time of a capture: from the first year of arXiv on."""

EARLIEST_PUBLICATION = 1800
"""Of a paper: scans of old papers are dated when they were printed."""

READABLE_YEARS = range(2, 9999)
"""Of any time: beyond, the change to another zone or day could leave Python's calendar."""
