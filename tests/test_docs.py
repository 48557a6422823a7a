"""The documentation builds as a site without a warning, and asks no third party."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOADS = re.compile(
    r"<(?:script|img|iframe|source)[^>]*\ssrc=\"(?:https?:)?//"
    r"|<link(?![^>]*rel=\"canonical\")[^>]*\shref=\"(?:https?:)?//"
    r"|url\(['\"]?(?:https?:)?//|@import\s+(?:url\(|['\"])"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [
            *(sys.executable, "-m", "mkdocs", "build", "--strict"),
            *("--site-dir", str(folder)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


def test_every_page_of_the_folder_is_in_the_site(site: Path) -> None:
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]

    assert pages
    for page in pages:
        name = page.with_name("index.html") if page.stem == "README" else page
        assert (site / name.with_suffix(".html")).exists(), page


def test_it_loads_nothing_from_elsewhere(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]

    assert files
    loading = {
        str(path.relative_to(site)): found[0]
        for path in files
        if (found := LOADS.search(path.read_text(errors="replace")))
    }
    assert loading == {}


def test_readme_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
