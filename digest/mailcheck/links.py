"""What an address may look like."""

from urllib.parse import SplitResult, urlsplit

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SHORTENERS = {
    *("bit.ly", "t.co", "goo.gl", "tinyurl.com", "ow.ly", "is.gd", "buff.ly"),
    *("lnkd.in", "rb.gy", "cutt.ly", "t.ly", "shorturl.at", "tiny.cc"),
}


def split(url: str) -> SplitResult:
    """The address in its parts; empty parts where it has no valid form."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def is_secure(url: str) -> bool:
    """Absolute https, or http on this machine (development)."""
    parts = split(url)
    is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_local)


def is_detour(url: str) -> bool:
    """A shortener, or an address that carries another one to go on to."""
    parts = split(url)
    query = parts.query.lower()
    return (
        parts.hostname in _SHORTENERS
        or "http:" in query
        or "http%3a" in query
        or ("https:" in query or "https%3a" in query)
    )


def is_dangerous(url: str) -> bool:
    """An address that runs code or carries its own content."""
    return split("".join(url.split())).scheme in ("javascript", "vbscript", "data")
