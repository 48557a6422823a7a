"""What every way of running shares. The environment decides the rest."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.settings.environment import (
    BASE_DIR,
    env,
    read_addresses,
    read_choice,
    read_contact,
    read_ip_addresses,
    read_networks,
    read_number,
    read_openid_connect,
    read_rate,
    read_rates,
    read_zone,
)

# Lets forms and admin classes name their model in their type, as mypy asks.
django_stubs_ext.monkeypatch()

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "accounts.apps.AccountsConfig",
    "digest.apps.DigestConfig",
    "accounts.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "anymail",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.headers.PolicyHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.probes.Probes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "digest.context.site",
]
# Two engines: the text parts of mails are not HTML and must not be escaped.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "html",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "text",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "autoescape": False,
            "libraries": {"i18n": "django.templatetags.i18n"},
        },
    },
]

# Each process keeps the cards of papers itself, under all that they say: no key ever
# stands for something else, and no page waits for another server or fails with it.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "cards": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "cards",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 4_000, "CULL_FREQUENCY": 10},
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Sign-in is by e-mailed code; Paperboy's own form signs people up.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "digest:preferences"
LOGOUT_REDIRECT_URL = "digest:front"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"login_webauthn": "accounts.forms.PasskeySignInForm"}
# The host's own sign-in: off, unless the environment names one.
DIGEST_OIDC = read_openid_connect()
SOCIALACCOUNT_ADAPTER = "accounts.social.SocialAdapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [DIGEST_OIDC] if DIGEST_OIDC else [],
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "email"],
    }
}
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/10m/key,10/d/key"}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-built"

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
    },
}

CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_DEFAULT_QUEUE = "digest"
CELERY_TASK_ROUTES = {"accounts.*": {"queue": "transactional"}}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 780
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
# A send in its hand-off must survive a blink of the broker.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
}
DIGEST_SWEEP_SECONDS = env.float("DIGEST_SWEEP_SECONDS", default=60)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "digest.sweep", "schedule": DIGEST_SWEEP_SECONDS},
}
CELERY_BEAT_SCHEDULER = "config.heartbeats:Scheduler"

# Paperboy's own settings. docs/environment.md explains each.
DIGEST_SITE_NAME = env.str("DIGEST_SITE_NAME", default="Paperboy")
DIGEST_SITE_LOGO = env.str("DIGEST_SITE_LOGO", default="")
DIGEST_REPLY_TO = env.str("DIGEST_REPLY_TO", default="")
# Told when a source is late; without any, the superusers are.
DIGEST_OPERATORS = read_addresses("DIGEST_OPERATORS")
DIGEST_SECURITY_CONTACT = read_contact("DIGEST_SECURITY_CONTACT")
DIGEST_POSTAL_ADDRESS = env.str("DIGEST_POSTAL_ADDRESS", default="")
DIGEST_SIGNUP = read_choice("DIGEST_SIGNUP", ("open", "domains", "invitation"))
DIGEST_SIGNUP_DOMAINS = env.list("DIGEST_SIGNUP_DOMAINS", default=[])
DIGEST_PAGES = read_choice("DIGEST_PAGES", ("public", "members"))
# Feeds of an intranet. Off, no address but a public one is ever fetched.
DIGEST_FETCH_ALLOW_PRIVATE = env.bool("DIGEST_FETCH_ALLOW_PRIVATE", default=False)
# Where arXiv's search is asked; a mirror may stand in.
DIGEST_ARXIV_API_URL = env.str(
    "DIGEST_ARXIV_API_URL", default="https://export.arxiv.org/api/query"
)
# Where a DOI that somebody names is asked for.
DIGEST_CROSSREF_URL = env.str(
    "DIGEST_CROSSREF_URL", default="https://api.crossref.org/works"
)
# arXiv's terms of use: one request in three seconds, over all machines together. The
# half second is for requests that are on their way longer than others.
DIGEST_ARXIV_INTERVAL_SECONDS = 3.5
# How long a digest that is due waits for the day's papers.
DIGEST_WAIT_HOURS = env.int("DIGEST_WAIT_HOURS", default=6)
# The folder that `manage.py build_model` made; empty: papers are matched by words.
DIGEST_MODEL_DIR = env.str("DIGEST_MODEL_DIR", default="")
# Below so much room, or above so many of a day's digests in doubt, /healthz/ready is
# red.
DIGEST_LEAST_FREE_MB = env.int("DIGEST_LEAST_FREE_MB", default=500)
DIGEST_UNCERTAIN_PERCENT = env.float("DIGEST_UNCERTAIN_PERCENT", default=0.5)
# What `doctor` cannot find out: whose keys sign, and from where mail leaves.
DIGEST_DKIM_SELECTORS = env.list("DIGEST_DKIM_SELECTORS", default=[])
DIGEST_SENDING_ADDRESSES = read_ip_addresses("DIGEST_SENDING_ADDRESSES")
# Who may read /metrics. Without either, nobody.
DIGEST_METRICS_TOKEN = env.str("DIGEST_METRICS_TOKEN", default="")
DIGEST_METRICS_NETWORKS = read_networks("DIGEST_METRICS_NETWORKS")
DIGEST_DEFAULT_ZONE = read_zone("DIGEST_DEFAULT_ZONE", "UTC")
DIGEST_ADDRESS_HASH_KEY = env.str("DIGEST_ADDRESS_HASH_KEY", default="")
DIGEST_SIGNUP_MAILS_PER_NETWORK_HOUR = env.int(
    "DIGEST_SIGNUP_MAILS_PER_NETWORK_HOUR", default=10
)
DIGEST_SIGNUP_MAILS_PER_DOMAIN_HOUR = env.int(
    "DIGEST_SIGNUP_MAILS_PER_DOMAIN_HOUR", default=100
)
DIGEST_SIGNUP_MAILS_PER_HOUR = env.int("DIGEST_SIGNUP_MAILS_PER_HOUR", default=500)
# Readers whom staff invite are written to one after the other.
DIGEST_INVITATIONS_PER_HOUR = read_number(
    "DIGEST_INVITATIONS_PER_HOUR", default=200, most=10_000
)
# Limits against stuffing: how old an account must be, and how often it may vote
# or propose a paper.
DIGEST_VOTE_ACCOUNT_AGE_HOURS = env.int("DIGEST_VOTE_ACCOUNT_AGE_HOURS", default=24)
DIGEST_VOTES_PER_DAY = env.int("DIGEST_VOTES_PER_DAY", default=50)
DIGEST_SUBMISSIONS_PER_DAY = env.int("DIGEST_SUBMISSIONS_PER_DAY", default=5)
DIGEST_HANDOFF_SIZE = read_number("DIGEST_HANDOFF_SIZE", default=200, most=200)
DIGEST_PROVIDER_CONNECTIONS = read_number(
    "DIGEST_PROVIDER_CONNECTIONS", default=4, most=64
)
# Of all digests, and by the recipient's domain; nothing and 0 are no limit.
DIGEST_MAILS_PER_SECOND = read_rate("DIGEST_MAILS_PER_SECOND")
DIGEST_MAILS_PER_SECOND_BY_DOMAIN = read_rates("DIGEST_MAILS_PER_SECOND_BY_DOMAIN")
# None: as docs/providers.md has it. 0: nothing in doubt is sent again by itself.
DIGEST_PROVIDER_KEY_MINUTES = env.int("DIGEST_PROVIDER_KEY_MINUTES", default=None)
DIGEST_PROVIDER_RECIPIENTS = env.int("DIGEST_PROVIDER_RECIPIENTS", default=None)
DIGEST_CLAIM_LEASE_SECONDS = env.int("DIGEST_CLAIM_LEASE_SECONDS", default=60)
# Longer than the task's hard limit, which is longer than the wait after the dot.
DIGEST_HANDOFF_LEASE_SECONDS = env.int("DIGEST_HANDOFF_LEASE_SECONDS", default=900)
DIGEST_AFTER_DOT_TIMEOUT_SECONDS = env.int(
    "DIGEST_AFTER_DOT_TIMEOUT_SECONDS", default=600
)


def site_host(site_url: str) -> str:
    """Host name of an address that `read_site_url` accepted."""
    return urlsplit(site_url).hostname or ""
