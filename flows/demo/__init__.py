"""The demonstration: a sample of our own making, all the way."""
