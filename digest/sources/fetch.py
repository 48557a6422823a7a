"""The one function that asks the network for a feed.

Careful and polite: public hosts only, every redirect checked by hand, bounded in
time and size, conditional where the last answer allows it, and silent for as
long as the server asks. How often a host may be asked is decided by the caller.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

import httpx2

from digest.sources.address import check_url
from digest.sources.body import ACCEPTED_ENCODING, read_body
from digest.sources.connection import Deadline, GuardedBackend, GuardedTransport
from digest.sources.entry import NotThere, SourceBusy, SourceError

MAX_BYTES = 10_000_000
MAX_REDIRECTS = 4
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 15.0, 30.0
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 60, 86_400
# Where the server says "later" but not when.
USUAL_WAIT_SECONDS = 300

_ACCEPTED_TYPES = (
    "application/rss+xml, application/atom+xml, application/json, */*;q=0.5"
)
_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_BUSY = (429, 503)
_VALIDATOR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer.

    "unchanged" comes without a body and keeps the validators that were sent.
    `url` is the address to ask next time: it differs from the one asked only
    after permanent redirects.
    """

    status: Literal["fresh", "unchanged"]
    url: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


def fetch(
    url: str,
    *,
    user_agent: str,
    etag: str = "",
    last_modified: str = "",
    allow_private: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Fetched:
    """Get the document, following at most 4 redirects, in at most 30 seconds.

    Raises SourceBusy when the server asks to come later (429, 503), NotThere for 404
    and 410, SourceError for everything else that goes wrong; all say in plain words
    what and where.
    """
    target = check_url(url, allow_private=allow_private)
    headers = _headers(user_agent, etag, last_modified)
    next_url, is_permanent = url, True
    with _client(headers, allow_private=allow_private) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with _answer(client, target) as response:
                if response.status_code not in _REDIRECTS:
                    return _fetched(response, next_url, max_bytes)
                is_permanent = is_permanent and response.status_code in _PERMANENT
                target = next_hop(response, allow_private=allow_private)
                next_url = str(target) if is_permanent else next_url
    raise SourceError(f"{target.host} redirects too many times.")


def _headers(user_agent: str, etag: str, last_modified: str) -> dict[str, str]:
    headers = {
        "User-Agent": user_agent,
        "Accept": _ACCEPTED_TYPES,
        "Accept-Encoding": ACCEPTED_ENCODING,
        "If-None-Match": _validator(etag),
        "If-Modified-Since": _validator(last_modified),
    }
    return {name: value for name, value in headers.items() if value}


def _validator(text: str) -> str:
    """The validator as received, "" if it could not stand in a header."""
    is_plain = text.isascii() and text.isprintable()
    return text if is_plain and len(text) <= _VALIDATOR_LENGTH else ""


def _client(headers: dict[str, str], *, allow_private: bool) -> httpx2.Client:
    backend = GuardedBackend(Deadline(TOTAL_SECONDS), allow_private=allow_private)
    return httpx2.Client(
        transport=GuardedTransport(backend),
        headers=headers,
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )


@contextmanager
def _answer(client: httpx2.Client, url: httpx2.URL) -> Iterator[httpx2.Response]:
    """The open answer; whatever breaks while it is read becomes plain words."""
    try:
        with client.stream("GET", url) as response:
            yield response
    except httpx2.TimeoutException as error:
        raise SourceError(f"{url.host} did not answer in time.") from error
    except httpx2.ConnectError as error:
        raise SourceError(f"{url.host} could not be reached.") from error
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
        raise SourceError(f"{url.host} broke off its answer.") from error


def next_hop(response: httpx2.Response, *, allow_private: bool) -> httpx2.URL:
    """Where a redirect leads, checked like an address that somebody typed.

    Raises SourceError if it may not be followed; https never leads to http.
    """
    here = response.request.url
    location = response.headers.get("location", "")
    try:
        there = str(here.join(location))
    except httpx2.InvalidURL as error:
        raise SourceError(f"{here.host} redirects to an invalid address.") from error
    target = check_url(there, allow_private=allow_private)
    if here.scheme == "https" and target.scheme != "https":
        raise SourceError(f"{here.host} redirects from https to http.")
    return target


def _fetched(response: httpx2.Response, url: str, max_bytes: int) -> Fetched:
    host, status = response.request.url.host, response.status_code
    sent = response.request.headers
    has_validator = "if-none-match" in sent or "if-modified-since" in sent
    if status == HTTPStatus.NOT_MODIFIED and has_validator:
        return Fetched(
            status="unchanged",
            url=url,
            etag=sent.get("if-none-match", ""),
            last_modified=sent.get("if-modified-since", ""),
        )
    if status in _BUSY:
        seconds = _wait_seconds(response.headers)
        raise SourceBusy(f"{host} asks to come back later ({status}).", seconds)
    if status not in (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION):
        kind = NotThere if status in _NOT_THERE else SourceError
        raise kind(f"{host} answered {status} {_phrase(status)}".rstrip() + ".")
    return Fetched(
        status="fresh",
        url=url,
        body=read_body(response, max_bytes),
        content_type=response.headers.get("content-type", ""),
        etag=_validator(response.headers.get("etag", "")),
        last_modified=_validator(response.headers.get("last-modified", "")),
    )


def _phrase(status: int) -> str:
    """Our own words for the status, never the server's."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _wait_seconds(headers: httpx2.Headers) -> int:
    """Retry-After in seconds, between one minute and one day.

    A date is read against the server's own Date, so no clock is needed and a
    wrong one does no harm.
    """
    stated = headers.get("retry-after", "").strip()
    seconds: float = USUAL_WAIT_SECONDS
    if stated.isascii() and stated.isdigit():
        seconds = int(stated[:9])
    else:
        later, now = _moment(stated), _moment(headers.get("date", ""))
        if later and now:
            seconds = (later - now).total_seconds()
    return int(min(max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS))


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else None
