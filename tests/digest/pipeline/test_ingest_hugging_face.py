"""Hugging Face's lists of a week, a month or what is trending, taken in."""

import json
from datetime import timedelta
from typing import Any

import pytest

from digest.models import Batch, Paper
from digest.pipeline.ingest import ingest_source
from digest.pipeline.ingest.asking import list_addresses
from tests.conftest import NOW
from tests.digest.pipeline.documents import Daily, hf
from tests.factories import make_source

pytestmark = pytest.mark.django_db

ADDRESS = "https://huggingface.co/api/daily_papers"
TODAY = NOW.date()
LAST_WEEK = TODAY - timedelta(days=7)


def spanning(*lists: bytes) -> bytes:
    """One list with the papers of several days."""
    return json.dumps([item for day in lists for item in json.loads(day)]).encode()


def test_a_trending_list_is_asked_once_and_as_it_stands() -> None:
    address = f"{ADDRESS}?sort=trending"
    source = make_source(kind="hf_daily", address=address)

    assert list_addresses(source, NOW) == [address]


def test_its_papers_are_filed_under_the_days_on_which_they_were_listed() -> None:
    source = make_source(kind="hf_daily", address=f"{ADDRESS}?sort=trending")
    old = hf(LAST_WEEK, Daily("2604.00001", upvotes=9), Daily("2604.00002"))
    document = spanning(old, hf(TODAY, Daily("2604.00003", upvotes=2)))

    ingest_source(source.pk, now=NOW, document=document)

    days = dict(Paper.objects.values_list("arxiv_id", "announced_on"))
    assert days == {
        "2604.00001": LAST_WEEK,
        "2604.00002": LAST_WEEK,
        "2604.00003": TODAY,
    }
    filed = dict(Batch.objects.values_list("announced_on", "entry_count"))
    assert filed == {LAST_WEEK: 2, TODAY: 1}


def test_trending_again_only_raises_what_it_says_about_attention() -> None:
    source = make_source(kind="hf_daily", address=f"{ADDRESS}?sort=trending")
    more: dict[str, Any] = {
        "githubRepo": "https://github.com/x/y",
        "githubStars": 5,
        "ai_keywords": ["tokens"],
        "organization": {"name": "lab", "fullname": "The Lab"},
    }
    for upvotes, now in ((9, NOW), (12, NOW + timedelta(days=1))):
        listed = Daily("2604.00001", upvotes=upvotes, comments=2, more=more)
        ingest_source(source.pk, now=now, document=hf(LAST_WEEK, listed))

    paper = Paper.objects.get()
    assert (paper.announced_on, paper.upvotes) == (LAST_WEEK, 12)
    assert (paper.comment_count, paper.organisation) == (2, "The Lab")
    assert paper.signals == {
        "code_url": "https://github.com/x/y",
        "code_stars": 5,
        "keywords": ["tokens"],
    }
    assert [batch.announced_on for batch in Batch.objects.all()] == [LAST_WEEK]


def test_a_paper_without_a_day_counts_for_the_day_of_the_list() -> None:
    source = make_source(kind="hf_daily", address=f"{ADDRESS}?sort=trending")
    document = json.dumps([{"paper": {"id": "2604.00001", "title": "T"}}]).encode()

    ingest_source(source.pk, now=NOW, document=document)

    assert Paper.objects.get().announced_on == TODAY
