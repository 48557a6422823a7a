"""The sign-up form: an address, topics to tick, and the zone the clock is in."""

import hashlib
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms import GuardedSignupForm
from digest.forms.zones import ZoneField
from digest.models import Topic

FORM_VERSION = "signup-1"
"""Raise it when what the form asks for changes; kept with each consent."""

CONSENT = _(
    "By signing up you ask us to mail you papers on these topics. Nothing comes "
    "before you press the button in our confirmation mail, and every mail has a link "
    "that ends them."
)


def consent_hash() -> str:
    """SHA-256 (hex) of the text beside the button, in the language it is shown in."""
    return hashlib.sha256(str(CONSENT).encode()).hexdigest()


class SignupForm(GuardedSignupForm):
    """An address is enough: the daily topic is ticked, and the zone has a default."""

    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.public(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With nothing ticked you get Daily Papers."),
    )
    zone = ZoneField(guess=True, required=False)

    consent = CONSENT

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, now=now, **kwargs)
        self.fields["zone"].initial = settings.DIGEST_DEFAULT_ZONE
        self.fields["topics"].initial = _daily_topics

    def tick(self, slug: str) -> None:
        """Have this curated topic ticked as well, when it is one."""
        # PostgreSQL cannot even be asked about a NUL.
        asked = Topic.objects.public().filter(slug=slug.replace("\0", ""))
        self.fields["topics"].initial = [*_daily_topics(), *asked]

    def wishes(self) -> dict[str, Any]:
        """What the sign-up keeps until it is confirmed: topic slugs and the zone."""
        topics = self.cleaned_data["topics"] or _daily_topics()
        return {
            "topics": [topic.slug for topic in topics],
            "zone": self.cleaned_data["zone"] or settings.DIGEST_DEFAULT_ZONE,
        }


def _daily_topics() -> list[Topic]:
    """The topic a sign-up starts with; a list of none where it was retired."""
    return list(Topic.objects.public().filter(kind=Topic.Kind.DAILY))
