"""From a sentence-transformers folder to the int8 model that the service reads.

1. The weights are read if their hash is known, or accepted by the operator.
2. The graph is written from them, and quantised to int8, each column by itself.
3. The result is compared with plain numpy on the weights as they were.
4. Model and tokenizer are put in place, and last the manifest that names their hashes.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digest.meaning.checkpoint import (
    INSTALL_BUILD,
    Checkpoint,
    read_checkpoint,
    read_json,
)
from digest.meaning.encoder import load_encoder, load_tokenizer
from digest.meaning.errors import ModelError, require
from digest.meaning.folder import MANIFEST, MODEL, TOKENIZER, Manifest, hash_file
from digest.meaning.graph import make_graph
from digest.meaning.reference import encode_tokens

MAX_TOKENS = 128
"""More makes it slower and, measured on eight collections, no better."""

LEAST_COSINE = 0.99
"""Mean nearness to the float32 model; a wrong graph or quantisation is far below."""

SAMPLE_TEXTS = (
    "score distillation",
    "Graph neural networks for molecules",
    "How do transformers learn in context? A study of induction heads.",
    "SARS-CoV-2 spike mutations and the binding of p53, BRCA1 and ACE2.",
    "Existence and uniqueness of solutions of a nonlinear wave equation with damping.",
    "Wir untersuchen die Wirkung von Dürre auf Buchenwälder in Mitteleuropa.",
    " ".join(
        (
            "We present a method that reconstructs a scene in three dimensions from a",
            "few photographs. It needs no depth sensor, runs in real time on a phone,",
            "and halves the error of earlier methods on two public collections.",
        )
    ),
    " ".join(
        (
            "A randomised controlled trial of a sleep intervention in 1,204 workers:",
            "primary outcome, adverse events, and cost after a year of follow-up.",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Built:
    """What was made, its nearness to the float32 model, and its size."""

    manifest: Manifest
    cosine: float
    bytes: int


def build_model(folder: Path, out: Path, *, accept_hash: str = "") -> Built:
    """Build the int8 model of a sentence-transformers folder.

    Args:
        folder: With config.json, model.safetensors and tokenizer.json or vocab.txt.
        out: Where the model goes; made if it is missing.
        accept_hash: Sha256 of weights that are not known but wanted.
    """
    checkpoint = read_checkpoint(folder, accept_hash)
    out.parent.mkdir(parents=True, exist_ok=True)
    # Beside the goal, so that putting it there is a rename. A half-built model is never
    # seen by a service that starts meanwhile.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=out.parent) as name:
        made = Path(name)
        _write_tokenizer(folder, made / TOKENIZER, checkpoint)
        _quantise(make_graph(checkpoint), made / MODEL)
        manifest = Manifest(
            name=f"{checkpoint.name}-int8",
            dimensions=checkpoint.dimensions,
            max_tokens=min(MAX_TOKENS, checkpoint.positions),
            weights_sha256=checkpoint.sha256,
            model_sha256=hash_file(made / MODEL),
            tokenizer_sha256=hash_file(made / TOKENIZER),
        )
        manifest.write(made)
        cosine = _compare(checkpoint, made, manifest)
        if not cosine >= LEAST_COSINE:
            raise ModelError(
                f"The int8 model differs from the weights: mean cosine {cosine:.4f}, "
                f"at least {LEAST_COSINE} is wanted. Nothing was written."
            )
        _put(made, out)
    return Built(manifest, cosine, (out / MODEL).stat().st_size)


def _write_tokenizer(folder: Path, path: Path, checkpoint: Checkpoint) -> None:
    """Copy tokenizer.json, or make it of vocab.txt as BERT's tokenizer reads that."""
    if (folder / TOKENIZER).is_file():
        shutil.copyfile(folder / TOKENIZER, path)
    elif (folder / "vocab.txt").is_file():
        tokenizers = require("tokenizers", INSTALL_BUILD)
        config = read_json(folder / "tokenizer_config.json") or {}
        made = tokenizers.BertWordPieceTokenizer(
            str(folder / "vocab.txt"), lowercase=bool(config.get("do_lower_case", True))
        )
        made.save(str(path))
    else:
        raise ModelError(f"{folder} has neither {TOKENIZER} nor vocab.txt.")
    size = load_tokenizer(path, MAX_TOKENS).get_vocab_size()
    if size > checkpoint.vocabulary:
        raise ModelError(
            f"The tokenizer knows {size} tokens, the weights {checkpoint.vocabulary}: "
            "they do not belong together."
        )


def _quantise(model: Any, path: Path) -> None:
    """Write the model with int8 weights.

    One scale a column: with one scale a matrix the vectors are clearly worse.
    """
    onnx = require("onnx", INSTALL_BUILD)
    quantization = require("onnxruntime.quantization", INSTALL_BUILD)
    whole = path.with_suffix(".float32")
    onnx.save(model, str(whole))
    with _quiet():
        quantization.quantize_dynamic(str(whole), str(path), per_channel=True)
    whole.unlink()


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser's advice is about models of another make."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _compare(checkpoint: Checkpoint, folder: Path, manifest: Manifest) -> float:
    """Mean cosine of the built model and plain numpy, on texts of several kinds."""
    tokenizer = load_tokenizer(folder / TOKENIZER, manifest.max_tokens)
    wanted = np.array(
        [
            encode_tokens(checkpoint, encoding.ids)
            for encoding in tokenizer.encode_batch(list(SAMPLE_TEXTS))
        ]
    )
    found = load_encoder(folder).encode(SAMPLE_TEXTS)
    return float((wanted * found).sum(1).mean())


def _put(made: Path, out: Path) -> None:
    """Move the files; without the manifest, which comes last, there is no model."""
    out.mkdir(exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    for name in (MODEL, TOKENIZER, MANIFEST):
        (made / name).replace(out / name)
