"""Figures that were measured, those that they must reach or keep to, and the verdict.

Pure: what a bench prints last is made here, alike for all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure, and the one that it must reach or keep to."""

    name: str
    value: float
    limit: float
    is_least: bool = True

    @property
    def holds(self) -> bool:
        """Whether it does."""
        good = self.value >= self.limit if self.is_least else self.value <= self.limit
        return bool(good)


def sum_up(
    bounds: Iterable[Bound],
    names: Mapping[str, str],
    *,
    holds: bool,
    remark: str = "",
) -> str:
    """The last line. `names`: by bound, a text with a place for its {value}.

    `remark`: what is wrong beside the bounds.
    """
    parts = [remark] if remark else []
    parts += [_describe(bound, names[bound.name]) for bound in bounds]
    return _("{verdict}: {bounds}.").format(
        verdict=verdict(holds=holds), bounds="; ".join(parts)
    )


def verdict(*, holds: bool) -> str:
    """With what the last line of every bench begins."""
    return _("Bounds hold") if holds else _("Bounds broken")


def _describe(bound: Bound, name: str) -> str:
    limit = _("at least {limit:g}") if bound.is_least else _("at most {limit:g}")
    said = name.format(value=bound.value)
    mark = "" if bound.holds else "!"
    return f"{said} ({limit.format(limit=bound.limit)}){mark}"
