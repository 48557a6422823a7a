"""What a source is called when nobody has named it yet."""

import pytest

from digest.pipeline.ingest.naming import SLUG_LENGTH, suggest_name, suggest_slug


def test_a_feed_without_a_title_is_named_after_its_host() -> None:
    address = "https://notes.example.org/feed"

    assert suggest_name("Field notes", address) == "Field notes"
    assert suggest_name("", address) == "notes.example.org"
    assert len(suggest_name("n" * 900, address)) <= 200


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("cs.AI updates on arXiv.org", "cs-ai-updates-on-arxiv-org"),
        ("Known", "known-3"),
        ("論文", "feed"),
        ("", "feed"),
    ],
)
def test_a_short_name_is_one_that_is_free(name: str, slug: str) -> None:
    assert suggest_slug(name, {"known", "known-2"}) == slug


def test_a_short_name_fits_its_column_with_its_number() -> None:
    taken = {suggest_slug("n" * 90, ())}

    assert len(suggest_slug("n" * 90, taken)) <= SLUG_LENGTH
