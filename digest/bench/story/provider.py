"""A stub of one provider's HTTP interface (Postmark's), and its bounce webhook."""

import base64
import json
import urllib.request
import uuid
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from digest.bench.loopback import LoopbackServer, QuietHandler
from digest.bench.story.mailbox import Mailbox
from digest.bench.story.stage import WEBHOOK_SECRET


class ProviderStub(LoopbackServer):
    """Accepts mails as the provider would, and can report one as bounced."""

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        """Serve on a loopback port until `stop()`."""
        self._mailbox = mailbox
        self._sent: dict[str, dict[str, Any]] = {}
        stub = self

        class Handler(QuietHandler):
            """One accepted mail per POST."""

            def do_POST(self) -> None:  # noqa: N802  its caller fixes the name
                """Answer as the provider's documentation says."""
                length = int(self.headers["Content-Length"])
                answer = stub.accept(json.loads(self.rfile.read(length)))
                kind = {"Content-Type": "application/json"}
                self.reply(200, kind, json.dumps(answer).encode())

        super().__init__(Handler, port)

    def accept(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Keep the mail, as the message that the provider would make of it."""
        provider_id = str(uuid.uuid4())
        self._sent[sent["To"]] = {**sent, "MessageID": provider_id}
        self._mailbox.add(sent["To"], _compose(sent))
        return {
            "To": sent["To"],
            "SubmittedAt": datetime.now(UTC).isoformat(),
            "MessageID": provider_id,
            "ErrorCode": 0,
            "Message": "OK",
        }

    def report_bounce(self, site_url: str, recipient: str) -> int:
        """Tell the service that the last mail to `recipient` bounced; HTTP status."""
        sent = self._sent[recipient]
        report = {
            "RecordType": "Bounce",
            "Type": "HardBounce",
            "TypeCode": 1,
            "ID": 4_323_372_036_854_775_807,
            "MessageID": sent["MessageID"],
            "Metadata": sent.get("Metadata", {}),
            "Email": recipient,
            "BouncedAt": datetime.now(UTC).isoformat(),
            "Description": "The server was unable to deliver your message",
            "Details": "550 no such user",
            "Inactive": True,
        }
        secret = base64.b64encode(WEBHOOK_SECRET.encode()).decode()
        request = urllib.request.Request(  # noqa: S310  loopback
            f"{site_url}/anymail/postmark/tracking/",
            data=json.dumps(report).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Basic {secret}",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            status: int = response.status
            return status


def _compose(sent: dict[str, Any]) -> bytes:
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    for name in ("From", "To", "Subject", "ReplyTo"):
        if sent.get(name):
            message[name.replace("ReplyTo", "Reply-To")] = sent[name]
    for header in sent.get("Headers", []):
        message[header["Name"]] = header["Value"]
    message.set_content(sent["TextBody"], cte="quoted-printable")
    message.add_alternative(sent["HtmlBody"], subtype="html", cte="quoted-printable")
    return message.as_bytes()
