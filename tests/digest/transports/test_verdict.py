"""A verdict can be stored and shown whatever a server wrote into it."""

import pytest

from digest.transports.verdict import Outcome, Verdict


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("250 2.0.0\r\nok\x00\x0b then\x85", "250 2.0.0 ok then"),
        ("left \u202e\u200b right\u2028end \ud800", "left right end"),
        ("x" * 900, "x" * 500),
        (" \r\n\x00", "accepted"),
    ],
)
def test_its_evidence_is_one_short_printable_line(text: str, evidence: str) -> None:
    verdict = Verdict(Outcome.ACCEPTED, text, provider_id=text)

    assert verdict.evidence == evidence
    assert len(verdict.provider_id) <= 200
    assert "\x00" not in verdict.provider_id
