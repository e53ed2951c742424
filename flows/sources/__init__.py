"""Live sources: one module a source, and the HTTP client they share; no frames, no SQL, no disk."""
