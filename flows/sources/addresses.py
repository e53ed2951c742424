"""Addresses as they may be kept and shown: without what lets people in."""

import re

_USER = re.compile(r"(?<=://)[^/?#\s@]*@")
_SECRET = re.compile(
    r"(?<=[?&])((?:access_?|auth_?|api_?|secret_?)?(?:token|key|password|secret|auth|signature|sig))"
    r"=[^&#\s]*",
    re.IGNORECASE,
)


def without_credentials(text: str) -> str:
    """Return an address, or a message that holds one, without user, password, key or token."""
    return _SECRET.sub(r"\1=...", _USER.sub("", text))
