"""The edge: verbs, clocks, sources and orchestration."""
