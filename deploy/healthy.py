"""Whether a container's process lives: `healthy.py web` or `healthy.py beat`.

Exit code 0 or 1, for the health checks of compose.yaml. Nothing but the standard
library: it runs every half minute.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

BEAT_SECONDS = 600
"""Beat writes its schedule down every three minutes."""


def is_web_alive() -> bool:
    """Ask the web process as the proxy in front of it would."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz/live",
        headers={
            "Host": urlsplit(os.environ["SITE_URL"]).netloc,
            "X-Forwarded-Proto": "https",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)  # noqa: PLR2004  HTTP's OK
    except (urllib.error.URLError, OSError):
        return False


def is_beat_alive() -> bool:
    """Look how old beat's own notes are."""
    folder = Path(os.environ.get("VAR_DIR", "/tmp"))  # noqa: S108  as the Procfile
    written = [path.stat().st_mtime for path in folder.glob("beat-schedule*")]
    return bool(written) and time.time() - max(written) < BEAT_SECONDS


CHECKS = {"web": is_web_alive, "beat": is_beat_alive}

if __name__ == "__main__":
    sys.exit(not CHECKS[sys.argv[1]]())
