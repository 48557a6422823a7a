"""The days of the replay, from one due moment to the next."""

import sys
from collections.abc import Sequence
from datetime import timedelta

from tqdm import tqdm

from digest.bench.replay import checks, watching
from digest.bench.replay.clock import Clock
from digest.bench.replay.days import DayList
from digest.bench.replay.script import FAULTS
from digest.bench.replay.server import ArxivStub
from digest.bench.story.checks import find_repeats
from digest.bench.story.mailbox import Mailbox, start_smtp
from digest.bench.story.processes import Processes
from digest.bench.story.readers import READERS, sign_up
from digest.bench.story.stage import Stage
from digest.models import Digest, Schedule, Source, Timing
from digest.pipeline.render import fates
from digest.sources.timetable import NEW_YORK, announced_at
from digest.starter.load import load_topics

CATEGORIES = {"vision": "cs.CV", "learning": "cs.LG"}
NAMES = {"vision": "arXiv: computer vision", "learning": "arXiv: machine learning"}
HUNGRY = "newyork@example.org"
"""The reader who wants the papers as soon as they are in."""


class Replay:
    """Plays the days on a stage; `tell` returns what did not hold."""

    def __init__(self, stage: Stage, days: Sequence[DayList], arxiv_port: int) -> None:
        """Start mail server and arXiv; the service starts with `tell`."""
        self._stage, self._days = stage, days
        self._arxiv_port = arxiv_port
        eve = announced_at(days[0].day) - timedelta(hours=16)
        self._clock = Clock(stage.folder / "clock", eve)
        self._arxiv = ArxivStub(days, self._clock, arxiv_port)
        self._mailbox = Mailbox(stage.folder / "mail")
        self._smtp = start_smtp(self._mailbox, stage.mail_port)
        self._processes = Processes(stage.environment, stage.log_path)
        self._lists = checks.list_keys(days, CATEGORIES)
        self._batches: dict[tuple[str, str], watching.Seen] = {}
        self._digests: set[int] = set()
        self._problems: list[str] = []

    def stop(self) -> None:
        """End everything that was started."""
        self._processes.stop()
        self._arxiv.stop()
        self._smtp.stop()

    def tell(self) -> list[str]:
        """Live through all days; return what did not hold, in words."""
        self._open()
        end = announced_at(self._days[-1].day + timedelta(days=1))
        day = None
        bar = tqdm(total=len(self._days), disable=None, leave=False)
        while (now := watching.next_instant(self._clock.now())) < end:
            self._clock.move_to(now)
            watching.wait_until_at_rest(self._clock.now())
            today = now.astimezone(NEW_YORK).date()
            if today != day:
                day = today
                bar.update()
                fault = FAULTS.get(day)
                self._say(f"\n{day:%a %Y-%m-%d}" + (f"  ({fault})" if fault else ""))
            self._report()
        bar.close()
        return [*self._problems, *self._check_all()]

    def _open(self) -> None:
        """An empty database, topics, readers who sign up, two sources, two workers."""
        clock = self._clock.path
        for command in ("migrate", "collectstatic"):
            self._processes.run(
                *("manage.py", command, "--noinput", "-v0"), clock=clock
            )
        load_topics()
        self._stage.open(self._processes, clock)
        self._processes.start(
            *("celery", "-A", "config", "worker", "--queues", "digest"),
            *("--concurrency", "1", "--loglevel", "WARNING", "--hostname", "two@%h"),
            clock=clock,
        )
        readers = READERS[:4]
        sign_up(readers, self._stage.client, self._mailbox)
        Schedule.objects.filter(user__email=HUNGRY).update(
            timing=Timing.WHEN_IN, next_due_at=announced_at(self._days[0].day)
        )
        for slug, category in CATEGORIES.items():
            Source.objects.create(
                slug=slug,
                name=NAMES[slug],
                kind="arxiv_rss",
                address=f"http://127.0.0.1:{self._arxiv_port}/rss/{category}",
                next_fetch_at=announced_at(self._days[0].day) + timedelta(minutes=5),
                # Nothing before the first day is there to be looked back for.
                last_succeeded_at=self._clock.now(),
            )
        self._say(f"{len(readers)} readers, {len(CATEGORIES)} sources, two workers")

    def _report(self) -> None:
        """Say what the last moment changed, in New York's time."""
        batches = watching.read_batches()
        for key, seen in batches.items():
            if self._batches.get(key) == seen:
                continue
            self._problems += checks.find_untrue(key, seen, self._lists)
            state = "complete" if seen.is_complete else seen.status
            note = ", filled in from the search" if seen.is_refilled else ""
            self._say(
                f"  {self._time()}  {key[0]}, list of {key[1]}: "
                f"{seen.papers} papers, {state}{note}"
            )
        self._batches = batches
        for digest in watching.read_digests(self._digests):
            self._digests.add(digest.pk)
            self._problems += checks.find_false_claims(digest, self._lists)
            covered, missing = fates.coverage(digest.coverage)
            line = "; ".join(filter(None, [covered, *missing]))
            waited = (digest.planned_at - digest.due_at) // timedelta(minutes=1)
            what = digest.get_reason_display() or "sent"
            self._say(
                f"  {self._time()}  digest of {_name(digest)}, {waited} min after its "
                f"hour, {what}: {line}"
            )

    def _check_all(self) -> list[str]:
        problems = checks.find_missing(self._days)
        repeats = find_repeats(self._mailbox.received)
        problems += [f"mailed twice: {repeat}" for repeat in repeats]
        gap = self._arxiv.least_gap_seconds()
        if gap < checks.LEAST_GAP_SECONDS:
            problems.append(f"arXiv was asked again after {gap:.2f} s")
        digests = Digest.objects.filter(status=Digest.Status.PLANNED).count()
        new = sum(len(each.new_ids()) for each in self._days)
        self._say(
            f"\n{new} papers announced as new, {digests} digests sent, "
            f"{len(repeats)} papers twice, {len(self._arxiv.requests)} requests to "
            f"arXiv, {gap:.2f} s apart at least"
        )
        return problems

    def _time(self) -> str:
        return f"{self._clock.now().astimezone(NEW_YORK):%H:%M}"

    def _say(self, line: str) -> None:
        tqdm.write(line, file=sys.stdout)
        sys.stdout.flush()


def _name(digest: Digest) -> str:
    return digest.reader.email.partition("@")[0]
