"""Steps at the desk of a day: look at it, press a button, propose a paper."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from digest.models import Paper, Submission
from tests.factories import NOW, TODAY, make_reader

DESK = "/admin/digest/pick/today/"
HERE = f"{DESK}?day={TODAY}"


def version(client: Client) -> str:
    """The version of the desk that a curator has before the eyes."""
    found = re.search(r'name="version" value="(\d+)"', look(client, "&show=all"))
    assert found
    return found[1]


def look(client: Client, query: str = "") -> str:
    page: str = client.get(HERE + query).content.decode()
    return page


def act(client: Client, do: str, at: str, **typed: Any) -> Any:
    """Press a button of a desk that was looked at in a version."""
    return client.post(HERE, {"do": do, "version": at, **typed})


def propose(paper: Paper | None, **fields: Any) -> Submission:
    return Submission.objects.create(
        **{
            "user": make_reader(),
            "key": paper.canonical_id if paper else "guid:x",
            "url": "https://example.org/x",
            "title": paper.title if paper else "",
            "paper": paper,
            "why": "Read <b>it</b>.",
            "state": "waiting",
            "sent_at": NOW,
            **fields,
        }
    )
