"""What the development catcher keeps, lists and hands out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from digest.transports import Outcome, open_transport
from digest.transports.catcher import catch, list_caught, read_caught
from tests.digest.transports.conftest import RAW, HandOff, make_message, send_one


@pytest.fixture
def directory(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "digest.transports.catcher.EmailBackend"
    settings.MAIL_CATCHER_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def test_it_catches_the_frozen_bytes(directory: Path, hand_off: HandOff) -> None:
    with open_transport() as transport:
        verdict = send_one(transport, make_message(), RAW, hand_off)

    assert verdict.outcome is Outcome.ACCEPTED
    assert read_caught(directory, verdict.provider_id) == RAW
    assert len(hand_off.seen) == 1


def test_a_refused_hand_off_catches_nothing(directory: Path) -> None:
    with open_transport() as transport:
        verdict = send_one(transport, make_message(), RAW, HandOff(answer=False))

    assert verdict.outcome is Outcome.ABORTED
    assert list_caught(directory) == []


def test_a_message_to_nobody_catches_nothing(
    directory: Path, hand_off: HandOff
) -> None:
    with open_transport() as transport:
        verdict = send_one(transport, make_message("nobody"), RAW, hand_off)

    assert verdict.outcome is Outcome.PERMANENT
    assert hand_off.seen == []


def test_a_directory_that_cannot_be_written_is_temporary(
    directory: Path, hand_off: HandOff
) -> None:
    directory.write_text("a file stands in the way")
    with open_transport() as transport:
        verdict = send_one(transport, make_message(), RAW, hand_off)

    assert verdict.outcome is Outcome.TEMPORARY


def test_it_takes_every_other_mail_of_the_site(directory: Path) -> None:
    count = mail.get_connection().send_messages([make_message(), make_message()])

    assert count == 2
    assert [caught.to for caught in list_caught(directory)] == [
        "reader@example.net",
        "reader@example.net",
    ]


def test_the_list_is_newest_first_and_describes_each_message(directory: Path) -> None:
    before = datetime.now(UTC)
    first = catch(directory, RAW)
    second = catch(directory, RAW.replace(b"Today", b"=?utf-8?q?Erd=C5=91s?="))

    newest, oldest = list_caught(directory)

    assert (newest.name, newest.subject) == (second, "Erdős")
    assert (oldest.name, oldest.subject) == (first, "Today")
    assert oldest.to == "reader@example.net"
    assert oldest.size == len(RAW)
    assert timedelta(0) <= oldest.date - before < timedelta(minutes=1)


def test_a_message_without_headers_is_still_listed(directory: Path) -> None:
    catch(directory, b"\r\n")

    assert [caught.subject for caught in list_caught(directory)] == [""]


def test_other_files_are_neither_listed_nor_read(directory: Path) -> None:
    catch(directory, RAW)
    for name in ("notes.txt", "20261121T120000000000Z-0badcafe.eml.part"):
        (directory / name).write_text("not a message")

    assert len(list_caught(directory)) == 1
    assert len(list(directory.iterdir())) == 3


def test_an_absent_directory_holds_nothing(directory: Path) -> None:
    assert list_caught(directory) == []


@pytest.mark.parametrize(
    "name",
    [
        "../secret.eml",
        "/etc/passwd",
        "",
        "notes.txt",
        "20261121T120000000000Z-0badcafe.eml/../../secret.eml",
        "20261121T120000000000Z-0badcafe.eml\n",
        "20261121T120000000000Z-0badcafe.eml",
    ],
)
def test_only_a_caught_message_can_be_read(directory: Path, name: str) -> None:
    catch(directory, RAW)
    (directory.parent / "secret.eml").write_text("secret")

    with pytest.raises(FileNotFoundError):
        read_caught(directory, name)


def test_a_name_that_only_begins_like_a_caught_message_is_not_read(
    directory: Path,
) -> None:
    name = catch(directory, RAW)
    (directory / f"{name}.backup").write_text("secret")

    with pytest.raises(FileNotFoundError):
        read_caught(directory, f"{name}.backup")


def test_a_catcher_without_a_directory_is_a_mistake_of_the_set_up(
    directory: Path, settings: Any
) -> None:
    settings.MAIL_CATCHER_DIR = None

    with pytest.raises(ImproperlyConfigured, match="MAIL_CATCHER_DIR"):
        open_transport()
