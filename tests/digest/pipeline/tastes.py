"""A small archive of several subjects, and readers who have something to say of it."""

from accounts.models import User
from digest.models import Mute, Paper
from tests.factories import NOW, make_paper

OTHER_SUBJECTS = (
    "Sparse attention for long documents",
    "A benchmark of code repair",
    "Protein folding with graphs",
    "Speech recognition in noise",
    "Proofs about random matrices",
)


def fill_archive() -> None:
    """Papers of other subjects, so that words have a rarity."""
    for number in range(60):
        make_paper(f"{OTHER_SUBJECTS[number % 5]}, part {number}")


def suction(title: str = "Robots with suction") -> Paper:
    """A paper on robots of one kind."""
    return make_paper(title, abstract="Suction cups hold robots on glass walls.")


def legged(title: str = "Robots with legs") -> Paper:
    """A paper on robots of another kind."""
    return make_paper(title, abstract="Legged robots walk over rubble and stairs.")


def mute(user: User, kind: Mute.Kind, text: str) -> Mute:
    """What the reader never wants."""
    return Mute.objects.create(user=user, kind=kind, text=text, made_at=NOW)
