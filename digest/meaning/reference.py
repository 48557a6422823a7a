"""The same encoder in plain numpy: slow, short, and what the graph is checked by."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digest.meaning.checkpoint import Checkpoint

Array = NDArray[np.float32]

_erf = np.vectorize(math.erf, otypes=[np.float32])


def encode_tokens(checkpoint: Checkpoint, token_ids: Sequence[int]) -> Array:
    """The vector of one text, given as its tokens' numbers."""
    weights = checkpoint.weights

    def linear(part: str, x: Array) -> Array:
        product: Array = x @ weights[f"{part}.weight"].T + weights[f"{part}.bias"]
        return product

    def normalise(part: str, x: Array) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(-1, keepdims=True) + checkpoint.epsilon)
        scaled: Array = (
            centred / deviation * weights[f"{part}.weight"] + weights[f"{part}.bias"]
        )
        return scaled

    def attend(layer: str, x: Array) -> Array:
        shape = (len(x), checkpoint.heads, -1)
        query, key, value = (
            linear(f"{layer}.attention.self.{name}", x).reshape(shape).swapaxes(0, 1)
            for name in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / math.sqrt(query.shape[-1])
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = scores / scores.sum(-1, keepdims=True) @ value
        joined: Array = mixed.swapaxes(0, 1).reshape(len(x), -1)
        return joined

    x: Array = (
        weights["embeddings.word_embeddings.weight"][list(token_ids)]
        + weights["embeddings.position_embeddings.weight"][: len(token_ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = normalise("embeddings.LayerNorm", x)
    for number in range(checkpoint.layers):
        layer = f"encoder.layer.{number}"
        attended = linear(f"{layer}.attention.output.dense", attend(layer, x))
        x = normalise(f"{layer}.attention.output.LayerNorm", attended + x)
        wide = linear(f"{layer}.intermediate.dense", x)
        wide = wide / 2 * (1 + _erf(wide / math.sqrt(2)))
        x = normalise(
            f"{layer}.output.LayerNorm", linear(f"{layer}.output.dense", wide) + x
        )
    mean = x.mean(0)
    vector: Array = (mean / np.linalg.norm(mean)).astype(np.float32)
    return vector
