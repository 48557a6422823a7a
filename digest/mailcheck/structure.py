"""R1 to R12: the form of the message, its header block and its two parts."""

import re
import unicodedata
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime

from digest.mailcheck.message import Mail, squeeze
from digest.mailcheck.report import Expected, Violation

LONGEST_LINE = 998
LONGEST_HEADER_LINE = 78
LONGEST_SUBJECT = 100
LARGEST_HTML = 95_000
LARGE_HTML = 80_000
LARGEST_STYLE = 16_384

_ONCE = ("from", "to", "subject", "date", "message-id", "mime-version")
_AT_MOST_ONCE = ("sender", "reply-to")
_KNOWN = {
    *_ONCE,
    *_AT_MOST_ONCE,
    *("cc", "bcc", "content-type", "content-transfer-encoding", "content-language"),
    *("list-unsubscribe", "list-unsubscribe-post", "list-id", "list-help"),
    *("list-archive", "list-owner", "list-post", "list-subscribe", "feedback-id"),
    *("auto-submitted", "precedence", "x-auto-response-suppress"),
    *("dkim-signature", "received", "return-path", "delivered-to", "arc-seal"),
    *("arc-message-signature", "arc-authentication-results"),
    *("authentication-results", "received-spf"),
}
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_REPLY = re.compile(r"\s*(re|fwd?|aw|wg|sv|tr)\s*:", re.IGNORECASE)
_ENCODED_WORD = re.compile(r"=\?[\w-]+\?[bqBQ]\?[^?\s]*\?=")
_IMPORT = re.compile(r"@import|@font-face", re.IGNORECASE)


def check(mail: Mail, expected: Expected) -> Iterator[Violation]:
    """Everything about form that one message shows."""
    yield from _check_addresses(mail, expected)
    yield from _check_identity(mail, expected)
    yield from _check_lines(mail)
    yield from _check_header_block(mail)
    yield from _check_parts(mail)
    yield from _check_size(mail)
    yield from _check_subject(mail)
    yield from _check_display_name(mail)


def _check_addresses(mail: Mail, expected: Expected) -> Iterator[Violation]:
    for name in _ONCE:
        if (count := len(mail.all(name))) != 1:
            yield Violation("R1", f"{count} {name} headers, not one")
    for name in _AT_MOST_ONCE:
        if len(mail.all(name)) > 1:
            yield Violation("R1", f"more than one {name} header")
    senders = mail.mailboxes("from")
    if len(senders) != 1 or "@" not in senders[0][1]:
        yield Violation("R2", f"From has {len(senders)} mailboxes, not one address")
    elif expected.sending_domain:
        domain = senders[0][1].rpartition("@")[2].lower()
        if domain != expected.sending_domain.lower():
            yield Violation("R2", f"From's domain is {domain}")
    yield from _check_privacy(mail, expected)


def _check_privacy(mail: Mail, expected: Expected) -> Iterator[Violation]:
    recipients = mail.mailboxes("to")
    if mail.all("to") and (len(recipients) != 1 or "@" not in mail.recipient):
        yield Violation("R3", f"To has {len(recipients)} recipients, not one address")
    for name in ("cc", "bcc"):
        if mail.all(name):
            yield Violation("R3", f"a {name} header")
    decoded = "\n".join(header.decoded for header in mail.headers)
    raw = mail.raw.decode("utf-8", "replace")
    everything = "\n".join((raw, decoded, mail.text, mail.html)).casefold()
    others = {address.casefold() for address in expected.known_addresses}
    for address in sorted(others - {mail.recipient.casefold()}):
        if re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", everything):
            yield Violation("R3", f"another subscriber's address: {address}")


def _check_identity(mail: Mail, expected: Expected) -> Iterator[Violation]:
    senders = mail.mailboxes("from")
    own = senders[0][1].rpartition("@")[2] if senders else ""
    domain = re.escape(expected.sending_domain or own)
    form = rf"<[^<>@\s]+@(?:[\w.-]+\.)?{domain}>"
    for header in mail.all("message-id"):
        if not re.fullmatch(form, header.value, re.IGNORECASE):
            yield Violation("R4", f"Message-ID is not <…@our domain>: {header.value}")
    for header in mail.all("date"):
        try:
            moment = parsedate_to_datetime(header.value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            yield Violation("R5", f"Date is no date with a zone: {header.value}")


def _check_lines(mail: Mail) -> Iterator[Violation]:
    if found := _BARE.search(mail.raw):
        yield Violation("R6", f"a bare CR or LF at byte {found.start()}")
    if not mail.raw.endswith(b"\r\n"):
        yield Violation("R6", "the message does not end with CRLF")
    longest = max(len(line) for line in mail.raw.split(b"\n")) - 1
    if longest > LONGEST_LINE:
        yield Violation("R6", f"a line of {longest} bytes, above {LONGEST_LINE}")
    for header in mail.headers:
        # The unsubscribe line has a rule of its own: H2.
        longest = max(len(line) for line in header.lines)
        if longest > LONGEST_HEADER_LINE and header.name != "list-unsubscribe":
            text = f"a line of {longest} characters in {header.name}"
            yield Violation("R6", text, is_warning=True)


def _check_header_block(mail: Mail) -> Iterator[Violation]:
    for header in mail.headers:
        if not header.name:
            yield Violation("R10", f"no header line: {header.lines[0]!r}")
        elif header.name not in _KNOWN:
            is_private = header.name.startswith("x-")
            text = f"a header that we do not write: {header.name}"
            yield Violation("R10", text, is_warning=is_private)
        if any(unicodedata.category(char) == "Cc" for char in header.decoded.strip()):
            yield Violation("R10", f"a control character in {header.name}")
    for name in ("content-type", "content-transfer-encoding"):
        if len(mail.all(name)) > 1:
            yield Violation("R10", f"more than one {name} header")


def _check_parts(mail: Mail) -> Iterator[Violation]:
    types = [part.get_content_type() for part in mail.parts]
    if mail.content_type != "multipart/alternative":
        yield Violation("R7", f"the message is {mail.content_type}")
    elif types != ["text/plain", "text/html"]:
        yield Violation("R7", f"its parts are {', '.join(types)}")
    for part in mail.parts:
        yield from _check_part(part)
    text = "".join(mail.text.split())
    for link in mail.links:
        if link.is_heading:
            if "".join(link.text.split()) not in text:
                yield Violation("R7", f"the text lacks the title: {link.text}")
            if link.url not in mail.text:
                yield Violation("R7", f"the text lacks the link: {link.url}")


def _check_part(part: Message) -> Iterator[Violation]:
    name = part.get_content_type()
    charset = str(part.get_content_charset())
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if charset != "utf-8":
        yield Violation("R7", f"{name} is in {charset}, not in UTF-8")
    if not content.strip():
        yield Violation("R7", f"{name} is empty")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        yield Violation("R7", f"{name} is not valid UTF-8")


def _check_size(mail: Mail) -> Iterator[Violation]:
    size = len(mail.html.encode())
    if size > LARGE_HTML:
        text = f"the HTML part has {size} bytes"
        yield Violation("R8", text, is_warning=size <= LARGEST_HTML)
    styles = [node.text() for node in mail.tree.css("style")]
    total = sum(len(style.encode()) for style in styles)
    if total > LARGEST_STYLE:
        yield Violation("R9", f"<style> has {total} bytes, above {LARGEST_STYLE}")
    for selector in ("link[rel~=stylesheet]", "script", "form"):
        if mail.tree.css_first(selector):
            yield Violation("R9", f"the HTML part has {selector}")
    if found := _IMPORT.search("".join(styles)):
        yield Violation("R9", f"<style> has {found[0]}")


def _check_subject(mail: Mail) -> Iterator[Violation]:
    raw, subject = mail.value("subject"), mail.decoded("subject")
    if mail.all("subject") and not subject.strip():
        yield Violation("R11", "the subject is empty")
    if len(subject) > LONGEST_SUBJECT:
        yield Violation("R11", f"the subject has {len(subject)} characters")
    if not raw.isascii() or "=?" in _ENCODED_WORD.sub("", raw) or "=?" in subject:
        yield Violation("R11", "the subject is not valid RFC 2047")
    if any(unicodedata.category(char) == "Cf" for char in subject):
        yield Violation("R11", "the subject has an invisible character")
    if _REPLY.match(subject):
        yield Violation("R11", "the subject pretends to be an answer")


def _check_display_name(mail: Mail) -> Iterator[Violation]:
    for name, _address in mail.mailboxes("from"):
        shown = squeeze(name).casefold()
        if any(unicodedata.category(char) in ("So", "Cf", "Cs") for char in name):
            yield Violation("R12", f"From's name has a symbol: {name}")
        theirs = {mail.recipient, *(phrase for phrase, _ in mail.mailboxes("to"))}
        if any(each and each.casefold() in shown for each in theirs):
            yield Violation("R12", f"From's name holds the recipient's: {name}")
        subject = squeeze(mail.decoded("subject")).casefold()
        if subject and subject in shown:
            yield Violation("R12", f"From's name holds the subject: {name}")
