"""The rows of the benches: as many as asked for, and as the product takes them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from digest import tasks
from digest.bench.ingest import make_papers
from digest.bench.rows import (
    make_lists,
    store_digests,
    store_papers,
    store_readers,
    store_topics,
)
from digest.models import Delivery, DigestItem, Subscription
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_each_reader_has_a_digest_and_some_share_its_list() -> None:
    papers = store_papers(make_papers(60), now=NOW)
    topics = store_topics(papers, 8)
    lists = make_lists(papers, topics, 3)
    wishes = [lists[number % 3].topics for number in range(7)]
    readers = store_readers(wishes, now=NOW, next_due_at=NOW + timedelta(days=1))

    planned = store_digests(readers, lists, now=NOW)

    assert (planned.count, planned.editions) == (7, 3)
    assert [*planned.ids] == [*Delivery.objects.values_list("pk", flat=True)]
    assert DigestItem.objects.count() == 7 * 20
    assert len({listed.papers for listed in lists}) == 3
    assert Subscription.objects.count() == sum(map(len, wishes))
    assert all(1 <= len(listed.topics) <= 5 for listed in lists)


def test_the_product_takes_them_for_its_own() -> None:
    now = timezone.now()
    papers = store_papers(make_papers(60), now=now)
    lists = make_lists(papers, store_topics(papers, 5), 2, size=6)
    wishes = [lists[number % 2].topics for number in range(3)]
    readers = store_readers(wishes, now=now, next_due_at=now)
    planned = store_digests(readers, lists, now=now)

    tasks.send([*planned.ids])

    states = Delivery.objects.values_list("state", flat=True)
    assert [*states] == [Delivery.State.ACCEPTED] * 3
    editions = set(Delivery.objects.values_list("edition_id", flat=True))
    assert len(editions) == 2
