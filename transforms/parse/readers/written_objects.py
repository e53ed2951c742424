"""Objects that a program wrote out as a text: of JSON, or of Python."""

import ast
import re
from typing import Any

import orjson

_LONGEST_TEXT = 200_000
"""Of a text of Python: reading one takes 500 times its size; an entry has 6,000 characters."""

_NAN = re.compile(r"(?<=': )nan(?=[,}])")
"""What pandas has for a missing value, behind the name of its field."""


def evaluate(text: str) -> Any:
    """Return the object that a text of JSON or a Python repr stands for, else the text itself.

    What could not stand in JSON (half a surrogate pair, a key that is no text) is no object.
    """
    if len(text) > _LONGEST_TEXT:
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(orjson.dumps(ast.literal_eval(_NAN.sub("None", text))))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
