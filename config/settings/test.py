"""Tests: SQLite or the DATABASE_URL given, mail in memory, tasks run at once."""

from tempfile import gettempdir

from config.settings.base import *
from config.settings.environment import read_database

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105  tests keep no secrets
SITE_URL = "https://papers.example.org"
ALLOWED_HOSTS = ["papers.example.org", "testserver", "127.0.0.1", "localhost"]
DATABASES = {
    "default": read_database(f"sqlite:///{gettempdir()}/paperboy-test.sqlite3")
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_PROVIDER = ""
ANYMAIL: dict[str, object] = {"WEBHOOK_SECRET": "only:for-tests"}
DIGEST_FROM = "Paperboy <papers@papers.example.org>"
DIGEST_POSTAL_ADDRESS = "Example Institute, 1 Example Street, Example Town"
DIGEST_STAFF_SECOND_FACTOR = False
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Static files are served from the apps; nothing is collected for tests.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests build the models that they need.
DIGEST_MODEL_DIR = ""

# The servers of the tests are their own.
DIGEST_ARXIV_INTERVAL_SECONDS = 0
