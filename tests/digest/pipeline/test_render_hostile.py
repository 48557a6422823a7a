"""Text from outside is text: from the bytes of a feed to the bytes of the mail."""

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from digest.models import Edition, Topic
from digest.pipeline.ingest import ingest_source
from digest.pipeline.match import match_papers
from tests.digest.pipeline.documents import Listed, rss
from tests.digest.pipeline.mails import Mail, complaints, mail_for
from tests.digest.pipeline.planning import due_reader, papers_for
from tests.factories import (
    NOW,
    TODAY,
    make_match,
    make_paper,
    make_pick,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

HEADERS = [
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "Feedback-ID",
    "From",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Message-ID",
    "Precedence",
    "Subject",
    "To",
    "X-Auto-Response-Suppress",
]
READER = "reader@example.net"

OVERRIDE, HOLE, END = "\N{RIGHT-TO-LEFT OVERRIDE}", "\ue000", "\ue001"

# What a feed says, and what a reader may see of it.
TEXTS = [
    ("Zebra <script>alert(1)</script> herd", "Zebra herd"),
    ("Zebra <img src=x onerror=alert(1)> herd", "Zebra herd"),
    ("Zebra <a href='//evil'>here</a>", "Zebra here"),
    ("Zebra &lt;b&gt; twice", "Zebra &lt;b&gt; twice"),
    ("Zebra\r\nBcc: thief@evil.example", "Zebra Bcc: thief@evil.example"),
    ("Zebra\n\nBODY\n.\n", "Zebra BODY ."),
    (f"Zebra {OVERRIDE}gnp.exe", "Zebra gnp.exe"),
    ("Zebra {{ settings.SECRET_KEY }}", "Zebra {{ settings.SECRET_KEY }}"),
    ("Zebra {% load i18n %} %s %(x)s", "Zebra {% load i18n %} %s %(x)s"),
    ("Zebra {0} {topics} ${x}", "Zebra {0} {topics} ${x}"),
    (f"Zebra {HOLE}address{END}", "Zebra address"),
    (f"Zebra {HOLE}body{END}", "Zebra body"),
    ("Zebra \N{ZEBRA FACE}\N{ZERO WIDTH SPACE} herd", "Zebra \N{ZEBRA FACE} herd"),
    ("Zebra & <!- comment", "Zebra & <!- comment"),
    ("Zebra =?utf-8?q?Bcc=3A?=", "Zebra =?utf-8?q?Bcc=3A?="),
    (r"Zebra \input{/etc/passwd}", "Zebra"),
]


def is_intact(mail: Mail) -> bool:
    """Headers are ours alone and nothing from outside became markup."""
    assert sorted(mail.headers.keys()) == HEADERS
    assert mail.headers["To"] == READER
    assert mail.headers["From"] == "Paperboy <papers@papers.example.org>"
    assert mail.headers["List-Unsubscribe"].startswith("<https://papers.example.org/u/")
    assert not mail.tags & {"script", "img", "iframe", "form", "b", "base", "object"}
    assert settings.SECRET_KEY not in mail.raw.decode()
    for part in (mail.headers["Subject"], mail.html, mail.text):
        assert not any(char in part for char in (OVERRIDE, HOLE, END, "\x0b", "\x1c"))
    return True


@pytest.mark.parametrize(("said", "shown"), TEXTS)
def test_it_shows_whatever_a_feed_says_as_text(said: str, shown: str) -> None:
    document = rss(
        TODAY, Listed("2611.00001", said, abstract=said, authors="Zoe Zebra")
    )
    reader = due_reader(make_topic("animals", query="zebra"), email=READER)
    ingest_source(make_source().pk, now=NOW, document=document)
    match_papers(now=NOW)

    mail = mail_for(reader)

    assert is_intact(mail)
    assert shown in mail.words
    assert shown in " ".join(mail.text.split())
    assert complaints(mail) == []


@pytest.mark.parametrize(
    "stored",
    [
        "Zebra <script>alert(1)</script>",
        "Zebra <img src=x onerror=alert(1)>",
        "Zebra <a href='//evil'>here</a>",
    ],
)
def test_it_escapes_markup_that_got_into_the_database(stored: str) -> None:
    topic = make_topic("animals", query="zebra")
    reader = due_reader(topic, email=READER)
    paper = make_paper(stored, abstract=stored, authors=[stored])
    make_match(topic, paper)

    mail = mail_for(reader)

    assert is_intact(mail)
    assert stored in mail.words


@pytest.mark.parametrize("control", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85"])
def test_it_takes_no_control_character_from_a_feed(control: str) -> None:
    text = f"Zebra{control}{control}BODY"
    document = rss(TODAY, Listed("2611.00001", text, authors=f"Zoe{control}Zebra"))
    reader = due_reader(make_topic("animals", query="zebra"), email=READER)
    ingest_source(make_source().pk, now=NOW, document=document)
    match_papers(now=NOW)

    mail = mail_for(reader)

    assert is_intact(mail)
    assert control not in mail.html + mail.text


def test_it_shows_hostile_authors_and_organisations_as_text() -> None:
    topic = make_topic("animals")
    hostile = "<script>alert(1)</script>"
    evidence = [{"kind": "author", "text": hostile, "field": "author"}]
    paper = make_paper("Zebra", authors=[hostile], organisation=hostile)
    paper.categories = [hostile]
    paper.save()
    make_match(topic, paper, evidence=evidence)

    mail = mail_for(due_reader(topic, email=READER))

    assert is_intact(mail)
    assert mail.words.count(hostile) == 4


@pytest.mark.parametrize(
    "words",
    [
        "Read\r\nBcc: thief@evil.example",
        "Read\x0b\x0bBODY",
        f"Read {OVERRIDE}gnp.exe",
        f"Read {HOLE}manage_url{END} {HOLE}body{END}",
        "Read {{ settings.SECRET_KEY }} %s {0} {topics}",
        "Read <script>alert(1)</script>",
    ],
)
def test_it_takes_what_people_here_write_as_text_too(words: str) -> None:
    daily = make_topic("daily", kind=Topic.Kind.DAILY, name=words, description=words)
    own = make_topic("own", name=f"Own {words}", description=words)
    pick = make_paper("Picked")
    make_pick(pick, note=words)
    make_match(own, pick)
    papers_for(own, "Matched")

    mail = mail_for(due_reader(daily, own, email=READER))

    assert is_intact(mail)
    assert complaints(mail) == []
    assert "manage_url" not in words or "manage_url" in mail.words


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
        min_size=1,
        max_size=80,
    )
)
def test_it_keeps_its_headers_whatever_a_topic_is_called(name: str) -> None:
    with transaction.atomic():
        topic = make_topic("own", name=name)
        papers_for(topic, "Zebra")

        mail = mail_for(due_reader(topic, email=READER))

        assert sorted(mail.headers.keys()) == HEADERS
        assert len(mail.headers["Subject"]) <= 100
        assert mail.headers["To"] == READER
        transaction.set_rollback(True)


def test_it_says_a_topic_in_another_script_in_the_subject() -> None:
    topic = make_topic("own", name="机器人 & Größe")
    papers_for(topic, "Zebra")

    mail = mail_for(due_reader(topic, email=READER))

    assert mail.headers["Subject"] == "1 paper for 20 November: 机器人 & Größe"
    assert Edition.objects.get().subject == mail.headers["Subject"]


@pytest.mark.parametrize(
    "name", ["Größe", "é" * 80, "x" * 70 + "é", "机器 " * 20, "a b " * 20]
)
def test_it_folds_a_long_subject_into_short_lines_none_of_them_empty(name: str) -> None:
    topic = make_topic("own", name=name)
    papers_for(topic, "Zebra")

    mail = mail_for(due_reader(topic, email=READER))

    head = mail.raw.partition(b"\r\nFrom:")[0].partition(b"\r\nSubject:")[2]
    lines = head.split(b"\r\n")
    assert all(line.strip() and len(line) <= 78 for line in lines)
    assert len(b"Subject:" + lines[0]) <= 78
    assert complaints(mail) == []
