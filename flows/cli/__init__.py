"""The command line: verbs, what they print, how errors end them; the work is done below."""
