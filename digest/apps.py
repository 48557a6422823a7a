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
        from django.db.models.signals import post_migrate

        from accounts import services as accounts
        from digest import checks, privacy
        from digest.starter.roles import make_roles

        accounts.register_exporter("digests", privacy.export_reader)
        accounts.register_eraser("digests", privacy.erase_reader)
        accounts.register_revoker(privacy.revoke_reader_links)
        tracking.connect(receive_event, dispatch_uid="digest.receive_event")
        post_migrate.connect(make_roles, sender=self, dispatch_uid="digest.make_roles")
        checks.register_all()


def receive_event(event: Any, esp_name: str, **_kwargs: Any) -> None:
    """Pass anymail's event on to `track` in plain values."""
    from digest.pipeline import track

    track.track_event(track.read_event(event, esp_name), now=timezone.now())
