"""Text of others as it may be shown: what steers a terminal or turns text around is visible."""

import json
import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, ESC and C1 among them; not tab and newline
    "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"  # marks of direction, separators
    "\ud800-\udfff\ufff9-\ufffb"  # lone halves of pairs, annotations
    "\ufeff\U000e0000-\U000e007f]"  # a mark of byte order, and letters that none but machines read
)


def visible(text: str) -> str:
    """Return a text in which characters that cannot be seen but steer are shown as escapes.

    ESC becomes ``\\x1b``, the override of direction ``\\u202e``. Tab and newline stay.
    """
    return _STEERING.sub(_escape, text) if not text.isprintable() else text


def on_one_line(text: str) -> str:
    """Return the same on one line: a newline is shown as an escape as well."""
    return text if text.isprintable() else visible(text).replace("\n", "\\n")


def visible_json(text: str) -> str:
    """Return JSON text with such characters as JSON escapes: it says the same."""
    return _STEERING.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode()
