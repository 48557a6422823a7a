"""The built model says what the weights say, and weights nobody knows are refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import load_file, save_file

from digest import meaning
from digest.meaning import graph
from digest.meaning.checkpoint import read_checkpoint
from digest.meaning.encoder import load_tokenizer
from digest.meaning.reference import encode_tokens
from tests.digest.meaning.checkpoints import (
    DIMENSIONS,
    POSITIONS,
    build,
    hash_of,
    write_checkpoint,
    write_pooling,
)

TEXTS = ("graph neural networks", "a", "the sleep of molecules, and waves " * 30)


def test_it_builds_a_model_that_agrees_with_plain_numpy(tmp_path: Path) -> None:
    built = build(tmp_path / "model")

    assert built.cosine >= meaning.LEAST_COSINE
    encoder = meaning.load_encoder(tmp_path / "model")
    assert encoder.name == "model-source-int8"
    assert encoder.version == built.manifest.version
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    checkpoint = read_checkpoint(
        tmp_path / "model-source", built.manifest.weights_sha256
    )
    tokenizer = load_tokenizer(tmp_path / "model/tokenizer.json", POSITIONS)
    for text, vector in zip(TEXTS, vectors, strict=True):
        wanted = encode_tokens(checkpoint, tokenizer.encode(text).ids)
        assert wanted @ vector > 0.98


def test_its_graph_before_quantising_is_the_model_itself(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "source")
    checkpoint = read_checkpoint(folder, hash_of(folder))
    session = onnxruntime.InferenceSession(
        graph.make_graph(checkpoint).SerializeToString()
    )
    short, long = [2, 5, 6, 3], [2, 7, 8, 9, 10, 11, 12, 3]
    ids = np.array([[*short, 0, 0, 0, 0], long])
    mask = np.array([[1] * 4 + [0] * 4, [1] * 8])

    (found,) = session.run(None, {"input_ids": ids, "attention_mask": mask})

    wanted = np.array([encode_tokens(checkpoint, row) for row in (short, long)])
    assert np.allclose(found, wanted, atol=1e-5)


def test_it_builds_the_same_file_each_time(tmp_path: Path) -> None:
    first = build(tmp_path / "first").manifest
    again = build(tmp_path / "again").manifest
    other = build(tmp_path / "other", seed=2).manifest

    assert (first.model_sha256, first.version) == (again.model_sha256, again.version)
    assert first.version != other.version


def test_it_refuses_weights_that_nobody_vouches_for(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "source")

    with pytest.raises(meaning.UnknownHashError, match=hash_of(folder)):
        meaning.build_model(folder, tmp_path / "model", accept_hash="53aa5117")

    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"model_type": "mpnet"}, "model_type is 'mpnet'"),
        ({"hidden_act": "relu"}, "hidden_act is 'relu'"),
        ({"position_embedding_type": "relative_key"}, "relative_key"),
        ({"num_hidden_layers": 3}, "lacks encoder.layer.2"),
        ({"vocab_size": 5}, "do not belong together"),
        ({"hidden_size": None}, "config.json"),
    ],
)
def test_it_refuses_what_its_graph_cannot_express(
    tmp_path: Path, config: dict[str, object], words: str
) -> None:
    with pytest.raises(meaning.ModelError, match=words):
        build(tmp_path / "model", **config)

    assert not (tmp_path / "model").exists()
    assert not list(tmp_path.glob(".build-*"))


def test_it_refuses_another_pooling_and_modules_it_does_not_know(
    tmp_path: Path,
) -> None:
    folder = write_checkpoint(tmp_path / "source")
    write_pooling(folder, pooling_mode_cls_token=True)
    with pytest.raises(meaning.ModelError, match="pooling_mode_cls_token"):
        meaning.build_model(folder, tmp_path / "model")

    dense = {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}
    (folder / "modules.json").write_text(json.dumps([dense]))
    with pytest.raises(meaning.ModelError, match="module 'Dense'"):
        meaning.build_model(folder, tmp_path / "model")


def test_it_refuses_a_folder_with_parts_missing(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "source")
    sha256 = hash_of(folder)
    (folder / "vocab.txt").unlink()
    with pytest.raises(meaning.ModelError, match=r"neither tokenizer.json nor vocab"):
        meaning.build_model(folder, tmp_path / "model", accept_hash=sha256)
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(meaning.ModelError, match="cannot be read"):
        meaning.build_model(folder, tmp_path / "model", accept_hash=hash_of(folder))
    (folder / "model.safetensors").unlink()
    with pytest.raises(meaning.ModelError, match=r"model.safetensors is missing"):
        meaning.build_model(folder, tmp_path / "model")
    (folder / "config.json").write_text("{")
    with pytest.raises(meaning.ModelError, match="cannot be read"):
        meaning.build_model(folder, tmp_path / "model")
    (folder / "config.json").unlink()
    with pytest.raises(meaning.ModelError, match=r"no config.json"):
        meaning.build_model(folder, tmp_path / "model")


def test_it_takes_weights_in_half_precision_and_under_berts_prefix(
    tmp_path: Path,
) -> None:
    folder = write_checkpoint(tmp_path / "source")
    weights = load_file(folder / "model.safetensors")
    save_file(
        {f"bert.{name}": array.astype(np.float16) for name, array in weights.items()},
        folder / "model.safetensors",
    )

    built = meaning.build_model(folder, tmp_path / "model", accept_hash=hash_of(folder))

    assert built.cosine >= meaning.LEAST_COSINE


def test_a_model_is_replaced_as_a_whole(tmp_path: Path) -> None:
    build(tmp_path / "model")
    shutil.rmtree(tmp_path / "model-source")

    built = build(tmp_path / "model", seed=2)

    assert meaning.check_folder(tmp_path / "model") == built.manifest
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "manifest.json",
        "model.onnx",
        "tokenizer.json",
    ]
