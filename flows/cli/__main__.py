"""The command line as a process: ``python -m flows.cli``, and the installed program."""

import signal


def main() -> None:
    """Run the command line and end the process with a code of the contract.

    Ctrl-C while it is still being imported ends it at once: nothing has begun that would be told.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from flows.cli.main import main as run_and_end

    run_and_end()


if __name__ == "__main__":
    main()
