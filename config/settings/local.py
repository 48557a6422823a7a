"""The embedded default: SQLite, a bundled broker, a mail catcher, loopback only."""

import secrets

from config.settings.base import *
from config.settings.base import VAR_DIR, site_host
from config.settings.environment import (
    env,
    read_database,
    read_mail,
    read_site_url,
)

VAR_DIR.mkdir(parents=True, exist_ok=True)


def _read_or_make_secret() -> str:
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="") or _read_or_make_secret()
SITE_URL = read_site_url("http://127.0.0.1:8000")
ALLOWED_HOSTS = [site_host(SITE_URL), "127.0.0.1", "localhost"]
DATABASES = {"default": read_database(f"sqlite:///{VAR_DIR / 'paperboy.sqlite3'}")}
globals().update(read_mail(f"catcher://{VAR_DIR / 'mail'}"))
DIGEST_FROM = env.str("DIGEST_FROM", default=f"Paperboy <papers@{site_host(SITE_URL)}>")
DIGEST_POSTAL_ADDRESS = env.str(
    "DIGEST_POSTAL_ADDRESS", default="This computer, 127 Loopback Lane, Localhost"
)
# Staff need no second factor on loopback.
DIGEST_STAFF_SECOND_FACTOR = False
SECURE_SSL_REDIRECT = False
# All processes end together; a worker must not wait for a broker that is gone.
CELERY_BROKER_CONNECTION_RETRY = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
