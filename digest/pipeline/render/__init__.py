"""Stage 4: from a planned digest to the mail's content. No network.

What many readers share is rendered once, as an Edition; what is one reader's own
is filled in when the bytes are made.
"""

import logging
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation

from digest.models import Delivery
from digest.pipeline import states
from digest.pipeline.render.edition import get_edition
from digest.pipeline.render.message import Rendered, build_message

logger = logging.getLogger(__name__)

__all__ = ["Rendered", "build_message", "render_delivery"]


def render_delivery(delivery_id: int, *, now: datetime) -> bool:
    """Give a planned delivery its edition, date and hash, and queue it.

    A template that fails takes down this digest alone: it is FAILED, with the
    reason, and its papers are free for the next one. Returns whether it is queued.
    """
    delivery = Delivery.objects.select_related("digest__user__schedule").get(
        pk=delivery_id
    )
    if delivery.state != Delivery.State.PLANNED:
        return False
    if not settings.DIGEST_POSTAL_ADDRESS:
        # Bulk mail must name it. The delivery waits, and expires if nobody sets it.
        logger.error("DIGEST_POSTAL_ADDRESS is empty: no digest is sent.")
        return False
    try:
        with (
            transaction.atomic(),
            translation.override(delivery.digest.reader.schedule.language),
        ):
            delivery.edition = get_edition(delivery.digest, now=now)
            delivery.dated_at = now.astimezone(UTC).replace(microsecond=0)
            rendered = build_message(delivery)
            return states.queue_rendered(delivery, rendered.content_hash)
    except DatabaseError:
        raise  # says nothing about this mail; the next sweep tries again
    except Exception as error:  # noqa: BLE001  a poison paper must fail alone
        states.fail_rendering(delivery, f"{type(error).__name__}: {error}", now)
        return False
