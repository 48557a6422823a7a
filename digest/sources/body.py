"""Read the body of an answer, but never more than was agreed.

Decompressed here, piece by piece with a limit: a library that decompresses for
us turns one small read of a gzip bomb into hundreds of megabytes.
"""

import zlib

import httpx2

from digest.sources.entry import SourceError

# What `fetch` advertises in Accept-Encoding; anything else was not asked for.
ACCEPTED_ENCODING = "gzip"

_GZIP_WINDOW = zlib.MAX_WBITS | 16
_PIECE = 65_536


def read_body(response: httpx2.Response, max_bytes: int) -> bytes:
    """The whole body, decompressed. Raises SourceError if it is too large or broken."""
    host = response.request.url.host
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return _read_plain(response, max_bytes, host)
    if encoding in ("gzip", "x-gzip"):
        return _read_gzip(response, max_bytes, host)
    raise SourceError(f"{host} answered in an encoding that was not asked for.")


def _read_plain(response: httpx2.Response, max_bytes: int, host: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw(_PIECE):
        body += chunk
        _check_size(body, max_bytes, host)
    return bytes(body)


def _read_gzip(response: httpx2.Response, max_bytes: int, host: str) -> bytes:
    body = bytearray()
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        for chunk in response.iter_raw(_PIECE):
            packed = chunk
            while packed and not unpacker.eof:
                body += unpacker.decompress(packed, _PIECE)
                _check_size(body, max_bytes, host)
                packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise SourceError(f"{host} sent compressed data that is damaged.") from error
    if not unpacker.eof or unpacker.unused_data.strip(b"\0"):
        raise SourceError(f"{host} sent compressed data that is incomplete.")
    return bytes(body)


def _check_size(body: bytearray, max_bytes: int, host: str) -> None:
    if len(body) > max_bytes:
        megabytes = max_bytes / 1_000_000
        raise SourceError(f"{host} sent more than {megabytes:g} MB.")
