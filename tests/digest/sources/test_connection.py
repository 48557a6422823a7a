"""Where a connection may go: blocked addresses, rebinding names, slow servers."""

import socket
import threading
from collections.abc import Iterator

import httpcore2
import httpx2
import pytest

from digest.sources.address import check_url
from digest.sources.connection import (
    Deadline,
    GuardedBackend,
    GuardedTransport,
    Resolve,
    resolve,
)
from digest.sources.entry import SourceError
from digest.sources.fetch import fetch
from digest.sources.public import is_public
from tests.digest.sources.servers import serving

PRIVATE_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "0",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "100.64.0.1",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "192.0.0.8",
    "224.0.0.1",
    "[fec0::1]",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_private_host_is_refused_when_it_is_saved(host: str) -> None:
    with pytest.raises(SourceError):
        check_url(f"http://{host}/")


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_private_host_is_refused_when_it_is_fetched(host: str) -> None:
    with pytest.raises(SourceError):
        fetch(f"http://{host}/", user_agent="Test")


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_private_host_is_refused_when_the_connection_is_made(host: str) -> None:
    backend = GuardedBackend(Deadline(5))

    with pytest.raises(SourceError):
        backend.connect_tcp(host.strip("[]"), 80, timeout=1)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "//example.org/",
        "http:\\\\example.org/",
        "http://a@example.org/",
        "http://example.org./",
        "http://example.org:22/",
        "http://example.org:6379/",
        "http://intranet/",
        "http://printer.local/",
        "http:///path",
        "http://example.org/\n",
        "http://example.org/\0",
        "http://example.org/a b",
        "http://example.org/" + "a" * 10_000,
        "http://[::1",
        "",
    ],
)
def test_an_address_that_is_no_public_web_page_is_refused(url: str) -> None:
    with pytest.raises(SourceError):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    ["https://rss.arxiv.org/rss/cs.AI+cs.LG", "http://8.8.8.8:80/", "https://a.b:443/"],
)
def test_a_public_web_page_is_accepted(url: str) -> None:
    assert check_url(url).host


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_one_private_address_bars_the_whole_name() -> None:
    backend = GuardedBackend(Deadline(5), resolve=always("93.184.216.34", "10.0.0.1"))

    with pytest.raises(SourceError, match=r"news\.example is not a public address"):
        backend.connect_tcp("news.example", 80)


def test_a_name_is_looked_up_once_and_the_answer_is_used() -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with serving({"/": (200, {}, b"first")}) as server:
        client = client_for(lambda *_: answers.pop(0))
        with client:
            body = client.get(
                f"http://news.example:{server.server_address[1]}/"
            ).content

    assert body == b"first"
    assert answers == [["127.0.0.2"]]
    assert server.asked[0][1]["Host"].startswith("news.example:")


def test_it_tries_the_next_address_when_one_is_closed() -> None:
    resolve = always("127.0.0.99", "127.0.0.1")
    with serving({"/": (200, {}, b"second")}) as server, client_for(resolve) as client:
        url = f"http://news.example:{server.server_address[1]}/"
        assert client.get(url).content == b"second"


def always(*addresses: str) -> Resolve:
    """A resolver that finds every name at these addresses."""
    return lambda *_: list(addresses)


def client_for(resolve: Resolve) -> httpx2.Client:
    """A client on guarded connections that finds names by that function."""
    backend = GuardedBackend(Deadline(5), allow_private=True, resolve=resolve)
    return httpx2.Client(transport=GuardedTransport(backend), trust_env=False)


def test_a_name_that_does_not_exist_is_an_error_in_plain_words() -> None:
    with pytest.raises(SourceError, match=r"no-such-host\.invalid could not be found"):
        resolve("no-such-host.invalid", 80)


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that sends one byte of a header again and again."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not done.wait(0.05):
                    try:
                        connection.send(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        yield listener.getsockname()[1]
        done.set()
        thread.join()


def test_a_server_that_drips_bytes_meets_the_deadline(dripping: int) -> None:
    backend = GuardedBackend(Deadline(0.5), allow_private=True)
    stream = backend.connect_tcp("127.0.0.1", dripping, timeout=5)

    with pytest.raises(httpcore2.ReadTimeout):
        read_for_ever(stream)
    stream.close()


def read_for_ever(stream: httpcore2.NetworkStream) -> None:
    """Each read alone is quick; only the deadline ends them."""
    while True:
        stream.read(1, timeout=5)
