"""arXiv identifiers: the bare id and the version, told apart.

New style since April 2007 ("2604.15332"), old style before it
("hep-th/9901001"; the subject class of "math.GT/0309136" is no part of the id).
"""

import re

_ID = r"""
    (?P<id>
        \d{2}(?:0[1-9]|1[0-2])\.\d{4,5}
      | (?P<archive>[a-z][a-z-]{1,14})(?:\.[a-z]{2})?/
        (?P<number>\d{2}(?:0[1-9]|1[0-2])\d{3})
    )
    (?:v(?P<version>\d{1,3}))?
"""
_PREFIX = r"""
    (?: oai:arxiv\.org:
      | arxiv:\s*
      | (?:https?://)?(?:[a-z]+\.)*arxiv\.org/(?:abs|pdf|html)/
      | (?:(?:https?://)?(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\.
    )?
"""
_WHOLE = re.compile(
    rf"\s*{_PREFIX}{_ID}(?:\.pdf)?(?:[?\#]\S*)?/?\s*", re.VERBOSE | re.IGNORECASE
)


def split(text: str) -> tuple[str, int]:
    """The bare id and the version (0: not stated) of "oai:arXiv.org:2203.01250v3".

    Understands bare ids, OAI identifiers, links to arxiv.org and arXiv's own
    DOIs; ("", 0) for anything else.
    """
    match = _WHOLE.fullmatch(text)
    if match is None:
        return "", 0
    bare = match["id"]
    if match["archive"]:
        bare = f"{match['archive'].lower()}/{match['number']}"
    return bare, int(match["version"] or 0)
