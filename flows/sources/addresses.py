"""Addresses as they may be kept and shown: without what lets people in."""

import re
from base64 import b64encode
from urllib.parse import quote, unquote

_USER = re.compile(r"(?<=://)[^/?#\s]*@")
"""Up to the last sign: a password may hold one."""
_SECRET = re.compile(
    r"(?<=[?&;])((?:[\w.-]{0,40}[_.-])?(?:(?:access|auth|api|secret)?"
    r"(?:token|key|password|passwd|pwd|secret|auth|signature|sig|credential|jwt)))"
    r"=[^&;#\s]*",
    re.IGNORECASE,
)


def encode_login(endpoint: str) -> str:
    """Return the address of a server in which user and password are percent-encoded, so that what
    stands before its ``@`` can be told from the rest, whatever a password holds.

    They are left out where the address has no scheme: nobody can be asked there.
    """
    scheme, is_whole, rest = endpoint.partition("://")
    login, is_there, place = (rest if is_whole else endpoint).rpartition("@")
    if not is_there:
        return endpoint
    if not is_whole:
        return place
    user, colon, password = (quote(unquote(part), safe="") for part in login.partition(":"))
    return f"{scheme}://{user}{':' if colon else ''}{password}@{place}"


def without_credentials(text: str) -> str:
    """Return an address, or a message that holds one, without user, password, key or token."""
    return _SECRET.sub(r"\1=...", _USER.sub("", text))


def secrets_of(address: str) -> list[str]:
    """Return the password of an address, or the user who has none, as a token may stand there; and
    what is sent for it in the head of a request.
    """
    found = _USER.search(address)
    user, _, password = found[0][:-1].partition(":") if found else ("", "", "")
    secret = unquote(password or user)
    if not secret:
        return []
    sent = f"{unquote(user)}:{unquote(password)}".encode()
    return [b64encode(sent).decode(), secret]
