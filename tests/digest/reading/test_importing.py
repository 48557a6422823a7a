"""A file teaches a topic: papers that are known here, and the words of the others."""

from typing import Any

import pytest

from digest.imports import read_library
from digest.models import PaperKey
from digest.reading.importing import join_wishes, teach
from digest.reading.subscriptions import MOST_EXAMPLES
from tests.digest.imports.libraries import BIBTEX, CSL, RIS
from tests.digest.views.steps import all_rows
from tests.factories import hide_paper, make_paper

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", [BIBTEX, RIS, CSL])
def test_known_papers_become_examples_by_id_and_by_doi(text: str) -> None:
    attention = make_paper("Attention", canonical_id="arxiv:1706.03762")
    robots = make_paper("Robots")
    PaperKey.objects.create(paper=robots, key="doi:10.1000/xyz.1")
    before = all_rows()

    taught = teach(text.encode())

    assert set(taught.examples) == {attention, robots}
    assert (taught.total, taught.known) == (3, 2)
    assert taught.wish == "Soft grasping of fruit"
    assert all_rows() == before


def test_a_paper_is_known_by_title_and_author() -> None:
    text = b"@a{k, title={Deep learning for very soft robots}, author={Doe, Jane}}"
    paper = make_paper("Deep learning for very soft robots")
    (key,) = read_library(text).papers[0].keys
    PaperKey.objects.create(paper=paper, key=key)

    assert teach(text).examples == (paper,)


def test_a_merged_paper_stands_for_its_work_and_a_hidden_one_for_nothing() -> None:
    kept = make_paper("Kept")
    make_paper("Attention", canonical_id="arxiv:1706.03762", merged_into=kept)
    hide_paper(make_paper("Hidden", canonical_id="arxiv:2101.00001"))

    taught = teach(BIBTEX.encode())

    assert taught.examples == (kept,)
    assert taught.known == 1


def test_unknown_papers_teach_by_what_they_share() -> None:
    entries = "".join(
        f"@a{{k{n}, title={{Quantum error number {n}}}, "
        f"abstract={{We study surface codes under noise {n}.}}}}\n"
        for n in range(4)
    )

    taught = teach(entries.encode())

    assert taught.examples == ()
    assert {"quantum error", "surface codes"} <= set(taught.wish.splitlines())


def test_more_papers_than_a_topic_holds_are_cut() -> None:
    entries = ""
    for number in range(MOST_EXAMPLES + 5):
        make_paper(canonical_id=f"arxiv:2101.{number:05}")
        entries += f"@a{{k{number}, title={{T}}, eprint={{2101.{number:05}}}}}\n"

    taught = teach(entries.encode())

    assert taught.known == MOST_EXAMPLES + 5
    assert len(taught.examples) == MOST_EXAMPLES


def test_a_large_file_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    entries = "".join(
        f"@a{{k{n}, title={{T}}, eprint={{2101.{n:05}}}}}\n" for n in range(2000)
    )
    with django_assert_max_num_queries(20):
        teach(entries.encode())


def test_wishes_are_joined_as_far_as_they_fit() -> None:
    assert join_wishes("soft robots\n", "", "grasping\nsoft robots") == (
        "soft robots\ngrasping"
    )
    assert join_wishes("x" * 1990, "y" * 20) == "x" * 1990
