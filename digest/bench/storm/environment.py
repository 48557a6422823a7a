"""What all processes of a storm are told: settings by environment, as in production."""

from dataclasses import dataclass, field
from pathlib import Path

from digest.bench.story.processes import free_port

WEBHOOK_SECRET = "storm:only-on-loopback"  # noqa: S105  it guards a stub


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, loopback ports, and whether mails go by a provider's interface."""

    folder: Path
    database_url: str
    by_provider: bool
    broker_port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)

    @property
    def log_path(self) -> Path:
        """What the processes print."""
        return self.folder / "log"

    @property
    def report_url(self) -> str:
        """Where the provider reports."""
        return f"http://127.0.0.1:{self.web_port}/anymail/postmark/tracking/"

    @property
    def environment(self) -> dict[str, str]:
        """For every process."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.storm",
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "storm",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "SITE_URL": "https://papers.example.org",
            "DIGEST_FROM": "Paperboy <papers@papers.example.org>",
            **self._mail_environment(),
        }

    def _mail_environment(self) -> dict[str, str]:
        if not self.by_provider:
            return {"EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}"}
        return {
            "EMAIL_PROVIDER": "postmark",
            "ANYMAIL_POSTMARK_SERVER_TOKEN": "storm",
            "ANYMAIL_POSTMARK_API_URL": f"http://127.0.0.1:{self.mail_port}/",
            "ANYMAIL_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }
