"""Names out of lists that programs wrote out: JSON, Python, or quoted texts between commas."""

import ast
import re

import orjson

_QUOTED = re.compile(r"[\s,\[\]]*(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\")")
_PYTHON_OBJECTS = re.compile(r"\[\s*\{\s*'")
_NAN = re.compile(r"(?<=: )nan\b")
_WHOLE = ("name", "full_name", "fullName", "fullname")
_PARTS = (("given", "first", "forenames"), ("family", "last", "keyname"))
"""Where people keep the names of an author who is an object, forenames first."""
_LONGEST_LIST = 20_000
"""Of one that Python wrote: reading it takes many times its size."""


def name_of(author: object) -> object:
    """Return the name of an author given as an object; whatever else is given as it stands."""
    if not isinstance(author, dict):
        return author
    whole = next((author[key] for key in _WHOLE if isinstance(author.get(key), str)), None)
    if whole is not None:
        return whole
    parts = [
        next((author[key] for key in keys if isinstance(author.get(key), str)), None)
        for keys in _PARTS
    ]
    return " ".join(filter(None, parts)) or None


def read_listed(text: str) -> list[str] | None:
    """Return the names of a list in JSON or Python, of texts or of objects with a ``name``."""
    try:
        listed = orjson.loads(text)
    except orjson.JSONDecodeError:
        listed = _read_python(text)
    if listed is None:
        return None
    shown = list(map(name_of, listed))
    names = [name for name in shown if isinstance(name, str)]
    return names if len(names) == len(shown) else None


def _read_python(text: str) -> list[object] | None:
    """Return a list of objects as pandas writes it (``[{'name': 'A'}]``); None for others."""
    if not _PYTHON_OBJECTS.match(text) or len(text) > _LONGEST_LIST:
        return None
    try:
        listed = ast.literal_eval(_NAN.sub("None", text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return listed if isinstance(listed, list) else None


def read_quoted(text: str) -> list[str] | None:
    """Return the quoted texts of a list that was written out; None where it holds anything else."""
    names, at = [], 0
    while found := _QUOTED.match(text, at):
        names.append(re.sub(r"\\(.)", r"\1", found[1] or found[2] or ""))
        at = found.end()
    return None if text[at:].strip("[], \n\r\t") else names
