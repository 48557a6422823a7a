"""An edition: everything of a digest that is not one person's alone, rendered once.

Readers who get the same papers for the same reasons share one row; its key hashes
all that went in.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from digest import links
from digest.models import Digest, DigestItem, Edition
from digest.pipeline.render import fates, fragments, wording
from digest.pipeline.render.holes import FEEDBACK, PERSONAL, fill, hole, holes
from digest.pipeline.render.paper import PaperView, Room, facts, view_item, wrap
from digest.pipeline.render.standing import Standing, arrange, group_by_topic
from digest.sources.text import one_line

MAX_HTML_BYTES = 90_000
"""Gmail cuts a mail at about 102 KB; the personal links need some room too."""

EASY_HTML_BYTES = 78_000
"""Papers take less room before a mail comes near the limit."""

ROOMS = (
    Room(abstract_length=320, is_brief=False),
    *(Room(abstract_length=length, is_brief=True) for length in (320, 240, 160, 80, 0)),
)
"""How much room a paper gets: as much as a mail of its size allows."""

NAME_LENGTH, DESCRIPTION_LENGTH = 80, 300


@dataclass(frozen=True, slots=True)
class Section:
    """One topic's part of a digest."""

    topic_id: int
    name: str
    description: str
    papers: tuple[PaperView, ...]
    is_outside: bool = False

    @property
    def leave_hole(self) -> str:
        """Where the reader's own link to leave this topic goes."""
        return hole(f"leave_url:{self.topic_id}")


@dataclass(frozen=True, slots=True)
class Content:
    """All that an edition says, as plain values."""

    day: date
    sections: tuple[Section, ...]
    more: int
    coverage: list[dict[str, object]]

    @property
    def paper_count(self) -> int:
        """Papers in the mail."""
        return sum(len(section.papers) for section in self.sections)


class NothingToSayError(Exception):
    """No paper is left for the mail."""


def get_edition(digest: Digest, *, now: datetime) -> Edition:
    """The edition of this digest: rendered now, or shared with an earlier reader."""
    items = list(
        digest.items.filter(released_at__isnull=True, paper__hidden__isnull=True)
        .select_related("paper", "topic")
        .order_by("position")
    )
    if not any(item.is_in_mail for item in items):
        raise NothingToSayError("a curator hid every paper of this digest")
    key = _key(digest, items)
    known = Edition.objects.filter(key=key).first()
    if known:
        return known
    subject, html, text = _render_within_limit(digest, items)
    edition, _is_new = Edition.objects.get_or_create(
        key=key,
        defaults={
            "subject": subject,
            "html": html,
            "text": text,
            "language": get_language() or settings.LANGUAGE_CODE,
            "template_version": fragments.template_version(),
            "created_at": now,
        },
    )
    return edition


def _key(digest: Digest, items: Sequence[DigestItem]) -> str:
    """Hash of everything shared: papers, order, reasons, source line, look."""
    shared = {
        "day": _local_day(digest).isoformat(),
        "cadence": digest.cadence,
        "items": [_shared_of(item) for item in items],
        "coverage": digest.coverage,
        "language": get_language(),
        "site": [
            settings.SITE_URL,
            settings.DIGEST_SITE_NAME,
            settings.DIGEST_POSTAL_ADDRESS,
        ],
        "templates": fragments.template_version(),
    }
    return hashlib.sha256(json.dumps(shared, sort_keys=True).encode()).hexdigest()


def _shared_of(item: DigestItem) -> list[object]:
    """All that the edition says of one item; nothing of it is the reader's own."""
    paper, topic = item.paper, item.topic
    return [
        paper.pk,
        paper.title,
        paper.abstract,
        paper.authors,
        paper.url,
        paper.slug,
        paper.organisation,
        facts(paper),
        topic and [topic.pk, topic.name, topic.description],
        item.beneath,
        item.is_outside,
        item.is_in_mail,
        item.is_pick,
        item.note,
        item.evidence,
        item.also_in,
    ]


def _render_within_limit(
    digest: Digest, items: Sequence[DigestItem]
) -> tuple[str, str, str]:
    """Render; while too large, give papers less room, then leave some to the web."""
    mailed = [place for place in arrange(items) if place.item.is_in_mail]
    held = len(items) - _count_papers(mailed)
    for room in ROOMS:
        content = _content(digest, mailed, held, room)
        html = _render_html(content, digest)
        if _size(html) <= EASY_HTML_BYTES:
            break
    while _size(html) > MAX_HTML_BYTES and len(mailed) > 1:
        mailed = mailed[: max(1, len(mailed) * 9 // 10)]
        held = len(items) - _count_papers(mailed)
        content = _content(digest, mailed, held, ROOMS[-1])
        html = _render_html(content, digest)
    return wording.subject(content), html, _render_text(content, digest)


def _count_papers(standings: Sequence[Standing]) -> int:
    return sum(standing.paper_count for standing in standings)


def _size(html: str) -> int:
    """Bytes of the mail, with the links that every paper has filled in."""
    url = links.feedback_url(links.new_token())
    return len(fill(html, {FEEDBACK: url}).encode())


def _content(
    digest: Digest, standings: Sequence[Standing], held: int, room: Room
) -> Content:
    sections = []
    for part in group_by_topic(standings):
        topic = part[0].item.topic
        # People here name topics as they like; a subject is one clean line.
        name = one_line(topic.name, NAME_LENGTH) if topic else ""
        about = one_line(topic.description, DESCRIPTION_LENGTH) if topic else ""
        papers = tuple(view_item(at.item, at.beneath, room) for at in part)
        if part[0].item.is_outside:
            name = _("Outside your topics")
            sections.append(Section(0, name, "", papers, is_outside=True))
            continue
        topic_id = part[0].item.topic_id or 0
        sections.append(Section(topic_id, name or _("Other papers"), about, papers))
    return Content(_local_day(digest), tuple(sections), held, digest.coverage)


def _local_day(digest: Digest) -> date:
    return digest.due_at.astimezone(ZoneInfo(digest.zone)).date()


def _render_html(content: Content, digest: Digest) -> str:
    language = fragments.language_code()
    covered, missing = fates.coverage(content.coverage)
    rows = []
    for section in content.sections:
        rows.append(fragments.section(section.name, section.description))
        rows += [fragments.paper(view, language) for view in section.papers]
        if section.topic_id:
            rows.append(fragments.leave(section.name, section.leave_hole))
    if content.more:
        rows.append(fragments.more(content.more, hole("web_url")))
    shell = fragments.shell(
        language, settings.DIGEST_SITE_NAME, settings.DIGEST_POSTAL_ADDRESS
    )
    texts = {
        "subject": wording.subject(content),
        "heading": wording.heading(content.day, digest.cadence),
        "lead": wording.lead(content),
        "topics": wording.topics(content),
    }
    filled = fill(shell, texts, escape)
    return fill(
        filled,
        {"body": "\n".join(rows), "coverage": fragments.coverage(covered, missing)},
    )


def _render_text(content: Content, digest: Digest) -> str:
    covered, missing = fates.coverage(content.coverage)
    text = render_to_string(
        "digest/email/digest.txt",
        {
            "site_name": settings.DIGEST_SITE_NAME,
            "postal_address": settings.DIGEST_POSTAL_ADDRESS,
            "heading": wording.heading(content.day, digest.cadence),
            "lead": wrap(wording.lead(content)),
            "sections": [_text_section(section) for section in content.sections],
            "more": content.more,
            "covered_wrapped": covered and wrap(_("Covered: {}.").format(covered)),
            "missing_wrapped": [wrap(line) for line in missing],
            "topics_wrapped": wrap(wording.topics(content)),
            "hole": holes(*PERSONAL),
        },
        using="text",
    )
    return text.strip() + "\n"


def _text_section(section: Section) -> dict[str, object]:
    return {
        "name": section.name,
        "rule": "-" * min(len(section.name), 72),
        "leave_url": section.leave_hole if section.topic_id else "",
        "papers": [_text_paper(view) for view in section.papers],
    }


def _text_paper(view: PaperView) -> dict[str, object]:
    """The paper's lines, wrapped once."""
    why = [_("Picked by the curators")] if view.is_pick else []
    why += [view.reason_text] if view.reason_text else []
    line = "; ".join(why)
    if view.also_in:
        line += " · " + _("also in {topics}").format(topics=view.also_in)
    return {
        "title_wrapped": wrap(view.title),
        "link": view.link,
        "feedback": view.feedback,
        "meta_wrapped": wrap(" · ".join([view.byline, *view.facts])),
        "note_wrapped": wrap(f"“{view.note}”") if view.note else "",
        "abstract_wrapped": wrap(view.abstract),
        "why_wrapped": wrap(line.strip(" ·")),
        "also": [
            {"title_wrapped": wrap(_("Also: {title}").format(title=other.title))}
            | {"link": other.link}
            for other in view.also
        ],
    }
