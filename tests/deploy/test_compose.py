"""deploy/compose.yaml, as `docker compose config` would look at it, and further."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.deploy.files import (
    DEPLOY,
    ROOT,
    VARIABLE,
    documented,
    read_procfile,
    read_variables,
)

TEXT = (DEPLOY / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("release", "web", "worker", "transactional", "beat")

# What the Compose Specification knows, of what a service may say.
TOP_LEVEL = {"name", "services", "networks", "volumes", "secrets", "configs"}
OF_A_SERVICE = {
    *("build", "cap_add", "cap_drop", "command", "configs", "depends_on", "deploy"),
    *("entrypoint", "env_file", "environment", "expose", "healthcheck", "hostname"),
    *("image", "init", "labels", "logging", "networks", "ports", "read_only"),
    *("restart", "secrets", "security_opt", "shm_size", "stop_grace_period"),
    *("stop_signal", "sysctls", "tmpfs", "ulimits", "user", "volumes", "working_dir"),
}
OF_A_CHECK = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {
    "service_started",
    "service_healthy",
    "service_completed_successfully",
}
RESTARTS = {"no", "always", "on-failure", "unless-stopped"}
DURATION = re.compile(r"(\d+(ms|s|m|h))+")


def test_it_says_only_what_compose_knows() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} <= TOP_LEVEL
    for name, service in SERVICES.items():
        assert set(service) <= OF_A_SERVICE, name
        assert "image" in service or "build" in service, name
        assert service["restart"] in RESTARTS, name
        for duration in [service.get("stop_grace_period", "1s")]:
            assert DURATION.fullmatch(duration), name


def test_it_has_every_process_of_the_procfile_with_the_same_command() -> None:
    procfile = read_procfile()

    assert set(OURS) == set(procfile)
    for name, command in procfile.items():
        assert SERVICES[name]["command"] == command, name


def test_it_brings_database_broker_and_relay() -> None:
    assert set(SERVICES) == {*OURS, "db", "redis", "relay"}
    assert "--requirepass" in SERVICES["redis"]["command"]
    assert "--appendonly yes" in SERVICES["redis"]["command"]
    assert "noeviction" in SERVICES["redis"]["command"]


def test_what_stays_up_is_looked_at_and_what_it_needs_comes_first() -> None:
    for name, service in SERVICES.items():
        check = service.get("healthcheck", {})
        assert set(check) <= OF_A_CHECK, name
        assert bool(check) == (name != "release"), name
        if check:
            assert check["test"][0] in {"CMD", "CMD-SHELL"}, name
            assert DURATION.fullmatch(check["interval"]), name
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES, name
            assert how["condition"] in CONDITIONS, name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed], (name, needed)
    for name in OURS[1:]:
        how = SERVICES[name]["depends_on"]["release"]["condition"]
        assert how == "service_completed_successfully", name


def test_networks_and_volumes_are_declared_and_the_inner_ones_closed() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in COMPOSE["volumes"], name
    assert COMPOSE["networks"]["inner"] == {"internal": True}
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inner"]


def test_only_the_pages_can_be_reached_and_from_this_machine_alone() -> None:
    ports = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}

    assert set(ports) == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])


@pytest.mark.parametrize("name", OURS)
def test_our_processes_run_without_rights_on_a_root_that_cannot_be_written(
    name: str,
) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["user"].partition(":")[0]) > 0


def test_every_variable_is_documented_and_has_a_default_or_a_place() -> None:
    settings = set(read_variables(DEPLOY / "paperboy.env.example"))
    set_by_hand = read_variables(DEPLOY / "env.example")
    inside = {key for name in OURS for key in SERVICES[name].get("environment", {})}

    known = documented()
    assert settings | set(set_by_hand) | inside <= known
    for name, default in VARIABLE.findall(TEXT):
        assert name in known, name
        assert default or name in set_by_hand, name


def test_what_production_needs_is_in_the_examples_or_set_by_compose() -> None:
    given = set(read_variables(DEPLOY / "paperboy.env.example"))
    given |= set(SERVICES["web"]["environment"])
    section = (ROOT / "docs" / "environment.md").read_text().split("\n## ")[1]
    needed = set(re.findall(r"`([A-Z_]+)`", section)) - {"EMAIL_PROVIDER"}

    assert needed <= given


def test_every_program_that_it_calls_exists() -> None:
    programs = {"gunicorn", "celery"}
    for name in OURS:
        words = shlex.split(SERVICES[name]["command"])
        if words[0] == "python":
            assert words[1] == "manage.py"
            assert words[2] in get_commands(), words
        else:
            assert words[0] in programs, words
    for name in ("web", "beat"):
        assert (ROOT / SERVICES[name]["healthcheck"]["test"][2]).is_file()
    assert (DEPLOY / SERVICES["relay"]["build"]["context"] / "Dockerfile").is_file()
