"""Tiny random BERT models as sentence-transformers would write them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from digest import meaning

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = ("graph", "neural", "net", "molecule", "wave", "equation", "sleep", "trial")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
VOCABULARY = [*SPECIAL, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
DIMENSIONS, HEADS, LAYERS, WIDE, POSITIONS = 32, 4, 2, 64, 64

CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": DIMENSIONS,
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "intermediate_size": WIDE,
    "max_position_embeddings": POSITIONS,
    "vocab_size": len(VOCABULARY),
    "layer_norm_eps": 1e-12,
}
POOLING = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}


def write_checkpoint(folder: Path, *, seed: int = 1, **config: Any) -> Path:
    """Write a model with random weights; `config` replaces what its config says."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({**CONFIG, **config}))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    modules = [
        {"path": "", "type": "sentence_transformers.models.Transformer"},
        {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    write_pooling(folder, **POOLING)
    save_file(make_weights(seed), folder / "model.safetensors")
    return folder


def write_pooling(folder: Path, **modes: bool) -> None:
    """Say how the tokens of a text are pooled."""
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(modes))


def make_weights(seed: int) -> dict[str, np.ndarray]:
    """Random weights of every layer, by BERT's names."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": draw(len(VOCABULARY), DIMENSIONS),
        "embeddings.position_embeddings.weight": draw(POSITIONS, DIMENSIONS),
        "embeddings.token_type_embeddings.weight": draw(2, DIMENSIONS),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for name, shape in (
            ("attention.self.query", (DIMENSIONS, DIMENSIONS)),
            ("attention.self.key", (DIMENSIONS, DIMENSIONS)),
            ("attention.self.value", (DIMENSIONS, DIMENSIONS)),
            ("attention.output.dense", (DIMENSIONS, DIMENSIONS)),
            ("intermediate.dense", (WIDE, DIMENSIONS)),
            ("output.dense", (DIMENSIONS, WIDE)),
        ):
            weights[f"{layer}.{name}.weight"] = draw(*shape)
            weights[f"{layer}.{name}.bias"] = draw(shape[0])
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for norm in norms:
        weights[f"{norm}.weight"] = 1 + draw(DIMENSIONS)
        weights[f"{norm}.bias"] = draw(DIMENSIONS)
    return weights


def build(folder: Path, **changes: Any) -> meaning.Built:
    """Write a checkpoint beside `folder` and build the model in it."""
    checkpoint = write_checkpoint(folder.with_name(f"{folder.name}-source"), **changes)
    return meaning.build_model(checkpoint, folder, accept_hash=hash_of(checkpoint))


def hash_of(checkpoint: Path) -> str:
    """Sha256 of the weights, as the product asks for it."""
    try:
        meaning.build_model(checkpoint, checkpoint.with_name("unused"))
    except meaning.UnknownHashError as error:
        return error.sha256
    raise AssertionError("random weights are not known")
