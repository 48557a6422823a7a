"""A file from a reference manager, to begin a topic with."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest import imports
from digest.imports import ImportRefusedError, Problem
from digest.reading.importing import Taught, teach

REFUSALS = {
    "too_large": gettext_lazy("The file is larger than 1 MB."),
    "encoding": gettext_lazy(
        "The file is not in UTF-8: line %(line)s cannot be read. "
        "Export it again as UTF-8."
    ),
    "unknown_kind": gettext_lazy(
        "This is no BibTeX, RIS or CSL-JSON: no entry was found in it."
    ),
    "nothing": gettext_lazy("There is nothing in this file."),
    "too_many": gettext_lazy("The file has more than 2,000 entries. Export fewer."),
    "too_deep": gettext_lazy("Brackets are nested too deep to be a reference."),
    "json": gettext_lazy("This is not valid JSON."),
}
"""Why a file is refused, by the codes of `ImportRefusedError`."""

PROBLEMS = {
    "broken": gettext_lazy(
        "Entry “%(name)s” cannot be read: a bracket, a comma or a quotation mark is "
        "missing."
    ),
    "unfinished": gettext_lazy("Entry “%(name)s” has no end."),
    "outside": gettext_lazy("“%(name)s” stands outside of any entry."),
    "no_title": gettext_lazy("Entry “%(name)s” has no title."),
}
"""What is wrong with an entry, by the codes of `Problem`."""

SHOWN_PROBLEMS = 10


class LibraryForm(forms.Form):
    """Reads the file; afterwards `taught` says what came of it."""

    # It stands within another form, which can be sent without a file.
    use_required_attribute = False

    library = forms.FileField(
        label=gettext_lazy("A file from your reference manager"),
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"accept": ".bib,.bibtex,.ris,.json,.txt,application/json"}
        ),
        help_text=gettext_lazy(
            "BibTeX, RIS or CSL-JSON, as Zotero exports it, up to 1 MB. “Try it” reads "
            "it: papers that are here become examples, and the words that the others "
            "share are written below. The file itself is not kept."
        ),
    )

    @property
    def taught(self) -> Taught | None:
        """What the file teaches, if it could be read."""
        found: Taught | None = self.cleaned_data.get("library") if self.files else None
        return found

    def clean_library(self) -> Taught:
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["library"]
        try:
            if (file.size or 0) > imports.MOST_BYTES:
                raise ImportRefusedError("too_large")
            return teach(file.read())
        except ImportRefusedError as error:
            raise ValidationError(_refusal(error)) from error


def problem_sentences(problems: tuple[Problem, ...]) -> list[str]:
    """The first problems in words, with entry and line."""
    return [
        _located(str(PROBLEMS[one.code]) % {"name": one.name or "?"}, one.line)
        for one in problems[:SHOWN_PROBLEMS]
    ]


def _refusal(error: ImportRefusedError) -> str:
    sentence = str(REFUSALS[error.code]) % {"line": error.line}
    return sentence if error.code == "encoding" else _located(sentence, error.line)


def _located(sentence: str, line: int) -> str:
    if not line:
        return sentence
    return _("Line {line}: {sentence}").format(line=line, sentence=sentence)
