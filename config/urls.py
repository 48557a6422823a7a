"""Every address of the service."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.security_txt import security_txt

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("", include("accounts.urls")),
    path("", include("digest.urls")),
]
if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    # Without the secret anybody could report that an address bounced.
    urlpatterns.append(path("anymail/", include("config.webhooks")))
