"""A feed that has moved for good is asked at its new address from now on."""

from django.utils.translation import gettext as _

from digest.models import Source


def follow_move(source: Source, asked: str, moved_to: str) -> str:
    """Keep the address that permanent redirects led to; if not, why, in words.

    Each redirect was checked like an address that somebody typed. Where another
    source has that address already, asking it twice would be of no use to anybody:
    the source stays where it is until an operator removes one of the two. It still
    works, so this is a problem of the batch and no failure of the source.
    """
    if asked != source.address or moved_to in ("", asked):
        return ""
    others = Source.objects.exclude(pk=source.pk).filter(address=moved_to)
    if others.exists():
        return _(
            "It has moved for good to {address}, which is a source already."
        ).format(address=moved_to)
    source.address = moved_to
    source.save(update_fields=["address"])
    return ""
