"""Addresses as they may be kept and shown: without what lets people in."""

import re
from base64 import b64encode
from urllib.parse import unquote

_USER = re.compile(r"(?<=://)[^/?#\s@]*@")
_SECRET = re.compile(
    r"(?<=[?&])((?:access_?|auth_?|api_?|secret_?)?(?:token|key|password|secret|auth|signature|sig))"
    r"=[^&#\s]*",
    re.IGNORECASE,
)


def without_credentials(text: str) -> str:
    """Return an address, or a message that holds one, without user, password, key or token."""
    return _SECRET.sub(r"\1=...", _USER.sub("", text))


def secrets_of(address: str) -> list[str]:
    """Return the password of an address, and what is sent for it in the head of a request."""
    found = _USER.search(address)
    user, colon, password = found[0][:-1].partition(":") if found else ("", "", "")
    if not colon or not password:
        return []
    sent = f"{unquote(user)}:{unquote(password)}".encode()
    return [b64encode(sent).decode(), unquote(password)]
