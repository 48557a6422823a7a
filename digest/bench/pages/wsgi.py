"""WSGI entry point of the worker that is measured; each answer tells its CPU time."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from digest.bench.pages.stage import set_up

set_up()
_handler = WSGIHandler()


def application(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer as the service does, with the milliseconds that the thread computed."""
    start = time.thread_time()

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        taken = 1000 * (time.thread_time() - start)
        timing = ("Server-Timing", f"cpu;dur={taken:.2f}")
        return start_response(status, [*headers, timing], *rest)

    return _handler(environ, begin)
