"""The offline mail checker: what can be decided from the bytes of one message.

`check_message` goes through the rules of docs/mail-assertions.md (R1 to R12, H1 to
H9, C1 to C15) and names each one broken. It never raises on any bytes, knows no
table and sends nothing: tests, `manage.py check_mail` and an operator with a saved
message all use it alike.
"""

from collections.abc import Collection

from digest.mailcheck import content, lists, markup, structure, style, support
from digest.mailcheck.message import Mail
from digest.mailcheck.report import Expected, Kind, Violation

__all__ = ["Kind", "Violation", "check_message"]


def check_message(
    raw: bytes,
    *,
    kind: Kind | None = None,
    sending_domain: str = "",
    known_addresses: Collection[str] = (),
    postal_address: str = "",
) -> list[Violation]:
    """Check the exact bytes handed to the transport.

    Args:
        raw: The whole message, with CRLF.
        kind: What the message is; None reads it from its List-Id.
        sending_domain: The domain From must have; "" takes From's own.
        known_addresses: Subscribers, none of whom but the recipient may occur in it.
        postal_address: Must stand in a digest; "" looks for anything like one.

    Returns:
        Every rule broken, in the order R, H, C; empty for a good message.
    """
    mail = Mail(raw, kind)
    expected = Expected(sending_domain, known_addresses, postal_address)
    found = [*structure.check(mail, expected), *lists.check(mail)]
    if mail.html:
        found += [
            *content.check(mail, expected),
            *markup.check(mail),
            *style.check(mail),
            *support.check(mail),
        ]
    return sorted(dict.fromkeys(found), key=_place)


def _place(violation: Violation) -> tuple[int, int]:
    return "RHC".index(violation.number[0]), int(violation.number[1:])
