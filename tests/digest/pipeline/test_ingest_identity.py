"""What a feed calls a paper by, where feeds are careless about it (B32)."""

import pytest

from digest.models import Announcement, Paper
from digest.pipeline.ingest import ingest_source
from tests.conftest import NOW
from tests.digest.pipeline.asking import TODAY
from tests.digest.pipeline.documents import journal
from tests.factories import make_source

pytestmark = pytest.mark.django_db


def test_it_takes_a_guid_that_is_used_again_for_the_paper_it_stood_for() -> None:
    source = make_source(kind="feed")
    first = journal(TODAY, "https://journal.example.org/7")
    reused = first.replace(b"On letters", b"Quite another paper, on numbers")

    ingest_source(source.pk, now=NOW, document=first)
    result = ingest_source(source.pk, now=NOW, document=reused)

    assert (result.new_count, Paper.objects.count()) == (0, 1)
    assert Announcement.objects.count() == 1
