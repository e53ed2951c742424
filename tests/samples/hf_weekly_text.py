"""Samples of the format hf_weekly_text, with text of our own."""

DUMP = """Title: Counting Small Things Without Losing Any
PDF: https://arxiv.org/pdf/2406.14539
Summary: We count small things. Nothing is lost.
---
Title: A Title That Goes On: Over Two
  Lines
PDF: https://arxiv.org/pdf/2406.11410v2.pdf
Summary: The abstract goes on as well,
over a line with a colon: and more.
---
"""
