"""The storm's outcome in words."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from digest.bench.storm.reckoning import Losses, Reckoning

TIMERS = (
    "DIGEST_SWEEP_SECONDS",
    "DIGEST_HANDOFF_SIZE",
    "DIGEST_BEGIN_SECONDS",
    "DIGEST_CLAIM_LEASE_SECONDS",
    "DIGEST_HANDOFF_LEASE_SECONDS",
    "DIGEST_CONNECT_TIMEOUT_SECONDS",
    "DIGEST_COMMAND_TIMEOUT_SECONDS",
    "DIGEST_AFTER_DOT_TIMEOUT_SECONDS",
    "DIGEST_BACKOFF_MINUTES",
    "CELERY_TASK_TIME_LIMIT",
)
"""Printed with the outcome, for it holds for these."""


def describe(
    told: Reckoning,
    lost: Losses,
    *,
    faults: Counter[str],
    whims: Counter[str],
    reasons: Counter[str],
) -> Iterator[str]:
    """Lines of text: faults, the server's whims, timers, figures, the verdict last."""
    yield "faults"
    yield from (f"  {count:4} {name}" for name, count in sorted(faults.items()))
    yield "the other end decided"
    yield from (f"  {count:6} {name}" for name, count in sorted(whims.items()))
    yield "what did not go, or perhaps not"
    yield from (f"  {count:6} {name}" for name, count in sorted(reasons.items()))
    yield "timers, shortened"
    yield from (f"  {name} = {getattr(settings, name)}" for name in TIMERS)
    yield "reckoning"
    figures: dict[str, object] = {
        "planned": told.planned,
        "on the wire": told.on_the_wire,
        **told.places,
        "of the uncertain, on the wire": told.arrived_in_doubt,
        "in no place": told.unsettled,
        "duplicates": told.duplicates,
        "unreported losses": told.losses,
        "sent, and called failed or skipped": told.misreported,
        "sent without an attempt in the log": told.strangers,
        "sent while sending was on hold": told.while_held,
        "uncertain, at most": f"{told.most_uncertain} ({_explain(lost)})",
        "seconds to the end after the last fault": f"{told.seconds:.0f}",
    }
    yield from (f"  {name}: {value}" for name, value in figures.items())
    yield from (f"PROBLEM {problem}" for problem in told.problems)


def _explain(lost: Losses) -> str:
    return (
        f"{lost.kills} kills, {lost.stops} stops, {lost.restarts} hand-offs in "
        f"restarts, {lost.limits} time limits, of {settings.DIGEST_HANDOFF_SIZE} "
        "each, and each silence after the dot"
    )
