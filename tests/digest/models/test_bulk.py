"""Many new rows at once: what is read back is what was put in, or nothing is."""

import pytest
from django.db import IntegrityError, transaction

from digest.models import Paper
from digest.models.bulk import insert_new, insert_values
from tests.factories import NOW, make_paper

pytestmark = pytest.mark.django_db

TEXTS = (
    "$a<b$\tand\n\nmore",
    "back\\slash \\. \\N",
    "quotes \"and\" 'these'",
    "日本語 é",
)


def _paper(number: int, **fields: object) -> Paper:
    return Paper(
        canonical_id=f"guid:{number}",
        slug=f"guid-{number}",
        first_seen_at=NOW,
        changed_at=NOW,
        **fields,
    )


def test_every_value_comes_back() -> None:
    """Text of all kinds, lists, and values that are missing."""
    rows = [
        _paper(
            number,
            title=text,
            authors=[{"name": text, "affiliation": ""}],
            categories=["cs.CV", text],
            signals={"stars": number, "code": None},
        )
        for number, text in enumerate(TEXTS)
    ]
    insert_new(rows)
    for row in rows:
        stored = Paper.objects.get(pk=row.pk)
        for field in Paper._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(row, field.attname)


def test_rows_can_be_saved_again() -> None:
    """They know that they are stored; the next new row gets another key."""
    row = _paper(1, title="Before")
    insert_new([row])
    row.title = "After"
    row.save()
    assert Paper.objects.get(pk=row.pk).title == "After"
    assert make_paper().pk != row.pk


def test_nothing_is_nothing() -> None:
    """No rows, no query."""
    insert_new(list[Paper]())
    assert not Paper.objects.exists()


def test_a_row_that_is_there_already_refuses_all() -> None:
    """Django's own error, and none of the others is written."""
    insert_new([_paper(1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_new([_paper(2), _paper(1)])
    assert Paper.objects.count() == 1


NAMES = ("canonical_id", "slug", "first_seen_at", "changed_at", "title", "authors")


def _values(number: int, title: str, authors: object) -> tuple[object, ...]:
    return (f"guid:{number}", f"guid-{number}", NOW, NOW, title, authors)


def test_values_are_stored_and_the_others_are_the_usual_ones() -> None:
    """Lists that rows share come back in each."""
    shared = [{"name": TEXTS[1], "affiliation": ""}]
    given = [[], shared, shared, [{"name": TEXTS[0], "affiliation": None}]]
    rows = zip(range(len(TEXTS)), TEXTS, given, strict=True)

    insert_values(Paper, NAMES, (_values(*row) for row in rows))

    stored = Paper.objects.order_by("canonical_id")
    assert [paper.title for paper in stored] == list(TEXTS)
    assert [paper.authors for paper in stored] == given
    usual = _paper(9)
    for field in Paper._meta.concrete_fields:
        if field.attname not in (*NAMES, "id"):
            assert getattr(stored[0], field.attname) == getattr(usual, field.attname)


def test_a_row_given_as_values_that_is_there_already_refuses_all() -> None:
    """Django's own error here, too; and no rows are no error."""
    insert_values(Paper, NAMES, [_values(1, "", [])])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_values(Paper, NAMES, [_values(2, "", []), _values(1, "", [])])
    insert_values(Paper, NAMES, [])

    assert Paper.objects.count() == 1
