"""What makes two entries the same work, whatever their source, type and version."""

import hashlib
import re
import unicodedata
from urllib.parse import unquote, urlsplit

from digest.sources import arxiv_id
from digest.sources.entry import Entry

_DOI = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|info:doi/|doi:)?\s*"
    r"(10\.\d{4,9}(?:\.\d+)*/\S+)",
    re.IGNORECASE,
)
# bioRxiv and medRxiv, whose links carry the version behind the DOI.
_PREPRINT_VERSION = re.compile(r"(10\.(?:1101|64898)/[\d.]*\d)v\d{1,3}(?:\.\w+)*")
_PREPRINT = re.compile(r"arxiv:|doi:10\.48550/arxiv\.|doi:10\.(?:1101|64898)/[\d.]+$")
_LONGEST_DOI = 180
_PUNCTUATION = ".,;]}>\"'/"

_NO_LETTER = re.compile(r"[\W_]")
_SHORTEST_TITLE = 20
_FEWEST_WORDS = 4
_GENERIC_TITLE = re.compile(
    r"(author|publisher)s? correction|correction|corrigend|errat|retract|editorial"
    r"|expression of concern|reply to|response to|comment on|book review|issue inf"
    r"|table of contents|front matter|back matter|in this issue|withdrawn"
)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.-?){1,4}|[^\W\d_a-z]{1,2}")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


def bare_doi(text: str) -> str:
    """The DOI alone, in lower case ("10.1101/2024.01.01.123456"); "" if it is none.

    Links, "doi:" and percent-encoding go, and so do the version that bioRxiv and
    medRxiv add ("…v2") and the punctuation of a sentence around it.
    """
    found = _DOI.fullmatch(unquote(text.strip()).strip())
    if not found:
        return ""
    doi = found[1].lower().partition("?")[0].partition("#")[0].rstrip(_PUNCTUATION)
    if doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi.removesuffix(")").rstrip(_PUNCTUATION)
    versioned = _PREPRINT_VERSION.fullmatch(doi)
    doi = versioned[1] if versioned else doi
    return doi if len(doi) <= _LONGEST_DOI and doi.isprintable() else ""


def canonical_id(entry: Entry) -> str:
    """The key of the work: "arxiv:2604.15332", else "doi:10.…", else "guid:…".

    An arXiv id counts without its version, and arXiv's own DOIs
    (10.48550/arXiv.…) mean the arXiv paper. A GUID that is not unique by its
    form ("17") is taken together with the host of the link.
    """
    bare = entry.arxiv_id or arxiv_id.split(entry.doi)[0]
    if bare:
        return f"arxiv:{bare}"
    doi = bare_doi(entry.doi)
    if doi:
        return f"doi:{doi}"
    key = _normal(entry.guid or entry.url)
    if not key.startswith(("//", "urn:", "tag:", "oai:")):
        key = f"{_host(entry.url)} {key}"
    return f"guid:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def is_preprint(key: str) -> bool:
    """Whether a canonical id or "doi:…" is that of a preprint, not of a journal."""
    return bool(_PREPRINT.match(key))


def fingerprint(entry: Entry) -> str:
    """A key from title and first author, the last resort for finding the same work.

    "" where it would prove nothing: without an author, and for titles that are
    short or stand over many works ("Editorial", "Correction to …").
    """
    title = _letters(entry.title)
    words = title.split()
    family = _family_name(entry.authors[0].name) if entry.authors else ""
    if (
        not family
        or len(title) < _SHORTEST_TITLE
        or len(words) < _FEWEST_WORDS
        or _GENERIC_TITLE.match(title)
    ):
        return ""
    # Spaces stand differently around maths and hyphens from one source to the next.
    key = f"{''.join(words)} {family}"
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _letters(text: str) -> str:
    """Letters and digits alone, without accents and case, in words."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not plain.isascii():
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NO_LETTER.sub(" ", plain).strip()


def _family_name(name: str) -> str:
    """ "doe" for "Jane Q. Doe", "Doe, Jane", "Doe J" and "Jane Doe Jr."."""
    family, comma, _ = name.partition(",")
    words = (family if comma else name).split()
    full = [
        word
        for word in words
        if not _INITIALS.fullmatch(word) and not _SUFFIX.fullmatch(word)
    ]
    return _letters((full or words or [""])[-1]).replace(" ", "")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _normal(guid: str) -> str:
    """Links that differ in scheme, `www.`, fragment or a last slash are one."""
    guid = guid.strip()
    if not re.match(r"https?://", guid, re.IGNORECASE):
        return guid
    try:
        parts = urlsplit(guid)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return guid
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host}{parts.path.rstrip('/')}{query}"
