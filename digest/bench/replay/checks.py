"""What must hold after the days, whatever went wrong in them."""

from collections.abc import Mapping, Sequence

from digest.bench.replay.days import DayList
from digest.bench.replay.watching import Seen
from digest.models import Digest, Paper
from digest.sources.identity import canonical_id

LEAST_GAP_SECONDS = 3.0


def find_missing(days: Sequence[DayList]) -> list[str]:
    """New papers of any day that are not in the database exactly once."""
    problems = []
    for each in days:
        ids = each.new_ids()
        stored = list(
            Paper.objects.works()
            .filter(arxiv_id__in=ids)
            .values_list("arxiv_id", flat=True)
        )
        if sorted(stored) != sorted(ids):
            missing = sorted(ids - set(stored))
            problems.append(f"{each.day}: not there exactly once: {missing[:5]} …")
    return problems


def size_of(list_: DayList, *, is_refilled: bool) -> int:
    """How many papers a whole batch of that list holds."""
    if is_refilled:
        return len(list_.new_ids())
    return len({canonical_id(entry) for entry in list_.entries()})


def find_untrue(
    key: tuple[str, str], seen: Seen, lists: Mapping[tuple[str, str], DayList]
) -> list[str]:
    """That a batch counts as complete and is not."""
    if not seen.is_complete or key not in lists:
        return []
    whole = size_of(lists[key], is_refilled=seen.is_refilled)
    if seen.papers == whole:
        return []
    return [f"{key}: complete with {seen.papers} of {whole} papers"]


def find_false_claims(
    digest: Digest, lists: Mapping[tuple[str, str], DayList]
) -> list[str]:
    """Source lines that call a list covered which was not whole."""
    problems = []
    for line in digest.coverage:
        day = str(line["announced_on"])
        if line["status"] != "received" or not day:
            continue
        sizes = [
            [size_of(each, is_refilled=False), size_of(each, is_refilled=True)]
            for key, each in lists.items()
            if key[1] == day
        ]
        whole = {size for pair in sizes for size in pair} | {
            sum(column) for column in zip(*sizes, strict=True)
        }
        if line["papers"] not in whole:
            problems.append(
                f"{digest.period_key}: {line['papers']} papers of {day} called covered"
            )
    return problems


def list_keys(
    days: Sequence[DayList], categories: Mapping[str, str]
) -> dict[tuple[str, str], DayList]:
    """The lists by source and day; `categories` names the category of a source."""
    return {
        (slug, each.day.isoformat()): each
        if category == "cs.CV"
        else each.in_category(category)
        for slug, category in categories.items()
        for each in days
    }
