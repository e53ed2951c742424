"""Pure functions, frames and values in and out, from bytes to topics; no clock, no network, no SQL.

parse, validate, quarantine, conform, correct, resolve, topics: the stages, in this order. They share
nothing but ``text``, ``schemas`` and what stands below these; ``redact`` is apart from them.
"""
