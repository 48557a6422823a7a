"""The next digest of a reader or of a topic, for staff to look at. Writes nothing."""

from datetime import datetime

from django.conf import settings

from accounts.models import User
from digest.models import Digest, DigestItem, Schedule, Topic
from digest.pipeline import plan
from digest.pipeline.render import Rendered
from digest.pipeline.render.preview import sample_mail

READER, TOPIC = "reader", "topic"


def draft(
    whose: str, row_id: int, *, now: datetime
) -> tuple[Digest, list[DigestItem], str]:
    """Digest, items and language.

    `whose` is READER with the id of a person who has a schedule, or TOPIC with a
    topic's. Raises DoesNotExist of either.
    """
    if whose == READER:
        schedule = Schedule.objects.select_related("user").get(user=row_id)
        return (*plan.draft_next(schedule, now=now), schedule.language)
    topic = Topic.objects.get(pk=row_id)
    return (*plan.draft_topic(topic, now=now), settings.LANGUAGE_CODE)


def make_sample(whose: str, row_id: int, to: User, *, now: datetime) -> Rendered | None:
    """The mail, addressed to `to`; None where nothing would go."""
    digest, items, language = draft(whose, row_id, now=now)
    if not any(item.is_in_mail for item in items):
        return None
    return sample_mail(digest, items, language=language, to=to.email)
