"""Long lists in pages of 30, and the one address of each page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404

from digest import links

PAGE_SIZE = 30


def read_page(
    found: Any, number: str | int, size: int = PAGE_SIZE, *, count: int | None = None
) -> Page[Any]:
    """One page of a list; a page that is not there is a 404.

    `count`: how many there are, where that is known already.
    """
    paginator = Paginator(found, size)
    if count is not None:
        paginator.count = count
    try:
        return paginator.page(number)
    except InvalidPage as error:
        raise Http404 from error


def canonical_url(path: str, page: Page[Any] | None = None) -> str:
    """The address by which search engines shall know a page, however it was asked."""
    number = page.number if page else 1
    return links.absolute(path if number == 1 else f"{path}?page={number}")
