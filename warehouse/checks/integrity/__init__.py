"""Hard identities: queries that return the rows that must not exist; one stops publishing."""
