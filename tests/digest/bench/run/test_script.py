"""The rival of `bench run` does its work: it is a script that works."""

import pytest

from digest.bench.ingest import make_papers
from digest.bench.run import scene
from digest.bench.run.script import send_all
from digest.models import DigestItem, Schedule
from tests.digest.transports.servers import ScriptServer, serve
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_it_sends_each_due_reader_one_mail() -> None:
    readers, papers = 5, list(make_papers(60))
    scene.store_rows(readers, papers, now=NOW)
    script = ScriptServer({})

    with serve(script.server):
        some = send_all("127.0.0.1", script.port, 3, now=NOW)
        assert scene.find_problems(3) == []
        rest = send_all("127.0.0.1", script.port, readers, now=NOW)

    assert (some[0], rest[0]) == (3, 2)
    assert scene.find_problems(readers) == []
    assert len(script.contents) == readers
    assert some[1] + rest[1] == scene.count_mailed() == DigestItem.objects.count()
    assert not Schedule.objects.due(NOW).exists()
