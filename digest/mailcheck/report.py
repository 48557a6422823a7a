"""What a check says, and what it is told beforehand."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["digest", "transactional"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken, by its number in docs/mail-assertions.md.

    A warning names something that still works today but is near its limit.
    """

    number: str
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What the bytes cannot tell. Empty: whatever hangs on it is not checked."""

    sending_domain: str = ""
    known_addresses: Collection[str] = ()
    postal_address: str = ""
