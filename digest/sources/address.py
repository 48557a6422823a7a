"""Which URLs may be fetched: public hosts by http or https, nothing else.

This judges the text of a URL, when somebody saves it and at each redirect. What
a name means at that moment is checked again by the connection itself.
"""

import socket

import httpx2

from digest.sources.entry import SourceError
from digest.sources.public import is_public

_URL_LENGTH = 2_000
_PORTS = (None, 80, 443)  # None: the scheme's own
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")


def check_url(url: str, *, allow_private: bool = False) -> httpx2.URL:
    """The URL, parsed, if its text allows it to be fetched.

    Raises SourceError with the reason in words. `allow_private` lifts the rules
    about host and port, for feeds of an intranet.
    """
    parsed = _parse(url)
    if parsed.scheme not in ("http", "https"):
        raise SourceError("Only addresses with http or https can be fetched.")
    if parsed.userinfo:
        raise SourceError("An address with a user name or a password is not fetched.")
    if not parsed.host or parsed.host.endswith("."):
        raise SourceError("The address names no host.")
    if allow_private:
        return parsed
    if parsed.port not in _PORTS:
        raise SourceError(f"Port {parsed.port} is not fetched, only 80 and 443.")
    if not _is_public_host(parsed.host):
        raise SourceError(f"{parsed.host} is not a public address.")
    return parsed


def _parse(url: str) -> httpx2.URL:
    is_plain = url.isprintable() and not any(char in url for char in ' \\"<>')
    if not is_plain or len(url) > _URL_LENGTH:
        raise SourceError("The address is too long or holds blanks or odd characters.")
    try:
        return httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise SourceError("The address is not a valid URL.") from error


def _is_public_host(host: str) -> bool:
    """Judge the text alone; numbers in any of inet_aton's spellings are addresses."""
    if ":" in host:
        return is_public(host)
    try:
        return is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        pass
    lowered = host.lower()
    is_local = any(
        lowered == name or lowered.endswith(f".{name}") for name in _LOCAL_NAMES
    )
    return "." in host and not is_local
