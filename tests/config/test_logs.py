"""A log never holds what opens something, nor whom it is about."""

import json
import logging
import os
import subprocess
import sys
import time

import pytest

from config.logs import Json, Plain, mask
from tests.deploy_check import PRODUCTION


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("Bad Request: /u/daDUmn_3-x", "Bad Request: /u/…"),
        ("Not Found: /m/abc/", "Not Found: /m/…/"),
        ("GET /confirm/abc/?next=1", "GET /confirm/…/?next=1"),
        ("Not Found: /f/abc/17/save", "Not Found: /f/…/17/save"),
        ("Not Found: /list/abc/export.bib", "Not Found: /list/…/export.bib"),
        ("GET /account/address/abc/", "GET /account/address/…/"),
        ("Not Found: /paper/2604.15332/", "Not Found: /paper/2604.15332/"),
        ("550 <ada@example.org>: no such user", "550 <…@…>: no such user"),
        ("Key (email)=(Ada.B+x@sub.example.org) exists", "Key (email)=(…@…) exists"),
        ("GET /?email=ada%40example.org", "GET /?email=…@…"),
        ("to ädä@münchen.example, later", "to …@…, later"),
        ("redis://:secret@cache.example.org:6379", "redis://:…@…:6379"),
        ("digest@worker1 ready", "digest@worker1 ready"),
        ("no mailbox ada@example.org.", "no mailbox …@…."),
        ("ada@old@example.org is none", "…@… is none"),
    ],
)
def test_it_masks_tokens_and_addresses(line: str, masked: str) -> None:
    record = logging.LogRecord("web", logging.WARNING, "", 0, "%s", (line,), None)

    assert mask(line) == masked
    assert json.loads(Json().format(record))["message"] == masked
    assert Plain("%(message)s").format(record) == masked


@pytest.mark.parametrize("piece", ["a", "a%40", "a@", "@", "a.", "/u/", "a%40b.", "'"])
def test_no_stranger_makes_masking_slow(piece: str) -> None:
    """A host of 8 kB once took four minutes, and its worker with it."""
    started = time.process_time()

    mask(piece * 20_000)
    mask("x@" + piece * 20_000)

    assert time.process_time() - started < 1


def test_a_line_from_outside_feigns_no_other() -> None:
    text = 'x\n{"level": "ERROR", "message": "feigned"}\x1b[31m\u2028'
    record = logging.LogRecord("web", logging.INFO, "", 0, text, (), None)

    line = Json().format(record)

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == text


def log(**environment: str) -> str:
    """What production writes of an error that names an address."""
    code = (
        "import django, logging; django.setup()\n"
        "try:\n    raise ValueError('No mailbox: ada@example.org')\n"
        "except ValueError:\n"
        "    logging.getLogger('digest.x').exception('Mail to %s', 'bob@example.org')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_production_logs_objects_without_addresses() -> None:
    [line] = log().splitlines()

    found = json.loads(line)
    assert found["level"] == "ERROR"
    assert found["logger"] == "digest.x"
    assert found["at"].endswith("+00:00")
    assert found["message"] == "Mail to …@…"
    assert "ValueError: No mailbox: …@…" in found["exception"]
    assert "example.org" not in line


def test_people_may_have_plain_lines_without_addresses() -> None:
    text = log(DIGEST_LOG_FORMAT="plain")

    assert "ERROR digest.x: Mail to …@…" in text
    assert "ValueError: No mailbox: …@…" in text
    assert "example.org" not in text
