"""The Dockerfiles, by the rules that a linter would hold them to."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, ROOT, VARIABLE, documented, read_procfile

INSTRUCTIONS = {"CMD", "COPY", "ENV", "EXPOSE", "FROM", "RUN", "USER", "WORKDIR"}
"""Those that we use; of ADD and others there is no need."""

FILES = {DEPLOY / "Dockerfile": ROOT, DEPLOY / "relay" / "Dockerfile": DEPLOY / "relay"}
"""Each with the folder that its build sees."""


def read(path: Path) -> list[tuple[str, str]]:
    """Instructions with their arguments, comments and line ends taken out."""
    lines = [line for line in path.read_text().splitlines() if line[:1] != "#"]
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    pairs = (line.split(None, 1) for line in whole.splitlines() if line.strip())
    return [(name, " ".join(arguments.split())) for name, arguments in pairs]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_it_is_well_formed_and_pinned(path: Path) -> None:
    said = read(path)

    assert {name for name, _ in said} <= INSTRUCTIONS
    images = [arguments.split()[0] for name, arguments in said if name == "FROM"]
    assert all(":" in image and not image.endswith(":latest") for image in images)
    commands = [arguments for name, arguments in said if name == "CMD"]
    assert [isinstance(json.loads(command), list) for command in commands] == [True]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_it_installs_nothing_unasked_for_and_leaves_no_lists(path: Path) -> None:
    for name, arguments in read(path):
        if name == "RUN" and "apt-get install" in arguments:
            assert "apt-get update" in arguments
            assert "--no-install-recommends" in arguments
            assert "rm -rf /var/lib/apt/lists/*" in arguments
        if name == "RUN" and "pip install" in arguments:
            assert "--require-hashes" in arguments


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_what_it_copies_is_there_and_let_into_the_build(path: Path) -> None:
    context = FILES[path]
    ignore = context / ".dockerignore"
    rules = ignore.read_text().splitlines() if ignore.exists() else []
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    for name, arguments in read(path):
        if name != "COPY" or arguments.startswith("--from"):
            continue
        for source in arguments.split()[:-1]:
            assert (context / source).exists(), source
            assert not rules or any(fnmatch(source, rule) for rule in let_in), source


def test_the_service_runs_as_nobody_in_particular() -> None:
    users = [
        arguments for name, arguments in read(DEPLOY / "Dockerfile") if name == "USER"
    ]

    assert len(users) == 1
    assert all(int(part) > 0 for part in users[0].split(":"))


def test_the_image_starts_the_pages_as_the_procfile_does() -> None:
    said = dict(read(DEPLOY / "Dockerfile"))
    web = VARIABLE.sub(lambda found: found[2], read_procfile()["web"])

    assert json.loads(said["CMD"]) == web.split()


def test_the_image_that_is_kept_holds_no_secret_and_only_known_variables() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    last = text[text.rindex("\nFROM ") :]
    assert "SECRET_KEY" not in last

    env = re.search(r"\nENV ((?:.*\\\n)*.*)", last)
    assert env
    names = set(re.findall(r"(\w+)=", env[1]))
    assert (
        names - {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"} <= documented()
    )


def test_nothing_that_lies_about_gets_into_the_build() -> None:
    rules = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in rules
    for name in (".git", "var", ".env", "deploy/.env", "deploy/paperboy.env", "tests"):
        assert f"!{name}" not in rules
