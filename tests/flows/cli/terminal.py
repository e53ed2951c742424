"""A terminal for tests."""

from io import StringIO


class Terminal(StringIO):
    """A terminal that remembers what it was shown."""

    def isatty(self) -> bool:
        return True
