"""Production: what matters comes from the environment, or the start fails."""

from csp.constants import NONE
from django.core.exceptions import ImproperlyConfigured

from config import errors
from config.settings.base import *
from config.settings.base import CACHES, CONTENT_SECURITY_POLICY, site_host
from config.settings.environment import (
    env,
    read_choice,
    read_database,
    read_mail,
    read_secret_key,
    read_site_url,
)

DEBUG = False
SECRET_KEY = read_secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = read_site_url("")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must start with https:// in production.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[site_host(SITE_URL)])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts, not *.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATABASES = {"default": read_database("")}
mail = read_mail("")
if "MAIL_CATCHER_DIR" in mail:
    raise ImproperlyConfigured(
        "EMAIL_URL is a catcher, which shows every mail to everybody. "
        "Set EMAIL_PROVIDER, or EMAIL_URL to an SMTP server."
    )
globals().update(mail)
if mail["EMAIL_PROVIDER"] and "WEBHOOK_SECRET" not in mail["ANYMAIL"]:
    raise ImproperlyConfigured(
        "Set ANYMAIL_WEBHOOK_SECRET to user:password, and give the provider "
        "the webhook address with it."
    )
DIGEST_FROM = env.str("DIGEST_FROM")
# Staff sign in with a second factor (the accounts app refuses otherwise).
DIGEST_STAFF_SECOND_FACTOR = True

CACHES = {
    **CACHES,
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("REDIS_URL"),
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_SSL_REDIRECT = True
# RFC 8058 forbids a redirect in answer to a one-click POST; probes speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^u/", r"^l/", r"^healthz/", r"^metrics$"]
# The web process speaks plain HTTP, so a proxy of ours stands in front; its word on
# scheme and address is believed, and the limits on sign-ups count real networks.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "default-src": [NONE],
        "upgrade-insecure-requests": True,
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "config.logs.Json"},
        "plain": {
            "()": "config.logs.Plain",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": read_choice("DIGEST_LOG_FORMAT", ("json", "plain")),
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    errors.start(SENTRY_DSN)
