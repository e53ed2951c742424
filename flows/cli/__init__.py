"""The command line: verbs, what they print, and how errors become exit codes."""
