"""What the list and the page of a paper say about it, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest.admin.evidence import NOTHING
from digest.models import Paper
from digest.pipeline.match.strictness import wanted
from digest.pipeline.render import reason

SHOWN_TOPICS = 30


class PaperColumns:
    """Columns; the counts and marks come with the rows of `PaperAdmin`."""

    @admin.display(description=_("category"))
    def primary_category(self, obj: Paper) -> str:
        """The first category."""
        return obj.primary_category

    @admin.display(description=_("announced"), ordering="announced_on")
    def day(self, obj: Paper) -> date | None:
        """The day of the first announcement."""
        return obj.announced_on

    @admin.display(description=_("votes"), ordering="upvotes")
    def votes(self, obj: Paper) -> int:
        """Votes at the source; the column's own name would take too much room."""
        return obj.upvotes

    @admin.display(description=_("comments"), ordering="comment_count")
    def comments(self, obj: Paper) -> int:
        """Comments at the source."""
        return obj.comment_count

    @admin.display(description=_("topics"))
    def topic_count(self, obj: Any) -> int:
        """How many topics it matched, personal ones included."""
        return int(obj.topic_count)

    @admin.display(description=_("picked"), boolean=True)
    def is_picked(self, obj: Any) -> bool:
        """Whether it is picked for any day."""
        return bool(obj.is_picked)

    @admin.display(description=_("hidden"), boolean=True)
    def is_hidden(self, obj: Any) -> bool:
        """Whether a curator hid it."""
        return bool(obj.is_hidden)

    @admin.display(description=_("authors"))
    def author_line(self, obj: Paper) -> str:
        """Names in order."""
        return ", ".join(obj.author_names) or NOTHING

    @admin.display(description=_("categories"))
    def category_line(self, obj: Paper) -> str:
        """Categories in order."""
        return ", ".join(obj.categories) or NOTHING

    @admin.display(description=_("signals"))
    def signal_lines(self, obj: Paper) -> SafeString | str:
        """What the feed told about attention and code."""
        lines = ((name, value) for name, value in obj.signals.items())
        return format_html_join("", "<div>{}: {}</div>", lines) or NOTHING

    @admin.display(description=_("topics that match"))
    def topic_lines(self, obj: Paper) -> SafeString | str:
        """Curated topics with the reason; personal ones are their readers'."""
        matches = obj.matches.filter(wanted(), topic__owner=None).select_related(
            "topic"
        )
        lines = (
            (match.topic.name, reason.as_text(match.evidence))
            for match in matches.best_first()[:SHOWN_TOPICS]
        )
        return format_html_join("", "<div>{}: {}</div>", lines) or NOTHING
