"""People: a confirmed address is the account; with it the proof of consent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.address import Address, AddressError, email_hmac, parse_address


class UserManager(BaseUserManager["User"]):
    """Makes people, always under the normalised address."""

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create one person; raises AddressError. No password means code sign-in."""
        user = self.model(**fields)
        user.set_address(parse_address(email))
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create an administrator with every permission."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by any way of writing the address (Django's own sign-in asks here)."""
        try:
            key = parse_address(username or "").key
        except AddressError as error:
            raise self.model.DoesNotExist from error
        return self.get(email_key=key)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an address: a Subscriber, a curator or an administrator."""

    email = models.EmailField(_("e-mail address"), unique=True, max_length=254)
    email_key = models.CharField(unique=True, max_length=254, editable=False)
    # Joins suppressions within one statement, so that a hand-off can ask for both.
    email_hmac = models.CharField(max_length=64, db_index=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    language = models.CharField(_("language"), max_length=12, default="en")
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    # Part of every cookie that a mail's link leaves; raising it ends them.
    token_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.email

    def set_address(self, address: Address) -> None:
        """Put the address and what is derived from it on the instance, unsaved."""
        self.email = address.email
        self.email_key = address.key
        self.email_hmac = email_hmac(address.key)


class Consent(models.Model):
    """What a person agreed to, when, where and how: kept as proof (GDPR Art. 7)."""

    class Method(models.TextChoices):
        """How the agreement was given."""

        FORM = "form", _("sign-up form, confirmed by mail")
        STAFF = "staff", _("made by an administrator")
        INVITED = "invited", _("invited by staff, confirmed by mail")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    at = models.DateTimeField(_("asked at"))
    ip_prefix = models.CharField(_("network"), max_length=43, blank=True)
    form_version = models.CharField(_("form version"), max_length=40, blank=True)
    text_hash = models.CharField(_("hash of the text shown"), max_length=64, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices)
    confirmed_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.confirmed_at:%Y-%m-%d}"


class AddressChange(models.Model):
    """A new address that its owner has not confirmed yet; one for each person."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="address_change"
    )
    email = models.EmailField(max_length=254)
    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.created_at:%Y-%m-%d %H:%M}"
