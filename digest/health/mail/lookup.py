"""Questions to the DNS, with an end: a name that is not there is an empty answer."""

from __future__ import annotations

from typing import Any

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver
from dns.reversename import from_address

TIMEOUT_SECONDS = 4.0


class LookupFailedError(OSError):
    """The DNS did not answer; nothing is known of the name."""


class Lookup:
    """A resolver; without a server, the one that this machine is set up with."""

    def __init__(self, server: str = "", port: int = 53) -> None:
        try:
            self._resolver = Resolver(configure=not server)
        except NoResolverConfiguration as error:
            raise LookupFailedError(str(error)) from error
        if server:
            self._resolver.nameservers = [server]
            self._resolver.port = port
        self._resolver.lifetime = self._resolver.timeout = TIMEOUT_SECONDS

    def texts(self, name: str) -> list[str]:
        """TXT records, their pieces joined."""
        return [
            b"".join(record.strings).decode("utf-8", "replace")
            for record in self._ask(name, "TXT")
        ]

    def addresses(self, name: str) -> list[str]:
        """IPv4 and IPv6 addresses."""
        found = [*self._ask(name, "A"), *self._ask(name, "AAAA")]
        return [str(record.address) for record in found]

    def mail_hosts(self, name: str) -> list[str]:
        """Hosts of the MX records, the first choice first; "" takes no mail."""
        records = sorted(self._ask(name, "MX"), key=lambda mx: mx.preference)
        return [str(record.exchange).rstrip(".") for record in records]

    def host_names(self, address: str) -> list[str]:
        """Names of an address, from its PTR records."""
        records = self._ask(str(from_address(address)), "PTR")
        return [str(record.target).rstrip(".") for record in records]

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (NXDOMAIN, NoAnswer):
            return []
        except DNSException as error:
            raise LookupFailedError(f"{name} {kind}: {error}") from error
