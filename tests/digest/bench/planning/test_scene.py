"""The readers of `bench plan` are ones that the product plans, all of them."""

import pytest

from digest.bench.planning.scene import MOST_TOPICS, Scene, store_rows
from digest.bench.planning.work import plan_all
from digest.models import Delivery, DigestItem, Schedule, Subscription
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_every_reader_is_planned_once() -> None:
    scene = Scene(7, NOW.replace(hour=7, minute=0), NOW.replace(hour=7, minute=5))
    store_rows(scene)

    planned = plan_all(scene, 3)

    assert planned.digests == Delivery.objects.count() == 7
    assert planned.queries > 0
    assert planned.seconds >= planned.third_seconds > 0
    assert DigestItem.objects.filter(is_in_mail=True).exists()
    assert 7 <= Subscription.objects.count() <= 7 * MOST_TOPICS
    assert not Schedule.objects.due(scene.now).exists()
