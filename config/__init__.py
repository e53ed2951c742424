"""Configuration: settings, feeds, topics."""
