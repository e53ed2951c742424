"""Checks of a loaded warehouse: integrity (hard identities) and quality (expectations)."""
