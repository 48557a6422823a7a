"""What the product is compared with: each sends so many mails, and takes so long."""

import smtplib
import subprocess
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from django.core.mail import EmailMultiAlternatives, get_connection

from digest.bench.alone import BenchError
from digest.bench.delivery.programs import find_program
from digest.bench.delivery.sample import Sample
from digest.bench.plain import SENDER, compose
from digest.bench.rows import PaperList

SESSIONS = 16
_RECIPIENT = "reader@readers.example.org"


def run_smtp_source(
    host: str, port: int, sample: Sample, messages: int, folder: Path
) -> float:
    """The wire's limit: Postfix's own generator, over sessions that it keeps."""
    path = folder / "mail.eml"
    # It puts CR LF after each line itself.
    path.write_bytes(sample.usual.replace(b"\r\n", b"\n"))
    command = [find_program("smtp-source"), "-d", "-s", str(SESSIONS)]
    command += ["-m", str(messages), "-F", str(path), f"{host}:{port}"]
    start = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchError(f"smtp-source: {done.stderr.strip()}")
    return time.perf_counter() - start


def run_smtplib(host: str, port: int, sample: Sample, messages: int) -> float:
    """Python's own client, which is given the bytes."""
    start = time.perf_counter()
    with smtplib.SMTP(host, port) as client:
        for mail in islice(cycle(sample.mails), messages):
            client.sendmail(SENDER, [_RECIPIENT], mail)
    return time.perf_counter() - start


def run_django(
    host: str, port: int, lists: Sequence[PaperList], messages: int
) -> float:
    """What a plain Django project does; the papers have been read before."""
    backend = "django.core.mail.backends.smtp.EmailBackend"
    start = time.perf_counter()
    with get_connection(backend, host=host, port=port) as connection:
        for listed in islice(cycle(lists), messages):
            compose_plainly(listed, connection).send()
    return time.perf_counter() - start


def compose_plainly(
    listed: PaperList, connection: object = None
) -> EmailMultiAlternatives:
    """Render both parts for this reader alone."""
    entries = [
        (paper, listed.topic_of(place)) for place, paper in enumerate(listed.papers)
    ]
    return compose(entries, listed.topics, _RECIPIENT, connection)
