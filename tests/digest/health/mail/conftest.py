"""A DNS server on loopback, with the records that a test gives it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.rdatatype import to_text

from digest.health.mail import Lookup


class Zone:
    """Records by name and kind; a name that it lacks is NXDOMAIN."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.is_broken = False
        self.lookup = Lookup("127.0.0.1", 9)

    def add(self, name: str, kind: str, *values: str) -> None:
        """More records; the text of a TXT record is quoted here."""
        quoted = [f'"{value}"' if kind == "TXT" else value for value in values]
        self.records.setdefault((name.lower(), kind), []).extend(quoted)

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The answer to one question."""
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.is_broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer
        question = query.question[0]
        name = question.name.to_text().rstrip(".").lower()
        kind = to_text(question.rdtype)
        if (name, kind) in self.records:
            values = self.records[name, kind]
            answer.answer = [
                dns.rrset.from_text(question.name, 60, "IN", kind, *values)
            ]
        elif all(name != known for known, _kind in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


@pytest.fixture
def zone() -> Iterator[Zone]:
    """A zone that is served, and a lookup that asks it."""
    served = Zone()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, server = self.request
            answer = served.answer(dns.message.from_wire(data))
            server.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served.lookup = Lookup("127.0.0.1", server.server_address[1])
        yield served
        server.shutdown()
