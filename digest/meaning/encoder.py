"""Texts in, unit vectors out: the one interface, and its onnxruntime engine.

Each text is encoded by itself. The int8 graph takes the range of its activations from
everything it is given at once, so in a batch a vector would depend on its neighbours;
alone it depends on the text. On a CPU a batch saves no time that padding does not cost.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from digest.meaning.errors import ModelError, require
from digest.meaning.folder import (
    INSTALL_SEMANTIC,
    MODEL,
    TOKENIZER,
    Manifest,
    check_folder,
)

MOST_THREADS = 2
"""A worker beside other workers; more would only take turns."""


class Encoder(Protocol):
    """Turns texts into points."""

    @property
    def name(self) -> str:
        """What the model is called, such as "all-MiniLM-L6-v2-int8"."""

    @property
    def version(self) -> str:
        """Changes whenever the same text may get another vector."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text, in their order."""


class OnnxEncoder:
    """A built model, loaded."""

    def __init__(self, manifest: Manifest, session: Any, tokenizer: Any) -> None:
        """Take the parts; `load_encoder` makes them."""
        self.name = manifest.name
        self.version = manifest.version
        self.dimensions = manifest.dimensions
        self._session = session
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text, in their order."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts))):
            ids = np.array([encoding.ids], np.int64)
            inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            vectors[row] = self._session.run(None, inputs)[0][0]
        return vectors


def load_encoder(folder: Path) -> Encoder:
    """Load a model that `build_model` made; a ModelError says why it cannot be.

    Nothing is asked of any network: both files are in the folder, and are checked
    against the manifest.
    """
    manifest = check_folder(folder)
    onnxruntime = require("onnxruntime", INSTALL_SEMANTIC)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # A thread that waits for work must not keep a core from the other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            str(folder / MODEL), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ModelError(f"{folder / MODEL} cannot be loaded: {error}") from error
    return OnnxEncoder(
        manifest, session, load_tokenizer(folder / TOKENIZER, manifest.max_tokens)
    )


def load_tokenizer(path: Path, max_tokens: int) -> Any:
    """The tokenizer in a file, cutting at `max_tokens` and filling nothing up."""
    tokenizers = require("tokenizers", INSTALL_SEMANTIC)
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"{path} cannot be loaded: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer
