"""Texts in, the same unit vectors out, and a clear word where that cannot be."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from digest import meaning
from tests.digest.meaning.checkpoints import build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built model; tests that spoil it build their own."""
    path: Path = tmp_path_factory.mktemp("meaning") / "model"
    build(path)
    return path


def test_a_vector_depends_on_its_text_alone(folder: Path) -> None:
    texts = ["graph network", "sleep trial of a molecule", "wave equation", ""]
    together = meaning.load_encoder(folder).encode(texts)

    encoder = meaning.load_encoder(folder)
    alone = np.concatenate([encoder.encode([text]) for text in reversed(texts)])

    assert np.array_equal(together, alone[::-1])


def test_it_encodes_no_text_and_any_text(folder: Path) -> None:
    encoder = meaning.load_encoder(folder)

    assert encoder.encode([]).shape == (0, encoder.dimensions)
    odd = [
        "\x00",
        "\U0001d518\U0001d52b\u202e",
        "a" * 100_000,
        "论文 ورقة",
        "{$\\alpha$}\n\n",
    ]
    assert np.isfinite(encoder.encode(odd)).all()


def test_it_cuts_a_text_after_the_tokens_of_the_manifest(folder: Path) -> None:
    most = meaning.check_folder(folder).max_tokens
    cut, longer = "graph " * (most - 2), "graph " * (most - 2) + "sleep " * 50

    one, other = meaning.load_encoder(folder).encode([cut, longer])

    assert np.array_equal(one, other)


def test_it_stores_vectors_in_half_the_bytes(folder: Path) -> None:
    vectors = meaning.load_encoder(folder).encode(["graph", "sleep"])

    packed = [meaning.pack(vector) for vector in vectors]

    assert {len(data) for data in packed} == {2 * vectors.shape[1]}
    assert np.allclose(meaning.unpack(packed, vectors.shape[1]), vectors, atol=1e-3)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_it_refuses_a_file_that_is_not_the_one_that_was_built(
    tmp_path: Path, name: str
) -> None:
    build(tmp_path / "model")
    path = tmp_path / "model" / name
    path.write_bytes(path.read_bytes() + b" ")

    with pytest.raises(meaning.ModelError, match="is not the file"):
        meaning.load_encoder(tmp_path / "model")

    path.unlink()
    with pytest.raises(meaning.ModelError, match="cannot be read"):
        meaning.load_encoder(tmp_path / "model")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "is no model of Paperboy"),
        ("{", "cannot be read"),
        ("[]", "is no manifest"),
        ("{}", "nothing usable about name"),
    ],
)
def test_it_refuses_a_folder_without_a_manifest_that_can_be_read(
    tmp_path: Path, text: str | None, words: str
) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(meaning.ModelError, match=words):
        meaning.load_encoder(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_it_refuses_what_its_library_cannot_load(tmp_path: Path, name: str) -> None:
    build(tmp_path / "model")
    path = tmp_path / "model" / name
    path.write_bytes(b"{}")
    manifest = json.loads((tmp_path / "model/manifest.json").read_text())
    key = f"{path.stem}_sha256"
    with pytest.raises(meaning.ModelError) as refusal:
        meaning.load_encoder(tmp_path / "model")
    found = str(refusal.value).partition("sha256 is ")[2].partition(",")[0]
    (tmp_path / "model/manifest.json").write_text(json.dumps({**manifest, key: found}))

    with pytest.raises(meaning.ModelError, match="cannot be loaded"):
        meaning.load_encoder(tmp_path / "model")


@pytest.mark.parametrize(
    ("module", "call", "words"),
    [
        ("onnxruntime", "load_encoder(model)", "make semantic"),
        ("tokenizers", "load_encoder(model)", "make semantic"),
        (
            "safetensors",
            "build_model(source, out, accept_hash=sha)",
            "make build-model",
        ),
        ("onnx", "build_model(source, out, accept_hash=sha)", "make build-model"),
    ],
)
def test_it_says_which_library_is_missing_and_how_to_install_it(
    folder: Path, tmp_path: Path, module: str, call: str, words: str
) -> None:
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from pathlib import Path\n"
        "from digest import meaning\n"
        f"model, out = Path({str(folder)!r}), Path({str(tmp_path / 'out')!r})\n"
        "source = model.with_name('model-source')\n"
        f"sha = {meaning.check_folder(folder).weights_sha256!r}\n"
        f"try: meaning.{call}\n"
        "except meaning.ModelError as error: print(error)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout

    assert said.startswith(f"{module} is not installed")
    assert words in said
