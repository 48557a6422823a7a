"""Whether a text says that the paper itself was withdrawn."""

import re

_SAYS_SO = re.compile(
    r"\W*(?:this|the)\s+(?:paper|article|submission|manuscript|preprint|work)\s+"
    r"(?:has\s+been|is|was)\s+(?:temporarily\s+)?withdrawn\b",
    re.IGNORECASE,
)


def says_withdrawn(text: str) -> bool:
    """Whether an abstract or comment opens with "This paper has been withdrawn"."""
    return _SAYS_SO.match(text) is not None
