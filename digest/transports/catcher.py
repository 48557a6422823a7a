"""The mail catcher of development: each message becomes a file, none leaves."""

import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from digest.transports.letter import Letter
from digest.transports.verdict import NOT_ALLOWED, Outcome, Verdict

_NAME = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{8}\.eml", re.ASCII)


@dataclass(frozen=True)
class Caught:
    """One caught message. `date` is when it was caught (UTC), `size` is in bytes."""

    name: str
    subject: str
    to: str
    date: datetime
    size: int


class EmailBackend(BaseEmailBackend):
    """Django's mail interface to the directory of settings.MAIL_CATCHER_DIR."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directory = getattr(settings, "MAIL_CATCHER_DIR", None)
        if not directory:
            raise ImproperlyConfigured("The mail catcher needs MAIL_CATCHER_DIR.")
        self.directory = Path(directory)

    def send_messages(self, email_messages: Any) -> int:
        """Write each message to a file; return how many."""
        for message in email_messages:
            catch(self.directory, message.message().as_bytes(linesep="\r\n"))
        return len(email_messages)


class CatcherTransport:
    """Catches the frozen bytes themselves, so that what one sees is what was made."""

    idempotency = None

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing is held open."""

    def send(
        self,
        letters: Sequence[Letter],
        may_hand_off: Callable[[], Collection[int]],
        seconds: float,  # noqa: ARG002 - a file takes no time
    ) -> Iterator[Verdict]:
        """Write the bytes to files. A full disk leaves no file, hence no doubt."""
        allowed: Collection[int] | None = None
        for place, letter in enumerate(letters):
            try:
                _ = letter.envelope
            except ValueError as error:
                yield Verdict(Outcome.PERMANENT, str(error), phase="envelope")
                continue
            allowed = may_hand_off() if allowed is None else allowed
            yield self._catch(letter.write(), is_allowed=place in allowed)

    def stop(self) -> None:
        """Files are written at once; there is nothing left to stop."""

    def _catch(self, raw: bytes, *, is_allowed: bool) -> Verdict:
        if not is_allowed:
            return Verdict(Outcome.ABORTED, NOT_ALLOWED, phase="catch")
        try:
            name = catch(self._directory, raw)
        except OSError as error:
            return Verdict(Outcome.TEMPORARY, str(error), phase="catch")
        return Verdict(Outcome.ACCEPTED, f"caught as {name}", name, phase="done")


def catch(directory: Path, raw: bytes) -> str:
    """Write a message under a new name, whole or not at all, and return the name."""
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{timezone.now():%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}.eml"
    unfinished = directory / f"{name}.part"
    try:
        unfinished.write_bytes(raw)
        unfinished.replace(directory / name)
    finally:
        unfinished.unlink(missing_ok=True)
    return name


def list_caught(directory: Path) -> list[Caught]:
    """All caught messages, newest first. Files of other names are not shown."""
    if not directory.is_dir():
        return []
    names = sorted((path.name for path in directory.iterdir()), reverse=True)
    return [_describe(directory, name) for name in names if _NAME.fullmatch(name)]


def read_caught(directory: Path, name: str) -> bytes:
    """The bytes of one message. Raises FileNotFoundError for any other name."""
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return (directory / name).read_bytes()


def _describe(directory: Path, name: str) -> Caught:
    raw = read_caught(directory, name)
    headers = BytesHeaderParser(policy=policy.default).parsebytes(raw)
    return Caught(
        name=name,
        subject=str(headers["Subject"] or ""),
        to=str(headers["To"] or ""),
        date=datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%f%z"),
        size=len(raw),
    )
