"""Whether a batch is whole, judged by what was expected, what came and for how long.

arXiv's feed never says that it is complete, and its dates are those of the request.
So a list counts as whole once it was read again, ten minutes later or more, and had
not grown; one that is far below what its weekday usually brings has to stay so for
two hours. A broken-off or capped document never completes a batch. A file handed
over, and an answer about days that are over, are taken at their word.
"""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from digest.models import Batch, Holiday
from digest.pipeline.ingest.reading import Reading
from digest.sources.timetable import is_announcement_day

CONFIRM_AFTER = timedelta(minutes=10)
THIN_CONFIRM_AFTER = timedelta(hours=2)
THIN_SHARE = 0.5
USUAL_WEEKS = 8
FEWEST_WEEKS = 2
SUNDAY = 7


def judge(batch: Batch, reading: Reading, *, is_whole: bool, is_repeated: bool) -> None:
    """Set the batch's status and when it was complete; nothing is saved.

    `is_whole` is about the document alone, `is_repeated` says that it showed the
    list of an earlier day.
    """
    if batch.entry_count:
        is_complete = _is_complete(batch, reading, is_whole=is_whole)
        batch.status = Batch.Status.RECEIVED if is_complete else Batch.Status.PARTIAL
    else:
        batch.status = _without_papers(batch, reading, is_repeated=is_repeated)
        is_complete = batch.status in {Batch.Status.EMPTY, Batch.Status.HOLIDAY}
    if is_complete and reading.source.has_timetable:
        batch.completed_at = batch.completed_at or reading.now
    else:
        batch.completed_at = None


def usual_size(batch: Batch) -> int | None:
    """Median size of the last eight whole batches of that weekday; None if unknown."""
    earlier = batch.source.batches.filter(
        status=Batch.Status.RECEIVED,
        announced_on__lt=batch.announced_on,
        # Django counts from Sunday, 1.
        announced_on__week_day=batch.announced_on.isoweekday() % SUNDAY + 1,
    )
    sizes = list(
        earlier.order_by("-announced_on").values_list("entry_count", flat=True)[
            :USUAL_WEEKS
        ]
    )
    return usual_of(sizes)


def usual_of(sizes: Sequence[int]) -> int | None:
    """Median of the sizes of one weekday's lists; None if they are too few to tell."""
    return round(median(sizes)) if len(sizes) >= FEWEST_WEEKS else None


def _is_complete(batch: Batch, reading: Reading, *, is_whole: bool) -> bool:
    if not reading.source.has_timetable or batch.completed_at:
        return True
    if not is_whole:
        return False
    if not reading.is_live or batch.grown_at is None:
        return True
    usual = usual_size(batch)
    is_thin = usual is not None and batch.entry_count < usual * THIN_SHARE
    hold = THIN_CONFIRM_AFTER if is_thin else CONFIRM_AFTER
    return reading.now - batch.grown_at >= hold


def _without_papers(
    batch: Batch, reading: Reading, *, is_repeated: bool
) -> Batch.Status:
    if not reading.source.has_timetable:
        return Batch.Status.REPEATED if is_repeated else Batch.Status.EMPTY
    if not is_announcement_day(batch.announced_on, Holiday.objects.days()):
        return Batch.Status.HOLIDAY
    if is_repeated:
        return Batch.Status.REPEATED
    return Batch.Status.WAITING if reading.is_live else Batch.Status.EMPTY
