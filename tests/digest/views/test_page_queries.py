"""How many queries each page takes: a number of its own, however many rows there are.

The pages that are not here have theirs beside their other tests.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from digest.models import Topic
from digest.pipeline.match.search import index_papers
from tests import factories as make
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/",
    f"/day/{TODAY}/",
    "/week/2026-W47/",
    "/month/2026-11/",
    "/trending/",
    "/topics/",
    "/topic/robots/",
    "/search/?q=robots",
    "/search/?q=%22deep+robots%22",
    "/search/?q=author:Curie&order=date",
    "/status/",
)
OWN = (
    "/preferences/",
    "/preferences/history/",
    "/preferences/learned/",
    "/preferences/topics/add/",
    "/reading-list/",
)


def add_rows(ada: User, robots: Topic, count: int) -> None:
    """Papers with all that hangs on them, for everybody and for Ada."""
    for _ in range(count):
        paper = make.make_paper("Deep robots", upvotes=1)
        make.make_match(robots, paper)
        make.make_announcement(paper, make.make_batch())
        make.make_pick(paper)
        make.make_mark(ada, paper)
        make.save_paper(ada, paper)
        digest = make.make_digest(ada)
        make.make_item(digest, paper, robots)
        make.make_delivery(digest)
    index_papers()


def count_queries(client: Client, path: str) -> int:
    client.get(path)  # what a process reads once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", [*PUBLIC, *OWN])
def test_more_rows_take_no_more_queries(
    reader: Client, ada: User, robots: Topic, path: str
) -> None:
    add_rows(ada, robots, 3)
    few = count_queries(reader, path)
    add_rows(ada, robots, 12)

    assert count_queries(reader, path) == few


def test_a_trial_takes_as_many_queries_over_more_papers(
    reader: Client, ada: User, robots: Topic
) -> None:
    counts = []
    for _more in range(2):
        add_rows(ada, robots, 6)
        form = {"wish": "deep robots", "query": "", "strictness": "0", "try": "1"}
        reader.post("/preferences/topics/add/", form)
        with CaptureQueriesContext(connection) as captured:
            response = reader.post("/preferences/topics/add/", form)
        assert response.status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]
