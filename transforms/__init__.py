"""Pure functions over frames, from bytes to topics."""
