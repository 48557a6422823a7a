"""Which days have papers, and the papers of some days in the order they are shown."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Max, Q, QuerySet

from digest.models import Match, Paper, Pick
from digest.models.paper import popularity
from digest.pipeline.match.strictness import wanted
from digest.views.listing import Listing


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


def papers_of_day(day: date, picks: list[Pick]) -> Listing:
    """Papers first announced or picked that day: picks, then votes, then matches.

    Only curated topics weigh in, so that a page never tells what one person follows.
    """
    places = {pick.paper_id: at for at, pick in enumerate(picks)}
    scores = _best_scores(day)
    papers = Paper.objects.shown().filter(Q(announced_on=day) | Q(pk__in=places))
    rows = papers.order_by("pk").values_list("pk", popularity())

    def place(row: tuple[int, int]) -> tuple[int, int, float]:
        paper_id, votes = row
        return places.get(paper_id, len(places)), -votes, -scores.get(paper_id, -1.0)

    return Listing([paper_id for paper_id, _votes in sorted(rows, key=place)])


def picks_between(first: date, last: date) -> list[Pick]:
    """The picks of some days, the newest day's last."""
    picks = _shown_picks().filter(picked_on__range=(first, last))
    known = picks.select_related("paper").only(
        *("picked_on", "note", "paper__announced_on"),
        *("paper__upvotes", "paper__reader_votes"),
    )
    return list(known.order_by("picked_on", "position", "pk"))


def papers_between(first: date, last: date, picks: list[Pick]) -> Listing:
    """Papers first announced or picked on these days: picks, then votes, then newest.

    Matches do not weigh in: of a month they are too many to look at for each page.
    """
    papers = Paper.objects.shown().order_by(
        popularity().desc(), F("announced_on").desc(), "pk"
    )
    picked = {pick.paper_id: pick.paper for pick in picks}
    first_ids = sorted(picked, key=lambda paper_id: _place(picked[paper_id]))
    others = papers.announced_between(first, last).exclude(pk__in=first_ids)
    return Listing(first_ids, others)


def _best_scores(day: date) -> dict[int, float]:
    """How well the day's papers matched curated topics at best, by paper id."""
    matches = Match.objects.filter(
        wanted(),
        topic__owner__isnull=True,
        topic__is_retired=False,
        announced_on=day,
    ).order_by()
    return dict(matches.values_list("paper_id").annotate(best=Max("score")))


def _place(paper: Paper) -> tuple[int, int, int]:
    """Sorts as the query of `papers_between` does."""
    return -paper.vote_weight, -(paper.announced_on or date.min).toordinal(), paper.pk


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
