"""Mails that came back: counted by address, in any order, until it is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts import services as accounts
from accounts.models import Suppression, User
from digest.models import Delivery, DeliveryEvent
from digest.pipeline import bounces, track
from digest.pipeline.bounces import LIMIT
from digest.pipeline.track import Report
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import State, deliver_one, queue, state_of
from tests.digest.transports.servers import scripted
from tests.factories import NOW, make_delivery, make_digest, make_reader

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"


def at(day: int) -> datetime:
    """Noon of a day after the reader confirmed."""
    return NOW + timedelta(days=day)


def report(
    event_type: str, day: int, reason: str = "", mail: str = "", to: str = ADA
) -> Report:
    """What a provider says of the mail of a day."""
    return Report("Esp", event_type, "", mail or f"m{day}", to, reason, "", at(day))


def soft(day: int) -> Report:
    return report("bounced", day, "other")


def tell(*reports: Report) -> None:
    for one in reports:
        track.track_event(one, now=at(80))


def reasons() -> list[tuple[str, str]]:
    return list(Suppression.objects.order_by("pk").values_list("scope", "reason"))


def test_five_soft_bounces_in_a_row_stop_digests_and_say_why() -> None:
    make_reader(ADA)
    tell(*(soft(day) for day in range(1, LIMIT)))
    assert reasons() == []

    tell(soft(LIMIT))

    assert reasons() == [("digests", "soft_bounce")]
    evidence = Suppression.objects.get().evidence
    assert evidence == "5 mails in a row came back since 2026-11-21"
    assert not accounts.is_suppressed(ADA, "all"), "sign-in codes may be tried"


@pytest.mark.parametrize("sign", ["delivered", "opened", "clicked"])
def test_a_mail_that_arrived_empties_the_count(sign: str) -> None:
    make_reader(ADA)

    tell(*map(soft, (1, 2, 3, 4)), report(sign, 5), *map(soft, (6, 7, 8, 9)))

    assert reasons() == []


def test_news_of_a_mail_that_arrived_in_between_ends_the_suppression() -> None:
    make_reader(ADA)
    tell(*map(soft, (1, 2, 4, 5, 6)))
    assert reasons()

    tell(report("delivered", 3))

    assert reasons() == []


def test_deferred_and_what_is_about_us_never_counts() -> None:
    make_reader(ADA)

    tell(*(report("deferred", day, "other") for day in range(1, 20)))
    tell(*(report("bounced", day, "spam") for day in range(20, 40)))
    tell(*(report("bounced", day, "blocked") for day in range(40, 60)))
    tell(*(report("rejected", day, "other") for day in range(60, 79)))

    assert bounces.count(ADA, at(80)) == bounces.Count()
    assert reasons() == []


def test_one_mail_counts_once_however_often_it_bounces() -> None:
    delivery = make_delivery(make_digest(make_reader(ADA)))
    own = str(delivery.public_id)
    for day in range(1, 9):
        one = Report("Esp", "bounced", "", "m", ADA, "other", own, at(day))
        track.track_event(one, now=at(80))

    assert bounces.count(ADA, at(80)).mails == 1


def test_a_late_bounce_beats_delivered_but_not_a_person_who_opened_it() -> None:
    delivery = make_delivery(make_digest(make_reader(ADA)))

    def say(event_type: str, day: int, reason: str = "") -> int:
        own = str(delivery.public_id)
        one = Report("Esp", event_type, "", "m", ADA, reason, own, at(day))
        track.track_event(one, now=at(80))
        return bounces.count(ADA, at(80)).score

    assert say("delivered", 1) == 0
    assert say("bounced", 2, "other") == 1
    assert say("opened", 3) == 0


def test_what_is_long_ago_or_before_a_new_confirmation_is_forgotten() -> None:
    make_reader(ADA)
    tell(*map(soft, (1, 2, 3, 4)))
    assert bounces.count(ADA, at(4) + bounces.WINDOW).score == 0

    User.objects.filter(email=ADA).update(confirmed_at=at(3))

    assert bounces.count(ADA, at(5)).score == 1


def test_what_an_operator_lifted_stays_so_until_more_comes_back() -> None:
    make_reader(ADA)
    tell(*map(soft, range(1, 6)))
    accounts.lift(ADA)

    tell(soft(5))
    assert reasons() == []
    tell(soft(6))
    assert reasons() == [("digests", "soft_bounce")]


def test_a_wish_of_the_reader_outlives_the_count() -> None:
    make_reader(ADA)
    tell(report("unsubscribed", 1), *map(soft, range(2, 8)), report("delivered", 9))

    assert reasons() == [("digests", "request")]


def test_addresses_of_nobody_are_not_kept_and_those_of_the_erased_are_forgotten() -> (
    None
):
    user = make_reader(ADA)
    tell(*map(soft, range(1, 6)), report("bounced", 6, "other", to="eve@example.net"))
    assert DeliveryEvent.objects.filter(address_hmac="").count() == 1

    accounts.erase_user(user, at(81))

    assert set(DeliveryEvent.objects.values_list("address_hmac", flat=True)) == {""}
    assert accounts.is_suppressed(ADA, "digests"), "the keyed hash stays"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("reply", "score"),
    [
        ("550 5.1.1 no such user", 2),
        ("550 5.1.10 no such user", 2),
        ("550 5.1.11 something else", 0),
        ("550 5.7.1 we do not like you", 0),
        ("552 5.2.2 mailbox full", 0),
        ("550 no such user", 0),
    ],
)
def test_a_server_that_knows_no_such_mailbox_counts_twice(
    reply: str, score: int, point_at: PointAt
) -> None:
    delivery = queue(make_reader(ADA))
    with scripted(point_at, RCPT=reply.encode()):
        assert deliver_one(delivery.pk, now=NOW) == State.FAILED

    assert bounces.count(ADA, at(1)).score == 0, "before the confirmation"
    User.objects.filter(email=ADA).update(confirmed_at=NOW - timedelta(days=9))
    assert bounces.count(ADA, at(1)).score == score


def test_three_mails_for_no_mailbox_stop_digests_unless_one_was_taken() -> None:
    user = make_reader(ADA)
    deliveries = [make_delivery(make_digest(user)) for _ in range(4)]
    for number, delivery in enumerate(deliveries[:3]):
        assert reasons() == []
        for _again in range(2):
            bounces.note_missing_mailbox(ADA, delivery.pk, number, at(number + 1))
    assert reasons() == [("digests", "soft_bounce")]

    Delivery.objects.filter(pk=deliveries[3].pk).update(
        state=State.ACCEPTED, evidence="250", settled_at=at(5)
    )

    assert bounces.count(ADA, at(6)).score == 0


TOLD = [
    *map(soft, range(1, 8)),
    *(report("delivered", day) for day in (3, 6)),
    *(report("deferred", day) for day in (1, 4)),
    *(report(word, 7) for word in ("queued", "sent", "opened", "unsubscribed")),
    *map(report, ["rejected"] * 3, (4, 5, 6), ("blocked", "unsubscribed", "other")),
    report("bounced", 6, "bounced"),
    report("complained", 7, "spam"),
    report("failed", 2),
    report("unknown", 8),
    report("bounced", 8, "other", to="nobody@example.net"),
]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_the_same_reports_in_any_order_any_number_of_times_leave_the_same_rows(
    data: st.DataObject,
) -> None:
    """I17."""
    some = data.draw(st.lists(st.sampled_from(TOLD), unique=True, max_size=12))
    again = data.draw(st.lists(st.sampled_from(some), max_size=6)) if some else []
    shuffled = data.draw(st.permutations([*some, *again]))

    assert left_behind(some) == left_behind(shuffled)


def left_behind(reports: list[Report]) -> tuple[object, ...]:
    """Rows after these reports on one doubtful mail, without times of receipt."""
    with transaction.atomic():
        delivery = make_delivery(
            make_digest(make_reader(ADA)),
            state=State.UNCERTAIN,
            reason="as the test has it",
            provider_id="m7",
        )
        tell(*reports)
        rows = (
            sorted(DeliveryEvent.objects.values_list("event_key", "event_type")),
            sorted(reasons()),
            state_of(delivery),
            bounces.count(ADA, at(80)).score,
        )
        transaction.set_rollback(True)
    return rows
