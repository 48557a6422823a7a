"""What can be wrong with a model: said in words that tell the operator what to do."""

import importlib
from types import ModuleType


class ModelError(Exception):
    """The model cannot be built or used."""


class UnknownHashError(ModelError):
    """Nobody vouches for these weights; the operator has to."""

    def __init__(self, sha256: str) -> None:
        """Keep the hash, so that it can be shown and accepted."""
        super().__init__(f"The weights are unknown: their sha256 is {sha256}.")
        self.sha256 = sha256


def require(name: str, install: str) -> ModuleType:
    """Import a library of an extra, or say how it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelError(
            f"{name.partition('.')[0]} is not installed ({error}). "
            f"Install it with `{install}`."
        ) from error
