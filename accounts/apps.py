"""Wires the accounts app; refuses settings with which it could not keep its word."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and their addresses."""

    name = "accounts"
    verbose_name = _("People and addresses")
    default = True

    def ready(self) -> None:
        """Register the checks."""
        register(check_signup_policy)
        register(check_sender)
        register(check_second_factor)


class StaffAdminConfig(AdminConfig):
    """Django's admin with a second factor; stands in INSTALLED_APPS in its place."""

    default = False
    default_site = "accounts.views.staff_site.StaffSite"

    def ready(self) -> None:
        """Without the tables of allauth's sign-in: the environment decides there."""
        super().ready()
        from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
        from django.contrib import admin

        admin.site.unregister([SocialAccount, SocialApp, SocialToken])


def check_signup_policy(**_kwargs: Any) -> list[CheckMessage]:
    """Sign-up for named domains needs names."""
    if settings.DIGEST_SIGNUP != "domains" or settings.DIGEST_SIGNUP_DOMAINS:
        return []
    return [
        Error(
            "DIGEST_SIGNUP is 'domains', and DIGEST_SIGNUP_DOMAINS is empty.",
            hint="Name the mail domains, separated by commas: example.org,example.edu",
            id="accounts.E001",
        )
    ]


def check_sender(**_kwargs: Any) -> list[CheckMessage]:
    """Every mail comes from one mailbox."""
    _name, email = parseaddr(settings.DIGEST_FROM)
    if "@" in email and "," not in settings.DIGEST_FROM:
        return []
    return [
        Error(
            f"DIGEST_FROM is {settings.DIGEST_FROM!r}, which is not one mailbox.",
            hint="Write it as: Paperboy <papers@example.org>",
            id="accounts.E002",
        )
    ]


def check_second_factor(**_kwargs: Any) -> list[CheckMessage]:
    """The admin must be the one that asks."""
    from django.contrib import admin

    from accounts.views.staff_site import StaffSite

    is_asked = issubclass(admin.site.__class__, StaffSite)
    if is_asked or not settings.DIGEST_STAFF_SECOND_FACTOR:
        return []
    return [
        Error(
            "DIGEST_STAFF_SECOND_FACTOR is on, but the admin does not ask for one.",
            hint="Put accounts.apps.StaffAdminConfig into INSTALLED_APPS in place of "
            "django.contrib.admin.",
            id="accounts.E003",
        )
    ]
