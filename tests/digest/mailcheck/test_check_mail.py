"""The command that checks saved messages."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.digest.mailcheck.messages import CONFIRMATION, DIGEST


def test_it_says_nothing_but_the_sum_of_good_messages(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(DIGEST.raw())
    (tmp_path / "b.eml").write_bytes(CONFIRMATION.raw())
    out = StringIO()

    call_command("check_mail", str(tmp_path), stdout=out)

    assert out.getvalue() == "2 messages, 0 violations, 0 warnings\n"


def test_it_prints_each_violation_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(DIGEST.plus_header("Cc: a@b.example").plus_header("X-A: b").raw())
    out = StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("check_mail", str(file), stdout=out)

    assert stopped.value.code == 1
    assert out.getvalue().splitlines() == [
        f"{file}: R3: a cc header",
        f"{file}: R10: warning: a header that we do not write: x-a",
        "1 messages, 1 violations, 1 warnings",
    ]


def test_it_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("check_mail", str(tmp_path / "none.eml"))
    with pytest.raises(CommandError, match=r"no \.eml file"):
        call_command("check_mail", str(tmp_path))
