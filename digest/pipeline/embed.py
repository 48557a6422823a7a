"""Between ingest and match: where each paper stands in the space of the model.

Off unless DIGEST_MODEL_DIR names a model. Vectors carry the name and version of the
model that made them and are never mixed: those of another model, and of a paper's older
words, count as missing and are made again, newest paper first. Repeating it is free.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Exists, F, OuterRef
from numpy.typing import NDArray

from digest import meaning
from digest.models import Heartbeat, Paper, PaperVector
from digest.models.paper import PaperQuerySet
from digest.pipeline.ingest.papers import in_chunks

Vectors = NDArray[np.float32]

BATCH = 256
"""Papers of one batch: a worker is free again after seconds."""

AT_ONCE = 2000
"""Papers that may delay the matching of a list; what is beyond comes afterwards."""

TURN_NAME = "turn to embed papers"
TURN_LASTS = timedelta(minutes=5)
"""After so long a worker that has not come back is taken for lost."""

logger = logging.getLogger(__name__)


def find_encoder() -> meaning.Encoder | None:
    """The model in force, loaded once a process; None without one.

    A model that cannot be loaded is logged and done without: digests go on, chosen by
    words. The system check has refused it at the start already.
    """
    return _load(settings.DIGEST_MODEL_DIR) if settings.DIGEST_MODEL_DIR else None


@lru_cache(maxsize=2)
def _load(folder: str) -> meaning.Encoder | None:
    try:
        return meaning.load_encoder(Path(folder))
    except meaning.ModelError:
        logger.exception("The model in DIGEST_MODEL_DIR cannot be used.")
        return None


def embed_papers(
    *,
    now: datetime,
    paper_ids: Collection[int] | None = None,
    limit: int | None = None,
) -> tuple[int, ...]:
    """Give papers the vectors that they lack, newest first; return their ids.

    Args:
        now: Read before the papers are, so that a later change makes them wait again.
        paper_ids: Only these papers; None for all.
        limit: How many at most; None for a batch.
    """
    encoder = find_encoder()
    if encoder is None:
        return ()
    papers = _waiting(model_key(encoder))
    if paper_ids is not None:
        papers = papers.filter(pk__in=paper_ids)
    rows = list(papers[: limit or BATCH])
    vectors = encoder.encode([paper_words(row.title, row.abstract) for row in rows])
    PaperVector.objects.bulk_create(
        [
            PaperVector(
                paper=row,
                model=model_key(encoder),
                vector=meaning.pack(vector),
                embedded_at=now,
            )
            for row, vector in zip(rows, vectors, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["model", "paper"],
        update_fields=["vector", "embedded_at"],
    )
    return tuple(row.pk for row in rows)


def count_waiting_papers() -> int:
    """How many papers lack a vector of the model in force; 0 without one."""
    encoder = find_encoder()
    return _waiting(model_key(encoder)).count() if encoder else 0


def has_waiting_papers() -> bool:
    """Whether a paper lacks a vector, or another model's vectors are left."""
    encoder = find_encoder()
    if encoder is None:
        return False
    key = model_key(encoder)
    return _waiting(key).exists() or PaperVector.objects.exclude(model=key).exists()


def drop_superseded() -> int:
    """Delete other models' vectors, once no paper waits for the model in force.

    Until then they stay, so that going back to the other model costs nothing.
    """
    encoder = find_encoder()
    if encoder is None or _waiting(model_key(encoder)).exists():
        return 0
    count, _ = PaperVector.objects.exclude(model=model_key(encoder)).delete()
    return count


def take_turn(*, now: datetime) -> bool:
    """Take the turn to embed, unless another worker has it."""
    _, is_new = Heartbeat.objects.get_or_create(
        name=TURN_NAME, defaults={"beat_at": now}
    )
    free = Heartbeat.objects.filter(name=TURN_NAME, beat_at__lte=now - TURN_LASTS)
    return is_new or bool(free.update(beat_at=now))


def end_turn(*, now: datetime) -> None:
    """Leave the turn to the next."""
    Heartbeat.objects.filter(name=TURN_NAME).update(beat_at=now - TURN_LASTS)


def read_vectors(paper_ids: Sequence[int]) -> Vectors | None:
    """The papers' vectors as rows of an array, in the order of the ids.

    A paper that has none yet has a row of zeros: it is near to nothing. None if there
    is no model. A vector of older words stands in until the newer one is made.
    """
    encoder = find_encoder()
    if encoder is None:
        return None
    vectors = np.zeros((len(paper_ids), encoder.dimensions), np.float32)
    places = {paper_id: row for row, paper_id in enumerate(paper_ids)}
    for chunk in in_chunks(paper_ids):
        stored = PaperVector.objects.filter(
            model=model_key(encoder), paper_id__in=chunk
        ).values_list("paper_id", "vector")
        rows = [(places[paper_id], bytes(packed)) for paper_id, packed in stored]
        if rows:
            at = [place for place, _ in rows]
            packed = (data for _, data in rows)
            vectors[at] = meaning.unpack(packed, encoder.dimensions)
    return vectors


def encode_texts(texts: Sequence[str]) -> Vectors | None:
    """Vectors of topics' texts, one row each; None if there is no model.

    Made when asked for: a short text takes less time than reading it from a table.
    """
    encoder = find_encoder()
    if encoder is None:
        return None
    if not texts:
        return np.zeros((0, encoder.dimensions), np.float32)
    return np.stack([_encode_text(settings.DIGEST_MODEL_DIR, text) for text in texts])


@lru_cache(maxsize=10_000)
def _encode_text(folder: str, text: str) -> Vectors:
    encoder = _load(folder)
    if encoder is None:
        raise meaning.ModelError(f"{folder} cannot be used.")
    vector: Vectors = encoder.encode([text])[0]
    vector.setflags(write=False)  # it is shared by all who ask for the text
    return vector


def model_key(encoder: meaning.Encoder) -> str:
    """Name and version, as they stand at each vector."""
    return f"{encoder.name}@{encoder.version}"


def paper_words(title: str, abstract: str) -> str:
    """What of a paper is embedded."""
    return ". ".join(filter(None, (title, abstract)))


def _waiting(key: str) -> PaperQuerySet:
    """Works without a vector of this model that is as new as their words."""
    vectors = PaperVector.objects.filter(
        model=key, paper=OuterRef("pk"), embedded_at__gte=OuterRef("changed_at")
    )
    newest_first = (F("announced_on").desc(nulls_last=True), "-pk")
    return Paper.objects.works().filter(~Exists(vectors)).order_by(*newest_first)
