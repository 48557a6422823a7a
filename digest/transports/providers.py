"""What each mail provider takes in one go: a small table that operators may change.

A provider is known by the name that its anymail backend gives it, so a subclass of
one is treated like it. Any other Django backend sends one mail after the other.
docs/providers.md says the same in words.
"""

from dataclasses import dataclass

from django.conf import settings

CONNECTIONS = 4
"""Calls to a provider at once, in each worker, where the operator does not say."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The figures of one provider."""

    connections: int = 1


def find_provider(backend: object) -> Provider:
    """The figures for a backend, after the operator's settings."""
    if not hasattr(backend, "esp_name"):
        return Provider()
    connections = getattr(settings, "DIGEST_PROVIDER_CONNECTIONS", CONNECTIONS)
    return Provider(connections=connections)
