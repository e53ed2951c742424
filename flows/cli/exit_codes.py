"""How a verb ends the process with a code of its own."""


class ExitCode(Exception):  # noqa: N818 - it ends the command, it need not be an error
    """Ends the command with a code of the contract, after everything was said."""

    def __init__(self, code: int) -> None:
        """Remember the code."""
        super().__init__(code)
        self.code = code


class UnreachableError(RuntimeError):
    """A source or a configured server did not answer; the message names it. Try again later."""
