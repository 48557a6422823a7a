"""Typed readers of the environment: a wrong value stops the start, with its name."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

env = environ.FileAwareEnv()

SLOWEST, FASTEST = 0.01, 100_000
"""Rates of mails in a second that make sense."""

CONTACT = re.compile(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+[\d-]+)")

LEAST_KEY_LENGTH, LEAST_KEY_CHARACTERS = 50, 5
"""As Django's own check of deployments has it (security.W009)."""

BASE_DIR = Path(__file__).resolve().parents[2]

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    ),
}


def read_database(default: str) -> dict[str, Any]:
    """Read DATABASE_URL; SQLite gets the options that keep a commit durable.

    WAL with `synchronous=FULL` does not lose a committed hand-off in a power
    failure, and IMMEDIATE transactions wait for the lock instead of failing.
    """
    database: dict[str, Any] = env.db("DATABASE_URL", default=default)
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
    else:
        database.setdefault("CONN_MAX_AGE", 600)
        database["CONN_HEALTH_CHECKS"] = True
        # Values go apart from the statement: psycopg quotes long texts slowly itself.
        options = {"server_side_binding": True, **database.get("OPTIONS", {})}
        database["OPTIONS"] = options
    return database


def read_choice(name: str, choices: tuple[str, ...]) -> str:
    """Read a setting with few values. The first one is the default."""
    value = env.str(name, default=choices[0])
    if value not in choices:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; it must be one of: {', '.join(choices)}."
        )
    return str(value)


def read_number(name: str, *, default: int, most: int) -> int:
    """Read a whole number from 1 to `most`."""
    value: int = env.int(name, default=default)
    if not 1 <= value <= most:
        raise ImproperlyConfigured(f"{name} is {value}; it must be 1 to {most}.")
    return value


def read_rate(name: str) -> float:
    """Read a number of mails in a second; 0, the default, is no limit."""
    return _rate(name, env.str(name, default="0"))


def read_rates(name: str) -> dict[str, float]:
    """Read such numbers by domain, as in `gmail.com=20,outlook.com=5`."""
    rates: dict[str, float] = {}
    for entry in env.list(name, default=[]):
        domain, separator, rate = entry.strip().partition("=")
        if not separator or "." not in domain:
            raise ImproperlyConfigured(
                f"{name} holds {entry!r}; it must look like gmail.com=20,outlook.com=5"
            )
        rates[domain.strip().lower()] = _rate(name, rate)
    return {domain: rate for domain, rate in rates.items() if rate}


def _rate(name: str, text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= FASTEST or 0 < rate < SLOWEST:
        raise ImproperlyConfigured(
            f"{name} is {text!r}; a number of mails in a second is {SLOWEST} to "
            f"{FASTEST}, or 0 for no limit."
        )
    return rate


def read_zone(name: str, default: str) -> str:
    """Read a time zone by its IANA name."""
    zone = str(env.str(name, default=default))
    if zone not in available_timezones():
        raise ImproperlyConfigured(
            f"{name} is {zone!r}; it must be a time zone such as Europe/Berlin."
        )
    return zone


def read_addresses(name: str) -> list[str]:
    """Read e-mail addresses, separated by commas; none is allowed."""
    addresses = [address.strip() for address in env.list(name, default=[])]
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError as error:
            raise ImproperlyConfigured(
                f"{name} holds {address!r}, which is no e-mail address."
            ) from error
    return addresses


def read_ip_addresses(name: str) -> list[str]:
    """Read IP addresses, separated by commas; none is allowed."""
    addresses = [address.strip() for address in env.list(name, default=[])]
    for address in addresses:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} holds {address!r}, which is no IP address."
            ) from error
    return addresses


def read_networks(name: str) -> list[str]:
    """Read networks such as 10.0.0.0/8, separated by commas; none is allowed."""
    networks = [network.strip() for network in env.list(name, default=[])]
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} holds {network!r}, which is no network such as 10.0.0.0/8."
            ) from error
    return networks


def read_contact(name: str) -> str:
    """Read an address to which reports go, as RFC 9116 writes it; may be empty."""
    contact = str(env.str(name, default=""))
    if contact and not CONTACT.fullmatch(contact):
        raise ImproperlyConfigured(
            f"{name} is {contact!r}; it must look like mailto:security@example.org "
            "or https://example.org/security"
        )
    return contact


def read_secret_key() -> str:
    """Read SECRET_KEY, and refuse one that can be guessed."""
    key = str(env.str("SECRET_KEY"))
    is_short = len(key) < LEAST_KEY_LENGTH or len(set(key)) < LEAST_KEY_CHARACTERS
    if is_short or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"SECRET_KEY must be {LEAST_KEY_LENGTH} random characters or more: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return key


def read_site_url(default: str) -> str:
    """Read SITE_URL: scheme and host, without a path or a trailing slash."""
    site_url = str(env.str("SITE_URL", default=default)).rstrip("/")
    parts = urlsplit(site_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"SITE_URL is {site_url!r}; it must look like https://papers.example.org"
        )
    return site_url


def read_openid_connect() -> dict[str, Any]:
    """Read the host's OpenID Connect as allauth takes an app; {} where there is none.

    DIGEST_OIDC_ISSUER, DIGEST_OIDC_CLIENT_ID and DIGEST_OIDC_SECRET belong together;
    DIGEST_OIDC_NAME stands on the button. The issuer speaks https, but on loopback.
    """
    names = ("DIGEST_OIDC_ISSUER", "DIGEST_OIDC_CLIENT_ID", "DIGEST_OIDC_SECRET")
    issuer, client_id, secret = (env.str(name, default="") for name in names)
    if not (issuer or client_id or secret):
        return {}
    missing = [name for name in names if not env.str(name, default="")]
    if missing:
        raise ImproperlyConfigured(f"Set {', '.join(missing)}, or none of {names}.")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise ImproperlyConfigured(
            f"DIGEST_OIDC_ISSUER is {issuer!r}; it must start with https://"
        )
    return {
        "provider_id": "host",
        "name": env.str("DIGEST_OIDC_NAME", default=parts.hostname),
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/")},
    }


def read_mail(default: str) -> dict[str, Any]:
    """Choose how mail leaves, from EMAIL_PROVIDER or EMAIL_URL alone.

    EMAIL_PROVIDER names an anymail backend ("mailgun", "postmark", ...); its
    options are the variables that start with ANYMAIL_, named as anymail names
    them. Otherwise EMAIL_URL is smtp://, smtp+tls://, smtp+ssl:// or catcher://.
    """
    anymail = {
        name.removeprefix("ANYMAIL_"): value
        for name, value in os.environ.items()
        if name.startswith("ANYMAIL_")
    }
    provider = env.str("EMAIL_PROVIDER", default="")
    if provider:
        backend = f"anymail.backends.{provider}.EmailBackend"
        return {
            "EMAIL_BACKEND": backend,
            "EMAIL_PROVIDER": provider,
            "ANYMAIL": anymail,
        }
    url = env.str("EMAIL_URL", default=default)
    if url.startswith("catcher:"):
        return {
            "EMAIL_BACKEND": "digest.transports.catcher.EmailBackend",
            "EMAIL_PROVIDER": "",
            "MAIL_CATCHER_DIR": Path(urlsplit(url).path),
            "ANYMAIL": anymail,
        }
    if not url.startswith("smtp"):
        raise ImproperlyConfigured(
            f"EMAIL_URL is {url!r}; it must start with smtp, smtp+tls, smtp+ssl or "
            "catcher, or set EMAIL_PROVIDER to an anymail provider."
        )
    smtp = environ.Env.email_url_config(url)
    smtp["EMAIL_BACKEND"] = "digest.transports.smtp.EmailBackend"
    return {**smtp, "EMAIL_PROVIDER": "", "ANYMAIL": anymail}
