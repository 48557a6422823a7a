"""C1 to C4, C12, C15: what the mail tells its reader, and how they leave."""

import re
from collections.abc import Iterator

from digest.mailcheck import links
from digest.mailcheck.message import Link, Mail, is_hidden, squeeze
from digest.mailcheck.report import Expected, Violation

_UNSUBSCRIBE = re.compile(r"unsubscribe", re.IGNORECASE)
_MANAGE = re.compile(
    r"manage|preferences|settings|pause|change (?:your )?topics", re.IGNORECASE
)
_CONSENT = re.compile(
    r"because you (?:have )?subscribed to .{1,2000}? (?:on|since) [^.]{0,30}?\d[^.]*",
    re.IGNORECASE,
)
# A street or a town beside a number; addresses of the web are taken out before.
_ADDRESS = re.compile(r",[^,]*\d|\d[^,]*,")
_FOOTER_LENGTH = 600
_FILLER = re.compile(r"[\u00ad\u034f\u200b-\u200d\u2060\u2800\ufeff]|\u00a0{3,}")
_FILLER_RUN = re.compile(
    r"(?:[\u00ad\u034f\u200b-\u200d\u2060\u2800\ufeff\u00a0] ?){5,}"
)
_TOKEN = re.compile(r"[\w-]{16,}")


def check(mail: Mail, expected: Expected) -> Iterator[Violation]:
    """What every reader must find in a digest; C12 holds for every mail."""
    yield from _check_hidden(mail)
    if not mail.is_digest:
        return
    unsubscribe = [link for link in mail.links if _is_unsubscribe(mail, link)]
    yield from _check_unsubscribe(mail, unsubscribe)
    yield from _check_manage(mail, unsubscribe)
    yield from _check_sender(mail, expected)
    yield from _check_consent(mail)
    yield from _check_forwarding(mail, unsubscribe)


def _is_unsubscribe(mail: Mail, link: Link) -> bool:
    return link.url == mail.unsubscribe_url or bool(_UNSUBSCRIBE.search(link.text))


def _check_unsubscribe(mail: Mail, unsubscribe: list[Link]) -> Iterator[Violation]:
    if not any(link.text and link.is_visible for link in unsubscribe):
        yield Violation("C1", "the HTML part has no visible unsubscribe link")
    elif mail.is_english and not any(_UNSUBSCRIBE.search(x.text) for x in unsubscribe):
        yield Violation("C1", "the unsubscribe link does not say so")
    if mail.is_english and not _UNSUBSCRIBE.search(_without_urls(mail.text)):
        yield Violation("C1", "the text part does not say “unsubscribe”")
    for link in unsubscribe:
        if link.url not in mail.text:
            yield Violation("R7", f"the text lacks the unsubscribe link: {link.url}")


def _without_urls(text: str) -> str:
    return re.sub(r"https?://\S+", " ", text)


def _check_manage(mail: Mail, unsubscribe: list[Link]) -> Iterator[Violation]:
    others = [x for x in mail.links if not x.is_heading and x not in unsubscribe]
    if mail.is_english:
        others = [link for link in others if _MANAGE.search(link.text)]
    if not others:
        yield Violation("C2", "the HTML part has no link to manage or pause")
    elif not any(link.url in mail.text for link in others):
        yield Violation("C2", "the text part lacks the link to manage or pause")


def _check_sender(mail: Mail, expected: Expected) -> Iterator[Violation]:
    wanted = squeeze(expected.postal_address).casefold()
    for name, shown in (("text", squeeze(mail.text)), ("HTML", mail.shown)):
        if wanted:
            is_there = wanted in shown.casefold()
        else:
            is_there = bool(_ADDRESS.search(_footer(shown)))
        if not is_there:
            yield Violation("C3", f"the {name} part has no postal address")


def _footer(shown: str) -> str:
    """What follows the reminder of consent, without web and mail addresses."""
    reminders = [found.end() for found in _CONSENT.finditer(shown)]
    start = max(reminders, default=max(0, len(shown) - _FOOTER_LENGTH))
    return re.sub(r"https?://\S+|\S+@\S+", " ", shown[start:])


def _check_consent(mail: Mail) -> Iterator[Violation]:
    if not mail.is_english:
        return
    for name, shown in (("text", squeeze(mail.text)), ("HTML", mail.shown)):
        if not _CONSENT.search(shown):
            text = f"the {name} part lacks “because you subscribed to … on …”"
            yield Violation("C4", text)


def _check_hidden(mail: Mail) -> Iterator[Violation]:
    for node in mail.tree.css("body [style]"):
        if is_hidden(node):
            text = squeeze(_FILLER.sub("", node.text(separator=" ")))
            if _FILLER.search(node.text()):
                yield Violation("C12", "hidden text with invisible filler")
            if text not in mail.shown:
                yield Violation("C12", f"hidden text that is shown nowhere: {text}")
    body = mail.tree.body
    if body is not None and _FILLER_RUN.search(body.text()):
        yield Violation("C12", "a run of invisible filler")


def _check_forwarding(mail: Mail, unsubscribe: list[Link]) -> Iterator[Violation]:
    """A paper's link stays harmless in other hands."""
    leaving = {link.url for link in unsubscribe} | {mail.unsubscribe_url}
    tokens = _tokens(mail)
    host = links.split(mail.unsubscribe_url).hostname
    for link in mail.links:
        if not link.is_heading:
            continue
        parts = links.split(link.url)
        if link.url in leaving:
            yield Violation("C15", f"a title leads to unsubscribing: {link.text}")
        elif any(token in link.url for token in tokens):
            yield Violation(
                "C15", f"a title's link holds the reader's token: {link.url}"
            )
        elif host and parts.hostname == host and parts.query:
            yield Violation("C15", f"a title's link has a query: {link.url}")


def _tokens(mail: Mail) -> set[str]:
    """The secrets in the address that unsubscribes."""
    parts = links.split(mail.unsubscribe_url)
    return {token for token in _TOKEN.findall(f"{parts.path}?{parts.query}") if token}
