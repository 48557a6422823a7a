"""Papers as lines of text: what a curator can read, paste and strike out."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digest import tex
from digest.models import Paper
from digest.pipeline.ingest.lookup import known_papers
from digest.sources.reference import read_reference


class PapersField(forms.CharField):
    """A paper a line: its id, DOI or address first; what follows is for people."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Papers by the name that addresses have, with the title behind it."""
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{one.slug} {tex.to_unicode(one.title)}" for one in value)

    def clean(self, value: Any) -> list[Paper]:
        """The papers, each once, in the order of the lines.

        Raises ValidationError with the lines that name no paper that is here.
        """
        lines = _lines(super().clean(value))
        names = [line.split()[0] for line in lines]
        found = _find(names)
        unknown = [line for line in lines if line.split()[0] not in found]
        if unknown:
            raise ValidationError(
                [_("Not here: {line}").format(line=line) for line in unknown]
            )
        return list({found[name].pk: found[name] for name in names}.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another set of papers is named."""
        before = [one.slug for one in initial or ()]
        return before != [line.split()[0] for line in _lines(str(data or ""))]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _find(names: Iterable[str]) -> dict[str, Paper]:
    """Papers by how they were named: two queries, or a few more for hundreds."""
    slugs = {name: name.rstrip("/").rpartition("/")[2] for name in names}
    rows = Paper.objects.works().filter(slug__in=slugs.values())
    by_slug = {paper.slug: paper for paper in rows}
    found = {name: by_slug[slug] for name, slug in slugs.items() if slug in by_slug}
    keys = {
        name: reference.key
        for name in slugs
        if name not in found and (reference := read_reference(name))
    }
    by_key = known_papers(list(keys.values()))
    return found | {name: by_key[key] for name, key in keys.items() if key in by_key}
