"""The body of an answer, unpacked in bounded pieces."""

import zlib
from collections.abc import Iterator

import httpx

from flows.sources.errors import FailedTryError

ACCEPTED = "gzip, deflate"
"""What we ask for, and take."""
_PIECE = 1 << 20
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 47}


def read_pieces(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body of an answer as it comes, in pieces of at most 1 MiB.

    Raises:
        FailedTryError: it is packed more than once, in a way that we do not take, or wrongly.
    """
    packing = _find_packing(response)
    if packing is None:
        yield from response.iter_raw()
        return
    stream = zlib.decompressobj(wbits=_WINDOWS[packing])
    try:
        for chunk in response.iter_raw():
            if stream.eof:
                # what comes after its end is none of it, and need have no end itself
                return
            rest = chunk
            while rest and not stream.eof:
                yield stream.decompress(rest, _PIECE)
                rest = stream.unconsumed_tail
    except zlib.error as error:
        raise FailedTryError(f"the answer is no {packing}: {error}") from error
    if not stream.eof:
        raise FailedTryError(f"the answer broke off: the end of its {packing} is missing")


def _find_packing(response: httpx.Response) -> str | None:
    named = response.headers.get("Content-Encoding", "").lower().split(",")
    packings = [name.strip() for name in named if name.strip() not in ("", "identity")]
    if not packings:
        return None
    if len(packings) > 1 or packings[0] not in _WINDOWS:
        shown = ", ".join(packings)[:100]
        reason = f"an answer packed as {shown!r}: we take one of {ACCEPTED}"
        raise FailedTryError(reason, is_final=True)
    return str(packings[0])
