"""`manage.py ingest`: what it takes in, what it says, and how it fails."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from digest.models import Match, Paper
from tests.digest.pipeline.documents import Daily, Listed, hf, rss
from tests.digest.sources.servers import serving
from tests.factories import make_source, make_topic

pytestmark = pytest.mark.django_db

YESTERDAY = (timezone.now() - timedelta(days=1)).date()
A, B = "2604.00001", "2604.00002"

Save = Callable[[str, bytes], str]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a file as received; its path."""

    def write(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def run(*arguments: str) -> tuple[list[str], str, int]:
    """Lines of output, errors, and the exit code."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("ingest", *arguments, stdout=out, stderr=err)
    except SystemExit as exit_:
        code = int(str(exit_.code))
    return out.getvalue().splitlines(), err.getvalue(), code


def test_it_takes_files_in_and_sums_up_in_its_last_line(save: Save) -> None:
    make_source("arxiv-lg")
    make_topic(query="title:feeds")
    path = save("monday.xml", rss(YESTERDAY, Listed(A), Listed(B)))

    lines, errors, code = run("arxiv-lg", "--file", path, "--file", path)

    assert lines == [
        "monday.xml: 2 entries, 2 new papers",
        "monday.xml: 2 entries, 0 new papers",
        "4 entries, 2 new papers, 0 changed, 2 matches, 0 failed.",
    ]
    assert (errors, code) == ("", 0)
    assert Match.objects.count() == 2


def test_it_counts_a_paper_that_was_known_as_changed(save: Save) -> None:
    make_source("arxiv-lg")
    make_source("hf", kind="hf_daily")
    run("arxiv-lg", "--file", save("a.xml", rss(YESTERDAY, Listed(A))))

    lines, _, _ = run(
        "hf", "--file", save("a.json", hf(YESTERDAY, Daily(A, upvotes=3)))
    )

    assert lines[-1] == "1 entries, 0 new papers, 1 changed, 0 matches, 0 failed."


def test_it_lets_a_broken_file_fail_alone(save: Save, tmp_path: Path) -> None:
    make_source("arxiv-lg")
    files = [
        save("broken.xml", b"<html>no feed</html>"),
        str(tmp_path / "absent.xml"),
        save("good.xml", rss(YESTERDAY, Listed(A))),
    ]

    lines, errors, code = run("arxiv-lg", *(f"--file={path}" for path in files))

    assert code == 1
    assert "broken.xml" in errors
    assert "absent.xml" in errors
    assert lines[-1] == "1 entries, 1 new papers, 0 changed, 0 matches, 2 failed."
    assert Paper.objects.get().arxiv_id == A


def test_it_names_the_sources_there_are_when_asked_for_another() -> None:
    make_source("arxiv-lg")
    make_source("arxiv-ro")
    make_source("closed", is_active=False)

    with pytest.raises(CommandError) as refused:
        run("arxiv-xx", "arxiv-lg")

    text = str(refused.value)
    assert "arxiv-xx" in text
    assert "arxiv-lg, arxiv-ro" in text
    assert "closed" not in text


@pytest.mark.parametrize("sources", [[], ["arxiv-lg", "arxiv-ro"]])
def test_it_asks_which_source_a_file_is_from(sources: list[str], save: Save) -> None:
    make_source("arxiv-lg")
    make_source("arxiv-ro")

    with pytest.raises(CommandError, match="name the one SOURCE"):
        run(*sources, "--file", save("a.xml", rss(YESTERDAY, Listed(A))))

    assert not Paper.objects.exists()


def test_it_asks_the_network_at_once_even_where_nothing_is_due(settings: Any) -> None:
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    feed = rss(YESTERDAY, Listed(A))
    with serving({"/good": (200, {}, feed), "/bad": (500, {}, b"")}) as server:
        make_source("good", address=f"{server.url}/good")
        make_source("bad", address=f"{server.url}/bad")

        lines, errors, code = run()

    assert lines == [
        "bad: 0 entries, 0 new papers",
        "good: 1 entries, 1 new papers",
        "1 entries, 1 new papers, 0 changed, 0 matches, 1 failed.",
    ]
    assert errors.startswith("bad: 127.0.0.1 answered 500")
    assert code == 1


def test_it_fills_in_the_days_from_one_on(settings: Any) -> None:
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    days = [timezone.now().date() - timedelta(days=ago) for ago in (2, 1, 0)]
    answers: Any = {
        f"/lists?date={day}": (200, {}, hf(day, Daily(f"2604.0000{number}")))
        for number, day in enumerate(days)
    }
    with serving(answers) as server:
        make_source(
            "hf",
            kind="hf_daily",
            address=f"{server.url}/lists",
            last_succeeded_at=timezone.now(),
        )
        lines, errors, code = run("hf", "--since", str(days[0]))

        assert [path for path, _headers in server.asked] == list(answers)

    assert (errors, code) == ("", 0)
    assert lines[-1] == "3 entries, 3 new papers, 0 changed, 0 matches, 0 failed."
    listed = Paper.objects.order_by("arxiv_id").values_list("announced_on", flat=True)
    assert list(listed) == days


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (-2, "is still to come"),
        (61, "is 61 days ago; at most 60 days"),
        (None, "no day"),
    ],
)
def test_it_refuses_a_day_that_cannot_be_filled_in(ago: int | None, words: str) -> None:
    source = make_source("hf", kind="hf_daily")
    day = timezone.now().date() - timedelta(days=ago or 0)

    with pytest.raises(CommandError, match=words):
        run("hf", "--since", "last week" if ago is None else str(day))

    source.refresh_from_db()
    assert source.last_tried_at is None


def test_it_fills_in_from_the_network_alone(save: Save) -> None:
    make_source("hf", kind="hf_daily")

    with pytest.raises(CommandError, match="--file does not"):
        run("hf", "--since", str(YESTERDAY), "--file", save("a.json", b"[]"))
