"""A PostgreSQL server of a bench's or the tests' own: a fresh cluster on loopback."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

DEBIAN_PLACES = "/usr/lib/postgresql/*/bin/initdb"


def find_postgres() -> Path | None:
    """Folder with initdb and pg_ctl, or None where PostgreSQL is not installed."""
    candidates = sorted(Path("/").glob(DEBIAN_PLACES.removeprefix("/")))
    if candidates:
        return candidates[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PostgresServer:
    """Starts a cluster in a temporary folder; leaves nothing behind.

    Only a durable one waits for the disk at each commit, as in production.
    """

    def __init__(self, *, is_durable: bool = False) -> None:
        self._is_durable = is_durable

    def __enter__(self) -> Self:
        """Make the cluster and start it."""
        folder = find_postgres()
        if folder is None:
            raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
        self._bin = folder
        self._data = Path(tempfile.mkdtemp(prefix="paperboy-pg-"))
        self._port = free_port()
        if os.geteuid() == 0:
            shutil.chown(self._data, "postgres")
        self._run("initdb", "--username=paperboy", "--auth=trust", "--encoding=UTF8")
        options = (
            f"-p {self._port} -c listen_addresses=127.0.0.1 "
            f"-c unix_socket_directories={self._data}"
        )
        if not self._is_durable:
            options += " -c fsync=off"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self._data / "log"), "start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server and remove the cluster."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self._data)

    def restart(self) -> None:
        """End it as a crash does, and start it again."""
        log = str(self._data / "log")
        self._run("pg_ctl", "-w", "-m", "immediate", "-l", log, "restart")

    def make_read_only(self) -> None:
        """Refuse every write from now on, as a replica does; sessions stay."""
        setting = "ALTER SYSTEM SET default_transaction_read_only = on"
        psql = [str(self._bin / "psql"), self.url, "--quiet", "--command"]
        subprocess.run([*psql, setting], check=True)
        self._run("pg_ctl", "reload")

    @property
    def url(self) -> str:
        """Address for DATABASE_URL."""
        return f"postgres://paperboy@127.0.0.1:{self._port}/postgres"

    def _run(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; it refuses to work as root."""
        command = [str(self._bin / name), "-D", str(self._data), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
