"""Pure functions, frames and values in and out, from bytes to topics: no clock, no network, no SQL.

The stages, in this order: parse, validate, quarantine, conform, correct, resolve, topics. They
share ``text``, ``schemas`` and what stands below these. ``redact`` is apart: it erases names.
"""
