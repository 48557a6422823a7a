"""Papers as files to download, in every form that `digest.exports` knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.urls import reverse

from digest import exports

Links = list[tuple[str, str]]


def attach(
    name: str, ending: str, references: Iterable[exports.Reference]
) -> HttpResponse:
    """A file of that name; an ending that nobody writes is a 404."""
    if ending not in exports.FORMATS:
        raise Http404
    written = exports.FORMATS[ending]
    return HttpResponse(
        written.write(list(references)),
        content_type=written.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{ending}"',
            "X-Robots-Tag": "noindex",
        },
    )


def file_links(route: str, args: Sequence[object] = (), query: str = "") -> Links:
    """Name and address of each file of one set of papers."""
    tail = f"?{query}" if query else ""
    return [
        (each.label, reverse(f"digest:{route}", args=[*args, ending]) + tail)
        for ending, each in exports.FORMATS.items()
    ]
