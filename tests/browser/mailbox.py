"""What the mail server received, read as a person would."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.digest.transports.servers import MailServer


class Mailbox:
    """Every mail that came, whoever it was for."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def __len__(self) -> int:
        return len(self._server.envelopes)

    def last(self, to: str) -> EmailMessage:
        """The newest mail to an address; there must be one."""
        mails = [
            envelope.content
            for envelope in self._server.envelopes
            if envelope.rcpt_tos == [to]
        ]
        assert mails, f"no mail came to {to}"
        return message_from_bytes(mails[-1], _class=EmailMessage, policy=policy.default)


def text_of(mail: EmailMessage) -> str:
    """The plain-text part."""
    return _part(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    """The HTML part."""
    return _part(mail, "html")


def words_of(mail: EmailMessage) -> str:
    """The plain text in one line, so that a title may be looked for whole."""
    return " ".join(text_of(mail).split())


def link_in(mail: EmailMessage, path: str) -> str:
    """The first address in the text whose path starts so."""
    found = re.search(rf"http://[^/\s]+{re.escape(path)}\S*", text_of(mail))
    assert found, text_of(mail)
    return found[0]


def say_link(mail: EmailMessage, act: str) -> str:
    """Where the first link of the HTML part goes that says this of a paper."""
    found = re.search(rf'href="([^"]+/f/[^"]+/{act})"', html_of(mail))
    assert found, html_of(mail)
    return found[1]


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    assert part is not None
    return str(part.get_content())
