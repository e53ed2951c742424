"""One module a verb, named as in ``flows.cli.verbs``: options, one call, and what is printed."""
