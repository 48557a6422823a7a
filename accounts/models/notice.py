"""Transactional mails that wait: the row is the queue, and goes with the mail."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by what is to be done with them."""

    def unsent(self, now: datetime) -> NoticeQuerySet:
        """To be sent now."""
        return self.filter(wanted_at__lte=now)

    def claim(self, pk: int, now: datetime) -> Notice | None:
        """Take one for sending. None means that somebody else has it."""
        claimed = self.unsent(now).filter(pk=pk).update(wanted_at=None)
        return self.get(pk=pk) if claimed else None


class Notice(models.Model):
    """One mail to one address. May hold a secret, so it lives for minutes only."""

    class Kind(models.TextChoices):
        """Which mail; also the name of its templates."""

        SIGNIN_CODE = "signin_code", _("sign-in code")
        # Written when an unknown address asks for a code, so that both take as long.
        NOTHING = "nothing", _("nothing to send")
        CONFIRM_ADDRESS = "confirm_address", _("confirm the new address")
        ADDRESS_CHANGED = "address_changed", _("the address was changed")
        INVITATION = "invitation", _("invitation")
        ACCEPTED = "accepted", _("a proposal was accepted")
        DECLINED = "declined", _("a proposal was declined")
        OPERATOR_NOTE = "operator_note", _("note to an operator")
        TOPIC_RETIRED = "topic_retired", _("a topic was retired")
        TOPIC_MERGED = "topic_merged", _("a topic was merged into another")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=12, default="en")
    # The code, the token, the masked address or the text that the mail brings.
    value = models.TextField()
    created_at = models.DateTimeField(db_index=True)
    wanted_at = models.DateTimeField(null=True, db_index=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d %H:%M}"
