"""What a mail has in common with others of its edition, for providers that merge."""

from collections.abc import Callable
from functools import partial

from digest.pipeline.render import Rendered
from digest.pipeline.render.bodies import Part
from digest.pipeline.render.encoded import Values, decode, encode, fill, find_holes
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


def _mark(part: Part, name: str, mark: Callable[[str], str]) -> str:
    encoded = part.join()
    marks = {hole: encode(mark(_name(name, hole))) for hole in find_holes(encoded)}
    return decode(fill(encoded, Values(marks, mark(FEEDBACK))))


def _read(rendered: Rendered) -> dict[str, str]:
    """The values of all holes: as they are in the text, escaped in the HTML."""
    found = {FEEDBACK: rendered.html_values.token.decode("ascii")}
    for name, part, values in (
        ("text", rendered.body.text, rendered.text_values),
        ("html", rendered.body.html, rendered.html_values),
    ):
        for hole in find_holes(part.join()):
            found[_name(name, hole)] = decode(values[hole])
    return found


def _name(part: str, hole: bytes) -> str:
    return f"{part}_{hole.decode().replace(':', '_')}"
