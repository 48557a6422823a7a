"""A work has one page, which tells what became of it; merged papers show nowhere."""

from datetime import date

import pytest
from django.test import Client

from digest.models import Paper, PaperEvent, Topic
from tests import factories as make
from tests.digest.views.pages import in_order, read
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> Paper:
    """A paper merged into another, with rows that stayed with it."""
    paper = make.make_paper("Merged away", merged_into=make.make_paper("The work"))
    make.make_match(make.make_topic("feeds"), paper)
    make.make_pick(paper, TODAY)
    return paper


def test_the_page_of_a_merged_paper_leads_to_its_work(
    client: Client, merged: Paper
) -> None:
    response = client.get(merged.get_absolute_url())

    assert response.status_code == 302
    assert merged.merged_into
    assert response["Location"] == merged.merged_into.get_absolute_url()


def test_a_merged_paper_shows_on_no_page(client: Client, merged: Paper) -> None:
    for path in ("/", f"/day/{TODAY}/", Topic.objects.get().get_absolute_url()):
        assert "Merged away" not in read(client, path)


def test_a_merged_paper_is_not_counted(client: Client, merged: Paper) -> None:
    topics = client.get("/topics/").context["topics"]

    assert [count for _topic, count in topics] == [0]


def test_a_day_with_merged_papers_alone_is_no_day_with_papers(client: Client) -> None:
    work = make.make_paper("The work", announced_on=date(2026, 11, 10))
    make.make_pick(make.make_paper(merged_into=work), date(2026, 11, 18))

    assert "Tuesday 10 November 2026" in read(client, "/")


def test_a_page_tells_versions_the_journal_and_the_withdrawal(client: Client) -> None:
    paper = make.make_paper()
    kinds = PaperEvent.Kind
    for kind, day, version, detail in [
        (kinds.WITHDRAWN, date(2026, 6, 1), 0, ""),
        (kinds.PUBLISHED, date(2026, 5, 2), 0, "Journal of <Feeds>"),
        (kinds.NEW_VERSION, date(2026, 4, 3), 2, ""),
    ]:
        PaperEvent.objects.create(
            paper=paper,
            kind=kind,
            happened_on=day,
            version=version,
            detail=detail,
            recorded_at=NOW,
        )

    assert in_order(
        read(client, paper.get_absolute_url()),
        "Version 2 on 3 April 2026",
        "Published in Journal of &lt;Feeds&gt;, seen on 2 May 2026",
        "Withdrawn on 1 June 2026",
    )
