"""One round: the workers, then the script, on the same rows."""

import json

from redis import Redis

from digest.bench.alone import BenchError
from digest.bench.delivery.crew import Crew
from digest.bench.delivery.stage import Stage, smtp_environment
from digest.bench.delivery.work import Doorbell
from digest.bench.run.outcome import Lap, Outcome
from digest.bench.run.scene import Scene, begin_again, find_problems
from digest.bench.run.service import run_service
from digest.bench.story.processes import Processes, StoryError


def run_round(stage: Stage, scene: Scene, outcome: Outcome) -> None:
    """Have both do the same once, by processes that have just been started."""
    mail = smtp_environment(stage.sink.host, stage.sink.port)
    taken = stage.sink.count()
    with Crew(stage, mail, outcome.workers) as crew:
        bell = Doorbell(Redis.from_url(stage.broker_url))
        lap = run_service(scene, bell, crew)
    outcome.ours.append(lap)
    outcome.problems += find_problems(scene.readers)
    _count(stage, lap, taken, outcome)
    begin_again(scene)

    taken = stage.sink.count()
    lap = _run_script(stage, outcome.script_readers)
    outcome.plain.append(lap)
    outcome.problems += find_problems(outcome.script_readers)
    _count(stage, lap, taken, outcome)
    begin_again(scene)


def _run_script(stage: Stage, readers: int) -> Lap:
    processes = Processes(stage.environment, stage.log_path)
    arguments = (stage.sink.host, str(stage.sink.port), str(readers))
    try:
        told = processes.run("digest.bench.run.script", *arguments)
    except StoryError as error:
        raise BenchError(str(error)) from error
    return Lap(*json.loads(told))


def _count(stage: Stage, lap: Lap, taken: int | None, outcome: Outcome) -> None:
    """See that the sink took each mail once, where it is ours."""
    now_taken = stage.sink.count()
    if taken is not None and now_taken is not None and now_taken - taken != lap.mails:
        mails = now_taken - taken
        outcome.problems.append(f"{lap.mails} mails, and the sink took {mails}")
