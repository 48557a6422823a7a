"""A built model on disk: model.onnx, tokenizer.json, and what they are.

The manifest names every file by its hash. A file that is not the one it was built with
would give other vectors under the same name, so it is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib.util import find_spec
from pathlib import Path

from digest.meaning.errors import ModelError

MODEL, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"

INSTALL_SEMANTIC = "make semantic"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a built model is.

    Args:
        name: Such as "all-MiniLM-L6-v2-int8".
        dimensions: Length of a vector.
        max_tokens: A text is cut after so many, its two marks included.
        weights_sha256: Hash of the weights that it was built from.
        model_sha256: Hash of model.onnx.
        tokenizer_sha256: Hash of tokenizer.json.
    """

    name: str
    dimensions: int
    max_tokens: int
    weights_sha256: str
    model_sha256: str
    tokenizer_sha256: str

    @property
    def version(self) -> str:
        """Changes with anything that changes a vector."""
        parts = (self.model_sha256, self.tokenizer_sha256, str(self.max_tokens))
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]

    def write(self, folder: Path) -> None:
        """Write the manifest; last of all, for without it there is no model."""
        values = {**asdict(self), "version": self.version}
        (folder / MANIFEST).write_text(json.dumps(values, indent=2) + "\n")


def hash_file(path: Path) -> str:
    """Sha256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_folder(folder: Path) -> Manifest:
    """Read the manifest and check all that it says, without loading the model."""
    manifest = _read_manifest(folder)
    for name, wanted in (
        (MODEL, manifest.model_sha256),
        (TOKENIZER, manifest.tokenizer_sha256),
    ):
        path = folder / name
        try:
            found = hash_file(path)
        except OSError as error:
            raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
        if found != wanted:
            raise ModelError(
                f"{path} is not the file that this model was built with: its sha256 is "
                f"{found}, not {wanted}. Build the model again."
            )
    for name in ("onnxruntime", "tokenizers"):
        if find_spec(name) is None:
            raise ModelError(
                f"{name} is not installed. Install it with `{INSTALL_SEMANTIC}`."
            )
    return manifest


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_text())
    except OSError as error:
        raise ModelError(
            f"{folder} is no model of Paperboy: {MANIFEST} cannot be read "
            f"({error.strerror}). `manage.py build_model` makes one."
        ) from error
    except ValueError as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error
    if not isinstance(values, Mapping):
        raise ModelError(f"{path} is no manifest.")
    types = {"dimensions": int, "max_tokens": int}
    for field in fields(Manifest):
        if not isinstance(values.get(field.name), types.get(field.name, str)):
            raise ModelError(f"{path} says nothing usable about {field.name}.")
    return Manifest(**{field.name: values[field.name] for field in fields(Manifest)})
