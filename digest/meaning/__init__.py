"""Texts as points whose nearness is nearness in meaning: the `semantic` extra.

Promise: no Django, no table, and no network ever: a model is a folder on this
computer, made once by `build_model` and read by `load_encoder`. The libraries it needs
are imported when they are used, so everything else works without them; what is missing
or wrong is a `ModelError` that says what to do.
"""

from digest.meaning.build import LEAST_COSINE, Built, build_model
from digest.meaning.checkpoint import KNOWN_CHECKPOINTS
from digest.meaning.encoder import Encoder, load_encoder
from digest.meaning.errors import ModelError, UnknownHashError
from digest.meaning.folder import check_folder
from digest.meaning.packing import pack, unpack

__all__ = [
    "KNOWN_CHECKPOINTS",
    "LEAST_COSINE",
    "Built",
    "Encoder",
    "ModelError",
    "UnknownHashError",
    "build_model",
    "check_folder",
    "load_encoder",
    "pack",
    "unpack",
]
