"""Wires the digest app: exporters and erasers with accounts, anymail's signals."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DigestConfig(AppConfig):
    """Papers, topics, digests and their delivery."""

    name = "digest"
    verbose_name = _("Papers and digests")

    def ready(self) -> None:
        """Register with accounts, and listen to what mail providers report."""
        from anymail.signals import tracking

        from accounts import services as accounts
        from digest import checks, privacy

        accounts.register_exporter("digests", privacy.export_reader)
        accounts.register_eraser("digests", privacy.erase_reader)
        accounts.register_revoker(privacy.revoke_reader_links)
        tracking.connect(receive_event, dispatch_uid="digest.receive_event")
        checks.register_all()


def receive_event(event: Any, esp_name: str, **_kwargs: Any) -> None:
    """Pass anymail's event on to `track` in plain values."""
    from digest.pipeline import track

    track.track_event(
        track.Report(
            provider=esp_name,
            event_type=event.event_type or "unknown",
            event_id=event.event_id or "",
            message_id=event.message_id or "",
            recipient=event.recipient or "",
            reject_reason="other" if _is_soft(event) else event.reject_reason or "",
            delivery_public_id=str((event.metadata or {}).get("delivery", "")),
            happened_at=event.timestamp,
        ),
        now=timezone.now(),
    )


def _is_soft(event: Any) -> bool:
    """Whether the provider's own word says that the mailbox may take mail again.

    Anymail calls the soft bounces of Postmark, Brevo, Mandrill and MailerSend
    "bounced", as it does the hard ones. They name theirs in one of these fields.
    """
    words = event.esp_event if isinstance(event.esp_event, dict) else {}
    named = (words.get(key) for key in ("Type", "type", "event"))
    return any("soft" in str(name).lower() for name in named)
