"""Ports, environment and processes of the story: the service as one would run it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2

from digest.bench.story.processes import Processes, free_port, wait_for_page

SENDING_DOMAIN = "papers.example.org"
WEBHOOK_SECRET = "story:only-on-loopback"  # noqa: S105  it guards a stub


@dataclass(frozen=True)
class Stage:
    """Where everything runs. `environment` holds for all processes."""

    folder: Path
    web_port: int
    mail_port: int
    broker_port: int
    by_provider: bool

    @property
    def site_url(self) -> str:
        """Address of the site."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def log_path(self) -> Path:
        """What the processes print."""
        return self.folder / "log"

    @property
    def environment(self) -> dict[str, str]:
        """Settings by environment alone, as in production."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/story.sqlite3",
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "SITE_URL": self.site_url,
            "DIGEST_FROM": f"Paperboy <papers@{SENDING_DOMAIN}>",
            "DIGEST_SWEEP_SECONDS": "2",
            **self._mail_environment(),
        }

    def _mail_environment(self) -> dict[str, str]:
        if not self.by_provider:
            return {"EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}"}
        return {
            "EMAIL_PROVIDER": "postmark",
            "ANYMAIL_POSTMARK_SERVER_TOKEN": "story",
            "ANYMAIL_POSTMARK_API_URL": f"http://127.0.0.1:{self.mail_port}/",
            "ANYMAIL_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def open(self, processes: Processes, clock: datetime | Path) -> None:
        """Start broker, web, worker and beat, with their clocks at that time."""
        schedule = self.folder / "beat-schedule"
        schedule.unlink(missing_ok=True)
        processes.start("config.broker")
        processes.start(
            *("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.web_port}"),
            *("--threads", "4", "--no-control-socket"),
            clock=clock,
        )
        processes.start(
            *("celery", "-A", "config", "worker", "--queues", "digest,transactional"),
            *("--concurrency", "2", "--loglevel", "WARNING"),
            clock=clock,
        )
        processes.start(
            *("celery", "-A", "config", "beat", "--loglevel", "WARNING", "--pidfile="),
            f"--schedule={schedule}",
            clock=clock,
        )
        wait_for_page(self.site_url)

    def client(self) -> httpx2.Client:
        """What fetches the site's pages and keeps cookies."""
        return httpx2.Client(
            base_url=self.site_url, follow_redirects=True, trust_env=False, timeout=30
        )


def set_stage(folder: Path, *, by_provider: bool) -> Stage:
    """Choose free ports; nothing is started yet."""
    return Stage(folder, free_port(), free_port(), free_port(), by_provider)
