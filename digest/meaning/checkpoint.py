"""A sentence-transformers folder as the operator has it: checked, then read.

Only what the graph can express is accepted: BERT with absolute positions and exact
GELU, pooled by the mean of its tokens. Anything else is refused by name, for a graph
that is nearly right would give vectors that are nearly right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest.meaning.errors import ModelError, UnknownHashError, require
from digest.meaning.folder import hash_file

INSTALL_BUILD = "make build-model"

WEIGHTS = "model.safetensors"

KNOWN_CHECKPOINTS = {
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db": (
        "all-MiniLM-L6-v2"
    ),
}
"""Sha256 of model.safetensors, and what sentence-transformers calls that model."""

Weights = Mapping[str, NDArray[np.float32]]

_LAYER_PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The shape of a BERT encoder, and its weights by the names BERT gives them."""

    name: str
    sha256: str
    layers: int
    heads: int
    dimensions: int
    vocabulary: int
    positions: int
    epsilon: float
    weights: Weights


def read_checkpoint(folder: Path, accept_hash: str = "") -> Checkpoint:
    """Read a sentence-transformers folder whose weights somebody vouches for.

    Args:
        folder: With config.json and model.safetensors.
        accept_hash: Sha256 of weights that the operator vouches for.
    """
    config = _read_config(folder)
    path = folder / WEIGHTS
    if not path.is_file():
        raise ModelError(f"{path} is missing.")
    sha256 = hash_file(path)
    if sha256 not in KNOWN_CHECKPOINTS and sha256 != accept_hash.strip().lower():
        raise UnknownHashError(sha256)
    try:
        return Checkpoint(
            name=KNOWN_CHECKPOINTS.get(sha256, folder.resolve().name),
            sha256=sha256,
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            dimensions=int(config["hidden_size"]),
            vocabulary=int(config["vocab_size"]),
            positions=int(config["max_position_embeddings"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            weights=_read_weights(path, int(config["num_hidden_layers"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / 'config.json'}: {error!r}") from error


def read_json(path: Path) -> Any:
    """What a JSON file says; None if there is no such file."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error


def _read_config(folder: Path) -> dict[str, Any]:
    """The model's configuration, if the graph can express it."""
    config = read_json(folder / "config.json")
    if not isinstance(config, dict):
        raise ModelError(f"{folder} is no model: it has no config.json.")
    wanted = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
    }
    for key, value in wanted.items():
        if config.get(key, value) != value:
            raise ModelError(f"Its {key} is {config[key]!r}; only {value!r} is known.")
    modules = read_json(folder / "modules.json") or []
    for module in modules:
        kind = str(module.get("type", "")).rpartition(".")[2]
        if kind not in {"Transformer", "Pooling", "Normalize"}:
            raise ModelError(f"It has a module {kind!r}, which is not known.")
        if kind == "Pooling":
            _check_pooling(read_json(folder / module.get("path", "") / "config.json"))
    return config


def _check_pooling(pooling: Any) -> None:
    chosen = {
        key
        for key, is_on in (pooling or {}).items()
        if key.startswith("pooling_mode_") and is_on
    }
    if chosen != {"pooling_mode_mean_tokens"}:
        raise ModelError(f"It pools by {sorted(chosen)}; only the mean is known.")


def _read_weights(path: Path, layers: int) -> Weights:
    """All weights that the graph needs, as float32."""
    safetensors = require("safetensors.numpy", INSTALL_BUILD)
    try:
        stored = safetensors.load_file(path)
    except Exception as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    stored = {name.removeprefix("bert."): array for name, array in stored.items()}
    wanted = [f"embeddings.{kind}_embeddings.weight" for kind in _TABLES]
    parts = ["embeddings.LayerNorm"] + [
        f"encoder.layer.{layer}.{part}"
        for layer in range(layers)
        for part in _LAYER_PARTS
    ]
    wanted += [f"{part}.{kind}" for part in parts for kind in ("weight", "bias")]
    missing = [name for name in wanted if name not in stored]
    if missing:
        raise ModelError(f"{path} lacks {missing[0]} and {len(missing) - 1} others.")
    return {name: stored[name].astype(np.float32) for name in wanted}


_TABLES = ("word", "position", "token_type")
