"""What a reader mutes from the page about a paper, and what is said where it fails."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Mute, Paper
from tests.factories import make_digest, make_item, make_reader

pytestmark = pytest.mark.django_db


def test_the_word_that_matched_is_offered_for_muting(
    machine: Client, link: str, ada: User, paper: Paper
) -> None:
    evidence = [
        {"kind": "author", "text": "Ada Author", "field": "author"},
        {"kind": "word", "text": "grasping", "field": "title"},
    ]
    make_item(make_digest(ada), paper, evidence=evidence)

    page = machine.get(f"{link}/mute").content.decode()
    assert '<option value="word:grasping">grasping</option>' in page
    assert page.count("<button") == 1

    sent = {"mute": "word:grasping", "text": ""}
    page = machine.post(f"{link}/mute", sent).content.decode()
    assert "papers with “grasping” do not come any more" in page
    mute = Mute.objects.get()
    assert (mute.user, mute.kind, mute.text) == (ada, "word", "grasping")

    page = machine.post(f"{link}/mute", {"unmute": mute.pk}).content.decode()
    assert "It is not muted any more." in page
    assert not Mute.objects.exists()


def test_an_author_is_muted_by_name(machine: Client, link: str) -> None:
    page = machine.get(f"{link}/mute").content.decode()
    assert '<option value="author:Ben Writer">Ben Writer</option>' in page

    machine.post(f"{link}/mute", {"mute": "author:Ben Writer", "text": ""})

    mute = Mute.objects.get()
    assert (mute.kind, mute.text) == ("author", "Ben Writer")


def test_what_is_typed_is_muted_instead_of_what_is_chosen(
    machine: Client, link: str
) -> None:
    sent = {"mute": "author:Ben Writer", "text": "soft gripper"}

    machine.post(f"{link}/mute", sent)

    mute = Mute.objects.get()
    assert (mute.kind, mute.text) == ("word", "soft gripper")


def test_what_cannot_be_muted_stays_in_its_field(machine: Client, link: str) -> None:
    sent = {"mute": "author:Ben Writer", "text": 'say "this"'}

    page = machine.post(f"{link}/mute", sent).content.decode()

    assert 'value="say &quot;this&quot;"' in page


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("word", "...", "There is no word in it to look for."),
        ("word", 'say "this"', "Leave out the quotation marks."),
        ("word", "word " * 41, "It is too long: 200 characters at most."),
        ("word", "a* b", "A * may only end a word of at least three letters."),
        ("author", "  ", "Type a name first."),
    ],
)
def test_what_cannot_be_muted_is_told_in_words(
    machine: Client, link: str, kind: str, text: str, sentence: str
) -> None:
    answer = machine.post(f"{link}/mute", {"mute": kind, "text": text})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Mute.objects.exists()


def test_the_undo_of_a_mute_takes_any_number(machine: Client, link: str) -> None:
    assert machine.post(link, {"unmute": "9" * 5000}).status_code == 200


def test_nobody_takes_back_anothers_mute(machine: Client, link: str) -> None:
    other = Mute.objects.create(
        user=make_reader(), kind="word", text="mine", made_at="2026-11-20T00:00Z"
    )

    machine.post(link, {"unmute": other.pk})

    assert Mute.objects.exists()
