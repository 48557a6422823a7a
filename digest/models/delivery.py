"""Getting a digest there: its content, its state, each attempt, what came back."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digest.models.digest import Digest


class Fragment(models.Model):
    """A piece of digests, rendered once: a paper with its reason, a topic's head.

    The key hashes the content, so that never changes. It has holes, marked with
    private-use characters, for what differs from person to person. `created_at` is
    set anew when an edition takes the piece up again, at most once a day: pieces that
    are old by it are dropped.
    """

    key = models.CharField(max_length=32, primary_key=True)
    html = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("fragment")
        verbose_name_plural = _("fragments")

    def __str__(self) -> str:
        return self.key


class Edition(models.Model):
    """The content of a digest, rendered once for all who get the same.

    `shell` is the fragment around everything, `parts` are those that stand in it one
    after the other, `coverage` is the honest line; `texts` fill the shell's own holes.
    `key` hashes all of it.
    """

    key = models.CharField(max_length=64, unique=True)
    subject = models.CharField(_("subject"), max_length=200)
    shell = models.CharField(max_length=32)
    parts = models.JSONField(default=list)
    coverage = models.CharField(max_length=32)
    texts = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """The way of one digest to its reader. `pipeline.states` alone moves `state`."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("claimed")
        HANDOFF = "handoff", _("being handed over")
        ACCEPTED = "accepted", _("accepted")
        FAILED = "failed", _("failed")
        UNCERTAIN = "uncertain", _("uncertain")
        SKIPPED = "skipped", _("skipped")

    digest = models.OneToOneField(Digest, models.CASCADE, related_name="delivery")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(max_length=200, unique=True)
    dated_at = models.DateTimeField(_("date of the mail"), null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    handed_off_at = models.DateTimeField(_("first handed over"), null=True, blank=True)
    keyed_by = models.CharField(
        _("account that remembers the key"), max_length=60, blank=True
    )
    key_expires_at = models.DateTimeField(_("key good until"), null=True, blank=True)
    claim_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    attempt_count = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    expires_at = models.DateTimeField(_("expires"))
    held_at = models.DateTimeField(_("held back"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    provider_id = models.CharField(_("id at the provider"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [models.Index(fields=["state", "next_attempt_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(evidence=""),
                name="accepted_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "uncertain", "skipped"])
                | ~Q(reason=""),
                name="unsent_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "handoff"])
                | Q(claim_token__isnull=False, lease_until__isnull=False),
                name="claimed_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest_id} {self.state}"


class Attempt(models.Model):
    """One try to hand a delivery over. Rows are only ever added and closed."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(_("started"))
    worker = models.CharField(_("worker"), max_length=200)
    phase = models.CharField(_("phase"), max_length=20, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["delivery", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"], name="attempt_numbered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number} {self.outcome}"


class DeliveryEvent(models.Model):
    """What the mail provider reported later, in anymail's words."""

    provider = models.CharField(_("provider"), max_length=40)
    event_key = models.CharField(max_length=200)
    event_type = models.CharField(_("type"), max_length=40)
    reject_reason = models.CharField(_("reject reason"), max_length=40, blank=True)
    delivery = models.ForeignKey(
        Delivery, models.CASCADE, null=True, related_name="events"
    )
    # Keyed hash of a reader's address, for counting what came back; of nobody else's.
    address_hmac = models.CharField(
        max_length=64, blank=True, db_index=True, editable=False
    )
    happened_at = models.DateTimeField(_("happened"), null=True)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        ordering = ["-received_at"]
        # The sweep counts the complaints of a week each minute.
        indexes = [models.Index(fields=["event_type", "received_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_key"], name="event_stored_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_type}"


class Heartbeat(models.Model):
    """A sign of life of a process, or the turn of requests to a shared host."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    beat_at = models.DateTimeField(_("last sign of life"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%Y-%m-%d %H:%M:%S}"


class SendingHold(models.Model):
    """While a row without `released_at` exists, no hand-off starts."""

    reason = models.CharField(_("reason"), max_length=300)
    held_at = models.DateTimeField(_("held"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("hold on sending")
        verbose_name_plural = _("holds on sending")
        constraints = [
            models.UniqueConstraint(
                fields=["reason"],
                condition=Q(released_at__isnull=True),
                name="hold_once_per_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
