"""What providers are told of a digest, through anymail's own backends."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from accounts import services as accounts
from digest.models import Delivery
from digest.pipeline.deliver import deliver
from digest.pipeline.render import build_message
from tests.digest.pipeline.sending import queue, reserved_papers
from tests.digest.transports.providers import (
    SENT,
    ProviderStub,
    answer,
    hang_up,
    in_turn,
    provider,
)
from tests.factories import NOW, make_paper, make_reader, make_topic

pytestmark = pytest.mark.django_db(transaction=True)

Told = tuple[str, str, dict[str, str], str]
"""Text, HTML, headers, and the id that events bring back."""

QUEUED = answer(200, {"id": "<mg-1@example.org>", "message": "Queued. Thank you."})


def read_postmark(mail: Any) -> Told:
    headers = {one["Name"]: one["Value"] for one in mail["Headers"]}
    return mail["TextBody"], mail["HtmlBody"], headers, mail["Metadata"]["delivery"]


def read_brevo(mail: Any) -> Told:
    headers = mail["headers"]
    custom = json.loads(headers["X-Mailin-custom"])
    return mail["textContent"], mail["htmlContent"], headers, custom["delivery"]


def read_resend(mail: Any) -> Told:
    custom = json.loads(mail["headers"]["X-Metadata"])
    return mail["text"], mail["html"], mail["headers"], custom["delivery"]


def read_sparkpost(mail: Any) -> Told:
    content = mail["content"]
    id_ = mail["metadata"]["delivery"]
    return content["text"], content["html"], content["headers"], id_


def read_mailgun(mail: Any) -> Told:
    headers = {name[2:]: value for name, value in mail.items() if name[:2] == "h:"}
    return mail["text"], mail["html"], headers, mail["v:delivery"]


def read_form(body: bytes) -> dict[str, str]:
    """A form's fields; of several values the last."""
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}


@pytest.mark.parametrize(
    ("name", "sent", "load", "read"),
    [
        ("postmark", SENT, json.loads, read_postmark),
        ("brevo", {"messageId": "br-1"}, json.loads, read_brevo),
        ("resend", {"id": "re-1"}, json.loads, read_resend),
        ("sparkpost", {"results": {}}, json.loads, read_sparkpost),
        ("mailgun", {"id": "<1@x>", "message": "Queued."}, read_form, read_mailgun),
    ],
)
def test_a_provider_is_told_the_whole_mail(
    use: Any,
    name: str,
    sent: object,
    load: Callable[[bytes], Any],
    read: Callable[[Any], Told],
) -> None:
    delivery = queue()
    with provider(answer(200, sent)) as stub:
        use(stub.url, name)
        deliver([delivery.pk], now=NOW)

    [body] = stub.bodies
    text, html, told, public_id = read(load(body))
    message = build_message(delivery.pk, NOW).message
    headers = {key.lower(): value for key, value in told.items()}
    assert text.strip() == message.body.strip()
    assert html.strip() == str(message.alternatives[0][0]).strip()
    for header in (
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Id",
        "Message-ID",
    ):
        assert headers[header.lower()] == message.extra_headers[header]
    assert public_id == str(delivery.public_id)


@pytest.fixture
def readers() -> list[Delivery]:
    """Three readers of one topic, whose digests have the same papers."""
    topic, paper = make_topic(), make_paper()
    deliveries = [
        queue(make_reader(f"r{n}@example.net", topic), paper, topic=topic)
        for n in range(3)
    ]
    assert len({delivery.edition_id for delivery in deliveries}) == 1
    return deliveries


def send(deliveries: list[Delivery]) -> list[str]:
    """Deliver them together; what became of each."""
    found = deliver([delivery.pk for delivery in deliveries], now=NOW)
    return [found.get(delivery.pk, "") for delivery in deliveries]


def read_merged(stub: ProviderStub, at: int = 0) -> tuple[Any, Any]:
    """A call to Mailgun: its fields, and each recipient's own values."""
    fields = parse_qs(stub.bodies[at].decode())
    return fields, json.loads(fields["recipient-variables"][0])


def merge_as_mailgun(template: str, values: dict[str, str]) -> str:
    """Put a recipient's values in, as Mailgun documents it."""
    return re.sub(r"%recipient\.([^%]+)%", lambda m: values[m[1]], template)


def test_readers_of_an_edition_go_in_one_call_and_get_each_their_own_mail(
    use: Any, readers: list[Delivery]
) -> None:
    with provider(QUEUED) as stub:
        use(stub.url, "mailgun")
        assert send(readers) == ["accepted"] * 3

    assert len(stub.bodies) == 1
    fields, own = read_merged(stub)
    addresses = [delivery.digest.reader.email for delivery in readers]
    assert fields["to"] == addresses
    assert set(own) == set(addresses)
    for delivery in readers:
        message, values = (
            build_message(delivery.pk, NOW).message,
            own[message_to(delivery)],
        )
        assert merge_as_mailgun(fields["text"][0], values) == message.body
        html = str(message.alternatives[0][0])
        assert merge_as_mailgun(fields["html"][0], values) == html
        unsubscribe = merge_as_mailgun(fields["h:List-Unsubscribe"][0], values)
        assert unsubscribe == message.extra_headers["List-Unsubscribe"]
        id_ = merge_as_mailgun(fields["v:delivery"][0], values)
        assert id_ == str(delivery.public_id)
        assert fields["h:List-Id"] == [message.extra_headers["List-Id"]]


def message_to(delivery: Delivery) -> str:
    """The address that the mail goes to."""
    return delivery.digest.reader.email


def test_no_reader_is_told_anothers_address(use: Any, readers: list[Delivery]) -> None:
    with provider(QUEUED) as stub:
        use(stub.url, "mailgun")
        send(readers)

    fields, own = read_merged(stub)
    shared = {name: value for name, value in fields.items() if name[:2] != "re"}
    shared.pop("to")
    for address in map(message_to, readers):
        assert address not in str(shared)
        assert all(address not in str(own[other]) for other in own)


def test_a_text_from_outside_fills_nothing_in(use: Any) -> None:
    topic = make_topic()
    paper = make_paper(title="On %recipient.html_manage_url% and %recipient.address%")
    deliveries = [
        queue(make_reader(f"r{n}@example.net", topic), paper, topic=topic)
        for n in range(2)
    ]
    with provider(QUEUED) as stub:
        use(stub.url, "mailgun")
        send(deliveries)

    _fields, own = read_merged(stub)
    names = {name for values in own.values() for name in values}
    assert not names & {"html_manage_url", "address"}


def test_a_call_without_an_answer_leaves_a_doubt_about_each(
    use: Any, readers: list[Delivery]
) -> None:
    with provider(hang_up) as stub:
        use(stub.url, "mailgun")
        assert send(readers) == ["uncertain"] * 3

    assert len(stub.bodies) == 1
    assert [reserved_papers(delivery) for delivery in readers] == [1, 1, 1]


def test_one_bad_address_fails_alone(use: Any, readers: list[Delivery]) -> None:
    refused = answer(400, {"message": "'to' parameter is not a valid address"})
    with provider(in_turn(refused, QUEUED, refused, QUEUED)) as stub:
        use(stub.url, "mailgun")
        assert send(readers) == ["accepted", "failed", "accepted"]

    assert len(stub.bodies) == 4
    assert "recipient-variables" not in stub.bodies[1].decode()


@pytest.mark.parametrize(
    ("status", "end"), [(429, "queued"), (401, "queued"), (500, "uncertain")]
)
def test_an_answer_that_is_about_nobody_is_for_all(
    use: Any, readers: list[Delivery], status: int, end: str
) -> None:
    with provider(answer(status, {"message": "r1@example.net quota"})) as stub:
        use(stub.url, "mailgun")
        assert send(readers) == [end] * 3

    assert len(stub.bodies) == 1


def test_who_left_is_not_in_the_call(use: Any, readers: list[Delivery]) -> None:
    email = message_to(readers[1])
    accounts.suppress(email, reason="complaint", scope="all", now=NOW)
    with provider(QUEUED) as stub:
        use(stub.url, "mailgun")
        assert send(readers) == ["accepted", "skipped", "accepted"]

    assert email not in stub.bodies[0].decode().replace("%40", "@")


def test_operators_may_have_each_go_alone(
    use: Any, settings: Any, readers: list[Delivery]
) -> None:
    settings.DIGEST_PROVIDER_RECIPIENTS = 1
    with provider(QUEUED) as stub:
        use(stub.url, "mailgun")
        assert send(readers) == ["accepted"] * 3

    assert len(stub.bodies) == 3


def test_a_provider_that_remembers_keys_has_each_alone(
    use: Any, settings: Any, readers: list[Delivery]
) -> None:
    settings.DIGEST_PROVIDER_RECIPIENTS = 100
    with provider(answer(200, {"id": "re-1"})) as stub:
        use(stub.url, "resend")
        assert send(readers) == ["accepted"] * 3

    assert len(stub.bodies) == 3
    assert len({headers["Idempotency-Key"] for headers in stub.headers}) == 3
