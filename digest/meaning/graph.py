"""BERT as an ONNX graph, written node by node from its weights; no torch.

Inputs are `input_ids` and `attention_mask` (text, token); the output is one vector of
length 1 for each text. Pooling by the mean and the length are part of the graph.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from digest.meaning.checkpoint import INSTALL_BUILD, Checkpoint
from digest.meaning.errors import require

OPSET = 17
"""The first that has LayerNormalization."""

IR_VERSION = 8
MASKED = np.float32(-10_000)
"""Added to the attention of a token that is only filling."""


def make_graph(checkpoint: Checkpoint) -> Any:
    """The model as an `onnx.ModelProto` of float32 weights."""
    graph = _Graph(checkpoint)
    hidden = graph.embed()
    for layer in range(checkpoint.layers):
        hidden = graph.add_layer(f"encoder.layer.{layer}", hidden)
    graph.pool(hidden)
    return graph.finish()


class _Graph:
    """Nodes and weights so far. Each method adds some and names their output."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.onnx = require("onnx", INSTALL_BUILD)
        self.helper = require("onnx.helper", INSTALL_BUILD)
        self.checkpoint = checkpoint
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def node(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add one operation."""
        output = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(
            self.helper.make_node(kind, inputs, [output], name=output, **attributes)
        )
        return output

    def constant(self, name: str, value: Any) -> str:
        """Add a constant, or the weight of that name."""
        if name not in self.constants:
            array = np.ascontiguousarray(value)
            numpy_helper = require("onnx.numpy_helper", INSTALL_BUILD)
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, name: str) -> str:
        """Add a weight as it is stored."""
        return self.constant(name, self.checkpoint.weights[name])

    def axes(self, *values: int) -> str:
        """Add a list of whole numbers."""
        name = "ints_" + "_".join(map(str, values)).replace("-", "m")
        return self.constant(name, np.array(values, np.int64))

    def linear(self, part: str, source: str) -> str:
        """A layer of weights; torch stores them the other way round."""
        matrix = self.constant(
            f"{part}.weight", self.checkpoint.weights[f"{part}.weight"].T
        )
        product = self.node("MatMul", source, matrix)
        return self.node("Add", product, self.weight(f"{part}.bias"))

    def normalise(self, part: str, source: str) -> str:
        """LayerNorm over the last axis."""
        return self.node(
            "LayerNormalization",
            source,
            self.weight(f"{part}.weight"),
            self.weight(f"{part}.bias"),
            axis=-1,
            epsilon=self.checkpoint.epsilon,
        )

    def embed(self) -> str:
        """Words, their places, and the type of a first sentence, which all have."""
        weights = self.checkpoint.weights
        words = self.weight("embeddings.word_embeddings.weight")
        places = self.constant(
            "places",
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0],
        )
        length = self.node("Shape", "input_ids", start=1, end=2)
        place = self.node("Slice", places, self.axes(0), length, self.axes(0))
        word = self.node("Gather", words, "input_ids")
        return self.normalise("embeddings.LayerNorm", self.node("Add", word, place))

    def add_layer(self, layer: str, hidden: str) -> str:
        """Attention, then the two dense layers, each added to what came in."""
        attended = self.linear(
            f"{layer}.attention.output.dense", self.attend(layer, hidden)
        )
        hidden = self.normalise(
            f"{layer}.attention.output.LayerNorm", self.node("Add", attended, hidden)
        )
        wide = self.gelu(self.linear(f"{layer}.intermediate.dense", hidden))
        narrow = self.linear(f"{layer}.output.dense", wide)
        return self.normalise(
            f"{layer}.output.LayerNorm", self.node("Add", narrow, hidden)
        )

    def attend(self, layer: str, hidden: str) -> str:
        """Self-attention of all heads."""
        heads = self.checkpoint.heads
        size = self.checkpoint.dimensions // heads
        split = self.axes(0, 0, heads, size)

        def part(name: str, perm: tuple[int, ...]) -> str:
            made = self.linear(f"{layer}.attention.self.{name}", hidden)
            return self.node(
                "Transpose", self.node("Reshape", made, split), perm=list(perm)
            )

        query, value = part("query", (0, 2, 1, 3)), part("value", (0, 2, 1, 3))
        key = part("key", (0, 2, 3, 1))
        root = self.constant("head_root", np.float32(math.sqrt(size)))
        scores = self.node("Div", self.node("MatMul", query, key), root)
        masked = self.node("Add", scores, self.mask())
        shares = self.node("Softmax", masked, axis=-1)
        mixed = self.node(
            "Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3]
        )
        return self.node("Reshape", mixed, self.axes(0, 0, heads * size))

    def mask(self) -> str:
        """What is added to each token's attention: nothing, or MASKED."""
        if "mask" not in (node.output[0] for node in self.nodes):
            one = self.constant("one", np.float32(1))
            missing = self.node("Sub", one, self.presence())
            row = self.node("Unsqueeze", missing, self.axes(1, 2))
            self.node("Mul", row, self.constant("masked", MASKED), output="mask")
        return "mask"

    def presence(self) -> str:
        """The mask as numbers."""
        return self.node("Cast", "attention_mask", to=self.onnx.TensorProto.FLOAT)

    def gelu(self, source: str) -> str:
        """Exact GELU: x / 2 * (1 + erf(x / root of 2))."""
        scaled = self.node("Div", source, self.constant("root2", np.float32(2**0.5)))
        one = self.constant("one", np.float32(1))
        share = self.node("Add", self.node("Erf", scaled), one)
        half = self.constant("half", np.float32(0.5))
        return self.node("Mul", self.node("Mul", source, share), half)

    def pool(self, hidden: str) -> None:
        """The mean of the tokens that are there, brought to length 1."""
        presence = self.node("Unsqueeze", self.presence(), self.axes(-1))
        tokens = self.node("Mul", hidden, presence)
        total = self.node("ReduceSum", tokens, self.axes(1), keepdims=0)
        count = self.node("ReduceSum", presence, self.axes(1), keepdims=0)
        mean = self.node("Div", total, count)
        length = self.node("ReduceL2", mean, axes=[-1], keepdims=1)
        self.node("Div", mean, length, output="vector")

    def finish(self) -> Any:
        """Join the nodes into a model and have it checked."""
        types = self.onnx.TensorProto
        info = self.helper.make_tensor_value_info
        graph = self.helper.make_graph(
            self.nodes,
            "sentence_encoder",
            [
                info(name, types.INT64, ["texts", "tokens"])
                for name in ("input_ids", "attention_mask")
            ],
            [info("vector", types.FLOAT, ["texts", self.checkpoint.dimensions])],
            list(self.constants.values()),
        )
        model = self.helper.make_model(
            graph,
            opset_imports=[self.helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="paperboy",
        )
        self.onnx.checker.check_model(model)
        return model
