"""Answers for pages: whole sets, one question each; the text of a question can be shown and run."""
