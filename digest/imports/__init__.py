"""Files of references that people have: BibTeX, RIS, CSL-JSON; bytes in, papers out.

Promise: pure and bounded. Whatever the bytes are, the answer comes within seconds: the
papers, what could not be read with its line, or `ImportRefusedError`.
"""

from digest.imports import bibtex, csl_json, ris
from digest.imports.cited import (
    MOST_BYTES,
    MOST_ENTRIES,
    Cited,
    ImportRefusedError,
    Library,
    Problem,
)

__all__ = [
    "MOST_BYTES",
    "MOST_ENTRIES",
    "Cited",
    "ImportRefusedError",
    "Library",
    "Problem",
    "read_library",
]


def read_library(data: bytes) -> Library:
    """Read a file by what stands in it, not by its name.

    Raises:
        ImportRefusedError: nothing of it can be used.
    """
    if len(data) > MOST_BYTES:
        raise ImportRefusedError("too_large")
    text = _decode(data)
    library = _read(text)
    if not library.papers and not library.problems:
        raise ImportRefusedError("nothing")
    return library


def _read(text: str) -> Library:
    if text.lstrip().startswith(("[", "{")):
        return csl_json.read(text)
    if any(ris.TAG.fullmatch(line.strip()) for line in text.splitlines()):
        return ris.read(text)
    if bibtex.START.search(text):
        return bibtex.read(text)
    raise ImportRefusedError("unknown_kind" if text.strip() else "nothing")


def _decode(data: bytes) -> str:
    """UTF-8, or UTF-16 that says so: anything else would be a guess."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportRefusedError("encoding", line) from error
    # Lines are counted as editors do.
    return text.replace("\r\n", "\n").replace("\r", "\n")
