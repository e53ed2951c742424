"""What other tools take to fill three tables of the same captures, and check nothing.

Each script fills ``raw.capture``, ``raw.entry`` and ``core.paper``. It runs in a virtual
environment apart from ours, see ``environment.py``, and imports nothing of this project.
"""
