"""Which of the matches that are kept a topic or a reader wants: by margin."""

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
