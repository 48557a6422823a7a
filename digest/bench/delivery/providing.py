"""The product before a mail provider's HTTP interface, which is slow to answer."""

import json
import time
import urllib.request
from math import ceil

from digest.bench.alone import BenchError
from digest.bench.delivery import work
from digest.bench.delivery.crew import Crew
from digest.bench.delivery.outcome import Lap, Outcome, Row
from digest.bench.delivery.stage import Stage
from digest.bench.delivery.work import UNSETTLED, Doorbell
from digest.bench.rows import PlannedSet
from digest.bench.story.processes import Processes, free_port

_MOST_FOR_EACH = 200
"""How many mails a worker gets: at one after another, ten seconds of waiting."""

_START_SECONDS = 20.0


def measure_provider(
    stage: Stage, bell: Doorbell, planned: PlannedSet, outcome: Outcome
) -> None:
    """Send some of the deliveries once more, over HTTP."""
    wanted = outcome.wanted
    ids = planned.ids[: _MOST_FOR_EACH * wanted.workers]
    size = min(wanted.hand_off, ceil(len(ids) / wanted.workers))
    url = f"http://127.0.0.1:{free_port()}/"
    stub = Processes({}, stage.log_path)
    stub.start("digest.bench.delivery.provider", url.rpartition(":")[2].strip("/"))
    try:
        _wait_for(url)
        work.queue_again(ids)
        with Crew(stage, _environment(url), wanted.workers):
            seconds = bell.send(ids, size, until_none_is=UNSETTLED)
        counts = _ask(url)
    finally:
        stub.stop()
    problems = work.find_problems(ids)
    if counts["taken"] != len(ids):
        problems.append(f"{len(ids)} deliveries made {counts['taken']} mails")
    outcome.laps[Row.PROVIDER].append(Lap(len(ids), seconds))
    outcome.problems += [f"{Row.PROVIDER}: {problem}" for problem in problems]
    at_once = max(outcome.requests_at_once, counts["most_at_once"])
    outcome.requests_at_once = at_once


def _environment(url: str) -> dict[str, str]:
    return {
        "EMAIL_PROVIDER": "postmark",
        "ANYMAIL_POSTMARK_SERVER_TOKEN": "bench",
        "ANYMAIL_POSTMARK_API_URL": url,
    }


def _ask(url: str) -> dict[str, int]:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  loopback
        counts: dict[str, int] = json.load(answer)
    return counts


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            _ask(url)
        except OSError as error:
            if time.monotonic() > deadline:
                raise BenchError(
                    f"The provider's stub does not start: {error}"
                ) from error
            time.sleep(0.05)
        else:
            return
