"""One module per capture format: its documents to entries."""
