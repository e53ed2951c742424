"""``python -m flows.cli``: the command line from a checkout."""

from flows.cli.main import main

main()
