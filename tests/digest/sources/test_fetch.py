"""The fetch, against a real HTTP server on loopback."""

import gzip
import zlib

import httpx2
import pytest

from digest.sources.entry import SourceBusy, SourceError
from digest.sources.fetch import Fetched, fetch, next_hop
from tests.digest.sources.servers import Answer, serving


def get(url: str, *, max_bytes: int = 10_000_000) -> Fetched:
    """Fetch from loopback, which only `allow_private` permits."""
    return fetch(url, user_agent="Test", allow_private=True, max_bytes=max_bytes)


def get_one(status: int, headers: dict[str, str], body: bytes) -> Fetched:
    """Fetch from a server that answers just this; no more than 100 kB of it."""
    with serving({"/": (status, headers, body)}) as server:
        return get(f"{server.url}/", max_bytes=100_000)


def test_it_brings_the_body_and_what_the_next_request_needs() -> None:
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "ETag": "0a1b",
        "Last-Modified": "Fri, 23 Aug 2024 04:00:00 GMT",
    }
    with serving({"/rss/cs.AI+cs.LG?a=1": (200, headers, b"<rss/>")}) as server:
        url = f"{server.url}/rss/cs.AI+cs.LG?a=1"
        fetched = get(url)

    assert fetched == Fetched(
        status="fresh",
        url=url,
        body=b"<rss/>",
        content_type="text/xml; charset=utf-8",
        etag="0a1b",
        last_modified="Fri, 23 Aug 2024 04:00:00 GMT",
    )
    [(_, sent)] = server.asked
    assert sent["User-Agent"] == "Test"
    assert sent["Accept-Encoding"] == "gzip"
    assert "If-None-Match" not in sent


def test_it_sends_the_validators_and_understands_unchanged() -> None:
    with serving({"/": (304, {}, b"")}) as server:
        fetched = fetch(
            f"{server.url}/",
            user_agent="Test",
            etag="0a1b",
            last_modified="Fri, 23 Aug 2024 04:00:00 GMT",
            allow_private=True,
        )

    assert (fetched.status, fetched.body, fetched.etag) == ("unchanged", b"", "0a1b")
    [(_, sent)] = server.asked
    assert sent["If-None-Match"] == "0a1b"
    assert sent["If-Modified-Since"] == "Fri, 23 Aug 2024 04:00:00 GMT"


def test_a_validator_that_breaks_headers_is_not_sent() -> None:
    with serving({"/": (200, {}, b"x")}) as server:
        fetch(f"{server.url}/", user_agent="T", etag="a\r\nB: c", allow_private=True)

    assert "If-None-Match" not in server.asked[0][1]


def test_unchanged_without_a_question_is_an_error() -> None:
    with pytest.raises(SourceError, match="304"):
        get_one(304, {}, b"")


@pytest.mark.parametrize("status", [403, 404, 500, 599, 204, 206])
def test_another_status_is_an_error_in_plain_words(status: int) -> None:
    with pytest.raises(SourceError, match=rf"127\.0\.0\.1 answered {status}"):
        get_one(status, {}, b"")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120),
        ("0", 60),
        ("-5", 300),
        ("1000000000", 86_400),
        ("9" * 5_000, 86_400),
        ("soon", 300),
        ("", 300),
        ("Fri, 23 Aug 2024 05:00:00 GMT", 3_600),
        ("Fri, 23 Aug 2019 05:00:00 GMT", 60),
        ("Fri, 23 Aug 2034 05:00:00 GMT", 86_400),
    ],
)
def test_it_stays_away_as_long_as_asked(status: int, stated: str, seconds: int) -> None:
    headers = {"Retry-After": stated, "Date": "Fri, 23 Aug 2024 04:00:00 GMT"}
    with pytest.raises(SourceBusy) as caught:
        get_one(status, headers, b"")

    assert caught.value.retry_after_seconds == seconds


def test_it_follows_redirects_and_learns_a_permanent_address() -> None:
    answers = {
        "/old": (301, {"Location": "/moved"}, b""),
        "/moved": (308, {"Location": "/new"}, b""),
        "/new": (302, {"Location": "/today"}, b""),
        "/today": (200, {}, b"here"),
    }
    with serving(dict(answers)) as server:
        fetched = get(f"{server.url}/old")

    assert fetched.body == b"here"
    assert fetched.url == f"{server.url}/new"


def test_a_redirect_behind_a_temporary_one_teaches_nothing() -> None:
    answers = {
        "/a": (302, {"Location": "/b"}, b""),
        "/b": (301, {"Location": "/c"}, b""),
        "/c": (200, {}, b""),
    }
    with serving(dict(answers)) as server:
        assert get(f"{server.url}/a").url == f"{server.url}/a"


def test_it_gives_up_after_four_redirects() -> None:
    answers: dict[str, Answer] = {
        f"/{hop}": (302, {"Location": f"/{hop + 1}"}, b"") for hop in range(10)
    }
    with (
        serving(dict(answers)) as server,
        pytest.raises(SourceError, match="too many times"),
    ):
        get(f"{server.url}/0")

    assert len(server.asked) == 5


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://example.org/", "http://a:b@127.0.0.1/", "http://["],
)
def test_a_redirect_to_what_may_not_be_fetched_is_refused(location: str) -> None:
    with pytest.raises(SourceError):
        get_one(302, {"Location": location}, b"")


def test_a_redirect_loop_ends() -> None:
    with pytest.raises(SourceError, match="too many times"):
        get_one(302, {"Location": "/"}, b"")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest",
        "https://[::1]/",
        "//127.0.0.1/",
        "http://example.org/",
        "https://example.org:22/",
        "file:///etc/passwd",
    ],
)
def test_a_public_https_page_leads_only_to_another(location: str) -> None:
    asked = httpx2.Request("GET", "https://example.org/feed")
    answer = httpx2.Response(302, headers={"Location": location}, request=asked)

    with pytest.raises(SourceError):
        next_hop(answer, allow_private=False)


def test_a_relative_redirect_stays_on_the_host() -> None:
    asked = httpx2.Request("GET", "https://example.org/a/feed")
    answer = httpx2.Response(302, headers={"Location": "../b"}, request=asked)

    assert str(next_hop(answer, allow_private=False)) == "https://example.org/b"


def test_it_unpacks_gzip() -> None:
    body = b"<rss/>" * 10_000

    assert (
        get_one(200, {"Content-Encoding": "gzip"}, gzip.compress(body, mtime=0)).body
        == body
    )


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    with pytest.raises(SourceError, match=r"more than 0\.1 MB"):
        get_one(200, {"Content-Encoding": "gzip"}, bomb)


def test_a_body_without_end_stops_at_the_limit() -> None:
    with pytest.raises(SourceError, match=r"more than 0\.1 MB"):
        get_one(200, {}, bytes(1_000_000))


PACKED = gzip.compress(b"<rss/>" * 100, mtime=0)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", PACKED[:-8] + bytes(8)),
        ("gzip", PACKED[:-12]),
        ("gzip", PACKED + PACKED),
        ("gzip", b"<rss/>"),
        ("gzip, gzip", gzip.compress(PACKED, mtime=0)),
        ("br", b"\x0b\x02\x80"),
        ("deflate", zlib.compress(b"<rss/>")),
    ],
)
def test_damaged_or_unasked_compression_is_refused(encoding: str, body: bytes) -> None:
    with pytest.raises(SourceError, match=r"compressed data|not asked for"):
        get_one(200, {"Content-Encoding": encoding}, body)


def test_a_body_shorter_than_promised_is_an_error() -> None:
    with pytest.raises(SourceError, match="broke off"):
        get_one(200, {"Content-Length": "1000"}, b"<rss>")


def test_a_megabyte_of_headers_is_an_error() -> None:
    with pytest.raises(SourceError, match="broke off"):
        get_one(200, {"X-Long": "a" * 1_000_000}, b"")


def test_a_closed_port_is_an_error_in_plain_words() -> None:
    with serving({}) as server:
        url = f"{server.url}/"

    with pytest.raises(SourceError, match="could not be reached"):
        get(url)


def test_a_proxy_of_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert get_one(200, {}, b"direct").body == b"direct"
