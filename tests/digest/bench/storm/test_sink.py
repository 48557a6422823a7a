"""The storm's mail server over its wire: what it says, and what it notes."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.bench.storm import whims
from digest.bench.storm.sink import Sink
from digest.bench.storm.whims import Greeting, Whim
from digest.bench.storm.wire import Wire
from digest.bench.story.processes import free_port

SEED = next(
    seed
    for seed in range(1_000)
    if all(whims.greet(seed, "session", n) is Greeting.WELCOME for n in (1, 2))
)
MAIL = b"Message-ID: <1@x.org>\r\nSubject: x\r\n\r\nbody\r\n"


def reader_who_meets(whim: Whim) -> str:
    addresses = (f"reader{number}@x.org" for number in range(10_000))
    return next(a for a in addresses if whims.draw(SEED, a, 1) is whim)


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(SEED, tmp_path / "wire.log")


@pytest.fixture
def client(wire: Wire) -> Iterator[smtplib.SMTP]:
    port = free_port()
    sink = Sink(wire, 0.0, port)
    connection = smtplib.SMTP("127.0.0.1", port, timeout=10)
    yield connection
    connection.close()
    sink.stop()


def test_what_it_takes_is_in_the_log_with_its_reader(
    wire: Wire, client: smtplib.SMTP
) -> None:
    reader = reader_who_meets(Whim.TAKE)

    client.sendmail("a@x.org", reader, MAIL)

    told = [(one.message_id, one.recipient, one.is_taken) for one in wire.read()]
    assert told == [("<1@x.org>", reader, True)]


def test_a_drop_after_the_dot_may_have_been_taken_and_is_noted_first(
    wire: Wire, client: smtplib.SMTP
) -> None:
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail("a@x.org", reader_who_meets(Whim.DROP_TAKEN), MAIL)

    assert [(one.is_taken, one.is_silent) for one in wire.read()] == [(True, True)]


def test_a_refusal_after_the_dot_is_noted_as_not_taken(
    wire: Wire, client: smtplib.SMTP
) -> None:
    with pytest.raises(smtplib.SMTPDataError):
        client.sendmail("a@x.org", reader_who_meets(Whim.CONTENT), MAIL)

    assert [(one.is_taken, one.is_silent) for one in wire.read()] == [(False, False)]


def test_a_refused_reader_gets_no_content(wire: Wire, client: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("a@x.org", reader_who_meets(Whim.NO_MAILBOX), MAIL)

    assert wire.read() == []
