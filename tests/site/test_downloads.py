"""Every notebook can be downloaded from its page, and all of them in one file."""

import re
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
sys.path.append(str(ROOT / "tools"))
import downloads  # noqa: E402

NOTEBOOKS = sorted([*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("exercises/release/*/*.ipynb")])


def linked(page: Path, pattern: str) -> Path | None:
    """The file behind the one download link of the page that the pattern describes."""
    [link] = re.findall(pattern, page.read_text("utf-8")) or [None]
    return link and (page.parent / link).resolve()


def wrong_download(page: Path, notebook: Path) -> str:
    """Why the page's download button does not give the notebook; empty if it does."""
    file = linked(page, r'<a href="([^"]*)"[^>]*\bbtn-download-source-button\b')
    if file is None or file.suffix != ".ipynb":
        return f"{page.name} offers no .ipynb"
    return "" if file.read_bytes() == notebook.read_bytes() else f"{file} is not the repository's"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_page_offers_its_own_notebook(notebook: Path) -> None:
    assert wrong_download((SITE / notebook.relative_to(ROOT)).with_suffix(".html"), notebook) == ""


def test_a_page_with_another_notebook_or_none_is_found(tmp_path: Path) -> None:
    link = '<a href="{}" target="_blank" class="btn btn-download-source-button">'
    page = tmp_path / "page.html"
    (tmp_path / "other.ipynb").write_text("{}")
    for html, message in ((link.format("other.ipynb"), "not the repository's"), ("<a>", "no .ipynb")):
        page.write_text(html)
        assert message in wrong_download(page, NOTEBOOKS[0])


@pytest.mark.parametrize("page", ["index.html", "exercises/index.html"])
def test_one_file_has_all_notebooks(page: str) -> None:
    file = linked(SITE / page, r'<a class="[^"]*\bdownload\b[^"]*"[^>]* href="([^"]*/notebooks\.zip)"')
    assert file is not None
    with zipfile.ZipFile(file) as archive:
        held = {name.removeprefix("dnn-notebooks/"): archive.read(name) for name in archive.namelist()}
    assert held.pop("README.md").startswith(b"# Deep Neural Networks")
    assert held == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in NOTEBOOKS}


def test_same_notebooks_give_the_same_file(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name / "chapters").mkdir(parents=True)
        (tmp_path / name / "chapters" / "00.ipynb").write_text("{}")
        downloads.write(SimpleNamespace(srcdir=tmp_path / name))
        made.append((tmp_path / name / "_build" / "notebooks.zip").read_bytes())
    assert made[0] == made[1]
