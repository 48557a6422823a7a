"""The five days, one after the other."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from aiosmtpd.controller import Controller

from digest.bench.story import checks
from digest.bench.story.feeds import DayFeed
from digest.bench.story.mailbox import Mailbox, start_smtp
from digest.bench.story.processes import Processes, StoryError
from digest.bench.story.provider import ProviderStub
from digest.bench.story.readers import READERS, sign_up
from digest.bench.story.stage import SENDING_DOMAIN, Stage
from digest.models import Batch, Source
from digest.starter.load import load_topics

HOUR_OF_FEEDS = 5
HOUR_OF_DIGESTS = 15
"""UTC: by then all five readers' hours have come, and the day's feed is in."""
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
WAIT_SECONDS = 120


class Story:
    """Lives through the days on a stage; `tell` returns what did not hold."""

    def __init__(self, stage: Stage, days: list[DayFeed], out: Path) -> None:
        """Start the mail server, or the provider's stub; the rest comes day by day."""
        self._stage = stage
        self._days = days
        self._mailbox = Mailbox(out)
        self._processes = Processes(stage.environment, stage.log_path)
        self._stub: ProviderStub | None = None
        self._smtp: Controller | None = None
        if stage.by_provider:
            self._stub = ProviderStub(self._mailbox, stage.mail_port)
        else:
            self._smtp = start_smtp(self._mailbox, stage.mail_port)

    def stop(self) -> None:
        """End everything that was started."""
        self._processes.stop()
        if self._stub:
            self._stub.stop()
        if self._smtp:
            self._smtp.stop()

    def tell(self) -> list[str]:
        """Live through all days; return what did not hold, in words."""
        self._sign_up_on_the_eve()
        problems = []
        suppressed = 0
        for day in self._days:
            problems += self._live(day, suppressed)
            if self._stub and day is self._days[0]:
                self._bounce_one(self._stub)
                suppressed = 1
        return [*problems, *self._check_all()]

    def _sign_up_on_the_eve(self) -> None:
        """An empty database, the curated topics, one source, and five readers."""
        eve = _at(self._days[0].day - timedelta(days=1), 12)
        self._processes.run("manage.py", "migrate", "--verbosity", "0", clock=eve)
        self._processes.run("manage.py", "collectstatic", "--noinput", "-v0", clock=eve)
        load_topics()
        Source.objects.create(
            slug="story",
            name=self._days[0].source_name,
            kind=self._days[0].kind,
            next_fetch_at=NEVER,
        )
        self._stage.open(self._processes, eve)
        sign_up(READERS, self._stage.client, self._mailbox)
        print(f"{len(READERS)} readers signed up and confirmed on the web", flush=True)

    def _live(self, day: DayFeed, suppressed: int) -> list[str]:
        """Take the day's feed in, let its digests go, and report."""
        self._processes.stop()
        self._processes.run(
            *("manage.py", "ingest", "story", "--file", str(day.path)),
            clock=_at(day.day, HOUR_OF_FEEDS),
        )
        start = len(self._mailbox.received)
        self._stage.open(self._processes, _at(day.day, HOUR_OF_DIGESTS))
        digest_ids = self._wait_until_settled(day.day)
        sums = checks.sum_up(digest_ids)
        mailed = checks.count_mailed(self._mailbox.received[start:])
        print(
            f"{day.day}  {_describe_batch(day.day)}\n"
            f"            {len(digest_ids)} digests due, {sums.planned} planned, "
            f"{_words(sums.states)}; skipped: {_words(sums.skipped)}; "
            f"{mailed} papers mailed",
            flush=True,
        )
        problems = []
        if not sums.is_whole or set(sums.states) - {"accepted"}:
            problems.append(f"{day.day}: not every planned digest was accepted: {sums}")
        if sums.skipped.get("suppressed", 0) != suppressed:
            problems.append(f"{day.day}: {suppressed} should be suppressed: {sums}")
        return problems

    def _wait_until_settled(self, day: date) -> list[int]:
        """Ids of the digests that fell due this day, once each has its end."""
        now = _at(day, HOUR_OF_DIGESTS)
        deadline = time.monotonic() + WAIT_SECONDS
        while unsettled := checks.find_unsettled(now):
            if time.monotonic() > deadline:
                raise StoryError(f"{day}: not settled in {WAIT_SECONDS} s: {unsettled}")
            time.sleep(0.2)
        return checks.find_due(now)

    def _bounce_one(self, stub: ProviderStub) -> None:
        """The provider reports that the first reader's digest bounced."""
        status = stub.report_bounce(self._stage.site_url, READERS[0].email)
        print(f"            bounce of one reader reported: HTTP {status}", flush=True)

    def _check_all(self) -> list[str]:
        """What must hold over all days, read off the messages that arrived."""
        received = self._mailbox.received
        readers = [reader.email for reader in READERS]
        repeats = checks.find_repeats(received)
        violations = checks.find_violations(received, SENDING_DOMAIN, readers)
        problems = [f"mailed twice: {repeat}" for repeat in repeats] + violations
        mailed, recorded = checks.count_mailed(received), checks.count_items()
        if mailed != recorded:
            problems.append(f"{mailed} papers arrived, {recorded} are recorded")
        print(
            f"{len(received)} messages received, {mailed} papers mailed; "
            f"{len(repeats)} papers twice, {len(violations)} violations",
            flush=True,
        )
        return problems


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, clock_time(hour), tzinfo=UTC)


def _describe_batch(day: date) -> str:
    batch = Batch.objects.get(announced_on=day)
    return f"{batch.entry_count} papers: {_words(batch.counts)}"


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
