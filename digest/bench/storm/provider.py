"""A stub of a provider's HTTP interface (Postmark's) that misbehaves."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from digest.bench.loopback import LoopbackServer, QuietHandler
from digest.bench.storm import whims
from digest.bench.storm.reckoning import Decision
from digest.bench.storm.reports import Reports
from digest.bench.storm.whims import Answer
from digest.bench.storm.wire import Wire

SILENCE_SECONDS = 6.0
"""Longer than the sender waits."""

_JSON = {"Content-Type": "application/json"}
_PAGE = {"Content-Type": "text/html"}
_OK, _UNPROCESSABLE, _TOO_MANY, _ERROR = 200, 422, 429, 500


class ProviderStub(LoopbackServer):
    """Takes mails, or not, and has its reports tell of those that it took."""

    def __init__(self, wire: Wire, reports: Reports, pause: float, port: int) -> None:
        """`pause` is the time that it needs for each mail, in seconds."""
        self._wire, self._reports, self._pause = wire, reports, pause
        stub = self

        class Handler(QuietHandler):
            """One mail per POST."""

            def do_POST(self) -> None:  # noqa: N802  its caller fixes the name
                """Decide, write it down, then answer or not."""
                length = int(self.headers["Content-Length"])
                reply = stub.take(json.loads(self.rfile.read(length)))
                if reply is not None:
                    self.reply(*reply)

        super().__init__(Handler, port)

    def take(self, sent: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        """Decide what becomes of a mail; the reply, if there is one."""
        time.sleep(self._pause)
        answer = self._wire.draw(sent["To"], whims.answer)
        headers = {header["Name"]: header["Value"] for header in sent["Headers"]}
        provider_id = str(uuid.uuid4())
        is_taken = answer in whims.ANSWER_TAKEN
        self._wire.note(
            Decision(
                headers["Message-ID"],
                sent["To"],
                is_taken=is_taken,
                is_silent=answer in whims.ANSWER_UNCLEAR,
            )
        )
        if is_taken:
            self._reports.tell(sent["To"], provider_id, sent["Metadata"])
        return _reply(answer, sent["To"], provider_id)


def _reply(
    answer: Answer, recipient: str, provider_id: str
) -> tuple[int, dict[str, str], bytes] | None:
    match answer:
        case Answer.SILENCE_TAKEN | Answer.SILENCE_LOST:
            time.sleep(SILENCE_SECONDS)
            return None
        case Answer.ERROR_TAKEN | Answer.ERROR_LOST:
            return _ERROR, _PAGE, b"<h1>Oops</h1>"
        case Answer.PAGE_TAKEN:
            return _OK, _PAGE, b"<h1>Maintenance</h1>"
        case Answer.TOO_MANY:
            told = {"ErrorCode": 429, "Message": "Rate limit exceeded"}
            return _TOO_MANY, {**_JSON, "Retry-After": "2"}, _write(told)
        case Answer.INACTIVE:
            text = (
                "You tried to send to a recipient that has been marked as inactive.\n"
                f"Found inactive addresses: {recipient}.\nInactive recipients are "
                "ones that have generated a hard bounce or a spam complaint."
            )
            return _UNPROCESSABLE, _JSON, _write({"ErrorCode": 406, "Message": text})
        case _:
            told = {
                "To": recipient,
                "SubmittedAt": datetime.now(UTC).isoformat(),
                "MessageID": provider_id,
                "ErrorCode": 0,
                "Message": "OK",
            }
            return _OK, _JSON, _write(told)


def _write(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()
