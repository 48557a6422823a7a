"""Bare id and version, in every dress they come in."""

import pytest

from digest.sources import arxiv_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2604.15332", ("2604.15332", 0)),
        ("oai:arXiv.org:2203.01250v3", ("2203.01250", 3)),
        ("oai:arXiv.org:hep-th/9901001v12", ("hep-th/9901001", 12)),
        ("http://arxiv.org/abs/0704.0001v2", ("0704.0001", 2)),
        ("https://www.arxiv.org/pdf/2604.15332v1.pdf", ("2604.15332", 1)),
        ("https://arxiv.org/abs/math.GT/0309136", ("math/0309136", 0)),
        ("arXiv:2604.15332", ("2604.15332", 0)),
        ("https://doi.org/10.48550/arXiv.2604.15332", ("2604.15332", 0)),
        ("2613.15332", ("", 0)),
        ("10.1101/2604.15332", ("", 0)),
        ("https://example.org/abs/2604.15332", ("", 0)),
        ("sample-001", ("", 0)),
        ("", ("", 0)),
    ],
)
def test_it_splits_id_and_version(text: str, expected: tuple[str, int]) -> None:
    assert arxiv_id.split(text) == expected
