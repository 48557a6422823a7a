"""Which of the matches that are kept a topic or a reader wants: by margin."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from digest import matching
from digest.models import Strictness


def cut(strictness: int) -> float:
    """The margin that a paper must have at a strictness."""
    return float(matching.Strictness[Strictness(strictness).name].value)


def wanted(prefix: str = "") -> Q:
    """Matches that their topics want, as the curators or the owner set them.

    Args:
        prefix: Where the match is seen from, such as "matches__".
    """
    found = Q(**{f"{prefix}margin__isnull": True})
    for level in Strictness:
        found |= Q(
            **{
                f"{prefix}topic__strictness": level,
                f"{prefix}margin__gte": cut(level),
            }
        )
    return found


def wanted_of(topics: Iterable[tuple[int, int]], prefix: str = "") -> Q:
    """Matches of these topics that they want; each is an id with its strictness.

    No table of topics is looked at, and an index that begins with the topic serves.

    Args:
        topics: Not none, unless no match is wanted.
        prefix: Where the match is seen from, such as "matches__".
    """
    by_level: dict[int, list[int]] = defaultdict(list)
    for topic_id, level in topics:
        by_level[level].append(topic_id)
    found = Q(pk__in=[])
    for level, ids in by_level.items():
        is_sure = Q(**{f"{prefix}margin__isnull": True})
        is_sure |= Q(**{f"{prefix}margin__gte": cut(level)})
        found |= Q(**{f"{prefix}topic__in": ids}) & is_sure
    return found
