"""What a mail has in common with others of its edition, for providers that merge."""

from collections.abc import Callable
from functools import partial

from digest.pipeline.render import Rendered
from digest.pipeline.render.encoded import (
    Encoded,
    Values,
    decode,
    encode,
    encode_values,
    find_holes,
    join,
)
from digest.pipeline.render.holes import FEEDBACK
from digest.transports import Shared


def share(rendered: Rendered) -> Shared:
    """The mail as its edition and the reader's own values, made when asked for."""
    return Shared(
        str(rendered.addressed.edition_id),
        partial(_draw, rendered),
        partial(_read, rendered),
    )


def _draw(rendered: Rendered, mark: Callable[[str], str]) -> tuple[str, str]:
    return _mark(rendered.body.text, "text", mark), _mark(
        rendered.body.html, "html", mark
    )


def _mark(encoded: Encoded, part: str, mark: Callable[[str], str]) -> str:
    marks = {hole: encode(mark(_name(part, hole))) for hole in find_holes(encoded)}
    values = Values(marks, mark(FEEDBACK))
    return decode(join([encoded % values], values))


def _read(rendered: Rendered) -> dict[str, str]:
    """The values of all holes: as they are in the text, escaped in the HTML."""
    found = {FEEDBACK: rendered.values[FEEDBACK]}
    html, text = encode_values(rendered.values)
    for part, encoded, values in (
        ("text", rendered.body.text, text),
        ("html", rendered.body.html, html),
    ):
        for hole in find_holes(encoded):
            found[_name(part, hole)] = decode(values[hole])
    return found


def _name(part: str, hole: bytes) -> str:
    return f"{part}_{hole.decode().replace(':', '_')}"
