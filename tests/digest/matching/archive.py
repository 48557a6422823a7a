"""A small archive in which words go together: five subjects, sixty papers of each."""

import random
from functools import cache

from digest.matching import Background, Bag, read_bag

SUBJECTS = {
    "robots": "robot grasping manipulation gripper policy arm torque control",
    "proteins": "protein folding residue amino structure binding enzyme chain",
    "speech": "speech recognition acoustic phoneme speaker audio transcription voice",
    "stars": "star stellar galaxy redshift telescope luminosity spectrum dust",
    "graphs": "graph node edge network embedding neighbour link community",
}
PAPERS_EACH = 70


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """Return subject, title and abstract of each paper, the subjects in turn."""
    draw = random.Random(7)  # noqa: S311 - the same archive each time
    papers = []
    for number in range(PAPERS_EACH):
        for subject, line in SUBJECTS.items():
            vocabulary = line.split()
            title = f"{' '.join(draw.sample(vocabulary, 2))} study {number}"
            words = draw.choices(vocabulary, k=12) + draw.choices(
                ["method", "result", "model", "data", "approach"], k=8
            )
            draw.shuffle(words)
            papers.append((subject, title, f"We show {' '.join(words)}."))
    return tuple(papers)


@cache
def bags() -> tuple[Bag, ...]:
    """Return the papers as counts."""
    return tuple(read_bag(title, abstract) for _, title, abstract in texts())


@cache
def background() -> Background:
    """Return what is known of this archive."""
    return Background.build(bags())


def places(subject: str) -> list[int]:
    """Return where the papers of a subject stand."""
    return [at for at, (of, _, _) in enumerate(texts()) if of == subject]
