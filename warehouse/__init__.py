"""Everything that is kept: landing, DuckDB, journal, checks."""
