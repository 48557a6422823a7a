"""Invited by staff: asked by mail, at a bounded rate, and never against their will."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from accounts import services
from accounts.addresses import normalise
from accounts.models import Signup, User
from accounts.services import Fate
from accounts.services.policy import SIGNUP_KEPT
from tests.accounts.story import NOW, confirm, send_all, sign_up

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WISHES = {"topics": ["robots"], "zone": "UTC"}
Outbox = list[EmailMultiAlternatives]


@pytest.fixture
def boss() -> User:
    return services.make_staff("boss@example.org", None, NOW)


def invite(*emails: str, by: User | None = None, now: Any = NOW) -> int:
    """Queue invitations, and let the queue send what is due."""
    asked = [(normalise(email), WISHES, "en") for email in emails]
    count = services.begin_invitations(asked, invited_by=by, now=now)
    send_all(now)
    return count


def fate(email: str, now: Any = NOW) -> Fate:
    (found,) = services.judge_invitations([normalise(email)], now).values()
    return found


def test_an_invited_person_is_asked_and_nothing_more(
    boss: User, mailoutbox: Outbox
) -> None:
    assert invite("ann@example.org", by=boss) == 1

    (mail,) = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert mail.subject == "An invitation: papers from Paperboy"
    assert f"/confirm/{Signup.objects.get().token}/" in str(mail.body)
    assert "Nothing is sent before you press" in str(mail.body)
    assert not User.objects.filter(email="ann@example.org").exists()


def test_the_button_makes_a_reader_with_the_proof_of_it(boss: User) -> None:
    invite("ann@example.org", by=boss)

    confirmed = confirm("ann@example.org")

    consent = confirmed.user.consents.get()
    assert (consent.method, consent.form_version) == ("invited", "invitation-1")
    assert len(consent.text_hash) == 64
    assert confirmed.wishes == WISHES


def test_nobody_is_invited_against_their_will(mailoutbox: Outbox, boss: User) -> None:
    sign_up("known@example.org")
    confirm("known@example.org")
    services.suppress("left@example.org", "request", "digests", NOW)
    services.suppress("angry@example.org", "complaint", "all", NOW)
    sign_up("asked@example.org")
    mailoutbox.clear()

    emails = [f"{name}@example.org" for name in ("known", "left", "angry", "asked")]

    assert [fate(email) for email in emails] == [
        Fate.KNOWN,
        Fate.SUPPRESSED,
        Fate.SUPPRESSED,
        Fate.ASKED,
    ]
    assert invite(*emails) == 0
    assert mailoutbox == []


def test_whoever_was_erased_for_good_is_not_invited(alice: User) -> None:
    services.erase_and_never_mail(alice, NOW)

    assert fate("alice@example.org") == Fate.SUPPRESSED


def test_nobody_is_asked_twice_in_thirty_days(mailoutbox: Outbox) -> None:
    invite("ann@example.org")
    assert invite("Ann@Example.org") == 0

    later = NOW + SIGNUP_KEPT + HOUR
    assert services.prune(later)["signups"] == 1
    assert fate("ann@example.org", later) == Fate.ASKED

    much_later = NOW + timedelta(days=31)
    services.prune(much_later)
    assert invite("ann@example.org", now=much_later) == 1
    assert len(mailoutbox) == 2


def test_invitations_leave_one_after_the_other(
    settings: Any, mailoutbox: Outbox
) -> None:
    settings.DIGEST_INVITATIONS_PER_HOUR = 2
    first = [f"first{number}@example.org" for number in range(3)]
    second = [f"second{number}@example.org" for number in range(2)]

    assert invite(*first) == 3
    assert invite(*second) == 2
    sent = [len(mailoutbox)]
    for half_hours in range(1, 5):
        send_all(NOW + HOUR * half_hours / 2)
        sent.append(len(mailoutbox))

    assert sent == [1, 2, 3, 4, 5]


def test_invitations_use_up_nothing_of_what_strangers_may_ask(
    settings: Any, mailoutbox: Outbox
) -> None:
    settings.DIGEST_SIGNUP_MAILS_PER_DOMAIN_HOUR = 1
    invite("ann@example.org", "ben@example.org")
    mailoutbox.clear()

    sign_up("cleo@example.org")

    assert [mail.to for mail in mailoutbox] == [["cleo@example.org"]]


@pytest.mark.parametrize("act", ["suppress", "sign up"])
def test_who_must_not_be_asked_any_more_is_not_when_the_turn_comes(
    act: str, settings: Any, mailoutbox: Outbox
) -> None:
    settings.DIGEST_INVITATIONS_PER_HOUR = 1
    invite("first@example.org", "ann@example.org")
    if act == "suppress":
        services.suppress("ann@example.org", "request", "digests", NOW)
    else:
        User.objects.create_user("ann@example.org")
    mailoutbox.clear()

    send_all(NOW + HOUR)

    assert mailoutbox == []
    assert not Signup.objects.filter(email="ann@example.org").exists()


def test_who_signs_up_meanwhile_is_asked_about_that(
    settings: Any, mailoutbox: Outbox
) -> None:
    settings.DIGEST_INVITATIONS_PER_HOUR = 1
    services.begin_invitations(
        [(normalise("ann@example.org"), WISHES, "en")],
        invited_by=None,
        now=NOW - timedelta(days=2),
    )

    sign_up("ann@example.org", wishes={"topics": ["proteins"]})

    signup = Signup.objects.get()
    assert (signup.is_invited, signup.wishes) == (False, {"topics": ["proteins"]})
    assert mailoutbox[-1].subject.startswith("Please confirm")
