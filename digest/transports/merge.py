"""One call for several letters that are alike but for what stands in their holes.

What is each reader's own goes along by address. The provider puts it in and sends to
each reader alone: nobody sees who else gets the mail.
"""

import hashlib
from collections.abc import Collection, Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives

from digest.transports.letter import Letter, Shared

UNSHARED_HEADER = "Message-ID"
"""Left to the provider: none says that it takes one for each reader of a call."""


def group(
    letters: Sequence[Letter], places: Collection[int], most: int
) -> list[list[int]]:
    """The places of letters that go in one call, in the order of their first.

    An address stands once in a call, and only where it is plain ASCII: what is the
    reader's own is found by it.
    """
    groups: list[list[int]] = []
    open_ones: dict[str, list[int]] = {}
    for place in sorted(places):
        letter = letters[place]
        one = open_ones.get(letter.shared.key, []) if letter.shared else []
        if not _may_join(letter, [letters[other] for other in one], most):
            one = []
            groups.append(one)
            if letter.shared:
                open_ones[letter.shared.key] = one
        one.append(place)
    return groups


def _may_join(letter: Letter, others: Sequence[Letter], most: int) -> bool:
    addresses = [_address(one).lower() for one in (*others, letter)]
    return (
        0 < len(others) < most
        and others[0].sender == letter.sender
        and len(set(addresses)) == len(addresses)
        and all(_is_plain(one) for one in (*others, letter))
    )


def merge(
    letters: Sequence[Letter], messages: Sequence[EmailMessage], mark: str
) -> EmailMessage:
    """The message that stands for all of `messages`; `mark` makes a mark of a name.

    Names begin with what no text from outside can know, so none can fill itself in.
    """
    first, nonce = messages[0], hashlib.sha256(letters[0].write()).hexdigest()[:12]
    parts = [letter.shared for letter in letters if letter.shared]
    text, html = parts[0].draw(lambda name: mark.format(f"p{nonce}_{name}"))
    shared_headers, own_headers = _split_headers(messages)
    merged = EmailMultiAlternatives(
        subject=first.subject,
        body=text,
        from_email=first.from_email,
        to=[_address(letter) for letter in letters],
        reply_to=first.reply_to,
        headers=shared_headers,
    )
    merged.attach_alternative(html, "text/html")
    addresses = [_address(letter) for letter in letters]
    own = [_name(part, nonce) for part in parts]
    metadata = [vars(message)["metadata"] for message in messages]
    vars(merged).update(
        merge_data=dict(zip(addresses, own, strict=True)),
        merge_headers=dict(zip(addresses, own_headers, strict=True)),
        merge_metadata=dict(zip(addresses, metadata, strict=True)),
    )
    return merged


def _is_plain(letter: Letter) -> bool:
    return letter.recipients == (_address(letter),)


def _address(letter: Letter) -> str:
    return letter.envelope.recipient


def _name(part: Shared, nonce: str) -> dict[str, str]:
    return {f"p{nonce}_{name}": value for name, value in part.read().items()}


def _split_headers(
    messages: Sequence[EmailMessage],
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The headers that all have alike, and those of each."""
    every = [dict(message.extra_headers) for message in messages]
    for headers in every:
        headers.pop(UNSHARED_HEADER, None)
    shared = {
        name: value
        for name, value in every[0].items()
        if all(headers.get(name) == value for headers in every)
    }
    own = [{n: v for n, v in one.items() if n not in shared} for one in every]
    return shared, own
