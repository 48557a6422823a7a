"""A Celery worker that tells how its tasks spent their time.

`python -m digest.bench.delivery.worker watch|profile DIR [ARGUMENTS OF celery]`. Either
each task writes a file with its seconds, those of its processor, and those in which it
waited for a socket (libpq has its own, so that is the transport's); or with its
profile. Runs beside the measured ones are made so, as looking on takes time, too.
"""

import cProfile
import json
import select
import selectors
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from celery.__main__ import main
from celery.signals import task_postrun, task_prerun

_SELECTOR_CLASS = "_selector_cls"
_SOCKET_CALLS = ("connect", "recv", "recv_into", "send", "sendall", "sendmsg")


class Watch:
    """Seconds since the task began, and those spent waiting."""

    def __init__(self) -> None:
        self._waited = 0.0
        self._start = (0.0, 0.0)

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, its waiting added up: the time that its processor did not work."""

        def wrapped(*arguments: Any, **options: Any) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return call(*arguments, **options)
            finally:
                wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
                self._waited += wall - cpu

        return wrapped

    def begin(self) -> None:
        """A task begins."""
        self._waited = 0.0
        self._start = (time.perf_counter(), time.process_time())

    def end(self, path: Path) -> None:
        """A task ended: write what it took."""
        wall, cpu = self._start
        took = (time.perf_counter() - wall, time.process_time() - cpu, self._waited)
        path.write_text(json.dumps(took))


class Profiler:
    """A profile of each task."""

    def begin(self) -> None:
        """A task begins."""
        self._profile = cProfile.Profile()
        self._profile.enable()

    def end(self, path: Path) -> None:
        """A task ended: write its profile."""
        self._profile.disable()
        self._profile.dump_stats(path)


class _Poll:
    """`select.poll` and `select.epoll` objects cannot be changed: stand before one."""

    def __init__(self, kind: Any, watch: Watch, *arguments: Any, **options: Any):
        self._made = kind(*arguments, **options)
        self.poll = watch.timed(self._made.poll)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)


def look_on(watch: Watch) -> None:
    """Time each way in which Python code can wait for a socket."""
    for name in _SOCKET_CALLS:
        setattr(socket.socket, name, watch.timed(getattr(socket.socket, name)))
    for name in ("select", "poll", "epoll"):
        call = getattr(select, name)
        is_kind = name != "select"
        made = partial(_Poll, call, watch) if is_kind else watch.timed(call)
        setattr(select, name, made)
    for selector in (selectors.PollSelector, selectors.EpollSelector):
        name = selector.__name__.removesuffix("Selector").lower()
        setattr(selector, _SELECTOR_CLASS, getattr(select, name))


def look_at_tasks(looker: Watch | Profiler, folder: Path) -> None:
    """Have it begin and end with each task."""

    def begin(**_signal: object) -> None:
        looker.begin()

    def end(task_id: str, **_signal: object) -> None:
        looker.end(folder / task_id)

    task_prerun.connect(begin, weak=False)
    task_postrun.connect(end, weak=False)


if __name__ == "__main__":
    _program, how, where, *arguments = sys.argv
    if how == "profile":
        look_at_tasks(Profiler(), Path(where))
    else:
        watched = Watch()
        look_on(watched)
        look_at_tasks(watched, Path(where))
    sys.argv = ["celery", *arguments]
    main()
