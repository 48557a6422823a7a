"""Whole digests, of every shape, against the rules for mail and its size."""

import re
from datetime import timedelta

import pytest

from accounts.models import User
from digest.models import DigestItem, Paper, Schedule, Topic
from digest.pipeline import plan
from tests.digest.pipeline.mails import Mail, again, complaints, mail_for, mail_of
from tests.digest.pipeline.planning import due_reader, papers_for
from tests.digest.pipeline.sending import render_one
from tests.factories import (
    NOW,
    TODAY,
    make_announcement,
    make_batch,
    make_match,
    make_paper,
    make_pick,
    make_reader,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

LARGEST_HTML = 95_000
ACTS = {
    "save": "Save",
    "more": "More like this",
    "less": "Not for me",
    "mute": "Mute",
}
PHRASE = "We study papers, feeds & their readers, where $a<b$ holds. "


def names_all_papers(mail: Mail, reader: User) -> bool:
    """Both parts name and link every paper of the digest."""
    for item in DigestItem.objects.filter(user=reader, is_in_mail=True):
        assert item.paper.title in mail.words
        assert item.paper.title in " ".join(mail.text.split())
        assert f'href="{item.paper.url}"' in mail.html
        assert item.paper.url in mail.text
    return True


def test_a_typical_digest_keeps_every_rule() -> None:
    robots, optics = make_topic("robots"), make_topic("optics")
    reader = due_reader(robots, optics, max_papers=5)
    papers_for(robots, *(f"Robot number {n}" for n in range(6)), abstract=PHRASE * 20)
    papers_for(optics, "Lenses", "Mirrors", upvotes=3, organisation="Example Lab")
    source = make_source(name="arXiv", last_succeeded_at=NOW)
    make_batch(source, entry_count=8, completed_at=NOW)
    make_source(name="bioRxiv")

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert names_all_papers(mail, reader)
    assert "3 more papers on the web" in mail.words
    assert "3 more papers on the web" in mail.text
    assert "Covered: arXiv (8 papers of 20 November)." in mail.words
    assert "bioRxiv was not read yet" in mail.words
    assert "Leave the topic Robots" in mail.words


def test_a_digest_with_picks_keeps_every_rule() -> None:
    daily, robots = make_topic("daily", kind=Topic.Kind.DAILY), make_topic("robots")
    reader = due_reader(daily, robots)
    batch = make_batch()
    for votes in range(1, 4):
        make_announcement(make_paper(f"Voted {votes}", upvotes=votes), batch)
    picked = make_paper("Picked", comment_count=2)
    make_pick(picked, note="A note & more.")
    make_match(robots, picked)
    papers_for(robots, "A robot")

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert names_all_papers(mail, reader)
    assert "also in Robots" in mail.words
    assert "3 votes" in mail.words


def test_a_weekly_digest_keeps_every_rule() -> None:
    topic = make_topic("robots")
    reader = due_reader(topic, cadence="weekly", weekday=5)
    for age in range(7):
        papers_for(topic, f"Of day {age}", announced_on=TODAY - timedelta(days=age))

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert names_all_papers(mail, reader)
    assert "Your papers of the week to 20 November 2026" in mail.words
    assert mail.headers["Feedback-ID"].startswith("weekly:")


def test_a_monthly_digest_keeps_every_rule() -> None:
    topic = make_topic("robots")
    reader = due_reader(topic, cadence="monthly", month_day=20)
    for age in range(0, 30, 3):
        papers_for(topic, f"Of day {age}", announced_on=TODAY - timedelta(days=age))

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert names_all_papers(mail, reader)
    assert "Your papers of the month to 20 November 2026" in mail.words
    assert mail.headers["Feedback-ID"].startswith("monthly:")


def test_a_welcome_digest_keeps_every_rule() -> None:
    topic = make_topic("robots")
    reader = make_reader("", topic)
    papers_for(topic, "A robot")
    delivery_id = plan.plan_welcome(reader.pk, now=NOW)
    assert delivery_id is not None
    render_one(delivery_id, now=NOW)

    mail = mail_of(again(delivery_id))

    assert complaints(mail) == []
    assert "Your papers of the last 7 days" in mail.words


def test_a_digest_on_a_topic_in_another_script_keeps_every_rule() -> None:
    topic = make_topic("own", name="Größe und Übermaß: 机器人学习", description="Été")
    reader = due_reader(topic)
    papers_for(topic, "Größe", "机器人", authors=["Zoë Ünal", "王小明"])

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert names_all_papers(mail, reader)


def test_a_digest_right_to_left_keeps_every_rule() -> None:
    topic = make_topic("own", name="الروبوتات")
    papers_for(topic, "التعلم الآلي للروبوتات", authors=["מרים כהן"])

    mail = mail_for(due_reader(topic))

    assert complaints(mail) == []
    unmarked = re.sub("</?strong[^>]*>", "", mail.html)
    assert "<bdi>التعلم الآلي للروبوتات</bdi>" in unmarked


def fifty_papers(topic: Topic, *, title: str = "On number {}") -> None:
    titles = (title.format(n) for n in range(50))
    papers_for(topic, *titles, abstract=(PHRASE * 200)[:10_000])


def test_a_digest_of_fifty_long_papers_keeps_every_rule_and_names_them_all() -> None:
    topic = make_topic()
    fifty_papers(topic)
    reader = due_reader(topic, max_papers=50)

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert len(mail.html.encode()) <= LARGEST_HTML
    assert names_all_papers(mail, reader)
    assert "on the web:" not in mail.text.partition("Read this digest")[0]
    for act, words in ACTS.items():
        assert (
            len(re.findall(rf'/f/[^"/]+/[0-9]+/{act}" [^>]+>{words}</a>', mail.html))
            == 50
        )


def test_c8_two_parts_of_one_work_have_links_that_differ() -> None:
    topic = make_topic()
    title = "On the long road to catalogues that answer every question, part {}"
    papers_for(topic, title.format("one"), title.format("two"))

    mail = mail_for(due_reader(topic))

    assert complaints(mail) == []
    for words in ACTS.values():
        for part in ("one", "two"):
            assert (
                f'aria-label="{words}: On the long road to … part {part}"' in mail.html
            )


def test_fifty_papers_full_of_words_that_matched_stay_under_the_limit() -> None:
    topic = make_topic(query="papers OR study OR feeds OR readers")
    for number in range(50):
        paper = make_paper(f"On papers, number {number}", abstract=PHRASE * 100)
        words = ["papers", "study", "feeds", "readers", "holds", "their"]
        evidence = {"kind": "word", "text": "papers", "field": "title", "words": words}
        make_match(topic, paper, evidence=[evidence])
    reader = due_reader(topic, max_papers=50)

    mail = mail_for(reader)

    assert complaints(mail) == []
    assert len(mail.html.encode()) <= LARGEST_HTML
    assert names_all_papers(mail, reader)
    assert len(re.findall("<strong", mail.html)) >= 50


def test_it_marks_what_matched_by_day_and_by_night_but_not_in_plain_text() -> None:
    topic = make_topic("robots")
    words = ["diffusion model", "diffusion models"]
    text = "We study <i>diffusion models</i> of $a<b$; a model & more."
    title = "A Diffusion Model of $x_2$"
    paper = make_paper(title, abstract=text)
    phrase = {"kind": "phrase", "text": "Diffusion Model", "field": "title"}
    make_match(topic, paper, evidence=[{**phrase, "words": words}])

    mail = mail_for(due_reader(topic))

    assert complaints(mail) == []
    marked = re.sub("<strong[^>]*>", "<strong>", mail.html)
    assert "A <strong>Diffusion Model</strong> of x₂" in marked
    assert "&lt;i&gt;<strong>diffusion models</strong>&lt;/i&gt;" in marked
    assert marked.count("<strong>") == 2
    assert mail.html.count("<strong style=") == 1
    assert mail.html.count("strong { background: #") == 3
    assert "A Diffusion Model of x₂" in mail.text
    assert "*Diffusion Model* in the title" in mail.text


def test_a_digest_that_is_too_large_counts_what_it_leaves_to_the_web() -> None:
    topic = make_topic()
    fifty_papers(topic, title="On <&> number {} " + "<&>" * 160)
    reader = due_reader(topic, max_papers=50)
    papers_for(topic, "Held back", "And this")
    Schedule.objects.update(max_papers=50)

    mail = mail_for(reader)

    assert len(mail.html.encode()) <= LARGEST_HTML
    urls = Paper.objects.values_list("url", flat=True)
    shown = [url for url in urls if f'href="{url}"' in mail.html]
    assert 0 < len(shown) < 50
    assert all(url in mail.text for url in shown)
    left = 52 - len(shown)
    assert f"{left} more papers on the web" in mail.words
    assert f"{left} more papers on the web" in mail.text
    assert mail.headers["Subject"].startswith(f"{len(shown)} papers")


def test_a_digest_of_sixty_topics_stays_under_the_limit() -> None:
    topics = [make_topic(f"topic-{n}", description="Long. " * 40) for n in range(60)]
    for topic in topics:
        papers_for(topic, f"Of {topic.slug}", abstract=PHRASE * 20)
    reader = due_reader(*topics, max_papers=50)

    mail = mail_for(reader)

    # That it comes near the limit is all there is to say.
    assert [line[:2] for line in complaints(mail)] in ([], ["R8"])
    assert len(mail.html.encode()) <= LARGEST_HTML


def test_it_says_so_plainly_where_one_paper_alone_is_listed() -> None:
    topic = make_topic("robots")
    reader = due_reader(topic, max_papers=1)
    papers_for(topic, "First", "Second")

    mail = mail_for(reader)

    assert mail.headers["Subject"] == "1 paper for 20 November: Robots"
    assert "1 more paper on the web" in mail.words
    assert complaints(mail) == []
