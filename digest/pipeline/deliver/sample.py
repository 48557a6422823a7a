"""A test mail to whoever asks for it: no delivery, no row, tried once."""

from digest.pipeline.deliver.letters import letter_of
from digest.pipeline.render import Rendered
from digest.transports import Verdict, open_transport

SECONDS = 60.0


def send_sample(rendered: Rendered) -> Verdict:
    """Hand one mail over, to the address in it, and tell what became of it."""
    with open_transport() as transport:
        (verdict,) = transport.send([letter_of(rendered)], lambda: range(1), SECONDS)
    return verdict
