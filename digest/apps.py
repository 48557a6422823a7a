"""Wires the digest app: exporters and erasers with accounts, anymail's signals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DigestConfig(AppConfig):
    """Papers, topics, digests and their delivery."""

    name = "digest"
    verbose_name = _("Papers and digests")
