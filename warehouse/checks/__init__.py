"""Judgement of a loaded warehouse by Great Expectations; importing its parts takes seconds."""
