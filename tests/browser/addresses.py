"""Every page there is, each with what makes it full: by name, its path."""

from __future__ import annotations

from pathlib import Path

from django.contrib import admin
from django.urls import reverse

from accounts import services
from accounts.addresses import normalise
from accounts.models import AddressChange, Signup, User
from accounts.services import Evidence
from digest import tasks
from digest.models import Digest, Paper, Schedule, Topic
from digest.pipeline import plan
from digest.reading import reading_list, subscriptions
from digest.transports import catcher
from tests import factories as make
from tests.factories import NOW

UNBROKEN = "Antidisestablishmentarianism-" * 4


REFUSED = {
    "members only": ("/", 403),
    "nowhere": ("/nowhere/", 404),
    "unknown link of a mail": (f"/m/{'t' * 24}/", 404),
    "unknown link to unsubscribe": (f"/u/{'t' * 24}", 404),
    "confirmed too late": (f"/confirm/{'t' * 24}/", 410),
    "address confirmed too late": (f"/account/address/{'t' * 24}/", 410),
}
"""Pages that say no, where `DIGEST_PAGES` is "members": path and status."""


def of_anybody(mail_folder: Path, paper: Paper) -> dict[str, str]:
    """What opens without signing in: pages to read, and the links of mails."""
    reader = _reader("mailed@example.org")
    ended = _reader("ended@example.org", ended_at=NOW)
    left = ended.subscriptions.latest("pk")
    subscriptions.leave(left, now=NOW)
    make.save_paper(reader, paper)
    reading_list.share(reader)
    shared = Schedule.objects.get(user=reader).list_token
    told = f"/f/{reader.schedule.feedback_token}/{paper.pk}"
    caught = catcher.list_caught(mail_folder)[0].name
    return {
        "front": "/",
        "day": f"/day/{make.TODAY}/",
        "empty day": "/day/2020-02-29/",
        "week": "/week/2026-W47/",
        "month": "/month/2026-11/",
        "trending": "/trending/",
        "search": "/search/",
        "found": "/search/?q=robot*+OR+agents&order=date",
        "unreadable query": "/search/?q=robots+OR+(deep+title:%22x",
        "topics": "/topics/",
        "topic": "/topic/robotics/",
        "daily papers": "/topic/daily-papers/",
        "paper": Paper.objects.shown().latest("upvotes").get_absolute_url(),
        "another paper": paper.get_absolute_url(),
        "status": "/status/",
        "privacy": "/privacy/",
        "subscribe": "/subscribe/",
        "sign in": "/account/login/",
        "erased": "/account/erased/",
        "closed account": "/account/inactive/",
        "confirm": f"/confirm/{_signup('new@example.org').token}/",
        "confirm more topics": f"/confirm/{_signup(reader.email).token}/",
        "new address": f"/account/address/{_address_change(reader).token}/",
        "unsubscribe": f"/u/{reader.schedule.unsubscribe_token}",
        "unsubscribed": f"/u/{ended.schedule.unsubscribe_token}",
        "leave": f"/l/{reader.subscriptions.latest('pk').leave_token}/",
        "left": f"/l/{left.leave_token}/",
        "what is said": told,
        "save": f"{told}/save",
        "mute": f"{told}/mute",
        "shared list": f"/list/{shared}/",
        "digest": Digest.objects.get(user=reader).get_absolute_url(),
        "caught mails": "/mail/",
        "caught mail": f"/mail/{caught}/",
        "caught mail as it looks": f"/mail/{caught}/raw/",
    }


def of_reader(user: User, paper: Paper) -> dict[str, str]:
    """What a reader finds who has just signed in, and follows the paper's words."""
    word = paper.title.split()[0]
    topic = subscriptions.add_personal_topic(
        user, name=word[:80], query=f'"{word}"', now=NOW
    ).topic
    make.save_paper(user, paper, read_at=NOW)
    make.save_paper(user, make.make_paper())
    return {
        "reading list": "/reading-list/",
        "what was learned": "/preferences/learned/",
        "welcome": "/welcome/",
        "preferences": "/preferences/",
        "history": "/preferences/history/",
        "next digest": "/preferences/next/",
        "next digest as it looks": "/preferences/next/mail/",
        "what is said": f"{paper.get_absolute_url()}feedback/",
        "add a topic": "/preferences/topics/add/",
        "change a topic": f"/preferences/topics/{topic.slug}/edit/",
        "own topic": topic.get_absolute_url(),
        "vote": f"{paper.get_absolute_url()}vote/",
        "submit": "/submit/",
        "account": "/account/",
        "prove": "/account/prove/",
        "change address": "/account/address/",
        "address asked": "/account/address/asked/",
        "erase": "/account/erase/",
        "sign out": "/account/logout/",
        "second factor": "/account/2fa/",
        "passkeys": "/account/2fa/webauthn/",
        "add a passkey": "/account/2fa/webauthn/add/",
        "authenticator": "/account/2fa/totp/activate/",
    }


def of_curator(paper: Paper) -> dict[str, str]:
    """The desk: its front, every list, a paper, and a topic to change."""
    topic = Topic.objects.get(slug="robotics")
    return {
        "admin": "/admin/",
        **{
            f"list of {model._meta.verbose_name_plural}": reverse(
                f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            )
            for model in admin.site._registry
        },
        "the day's desk": f"/admin/digest/pick/today/?day={make.TODAY}",
        "check an address": "/admin/digest/source/check/",
        "run of a day": f"/admin/digest/delivery/run/?day={make.TODAY}",
        "statistics": "/admin/digest/delivery/statistics/",
        "preview a digest": "/admin/digest/digest/preview/",
        "preview of a topic": f"/admin/digest/digest/preview/topic/{topic.pk}/",
        "invite a reader": "/admin/digest/reader/invite/",
        "invite from a table": "/admin/digest/reader/import/",
        "history of a reader": f"/admin/digest/reader/{_reader('past@example.org').pk}"
        "/change/",
        "import a list of feeds": "/admin/digest/source/import/",
        "import topics": "/admin/digest/topic/import/",
        "change a paper": f"/admin/digest/paper/{paper.pk}/change/",
        "make a topic": "/admin/digest/topic/add/",
        "change a topic": f"/admin/digest/topic/{topic.pk}/change/",
    }


def hard_paper() -> Paper:
    """A paper that is longer than any page is wide, in every place."""
    paper = make.make_paper(
        title=f"{UNBROKEN} $\\mathcal{{O}}(n^2)$ <b>not bold</b>",
        abstract=f"{UNBROKEN}{UNBROKEN} https://example.org/{UNBROKEN}",
        authors=[{"name": UNBROKEN, "affiliation": UNBROKEN}, *["Ann Other"] * 60],
        categories=["cs.RO", "cs.LG", "astro-ph.CO", "cond-mat.mtrl-sci"] * 3,
        organisation=UNBROKEN,
        upvotes=12345,
        comment_count=678,
        doi=f"10.1000/{UNBROKEN}",
        journal_ref=UNBROKEN,
        is_withdrawn=True,
        license_url=f"https://example.org/{UNBROKEN}",
        signals={"code_url": "https://example.org/c", "keywords": [UNBROKEN] * 3},
    )
    make.make_match(Topic.objects.get(slug="robotics"), paper)
    make.make_pick(paper, note=f"{UNBROKEN} {UNBROKEN}")
    make.make_announcement(paper, make.make_batch(entry_count=1))
    return paper


def _reader(email: str, **fields: object) -> User:
    """A reader of two topics who asked for the last days' papers."""
    topics = Topic.objects.filter(slug__in=["daily-papers", "robotics"])
    user = make.make_reader(email, *topics, **fields)
    delivery_id = plan.plan_welcome(user.pk, now=NOW)
    if delivery_id:
        tasks.send_one(delivery_id)
    return User.objects.select_related("schedule").get(pk=user.pk)


def _signup(email: str) -> Signup:
    services.begin_signup(
        address=normalise(email),
        wishes={"topics": ["daily-papers", "robotics"], "zone": "Europe/Paris"},
        evidence=Evidence(ip_prefix="192.0.2.0/24", form_version="1", text_hash="a"),
        now=NOW,
    )
    return Signup.objects.get(email=email)


def _address_change(user: User) -> AddressChange:
    services.request_address_change(user, normalise("moved@example.org"), NOW)
    return AddressChange.objects.get(user=user)
