"""Expectations of the loaded data, run by Great Expectations: a query and a declaration each."""
