"""Sets of papers as files for other programs: BibTeX, RIS, JSON, CSV.

Promise: whatever stands in a title or a name is text in the file, never a command, a
formula or the end of an entry. All files are UTF-8; maths is written in Unicode.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from digest.exports import bibtex, ris, tables
from digest.exports.reference import Reference, reference_of

__all__ = ["FORMATS", "Format", "Reference", "reference_of"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: how it is called, what a browser is told, who writes it."""

    label: str
    content_type: str
    write: Callable[[Sequence[Reference]], str]


FORMATS: Mapping[str, Format] = {
    "bib": Format("BibTeX", "application/x-bibtex; charset=utf-8", bibtex.write),
    "ris": Format(
        "RIS", "application/x-research-info-systems; charset=utf-8", ris.write
    ),
    "json": Format("JSON", "application/json", tables.write_json),
    "csv": Format("CSV", "text/csv; charset=utf-8", tables.write_csv),
}
"""By the ending of the file's name."""
