"""Many rows by their keys: the same answers as with a list of places."""

import pytest
from django.db.models import Value

from digest.models import Attempt, Delivery, DigestItem, Paper
from digest.models.bulk import insert_selected, update_each
from digest.models.keyed import ByKey
from tests.factories import make_delivery, make_digest, make_paper

pytestmark = pytest.mark.django_db

AWKWARD = 'it\'s "100 %" {of} \\ 日本'


def test_it_finds_the_rows_with_these_keys() -> None:
    papers = [make_paper(f"Paper {number}") for number in range(5)]
    keys = [papers[1].pk, papers[3].pk, 10**12]
    found = Paper.objects.filter(pk__any_of=keys).order_by("pk")
    assert list(found) == [papers[1], papers[3]]
    assert not Paper.objects.filter(pk__any_of=[]).exists()
    assert not Paper.objects.filter(slug__any_of=[]).exists()
    assert Paper.objects.get(slug__any_of={papers[2].slug, AWKWARD}) == papers[2]
    assert Paper.objects.exclude(pk__any_of=keys).count() == 3


def test_it_follows_a_foreign_key() -> None:
    paper = make_paper("Paper")
    rows = DigestItem.objects.filter(paper__any_of=[paper.pk], digest__user__any_of=[])
    assert not rows.exists()


def test_an_update_gives_each_row_its_own_text() -> None:
    papers = [make_paper(f"Paper {number}") for number in range(3)]
    texts = {papers[0].pk: "first", papers[2].pk: AWKWARD}
    Paper.objects.filter(pk__any_of=texts).update(abstract=ByKey(texts))
    kept = papers[1].abstract
    abstracts = Paper.objects.order_by("pk").values_list("abstract", flat=True)
    assert list(abstracts) == ["first", kept, AWKWARD]


def test_each_row_gets_texts_and_numbers_of_its_own() -> None:
    papers = [make_paper(f"Paper {number}") for number in range(3)]
    rows = [(paper.pk, AWKWARD, place) for place, paper in enumerate(papers)]
    columns = ("abstract", "comment_count")
    assert update_each(Paper, columns, rows, where={"title": "Paper 1"}) == 1
    papers[1].refresh_from_db()
    assert (papers[1].abstract, papers[1].comment_count) == (AWKWARD, 1)


def test_rows_that_are_selected_are_copied_with_keys_of_their_own() -> None:
    deliveries = [make_delivery(make_digest()) for _number in range(2)]
    rows = Delivery.objects.order_by("pk").values_list(
        "pk", Value(1), "next_attempt_at", *[Value("")] * 3, Value("worker")
    )
    names = ("delivery_id", "number", "started_at", "phase", "outcome", "detail")
    new = insert_selected(Attempt, (*names, "worker"), rows)
    assert [key for key, _own in new] == [delivery.pk for delivery in deliveries]
    assert set(Attempt.objects.values_list("delivery_id", "pk")) == set(new)
