"""What the admin shows of single rows, and what it answers to forms that are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from digest.models import (
    Delivery,
    DeliveryEvent,
    Holiday,
    Paper,
    SendingHold,
    Submission,
    Topic,
)
from tests import factories as make
from tests.factories import NOW

SEND = """
([address, fields, file]) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action: address});
  form.enctype = "multipart/form-data";
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const all = [...Object.entries(fields), ["csrfmiddlewaretoken", token.value]];
  for (const [name, value] of all) {
    form.append(Object.assign(document.createElement("input"), {name, value}));
  }
  if (file) {
    const held = new DataTransfer();
    held.items.add(new File([file[1]], file[0]));
    const input = Object.assign(document.createElement("input"), {type: "file"});
    Object.assign(input, {name: "file", files: held.files});
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that is sent to a path; the page that answers it is looked at.

    `file`: name and text of what is uploaded.
    """

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    file: tuple[str, str] | None = None

    def by(self, client: Client) -> str:
        """What the page of the answer is."""
        fields: dict[str, object] = dict(self.fields)
        if self.file:
            fields["file"] = SimpleUploadedFile(self.file[0], self.file[1].encode())
        return client.post(self.path, fields, follow=True).content.decode()

    def in_browser(self, page: Page) -> None:
        """Send it from the page that it is sent to, and wait for the answer."""
        page.goto(self.path)
        with page.expect_navigation():
            page.evaluate(SEND, [self.path, dict(self.fields), self.file])


def of_rows(user: User, paper: Paper) -> dict[str, str]:
    """Of each table a new row and one that is there: by name, its path."""
    _fill(paper)
    request = RequestFactory().get("/admin/")
    request.user = user
    found = {}
    for model, desk in admin.site._registry.items():
        name = model._meta.verbose_name
        if desk.has_add_permission(request):
            found[f"new {name}"] = _path(model, "add")
        row = desk.get_queryset(request).last()
        if row:
            found[f"one {name}"] = _path(model, "change", row.pk)
    return found


def to_curator(paper: Paper) -> dict[str, Sent]:
    """The questions before an act, and what files and typed words would do."""
    deliveries = _fill(paper)
    topic = Topic.objects.get(slug="robotics")
    proposal = Submission.objects.latest("pk")
    hold = SendingHold.objects.latest("pk")
    typed = {
        "name": topic.name,
        "slug": topic.slug,
        "description": topic.description,
        "kind": topic.kind,
        "position": "10",
        "strictness": "0",
        "query": "agents",
    }
    table = "email,topics\nann@example.org,robotics\nnobody,\n"
    feeds = f'<opml version="2.0"><body>{_feed("Notes")}{_feed("x" * 90)}</body></opml>'
    topics = '[[topic]]\nslug = "new"\nname = "New"\ndescription = "D"\nquery = "x"\n'
    return {
        "accept": _asked("accept", proposal),
        "decline": _asked("decline", proposal),
        "pick": _asked("pick", paper),
        "hide": _asked("hide", paper),
        "release": _asked("release", hold),
        "retire": _asked("retire", topic),
        "merge": _asked("merge", topic),
        "settle": _asked("settle", deliveries["uncertain"]),
        "requeue": _asked("requeue", deliveries["uncertain"]),
        "retry": _asked("retry", deliveries["failed"]),
        "cancel": _asked("cancel", deliveries["queued"]),
        "what a topic gains and loses": Sent(_path(Topic, "change", topic.pk), typed),
        "a topic that is refused": Sent(_path(Topic, "add"), {"query": "a OR ("}),
        "a table of readers": Sent(
            "/admin/digest/reader/import/", {}, ("people.csv", table)
        ),
        "an address that is refused": Sent(
            "/admin/digest/reader/invite/", {"email": "nobody"}
        ),
        "a list of feeds": Sent(
            "/admin/digest/source/import/", {}, ("feeds.opml", feeds)
        ),
        "a file of topics": Sent(
            "/admin/digest/topic/import/", {}, ("topics.toml", topics)
        ),
        "an address that is no feed": Sent(
            "/admin/digest/source/check/", {"address": "http://localhost/feed"}
        ),
    }


def _asked(action: str, row: Model) -> Sent:
    """An action, chosen in the list of the row."""
    chosen = {"action": action, "_selected_action": str(row.pk)}
    return Sent(_path(type(row), "changelist"), chosen)


def _fill(paper: Paper) -> dict[str, Delivery]:
    """A row of each table that the pages need; the deliveries by their states."""
    reader = make.make_reader("asks@example.org")
    Submission.objects.create(
        user=reader,
        key=paper.canonical_id,
        url=paper.url,
        title=paper.title,
        paper=paper,
        why="Read <b>it</b>.",
        state="waiting",
        sent_at=NOW,
    )
    SendingHold.objects.create(reason="The lawyers asked.", held_at=NOW)
    Holiday.objects.create(day=make.TODAY, name="A day off")
    reasons = {"uncertain": "no answer", "failed": "expired", "queued": ""}
    deliveries = {}
    for state, reason in reasons.items():
        digest = make.make_digest(make.make_reader())
        make.make_item(digest, paper, Topic.objects.get(slug="robotics"))
        deliveries[state] = make.make_delivery(digest, state=state, reason=reason)
    DeliveryEvent.objects.create(
        provider="x",
        event_key="1",
        event_type="bounced",
        delivery=deliveries["failed"],
        received_at=NOW,
    )
    return deliveries


def _feed(title: str) -> str:
    address = f"https://{title[:20].lower()}.example.org/feed"
    return f'<outline type="rss" text="{title}" xmlUrl="{address}"/>'


def _path(model: type[Model], page: str, *args: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
