"""What readers say is written once, can be said again, and taken back."""

from datetime import timedelta

import pytest

from accounts.models import User
from digest.models import Mark, Mute, Paper, SavedPaper, Topic
from digest.pipeline.match.archive import fit_archive
from digest.reading import taste
from tests.digest.pipeline.tastes import fill_archive, legged, suction
from tests.factories import NOW, make_paper, make_reader, make_topic

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def reader() -> User:
    return make_reader()


@pytest.fixture
def paper() -> Paper:
    return make_paper("Robots")


def test_saving_twice_is_saving_once(reader: User, paper: Paper) -> None:
    taste.save(reader, paper, now=NOW)
    taste.save(reader, paper, now=LATER)

    assert SavedPaper.objects.get().saved_at == NOW
    assert taste.unsave(reader, paper)
    assert not taste.unsave(reader, paper)
    assert not SavedPaper.objects.exists()


def test_the_last_word_counts(reader: User, paper: Paper) -> None:
    topic = make_topic()
    taste.mark_more(reader, paper, now=NOW)
    taste.mark_more(reader, paper, now=LATER)
    assert Mark.objects.get().made_at == NOW

    taste.mark_less(reader, paper, topic=topic, now=LATER)

    mark = Mark.objects.get()
    assert (mark.verdict, mark.topic, mark.made_at) == ("less", topic, LATER)
    assert taste.undo(reader, paper)
    assert not taste.undo(reader, paper)


def test_saving_takes_a_refusal_back_and_a_refusal_keeps_the_list(
    reader: User, paper: Paper
) -> None:
    taste.mark_less(reader, paper, now=NOW)
    taste.save(reader, paper, now=LATER)
    assert not Mark.objects.exists()

    taste.mark_less(reader, paper, now=LATER)
    assert SavedPaper.objects.exists()


def test_what_is_said_of_a_duplicate_is_said_of_the_work(
    reader: User, paper: Paper
) -> None:
    duplicate = make_paper("Robots, again", merged_into=paper)

    taste.save(reader, duplicate, now=NOW)
    taste.mark_more(reader, duplicate, now=NOW)

    assert SavedPaper.objects.get().paper == Mark.objects.get().paper == paper


def test_a_mute_is_written_once(reader: User) -> None:
    first = taste.mute_word(reader, " Large  language\nmodels ", now=NOW)

    assert first.text == "Large language models"
    assert taste.mute_word(reader, "large language models", now=LATER) == first
    assert not taste.unmute(make_reader(), first.pk)
    assert taste.unmute(reader, first.pk)
    assert not Mute.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nothing_to_search"),
        ("...", "nothing_to_search"),
        ('say "this"', "unclosed_quote"),
        ("word " * 41, "too_long"),
        ("a* b", "wildcard"),
    ],
)
def test_a_word_that_cannot_be_looked_for_is_refused(
    reader: User, text: str, code: str
) -> None:
    with pytest.raises(taste.MuteRefusedError) as caught:
        taste.mute_word(reader, text, now=NOW)
    assert caught.value.code == code


@pytest.mark.parametrize(("name", "code"), [(" . ", "empty"), ("x" * 201, "too_long")])
def test_an_author_without_a_name_is_refused(
    reader: User, name: str, code: str
) -> None:
    with pytest.raises(taste.MuteRefusedError) as caught:
        taste.mute_author(reader, name, now=NOW)
    assert caught.value.code == code


def test_mutes_have_an_end(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taste, "MOST_MUTES", 1)
    taste.mute_author(reader, "Jane Doe", now=NOW)

    with pytest.raises(taste.MuteRefusedError, match="too_many"):
        taste.mute_author(reader, "Ann Roe", now=NOW)


@pytest.fixture
def robots() -> Topic:
    fill_archive()
    return make_topic("robots", query="robots")


def test_what_was_learned_can_be_seen_and_taken_away(
    reader: User, robots: Topic
) -> None:
    liked, disliked = suction("Suction for robots"), legged("Stairs")
    taste.mark_more(reader, liked, topic=robots, now=NOW)
    taste.mark_less(reader, disliked, topic=robots, now=NOW)
    fit_archive(now=NOW)

    learned = taste.what_was_learned(reader, [robots])[robots.pk]

    assert (learned.liked, learned.disliked) == ([liked], [disliked])
    (suction_term,) = (term for term in learned.terms if term.word == "suction")
    taste.mute_learned(reader, suction_term.stem, now=NOW)
    again = taste.what_was_learned(reader, [robots])[robots.pk]
    assert "suction" not in {term.word for term in again.terms}
    assert Mute.objects.get().text == suction_term.stem
    taste.undo(reader, liked)
    assert taste.what_was_learned(reader, [robots])[robots.pk].terms == ()
