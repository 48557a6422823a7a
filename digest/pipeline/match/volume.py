"""How much a topic brings at each strictness, by the matches of the last days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db.models import Count, Q

from digest.models import Match, Strictness
from digest.pipeline.match.backtest import per_week
from digest.pipeline.match.strictness import cut
from digest.pipeline.match.window import WINDOW_DAYS


def weekly_volumes(
    topic_ids: Collection[int], today: date
) -> dict[int, Mapping[Strictness, float]]:
    """Papers a week for each of these topics, with one query; none matched is left out.

    What a reader's own marks move is not in it.
    """
    counts = [
        Count("pk", filter=Q(margin__isnull=True) | Q(margin__gte=cut(level)))
        for level in Strictness
    ]
    first = today - timedelta(days=WINDOW_DAYS - 1)
    shown = Match.objects.shown_between(first, today).order_by()
    matches = shown.filter(topic__in=topic_ids)
    named = {f"at_{place}": count for place, count in enumerate(counts)}
    rows = matches.values("topic").annotate(**named).values_list("topic", *named)
    return {
        topic_id: dict(zip(Strictness, map(per_week, found), strict=True))
        for topic_id, *found in rows
    }
