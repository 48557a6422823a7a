"""Long lists of choices as HTML, written without a template for each line of theirs.

A form's own widgets render a template for each box, which costs more than the page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def topic_boxes(field: BoundField) -> SafeString:
    """A field's topics to tick, each a line of a list with its description."""
    return format_html_join(
        "\n",
        '<li><label for="{}"><input type="checkbox" name="{}" value="{}"{}> '
        "<span>{}{}</span></label></li>",
        (_box(box.data) for box in field),
    )


@register.simple_tag
def zone_options(names: tuple[str, ...] | str) -> SafeString:
    """Options of a list of suggestions, the same for everybody; none for no names."""
    return _options(names)


def _box(data: dict[str, Any]) -> tuple[object, ...]:
    described = data["value"].instance.description
    about = format_html(" <small>{}</small>", described) if described else ""
    attributes = data["attrs"]
    return (
        *(attributes["id"], data["name"], data["value"], flatatt(attributes)),
        *(data["label"], about),
    )


@lru_cache(maxsize=2)
def _options(names: tuple[str, ...] | str) -> SafeString:
    return format_html_join(
        "", '<option value="{}"></option>', ((name,) for name in names)
    )
