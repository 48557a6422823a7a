"""H1 to H9: the headers by which a reader leaves and by which machines keep quiet."""

import re
from collections.abc import Iterator

from digest.mailcheck.links import is_secure
from digest.mailcheck.message import Header, Mail
from digest.mailcheck.report import Violation

LONGEST_HEADER_LINE = 78

_BRACKETED = re.compile(r"<([^<>]*)>")
_LIST_ID = re.compile(r"(?:[^<>]*\s)?<([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>")
_REFERENCES = ("list-help", "list-archive", "list-owner", "list-subscribe")
_FEEDBACK_ID = re.compile(r"[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]{5,15}")
_PERSONAL = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{16,}|[\w-]{20,}", re.IGNORECASE
)
_NOT_ASKED = re.compile(r"ignore|did not ask|didn.t ask|was not you", re.IGNORECASE)


def check(mail: Mail) -> Iterator[Violation]:
    """The list headers that this kind of mail must have, or must not have."""
    yield from _check_automatic(mail)
    yield from _check_references(mail)
    yield from _check_feedback_id(mail)
    if mail.is_digest:
        yield from _check_unsubscribe(mail)
        yield from _check_list_id(mail)
    else:
        yield from _check_transactional(mail)


def _check_unsubscribe(mail: Mail) -> Iterator[Violation]:
    found = mail.all("list-unsubscribe")
    if len(found) != 1:
        yield Violation("H1", f"{len(found)} List-Unsubscribe headers, not one")
    for header in found:
        urls = _BRACKETED.findall(header.value)
        web = [url for url in urls if is_secure(url)]
        mailto = [url for url in urls if url.startswith("mailto:")]
        if len(web) != 1 or len(mailto) > 1 or len(web) + len(mailto) != len(urls):
            yield Violation("H1", f"not one https address: {header.value}")
        yield from _check_unfolding(header)
    post = [header.value for header in mail.all("list-unsubscribe-post")]
    if post != ["List-Unsubscribe=One-Click"]:
        yield Violation("H3", f"List-Unsubscribe-Post is {post or 'missing'}")


def _check_unfolding(header: Header) -> Iterator[Violation]:
    first = header.lines[0].partition(":")[2]
    urls = _BRACKETED.findall(header.value)
    if "=?" in header.value:
        yield Violation("H2", "List-Unsubscribe is RFC 2047-encoded")
    elif not first.strip():
        yield Violation("H2", "the first line of List-Unsubscribe is empty")
    elif any(re.search(r"\s", url) for url in urls):
        yield Violation("H2", "List-Unsubscribe is folded inside an address")
    longest = max(len(line) for line in header.lines)
    if longest > LONGEST_HEADER_LINE:
        text = f"a line of {longest} characters in List-Unsubscribe"
        yield Violation("H2", text, is_warning=True)


def _check_list_id(mail: Mail) -> Iterator[Violation]:
    found = mail.all("list-id")
    if len(found) != 1:
        yield Violation("H4", f"{len(found)} List-Id headers, not one")
    for header in found:
        if not (header.value.isascii() and _LIST_ID.fullmatch(header.value)):
            yield Violation("H4", f"List-Id is not “phrase <id>”: {header.value}")


def _check_references(mail: Mail) -> Iterator[Violation]:
    for name in _REFERENCES:
        for header in mail.all(name):
            url = header.value[1:-1]
            is_bracketed = header.value == f"<{url}>"
            if not is_bracketed or not (is_secure(url) or url.startswith("mailto:")):
                yield Violation("H5", f"{name} is {header.value}")
    if any(header.value != "NO" for header in mail.all("list-post")):
        yield Violation("H5", "List-Post invites answers to the list")


def _check_automatic(mail: Mail) -> Iterator[Violation]:
    submitted = [header.value for header in mail.all("auto-submitted")]
    if submitted != ["auto-generated"]:
        yield Violation("H6", f"Auto-Submitted is {submitted or 'missing'}")
    precedence = [header.value for header in mail.all("precedence")]
    if precedence != (["bulk"] if mail.is_digest else []):
        yield Violation("H7", f"Precedence is {precedence or 'missing'}")
    suppress = re.split(r",\s*", mail.value("x-auto-response-suppress"))
    if mail.is_digest and not {"OOF", "AutoReply"} <= set(suppress):
        yield Violation("H7", "X-Auto-Response-Suppress lacks OOF or AutoReply")


def _check_feedback_id(mail: Mail) -> Iterator[Violation]:
    found = mail.all("feedback-id")
    if len(found) > 1:
        yield Violation("H8", "more than one Feedback-ID header")
    for header in found:
        if not _FEEDBACK_ID.fullmatch(header.value):
            yield Violation("H8", f"Feedback-ID is not a:b:c:sender: {header.value}")
        is_personal = mail.recipient and mail.recipient in header.value
        if is_personal or _PERSONAL.search(header.value):
            yield Violation("H8", f"Feedback-ID tells people apart: {header.value}")


def _check_transactional(mail: Mail) -> Iterator[Violation]:
    for name in ("list-unsubscribe", "list-unsubscribe-post"):
        if mail.all(name):
            yield Violation("H9", f"a transactional mail with {name}")
    if mail.is_english:
        for name, shown in (("text", mail.text), ("HTML", mail.shown)):
            if not _NOT_ASKED.search(shown):
                yield Violation("H9", f"the {name} part lacks “not you? ignore this”")
