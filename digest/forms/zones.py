"""The time zone field: a name of the IANA list, with those of places suggested."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Parts of the list that name places people live in; the rest are offsets and relics.
_CONTINENTS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)
# Not zones: what the host is set to, and a placeholder.
_NOT_ZONES = frozenset({"localtime", "Factory"})


@cache
def known_zones() -> frozenset[str]:
    """Every name that `zoneinfo.ZoneInfo` opens, old aliases of browsers included."""
    return frozenset(available_timezones() - _NOT_ZONES)


@cache
def zone_names() -> tuple[str, ...]:
    """The names to suggest: UTC, then the places by the alphabet."""
    places = (n for n in known_zones() if n.partition("/")[0] in _CONTINENTS)
    return ("UTC", *sorted(places))


class ZoneField(forms.CharField):
    """The name of one time zone. A page that shows it has a `<datalist id="zones">`.

    The script fills an untouched field marked `data-guess-zone` with the browser's
    zone; without a script the initial value stands.
    """

    def __init__(self, *, guess: bool = False, **kwargs: Any) -> None:
        attrs = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        if guess:
            attrs["data-guess-zone"] = ""
        super().__init__(
            **{
                "label": _("Time zone"),
                "max_length": 64,
                "widget": forms.TextInput(attrs=attrs),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        """Refuse names that are not on the list, before any file is looked for."""
        name = str(super().clean(value))
        if name and name not in known_zones():
            raise ValidationError(
                _("“%(zone)s” is not a time zone. Pick one like Europe/Berlin."),
                params={"zone": name},
            )
        return name
