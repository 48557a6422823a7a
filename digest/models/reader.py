"""A reader as staff look at one: a person who has a schedule."""

from django.utils.translation import gettext_lazy as _

from accounts.addresses import mask
from accounts.models import User


class Reader(User):
    """The person; a table of its own in the admin, with rights of its own."""

    class Meta:
        proxy = True
        verbose_name = _("reader")
        verbose_name_plural = _("readers")

    def __str__(self) -> str:
        """The masked address: Django's own pages and its log name a row by this."""
        return mask(self.email)
