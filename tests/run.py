"""`make test`: the tests on SQLite, then those of the database on PostgreSQL.

What this computer lacks is not passed over in silence: the tests that need it are
reported as skipped, by name, with what to install. The last line sums up both runs.
"""

import os
import re
import subprocess
import sys
from collections import Counter

from digest.bench.postgres import PostgresServer, find_postgres

RESULT = re.compile(r"(\d+) (passed|failed|skipped|error)")


def run_pytest(label: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest, showing its output; count its results; return its exit code."""
    print(f"\n== {label}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", *arguments, *sys.argv[1:]]
    last = ""
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last = line if RESULT.search(line) else last
    for count, word in RESULT.findall(last):
        TOTALS[word] += int(count)
    return process.returncode


TOTALS: Counter[str] = Counter()


def main() -> int:
    """Run both parts; 0 only if nothing failed."""
    workers = ["-n", "2"]
    codes = [
        run_pytest("SQLite: all but the queue", ["-m", "not queue", *workers], {}),
        run_pytest("SQLite: the queue, one test at a time", ["-m", "queue"], {}),
    ]
    database = ["-m", "django_db and not browser and not java and not queue"]
    if find_postgres() is None:
        environment = {"PAPERBOY_MISSING": "PostgreSQL: apt-get install postgresql"}
        codes.append(run_pytest("PostgreSQL", [*database, "-v"], environment))
    else:
        with PostgresServer() as server:
            environment = {"DATABASE_URL": server.url}
            codes.append(run_pytest("PostgreSQL", [*database, *workers], environment))
    broken = [code for code in codes if code not in (0, NO_TESTS)]
    # A run that was killed has counted nothing; it must not pass for a clean one.
    failed = max(TOTALS["failed"] + TOTALS["error"], len(broken))
    print(f"\n{TOTALS['passed']} passed, {failed} failed, {TOTALS['skipped']} skipped")
    return 1 if broken or not TOTALS["passed"] else 0


NO_TESTS = 5

if __name__ == "__main__":
    sys.exit(main())
