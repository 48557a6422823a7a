"""`make run`: everything on this computer, from an empty folder to a digest.

Prepares database, starter content and demo accounts, prints where to go, and puts
honcho in its place, which stops all processes together.
"""

import argparse
import os
import socket
import sys
from pathlib import Path

from django.core.management import call_command

BASE_DIR = Path(__file__).resolve().parents[1]
FIRST_WEB_PORT = 8000


def free_port(start: int) -> int:
    """First port from `start` on that nobody listens on (loopback)."""
    for port in range(start, start + 1000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port between {start} and {start + 999}.")


def prepare_environment() -> None:
    """Choose ports; what the environment already says stands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ.setdefault("VAR_DIR", str(BASE_DIR / "var"))
    os.environ.setdefault("WEB_PORT", str(free_port(FIRST_WEB_PORT)))
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{os.environ['WEB_PORT']}")
    os.environ.setdefault("REDIS_URL", f"redis://127.0.0.1:{free_port(16379)}/0")
    os.environ.setdefault("DIGEST_SWEEP_SECONDS", "5")
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]
    os.environ["PATH"] = os.pathsep.join(folders)


def main() -> None:
    """Set up, and start unless asked not to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", action="store_true", help="only prepare")
    only_setup = parser.parse_args().setup
    prepare_environment()
    if not only_setup:
        site = os.environ["SITE_URL"]
        sys.stdout.write(f"Subscribe, confirm, read: 60 seconds   {site}/\n")
        sys.stdout.flush()
    import django  # noqa: PLC0415  the environment had to come first

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_demo", quiet=only_setup)
    sys.stdout.flush()
    if only_setup:
        sys.stdout.write("Ready: `make run` starts it.\n")
    else:
        os.chdir(BASE_DIR)
        os.execvp("honcho", ["honcho", "-f", "Procfile.dev", "start"])  # noqa: S606


if __name__ == "__main__":
    main()
