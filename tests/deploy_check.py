"""`make check`, last part: production settings stand up to `check --deploy`."""

import os
import subprocess
import sys

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ",
    "SITE_URL": "https://papers.example.org",
    "DATABASE_URL": "postgres://paperboy@127.0.0.1/paperboy",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "DIGEST_FROM": "Paperboy <papers@papers.example.org>",
    "DIGEST_POSTAL_ADDRESS": "Example Institute, 1 Example Street, Example Town",
}


def main() -> int:
    """Run Django's own checks as the documentation says production is set up."""
    manage = [sys.executable, "manage.py"]
    deploy = subprocess.run(
        [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, **PRODUCTION},
        check=False,
    )
    migrations = subprocess.run(
        [*manage, "makemigrations", "--check", "--dry-run"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        check=False,
    )
    return deploy.returncode or migrations.returncode


if __name__ == "__main__":
    sys.exit(main())
