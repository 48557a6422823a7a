"""What was found as pages of Markdown: one a topic, and an index."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest import tex
from digest.bench.topics.look import Look
from digest.models import Match, Strictness, Topic
from digest.pipeline.match.strictness import cut
from digest.pipeline.render import reason

_MARKED = re.compile(r"([\\`*_{}\[\]<>#|])")


def index_page(looks: Iterable[Look], *, now: date, days: int) -> str:
    """All topics, each with how many papers it sends."""
    return "\n".join(_index_lines(list(looks), now, days)) + "\n"


def topic_page(look: Look, *, now: date, days: int) -> str:
    """One topic: how it is defined, what it sends and why, what it just leaves out."""
    return "\n".join(_topic_lines(look, now, days)) + "\n"


def _index_lines(looks: list[Look], now: date, days: int) -> Iterator[str]:
    yield "# " + _("What the starter topics send")
    yield ""
    yield _(
        "Made by `manage.py show_topics` from {papers} papers of the {days} days up to "
        "{day}: what each topic would have sent, and why."
    ).format(
        papers=looks[0].papers if looks else 0, days=days, day=date_format(now, "j F Y")
    )
    yield ""
    yield f"| {_('topic')} | {_('papers')} | {_('from many to few')} |"
    yield "| --- | ---: | --- |"
    for look in looks:
        volumes = " · ".join(map(str, look.volumes.values())) or "-"
        name = f"[{_plain(look.topic.name)}]({look.topic.slug}.md)"
        yield f"| {name} | {look.count} | {volumes} |"


def _topic_lines(look: Look, now: date, days: int) -> Iterator[str]:
    topic = look.topic
    yield f"# {_plain(topic.name)}"
    yield ""
    yield _plain(topic.description)
    yield ""
    yield from _definition(topic)
    yield "## " + _("{days} days up to {day}").format(
        days=days, day=date_format(now, "j F Y")
    )
    yield ""
    yield _volume(look)
    yield ""
    for match in look.sent:
        yield _paper(match)
    if look.below:
        yield ""
        yield "## " + _("Just below: left out")
        yield ""
        for match in look.below:
            yield _paper(match)


def _definition(topic: Topic) -> Iterator[str]:
    wordings = "; ".join(topic.wish.splitlines())
    if wordings:
        yield _("In plain words: {wish}").format(wish=_plain(wordings))
        yield ""
    if topic.query:
        yield _("Only where this holds: `{query}`").format(query=topic.query)
        yield ""


def _volume(look: Look) -> str:
    if not look.count:
        return _("Nothing.")
    sentence = ngettext(
        "{count} paper of {papers}.", "{count} papers of {papers}.", look.count
    )
    shown = len(look.sent)
    if shown < look.count:
        sentence += " " + _("The best {shown}:")
    return sentence.format(count=look.count, papers=look.papers, shown=shown)


def _paper(match: Match) -> str:
    """One paper on one line: title, category, how sure, why."""
    paper = match.paper
    title = _plain(tex.to_unicode(paper.title))
    pieces = [piece | {"text": _plain(piece["text"])} for piece in match.evidence]
    facts = ", ".join(filter(None, [paper.primary_category, _sureness(match)]))
    return f"- [{title}]({paper.url}) ({facts}): {reason.as_text(pieces)}"


def _sureness(match: Match) -> str:
    """The strictest setting that still sends it, in words."""
    if match.margin is None:
        return ""
    levels = [s for s in Strictness if match.margin >= cut(s)]
    return {
        Strictness.FEWEST: _("surest"),
        Strictness.FEWER: _("quite sure"),
        Strictness.USUAL: _("likely"),
        Strictness.MORE: _("perhaps"),
        Strictness.MOST: _("hardly"),
    }[levels[-1]]


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is, on one line."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))
