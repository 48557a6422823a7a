"""Which days have papers, and the papers of some days in the order they are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from digest.models import Match, Paper, Pick, Topic
from digest.models.paper import popularity
from digest.pipeline.match.strictness import wanted_of


def newest_day(today: date) -> date | None:
    """The last day up to `today` with papers or picks; None before the first one."""
    return _last_day(Q(announced_on__lte=today), Q(picked_on__lte=today))


def day_before(day: date) -> date | None:
    """The nearest earlier day with papers or picks."""
    return _last_day(Q(announced_on__lt=day), Q(picked_on__lt=day))


def day_after(day: date, today: date) -> date | None:
    """The nearest later day with papers or picks, not beyond `today`."""
    announced = (
        Paper.objects.shown()
        .filter(announced_on__gt=day, announced_on__lte=today)
        .order_by("announced_on")
        .values_list("announced_on", flat=True)
        .first()
    )
    picked = (
        _shown_picks()
        .filter(picked_on__gt=day, picked_on__lte=today)
        .order_by("picked_on")
        .values_list("picked_on", flat=True)
        .first()
    )
    return min(filter(None, (announced, picked)), default=None)


def picks_of_day(day: date) -> list[Pick]:
    """The picks of a day in the curators' order."""
    return list(_shown_picks().filter(picked_on=day).order_by("position", "pk"))


def papers_of_day(day: date, picks: list[Pick]) -> QuerySet[Paper]:
    """Papers first announced or picked that day: picks, then votes, then matches.

    Only curated topics weigh in, so that a page never tells what one person follows.
    """
    picked = [pick.paper_id for pick in picks]
    papers = Paper.objects.shown().filter(Q(announced_on=day) | Q(pk__in=picked))
    order: list[Any] = [*_picked_first(picked), popularity().desc()]
    curated = list(Topic.objects.public().values_list("pk", "strictness"))
    if curated:
        matches = Match.objects.filter(wanted_of(curated), paper=OuterRef("pk"))
        best_score = matches.order_by("-score").values("score")[:1]
        papers = papers.alias(best_score=Subquery(best_score))
        order.append(F("best_score").desc(nulls_last=True))
    return papers.order_by(*order, "pk")


def picks_between(first: date, last: date) -> list[Pick]:
    """The picks of some days, the newest day's last."""
    picks = _shown_picks().filter(picked_on__range=(first, last))
    return list(picks.order_by("picked_on", "position", "pk"))


def papers_between(first: date, last: date, picks: list[Pick]) -> QuerySet[Paper]:
    """Papers first announced or picked on these days: picks, then votes, then newest.

    Matches do not weigh in: of a month they are too many to look at for each page.
    """
    picked = {pick.paper_id for pick in picks}
    return (
        Paper.objects.shown()
        .filter(Q(announced_on__range=(first, last)) | Q(pk__in=picked))
        .alias(
            is_picked=Case(
                When(pk__in=picked, then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
        .order_by("-is_picked", popularity().desc(), "-announced_on", "pk")
    )


def _picked_first(picked: list[int]) -> list[Case]:
    """The order of the picks; none for no picks, as SQL cannot sort by a constant."""
    if not picked:
        return []
    places = (When(pk=paper_id, then=Value(i)) for i, paper_id in enumerate(picked))
    return [
        Case(*places, default=Value(len(picked)), output_field=IntegerField()),
    ]


def _shown_picks() -> QuerySet[Pick]:
    return Pick.objects.filter(
        paper__announced_on__isnull=False,
        paper__hidden__isnull=True,
        paper__merged_into__isnull=True,
    )


def _last_day(announced_when: Q, picked_when: Q) -> date | None:
    announced = (
        Paper.objects.shown()
        .filter(announced_when)
        .order_by("-announced_on")
        .values_list("announced_on", flat=True)
        .first()
    )
    picked = (
        _shown_picks()
        .filter(picked_when)
        .order_by("-picked_on")
        .values_list("picked_on", flat=True)
        .first()
    )
    return max(filter(None, (announced, picked)), default=None)
