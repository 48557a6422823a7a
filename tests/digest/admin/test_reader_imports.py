"""Inviting from the desk: looked at first, asked by mail, nobody against their will."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Signup, User
from digest.imports.readers import MOST_BYTES
from digest.models import Schedule, Topic
from digest.reading import subscriptions
from tests.digest.admin.desk import sit_down, sit_down_with
from tests.factories import NOW, make_reader, make_topic

pytestmark = pytest.mark.django_db

IMPORT, INVITE = "/admin/digest/reader/import/", "/admin/digest/reader/invite/"
TABLE = """Name,E-Mail,Topics
Ann,ann@example.org,
Ben,ben@example.org,climate
Reader,reader@example.org,
Left,left@example.org,
Angry,angry@example.org,
Ann again,ANN@example.org,
Nobody,nobody,
Lost,lost@example.org,no-such-topic
"""


@pytest.fixture
def topics() -> list[Topic]:
    return [make_topic("robotics"), make_topic("climate")]


@pytest.fixture
def client(topics: list[Topic]) -> Client:
    return sit_down("operator@example.org")


@pytest.fixture
def _people() -> None:
    make_reader("reader@example.org")
    left = make_reader("left@example.org")
    subscriptions.end_all(left.schedule, now=NOW)
    accounts.suppress("angry@example.org", "complaint", "all", NOW)


def look(client: Client, data: bytes | str, name: str = "people.csv") -> Any:
    """Send a table, as the first page does."""
    content = data if isinstance(data, bytes) else data.encode()
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(IMPORT, {"file": file, "topics": ["robotics"]})


def answers(page: Any, **more: str) -> dict[str, Any]:
    """What the second page sends back."""
    confirm = page.context["confirm"]
    return {"rows": confirm["rows"].value(), "topics": ["robotics"], **more}


@pytest.mark.usefixtures("_people")
def test_the_dry_run_shows_each_rows_verdict_and_does_nothing(client: Client) -> None:
    page = look(client, TABLE)

    assert [(row[1], row[2]) for row in page.context["rows"]] == [
        ("ann@example.org", "is invited"),
        ("ben@example.org", "is invited"),
        ("reader@example.org", "gets digests already"),
        ("left@example.org", "has left, and is not asked again"),
        ("angry@example.org", "must not be written to"),
        ("ANN@example.org", "stands in the table twice"),
        (
            "nobody",
            "no address: This is not an e-mail address that mail can reach.",
        ),
        ("lost@example.org", "unknown topic: no-such-topic"),
    ]
    html = page.content.decode()
    assert "Invite 2 readers" in html
    assert "Not read: Name." in html
    assert not Signup.objects.exists()
    assert mail.outbox == []


@pytest.mark.usefixtures("_people")
@pytest.mark.django_db(transaction=True)
def test_confirming_asks_each_by_mail_and_subscribes_nobody(
    client: Client, settings: Any
) -> None:
    settings.DIGEST_INVITATIONS_PER_HOUR = 10_000
    before = Schedule.objects.count()
    page = look(client, TABLE)

    client.post(IMPORT, answers(page))

    assert Schedule.objects.count() == before
    assert not User.objects.filter(email="ann@example.org").exists()
    wishes = dict(Signup.objects.values_list("email", "wishes__topics"))
    assert wishes == {
        "ann@example.org": ["robotics"],
        "ben@example.org": ["climate"],
    }
    assert mail.outbox[0].to == ["ann@example.org"]
    logged = LogEntry.objects.get()
    assert (str(logged.user), logged.change_message) == (
        "operator@example.org",
        "2 readers invited.",
    )


@pytest.mark.django_db(transaction=True)
def test_the_button_of_the_mail_makes_a_reader_of_the_rows_topics(
    client: Client,
) -> None:
    page = look(client, "email,topics,zone\nann@example.org,climate,Asia/Tokyo\n")
    client.post(IMPORT, answers(page))
    token = Signup.objects.get().token

    shown = Client().get(f"/confirm/{token}/").content.decode()
    assert "You are invited" in shown
    assert "Climate" in shown
    Client().post(f"/confirm/{token}/")

    reader = User.objects.get(email="ann@example.org")
    assert reader.schedule.zone == "Asia/Tokyo"
    assert [s.topic.slug for s in reader.subscriptions.all()] == ["climate"]
    assert reader.consents.get().method == "invited"


def test_what_happened_since_the_dry_run_counts(client: Client) -> None:
    page = look(client, "email\nann@example.org\n")
    accounts.suppress("ann@example.org", "request", "digests", timezone.now())

    client.post(IMPORT, answers(page))

    assert not Signup.objects.exists()


def test_confirming_twice_invites_once(client: Client) -> None:
    page = look(client, "email\nann@example.org\n")

    client.post(IMPORT, answers(page))
    client.post(IMPORT, answers(page))

    assert Signup.objects.count() == 1


def test_an_address_that_looks_like_a_formula_comes_through_unchanged(
    client: Client,
) -> None:
    page = look(client, "email\n+ann@example.org\n")
    client.post(IMPORT, answers(page))

    assert Signup.objects.get().email == "+ann@example.org"


def test_the_verdicts_are_no_program_to_a_spreadsheet(client: Client) -> None:
    page = look(
        client, 'email\n"=HYPERLINK(""http://x"")"\n@SUM(A1)\nann@example.org\n'
    )

    answer = client.post(IMPORT, answers(page, verdicts="yes"))

    assert answer["Content-Disposition"] == 'attachment; filename="invitations.csv"'
    cells = [
        row["email"] for row in csv.DictReader(io.StringIO(answer.content.decode()))
    ]
    assert cells == ['\'=HYPERLINK("http://x")', "'@SUM(A1)", "ann@example.org"]
    assert not Signup.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "submitted file is empty"),
        (b"name\nAnn\n", "No column is called"),
        (b"PK\x03\x04\x00\x00", "This is no text"),
        (b"x" * (MOST_BYTES + 1), "larger than 1 MB"),
        (b"email\n" + b"a@example.org\n" * 5_001, "more than 5,000 rows"),
    ],
)
def test_it_says_why_a_file_is_no_table(
    client: Client, data: bytes, words: str
) -> None:
    page = look(client, data)

    assert words in page.content.decode()
    assert "rows" not in page.context


def test_a_row_that_cannot_be_read_is_told_and_stops_no_other(client: Client) -> None:
    page = look(
        client, "email,name\nbj\u00f6rn@x.org,B\nann@example.org,A\n".encode("latin-1")
    )

    verdicts = [row[2] for row in page.context["rows"]]
    assert verdicts == ["cannot be read: the row is not UTF-8", "is invited"]


def test_a_zone_in_each_row_costs_little(client: Client) -> None:
    """The names of all zones are a folder; to read it for 5,000 rows took a minute."""
    rows = "".join(f"r{n}@example.org,Europe/Paris\n" for n in range(2_000))
    started = time.process_time()

    page = look(client, f"email,zone\n{rows}")

    assert "Invite 2000 readers" in page.content.decode()
    assert time.process_time() - started < 8


def test_text_from_the_file_is_escaped(client: Client) -> None:
    page = look(client, "email,<b>x\n<script>alert(1)</script>,\n").content.decode()

    assert "<script>alert" not in page
    assert "<b>x" not in page


@pytest.mark.parametrize("path", [IMPORT, INVITE])
def test_who_may_only_look_invites_nobody(path: str, topics: list[Topic]) -> None:
    client = sit_down_with("view_reader", "view_signup")

    assert client.get(path).status_code == 403
    data = {"email": "ann@example.org", "rows": "email\nann@example.org", "topics": []}
    assert client.post(path, data).status_code == 403
    assert not Signup.objects.exists()


def test_one_person_is_invited_or_it_is_said_why_not(client: Client) -> None:
    accounts.suppress("angry@example.org", "complaint", "all", NOW)

    asked = {"email": "ann@example.org", "topics": ["robotics"]}
    assert client.post(INVITE, asked).status_code == 302
    refused = client.post(INVITE, {**asked, "email": "angry@example.org"})
    again = client.post(INVITE, asked)

    assert [signup.email for signup in Signup.objects.all()] == ["ann@example.org"]
    assert "must not be written to" in refused.content.decode()
    assert "was asked within the last 30 days" in again.content.decode()
