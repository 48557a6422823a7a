"""What of the waiting digests a worker may claim, as a line: `… look [release]`."""

import sys

import django

django.setup()

from digest.models import Delivery, SendingHold  # noqa: E402  after the settings
from digest.pipeline import reconcile, states  # noqa: E402
from tests.factories import NOW  # noqa: E402

if __name__ == "__main__":
    if sys.argv[1:] == ["release"]:
        SendingHold.objects.update(released_at=NOW)
    work = reconcile.find_work(now=NOW)
    claims = states.claim(work.delivery_ids, "worker", NOW)
    states_now = Delivery.objects.values_list("state", flat=True)
    reasons = SendingHold.objects.values_list("reason", flat=True)
    sys.stdout.write(f"{len(claims)} {','.join(states_now)} {'; '.join(reasons)}\n")
