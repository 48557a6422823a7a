"""What every page of the site may show."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, object]:
    """Name and logo of this installation, and whether mail is caught here."""
    return {
        "site_name": settings.DIGEST_SITE_NAME,
        "site_logo": settings.DIGEST_SITE_LOGO,
        "has_mail_catcher": hasattr(settings, "MAIL_CATCHER_DIR"),
    }
